"""The inbox: emptied of what is sealed, and of nothing that a document still waits for."""

import io
from datetime import timedelta

import pytest

from archive.erase import erase
from domain.flow import State
from ingest import lots, sweeping
from ingest.deposits import deposit
from store import contents, documents
from store.house import Store
from store.senders import Sender, house_sender
from store.vault import KeyErased
from workers.timers import clean

HERE = b"%PDF-1.4 one side"
THERE = b"%PDF-1.4 the other"


@pytest.fixture
def sender(store: Store) -> Sender:
    with store.begin() as conn:
        return house_sender(conn)


def end(store: Store, document_id: str) -> None:
    with store.begin() as conn:
        for at, to in (
            (State.RECU, State.EN_LECTURE),
            (State.EN_LECTURE, State.VALIDE),
            (State.VALIDE, State.REFUSE),
        ):
            documents.advance(conn, document_id, at, to, actor="t")


def put(store: Store, sender: Sender, lot: str, side: str, data: bytes) -> str:
    return lots.put_sheet(store, sender, lot, 1, side, io.BytesIO(data)).id


def kept(store: Store) -> int:
    return len(list(store.objects.list("inbox")))


def test_an_image_of_an_open_lot_is_kept_though_a_document_of_the_same_bytes_has_ended(
    store: Store, sender: Sender
) -> None:
    alone = deposit(store, sender, io.BytesIO(HERE)).id
    lot = lots.open_lot(store, sender, 1, duplex=False)
    image = put(store, sender, lot, "r", HERE)
    end(store, alone)
    clean(store)
    assert kept(store) == 1
    lots.close_lot(store, sender, lot)
    clean(store)
    assert kept(store) == 1
    end(store, image)
    clean(store)
    assert kept(store) == 0


def test_a_verso_is_kept_as_long_as_its_sheet_waits_and_goes_with_it(store: Store, sender: Sender) -> None:
    lot = lots.open_lot(store, sender, 2, duplex=True)
    sheet = put(store, sender, lot, "r", HERE)
    put(store, sender, lot, "v", THERE)
    lots.close_lot(store, sender, lot)
    alone = deposit(store, sender, io.BytesIO(THERE)).id
    end(store, alone)
    clean(store)
    assert kept(store) == 2
    end(store, sheet)
    clean(store)
    assert kept(store) == 0


def test_erasing_a_sheet_erases_its_verso(store: Store, sender: Sender) -> None:
    lot = lots.open_lot(store, sender, 2, duplex=True)
    sheet = put(store, sender, lot, "r", HERE)
    put(store, sender, lot, "v", THERE)
    lots.close_lot(store, sender, lot)
    end(store, sheet)
    with store.begin() as conn:
        keys = [each.key_id for each in contents.removable(conn)]
    assert len(keys) == 2
    erase(store, sheet, "local")
    assert kept(store) == 0
    for key_id in keys:
        with pytest.raises(KeyErased):
            store.vault.key(key_id)


def test_a_removal_that_stopped_half_way_is_finished(store: Store, sender: Sender) -> None:
    end(store, deposit(store, sender, io.BytesIO(HERE)).id)
    with store.begin() as conn:  # killed between this commit and the object
        (content,) = contents.removable(conn)
        contents.mark_removed(conn, content.sha256)
    assert sweeping.sweep_orphans(store, timedelta(0)) == 1
    assert kept(store) == 0
    with pytest.raises(KeyErased):
        store.vault.key(content.key_id)
