"""Two claims of one insured liquidated at once: the caps of the day and of the year hold, and each share is
in one order at most. What is paid is what the same two pay one after the other, to the cent."""

import threading
import time
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection

from domain.claim import Act, Claim, Decision, Withheld
from domain.flow import State
from domain.money import ZERO
from store import documents, money, payments
from store.house import Store
from tests.promises import feuilles, invariants
from tests.promises.conftest import Form
from tests.store.making import document, walk
from workers import paying
from workers.house import House
from workers.runner import run
from workers.stages import STAGES

CARE = date(2026, 11, 2)
JANUARY = date(2026, 1, 5)
CASES = {"annee": (24, 0, (0, 1)), "jour": (0, 3, (0, 0)), "les_deux": (21, 3, (0, 1))}
"""Participations taken before on other days and on CARE, of 25 a year (D160-6) and 4 a day with one
professional (D160-8); then the days of the two claims, counted from CARE. In each case one of the two
claims bears the last participation that is left, and the other none."""
WINDOW = 0.01
"""Seconds between what a decision has read and what it writes: the other is always there to fall in."""


@pytest.fixture
def house(store: Store, monkeypatch: pytest.MonkeyPatch) -> House:
    liquidate = paying.liquidate

    def slowly(*args: Any) -> Decision:
        time.sleep(WINDOW)
        return liquidate(*args)

    monkeypatch.setattr(paying, "liquidate", slowly)
    return House(store, feuilles.Recorded())  # type: ignore[arg-type]


def taken_before(others: int, on_the_day: int) -> tuple[Withheld, ...]:
    days = [JANUARY + timedelta(days=n) for n in range(others)] + [CARE] * on_the_day
    return tuple(
        Withheld("participation_forfaitaire", Decimal("2.00"), date(2026, 11, 10), day, feuilles.RPPS)
        for day in days
    )


def sealed(conn: Connection) -> str:
    id = document(conn, State.EN_LECTURE)
    documents.advance(conn, id, State.EN_LECTURE, State.VALIDE, actor="test", type=paying.FEUILLE)
    walk(conn, id, State.ARCHIVE)
    return id


def two_claims(store: Store, who: int, case: str) -> list[str]:
    """The two sealed documents of the person `who`, whose caps are nearly reached."""
    others, on_the_day, days = CASES[case]
    insured = feuilles.person(who).id
    with store.begin() as conn:
        before = sealed(conn)
        walk(conn, before, State.LIQUIDE)
        taken = taken_before(others, on_the_day)
        earlier = Decision(date(2026, 11, 10), (), (), ZERO, (), (), "loi", "code", taken)
        money.save_decision(conn, before, insured, feuilles.RPPS, earlier)
        ids = []
        for code, after in zip(("G", "VG"), days, strict=True):
            id, day = sealed(conn), CARE + timedelta(days=after)
            act = Act(1, day, code, Decimal("30.00"))
            claim = Claim(id, insured, feuilles.RPPS, "01", "1", (act,), act.fee, day, day)
            money.save_claim(conn, claim)
            ids.append(id)
    return ids


def carry(house: House, ids: Sequence[str]) -> None:
    for id in ids:
        run(house, STAGES, id, "liquider")
        run(house, STAGES, id, "ordonnancer")


def at_once(house: House, ids: list[str]) -> None:
    """Two workers, each with both documents, each beginning with its own."""
    ready = threading.Barrier(2)

    def work(mine: list[str]) -> None:
        ready.wait()
        carry(house, mine)

    threads = [threading.Thread(target=work, args=(mine,)) for mine in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def paid(store: Store, ids: Sequence[str]) -> Decimal:
    with store.begin() as conn:
        assert {documents.load(conn, id).status for id in ids} == {State.ORDONNANCE}
        return sum((order.amount for id in ids for order in payments.of_document(conn, id)), ZERO)


@pytest.mark.timeout(7200)
def test_two_claims_of_one_insured_at_once(house: House, form: Form) -> None:
    races = form.count(10, 200)
    store, began = house.store, time.monotonic()
    feuilles.load_people(store, races + len(CASES))
    expected = {}
    for n, case in enumerate(CASES):
        one_by_one = two_claims(store, n, case)
        carry(house, one_by_one)
        expected[case] = paid(store, one_by_one)
    wrong = []
    for race in range(races):
        case, who = list(CASES)[race % len(CASES)], len(CASES) + race
        ids = two_claims(store, who, case)
        at_once(house, ids)
        others, on_the_day, _ = CASES[case]
        with store.begin() as conn:
            taken = money.history(conn, feuilles.person(who).id).withheld
            shares = [s for id in ids for each in money.decisions_of(conn, id) for s in each.decision.shares]
        if (paid(store, ids), len(taken)) != (expected[case], others + on_the_day + 1):
            wrong.append((case, paid(store, ids), len(taken)))
        assert sum((share.amount for share in shares), ZERO) == paid(store, ids)
    assert not wrong, f"{len(wrong)} of {races} races: {wrong[:3]}, and not {expected}"
    invariants.no_share_twice(store)
    seconds = time.monotonic() - began
    form.tell("I3", f"{races} races of two claims, {races} paid as one after the other; {seconds:.0f} s")
