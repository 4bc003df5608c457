"""R2: kill -9 of the worker at random while documents flow: 0 lost, 0 doubled.

Short: 5 kills, 16 documents (so that all short forms last six minutes); long: 300 and 2,000."""

import random
import time
from decimal import Decimal

import pytest

from domain.flow import State
from store import documents
from store.house import Store
from tests.promises import feuilles, invariants
from tests.promises.conftest import Form
from tests.promises.flowing import LEASE, deposit_all, worker

SHEETS_EACH = 2


@pytest.mark.timeout(7200)
def test_r2_whatever_is_killed_nothing_is_lost_or_doubled(own_buckets: Store, form: Form) -> None:
    kills, number = form.count(5, 300), form.count(16, 2000)
    store, dice, began = own_buckets, random.Random(2), time.monotonic()
    persons = number // SHEETS_EACH
    feuilles.load_people(store, persons)
    sheets = [feuilles.sheet(n % persons, n // persons) for n in range(number)]
    ids: list[str] = []
    with worker(store) as process:
        for n in range(kills):
            ids += deposit_all(store, sheets[n * number // kills : (n + 1) * number // kills])
            time.sleep(dice.uniform(0.1, 3 * LEASE))
            process.kill()
            process.again()
        took = invariants.quiet(store, 60 + number)
        back = send_back(store)
        invariants.quiet(store, 60 + number)
    invariants.check(store, ids)
    assert sum(row.status == State.ORDONNANCE for row in invariants.rows(store)) == number
    assert set(invariants.paid(store).values()) == {SHEETS_EACH * Decimal("19.00")}
    form.tell("R2", f"worker killed {kills} times, {number} documents: 0 lost, 0 doubled; "
              f"quiet {took:.1f} s after the last, {back} caught by three kills and sent back by a person; "
              f"{time.monotonic() - began:.0f} s")  # fmt: skip


def send_back(store: Store) -> int:
    """Whose worker died three times is on a person's screen; she sends it on its way again. How many."""
    caught = [row for row in invariants.rows(store) if row.status == State.QUARANTAINE]
    for row in caught:
        assert row.last_error == "lecteur_tombe"
        came_from = State(str(invariants.path_of(store, row.id)[-2]))
        with store.begin() as conn:
            documents.advance(conn, row.id, State.QUARANTAINE, came_from, actor="test")
    return len(caught)
