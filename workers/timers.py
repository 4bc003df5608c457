"""What happens by the clock: each timer a thread, each turn under an advisory lock, so that many workers
do it once."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType

import structlog
from sqlalchemy import select

from archive.journal_seal import seal_pending
from domain.errors import LiasseError
from ingest import lots, sweeping
from ingest.hotfolder import HotFolder
from store import contents, documents, turns
from store.house import Store
from store.tables import contents as rows
from workers.delivery import deliver
from workers.echeances import pay_elapsed
from workers.house import House
from workers.waiting import wake_due

log = structlog.get_logger("timers")
OUTBOX_SECONDS = 1.0
BEAT_SECONDS = 5.0
CLEAN_SECONDS = 60.0
LOTS_SECONDS = 5.0
DUE_SECONDS = 60.0
ORPHAN_AGE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Timer:
    name: str
    every: float
    turn: Callable[[], object]


class Timers:
    """Runs the timers of a house until left."""

    def __init__(self, house: House, beat: Callable[[], object] = lambda: None) -> None:
        self._house = house
        self._stop = threading.Event()
        self._timers = [*timers_of(house), Timer("beat", BEAT_SECONDS, beat)]
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> "Timers":
        for timer in self._timers:
            thread = threading.Thread(target=self._run, args=(timer,), name=f"timer-{timer.name}", daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=10)

    def _run(self, timer: Timer) -> None:
        while not self._stop.is_set():
            try:
                with turns.tried(self._house.store.engine, f"timer {timer.name}") as turn:
                    if turn is not None or timer.name == "beat":
                        timer.turn()
            except LiasseError as error:
                log.warning("timer_failed", timer=timer.name, code=error.code)
            except Exception as error:
                log.error("timer_crashed", timer=timer.name, error=type(error).__name__,
                          incident=uuid.uuid4().hex[:12])  # fmt: skip
            self._stop.wait(timer.every)


def timers_of(house: House) -> list[Timer]:
    store, settings = house.store, house.store.settings
    found = [
        Timer("sweep", settings.sweep_seconds, lambda: sweep(store)),
        Timer("seal", settings.seal_seconds, lambda: seal_pending(store)),
        Timer("outbox", OUTBOX_SECONDS, lambda: deliver(house)),
        Timer("lots", LOTS_SECONDS, lambda: lots.watch(store)),
        Timer("due", DUE_SECONDS, lambda: wake_due(house)),
        Timer("instalments", DUE_SECONDS, lambda: pay_elapsed(house)),
        Timer("clean", CLEAN_SECONDS, lambda: clean(store)),
    ]
    if settings.hot_folder is not None:
        folder = HotFolder(store, settings.hot_folder, quiet=settings.hot_folder_seconds)
        found.append(Timer("hot_folder", 1.0, folder.scan))
    return found


def sweep(store: Store) -> None:
    """Ring again what lost its bell or its worker."""
    with store.begin() as conn:
        documents.sweep(conn, store.settings.sweep_seconds)


def clean(store: Store) -> None:
    """Take out of the inbox what is sealed, and what an interrupted deposit left there."""
    with store.begin() as conn:
        done = contents.removable(conn)
    for content in done:
        with store.begin() as conn:
            # a deposit of the same bytes may be at it: the row decides who is first
            conn.execute(select(rows.c.sha256).where(rows.c.sha256 == content.sha256).with_for_update())
            ours = bool(contents.removable(conn, content.sha256))
            if ours:
                contents.mark_removed(conn, content.sha256)
        if ours:
            store.objects.delete(contents.BUCKET, content.object_key)
            store.vault.erase(content.key_id)
    sweeping.sweep_orphans(store, ORPHAN_AGE)
