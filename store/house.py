"""The open house: settings, database, objects, keys and bell, held together."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.errors import Unavailable
from store import migrations, turns
from store.bell import Bell
from store.documents import RINGS
from store.objects import Objects
from store.settings import BadSettings, Settings
from store.vault import Vault


@dataclass(frozen=True, slots=True)
class Store:
    settings: Settings
    engine: Engine
    objects: Objects
    vault: Vault
    bell: Bell

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction: committed at the end, rolled back on an exception; then the bells ring.

        Raises Unavailable("base_indisponible" or "disque_plein") where the database fails.
        """
        rings: list[tuple[str, str]] = []
        with _spoken(), self.engine.begin() as conn:
            info = conn.info  # out of reach once the connection is lost
            info[RINGS] = rings
            try:
                yield conn
            finally:
                info.pop(RINGS, None)
        self.bell.ring_all(rings)

    def close(self) -> None:
        self.engine.dispose()
        self.bell.close()
        self.objects.close()


@contextmanager
def _spoken() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        full = getattr(error.orig, "sqlstate", None) == "53100"
        raise Unavailable("disque_plein" if full else "base_indisponible") from error
    except PoolTimeout as error:  # every connection is taken: no document is to blame
        raise Unavailable("base_indisponible") from error


def connect(settings: Settings) -> Engine:
    """An engine on `settings.database_url`; opens no connection yet."""
    if not settings.database_url:
        raise BadSettings("LIASSE_DATABASE_URL manque, et aucun serveur ne tourne : ./liasse serve")
    url = settings.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=24,
        pool_timeout=10,
        connect_args={"connect_timeout": 3, "options": "-c timezone=UTC -c lock_timeout=20s"},
    )


def open_store(settings: Settings, *, migrate: bool = True) -> Store:
    """Connect to everything; bring the schema up to date and make the buckets where needed."""
    engine = connect(settings)
    objects = Objects(
        settings.s3_endpoint, settings.s3_access_key, settings.s3_secret_key, settings.bucket_prefix
    )
    if migrate:
        with _spoken():
            migrations.migrate(engine)
        objects.make_buckets()
    vault = Vault(objects, settings.master_key, partial(turns.alone, engine))
    return Store(settings, engine, objects, vault, Bell(settings.broker_url))
