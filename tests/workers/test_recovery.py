"""After a payment: participations recovered, decisions corrected, indus asked for and held back."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api import judging
from api.guard import LOCAL
from api.schemas import DecisionIn
from domain.errors import Refused
from domain.flow import State
from domain.period import Period
from domain.reading import FieldReading
from liquidation.indus import examine
from liquidation.recouvrement import Event
from store import corrections, debts, journal, money, payments, people, tasks
from store.corrections import Asked
from store.house import Store
from tests.promises import feuilles, invariants
from tests.workers import keyed
from tests.workers.driving import drive
from workers import delivery
from workers.house import House

EURO = Decimal
ONE = feuilles.person(1).id
TIERS_PAYANT = 10
"""Sheets of a day before this one are of care that was not paid for by the insured."""


@pytest.fixture
def house(store: Store, monkeypatch: pytest.MonkeyPatch) -> House:
    plain = feuilles.fields_of

    def fields_of(who: int, day: int, fee: str) -> dict[str, FieldReading]:
        found = plain(who, day, fee)
        if day < TIERS_PAYANT:
            found["non_paye_part_obligatoire"] = FieldReading(True, "accepted", 0.9999)
        return found

    monkeypatch.setattr(feuilles, "fields_of", fields_of)
    return keyed.a_house(store)


def on(house: House, today: date) -> House:
    return House(keyed.with_settings(house.store, house.store.settings.model_copy(update={"today": today})),
                 house.cage)  # fmt: skip


def paid(house: House, day: int, who: int = 1) -> str:
    id = feuilles.put(house.store, feuilles.sheet(who, day)).id
    assert drive(house, id) is State.ORDONNANCE
    return id


def order_of(house: House, id: str) -> payments.Order:
    with house.store.begin() as conn:
        return payments.of_document(conn, id)[-1]


def correct(house: House, id: str, asked: Asked) -> money.StoredDecision:
    key = house.store.vault.new_key(id)
    with house.store.begin() as conn:
        last = money.decision_of(conn, id)
        assert last is not None
        return corrections.apply(
            conn, id, asked, last.id, actor="valideur:a", key=key, today=house.today, law=house.law
        )


def close_rights(house: House, who: int = 1) -> None:
    """The affiliation ended before the care, and nobody knew it."""
    with house.store.begin() as conn:
        person = people.insured(conn, feuilles.person(who).id)
        ended = replace(person.affiliations[0], period=Period(date(2000, 1, 1), date(2026, 8, 1)))
        people.load_insured(conn, [replace(person, affiliations=(ended,))])


def told(house: House, order: payments.Order) -> Any:
    return json.loads((house.store.settings.home / "sortie" / "ordres" / f"{order.id}.json").read_bytes())


def indus_of(house: House, id: str) -> list[debts.Indu]:
    with house.store.begin() as conn:
        return debts.of_document(conn, id)


def note(house: House, indu: debts.Indu, event: Event) -> None:
    with house.store.begin() as conn:
        key = house.store.vault.key(indu.document_id)
        debts.note(conn, key, debts.load(conn, indu.id), event, "valideur:a")


def test_a_participation_left_by_tiers_payant_is_taken_from_the_next_payment(house: House) -> None:
    """21,00 to the doctor, 2,00 owed; the next sheet gives 21,00 - 2,00 of its own = 19,00, less 2,00."""
    first = paid(house, 1)
    assert order_of(house, first).payee_kind == "praticien"
    assert order_of(house, first).retained == ()
    order = order_of(house, paid(house, 20))
    assert (order.amount, order.net) == (EURO("19.00"), EURO("17.00"))
    (held,) = order.retained
    assert (held.kind, held.amount, held.care_day) == (
        "participation_forfaitaire", EURO("2.00"), date(2026, 9, 2)
    )  # fmt: skip
    third = order_of(house, paid(house, 21))
    assert (third.net, third.retained) == (EURO("19.00"), ())  # taken once
    assert delivery.deliver(house) == 3
    assert (told(house, order)["amount"], told(house, order)["retained"]) == ("17.00", "2.00")
    invariants.no_share_twice(house.store)


def test_a_prescribed_participation_is_no_more(house: House) -> None:
    paid(house, 1)
    later = on(house, date(2028, 11, 20))  # ordered on 20/11/2026: two years
    with house.store.begin() as conn:
        owing = debts.owed(conn, people.insured(conn, ONE))
        holding = debts.holding(conn, people.insured(conn, ONE), later.today, later.law)
        assert [each.amount for each in owing] == [EURO("2.00")]
        assert holding("assure", ONE, EURO("19.00")) == ()
        eve = debts.holding(conn, people.insured(conn, ONE), date(2028, 11, 19), later.law)
        assert [each.amount for each in eve("assure", ONE, EURO("19.00"))] == [EURO("2.00")]


def test_what_was_recovered_and_given_up_is_given_back(house: House) -> None:
    first = paid(house, 1)
    paid(house, 20)
    delivery.deliver(house)
    correct(house, first, Asked("annulation", "soins jamais donnés"))
    assert order_of(house, paid(house, 21)).net == EURO("21.00")  # 19,00 and the 2,00 that were not due


def test_an_order_never_holds_back_more_than_it_pays(house: House) -> None:
    order = order_of(house, paid(house, 20))
    with house.store.engine.connect() as conn, pytest.raises(DBAPIError, match="no more than it pays"):
        conn.execute(
            text(
                "INSERT INTO retenues (order_id, n, kind, insured_id, care_day, professional, amount, on_day) "
                "VALUES (:o, 0, 'participation_forfaitaire', :i, now(), 'x', 19.01, now())"
            ),
            {"o": order.id, "i": ONE},
        )


def test_rights_that_were_closed_take_all_back_and_open_an_indu(house: House) -> None:
    id = paid(house, 20)
    assert delivery.deliver(house) == 1
    close_rights(house)
    stored = correct(house, id, Asked("droits", "affiliation close le 1er août 2026"))
    assert (stored.nature, stored.decision.total) == ("correction", EURO("-19.00"))
    assert [line.paid for line in stored.decision.lines] == [EURO("0.00")]
    with house.store.begin() as conn:
        assert [each.decision.total for each in money.decisions_of(conn, id)] == [EURO("19.00"), EURO("-19.00")]
        # the participation is given back, and the same care may be asked again
        assert sum(each.amount for each in money.history(conn, ONE).withheld) == 0
        assert money.history(conn, ONE).acts == ()
        line = journal.lines(conn, id)[-2]  # then its indu
        assert (line.event, line.actor) == ("correction", "valideur:a")
        assert "affiliation" not in line.hashes
    (indu,) = indus_of(house, id)
    # 19,00 is under the threshold of 28: it is dropped, and no letter leaves
    assert (indu.amount, indu.asked, indu.outcome) == (EURO("19.00"), EURO("0.00"), "abandonne")
    assert delivery.deliver(house) == 1  # the décompte rectificatif
    assert (house.store.settings.home / "sortie" / "decomptes" / f"{stored.id}.pdf").exists()
    invariants.no_share_twice(house.store)


def test_an_indu_is_notified_then_held_back_within_the_month_s_limit(house: House) -> None:
    """A fraud escapes the threshold: 19,00 and 10 % of costs = 20,90. The household has nothing: 45 a month."""
    id = paid(house, 20)
    delivery.deliver(house)
    correct(house, id, Asked("annulation", "feuille inventée", fraud=True))
    (indu,) = indus_of(house, id)
    assert (indu.asked, indu.costs) == (EURO("20.90"), EURO("1.90"))
    assert indu.standing(house.today, house.law).state == "a_notifier"
    assert delivery.deliver(house) == 2
    assert (house.store.settings.home / "sortie" / "courriers" / f"{indu.id}.pdf").read_bytes()[:5] == b"%PDF-"
    (indu,) = indus_of(house, id)
    assert indu.standing(house.today, house.law).state == "notifie"
    note(house, indu, Event("reception", date(2026, 11, 20)))
    early = order_of(house, paid(house, 21))
    assert early.retained == ()  # the twenty days run
    last, after = on(house, date(2026, 12, 10)), on(house, date(2026, 12, 11))
    assert order_of(last, paid(last, 22)).retained == ()
    order = order_of(after, paid(after, 23))
    assert (order.net, order.retained[0].amount, order.retained[0].indu_id) == (
        EURO("0.00"), EURO("19.00"), indu.id
    )  # fmt: skip
    assert order_of(after, paid(after, 24)).net == EURO("17.10")  # the last 1,90
    (indu,) = indus_of(house, id)
    assert indu.standing(after.today, house.law).state == "solde"
    assert order_of(after, paid(after, 25)).net == EURO("19.00")
    assert delivery.deliver(after) == 5
    invariants.no_share_twice(house.store)


def test_a_practitioner_who_said_nothing_is_held_back_and_one_who_did_is_not(house: House) -> None:
    """L133-4 III: two months from 20/09/2026, then all of it from what he is paid; 30,00 owed, 21,00 each."""
    owing = paid(house, 1)
    delivery.deliver(house)
    key = house.store.vault.key(owing)
    rpps = order_of(house, owing).payee_id
    examined = examine(EURO("30.00"), date(2026, 11, 20), date(2026, 11, 20), "x", house.law, professional=True)
    with house.store.begin() as conn:
        for n in range(2):
            decided = money.decision_of(conn, owing)
            assert decided is not None
            debts.open_indu(
                conn, key, "valideur:a", decision_id=decided.id, document_id=owing, insured_id=ONE,
                debtor=("praticien", rpps if n == 0 else "10009999999"), found=examined,
                reason="acte en double", paid_on=date(2026, 11, 20), found_on=date(2026, 11, 20),
            )  # fmt: skip
    for each in indus_of(house, owing):
        note(house, each, Event("notification", date(2026, 9, 20)))
        note(house, each, Event("reception", date(2026, 9, 20)))
    after = on(house, date(2026, 11, 21))
    assert order_of(house, paid(house, 2)).retained == ()
    order = order_of(after, paid(after, 3))
    assert (order.payee_kind, order.net, order.retained[0].amount) == ("praticien", 0, EURO("21.00"))
    assert order_of(after, paid(after, 4)).net == EURO("12.00")  # the last 9,00
    assert order_of(after, paid(after, 5)).net == EURO("21.00")
    assert delivery.deliver(after) == 4
    invariants.no_share_twice(house.store)


def test_a_refusal_is_told_to_the_person_it_is_of(house: House) -> None:
    id = feuilles.put(house.store, feuilles.sheet(1, 20, "31.00")).id
    assert drive(house, id) is State.A_VALIDER
    with house.store.begin() as conn:
        found = tasks.of_document(conn, id)
        assert found is not None
        task = tasks.take(conn, found.id, LOCAL.name)
        asked = DecisionIn(version=task.version, action="refuse", reason="Soins déjà pris en charge ailleurs.")
        judging.decide(house.store, conn, LOCAL, task.id, asked)
    assert drive(house, id) is State.REFUSE
    assert delivery.deliver(house) == 1
    letter = house.store.settings.home / "sortie" / "courriers" / f"{id}-refus.pdf"
    page = pypdfium2.PdfDocument(letter.read_bytes())[0].get_textpage().get_text_range()
    for words in ("Soins déjà pris en charge ailleurs.", feuilles.person(1).birth_name, "CSS R142-1", "31,00"):
        assert words in page
    assert delivery.deliver(house) == 0


def test_a_corrected_sheet_pays_the_difference(house: House) -> None:
    """Care of an ALD read without its box: 28,00 - 19,00 with a protocol; here the doctor was not paid."""
    id = paid(house, 20)
    delivery.deliver(house)
    stored = correct(house, id, Asked("saisie", "la case était cochée", {"non_paye_part_obligatoire": True}))
    # 21,00 to the doctor; 19,00 taken back from the insured, under the threshold
    assert [(s.payee_kind, s.amount) for s in stored.decision.shares] == [
        ("assure", EURO("-19.00")), ("praticien", EURO("21.00"))
    ]  # fmt: skip
    assert (order_of(house, id).payee_kind, order_of(house, id).net) == ("praticien", EURO("21.00"))
    assert delivery.deliver(house) == 1
    with house.store.begin() as conn:
        owing = debts.owed(conn, people.insured(conn, ONE))
    assert [each.amount for each in owing] == [EURO("2.00")]
    invariants.no_share_twice(house.store)


def test_what_changes_nothing_and_what_was_seen_otherwise_is_refused(house: House) -> None:
    id = paid(house, 20)
    with pytest.raises(Refused, match="ordre_non_parti"):
        correct(house, id, Asked("annulation", "x"))
    delivery.deliver(house)
    with pytest.raises(Refused, match="correction_sans_objet"):
        correct(house, id, Asked("droits", "x"))
    with pytest.raises(Refused, match="motif_absent"):
        correct(house, id, Asked("annulation", " "))
    with house.store.begin() as conn:
        seen = money.decision_of(conn, id)
    assert seen is not None
    correct(house, id, Asked("annulation", "x"))
    key = house.store.vault.key(id)
    with house.store.begin() as conn, pytest.raises(Refused, match="decision_changee"):
        corrections.apply(
            conn, id, Asked("annulation", "x"), seen.id, actor="a", key=key, today=house.today, law=house.law
        )
