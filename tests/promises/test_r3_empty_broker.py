"""R3: the broker emptied at random while documents flow: nothing lost, all done within 60 s."""

import random
import time

import pytest
import redis

from store.house import Store
from tests.promises import feuilles, invariants
from tests.promises.conftest import Form
from tests.promises.flowing import deposit_all, worker

DOCUMENTS, WITHIN = 8, 60.0


@pytest.mark.timeout(7200)
def test_r3_what_the_broker_forgets_is_rung_again(own_buckets: Store, form: Form) -> None:
    rounds, slowest = form.count(1, 20), 0.0
    store, dice = own_buckets, random.Random(3)
    feuilles.load_people(store, DOCUMENTS * rounds)
    with worker(store), redis.Redis.from_url(store.settings.broker_url) as broker:
        for turn in range(rounds):
            ids = deposit_all(
                store, [feuilles.sheet(turn * DOCUMENTS + n, n) for n in range(DOCUMENTS)]
            )  # fmt: skip
            began = time.monotonic()
            for _ in range(5):
                time.sleep(dice.uniform(0.05, 0.6))
                broker.flushall()
            invariants.quiet(store, WITHIN)
            slowest = max(slowest, time.monotonic() - began)
            broker.flushall()
            invariants.every_receipt_ends(store, ids)
        # the bell is heard again by itself, and not by the sweep alone
    invariants.check(store)
    form.tell("R3", f"{rounds} rounds of {DOCUMENTS} documents, broker emptied {5 * rounds} times, "
              f"all done within {slowest:.1f} s at most")  # fmt: skip
