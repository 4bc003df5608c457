"""What every test may ask for. The servers are real, started once a session in a short directory."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import psycopg
import pytest
import redis

from cli.embedded import Servers
from cli.servers import postgres
from cli.servers.place import Place
from store import turns
from store.house import Store, open_store
from store.objects import Objects
from store.settings import Settings, load_settings
from store.tables import metadata
from store.vault import Vault

ROOT = Path(__file__).parent.parent
os.environ["LIASSE_TODAY"] = "2026-11-20"
os.environ.setdefault("OMP_THREAD_LIMIT", "1")
for _name in [name for name in os.environ if name.startswith("LIASSE_")]:
    if _name not in ("LIASSE_TODAY", "LIASSE_SHARED") and not _name.endswith("_BIN"):
        del os.environ[_name]

QUICK = {"lease_seconds": 2, "sweep_seconds": 1, "seal_seconds": 5, "retention_minutes": 2}
"""Settings of tests: leases of two seconds, locks of two minutes."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the long forms of the promises")
    parser.addoption("--share", type=float, default=1.0, help="how much of the long forms' numbers, 0 to 1")
    parser.addoption("--record", action="store_true", help="keep what each promise's test counted")


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """A home whose servers run for the whole session."""
    directory = Path(tempfile.mkdtemp(prefix="lt-"))
    directory.chmod(0o711)
    house = Servers(directory)
    house.start()
    os.environ["LIASSE_HOME"] = str(directory)
    try:
        yield directory
    finally:
        house.stop()
        del os.environ["LIASSE_HOME"]
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def settings(home: Path) -> Settings:
    return load_settings(home, **QUICK)


@pytest.fixture(scope="session")
def _open(settings: Settings) -> Iterator[Store]:
    store = open_store(settings)
    yield store
    store.close()


@pytest.fixture(scope="session")
def superuser(home: Path) -> Iterator[psycopg.Connection]:
    place = Place(home, Path(Servers(home).sockets))
    with psycopg.connect(postgres.url(place, "postgres"), autocommit=True) as conn:
        conn.execute("SET session_replication_role = replica")  # append-only tables can be emptied
        yield conn


@pytest.fixture
def store(_open: Store, superuser: psycopg.Connection) -> Store:
    """The open house, its tables empty, its unlocked buckets too, its broker silent.

    Locked buckets keep what earlier tests left there: see `own_buckets`."""
    empty(_open, superuser)
    return _open


@pytest.fixture
def own_buckets(store: Store) -> Iterator[Store]:
    """The same house with buckets of its own, locked ones included, all empty."""
    s = store.settings
    objects = Objects(s.s3_endpoint, s.s3_access_key, s.s3_secret_key, f"t{os.getpid()}-{next(_numbers)}-")
    objects.make_buckets()
    yield replace(
        store, objects=objects, vault=Vault(objects, s.master_key, partial(turns.alone, store.engine))
    )
    objects.close()


_numbers = iter(range(10**6))


def empty(store: Store, superuser: psycopg.Connection) -> None:
    for table in metadata.tables:
        superuser.execute(f"DELETE FROM {table}")  # quicker than TRUNCATE on few rows
    for bucket in ("inbox", "work", "keys"):
        for found in list(store.objects.list(bucket)):
            store.objects.delete(bucket, found.key)
    with redis.Redis.from_url(store.settings.broker_url) as broker:
        broker.flushdb()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data kept beside the repository, or the test is skipped, saying so."""
    directory = Path(os.environ.get("LIASSE_SHARED", ROOT.parent / "shared"))
    if not directory.is_dir():
        pytest.skip("../shared is not here")
    return directory


@pytest.fixture(scope="session")
def cage_pool() -> Iterator[object]:
    """One warm child of the cage."""
    from cage import Pool

    pool = Pool(1)
    with contextlib.closing(pool):
        yield pool
