"""Lots come back as they stood: open or closed, each image with its document."""

import io

from sqlalchemy import update

from archive.journal_seal import seal_pending
from archive.rebuild import rebuild
from domain.flow import State
from ingest import balance, lots
from store import clock, documents, senders, tasks
from store import lots as lot_rows
from store.tables import lots as lots_table
from tests.promises.test_r8_rebuild import PNG, lose_the_database


def whose(store):
    with store.begin() as conn:
        return senders.house_sender(conn)


def send(store, lot, n, side="r", data=None):
    data = data or PNG + f"{n}{side}".encode()
    return lots.put_sheet(store, whose(store), lot, n, side, io.BytesIO(data)).id


def images(store, lot):
    with store.begin() as conn:
        return [(i.n, i.side, i.deposit_id, i.document_id, i.outcome) for i in lot_rows.images(conn, lot)]


def load(store, lot):
    with store.begin() as conn:
        return lot_rows.load(conn, lot)


def lost(store, superuser):
    seal_pending(store)
    lose_the_database(superuser)
    report = rebuild(store)
    assert report.lost == {}
    return report


def test_a_duplex_lot_comes_back_with_its_versos(own_buckets, superuser):
    store = own_buckets
    lot = lots.open_lot(store, whose(store), 4, True)
    ids = {(n, side): send(store, lot, n, side) for n in (1, 2) for side in "rv"}
    lots.close_lot(store, whose(store), lot)
    before = images(store, lot)
    report = lost(store, superuser)
    assert sorted(report.queued) == sorted([ids[1, "r"], ids[2, "r"]])
    assert images(store, lot) == before
    found = load(store, lot)
    assert (found.status, found.declared_images, found.duplex) == ("clos", 4, True)
    assert found.closed_at is not None
    with store.begin() as conn:
        assert lot_rows.verso(conn, ids[1, "r"]) is not None
        assert documents.load(conn, ids[2, "r"]).status is State.RECU
    assert balance.watch(store) == []  # closed an instant ago


def test_an_open_lot_stays_open_and_goes_on(own_buckets, superuser):
    store = own_buckets
    lot = lots.open_lot(store, whose(store), 3, False)
    first = send(store, lot, 1)
    report = lost(store, superuser)
    assert report.queued == []
    assert load(store, lot).status == "ouvert"
    assert images(store, lot) == [(1, "r", first, None, None)]
    assert send(store, lot, 1) == first
    send(store, lot, 2)
    send(store, lot, 3)
    assert len(lots.close_lot(store, whose(store), lot).documents) == 3


def test_a_lot_that_is_whole_is_closed_though_no_seal_knows_it(own_buckets, superuser):
    """Its station was told so, and may never ask again."""
    store = own_buckets
    lot = lots.open_lot(store, whose(store), 1, False)
    id = send(store, lot, 1)
    lots.close_lot(store, whose(store), lot)
    lose_the_database(superuser)
    assert rebuild(store).queued == [id]
    assert lots.close_lot(store, whose(store), lot).documents == [id]


def test_a_sheet_that_had_only_its_verso_is_a_document(own_buckets, superuser):
    store = own_buckets
    lot = lots.open_lot(store, whose(store), 4, True)
    send(store, lot, 1, "r")
    send(store, lot, 1, "v")
    alone = send(store, lot, 2, "v")
    with store.begin() as conn:
        tasks.open_task(conn, None, balance.TASK_KIND, lot_id=lot)
    lots.settle_lot(store, "local", lot, "une feuille perdue")
    before = images(store, lot)
    report = lost(store, superuser)
    assert alone in report.queued
    assert images(store, lot) == before
    with store.begin() as conn:
        assert documents.load(conn, alone).status is State.RECU


def test_doubles_and_rejects_are_counted_as_they_were(own_buckets, superuser):
    store = own_buckets
    lot = lots.open_lot(store, whose(store), 4, True)
    send(store, lot, 1, "r", PNG + b"same")
    send(store, lot, 1, "v", b"no document at all")
    send(store, lot, 2, "r", PNG + b"other")
    send(store, lot, 2, "v", PNG + b"other")
    lots.close_lot(store, whose(store), lot)
    simplex = lots.open_lot(store, whose(store), 2, False)
    send(store, simplex, 1, data=PNG + b"twice")
    double = send(store, simplex, 2, data=PNG + b"twice")
    lots.close_lot(store, whose(store), simplex)
    before = [images(store, lot), images(store, simplex)]
    told = [lots.view(store, None, each).balance for each in (lot, simplex)]
    lost(store, superuser)
    assert [lots.view(store, None, each).balance for each in (lot, simplex)] == told
    assert [images(store, lot), images(store, simplex)] == before
    with store.begin() as conn:
        assert documents.load(conn, double).reason == "doublon"


def test_one_lot_that_is_wrong_hides_no_other(store):
    faulty, late = (lots.open_lot(store, whose(store), 1, False) for _ in range(2))
    for lot in (faulty, late):
        send(store, lot, 1, data=PNG + lot.encode())
        lots.close_lot(store, whose(store), lot)
    with store.begin() as conn:
        conn.execute(update(lots_table).where(lots_table.c.id == faulty).values(closed_at=None))
        before = clock.now() - 2 * balance.PATIENCE
        conn.execute(update(lots_table).where(lots_table.c.id == late).values(closed_at=before))
    assert set(balance.watch(store)) == {faulty, late}  # that of no known end is a person's too


def test_a_lot_that_cannot_be_read_hides_no_other(store, monkeypatch):
    faulty, late = (lots.open_lot(store, whose(store), 1, False) for _ in range(2))
    for lot in (faulty, late):
        send(store, lot, 1, data=PNG + lot.encode())
        lots.close_lot(store, whose(store), lot)
    with store.begin() as conn:
        conn.execute(update(lots_table).values(closed_at=clock.now() - 2 * balance.PATIENCE))
    real = balance.read

    def read(conn, lot_id, *rest):
        if lot_id == faulty:
            raise TypeError("a fault of ours")
        return real(conn, lot_id, *rest)

    monkeypatch.setattr(balance, "read", read)
    assert balance.watch(store) == [late]
