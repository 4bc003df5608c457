"""Leases, compare-and-set, three attempts, the sweep and the bell."""

import threading
import time
from contextlib import suppress
from unittest.mock import MagicMock

import pytest
import redis
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.errors import Refused, Unavailable
from domain.flow import MAX_ATTEMPTS, State
from store import documents, journal, outbox, tasks
from store.bell import QUEUE, Bell
from store.house import Store
from tests.store.making import document, walk


def test_one_lease_at_a_time(store: Store) -> None:
    with store.begin() as conn:
        document_id = document(conn)
    with store.begin() as conn:
        row = documents.lease(conn, document_id, "a", 60)
    assert row is not None
    assert (row.lease_owner, row.attempts, row.stage) == ("a", 1, "trier")
    with store.begin() as conn:
        assert documents.lease(conn, document_id, "b", 60) is None


def test_a_lease_expires_and_another_takes_it(store: Store) -> None:
    with store.begin() as conn:
        document_id = document(conn)
    with store.begin() as conn:
        documents.lease(conn, document_id, "a", 0.05)
    time.sleep(0.1)
    with store.begin() as conn:
        assert not documents.renew(conn, document_id, "a", 60)
        row = documents.lease(conn, document_id, "b", 60)
        assert row is not None
        assert (row.lease_owner, row.attempts) == ("b", 2)
        assert documents.renew(conn, document_id, "b", 60)
        assert not documents.fail(conn, document_id, "a", "lecteur_tombe")  # no longer a's to give back
        assert documents.load(conn, document_id).lease_owner == "b"


def test_nothing_to_lease_where_a_person_or_nobody_works(store: Store) -> None:
    with store.begin() as conn:
        document_id = document(conn, State.EN_LECTURE)
        walk(conn, document_id, State.A_VALIDER)
        assert documents.lease(conn, document_id, "a", 60) is None


def test_of_two_connections_that_advance_one_is_refused(store: Store) -> None:
    with store.begin() as conn:
        document_id = document(conn)
    told: list[str] = []
    barrier = threading.Barrier(2)

    def go(to: State) -> None:
        try:
            with store.begin() as conn:
                documents.load(conn, document_id)
                barrier.wait(5)
                documents.advance(conn, document_id, State.RECU, to, actor=to.value)
            told.append(to.value)
        except Refused as refused:
            told.append(refused.code)

    threads = [threading.Thread(target=go, args=(to,)) for to in (State.EN_LECTURE, State.REJETE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "etat_change" in told
    with store.begin() as conn:
        row = documents.load(conn, document_id)
        chain = journal.lines(conn, document_id)
    assert row.status.value in told
    assert row.version == 1
    assert [line.actor for line in chain] == ["test", row.status.value]
    journal.verify(chain)


def test_three_counted_failures_lead_to_quarantine(store: Store) -> None:
    with store.begin() as conn:
        document_id = document(conn)
    ended = []
    for _ in range(MAX_ATTEMPTS):
        with store.begin() as conn:
            assert documents.lease(conn, document_id, "a", 60)
        with store.begin() as conn:
            ended.append(documents.fail(conn, document_id, "a", "lecture_trop_longue"))
    assert ended == [False, False, True]
    with store.begin() as conn:
        row = documents.load(conn, document_id)
        line = journal.lines(conn, document_id)[-1]
    assert (row.status, row.last_error, row.attempts) == (State.QUARANTAINE, "lecture_trop_longue", 0)
    assert line.hashes == '{"code":"lecture_trop_longue"}'


def test_three_workers_dead_without_a_word_lead_to_quarantine(store: Store) -> None:
    with store.begin() as conn:
        document_id = document(conn)
    for _ in range(MAX_ATTEMPTS):
        with store.begin() as conn:
            assert documents.lease(conn, document_id, "a", 0.001)
        time.sleep(0.01)
    with store.begin() as conn:
        assert documents.lease(conn, document_id, "a", 60) is None
    with store.begin() as conn:
        assert documents.load(conn, document_id).status == State.QUARANTAINE


def test_a_fault_of_the_house_spends_no_attempt(store: Store) -> None:
    with store.begin() as conn:
        document_id = document(conn)
    for _ in range(MAX_ATTEMPTS + 2):
        with store.begin() as conn:
            assert documents.lease(conn, document_id, "a", 60)
        with store.begin() as conn:
            assert not documents.fail(conn, document_id, "a", "magasin_indisponible", counted=False)
    with store.begin() as conn:
        assert documents.load(conn, document_id).attempts == 0


def rung(store: Store) -> int:
    with redis.Redis.from_url(store.settings.broker_url) as broker:
        return int(broker.llen(QUEUE))


def test_a_move_rings_after_commit_and_never_without(store: Store) -> None:
    with store.begin() as conn:
        document_id = document(conn)
        assert rung(store) == 0
    assert rung(store) == 1
    with suppress(ZeroDivisionError), store.begin() as conn:
        documents.advance(conn, document_id, State.RECU, State.EN_LECTURE, actor="a")
        1 / 0  # noqa: B018
    assert rung(store) == 1
    with store.begin() as conn:
        walk(conn, document_id, State.EN_LECTURE, State.A_VALIDER)  # the second is a person's
    assert rung(store) == 2


def test_the_sweep_rings_what_is_free_and_has_waited(store: Store) -> None:
    with store.begin() as conn:
        waiting, held, person = document(conn), document(conn), document(conn, State.EN_LECTURE)
        walk(conn, person, State.A_VALIDER)
        documents.lease(conn, held, "a", 60)
    with store.begin() as conn:
        assert documents.sweep(conn, 60) == 0
    time.sleep(0.02)
    before = rung(store)
    with store.begin() as conn:
        assert documents.sweep(conn, 0.01) == 1
        assert conn.info[documents.RINGS] == [(waiting, "trier")]
    assert rung(store) == before + 1
    with store.begin() as conn:
        assert documents.sweep(conn, 60) == 0


def test_a_dead_broker_delays_no_request_and_loses_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in ("redis://:x@127.0.0.1:1/0", "redis://:x@192.0.2.1:6379/0"):
        bell = Bell(address)
        start = time.monotonic()
        assert not bell.ring("x", "trier")
        assert time.monotonic() - start < 20  # half a second alone; a connection left to itself takes minutes
        watched = MagicMock()
        monkeypatch.setattr(bell._app, "send_task", watched)
        assert not bell.ring("x", "trier")  # silent for a while: not even tried
        watched.assert_not_called()
        bell.close()


def test_an_id_that_cannot_be_ours_is_unknown(store: Store) -> None:
    for id in ("x", "", "1; DROP TABLE documents", "00000000-0000-0000-0000-000000000000"):
        with store.begin() as conn, pytest.raises(Refused, match="introuvable"):
            documents.load(conn, id)


def test_a_database_that_is_away_is_said_so(store: Store) -> None:
    with pytest.raises(Unavailable, match="base_indisponible"), store.begin() as conn:
        conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with store.begin() as conn:
        assert conn.execute(text("SELECT 1")).scalar_one() == 1


def test_the_tables_are_those_of_the_migration(store: Store) -> None:
    from store.tables import metadata

    with store.begin() as conn:
        for table in metadata.sorted_tables:
            columns = conn.execute(
                text(
                    "SELECT column_name FROM information_schema.columns "
                    "WHERE table_schema = 'public' AND table_name = :name ORDER BY column_name"
                ),
                {"name": table.name},
            )
            assert list(columns.scalars()) == sorted(table.columns.keys()), table.name


def test_bodies_come_back_as_they_were(store: Store) -> None:
    from domain.findings import Finding, Severity

    findings = (Finding("total_faux", Severity.A_VERIFIER, "Le total…", "total", "CSS R161-42"),)
    with store.begin() as conn:
        document_id = document(conn)
        documents.save(conn, document_id, "findings", [])
        documents.save(conn, document_id, "findings", findings)
        assert documents.data(conn, document_id, "findings", tuple[Finding, ...]) == findings
        assert documents.data(conn, document_id, "reading") is None
        assert list(documents.all_data(conn, document_id)) == ["findings"]


def test_only_facts_are_set_with_a_move(store: Store) -> None:
    with store.begin() as conn:
        document_id = document(conn)
        with pytest.raises(TypeError, match="sender_id"):
            documents.advance(conn, document_id, State.RECU, State.EN_LECTURE, actor="a", sender_id="x")
        with pytest.raises(DBAPIError, match="no move"):
            documents.advance(conn, document_id, State.RECU, State.ORDONNANCE, actor="a")
        conn.rollback()


def test_what_a_clock_that_ran_ahead_had_written_is_not_waited_for(store: Store) -> None:
    """It ran a year ahead, and was put back: a lease, a bell and a pause of then are over."""
    ahead = "UPDATE {} SET {} = clock_timestamp() + interval '1 year'"
    with store.begin() as conn:
        document_id = document(conn)
        outbox.add(conn, "courrier", document_id=document_id)
        task = tasks.open_task(conn, document_id, "a_valider")
        tasks.next_task(conn, "agent parti")
        for table, column in (("documents", "rung_at"), ("outbox", "next_try"), ("tasks", "lease_until")):
            conn.execute(text(ahead.format(table, column)))
        conn.execute(text(ahead.format("documents", "lease_owner = 'mort', lease_until")))
    with store.begin() as conn:
        assert documents.sweep(conn, 5) == 1
        assert len(outbox.pending(conn)) == 1
        again = tasks.next_task(conn, "un autre")
        assert again is not None
        assert again.id == task
        found = documents.lease(conn, document_id, "nouveau", 60)
        assert found is not None
    with store.begin() as conn:  # one that is held now stays held
        assert documents.lease(conn, document_id, "encore un", 60) is None
        assert documents.sweep(conn, 5) == 0
