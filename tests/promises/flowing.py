"""Documents that flow: a real Celery worker with its timers, in a process of its own that may be killed."""

import contextlib
import os
import signal
import time
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from api import logs
from store.house import Store
from tests.promises import feuilles
from tests.promises.windows import forks, house_of

LEASE, SWEEP = 1.0, 0.5


def settings_of(store: Store) -> dict[str, Any]:
    return {
        "bucket_prefix": store.objects.prefix, "lease_seconds": LEASE, "sweep_seconds": SWEEP,
        "seal_seconds": 2, "retention_minutes": 30,
    }  # fmt: skip


def work(home: Path, overrides: Mapping[str, Any], cage: Any, log: Path | None = None) -> None:
    """A worker as the command line starts it, but for its cage. `log`: where its lines go."""
    from workers.tasks import celery_app
    from workers.timers import Timers

    warnings.simplefilter("ignore")  # Celery's about root, who runs the tests of a container
    if log is not None:
        with log.open("ab") as file:
            os.dup2(file.fileno(), 2)
        logs.configure()
    house = house_of(home, overrides, cage)
    consumer = celery_app(house).Worker(pool="threads", concurrency=2, loglevel="ERROR", quiet=True)
    with Timers(house):
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        consumer.start()


class Worker:
    """One worker process at a time; `kill` is kill -9."""

    def __init__(self, store: Store, cage: Any = None, log: Path | None = None, **settings: Any) -> None:
        overrides = settings_of(store) | settings
        self._arguments = (store.settings.home, overrides, cage or feuilles.Recorded(), log)
        self.process = self._new()

    def _new(self) -> Any:
        process = forks.Process(target=work, args=self._arguments)
        process.start()
        return process

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.join()
        assert self.process.exitcode == -signal.SIGKILL, "it had ended by itself"
        self.process.close()

    def again(self) -> None:
        self.process = self._new()


@contextlib.contextmanager
def worker(store: Store, cage: Any = None, log: Path | None = None, **settings: Any) -> Iterator[Worker]:
    made = Worker(store, cage, log, **settings)
    try:
        yield made
        assert made.process.is_alive(), "the worker ended by itself"
    finally:
        made.kill()


def deposit_all(store: Store, sheets: list[bytes], pause: float = 0.0) -> list[str]:
    ids = []
    for data in sheets:
        ids.append(feuilles.put(store, data).id)
        time.sleep(pause)
    return ids
