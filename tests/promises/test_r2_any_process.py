"""R2, long: kill -9 of any process, drawn at random, while documents flow: the worker, whoever deposits, the
broker, the object store, the database or one of its backends. 0 lost, 0 doubled.

In a house of its own, whose servers are started again over their data as the command does (cli/embedded.py).
Whoever deposits sends again until he has a receipt, as a station does. (Short: the worker alone,
test_r2_killed_workers.py; each process once, tests/cli/test_service.py.)"""

import contextlib
import os
import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import psutil
import pytest

from cli.embedded import Servers
from domain.errors import Unavailable
from domain.flow import State
from store.house import Store, open_store
from store.settings import load_settings
from tests.promises import feuilles, invariants
from tests.promises.conftest import Form
from tests.promises.flowing import Worker, settings_of
from tests.promises.test_r2_killed_workers import SHEETS_EACH, send_back
from tests.promises.windows import forks, house_of

WHO = ("worker", "depositor", "valkey", "weed", "postgres", "backend")
RETRY = 0.3


def deposit_all(home: Path, overrides: dict[str, object], first: int, number: int, persons: int) -> None:
    """A station: each sheet until it has its receipt, which is written beside the store."""
    store = house_of(home, overrides, None).store
    for n in range(first, number):
        while True:
            try:
                id = feuilles.put(store, feuilles.sheet(n % persons, n // persons)).id
            except Unavailable:
                time.sleep(RETRY)
                continue
            with (home / "receipts.txt").open("a") as file:
                file.write(f"{n} {id}\n")
            break


class Station:
    """The depositing process, one at a time; each starts where the receipts end."""

    def __init__(self, store: Store, number: int, persons: int) -> None:
        self._store, self._number, self._persons = store, number, persons
        self.again()

    def receipts(self) -> dict[int, str]:
        file = self._store.settings.home / "receipts.txt"
        lines = file.read_text().splitlines() if file.exists() else []
        return {int(n): id for n, id in (line.split() for line in lines)}

    def again(self) -> None:
        home, overrides = self._store.settings.home, settings_of(self._store)
        first = len(self.receipts())
        arguments = (home, overrides, first, self._number, self._persons)
        self.process = forks.Process(target=deposit_all, args=arguments)
        self.process.start()


@pytest.fixture
def own_house() -> Iterator[tuple[Servers, Store]]:
    home = Path(tempfile.mkdtemp(prefix="lr-"))
    home.chmod(0o711)
    servers = Servers(home)
    servers.start()
    settings = load_settings(home, lease_seconds=1, sweep_seconds=0.5, seal_seconds=2, retention_minutes=60)
    store = open_store(settings)
    try:
        yield servers, store
    finally:
        store.close()
        servers.stop()
        shutil.rmtree(home, ignore_errors=True)


def strike(servers: Servers, name: str) -> None:
    """kill -9 of a server, or of a backend of the database, which takes all the others with it."""
    victim = psutil.Process(servers.pids["postgres" if name == "backend" else name])
    if name == "backend":
        victim = random.choice(victim.children() or [victim])
    with contextlib.suppress(psutil.NoSuchProcess):
        os.kill(victim.pid, signal.SIGKILL)
        if name != "backend":
            psutil.wait_procs([victim], timeout=10)
    until = time.monotonic() + 60
    while name != "backend" and not servers.revive() and time.monotonic() < until:
        time.sleep(0.1)


@pytest.mark.timeout(7200)
def test_r2_any_process_killed_nothing_is_lost_or_doubled(own_house: tuple[Servers, Store], form: Form) -> None:
    if not form.long:
        pytest.skip("the long form alone: --long")
    (servers, store), dice, began = own_house, random.Random(22), time.monotonic()
    kills, number = form.count(12, 300), form.count(48, 2_000)
    persons = number // SHEETS_EACH
    feuilles.load_people(store, persons)
    worker, station, killed = Worker(store), Station(store, number, persons), Counter[str]()
    try:
        for turn in range(kills):
            time.sleep(dice.uniform(0.2, 2.0))
            name = WHO[turn % len(WHO)] if turn < len(WHO) else dice.choice(WHO)
            if name == "depositor" and not station.process.is_alive():
                name = "worker"
            killed[name] += 1
            if name == "worker":
                worker.kill()
                worker.again()
            elif name == "depositor":
                station.process.kill()
                station.process.join()
                station.again()
            else:
                strike(servers, name)
        station.process.join(120 + number)
        assert station.process.exitcode == 0, "the station did not end by itself"
        settle(store, number)
        back = send_back(store)
        settle(store, number)
    finally:
        station.process.kill()
        worker.process.kill()
    receipts = station.receipts()
    assert len(receipts) == len(set(receipts.values())) == number
    invariants.check(store, receipts.values())
    assert [row.status for row in invariants.rows(store)] == [State.ORDONNANCE] * number
    assert set(invariants.paid(store).values()) == {SHEETS_EACH * Decimal("19.00")}
    who = ", ".join(f"{times} {name}" for name, times in sorted(killed.items()))
    form.tell("R2", f"{kills} kills of any process ({who}), {number} documents: 0 lost, 0 doubled; "
              f"{back} caught by three kills and sent back by a person; "
              f"{time.monotonic() - began:.0f} s")  # fmt: skip


def settle(store: Store, number: int) -> None:
    """Quiet, though a connection of ours may have died with the database."""
    for _ in range(20):
        try:
            invariants.quiet(store, 120 + 10 * number)
            return
        except Unavailable:
            time.sleep(RETRY)
