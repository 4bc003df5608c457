"""The open house: settings, database, objects, keys and bell, held together."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine

from store import migrations, turns
from store.bell import Bell
from store.documents import RINGS
from store.engine import connect, spoken
from store.objects import Objects
from store.settings import Settings
from store.vault import Vault


@dataclass(frozen=True, slots=True)
class Store:
    settings: Settings
    engine: Engine
    objects: Objects
    vault: Vault
    bell: Bell

    @property
    def scratch(self) -> Path:
        """Where plain bytes may lie for a while, in files without a name: this user's alone."""
        folder = self.settings.home / "tmp"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction: committed at the end, rolled back on an exception; then the bells ring.

        Raises Unavailable("base_indisponible" or "disque_plein") where the database fails.
        """
        rings: list[tuple[str, str]] = []
        with spoken(), self.engine.begin() as conn:
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


def open_store(settings: Settings, *, migrate: bool = True) -> Store:
    """Connect to everything; bring the schema up to date and make the buckets where needed."""
    engine = connect(settings)
    objects = Objects(
        settings.s3_endpoint, settings.s3_access_key, settings.s3_secret_key, settings.bucket_prefix
    )
    if migrate:
        with spoken():
            migrations.migrate(engine)
        objects.make_buckets()
    vault = Vault(objects, settings.master_key, partial(turns.alone, engine))
    return Store(settings, engine, objects, vault, Bell(settings.broker_url))
