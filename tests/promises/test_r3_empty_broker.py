"""R3: the broker emptied at random while documents flow: nothing lost, all done within 60 s."""

import random
import time

import pytest
import redis

from store.house import Store
from tests.promises import feuilles, invariants
from tests.promises.flowing import deposit_all, worker

DOCUMENTS, WITHIN = 8, 60.0


@pytest.mark.timeout(1800)
def test_r3_what_the_broker_forgets_is_rung_again(own_buckets: Store, request: pytest.FixtureRequest) -> None:
    rounds = 20 if request.config.getoption("--long") else 1
    store, dice = own_buckets, random.Random(3)
    feuilles.load_people(store, DOCUMENTS * rounds)
    with worker(store), redis.Redis.from_url(store.settings.broker_url) as broker:
        for turn in range(rounds):
            ids = deposit_all(
                store, [feuilles.sheet(turn * DOCUMENTS + n, n) for n in range(DOCUMENTS)]
            )  # fmt: skip
            began, emptied = time.monotonic(), 0
            for _ in range(5):
                time.sleep(dice.uniform(0.05, 0.6))
                broker.flushall()
                emptied += 1
            took = invariants.quiet(store, WITHIN)
            print(f"\nR3: {DOCUMENTS} documents, broker emptied {emptied} times, quiet after {took:.1f} s "
                  f"({time.monotonic() - began:.1f} s in all)")  # fmt: skip
            broker.flushall()
            invariants.every_receipt_ends(store, ids)
        # the bell is heard again by itself, and not by the sweep alone
    invariants.check(store)
