"""The décompte over HTTP: for an agent, and for the assuré to whom it is written and nobody else."""

from datetime import date
from typing import Any

import httpx
import pypdfium2

from domain.flow import State
from store import access, money, people, senders
from store.house import Store
from tests.api.serving import caller
from tests.liquidation.cases import a_claim, an_act
from tests.pages import scene
from tests.pages.scene import CLAIRE, DOCTOR, PAUL, Scene


def paid(store: Store, sender: senders.Sender | None = None, name: str = "remboursee") -> str:
    """A sheet of Claire's, paid 19,00 €."""
    id = scene.document(store, name, State.ORDONNANCE, sender=sender)
    claim = a_claim(an_act(day=date(2026, 11, 3)), id=id, insured_id=CLAIRE.id, practitioner_rpps=DOCTOR.rpps)
    with store.begin() as conn:
        money.save_claim(conn, claim)
    return id


def text_of(answer: httpx.Response) -> str:
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["cache-control"] == "no-store"
    document = pypdfium2.PdfDocument(answer.content)
    told = " ".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(told.split()).replace("\u202f", " ").replace("\u00a0", " ")


def test_an_agent_opens_what_was_written_and_leaves_a_trace(
    here: httpx.Client, store: Store, morning: Scene
) -> None:
    id = paid(store)
    told = text_of(here.get(f"/api/v1/documents/{id}/decompte"))
    assert "Nous vous versons 19,00 €" in told
    assert "Dr Jeanne LEROY" in told
    assert f"/api/v1/documents/{id}/decompte" in here.get(f"/documents/{id}").text
    with store.begin() as conn:
        assert [(e.actor, e.why) for e in access.of_target(conn, CLAIRE.id)] == [("local", "decompte")]
        assert [e.actor for e in access.of_target(conn, id)] == ["local"]
        (decided,) = money.decisions_of(conn, id)
    assert here.get(f"/api/v1/documents/{id}/decompte", params={"decision": decided.id}).status_code == 200
    for params in ({"decision": id}, {"decision": "x"}):
        assert here.get(f"/api/v1/documents/{id}/decompte", params=params).status_code in (404, 422)


def test_what_is_not_decided_has_none(here: httpx.Client, morning: Scene) -> None:
    answer = here.get(f"/api/v1/documents/{morning.ids['doubtful']}/decompte")
    assert (answer.status_code, answer.json()["code"]) == (404, "decompte_absent")


def test_an_assure_opens_his_own_alone(service: str, store: Store, here: httpx.Client) -> None:
    """A sheet may bear anyone's number: to have sent it opens nothing of hers."""
    with store.begin() as conn:
        people.load_insured(conn, (CLAIRE, PAUL))
        people.load_practitioners(conn, (DOCTOR,))
        hers, his = (senders.create_sender(conn, "assure", insured_id=each.id) for each in (CLAIRE, PAUL))
        nobodys, station = senders.create_sender(conn, "assure"), senders.create_sender(conn, "station")

    def asked(sent_by: Any, read_by: Any) -> tuple[int, str | None]:
        id = paid(store, sent_by.sender, f"{sent_by.sender.id}")
        with caller(service, read_by.token) as client:
            answer = client.get(f"/api/v1/documents/{id}/decompte")
        with store.begin() as conn:
            seen = [e for e in access.of_target(conn, CLAIRE.id) if e.actor == read_by.sender.actor]
        assert len(seen) == (answer.status_code == 200)
        return answer.status_code, None if answer.status_code == 200 else answer.json()["code"]

    assert asked(hers, hers) == (200, None)
    for sender in (his, nobodys):
        assert asked(sender, sender) == (404, "decompte_absent")
    assert asked(station, station) == (403, "interdit")
    sent_by_another = paid(store, nobodys.sender, "autre")
    with caller(service, hers.token) as client:  # written to her, sent by another: not hers to see
        assert client.get(f"/api/v1/documents/{sent_by_another}/decompte").json()["code"] == "introuvable"
