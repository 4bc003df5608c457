"""R1: SIGKILL before and after the n-th border call, n = 1, 2, 3... until none fires.

One document, through its whole way, by the stage runner alone; the servers stay up. A document a window,
each killed once at its own, then finished by a fresh runner once the dead one's lease is over. Short: the
windows that differ for anyone outside (windows.py); long: each side of each call.
"""

import signal
import time
from collections import Counter
from typing import Any

import pytest

from archive.journal_seal import seal_pending
from domain.flow import State
from store import documents, money, payments, seals
from store.house import Store
from tests.promises import feuilles, invariants
from tests.promises.conftest import Form
from tests.promises.windows import batches, child, forks, runner_alone, step
from workers.house import House

LEASE = 0.4
AT_ONCE = 3
BATCH = 24


@pytest.mark.timeout(7200)
def test_r1_killed_at_any_border_call_it_ends_as_if_nothing_had_happened(
    own_buckets: Store, form: Form
) -> None:
    store, began = own_buckets, time.monotonic()
    overrides = {
        "bucket_prefix": store.objects.prefix, "lease_seconds": LEASE, "sweep_seconds": 1,
        "retention_minutes": 30,
    }  # fmt: skip
    most = 400
    feuilles.load_people(store, most)

    def arguments(document_id: str, deadly: int) -> tuple[Any, ...]:
        return (store.settings.home, overrides, feuilles.Recorded(), document_id, deadly)

    whole = feuilles.put(store, feuilles.sheet(0, 0)).id
    told = forks.SimpleQueue()
    with child(runner_alone, *arguments(whole, 0), told) as process:
        process.join(60)
        assert process.exitcode == 0
    calls = told.get()
    expected = end_of(store, whole)
    assert expected["status"] == State.ORDONNANCE

    killed: dict[str, int] = {}
    survived: list[int] = []
    for windows in batches(BATCH):
        ids = {n: feuilles.put(store, feuilles.sheet(n % most, 0, copy=n)).id
               for n in windows if form.long or n % 2 or n == 2 * len(calls)}  # fmt: skip
        for n, code in at_once(arguments, ids).items():
            if code == 0:
                survived.append(n)
            else:
                assert code == -signal.SIGKILL, f"window {n} ended by {code}"
                killed[ids[n]] = n
        if survived:
            break
    assert min(survived) == max(killed.values()) + 1, "a window was passed over"
    assert max(killed.values()) == 2 * len(calls)

    time.sleep(LEASE)
    fresh = House(store, feuilles.Recorded())
    for document_id in killed:
        step(fresh, document_id)
    for document_id, n in killed.items():
        assert end_of(store, document_id) == expected, f"window {n}: {calls[(n - 1) // 2]}"
    seal_pending(store)
    with store.begin() as conn:
        assert seals.last(conn) is not None
    invariants.check(store, [whole, *killed])
    seconds = time.monotonic() - began
    named = ", ".join(f"{count} {name}" for name, count in Counter(calls).items())
    form.tell("R1", f"{len(killed)} windows of {len(calls)} calls ({named}), one document killed at each: "
              f"{len(killed)} ended as if nothing had happened; {seconds:.0f} s")  # fmt: skip


def at_once(arguments: Any, ids: dict[int, str]) -> dict[int, int | None]:
    """A runner for each document, some at a time, each to die at its window; how each ended."""
    codes: dict[int, int | None] = {}
    waiting = list(ids.items())
    while waiting:
        some, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        running = {n: forks.Process(target=runner_alone, args=arguments(id, n)) for n, id in some}
        for process in running.values():
            process.start()
        for n, process in running.items():
            process.join(60)
            codes[n] = process.exitcode
            process.close()
    return codes


def end_of(store: Store, document_id: str) -> dict[str, Any]:
    """How a document ended, without what is its own: ids and times."""
    with store.begin() as conn:
        row = documents.load(conn, document_id)
        stored = money.decision_of(conn, document_id)
        orders = payments.of_document(conn, document_id)
    assert stored is not None
    return {
        "status": row.status,
        "way": invariants.path_of(store, document_id),
        "lines": [(line.code, line.fee, line.rate, line.paid) for line in stored.decision.lines],
        "orders": [(order.payee_kind, order.amount, order.sent_at is not None) for order in orders],
        "delivered": [
            (store.settings.home / "sortie" / "ordres" / f"{order.id}.json").is_file() for order in orders
        ],
    }
