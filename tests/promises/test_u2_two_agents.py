"""U2: two agents on one document: never a silent overwrite, and nothing typed is lost."""

import threading
from typing import Any

from store import documents, journal, tasks
from store.house import Store
from tests.api.serving import caller, served, token
from tests.pages.browser import Tab, address, chromium, morning, tab
from tests.pages.scene import CLAIRE, PAUL, Scene, build
from tests.promises.conftest import Form

__all__ = ["address", "chromium", "morning", "tab"]


def test_of_two_decisions_one_counts_and_the_other_is_told(store: Store, form: Form) -> None:
    """Both hold the task in turn and decide at the same moment, on what each was shown."""
    scene, races = build(store), form.count(20, 200)
    tokens = [token(store, "valideur") for _ in range(2)]
    waiting = [scene.ids["doubtful"], scene.ids["second"]]
    with served(store) as address, caller(address, tokens[0]) as one, caller(address, tokens[1]) as two:
        for race in range(races):
            id = waiting[race % 2]
            _again(store, id)
            first = one.post("/api/v1/tasks/next", json={"document": id}).json()
            one.delete(f"/api/v1/tasks/{first['id']}/lease")
            second = two.post("/api/v1/tasks/next", json={"document": id}).json()
            answers: dict[str, Any] = {}

            def decide(name: str, client: Any, task: Any, insured: str, to: dict[str, Any] = answers) -> None:
                body = {"version": task["version"], "action": "accept", "fields": {}, "insured_id": insured}
                to[name] = client.post(f"/api/v1/tasks/{task['id']}/decision", json=body)

            threads = [
                threading.Thread(target=decide, args=("first", one, first, CLAIRE.id)),
                threading.Thread(target=decide, args=("second", two, second, PAUL.id)),
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert answers["first"].status_code == 409, answers["first"].text
            assert answers["first"].json()["code"] in ("tache_perimee", "tache_non_tenue")
            assert answers["second"].status_code == 200, answers["second"].text
            with store.begin() as conn:
                assert documents.load(conn, id).insured_id == PAUL.id
                decided = [line for line in journal.lines(conn, id) if '"task"' in line.hashes]
            assert len(decided) == race // 2 + 1
    form.tell("U2", f"{races} races of two decisions: one counted, the other told, {races} times")


def _again(store: Store, id: str) -> None:
    """Back before its validation, as a fresh document would be."""
    from domain.flow import State

    with store.begin() as conn:
        if documents.load(conn, id).status is State.VALIDE:
            documents.advance(conn, id, State.VALIDE, State.QUARANTAINE, actor="test")
            documents.advance(conn, id, State.QUARANTAINE, State.A_VALIDER, actor="test")
            tasks.open_task(conn, id, "validation")


def test_the_loser_keeps_what_was_typed_on_screen(tab: Tab, store: Store, morning: Scene) -> None:
    id = morning.ids["doubtful"]
    page = tab.open(f"/valider?document={id}")
    page.wait_for_selector(".field.doubtful")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.type("MARTIN CLAIRE ANNE")
    with store.begin() as conn:
        task = tasks.of_document(conn, id)
        assert task is not None
        tasks.release(conn, task.id, "local")
        theirs = tasks.take(conn, task.id, "valideur:other")
        tasks.release(conn, theirs.id, "valideur:other")
    for _ in range(5):
        page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".ask")
    said = page.inner_text(".ask")
    assert "Le document a changé" in said
    assert "MARTIN CLAIRE ANNE" in said
    page.keyboard.press("Enter")  # take it again, up to date
    page.wait_for_selector(".ask", state="detached")
    assert page.input_value("#f-beneficiaire_nom_prenom") == "MARTIN CLAIRE ANNE"
    with store.begin() as conn:
        assert documents.load(conn, id).status == "a_valider"
        assert documents.data(conn, id, "values") is None
