"""Several sidecars for one place: the house that is rebuilt holds each deposit once, and says the rest."""

import io
from datetime import timedelta

import pytest

from archive.erase import erase
from archive.journal_seal import seal_pending
from archive.rebuild import rebuild
from domain.errors import Unavailable
from domain.flow import State
from ingest import deposits as deposits_in
from ingest import lots, sweeping
from store import contents, crypt, deposits, documents, senders
from store import lots as lot_rows
from tests.promises.test_r8_rebuild import PNG, lose_the_database, received, sealed


def died(monkeypatch, where, name, act):
    """`act`, which dies between its sidecar and its COMMIT."""

    def fails(*_args, **_options):
        raise Unavailable("base_indisponible")

    with monkeypatch.context() as patch:
        patch.setattr(where, name, fails)
        with pytest.raises(Unavailable):
            act()


def whose(store):
    with store.begin() as conn:
        return senders.house_sender(conn)


def sidecars(store):
    return len(list(store.objects.list("archive", "receipts/")))


def test_a_deposit_whose_commit_failed_and_that_was_sent_again(own_buckets, superuser, monkeypatch):
    store = own_buckets
    died(monkeypatch, deposits_in, "create_document", lambda: received(store, 1))
    id = received(store, 1)
    assert sidecars(store) == 2
    lose_the_database(superuser)
    report = rebuild(store)
    assert (report.queued, len(report.set_aside), report.lost) == ([id], 1, {})  # the id its receipt names
    with store.begin() as conn:
        content = contents.load(conn, documents.load(conn, id).content_sha256)
    assert content.removed_at is None
    data = store.objects.get("inbox", content.object_key)
    assert crypt.decrypt(data, store.vault.key(content.key_id)).startswith(PNG)


def test_what_a_seal_knows_goes_before_what_none_does(own_buckets, superuser, monkeypatch):
    store = own_buckets
    id = received(store, 1)
    seal_pending(store)
    with store.begin() as conn:
        made = deposits.load(conn, id)
    # a second one, later, that never was: another database's, gone with it
    superuser.execute("UPDATE deposits SET erased = true WHERE id = %s", (id,))
    died(monkeypatch, deposits_in, "create_document", lambda: received(store, 1))
    assert sidecars(store) == 2
    lose_the_database(superuser)
    report = rebuild(store)
    assert (report.queued, len(report.set_aside)) == ([made.id], 1)


def test_what_was_erased_and_sent_again(own_buckets, superuser):
    store = own_buckets
    first = received(store, 1)
    sealed(store, first, State.REFUSE)
    erase(store, first, "local")
    second = received(store, 1)
    assert second != first
    seal_pending(store)
    lose_the_database(superuser)
    report = rebuild(store)
    assert (report.sealed, report.erased, report.queued, report.lost) == ([first], [first], [second], {})
    with store.begin() as conn:
        assert deposits.load(conn, first).erased
        assert not deposits.load(conn, second).erased
        assert documents.load(conn, second).status is State.RECU
    assert received(store, 1) == second


def test_a_sheet_that_was_sent_twice_to_one_place(own_buckets, superuser, monkeypatch):
    store = own_buckets
    sender = whose(store)
    lot = lots.open_lot(store, sender, 1, False)

    def send(data):
        return lots.put_sheet(store, sender, lot, 1, "r", io.BytesIO(data)).id

    died(monkeypatch, lot_rows, "add_image", lambda: send(PNG + b"1"))
    id = send(PNG + b"2")
    lots.close_lot(store, sender, lot)
    seal_pending(store)
    lose_the_database(superuser)
    report = rebuild(store)
    assert (report.queued, len(report.set_aside), report.lost) == ([id], 1, {})


def test_a_house_that_answers_before_it_is_rebuilt_has_its_sender_already(own_buckets, superuser):
    store = own_buckets
    id = received(store, 1)
    lose_the_database(superuser)
    whose(store)
    assert rebuild(store).queued == [id]
    assert received(store, 1) == id


def test_bytes_that_a_sweep_took_up_are_rebuilt_beside_those_of_their_place(
    own_buckets, superuser, monkeypatch
):
    """Two documents of one place, both known by a seal: the sheet's, and the one set aside."""
    store = own_buckets
    sender = whose(store)
    lot = lots.open_lot(store, sender, 1, False)

    def send(data):
        return lots.put_sheet(store, sender, lot, 1, "r", io.BytesIO(data)).id

    died(monkeypatch, lot_rows, "add_image", lambda: send(PNG + b"1"))
    id = send(PNG + b"2")
    lots.close_lot(store, sender, lot)
    sweeping.sweep_orphans(store, timedelta(0))
    with store.begin() as conn:
        (other,) = [row.id for row in documents.find(conn) if row.id != id]
    seal_pending(store)
    lose_the_database(superuser)
    report = rebuild(store)
    assert (sorted(report.queued), report.set_aside, report.lost) == (sorted([id, other]), [], {})
    with store.begin() as conn:
        assert [image.deposit_id for image in lot_rows.images(conn, lot)] == [id]
        row = documents.load(conn, other)
        assert (row.status, row.lot_id, row.reason) == (State.REJETE, None, "image_differente")
