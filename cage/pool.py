"""A pool of warm children: one call each at a time, first come, first served.

A child that crashed, went too far or served enough is replaced by the pool's own thread, so that a
caller never waits for another's fault longer than one start.
"""

import importlib
import queue
import tempfile
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import structlog

from cage import landlock, sandbox
from cage.calls import ROOMS, Call, seconds_for
from cage.limits import Limits
from cage.process import Child, Fault
from cage.source import Source, sealed
from domain.errors import Failed, Refused, Unavailable

log = structlog.get_logger("cage")
_MAX_FAILED_STARTS = 3


class _Waiter:
    """A place in the queue: the child that comes, or why none will."""

    def __init__(self) -> None:
        self._came = threading.Event()
        self._child: Child | None = None
        self._error: Exception | None = None

    def give(self, child: Child) -> None:
        self._child = child
        self._came.set()

    def fail(self, error: Exception) -> None:
        self._error = error
        self._came.set()

    def wait(self) -> Child:
        self._came.wait()
        if self._child is None:
            raise self._error or RuntimeError("nothing came")
        return self._child


class Pool:
    """`size` children. `readable`: more folders that they may see (an operator's own forms).

    `calls` and `rooms` name the closed list and the packages; tests give their own, production none.
    `holds`: what may hold the children besides rlimits; the first that works here does.
    """

    def __init__(
        self,
        size: int,
        *,
        limits: Limits | None = None,
        readable: Sequence[Path] = (),
        calls: str = "cage.calls:CALLS",
        rooms: Sequence[str] = ROOMS,
        holds: Sequence[str] = ("bubblewrap", "landlock"),
    ) -> None:
        self.size = size
        self.limits = limits or Limits()
        module, _, name = calls.partition(":")
        self._table: Mapping[str, Call] = getattr(importlib.import_module(module), name)
        self._calls = calls
        folders, roots = sandbox.places(rooms)
        tried = "bubblewrap" in holds
        prefix = sandbox.bubblewrap(folders, readable, self.limits.scratch) if tried else None
        self._prefix = prefix or []
        self._scratch = None if prefix else tempfile.TemporaryDirectory(prefix="cage-")
        scratch = self._scratch.name if self._scratch else sandbox.SCRATCH
        self._environment = sandbox.environment(roots, scratch)
        held = prefix is None and "landlock" in holds and landlock.abi() > 0
        self._within = sandbox.within(folders, readable, scratch) if held else None
        self._lock = threading.Lock()
        self._warming = threading.Lock()
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._waiters: deque[_Waiter] = deque()
        self._wanted: queue.SimpleQueue[threading.Event | None] = queue.SimpleQueue()
        self._closed = False
        self._keep_warm = False
        self.missing: list[str] = []
        self.faults: dict[str, int] = {}
        self.started = 0
        self.peak = 0
        self._keeper = threading.Thread(target=self._keep, name="cage-keeper", daemon=True)
        self._keeper.start()
        for _ in range(size):
            self._wanted.put(threading.Event())

    @property
    def sandbox(self) -> str:
        """What holds the children: `bubblewrap` or `landlock` (no network, few files), else `rlimits`."""
        return "bubblewrap" if self._prefix else "landlock" if self._within else "rlimits"

    def call(self, name: str, source: Source, /, **arguments: Any) -> tuple[dict[str, Any], list[bytes]]:
        """Runs `name` on the bytes of `source` (a descriptor, a path, bytes or None) in a child.

        Returns its result and its blobs. Raises Refused where the file is at fault, Failed where the
        call crashed (lecteur_tombe), took too much (lecture_trop_lourde) or too long
        (lecture_trop_longue), Unavailable where no child can be had. Safe from several threads.
        """
        call = self._table.get(name)
        if call is None:
            raise Failed("appel_inconnu")
        seconds = seconds_for(call, arguments, self.limits.seconds_a_page, self.limits.max_seconds)
        with sealed(source, self.limits.file_size) as file:
            child = self._take()
            try:
                result: tuple[dict[str, Any], list[bytes]] = child.call(name, file, arguments, seconds)
            except Refused:
                self._note(child)
                self._give_back(child)
                raise
            except Fault as fault:
                # whoever broke a child waits for the next one: a run of poison must not empty the pool
                self._discard(child).wait(self.limits.start_seconds)
                if self._closed:
                    raise Unavailable("lecteur_tombe", "La cage se ferme.") from None
                self._note(child)
                self.faults[fault.code] = self.faults.get(fault.code, 0) + 1
                log.warning("cage_fault", call=name, code=fault.code, **fault.facts)
                raise Failed(fault.code, fault.detail) from None
            except BaseException:
                self._discard(child)
                raise
        self._note(child)
        self._give_back(child)
        return result

    def warm(self) -> list[str]:
        """Loads the decoders in every child, now and in those to come. The calls that cannot be."""
        self._keep_warm = True
        with self._warming:
            taken: list[Child] = []
            try:
                taken.extend(self._take() for _ in range(self.size))
                for child in [each for each in taken if not each.warm]:
                    try:
                        self.missing = child.prepare()
                    except Fault as fault:
                        taken.remove(child)
                        self._discard(child)
                        raise Unavailable("lecteur_tombe", "La cage ne se prépare pas.") from fault
            finally:
                for child in taken:
                    self._give_back(child)
        return self.missing

    def health(self) -> dict[str, Any]:
        """For /readyz: no content, no name of a file."""
        with self._lock:
            children = len(self._idle) + len(self._busy)
        return {
            "sandbox": self.sandbox,
            "size": self.size,
            "children": children,
            "faults": dict(self.faults),
            "peak_bytes": self.peak,
            "missing": list(self.missing),
        }

    def close(self) -> None:
        """Kills every child and answers every waiter. May be called twice."""
        with self._lock:
            self._closed = True
            idle, busy = list(self._idle), list(self._busy)
            self._idle.clear()
            waiters = list(self._waiters)
            self._waiters.clear()
        for waiter in waiters:
            waiter.fail(Unavailable("lecteur_tombe", "La cage se ferme."))
        for child in busy:
            child.kill()
        for child in idle:
            child.stop()
        self._wanted.put(None)
        if threading.current_thread() is not self._keeper:
            self._keeper.join(timeout=30)
        if self._scratch:
            self._scratch.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _note(self, child: Child) -> None:
        self.peak = max(self.peak, child.peak)

    def _take(self) -> Child:
        with self._lock:
            if self._closed:
                raise Unavailable("lecteur_tombe", "La cage est fermée.")
            while self._idle and not self._waiters:
                child = self._idle.pop()
                if child.alive():
                    self._busy.add(child)
                    return child
                child.stop()
                self._wanted.put(threading.Event())
            waiter = _Waiter()
            self._waiters.append(waiter)
        return waiter.wait()

    def _offer(self, child: Child) -> bool:
        """To the one who waits longest, else to the shelf. False: the pool is closed."""
        with self._lock:
            self._busy.discard(child)
            if self._closed:
                return False
            if self._waiters:
                self._busy.add(child)
                self._waiters.popleft().give(child)
            else:
                self._idle.append(child)
        return True

    def _give_back(self, child: Child) -> None:
        if child.spent():
            self._discard(child)
        elif not self._offer(child):
            child.stop()

    def _discard(self, child: Child) -> threading.Event:
        """Stops it and asks for another; the event tells when that one is there."""
        with self._lock:
            self._busy.discard(child)
        child.stop()
        replaced = threading.Event()
        self._wanted.put(replaced)
        if self._closed:
            replaced.set()
        return replaced

    def _keep(self) -> None:
        failed = 0
        while (wanted := self._wanted.get()) and not self._closed:
            try:
                child = Child(self._prefix, self._environment, self._calls, self.limits, self._within)
                self.started += 1
                if self._keep_warm:
                    self.missing = child.prepare()
            except (OSError, Fault) as error:
                failed += 1
                log.error("cage_start", error=str(error), failed=failed)
                if failed >= _MAX_FAILED_STARTS:
                    self._give_up()
                time.sleep(min(0.2 * failed, 5.0))
                self._wanted.put(wanted)
                continue
            failed = 0
            if not self._offer(child):
                child.stop()
            wanted.set()
        while not self._wanted.empty():
            if left := self._wanted.get():
                left.set()

    def _give_up(self) -> None:
        """No child starts: those who wait hear so now, rather than wait for ever."""
        with self._lock:
            waiters = list(self._waiters)
            self._waiters.clear()
        for waiter in waiters:
            waiter.fail(Unavailable("lecteur_tombe", "La cage ne démarre pas."))
