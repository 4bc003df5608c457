"""Technical logs: JSON lines made of allowed keys alone.

A key that is not in ALLOWED is dropped, an exception is told by its type and places and never by its
message (a database quotes the values it refuses). So no NIR, name or text of a sheet gets there.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

_ALLOWED = (
    "event level timestamp method route status ms bytes role sender document lot task code incident error"
    " where state count component stage to call timer counted failed"
)
ALLOWED = frozenset(_ALLOWED.split())
_ROOT = Path(__file__).resolve().parent.parent


def _only_allowed(_: Any, __: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in entry.items() if key in ALLOWED}


def configure(level: int = logging.INFO) -> None:
    """Once a process: our lines on stderr, and the libraries' warnings in the same shape."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # found at each line, so that a test or a supervisor may replace the stream
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_Bridge()]
    root.setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").disabled = True
    # it warns of each try that it repeats by itself, as while the store starts; what fails in the end is raised
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


def event(name: str, **facts: Any) -> None:
    structlog.get_logger().info(name, **facts)


def fault(name: str, error: BaseException, **facts: Any) -> None:
    """An exception without its message: type and places only."""
    structlog.get_logger().error(name, error=type(error).__name__, where=places(error), **facts)


def places(error: BaseException) -> list[str]:
    """`api/x.py:12 name`, innermost last, eight at most."""
    found = []
    for frame in traceback.extract_tb(error.__traceback__)[-8:]:
        path = Path(frame.filename)
        short = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else Path(path.name)
        found.append(f"{short}:{frame.lineno} {frame.name}")
    return found


class _Bridge(logging.Handler):
    """What libraries log: their name and the place, since their message may quote data."""

    def emit(self, record: logging.LogRecord) -> None:
        facts: dict[str, Any] = {"component": record.name, "where": f"{record.filename}:{record.lineno}"}
        if record.exc_info and record.exc_info[1] is not None:
            facts["error"] = type(record.exc_info[1]).__name__
        structlog.get_logger().warning("bibliotheque", **facts)
