"""Turns: what only one process of the house does at a time, by advisory locks of the database.

`wait` ends with a transaction; `alone` and `tried` hold a connection of their own and end
with it, so that long work needs no open transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import InterfaceError, OperationalError

from store.engine import spoken

_NAME = "hashtextextended(:name, 2)"


def wait(conn: Connection, name: str) -> None:
    """Hold the turn `name` until the transaction ends, after whoever holds it."""
    _ask(conn, f"pg_advisory_xact_lock({_NAME})", name)


@contextmanager
def alone(engine: Engine, name: str) -> Iterator[Connection]:
    """The turn `name`, after whoever holds it, and the connection that holds it.

    Raises Unavailable("base_indisponible")."""
    with spoken(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        _ask(conn, f"pg_advisory_lock({_NAME})", name)
        try:
            yield conn
        finally:
            _let_go(conn, name)


@contextmanager
def tried(engine: Engine, name: str) -> Iterator[Connection | None]:
    """The connection that holds the turn `name`, or None where another process has it; held until left,
    and lost with the connection: `still_ours` tells. Raises Unavailable."""
    with spoken(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        ours = bool(_ask(conn, f"pg_try_advisory_lock({_NAME})", name))
        try:
            yield conn if ours else None
        finally:
            if ours:
                _let_go(conn, name)


def still_ours(conn: Connection) -> None:
    """Raises unless the connection that holds a turn is alive: to be asked before what cannot be undone."""
    conn.execute(text("SELECT 1"))


def _ask(conn: Connection, call: str, name: str) -> Any:
    return conn.execute(text(f"SELECT {call}"), {"name": name}).scalar_one()


def _let_go(conn: Connection, name: str) -> None:
    if not conn.invalidated:  # a lost connection has let go already
        with suppress(OperationalError, InterfaceError):
            _ask(conn, f"pg_advisory_unlock({_NAME})", name)
