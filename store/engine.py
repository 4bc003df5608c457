"""Connections to PostgreSQL, and how their failures are told."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.errors import Unavailable
from store.settings import BadSettings, Settings

KEPT = 8
OTHERS = 24
"""Connections of requests and timers at once."""
A_CHILD = 3
"""Connections that one document at work may hold: its own, its sealing's turn, its key's turn."""


def connect(settings: Settings) -> Engine:
    """An engine on `settings.database_url`; opens no connection yet."""
    if not settings.database_url:
        raise BadSettings("LIASSE_DATABASE_URL manque, et aucun serveur ne tourne : ./liasse serve")
    url = settings.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    children = settings.cage_children or os.cpu_count() or 1
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=KEPT,
        max_overflow=OTHERS - KEPT + A_CHILD * children,
        pool_timeout=10,
        connect_args={"connect_timeout": 3, "options": "-c timezone=UTC -c lock_timeout=20s"},
    )


@contextmanager
def spoken() -> Iterator[None]:
    """What fails of the database is Unavailable("base_indisponible" or "disque_plein"): no document is to
    blame, and nothing counts as an attempt."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        full = getattr(error.orig, "sqlstate", None) == "53100"
        raise Unavailable("disque_plein" if full else "base_indisponible") from error
    except PoolTimeout as error:  # every connection is taken
        raise Unavailable("base_indisponible") from error
