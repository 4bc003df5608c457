"""L5, the store's part: what was decided recomputes equal from what is kept of it, whatever became of the
dossier, of the sheet and of the participations of the year since."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from domain.claim import Decision
from domain.flow import State
from domain.money import ZERO
from domain.people import Affiliation, Ald, ComplementaireSante
from domain.period import Period
from domain.reading import FieldReading
from law import Law
from liquidation import liquidate
from store import cases, corrections, money, past, people
from store.corrections import Asked
from store.house import Store
from store.money import StoredDecision
from store.tables import decisions
from tests.promises import feuilles
from tests.promises.test_two_claims_at_once import sealed, taken_before
from tests.store.making import walk
from tests.workers import keyed
from tests.workers.driving import drive
from tests.workers.test_especes import DEATH
from workers import delivery
from workers.house import House

ALWAYS = Period(date(2000, 1, 1))
PLAIN, ILL, COVERED, AT_REST, DEAD = range(1, 6)
TIERS_PAYANT = 10
"""Sheets of a day before this one are of care that was not paid for by the insured."""
NOT_OURS = "autre"
MORE = {"arret_prolongation": True, "arret_premier_jour": "01/09/2026", "arret_debut": "10/09/2026",
        "arret_fin": "14/09/2026", "arret_prescrit_le": "10/09/2026", "arret_envoye_le": "10/09/2026",
        "arret_recu_le": "12/09/2026"}  # fmt: skip


@pytest.fixture
def house(store: Store, monkeypatch: pytest.MonkeyPatch) -> House:
    plain = feuilles.fields_of

    def fields_of(who: int, day: int, fee: str) -> dict[str, FieldReading]:
        found = plain(who, day, fee)
        if day < TIERS_PAYANT:
            found["non_paye_part_obligatoire"] = FieldReading(True, "accepted", 0.9999)
        if who == ILL:
            found["ald"] = FieldReading(True, "accepted", 0.9999)
        return found

    monkeypatch.setattr(feuilles, "fields_of", fields_of)
    made = keyed.a_house(store, people=6)
    change(made, ILL, alds=(Ald(ALWAYS, 8),))
    change(made, COVERED, complementaires=(ComplementaireSante(ALWAYS),))
    return made


def change(house: House, who: int, **changes: Any) -> None:
    with house.store.begin() as conn:
        person = people.insured(conn, feuilles.person(who).id)
        people.load_insured(conn, [replace(person, **changes)])


def sheet(house: House, who: int, day: int) -> str:
    id = feuilles.put(house.store, feuilles.sheet(who, day)).id
    assert drive(house, id) is State.ORDONNANCE
    return id


def correct(house: House, id: str, asked: Asked) -> None:
    while delivery.deliver(house):
        pass
    key = house.store.vault.new_key(id)
    with house.store.begin() as conn:
        last = money.decision_of(conn, id)
        assert last is not None
        corrections.apply(
            conn, id, asked, last.id, actor="valideur:a", key=key, today=house.today, law=house.law
        )


def near_the_cap(house: House) -> None:
    """Of the 25 participations of the year two are left: the third sheet of PLAIN bears none."""
    with house.store.begin() as conn:
        before = sealed(conn)
        walk(conn, before, State.LIQUIDE)
        earlier = Decision(date(2026, 11, 10), (), (), ZERO, (), (), NOT_OURS, "", taken_before(23, 0))
        money.save_decision(conn, before, feuilles.person(PLAIN).id, feuilles.RPPS, earlier)


def decide_many(house: House) -> None:
    """Care of several persons, paid to either payee, at several places of the year's participations; cash
    benefits; corrections of each sort. Then all that the decisions rested on becomes other."""
    near_the_cap(house)
    first = [sheet(house, who, day) for who in (PLAIN, ILL, COVERED) for day in (1, 20, 21)]
    drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS, who=AT_REST))
    assert drive(house, keyed.key(house, keyed.AVIS, keyed.STOP, who=AT_REST, copy=1)) is State.ORDONNANCE
    prolonged = keyed.key(house, keyed.AVIS, keyed.STOP | MORE, who=AT_REST, copy=2)
    assert drive(house, prolonged) is State.ORDONNANCE
    assert drive(house, keyed.key(house, keyed.CAPITAL, DEATH, who=DEAD)) is State.ORDONNANCE
    correct(house, first[1], Asked("saisie", "la case", {"non_paye_part_obligatoire": True}))
    correct(house, first[0], Asked("annulation", "soins jamais donnés"))
    for who in (PLAIN, ILL, COVERED):
        change(
            house, who, alds=(), complementaires=(), medecins_traitants=(),
            affiliations=(Affiliation(Period(date(2000, 1, 1), date(2026, 8, 1)), "017510000"),),
        )  # fmt: skip
    correct(house, first[5], Asked("droits", "affiliation close"))
    correct(house, first[1], Asked("droits", "affiliation close"))  # what was corrected, corrected again
    drive(
        house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS | {"salaire1_brut": "900"}, who=AT_REST, copy=4)
    )


def all_decisions(house: House) -> Iterator[tuple[StoredDecision, Decision | None]]:
    with house.store.begin() as conn:
        for id in conn.execute(select(decisions.c.id).where(decisions.c.law_version != NOT_OURS)).scalars():
            stored = money.decision(conn, id)
            key = house.store.vault.key(stored.document_id)
            yield stored, past.again(conn, key, stored, house.law)


def from_today(house: House, stored: StoredDecision, law: Law) -> Decision | None:
    """What the dossier and the history of today would give."""
    with house.store.begin() as conn:
        claim = money.claim(conn, stored.document_id)
        if claim is None:
            return None
        rights = cases.rights_on(people.insured(conn, stored.insured_id), [act.day for act in claim.acts], law)
        return liquidate(claim, rights, money.history(conn, stored.insured_id), stored.decision.decided_on, law)


def test_what_is_in_the_store_recomputes_equal(house: House) -> None:
    decide_many(house)
    found = list(all_decisions(house))
    cancelled = [stored for stored, again in found if again is None]
    for stored, again in found:
        assert again is None or again == stored.decision, stored.nature
    assert (len(found), len(cancelled)) == (16, 1)  # 9 of care, 3 in cash, 4 corrections
    assert [each.nature for each in cancelled] == ["correction"]
    totals = {again.total for _, again in found if again}
    assert {Decimal("19.00"), Decimal("21.00"), Decimal("28.00"), Decimal("30.00"), Decimal("-28.00")} <= totals
    care = [stored for stored, again in found if again and stored.nature == "premiere" and stored.rpps]
    assert all(from_today(house, stored, house.law) != stored.decision for stored in care)
