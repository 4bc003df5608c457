"""R6: S3 down, slow, cut mid-PUT; disk full; database restarted; connection lost after COMMIT.

A deposit through the door is answered 201, or 503 with Retry-After; a 201 is never lost, and whoever was
told 503 sends again and has one document. Each once; long: each fifty times.
"""

import errno
import io
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import func, make_url, select

from archive.rebuild import rebuild
from domain.flow import State
from ingest import spool, sweeping
from store import documents, tables, turns
from store.engine import connect
from store.house import Store
from store.objects import Objects
from store.vault import Vault
from tests.api.serving import caller, served
from tests.promises import feuilles, invariants
from tests.promises.conftest import Form
from tests.promises.lines_cut import Line, line
from tests.workers.driving import drive
from workers.delivery import deliver
from workers.house import House


@dataclass
class Wired:
    """A house whose lines to the database and to the object store can be cut."""

    plain: Store
    cut: Store
    s3: Line
    sql: Line
    here: httpx.Client


@pytest.fixture
def wired(own_buckets: Store) -> Iterator[Wired]:
    s = own_buckets.settings
    host, _, port = s.s3_endpoint.removeprefix("http://").partition(":")
    sockets = make_url(s.database_url).query["host"]
    with ExitStack() as stack:
        s3 = stack.enter_context(line((host, int(port))))
        sql = stack.enter_context(line(f"{sockets}/.s.PGSQL.5432"))
        objects = Objects(f"http://{s3.address}", s.s3_access_key, s.s3_secret_key, own_buckets.objects.prefix)
        engine = connect(
            s.model_copy(update={"database_url": s.database_url.replace(str(sockets), sql.address)})
        )
        stack.callback(engine.dispose)
        stack.callback(objects.close)
        cut = replace(
            own_buckets,
            engine=engine,
            objects=objects,
            vault=Vault(objects, s.master_key, partial(turns.alone, engine)),
        )
        here = stack.enter_context(caller(stack.enter_context(served(cut))))
        yield Wired(own_buckets, cut, s3, sql, here)


def post(wired: Wired, data: bytes) -> httpx.Response:
    return wired.here.post("/api/v1/documents", files={"file": ("feuille.png", data)})


def s3_down(wired: Wired) -> None:
    wired.s3.fault = "down"
    wired.s3.hang_up()


def s3_slow(wired: Wired) -> None:
    wired.s3.fault, wired.s3.delay = "slow", 0.02


def s3_cut_in_the_head(wired: Wired) -> None:
    wired.s3.fault, wired.s3.after = "cut", 300


def s3_cut_in_the_body(wired: Wired) -> None:
    wired.s3.fault, wired.s3.after = "cut", 30_000
    wired.s3.hang_up()


def s3_full(wired: Wired) -> None:
    wired.s3.fault = "full"
    wired.s3.hang_up()


def sql_down(wired: Wired) -> None:
    wired.sql.fault = "down"
    wired.sql.hang_up()


def sql_restarted(wired: Wired) -> None:
    """Every connection that the pool holds is dead; new ones work."""
    wired.sql.hang_up()


def _committed(nth: int) -> Callable[[Wired], None]:
    def lost(wired: Wired) -> None:
        wired.sql.fault, wired.sql.nth = "committed", nth

    lost.__name__ = f"sql_lost_after_commit_{nth}"
    return lost


FAULTS: list[tuple[Callable[[Wired], None], set[int]]] = [
    (s3_down, {503}), (s3_slow, {201}), (s3_cut_in_the_head, {503}), (s3_cut_in_the_body, {503}),
    (s3_full, {503}), (sql_down, {503}), (sql_restarted, {201}),
    *((_committed(nth), {503}) for nth in (1, 2, 3, 4)),
]  # fmt: skip


@pytest.mark.timeout(7200)
@pytest.mark.parametrize(("fault", "answers"), FAULTS, ids=[fault.__name__ for fault, _ in FAULTS])
def test_r6_a_deposit_is_taken_or_told_to_come_again(
    wired: Wired, fault: Callable[[Wired], None], answers: set[int], form: Form
) -> None:
    times = form.count(1, 50)
    for turn in range(times):
        assert post(wired, feuilles.BLANK + b"before %d" % turn).status_code == 201
        data = feuilles.BLANK + turn.to_bytes(2, "big") + bytes(range(256)) * 400
        fault(wired)
        answer = post(wired, data)
        hit = wired.s3.hits + wired.sql.hits
        wired.s3.fault = wired.sql.fault = None
        wired.s3.hang_up()
        assert answer.status_code in answers, answer.text
        assert hit or fault is sql_restarted, "the fault was not felt"
        if answer.status_code == 503:
            assert int(answer.headers["Retry-After"]) > 0
            assert answer.json()["retryable"] is True
        again = post(wired, data)
        assert again.status_code == (200 if answer.status_code == 201 else again.status_code)
        assert again.status_code in (200, 201), again.text
        id = again.json()["id"]
        assert answer.status_code == 503 or answer.json()["id"] == id
        assert wired.here.get(f"/api/v1/documents/{id}/original").content == data
        kept_once(wired.plain, 2 * (turn + 1))
    form.tell("R6", f"{fault.__name__}: {times} of {times}, each deposit kept once")


def kept_once(store: Store, number: int) -> None:
    """As many deposits, documents and contents as were accepted, and nothing over once it was swept."""
    with store.begin() as conn:
        for table in (tables.deposits, tables.documents, tables.contents):
            assert conn.execute(select(func.count()).select_from(table)).scalar_one() == number
    invariants.no_orphans(store, timedelta(0))


@pytest.mark.timeout(600)
def test_r6_a_full_disk_here_or_there_refuses_and_loses_nothing(
    wired: Wired, superuser: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = feuilles.BLANK + b"a full disk"
    with monkeypatch.context() as patch:
        patch.setattr(spool.tempfile, "TemporaryFile", Full)
        answer = post(wired, data)
    assert (answer.status_code, answer.json()["code"]) == (503, "disque_plein")
    superuser.execute(
        "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$; "
        "CREATE TRIGGER no_room BEFORE INSERT ON deposits FOR EACH ROW EXECUTE FUNCTION no_room()"
    )
    try:
        answer = post(wired, data)
    finally:
        superuser.execute("DROP TRIGGER no_room ON deposits; DROP FUNCTION no_room()")
    assert (answer.status_code, answer.json()["code"]) == (503, "disque_plein")
    assert int(answer.headers["Retry-After"]) > 0
    assert post(wired, data).status_code == 201
    kept_once(wired.plain, 1)


class Full(io.BytesIO):
    """A file on a disk that has no room left."""

    def __init__(self, **_: Any) -> None:
        super().__init__()

    def write(self, data: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.timeout(600)
def test_r6_a_stage_goes_on_once_the_lines_are_back(wired: Wired) -> None:
    """Each fault once at each stage: no attempt is spent where the house is ill, nothing done twice."""
    feuilles.load_people(wired.plain, 1)
    store = replace(wired.cut, settings=wired.cut.settings.model_copy(update={"lease_seconds": 0.3}))
    house, ill = House(store, feuilles.Recorded()), []
    id = feuilles.put(wired.plain, feuilles.sheet(0, 0)).id
    for fault in (s3_down, s3_cut_in_the_body, s3_full, sql_restarted, _committed(1), _committed(2), sql_down):
        fault(wired)
        try:
            state = drive(house, id)
        except Exception as error:
            ill.append(f"{fault.__name__}: {getattr(error, 'code', type(error).__name__)}")
        wired.s3.fault = wired.sql.fault = None
        wired.s3.hang_up()
    for _ in range(20):
        state = drive(house, id)
        if state is State.ORDONNANCE:
            break
        time.sleep(0.2)
    while deliver(house):
        pass
    with wired.plain.begin() as conn:
        assert documents.load(conn, id).status is State.ORDONNANCE
    invariants.check(wired.plain, [id])
    print("\nR6 stages:", ill)


def test_r6_a_house_without_its_database_sweeps_away_nothing_that_was_receipted(
    own_buckets: Store, superuser: psycopg.Connection
) -> None:
    """Started again on an empty database, its timers find an inbox that no row names: it is kept, and
    the rebuild puts each deposit back in its queue."""
    store = own_buckets
    id = feuilles.put(store, feuilles.BLANK + b"receipted").id
    store.objects.put("inbox", "0" * 64 + "/never-committed", b"left by a deposit that died")
    for table in tables.metadata.tables:
        superuser.execute(f"DELETE FROM {table}")
    assert sweeping.sweep_orphans(store, timedelta(0)) == 1
    assert rebuild(store).queued == [id]
    with store.begin() as conn:
        kept = conn.execute(select(tables.contents)).one()
    assert store.objects.exists("inbox", kept.object_key)
    assert store.vault.key(kept.key_id)
