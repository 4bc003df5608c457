"""A watched folder: what is dropped there is deposited, and removed once its receipt is durable.

    left alone      hidden, .part and the like, links, what is no ordinary file, empty files
    waited for      a file that still changes, or that a process holds open for writing
    deposited       by the folder's own sender; the source goes if it is still the one that was read
    rejected        what cannot be taken: its bytes are kept with the reason, then the source goes
    kept            whatever else happens: the next scan tries again

Two watchers at once, or one killed between receipt and removal, deposit the same bytes again, which
is the same deposit. Names of files are never kept nor logged: people put names of patients there.
"""

import contextlib
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from domain.errors import Refused, Unavailable
from ingest.deposits import deposit, reject
from store.house import Store
from store.senders import Sender, house_sender

log = structlog.get_logger("hot_folder")
SOURCE = "dossier_surveille"
UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".tmp", ".temp", ".lock", ".swp", "~")
PREFIXES = (".", "~$")
MAX_DEPTH = 8

Mark = tuple[int, int, int, int]
"""Device, inode, size, modification (ns): the same, and it is the same file, unchanged."""


@dataclass(slots=True)
class Scan:
    """What one look at the folder did. `receipts`: ids of the documents."""

    taken: int = 0
    again: int = 0
    rejected: int = 0
    waiting: int = 0
    left: int = 0
    kept: int = 0
    receipts: list[str] = field(default_factory=list)


class HotFolder:
    """Watches `folder`. `quiet`: seconds without change before a file is taken.

    `scan` reads the whole folder each time: there is no event to miss."""

    def __init__(self, store: Store, folder: Path, *, quiet: float = 2.0) -> None:
        self._store, self._folder, self._quiet = store, folder, quiet
        self._since: dict[Mark, float] = {}
        self._refused: set[Mark] = set()  # too big even to be kept: read once, and not again as it is

    def scan(self) -> Scan:
        """Looks once at everything. Raises nothing for a file; Unavailable if the database is away."""
        done = Scan()
        seen: dict[Mark, float] = {}
        with self._store.begin() as conn:
            sender = house_sender(conn, SOURCE)
        ready: list[tuple[int, str, Mark]] = []
        with contextlib.ExitStack() as stack:
            for directory, name in _files(self._folder, stack):
                mark = _mark_of(name, directory, done)
                if mark is None:
                    continue
                seen[mark] = self._since.get(mark, time.monotonic())
                if time.monotonic() - seen[mark] < self._quiet:
                    done.waiting += 1
                else:
                    ready.append((directory, name, mark))
            self._since = seen
            self._refused &= seen.keys()
            writing = _open_for_writing() if ready else set()
            for directory, name, mark in ready:
                if mark in self._refused:
                    done.kept += 1
                elif mark[:2] in writing:
                    done.waiting += 1
                else:
                    self._take(sender, directory, name, mark, done)
        return done

    def _take(self, sender: Sender, directory: int, name: str, mark: Mark, done: Scan) -> None:
        try:
            file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=directory)
        except OSError:
            done.kept += 1
            return
        with open(file, "rb", buffering=0) as source:
            try:
                # the other watcher, if there is one, is at it; what it removed has no link left
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                done.waiting += 1
                return
            status = os.fstat(file)
            if status.st_nlink != 1 or _mark(status) != mark or not stat.S_ISREG(status.st_mode):
                done.waiting += 1
                return
            try:
                self._deposit(sender, source, mark[2], done)
            except (Refused, Unavailable) as error:
                done.kept += 1
                if error.code == "fichier_trop_gros":
                    self._refused.add(mark)
                log.warning("hot_folder_kept", code=error.code)
                return
            except OSError as error:
                done.kept += 1
                log.warning("hot_folder_kept", error=type(error).__name__)
                return
            if not _remove(name, directory, mark):
                done.kept += 1

    def _deposit(self, sender: Sender, source: object, size: int, done: Scan) -> None:
        try:
            receipt = deposit(self._store, sender, source, length=size, source=SOURCE)  # type: ignore[arg-type]
            done.again += not receipt.created
            done.taken += receipt.created
        except Refused as refusal:
            if refusal.code == "envoi_incomplet":
                raise  # it changed while it was read: not what was dropped
            source.seek(0)  # type: ignore[attr-defined]
            receipt = reject(self._store, sender, source, refusal.code, source=SOURCE)  # type: ignore[arg-type]
            done.rejected += 1
            log.info("hot_folder_rejected", code=refusal.code, document=receipt.id)
        done.receipts.append(receipt.id)


def _files(folder: Path, stack: contextlib.ExitStack) -> Iterator[tuple[int, str]]:
    """Each name with the open folder that holds it; folders that are links are not entered."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        waiting = [(os.open(folder, flags), 0)]
    except OSError as error:
        log.error("hot_folder_away", error=type(error).__name__)
        return
    while waiting:
        directory, depth = waiting.pop()
        stack.callback(os.close, directory)
        for name in sorted(os.listdir(directory)):
            if name.startswith(PREFIXES):
                continue
            try:
                inner = os.open(name, flags, dir_fd=directory) if depth < MAX_DEPTH else -1
            except OSError:
                inner = -1
            if inner >= 0:
                waiting.append((inner, depth + 1))
            else:
                yield directory, name


def _mark(status: os.stat_result) -> Mark:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _mark_of(name: str, directory: int, done: Scan) -> Mark | None:
    """None for what is left alone. A second hard link is a link too: it may name anyone's file."""
    try:
        status = os.stat(name, dir_fd=directory, follow_symlinks=False)
    except OSError:
        return None
    if (
        not stat.S_ISREG(status.st_mode)
        or status.st_nlink != 1
        or status.st_size == 0
        or name.lower().endswith(UNFINISHED)
    ):
        done.left += 1
        return None
    return _mark(status)


def _remove(name: str, directory: int, mark: Mark) -> bool:
    """Removes the source if the name still means what was read; what came since stays."""
    try:
        if _mark(os.stat(name, dir_fd=directory, follow_symlinks=False)) != mark:
            return False
        os.unlink(name, dir_fd=directory)
    except FileNotFoundError:
        return True
    except OSError as error:
        log.warning("hot_folder_not_removed", error=type(error).__name__)
        return False
    return True


def _open_for_writing() -> set[tuple[int, int]]:
    """Files (device, inode) that some process holds open for writing, as far as /proc tells us."""
    found: set[tuple[int, int]] = set()
    for process in os.listdir("/proc"):
        if not process.isdigit():
            continue
        with contextlib.suppress(OSError):
            for number in os.listdir(f"/proc/{process}/fd"):
                with contextlib.suppress(OSError):
                    status = os.stat(f"/proc/{process}/fd/{number}")
                    if stat.S_ISREG(status.st_mode) and _writes(f"/proc/{process}/fdinfo/{number}"):
                        found.add((status.st_dev, status.st_ino))
    return found


def _writes(info: str) -> bool:
    with open(info) as lines:
        flags = next((int(line.split()[1], 8) for line in lines if line.startswith("flags:")), 0)
    return flags & os.O_ACCMODE != os.O_RDONLY
