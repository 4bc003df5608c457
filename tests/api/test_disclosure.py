"""What a sender is told of his own deposit: whoever he is, whatever route he asks, nothing of the dossiers or
of the decision; unless his token names the dossier that the document is attached to."""

import re
from dataclasses import replace
from typing import Any

import httpx
import pytest

from api import labels
from api.app import create_app, guarded_routes
from domain.flow import State
from store import documents, journal, money, people, senders
from store.house import Store
from tests.api.serving import Elsewhere, NoCage, caller, running
from tests.pages import scene
from tests.pages.scene import CLAIRE, DOCTOR, PAUL

CHILD = replace(
    CLAIRE, id="6f1c9a52-7d1e-4f0a-9b1e-000000000003", nir="2120175116021", first_names="Lou",
    assure_nir=CLAIRE.nir,
)  # fmt: skip
READ, FOUND, COMPARED, REFUSED, MOVED = "LUSURLAFEUILLE", "CONSTATDIT", "DOSSIERDIT", "MOTIFDIT", "CAUSEDITE"
TRACE = "parcours respecté"
CONTENT = {READ, FOUND, REFUSED, TRACE, "CSS R160-5", "19.00", "19,00"}
AGENTS_ALONE = {COMPARED, MOVED, scene.NOT_COMPUTED["message"], "Décision corrigée", '"event":"correction"'}
DOCUMENT, PAGE = "/api/v1/documents/{id}", "/documents/{id}"
CALLERS = {  # role, dossier of the token, dossier of the document -> whether he is told its content
    "station": ("station", None, CLAIRE, False),
    "assure of no dossier": ("assure", None, CLAIRE, False),
    "assure of another dossier": ("assure", PAUL, CLAIRE, False),
    "child of the dossier": ("assure", CHILD, CLAIRE, False),
    "assure of the dossier": ("assure", CLAIRE, CLAIRE, True),
    "who opens her rights": ("assure", CLAIRE, CHILD, True),
    "the child herself": ("assure", CHILD, CHILD, True),
}


def deposits(store: Store, sender: senders.Sender, person: Any) -> list[str]:
    """One in each state that tells something, of that sender, attached to that dossier; canaries in each."""
    made = []
    for state in (State.ORDONNANCE, State.REFUSE, State.A_VALIDER, State.A_LIQUIDER):
        id = scene.document(store, f"{sender.id} {state}", state, sender=sender, beneficiaire_nom_prenom=READ)
        made.append(id)
        with store.begin() as conn:
            documents.set_insured(conn, id, person.id)
            told = {"severity": "a_verifier", "field": None, "article": None}
            codes = {"rubrique_10": FOUND, "ald_non_reconnue": COMPARED}
            documents.save(conn, id, "findings", [told | {"code": c, "message": m} for c, m in codes.items()])
            if state is State.REFUSE:
                documents.save(conn, id, "decision", {"action": "refuse", "reason": REFUSED})
            if state is State.A_LIQUIDER:  # and on its way again, as a paper that was waited for lets it go
                hashes = {"because": MOVED, "dossiers": [person.id]}
                documents.advance(conn, id, state, State.ARCHIVE, actor="test", hashes=hashes)
                documents.advance(conn, id, State.ARCHIVE, state, actor="test")
            if state is State.ORDONNANCE:
                (decided,) = money.decisions_of(conn, id)
                journal.write(conn, id, "correction", actor="test", hashes={"decision": decided.id})
    return made


def answers(client: httpx.Client, ids: list[str]) -> dict[str, str]:
    """All that may be asked by reading, of his own documents: route -> bodies and headers."""
    told: dict[str, str] = {}
    for route in guarded_routes(create_app(None, NoCage())):  # type: ignore[arg-type]
        for prefix in ("/api/v1", "") if "GET" in route.methods else ():
            for id in ids if "{id}" in route.path else ids[:1]:
                path = route.path.replace("{id}", id).replace("{n}", "0")
                reply = client.get(prefix + path, params={"id": id} if path == "/documents" else None)
                known = "" if reply.headers.get("content-type", "").startswith("image/") else reply.text
                told[prefix + route.path] = told.get(prefix + route.path, "") + f"{reply.headers}{known}"
    return told


@pytest.fixture
def address(store: Store, cage_pool: Any) -> Any:
    with store.begin() as conn:
        people.load_insured(conn, (CLAIRE, PAUL, CHILD))
        people.load_practitioners(conn, (DOCTOR,))
    with running(Elsewhere(create_app(store, cage_pool))) as found:
        yield found


def seen(told: str, words: set[str]) -> set[str]:
    return {word for word in words if word in told}


@pytest.mark.parametrize("name", CALLERS)
def test_a_sender_is_told_the_content_of_his_own_dossier_alone(store: Store, address: str, name: str) -> None:
    role, dossier, person, is_told = CALLERS[name]
    with store.begin() as conn:
        made = senders.create_sender(conn, role, insured_id=dossier.id if dossier else None)
        agent = senders.create_sender(conn, "valideur")
    ids = deposits(store, made.sender, person)
    with caller(address, made.token) as client, caller(address, agent.token) as hears:
        told, heard = answers(client, ids), answers(hears, ids)
        one = client.get(f"/api/v1/documents/{ids[0]}").json()
        refused = client.get(f"/api/v1/documents/{ids[1]}").json()
        sent = [client.get(f"/api/v1/documents/{ids[0]}/{each}") for each in ("original", "pages/0")]
        events = client.get(f"/api/v1/documents/{ids[3]}/events").json()["events"]
    # the canaries sing where they may be heard
    assert seen("".join(heard.values()), CONTENT | AGENTS_ALONE) == CONTENT | AGENTS_ALONE
    secrets = CONTENT | AGENTS_ALONE | {person.id, person.nir or "", CLAIRE.birth_name}
    wrong = {route: found for route, each in told.items() if (found := seen(each, secrets))}
    if is_told:
        assert set(wrong) == {DOCUMENT, PAGE}  # the décompte is a PDF, asked of in test_decomptes
        assert seen(told[DOCUMENT], CONTENT) == CONTENT - {"19,00"}
        assert seen(told[DOCUMENT] + told[PAGE], AGENTS_ALONE) == set()
    else:
        assert wrong == {}
    assert (one["status"], one["where"]) == ("ordonnance", labels.state("ordonnance").long)
    assert (one["withheld"] is None, one["decision"] is not None, one["reading"] is not None) == (is_told,) * 3
    assert (bool(one["payments"]), len(one["findings"]), refused["reason"]) == (
        is_told, int(is_told), REFUSED if is_told else None,
    )  # fmt: skip
    # his own bytes and their proof are his, whatever number he wrote
    assert [each.status_code for each in sent] == [200, 200]
    assert sent[0].content == scene.sheet(f"{made.sender.id} {State.ORDONNANCE}")
    assert re.fullmatch("[0-9a-f]{64}", one["archive"]["manifest_sha256"])
    assert [each["to_state"] for each in events[-2:]] == ["archive", "a_liquider"]
    assert [(each["hashes"], each["hash"] is None) for each in events[-2:]] == [({}, True), ({}, False)]


def test_who_is_told_nothing_yet_is_told_why_on_the_page(store: Store, address: str) -> None:
    """Before a document is attached, nobody's dossier is its own: not even the one that its number names."""
    with store.begin() as conn:
        made = senders.create_sender(conn, "assure", insured_id=CLAIRE.id)
    id = scene.document(store, "own", State.A_VALIDER, sender=made.sender, beneficiaire_nom_prenom=READ)
    with caller(address, made.token) as client:
        page, told = client.get(f"/documents/{id}").text, client.get(f"/api/v1/documents/{id}").json()
        assert "le dossier auquel ce document est rattaché" in page
        assert ("Rien à signaler" in page, "Aucun champ" in page, READ in page) == (False, False, False)
        assert (told["reading"], told["findings"]) == (None, [])
        with store.begin() as conn:
            documents.set_insured(conn, id, CLAIRE.id)
        assert READ in client.get(f"/documents/{id}").text
