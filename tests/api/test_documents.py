"""A document told, listed, shown and sent on its way again."""

import html
import re
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
from sqlalchemy import event

from api import labels, stuck
from archive import names
from archive.journal_seal import seal_pending
from domain.flow import State
from ocr import fitness
from store import access, cash, documents, journal, lots, outbox, rejections, senders, tasks
from store.house import Store
from store.objects import Objects
from tests.api.serving import caller, served, token
from tests.archive.making import archived
from tests.pages import scene
from tests.pages.scene import CLAIRE, Scene


def read(client: httpx.Client, id: str, more: str = "") -> httpx.Response:
    return client.get(f"/api/v1/documents/{id}{more}")


def test_a_paid_document_tells_everything(here: httpx.Client, morning: Scene) -> None:
    told = read(here, morning.ids["paid"]).json()
    assert (told["status"], told["terminal"], told["type"]) == ("ordonnance", True, "feuille_soins_medecin")
    assert told["reading"]["fields"]["montant_total"]["value"] == "30.00"
    assert "cells" not in told["reading"]["fields"]["montant_total"]
    assert told["dossier"]["id"] == CLAIRE.id
    assert told["decision"]["total"] == "19.00"
    line = told["decision"]["lines"][0]
    assert (line["base"], line["rate"], line["retained"]) == (
        "30.00",
        "70",
        {"participation_forfaitaire": "2.00"},
    )
    assert [step["article"] for step in line["trace"]] == ["CCAM, NGAP", "CSS R160-5", "CSS D160-6"]
    assert [(p["amount"], p["payee"]) for p in told["payments"]] == [("19.00", "assure")]
    assert len(told["archive"]["objects"]) == 5  # original, reading, journal, facts and their manifest
    assert told["archive"]["manifest_sha256"] in "".join(told["archive"]["objects"])


def test_its_journal_is_the_way_it_went(here: httpx.Client, morning: Scene) -> None:
    events = read(here, morning.ids["paid"], "/events").json()["events"]
    assert [e["to_state"] for e in events if e["to_state"]] == [
        "recu", "en_lecture", "valide", "archive", "liquide", "ordonnance",
    ]  # fmt: skip
    assert [e["n"] for e in events] == list(range(1, len(events) + 1))


def test_original_and_page_are_the_sheet(here: httpx.Client, morning: Scene) -> None:
    id = morning.ids["paid"]
    original = read(here, id, "/original")
    assert original.content == scene.sheet("paid")
    assert original.headers["content-disposition"] == f'attachment; filename="{id}.png"'
    page = read(here, id, "/pages/0")
    assert page.headers["content-type"] == "image/png"
    assert page.content == scene.sheet("paid")
    assert read(here, id, "/pages/1").status_code == 404
    assert read(here, id, "/pages/-1").status_code == 422


def test_a_piece_of_a_page_is_drawn_finer_in_the_cage(here: httpx.Client, morning: Scene) -> None:
    answer = read(here, morning.ids["doubtful"], "/pages/0?box=0.25,0.1,0.5,0.05")
    assert answer.status_code == 200
    piece = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)
    assert piece.shape[1] > 5 * piece.shape[0]
    assert read(here, morning.ids["doubtful"], "/pages/0?box=0,0,0,0").status_code == 422
    assert read(here, morning.ids["doubtful"], "/pages/0?box=0,0,2,1").status_code == 422


def test_one_look_is_one_event_whatever_was_loaded(here: httpx.Client, store: Store, morning: Scene) -> None:
    id = morning.ids["paid"]
    for more in ("", "/events", "/pages/0", "/original", ""):
        read(here, id, more)
    here.get(f"/documents/{id}")
    with store.begin() as conn:
        seen = access.of_target(conn, id)
    assert [(event.actor, event.what, event.why) for event in seen] == [("local", "document", "consultation")]


def test_the_list_pages_through_everything_once(here: httpx.Client, morning: Scene) -> None:
    seen, after = [], None
    while True:
        told = here.get("/api/v1/documents", params={"limit": 3} | ({"after": after} if after else {})).json()
        seen += [each["id"] for each in told["documents"]]
        after = told["next"]
        if after is None:
            break
    assert sorted(seen) == sorted(morning.ids.values())
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    "after", ["x", "2026-11-20T10:00:00_x", "2026-11-20T10:00:00_" + "0" * 32, "_", "9" * 60]
)
def test_a_cursor_that_is_none_is_refused(here: httpx.Client, after: str) -> None:
    assert here.get("/api/v1/documents", params={"after": after}).status_code == 422


def test_the_list_filters(here: httpx.Client, morning: Scene) -> None:
    def ids(**query: object) -> set[str]:
        return {each["id"] for each in here.get("/api/v1/documents", params=query).json()["documents"]}

    waiting = {morning.ids[name] for name in ("doubtful", "unread", "second")}
    assert ids(status="a_valider") == waiting
    assert ids(status=["a_valider", "rejete"]) == waiting | {morning.ids["broken"]}
    assert ids(type="inconnu") == {morning.ids["unread"]}
    assert len(ids(lot=morning.lot)) == 6


def test_a_station_sees_its_own_and_no_finding_about_another(
    here: httpx.Client, service: str, store: Store, morning: Scene
) -> None:
    from store import senders

    secret = token(store, "station")
    with store.begin() as conn:
        station = senders.sender_of(conn, secret)
    own = scene.document(store, "own", State.A_VALIDER, sender=station)
    with caller(service, secret) as client:
        told = read(client, own).json()
        assert [each["id"] for each in client.get("/api/v1/documents").json()["documents"]] == [own]
        assert read(client, morning.ids["paid"]).status_code == 404
    assert told["dossier"] is None
    assert told["task"] is None
    assert "meme_fichier" not in [finding["code"] for finding in told["findings"]]
    assert "meme_fichier" in [finding["code"] for finding in read(here, own).json()["findings"]]


def test_a_sender_learns_nothing_of_the_dossiers_from_a_number_that_he_wrote(
    here: httpx.Client, service: str, store: Store, morning: Scene
) -> None:
    """Whoever deposits a sheet may have written anyone's number on it; even of his own sheet, such a finding
    may be about someone else."""
    from checks import OF_THE_DOSSIERS, RULES
    from store import senders

    assert set(RULES) >= OF_THE_DOSSIERS
    with store.begin() as conn:
        made = senders.create_sender(conn, "assure", insured_id=CLAIRE.id)
    secret, own = made.token, scene.document(store, "own", State.A_VALIDER, sender=made.sender)
    with store.begin() as conn:
        documents.set_insured(conn, own, CLAIRE.id)
        said = [
            {"code": code, "severity": "a_verifier", "message": "x", "field": None, "article": None}
            for code in (*sorted(OF_THE_DOSSIERS), "rubrique_10")
        ]
        documents.save(conn, own, "findings", said)
        documents.save(conn, own, "not_computed", [{"code": "c", "message": "m", "article": None}])
    with caller(service, secret) as client:
        told = read(client, own).json()
    assert [finding["code"] for finding in told["findings"]] == ["rubrique_10"]
    assert told["not_computed"] == []
    assert len(read(here, own).json()["findings"]) == len(said)
    assert len(read(here, own).json()["not_computed"]) == 1


def test_who_was_refused_is_told_why(here: httpx.Client, store: Store, morning: Scene) -> None:
    id = morning.ids["doubtful"]
    task = here.post("/api/v1/tasks/next", json={"document": id}).json()
    refusal = {"version": task["version"], "action": "refuse", "reason": "La feuille n'est pas signée."}
    assert here.post(f"/api/v1/tasks/{task['id']}/decision", json=refusal).status_code == 200
    with store.begin() as conn:
        documents.advance(conn, id, State.VALIDE, State.REFUSE, actor="test")
    assert read(here, id).json()["reason"] == "La feuille n'est pas signée."


def resume(client: httpx.Client, id: str, start: str, to: str, reason: str = "Repris") -> httpx.Response:
    return client.post(f"/api/v1/documents/{id}/reprise", json={"from": start, "to": to, "reason": reason})


def test_a_stopped_document_goes_back_where_it_came_from(
    here: httpx.Client, store: Store, morning: Scene
) -> None:
    id = morning.ids["stuck"]
    assert resume(here, id, "quarantaine", "valide").status_code == 409  # it was never there
    assert resume(here, id, "quarantaine", "en_lecture", "").status_code == 422
    assert resume(here, id, "quarantaine", "en_lecture", "Mémoire agrandie").json()["status"] == "en_lecture"
    assert resume(here, id, "quarantaine", "en_lecture").status_code == 409
    with store.begin() as conn:
        line = journal.lines(conn, id)[-1]
    assert journal.open_payload(store.vault.key(id), line) == {"reason": "Mémoire agrandie"}


def test_a_stopped_document_may_be_keyed_by_hand(here: httpx.Client, store: Store, morning: Scene) -> None:
    id = morning.ids["stuck"]
    assert resume(here, id, "quarantaine", "a_valider").status_code == 200
    task = here.post("/api/v1/tasks/next", json={"document": id}).json()
    assert task["keyed_whole"] is True
    assert next(iter(task["fields"])) == "numero_facture"
    with store.begin() as conn:
        assert tasks.of_document(conn, id) is not None


def test_what_is_wrong_with_the_picture_is_told_to_who_validates(
    here: httpx.Client, store: Store, morning: Scene
) -> None:
    id = morning.ids["doubtful"]
    with store.begin() as conn:
        told = documents.data(conn, id, "reading")
        page = told["pages"][0]
        told["pages"] = [page | {"quality": {"verdict": each}} for each in ("bonne", "noyee")]
        documents.save(conn, id, "reading", told)
    sentence = "Page 2. La feuille est noyée dans le noir : ce qui y est écrit ne se voit pas."
    task = here.post("/api/v1/tasks/next", json={"document": id}).json()
    assert task["image_faults"] == [sentence]
    assert sentence in here.get(f"/documents/{id}").text
    assert "noyée" not in here.get(f"/documents/{morning.ids['second']}").text


def test_each_verdict_on_a_picture_has_a_sentence() -> None:
    unfit = {fitness.CUT, fitness.DROWNED, fitness.TOGETHER, fitness.DROPPED, "sombre", "pale", "floue"}
    assert unfit == set(labels.IMAGE_FAULTS)


def test_what_is_sealed_is_neither_keyed_again_nor_given_up(here: httpx.Client, morning: Scene) -> None:
    for to in ("a_valider", "rejete", "liquide"):
        assert resume(here, morning.ids["uncomputed"], "a_liquider", to).status_code == 409
    assert resume(here, morning.ids["uncomputed"], "a_liquider", "classe").json()["status"] == "classe"


def test_a_sheet_sent_back_may_be_keyed_after_all(here: httpx.Client, store: Store, morning: Scene) -> None:
    """Someone asked for a new scan, and the old one turns out to be legible."""
    id = morning.ids["second"]
    task = here.post("/api/v1/tasks/next", json={"document": id}).json()
    told = {"version": task["version"], "action": "quarantine", "fields": {}, "reason": "illisible"}
    assert here.post(f"/api/v1/tasks/{task['id']}/decision", json=told).json()["status"] == "quarantaine"
    assert resume(here, id, "quarantaine", "a_valider").json()["status"] == "a_valider"
    again = here.post("/api/v1/tasks/next", json={"document": id}).json()
    assert again["version"] == 1
    told |= {"version": again["version"], "action": "refuse", "reason": "autre caisse"}
    assert here.post(f"/api/v1/tasks/{again['id']}/decision", json=told).json()["status"] == "valide"
    assert resume(here, id, "valide", "a_valider").status_code == 409  # decided: sealed with its reason


def test_an_order_that_cannot_leave_is_shown(here: httpx.Client, store: Store, morning: Scene) -> None:
    assert "Rien n'est retenu." in html.unescape(here.get("/quarantaine").text)
    with store.begin() as conn:
        (message, *_) = outbox.pending(conn, ("ordre",))
        outbox.mark_failed(conn, message, "compte_absent")
    shown = here.get("/quarantaine").text
    assert "Aucun compte bancaire n&#39;est connu pour ce bénéficiaire." in shown
    queues = here.get("/api/v1/tableau").json()["queues"]
    assert [queue["count"] for queue in queues if queue["kind"] == "ordre"] == [1]


def test_a_letter_that_cannot_leave_is_shown_too(here: httpx.Client, store: Store, morning: Scene) -> None:
    """Nobody would know that a refusal was never told, and its delays would never begin."""
    told = {"refus": morning.ids["second"]}, {"indu": "x", "demand": True}, {"autre": 1}
    with store.begin() as conn:
        for body in told:
            outbox.add(conn, "courrier", document_id=morning.ids["second"], body=body)
        for message in outbox.pending(conn, ("courrier",)):
            outbox.mark_failed(conn, message, "interne")
    shown = html.unescape(here.get("/quarantaine").text)
    assert all(f">{each}</a>" in shown for each in ("Lettre de refus", "Mise en demeure", "Courrier"))
    queues = here.get("/api/v1/tableau").json()["queues"]
    assert [queue["count"] for queue in queues if queue["kind"] == "ordre"] == [len(told)]


def test_what_waits_is_shown_a_page_at_a_time(
    here: httpx.Client, store: Store, morning: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = scene.document(store, "broken too", State.REJETE)
    monkeypatch.setattr(stuck, "SHOWN", 1)
    first = here.get("/quarantaine", params={"etat": "rejete"}).text
    (after,) = re.findall(r"/quarantaine\?etat=rejete&amp;apres=([^\"]+)", first)
    second = here.get("/quarantaine", params={"etat": "rejete", "apres": after}).text
    assert (other in first, morning.ids["broken"] in first) == (True, False)
    assert (other in second, morning.ids["broken"] in second) == (False, True)


def test_a_rejection_waits_until_a_person_says_what_was_done(
    here: httpx.Client, store: Store, morning: Scene
) -> None:
    id = morning.ids["broken"]
    settle = f"/api/v1/documents/{id}/settlement"

    def waits() -> int:
        queues = here.get("/api/v1/tableau").json()["queues"]
        return {queue["kind"]: queue["count"] for queue in queues}["rejete"]

    assert (waits(), id in here.get("/quarantaine").text) == (1, True)
    assert here.post(settle, json={"reason": "  "}).json()["code"] == "motif_absent"
    assert here.post(settle, json={"reason": "Expéditeur prévenu"}).json() == {
        "document": id,
        "status": "rejete",
    }
    assert here.post(settle, json={"reason": "encore"}).json()["code"] == "etat_change"
    assert (
        here.post(f"/api/v1/documents/{morning.ids['stuck']}/settlement", json={"reason": "x"}).status_code
        == 409
    )
    shown = here.get("/quarantaine").text
    assert (waits(), id in shown, "Rejets déjà réglés (1)" in shown) == (0, False, True)
    aside = here.get("/quarantaine", params={"etat": "regles"}).text
    assert id in aside
    assert "Expéditeur prévenu" in aside
    assert "Rejet réglé par une personne" in here.get(f"/documents/{id}").text
    with store.begin() as conn:
        line = journal.lines(conn, id)[-1]
    assert (line.event, line.actor, line.to_state) == ("rejet_regle", "local", None)
    assert journal.open_payload(store.vault.key(id), line) == {"reason": "Expéditeur prévenu"}


def test_what_a_person_gave_up_herself_waits_for_nobody(
    here: httpx.Client, store: Store, morning: Scene
) -> None:
    id = morning.ids["stuck"]
    assert resume(here, id, "quarantaine", "rejete", "Feuille d'une autre caisse").status_code == 200
    with store.begin() as conn:
        assert rejections.count(conn, rejections.waiting()) == 1  # the file that could not be taken
        assert rejections.count(conn, rejections.settled()) == 1
    assert id not in here.get("/quarantaine").text


def test_the_page_of_what_waits_asks_the_database_as_often_for_many_as_for_few(
    here: httpx.Client, store: Store, morning: Scene
) -> None:
    asked: list[str] = []

    def count(*told: Any) -> None:
        asked.append(told[2])

    event.listen(store.engine, "before_cursor_execute", count)
    try:
        here.get("/quarantaine")
        few = len(asked)
        for name, state in (("a", State.REJETE), ("b", State.QUARANTAINE), ("c", State.A_LIQUIDER)):
            for n in range(2):
                scene.document(store, f"{name}{n}", state)
        with store.begin() as conn:
            for _ in range(3):
                late = lots.create(conn, senders.house_sender(conn).id, 4, False)
                tasks.open_task(conn, None, "lot", lot_id=late.id)
        asked.clear()
        assert here.get("/quarantaine").text.count('<article class="card"') == 9
        assert len(asked) == few
    finally:
        event.remove(store.engine, "before_cursor_execute", count)


def test_the_proof_is_read_again(here: httpx.Client, store: Store, morning: Scene) -> None:
    id = morning.ids["paid"]
    told = here.post(f"/api/v1/documents/{id}/verification").json()
    assert told["faults"] == []
    assert told["ok"] is True
    assert told["objects"] >= 5
    assert (told["seals"], told["waiting"]) == (0, True)  # sealed, its journal under no seal yet
    assert here.post(f"/api/v1/documents/{morning.ids['reading']}/verification").json()["ok"] is False


def test_the_proof_of_one_reads_its_own_seals(own_buckets: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the chain is, what is read is what holds the document's journal, and the neighbours."""
    store = own_buckets
    made = []
    for number in range(6):
        made.append(archived(store, bytes([number])))
        seal_pending(store)
    read: list[str] = []
    opened = Objects.open
    monkeypatch.setattr(Objects, "open", lambda self, *a: read.append(a[1]) or opened(self, *a))
    with served(store) as address, caller(address) as client:
        told = client.post(f"/api/v1/documents/{made[1]}/verification").json()
    assert (told["ok"], told["waiting"], told["faults"]) == (True, False, [])
    assert {names.parse(key).number for key in read} - {None} == {1, 2, 3, 5, 6}


def test_the_board_counts(here: httpx.Client, store: Store, morning: Scene) -> None:
    told = here.get("/api/v1/tableau").json()
    assert told["total"] == 10
    assert told["counts"]["a_valider"] == 3
    assert {queue["kind"]: queue["count"] for queue in told["queues"]} == {
        "validation": 3, "a_liquider": 1, "arrets": 0, "quarantaine": 1, "rejete": 1, "lot": 0, "ordre": 0,
    }  # fmt: skip
    assert told["lots"][0]["balance_sentence"] == "5 documents + 1 page blanche = 6"
    assert (
        here.get("/api/v1/tableau", params={"status": "rejete"}).json()["documents"][0]["id"]
        == morning.ids["broken"]
    )
    with store.begin() as conn:
        assert documents.load(conn, morning.ids["broken"]).reason == "fichier_chiffre"


def test_the_page_of_what_waits_to_be_paid_says_why(here: httpx.Client, morning: Scene) -> None:
    id = morning.ids["uncomputed"]
    (why,) = read(here, id).json()["not_computed"]
    told = html.unescape(here.get(f"/documents/{id}", headers={"Accept": "text/html"}).text)
    assert why["message"] in told
    assert "/quarantaine?etat=a_liquider" in told
    assert "/quarantaine?etat=a_liquider" not in here.get(f"/documents/{morning.ids['paid']}").text


def test_the_board_counts_the_stops_whose_payment_broke_off(
    here: httpx.Client, store: Store, morning: Scene
) -> None:
    with store.begin() as conn:
        documents.save(conn, morning.ids["paid"], cash.RECORD, {})
        documents.save(
            conn, morning.ids["paid"], "not_computed", [{"code": "c", "message": "m", "article": None}]
        )
    queues = {each["kind"]: each["count"] for each in here.get("/api/v1/tableau").json()["queues"]}
    assert queues["arrets"] == 1


def test_the_page_of_a_stop_that_runs_says_when_its_next_days_are_paid(
    here: httpx.Client, store: Store, morning: Scene
) -> None:
    path = f"/documents/{morning.ids['paid']}"
    assert "prochaine échéance" not in here.get(path).text
    with store.begin() as conn:
        documents.save(conn, morning.ids["paid"], cash.UNTIL, {"until": "2026-11-22"})
    assert "prochaine échéance est le 22 novembre 2026" in here.get(path).text
