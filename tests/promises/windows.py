"""Windows: the moments just before and just after each call that leaves the process.

Window 2i-1 lies before the i-th border call, 2i after it. What others see is the same after a call and
before the next: the odd windows and the last one are all that can differ. Border calls are COMMITs,
writes to the object store (PUT, POST, DELETE), calls of the cage, rings of the bell, and the writing and
naming of what is delivered. The process that meets its window kills itself, without a word to anyone.
"""

import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import celery.app.amqp
import kombu.transport.redis
from sqlalchemy import select

import law
import law.codes
import outbound.decompte
from archive import payment
from store import clock, documents, outbox
from store.house import Store, open_store
from store.settings import load_settings
from store.tables import outbox as outbox_table
from workers import delivery
from workers.house import House
from workers.runner import run
from workers.stages import STAGES

_WARM = (celery.app.amqp, kombu.transport.redis, outbound.decompte, law.load(), law.codes.ccam())
"""Loaded once, before the forks."""
forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload([__name__, "tests.promises.feuilles", "workers.tasks", "workers.timers"])
"""Children are forks of one warm process that has no threads, and hold no connection of ours."""


class Windows:
    """Counts border calls, and dies at the window `deadly` (0: at none)."""

    def __init__(self, deadly: int) -> None:
        self.deadly, self.passed = deadly, 0
        self.calls: list[str] = []

    def around(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            if threading.current_thread() is not threading.main_thread():
                return call(*args, **kwargs)  # a lease renewed: at no fixed moment
            self.calls.append(name)
            self._pass()
            done = call(*args, **kwargs)
            self._pass()
            return done

        return watched

    def _pass(self) -> None:
        self.passed += 1
        if self.passed == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)


def watch(store: Store, cage: Any, windows: Windows) -> None:
    """Put the windows around every border call of this process, for good: it is a child's."""
    dialect, pool, bell = store.engine.dialect, store.objects._pool, store.bell._app
    dialect.do_commit = windows.around("commit", dialect.do_commit)  # type: ignore[method-assign]
    ask = pool.urlopen
    watched = windows.around("s3", ask)

    def urlopen(method: str, *args: Any, **kwargs: Any) -> Any:
        return (watched if method in ("PUT", "POST", "DELETE") else ask)(method, *args, **kwargs)

    pool.urlopen = urlopen  # type: ignore[method-assign]
    cage.call = windows.around("cage", cage.call)
    bell.send_task = windows.around("ring", bell.send_task)
    delivery._write = windows.around("delivery", delivery._write)
    Path.rename = windows.around("rename", Path.rename)  # type: ignore[assignment,method-assign]


def house_of(home: Path, overrides: Mapping[str, Any], cage: Any) -> House:
    """The house in a process of its own, on servers that run already."""
    return House(open_store(load_settings(home, **overrides), migrate=False), cage)


def runner_alone(
    home: Path, overrides: Mapping[str, Any], cage: Any, document_id: str, deadly: int, told: Any = None
) -> None:
    """Take one document as far as it goes, stage after stage, then deliver what it ordered."""
    house = house_of(home, overrides, cage)
    windows = Windows(deadly)
    watch(house.store, cage, windows)
    outbox.pending = _only(document_id)
    payment.now = _late_clock
    step(house, document_id)
    if told is not None:
        told.put(windows.calls)


def step(house: House, document_id: str) -> None:
    for _ in range(12):
        with house.store.engine.connect() as conn:
            document = documents.load(conn, document_id)
        if document.stage is None or not run(house, STAGES, document_id, document.stage):
            break
    while delivery.deliver(house):
        pass


def _late_clock() -> datetime:
    """At the payment it is later than at the sealing, and the lock is asked anew: however long the way took,
    there are as many calls in every run."""
    return clock.now() + timedelta(minutes=10)


def _only(document_id: str) -> Callable[..., list[outbox.Message]]:
    """The outbox as if this document were alone: others are being tried at the same time."""

    def pending(conn: Any, kinds: Any = None, limit: int = 20) -> list[outbox.Message]:
        t = outbox_table
        query = select(t).where(t.c.sent_at.is_(None), t.c.document_id == document_id).limit(limit)
        rows = conn.execute(query.with_for_update(skip_locked=True))
        return [outbox.Message(**row._mapping) for row in rows]

    return pending


@contextmanager
def child(target: Callable[..., None], *args: Any) -> Iterator[Any]:
    """A forked process, ended and forgotten at the end."""
    process = forks.Process(target=target, args=args, daemon=True)
    process.start()
    try:
        yield process
    finally:
        if process.is_alive():
            process.kill()
        process.join()
        process.close()


def batches(size: int) -> Iterator[range]:
    return (range(first, first + size) for first in itertools.count(1, size))
