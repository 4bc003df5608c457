"""Corrections and indus over HTTP, and as a person sees them."""

from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pypdfium2
import pytest

from domain.flow import State
from liquidation.recouvrement import Event
from store import access, debts, outbox
from store.house import Store
from tests.promises import feuilles
from tests.workers import keyed
from tests.workers.driving import drive
from workers import delivery
from workers.house import House

ONE = feuilles.person(1)


@pytest.fixture
def house(store: Store) -> House:
    return keyed.a_house(store)


@pytest.fixture
def paid(house: House) -> str:
    id = feuilles.put(house.store, feuilles.sheet(1, 20)).id
    assert drive(house, id) is State.ORDONNANCE
    assert delivery.deliver(house) == 1
    return id


def document(here: httpx.Client, id: str) -> Any:
    return here.get(f"/api/v1/documents/{id}").json()


def test_a_correction_is_foreseen_then_made_then_seen(here: httpx.Client, house: House, paid: str) -> None:
    seen = document(here, paid)["decision"]
    asked = {"cause": "annulation", "fraud": True}
    told = here.post(f"/api/v1/documents/{paid}/correction/proposition", json=asked).json()
    assert (told["before"], told["difference"], told["after"]) == ("19.00", "-19.00", "0.00")
    (owed,) = told["owed"]
    assert (owed["payee"], owed["amount"], owed["asked"]) == ("assure", "19.00", "20.90")
    assert document(here, paid)["corrections"] == []  # nothing was done
    page = here.get(f"/documents/{paid}/correction").text
    assert seen["id"] in page
    assert "Payée deux fois" in page

    without = here.post(f"/api/v1/documents/{paid}/correction", json=asked | {"corrects": seen["id"]})
    assert (without.status_code, without.json()["code"]) == (422, "motif_absent")
    whole = asked | {"corrects": seen["id"], "reason": "feuille inventée"}
    made = here.post(f"/api/v1/documents/{paid}/correction", json=whole)
    assert made.status_code == 200, made.text
    again = here.post(f"/api/v1/documents/{paid}/correction", json=whole)
    assert (again.status_code, again.json()["code"]) == (409, "decision_changee")

    after = document(here, paid)
    assert after["decision"]["total"] == "0.00"
    assert [(c["nature"], c["difference"]) for c in after["corrections"]] == [("correction", "-19.00")]
    (indu,) = after["indus"]
    assert delivery.deliver(house) == 2
    assert "Corrections" in here.get(f"/documents/{paid}").text
    assert indu["id"][:8] in here.get("/indus").text

    where = f"/api/v1/indus/{indu['id']}"
    assert here.get(where).json()["state"] == "notifie"
    early = here.post(f"{where}/events", json={"what": "versement", "on": "2030-01-01", "amount": "5"})
    assert (early.status_code, early.json()["code"]) == (409, "indu_etat")
    received = here.post(f"{where}/events", json={"what": "reception", "on": "2026-11-20"})
    assert received.json()["state"] == "delai"
    accepted = here.post(f"{where}/events", json={"what": "accord", "on": "2026-11-20"})
    assert accepted.json()["state"] == "accord"
    dues = [{"on": "2026-12-20", "amount": "10.00"}, {"on": "2027-01-20", "amount": "10.90"}]
    short = {"what": "echeancier", "on": "2026-11-20", "dues": dues[:1]}
    assert here.post(f"{where}/events", json=short).json()["code"] == "indu_etat"
    kept = here.post(f"{where}/events", json=short | {"dues": dues})
    assert kept.json()["state"] == "echeancier"
    assert "Échéancier conclu" in here.get(f"/indus/{indu['id']}").text
    with house.store.begin() as conn:
        assert [event.why for event in access.of_target(conn, "indus")] == ["recouvrement"]
        assert access.of_target(conn, paid)


def test_a_mise_en_demeure_that_is_noted_leaves(here: httpx.Client, house: House, paid: str) -> None:
    seen = document(here, paid)["decision"]["id"]
    asked = {"cause": "annulation", "fraud": True, "reason": "feuille inventée", "corrects": seen}
    assert here.post(f"/api/v1/documents/{paid}/correction", json=asked).status_code == 200
    (indu,) = document(here, paid)["indus"]
    where = f"/api/v1/indus/{indu['id']}"
    assert delivery.deliver(house) == 2
    with house.store.begin() as conn:  # received, and the twenty days run out
        found = debts.load(conn, indu["id"])
        debts.note(
            conn, house.store.vault.key(paid), found, Event("reception", date(2026, 10, 1)), "valideur:a"
        )
    assert here.get(where).json()["state"] == "a_retenir"
    early = here.post(f"{where}/events", json={"what": "mise_en_demeure", "on": "2026-11-19"})
    assert early.json()["code"] == "indu_etat"
    noted = here.post(f"{where}/events", json={"what": "mise_en_demeure", "on": "2026-11-20"})
    assert noted.status_code == 200, noted.text
    assert delivery.deliver(house) == 1
    letter = house.store.settings.home / "sortie" / "courriers" / f"{indu['id']}-mise-en-demeure.pdf"
    page = pypdfium2.PdfDocument(letter.read_bytes())[0].get_textpage().get_text_range()
    assert "Vous êtes mis en demeure de payer 20,90" in page
    # the month is not over; once it is, the contrainte leaves
    assert here.post(f"{where}/events", json={"what": "reception", "on": "2026-11-20"}).status_code == 200
    force = {"what": "contrainte", "on": "2026-11-20", "court": ["Tribunal judiciaire", "75017 Paris"],
             "director": "Anne MOREAU"}  # fmt: skip
    refused = here.post(f"{where}/events", json=force)
    assert (refused.status_code, refused.json()["code"]) == (409, "indu_etat")
    assert "jusqu'au 20/12/2026" in refused.json()["detail"]
    assert "le tribunal et son adresse" in here.get(f"/indus/{indu['id']}").text
    after = date(2026, 12, 21)
    body = {name: force[name] for name in ("court", "director")}
    with house.store.begin() as conn:  # a sum comes in before the letter is out
        for event in (Event("contrainte", after, None, body), Event("versement", after, Decimal("5.00"))):
            found = debts.load(conn, indu["id"])
            debts.note(conn, house.store.vault.key(paid), found, event, "valideur:a")
        outbox.add(conn, "courrier", document_id=paid, body={"indu": indu["id"], "constraint": True})
    assert delivery.deliver(house) == 1
    letter = letter.with_name(f"{indu['id']}-contrainte.pdf")
    page = pypdfium2.PdfDocument(letter.read_bytes())[0].get_textpage().get_text_range()
    assert "vous contraint à payer 20,90" in page


def test_the_attestation_is_a_tagged_pdf_and_leaves_a_trace(here: httpx.Client, house: House) -> None:
    answer = here.get(f"/api/v1/dossiers/{ONE.id}/attestation")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    document = pypdfium2.PdfDocument(answer.content)
    assert ONE.birth_name in document[0].get_textpage().get_text_range()
    document.close()
    assert b"/StructTreeRoot" in answer.content or b"/MarkInfo" in answer.content
    with house.store.begin() as conn:
        assert [event.why for event in access.of_target(conn, ONE.id)] == ["attestation"]
    assert date(2026, 11, 20).isoformat() not in str(answer.url)
