"""The same act asked twice: paid once, unless a person saw that it was and accepted it all the same."""

import io
from typing import Any

import pytest

from api import judging
from api.guard import LOCAL
from api.schemas import DecisionIn
from domain.flow import State
from ingest import lots
from store import bodies, documents, journal, money, senders, tasks
from store.house import Store
from tests.promises import feuilles
from tests.workers.driving import drive
from workers.house import House
from workers.runner import run
from workers.stages import STAGES


@pytest.fixture
def house(store: Store) -> House:
    feuilles.load_people(store, 3)
    return House(store, feuilles.Recorded())  # type: ignore[arg-type]


def read(house: House, fee: str, copy: int) -> str:
    return feuilles.put(house.store, feuilles.sheet(1, 3, fee, copy)).id


def accept(house: House, document_id: str, **more: Any) -> None:
    with house.store.begin() as conn:
        found = tasks.of_document(conn, document_id)
        assert found is not None
        task = tasks.take(conn, found.id, LOCAL.name)
        asked = DecisionIn(version=task.version, action="accept", **more)
        judging.decide(house.store, conn, LOCAL, task.id, asked)


def codes(house: House, document_id: str, kind: str) -> set[str]:
    with house.store.begin() as conn:
        return {each["code"] for each in bodies.data(conn, document_id, kind) or ()}


def test_a_double_that_appeared_after_she_looked_is_not_paid(house: House) -> None:
    doubtful = read(house, "31.00", 1)
    assert drive(house, doubtful) is State.A_VALIDER
    assert not {code for code in codes(house, doubtful, "findings") if code.startswith("doublon")}
    first = read(house, "30.00", 2)
    state = drive(house, first)
    if state is State.A_VALIDER:  # it sees the other one in flight
        accept(house, first)
        state = drive(house, first)
    assert state is State.ORDONNANCE
    accept(house, doubtful)
    assert drive(house, doubtful) is State.A_LIQUIDER
    assert codes(house, doubtful, "not_computed") == {"doublon_paye"}
    with house.store.begin() as conn:  # a sender reads these lines, and no erasure reaches them
        assert not any(
            "doublon" in line.hashes or "finding" in line.hashes for line in journal.lines(conn, doubtful)
        )
    # told so, she sends it back to be paid: now she has seen it
    with house.store.begin() as conn:
        tasks.close_without(conn, doubtful)
        documents.advance(conn, doubtful, State.A_LIQUIDER, State.ARCHIVE, actor="local")
    assert drive(house, doubtful) is State.ORDONNANCE
    assert codes(house, doubtful, "not_computed") == set()  # it is paid: nothing says any more why it was not


def test_a_double_that_she_saw_and_accepted_is_paid(house: House) -> None:
    first = read(house, "30.00", 1)
    assert drive(house, first) is State.ORDONNANCE
    again = read(house, "30.00", 2)
    assert drive(house, again) is State.A_VALIDER
    assert "doublon_paye" in codes(house, again, "findings")
    accept(house, again)
    assert drive(house, again) is State.ORDONNANCE


def test_what_she_says_is_blank_is_not_paid_from_the_reading(house: House) -> None:
    doubtful = read(house, "31.00", 1)
    assert drive(house, doubtful) is State.A_VALIDER
    with house.store.begin() as conn:
        assert money.claim(conn, doubtful) is not None
    accept(house, doubtful, fields={"montant_total": None})
    assert drive(house, doubtful) is State.A_LIQUIDER
    with house.store.begin() as conn:
        assert money.claim(conn, doubtful) is None
        assert not money.acts_of(conn, feuilles.person(1).id)


def test_a_double_of_the_line_that_she_changed_was_not_seen(house: House) -> None:
    first, other = read(house, "30.00", 1), feuilles.put(house.store, feuilles.sheet(1, 4, "30.00", 2)).id
    assert drive(house, first) is State.ORDONNANCE
    assert drive(house, other) is State.ORDONNANCE
    again = read(house, "30.00", 3)
    assert drive(house, again) is State.A_VALIDER
    accept(house, again, fields={"acte1_date": feuilles.fields_of(1, 4, "30.00")["acte1_date"].value})
    assert drive(house, again) is State.A_LIQUIDER


def test_what_was_decided_and_then_stopped_is_a_double_all_the_same(house: House) -> None:
    """Its order failed three times: a person will send it on its way again."""
    doubtful = read(house, "31.00", 1)
    assert drive(house, doubtful) is State.A_VALIDER
    first = read(house, "30.00", 2)
    state = drive(house, first)
    if state is State.A_VALIDER:
        accept(house, first)
    while state is not State.LIQUIDE:
        with house.store.begin() as conn:
            document = documents.load(conn, first)
        state = document.status
        if document.stage and state is not State.LIQUIDE:
            run(house, STAGES, first, document.stage)
    with house.store.begin() as conn:
        documents.advance(conn, first, State.LIQUIDE, State.QUARANTAINE, actor="liasse:ordonnancer")
    accept(house, doubtful)
    assert drive(house, doubtful) is State.A_LIQUIDER
    assert codes(house, doubtful, "not_computed") == {"doublon_paye"}


def test_a_lot_sent_again_with_one_sheet_more_pays_that_sheet_alone(house: House) -> None:
    """The station lost its answer, found a sheet under the glass, and sends all of it again."""

    def sent(*days: int) -> list[State]:
        with house.store.begin() as conn:
            sender = senders.house_sender(conn)
        lot = lots.open_lot(house.store, sender, len(days), False)
        for n, day in enumerate(days, 1):
            lots.put_sheet(house.store, sender, lot, n, "r", io.BytesIO(feuilles.sheet(1, day)))
        return [drive(house, id) for id in lots.close_lot(house.store, sender, lot).documents]

    assert sent(3, 4) == [State.ORDONNANCE] * 2
    assert sent(3, 4, 5) == [State.A_VALIDER, State.A_VALIDER, State.ORDONNANCE]
