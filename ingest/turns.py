"""Turns within a process: what would do the same work at once does it once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_turns: dict[str, tuple[threading.Lock, int]] = {}
_turns_lock = threading.Lock()


@contextmanager
def one_at_a_time(sha256: str) -> Iterator[None]:
    """Within a process, the same bytes one after the other: a hundred at once are stored once.

    Between processes the unique constraints decide; this only spares work."""
    with _turns_lock:
        lock, users = _turns.get(sha256, (threading.Lock(), 0))
        _turns[sha256] = (lock, users + 1)
    try:
        with lock:
            yield
    finally:
        with _turns_lock:
            lock, users = _turns[sha256]
            if users == 1:
                del _turns[sha256]
            else:
                _turns[sha256] = (lock, users - 1)
