"""Tasks over HTTP: taken, held, renewed, given back, decided once."""

from typing import Any

import httpx
import pytest

from domain.flow import State
from store import access, documents, journal, money, tasks
from store.house import Store
from tests.api.serving import caller, token
from tests.pages import scene
from tests.pages.scene import CLAIRE, FINDINGS, PAUL, Scene


def take(client: httpx.Client, document: str | None = None) -> httpx.Response:
    return client.post("/api/v1/tasks/next", json={"document": document} if document else None)


def decide(client: httpx.Client, task: dict[str, Any], action: str = "accept", **more: Any) -> httpx.Response:
    body = {"version": task["version"], "action": action, "fields": {}} | more
    return client.post(f"/api/v1/tasks/{task['id']}/decision", json=body)


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_task_shows_the_whole_sheet_in_order(here: httpx.Client, morning: Scene) -> None:
    task = take(here, morning.ids["doubtful"]).json()
    names = list(task["fields"])
    assert names[0] == "numero_facture"
    assert names.index("beneficiaire_nir") < names.index("acte1_date") < names.index("montant_total")
    nir = task["fields"]["beneficiaire_nir"]
    assert (nir["mark"], nir["kind"], nir["label"]) == ("a_verifier", "nir", "Numéro d'immatriculation")
    assert [each["value"] for each in nir["alternatives"]] == ["2850175116007", "2850175116061"]
    assert task["fields"]["acte1_honoraires"]["mark"] == "doute"
    assert task["fields"]["ald"]["mark"] == "vide"
    assert task["findings"] == FINDINGS
    assert task["identification"]["certain"] is False
    best = task["identification"]["candidates"][0]
    assert (best["id"], best["name"], best["birth_date"]) == (CLAIRE.id, "MARTIN Claire Anne", "1985-01-12")
    assert "numéro à un chiffre près" in best["reasons"]


def test_two_at_most_oldest_first(here: httpx.Client, morning: Scene) -> None:
    first, second = take(here).json(), take(here).json()
    assert [first["document"], second["document"]] == [morning.ids["doubtful"], morning.ids["unread"]]
    assert code(take(here)) == (409, "trop_de_taches")
    assert here.delete(f"/api/v1/tasks/{first['id']}/lease").status_code == 204
    assert take(here).json()["document"] == morning.ids["doubtful"]


def test_nothing_waits_is_204(here: httpx.Client) -> None:
    answer = take(here)
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_prefetch_counts_as_a_reading(here: httpx.Client, store: Store, morning: Scene) -> None:
    task = take(here).json()
    with store.begin() as conn:
        (seen,) = access.of_target(conn, task["document"])
    assert (seen.actor, seen.why, seen.span) == ("local", "validation", f"tache:{task['id']}:{task['version']}")


def test_a_lease_is_renewed_without_a_new_version(here: httpx.Client, store: Store, morning: Scene) -> None:
    task = take(here).json()
    renewed = here.put(f"/api/v1/tasks/{task['id']}/lease")
    assert renewed.json()["lease_until"] > task["lease_until"]
    with store.begin() as conn:
        assert tasks.load(conn, task["id"]).version == task["version"]
    with_other = token(store, "valideur")
    with caller(str(here.base_url), with_other) as other:
        assert code(other.put(f"/api/v1/tasks/{task['id']}/lease")) == (409, "tache_non_tenue")
        assert code(other.delete(f"/api/v1/tasks/{task['id']}/lease")) == (409, "tache_non_tenue")
        assert code(decide(other, task, insured_id=CLAIRE.id)) == (409, "tache_non_tenue")


def test_accepting_keeps_the_values_and_checks_again(here: httpx.Client, store: Store, morning: Scene) -> None:
    task = take(here, morning.ids["doubtful"]).json()
    typed = {"acte1_honoraires": "30,00", "acte1_date": "04/11/2026", "numero_facture": "12", "ald": True}
    answer = decide(here, task, fields=typed, insured_id=CLAIRE.id)
    assert answer.json() == {"document": task["document"], "status": "valide"}
    with store.begin() as conn:
        values = documents.data(conn, task["document"], "values")
        row = documents.load(conn, task["document"])
        claim = money.claim(conn, row.id)
        line = journal.lines(conn, row.id)[-1]
        closed = tasks.load(conn, task["id"])
    assert values["acte1_honoraires"]["value"] == "30.00"
    assert values["acte1_date"]["value"] == "2026-11-04"
    assert values["ald"]["value"] is True
    assert values["beneficiaire_nom_prenom"]["value"] == "MARTIN CLAIRE"  # not named: confirmed as shown
    assert row.insured_id == CLAIRE.id
    assert claim is not None
    assert [str(act.fee) for act in claim.acts] == ["30.00"]
    assert (closed.status, closed.decided_by, closed.action) == ("faite", "local", "accept")
    assert "MARTIN" not in line.hashes
    assert journal.open_payload(store.vault.key(row.id), line)["fields"] == typed


@pytest.mark.parametrize(
    ("action", "status"), [("refuse", "valide"), ("rescan", "rejete"), ("quarantine", "quarantaine")]
)
def test_the_other_actions_need_a_reason(
    here: httpx.Client, store: Store, morning: Scene, action: str, status: str
) -> None:
    task = take(here, morning.ids["doubtful"]).json()
    for reason in (None, "", "  "):
        assert code(decide(here, task, action, reason=reason)) == (422, "motif_absent")
    assert decide(here, task, action, reason="La feuille est coupée.").json()["status"] == status
    told = here.get(f"/api/v1/documents/{task['document']}").json()
    assert told["status"] == status
    assert "coupée" not in here.get(f"/api/v1/documents/{task['document']}/events").text
    with store.begin() as conn:
        assert documents.data(conn, task["document"], "decision")["reason"] == "La feuille est coupée."


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"fields": {"acte1_date": "31/02/2026"}}, (422, "valeur_invalide")),
        ({"fields": {"acte1_honoraires": "trente"}}, (422, "valeur_invalide")),
        ({"fields": {"champ_inventé": "x"}}, (422, "champ_inconnu")),
        ({"insured_id": None}, (422, "assure_a_designer")),
        ({"insured_id": "00000000-0000-4000-8000-000000000000"}, (422, "assure_a_designer")),
        ({"insured_id": "n'importe quoi"}, (422, "assure_a_designer")),
        ({"type": "roman"}, (422, "requete_invalide")),
        ({"action": "payer"}, (422, "requete_invalide")),
        ({"fields": {"acte1_date": ["x"]}}, (422, "requete_invalide")),
        ({"fields": {"assure_adresse": "x" * 600}}, (422, "requete_invalide")),
    ],
)
def test_a_decision_that_does_not_hold_changes_nothing(
    here: httpx.Client, store: Store, morning: Scene, more: dict[str, Any], expected: tuple[int, str]
) -> None:
    task = take(here, morning.ids["doubtful"]).json()
    answer = decide(here, task, **({"insured_id": CLAIRE.id} | more))
    assert code(answer) == expected
    if expected[1] == "valeur_invalide":
        assert answer.json()["field"] in more["fields"]
    with store.begin() as conn:
        assert documents.load(conn, task["document"]).status == "a_valider"
        assert documents.data(conn, task["document"], "values") is None
        assert tasks.load(conn, task["id"]).status == "ouverte"
    assert decide(here, task, insured_id=CLAIRE.id).status_code == 200


def test_another_person_may_be_designated(here: httpx.Client, morning: Scene) -> None:
    task = take(here, morning.ids["doubtful"]).json()
    found = here.post("/api/v1/dossiers/search", json={"names": "martin paul"}).json()["dossiers"]
    assert found[0]["id"] == PAUL.id
    decide(here, task, insured_id=PAUL.id)
    assert here.get(f"/api/v1/documents/{task['document']}").json()["dossier"]["id"] == PAUL.id


def test_a_search_is_one_event_with_what_it_showed(here: httpx.Client, store: Store, morning: Scene) -> None:
    asked = [
        {"nir": CLAIRE.nir},
        {"names": "MARTIN"},
        {"birth_date": "1985-01-12"},
        {"names": "ZYX", "birth_date": "1985-01-12"},
    ]
    shown = [here.post("/api/v1/dossiers/search", json=body).json()["dossiers"] for body in asked]
    assert [len(each) for each in shown] == [1, 2, 2, 0]
    assert here.post("/api/v1/dossiers/search", json={}).status_code == 422
    with store.begin() as conn:
        seen = access.of_target(conn, "dossiers")
    assert len(seen) == 4
    assert CLAIRE.id in seen[0].shown


def test_an_old_version_is_told_and_nothing_is_overwritten(
    here: httpx.Client, store: Store, morning: Scene
) -> None:
    mine = take(here, morning.ids["doubtful"]).json()
    assert here.delete(f"/api/v1/tasks/{mine['id']}/lease").status_code == 204
    with caller(str(here.base_url), token(store, "valideur")) as other:
        theirs = take(other, morning.ids["doubtful"]).json()
        assert theirs["version"] > mine["version"]
        assert code(decide(here, mine, insured_id=CLAIRE.id)) == (409, "tache_perimee")
        assert decide(other, theirs, insured_id=PAUL.id).status_code == 200
        assert code(decide(other, theirs, insured_id=PAUL.id)) == (409, "tache_perimee")
    with store.begin() as conn:
        assert documents.load(conn, mine["document"]).insured_id == PAUL.id


def test_a_document_of_another_sender_is_taken_by_agents(here: httpx.Client, store: Store) -> None:
    with store.begin() as conn:
        from store import people

        people.load_insured(conn, (CLAIRE, PAUL))
        people.load_practitioners(conn, (scene.DOCTOR,))
    id = scene.document(store, "one", State.A_VALIDER)
    with caller(str(here.base_url), token(store, "valideur")) as agent:
        assert take(agent).json()["document"] == id
