"""R4: every task delivered 5 times, shuffled: the same result as once. With one queue in a fixed order,
the same rows."""

import random
import threading
import time
from decimal import Decimal
from typing import Any

import pytest

from domain.flow import FLOW
from store import documents, money, payments
from store.house import Store
from tests.promises import feuilles, invariants
from tests.promises.conftest import Form
from tests.workers.driving import drive
from workers.delivery import deliver
from workers.house import House
from workers.runner import run
from workers.stages import STAGES

TIMES, THREADS, PERSONS = 5, 3, 4


def house_of(store: Store) -> House:
    return House(store, feuilles.Recorded())


def flow(store: Store, number: int, base: int) -> list[str]:
    """`number` sheets of four persons `base`...: each on days of its own."""
    return [feuilles.put(store, feuilles.sheet(base + n % PERSONS, n // PERSONS)).id for n in range(number)]


def five_times(house: House, ids: list[str], seed: int) -> int:
    """Rounds of every stage for every document, five times each, in no order, by several threads."""
    dice, moved = random.Random(seed), []
    for _ in range(len(STAGES) + 1):
        messages = [(id, stage) for id in ids for stage in STAGES for _ in range(TIMES)]
        dice.shuffle(messages)
        parts = [messages[n::THREADS] for n in range(THREADS)]

        def work(part: list[tuple[str, str]]) -> None:
            for id, stage in part:
                if run(house, STAGES, id, stage):
                    moved.append(id)

        threads = [threading.Thread(target=work, args=(part,)) for part in parts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with house.store.begin() as conn:
            rows = [documents.load(conn, id) for id in ids]
        if all(row.stage is None for row in rows):
            break
    senders = [threading.Thread(target=deliver, args=(house,)) for _ in range(TIMES)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return len(moved)


def per_year(store: Store, base: int) -> list[Decimal]:
    """What each of the four persons was paid."""
    paid = invariants.paid(store)
    return [paid[feuilles.person(base + n).id, 2026] for n in range(PERSONS)]


@pytest.mark.timeout(7200)
def test_r4_five_times_shuffled_is_as_once(own_buckets: Store, form: Form) -> None:
    number = form.count(20, 500)
    store, house, began = own_buckets, house_of(own_buckets), time.monotonic()
    feuilles.load_people(store, 2 * PERSONS)
    once = flow(store, min(number, 60), 0) if number == 20 else flow(store, number, 0)
    for id in once:
        drive(house, id)
    while deliver(house):
        pass
    many = flow(store, number, PERSONS)
    moved = five_times(house, many, seed=4)

    steps = len([step for step in FLOW.values() if step.stage])
    assert moved == number * steps, "a stage was concluded twice, or never"
    assert per_year(store, PERSONS) == per_year(store, 0)
    assert [end(store, id)[:2] for id in many] == [end(store, id)[:2] for id in once]
    invariants.check(store, [*once, *many])
    seconds = time.monotonic() - began
    form.tell(
        "R4", f"{number} documents, {TIMES} deliveries of {len(STAGES)} stages each, as once; {seconds:.0f} s"
    )


def test_r4_in_a_fixed_order_the_rows_are_the_same(own_buckets: Store) -> None:
    store, house = own_buckets, house_of(own_buckets)
    feuilles.load_people(store, 2 * PERSONS)
    once, many = flow(store, 6, 0), flow(store, 6, PERSONS)
    for id in once:
        for stage in STAGES:
            run(house, STAGES, id, stage)
    for id in many:
        moves = [run(house, STAGES, id, stage) for stage in STAGES for _ in range(TIMES)]
        assert sum(moves) == len(STAGES)
    assert [end(store, id) for id in many] == [end(store, id) for id in once]


def end(store: Store, document_id: str) -> tuple[Any, ...]:
    with store.begin() as conn:
        row = documents.load(conn, document_id)
        stored = money.decision_of(conn, document_id)
        orders = [(order.payee_kind, order.amount) for order in payments.of_document(conn, document_id)]
    assert stored is not None
    lines = [(line.code, line.fee, line.base, line.rate, line.retained, line.paid)
             for line in stored.decision.lines]  # fmt: skip
    return row.status, invariants.path_of(store, document_id), lines, orders, stored.decision.total
