"""What a deposit that died left behind: on a person's screen where it was locked, else gone."""

import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from domain.errors import Unavailable
from domain.flow import State
from ingest import deposits as deposits_in
from ingest import lots, receipts, sweeping
from ingest.deposits import Receipt, deposit
from store import contents, deposits, documents, journal
from store import lots as lot_rows
from store.house import Store
from store.senders import Sender
from tests.ingest.conftest import pdf
from tests.promises import invariants

NOW = timedelta(0)


@pytest.fixture
def store(own_buckets: Store) -> Store:
    return own_buckets


def dies(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, act: Any) -> None:
    """`act`, which dies between its sidecar and its COMMIT."""

    def fails(*_args: Any, **_options: Any) -> None:
        raise Unavailable("base_indisponible")

    with monkeypatch.context() as patch:
        patch.setattr(where, name, fails)
        with pytest.raises(Unavailable):
            act()


def only(store: Store) -> documents.DocumentRow:
    with store.begin() as conn:
        (row,) = documents.find(conn)
    return row


def inbox(store: Store) -> list[str]:
    return [found.key for found in store.objects.list("inbox")]


def test_what_died_before_its_commit_is_taken_up(
    store: Store, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = pdf()
    dies(monkeypatch, deposits_in, "create_document", lambda: deposit(store, sender, io.BytesIO(data)))
    assert sweeping.sweep_orphans(store) == 0  # too young: its deposit may be about to commit
    with store.begin() as conn:
        assert documents.find(conn) == []
    assert sweeping.sweep_orphans(store, NOW) == 0
    row = only(store)
    assert (row.status, row.sender_id, row.reason) == (State.RECU, sender.id, None)
    with store.begin() as conn:
        made, content = deposits.load(conn, row.id), contents.load(conn, row.content_sha256)
        (line,) = journal.lines(conn, row.id)
    assert inbox(store) == [content.object_key]
    assert receipts.recognise(store.settings, made.receipt) == (row.id, row.content_sha256)
    assert line.actor == sweeping.ACTOR
    assert sweeping.sweep_orphans(store, NOW) == 0
    assert only(store).id == row.id
    # its sender, who comes again after all
    again = deposit(store, sender, io.BytesIO(data))
    assert (again.id, again.created) == (row.id, False)
    invariants.no_orphans(store, NOW)


def test_what_was_sent_again_needs_no_taking_up(
    store: Store, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = pdf()
    dies(monkeypatch, deposits_in, "create_document", lambda: deposit(store, sender, io.BytesIO(data)))
    id = deposit(store, sender, io.BytesIO(data)).id
    assert sweeping.sweep_orphans(store, NOW) == 1
    assert only(store).id == id


def test_what_had_been_refused_is_taken_up_as_refused(
    store: Store, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reject() -> Receipt:
        return deposits_in.reject(store, sender, io.BytesIO(b"eicar"), "virus", source="dossier_surveille")

    dies(monkeypatch, deposits_in, "create_document", reject)
    sweeping.sweep_orphans(store, NOW)
    assert (only(store).status, only(store).reason) == (State.REJETE, "virus")


def sheet(store: Store, sender: Sender, lot: str, data: bytes) -> Receipt:
    return lots.put_sheet(store, sender, lot, 1, "r", io.BytesIO(data))


def test_a_sheet_of_an_open_lot_takes_its_place(
    store: Store, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    lot, data = lots.open_lot(store, sender, 1, False), pdf()
    dies(monkeypatch, lot_rows, "add_image", lambda: sheet(store, sender, lot, data))
    assert sweeping.sweep_orphans(store, NOW) == 0
    with store.begin() as conn:
        (image,) = lot_rows.images(conn, lot)
        assert documents.find(conn) == []  # made when the lot is closed
    assert sheet(store, sender, lot, data).id == image.deposit_id
    assert lots.close_lot(store, sender, lot).documents == [image.deposit_id]


def test_a_sheet_whose_place_is_taken_is_shown_with_its_reason(
    store: Store, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    lot = lots.open_lot(store, sender, 1, False)
    dies(monkeypatch, lot_rows, "add_image", lambda: sheet(store, sender, lot, pdf()))
    sheet(store, sender, lot, pdf())
    assert sweeping.sweep_orphans(store, NOW) == 0
    row = only(store)
    assert (row.status, row.reason, row.lot_id) == (State.REJETE, "image_differente", None)
    assert lots.close_lot(store, sender, lot).received == 1


def test_an_inbox_is_asked_about_in_one_query(store: Store, sender: Sender) -> None:
    for _ in range(5):
        deposit(store, sender, io.BytesIO(pdf()))
    asked: list[str] = []

    def count(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(store.engine, "before_cursor_execute", count)
    try:
        assert sweeping.sweep_orphans(store, NOW) == 0
    finally:
        event.remove(store.engine, "before_cursor_execute", count)
    assert sum("contents" in statement for statement in asked) == 1


def test_what_a_database_put_back_from_an_older_copy_lacks_is_not_begun_again(
    store: Store, sender: Sender, superuser: Any
) -> None:
    """Its document was sealed since, and may be paid: its rows are a rebuild's to make."""
    id = deposit(store, sender, io.BytesIO(pdf())).id
    store.objects.put("archive", f"documents/{id}/original-{'0' * 32}", b"sealed")
    before = inbox(store)
    for table in ("tasks", "journal", "documents", "deposits", "contents"):
        superuser.execute(f"DELETE FROM {table}")
    assert sweeping.sweep_orphans(store, NOW) == 0
    with store.begin() as conn:
        assert documents.find(conn) == []
    assert inbox(store) == before
