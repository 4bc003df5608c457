"""A lot: every image declared is received, once, and counted once at the end."""

import io
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from domain.errors import Refused
from domain.flow import State
from ingest import balance, lots
from store import clock, contents, documents, tasks
from store import lots as lot_rows
from store.house import Store
from store.senders import Sender
from store.tables import lot_images
from store.tables import lots as lots_table
from tests.ingest.conftest import pdf


def put(store: Store, sender: Sender, lot: str, n: int, data: bytes, side: str = "r") -> Any:
    return lots.put_sheet(store, sender, lot, n, side, io.BytesIO(data), length=len(data))


def filled(store: Store, sender: Sender, sheets: list[bytes]) -> str:
    lot = lots.open_lot(store, sender, len(sheets), duplex=False)
    for n, data in enumerate(sheets, 1):
        put(store, sender, lot, n, data)
    return lot


def row(store: Store, id: str) -> documents.DocumentRow:
    with store.begin() as conn:
        return documents.load(conn, id)


def test_a_lot_becomes_one_document_a_sheet(store: Store, sender: Sender) -> None:
    lot = lots.open_lot(store, sender, 3, duplex=False)
    receipts = [put(store, sender, lot, n, pdf()) for n in (1, 2, 3)]
    assert all(receipt.created for receipt in receipts)
    with store.begin() as conn:
        assert documents.find(conn) == []  # nothing flows before the lot is whole
    closed = lots.close_lot(store, sender, lot)
    assert closed.to_json() == {
        "id": lot,
        "status": "clos",
        "declared_images": 3,
        "received": 3,
        "balance": {"documents": 0, "separators": 0, "blanks": 0, "rejected": 0, "duplicates": 0},
        "documents": [receipt.id for receipt in receipts],
        "settlement": None,
    }
    for n, receipt in enumerate(receipts, 1):
        document = row(store, receipt.id)
        assert (document.status, document.lot_id, document.lot_n, document.lot_side) == (
            State.RECU, lot, n, "r",
        )  # fmt: skip
    assert lots.close_lot(store, sender, lot).documents == closed.documents


def test_a_lot_that_misses_images_says_which(store: Store, sender: Sender) -> None:
    lot = lots.open_lot(store, sender, 6, duplex=True)
    put(store, sender, lot, 1, pdf(), "r")
    put(store, sender, lot, 3, pdf(), "v")
    with pytest.raises(Refused) as caught:
        lots.close_lot(store, sender, lot)
    assert caught.value.code == "lot_incomplet"
    assert caught.value.extra == {
        "missing": [
            {"n": 1, "side": "v"},
            {"n": 2, "side": "r"},
            {"n": 2, "side": "v"},
            {"n": 3, "side": "r"},
        ]
    }
    assert lots.view(store, sender, lot).status == "ouvert"


def test_an_image_is_its_place_whatever_its_bytes(store: Store, sender: Sender) -> None:
    data = pdf()
    lot = lots.open_lot(store, sender, 2, duplex=False)
    first = put(store, sender, lot, 1, data)
    again = put(store, sender, lot, 1, data)
    assert (again.id, again.receipt, again.created) == (first.id, first.receipt, False)
    with pytest.raises(Refused, match="image_differente"):
        put(store, sender, lot, 1, pdf())
    second = put(store, sender, lot, 2, data)
    assert second.created
    assert second.id != first.id
    lots.close_lot(store, sender, lot)
    assert put(store, sender, lot, 1, data).id == first.id  # an answer lost, asked again
    with pytest.raises(Refused, match="image_differente"):
        put(store, sender, lot, 1, pdf())


@pytest.mark.parametrize(
    ("duplex", "n", "side"), [(False, 0, "r"), (False, 5, "r"), (False, 1, "v"), (True, 3, "r"), (True, 1, "x")]
)
def test_what_was_not_declared_is_outside(
    store: Store, sender: Sender, duplex: bool, n: int, side: str
) -> None:
    lot = lots.open_lot(store, sender, 4, duplex=duplex)
    with pytest.raises(Refused, match="hors_du_lot"):
        put(store, sender, lot, n, pdf(), side)


@pytest.mark.parametrize(("images", "duplex"), [(0, False), (-1, False), (3, True), (10_001, False)])
def test_a_lot_that_cannot_be_is_not_opened(store: Store, sender: Sender, images: int, duplex: bool) -> None:
    with pytest.raises(Refused, match="requete_invalide"):
        lots.open_lot(store, sender, images, duplex)


def test_a_foreign_lot_is_a_missing_one(store: Store, sender: Sender, other: Sender) -> None:
    lot = filled(store, sender, [pdf()])
    for use in (
        lambda: lots.view(store, other, lot),
        lambda: lots.close_lot(store, other, lot),
        lambda: put(store, other, lot, 1, pdf()),
        lambda: lots.view(store, sender, "1"),
        lambda: lots.view(store, sender, "00000000-0000-4000-8000-000000000000"),
    ):
        with pytest.raises(Refused, match="introuvable"):
            use()
    assert lots.view(store, None, lot).received == 1


def test_a_sheet_that_is_no_image_is_kept_and_counted(store: Store, sender: Sender) -> None:
    lot = lots.open_lot(store, sender, 2, duplex=False)
    receipt = put(store, sender, lot, 1, b"a corrupt image")
    assert receipt.rejected == "type_inconnu"
    put(store, sender, lot, 2, pdf())
    lots.close_lot(store, sender, lot)
    document = row(store, receipt.id)
    assert (document.status, document.reason) == (State.REJETE, "type_inconnu")
    with store.begin() as conn:
        assert contents.load(conn, receipt.sha256).size == len(b"a corrupt image")
    assert lots.view(store, sender, lot).balance["rejected"] == 1


def test_an_empty_sheet_is_refused_and_stays_missing(store: Store, sender: Sender) -> None:
    lot = lots.open_lot(store, sender, 1, duplex=False)
    with pytest.raises(Refused, match="fichier_vide"):
        put(store, sender, lot, 1, b"")
    with pytest.raises(Refused, match="lot_incomplet"):
        lots.close_lot(store, sender, lot)


def test_both_sides_of_a_sheet_are_one_document(store: Store, sender: Sender) -> None:
    lot = lots.open_lot(store, sender, 4, duplex=True)
    sides = {(n, side): pdf() for n in (1, 2) for side in "rv"}
    receipts = {place: put(store, sender, lot, place[0], data, place[1]) for place, data in sides.items()}
    closed = lots.close_lot(store, sender, lot)
    assert closed.documents == [receipts[1, "r"].id, receipts[2, "r"].id]
    with store.begin() as conn:
        assert lot_rows.verso(conn, receipts[1, "r"].id) == receipts[1, "v"].sha256
        documents.advance(conn, receipts[1, "r"].id, State.RECU, State.EN_LECTURE, actor="t")
        lot_rows.set_outcome(conn, lot, 1, "v", "blanc")
    assert lots.view(store, sender, lot).balance == {
        "documents": 1, "separators": 0, "blanks": 1, "rejected": 0, "duplicates": 0,
    }  # fmt: skip


def test_a_bad_verso_does_not_take_its_recto_along(store: Store, sender: Sender) -> None:
    lot = lots.open_lot(store, sender, 4, duplex=True)
    good = put(store, sender, lot, 1, pdf(), "r")
    bad = put(store, sender, lot, 1, b"bad", "v")
    worse = put(store, sender, lot, 2, b"worse", "r")
    lone = put(store, sender, lot, 2, pdf(), "v")
    lots.close_lot(store, sender, lot)
    assert row(store, good.id).status == State.RECU
    assert row(store, bad.id).status == row(store, worse.id).status == State.REJETE
    with store.begin() as conn:
        assert lot_rows.verso(conn, good.id) is None
        assert lot_rows.verso(conn, worse.id) == lone.sha256  # beside the recto that a person will see
        documents.advance(conn, good.id, State.RECU, State.EN_LECTURE, actor="t")
    found = lots.view(store, sender, lot)
    assert (found.status, found.balance["documents"], found.balance["rejected"]) == ("equilibre", 1, 3)


def test_an_exact_double_is_set_aside_and_kept(store: Store, sender: Sender) -> None:
    one, two = pdf(), pdf()
    lot = filled(store, sender, [one, two, one, one])
    closed = lots.close_lot(store, sender, lot)
    assert closed.balance["duplicates"] == 2
    states = [(row(store, id).status, row(store, id).reason) for id in closed.documents]
    double = (State.ECARTE, "doublon")
    assert states == [(State.RECU, None), (State.RECU, None), double, double]


def test_two_blank_versos_are_no_doubles(store: Store, sender: Sender) -> None:
    lot = lots.open_lot(store, sender, 4, duplex=True)
    blank = pdf()
    for n in (1, 2):
        put(store, sender, lot, n, pdf(), "r")
        put(store, sender, lot, n, blank, "v")
    assert lots.close_lot(store, sender, lot).balance["duplicates"] == 0


def move(store: Store, id: str, to: State, **facts: Any) -> None:
    with store.begin() as conn:
        documents.advance(conn, id, documents.load(conn, id).status, to, actor="t", **facts)


def test_the_balance_counts_each_image_once_and_ends_even(store: Store, sender: Sender) -> None:
    double = pdf()
    lot = filled(store, sender, [double, pdf(), pdf(), b"bad", double, pdf()])
    ids = lots.close_lot(store, sender, lot).documents
    seen = lots.view(store, sender, lot)
    assert seen.status == "clos"
    assert seen.balance == {
        "documents": 0, "separators": 0, "blanks": 0, "rejected": 1, "duplicates": 1,
    }  # fmt: skip
    move(store, ids[0], State.EN_LECTURE)
    move(store, ids[1], State.ECARTE, reason="separateur")
    move(store, ids[2], State.ECARTE, reason="blanc")
    assert lots.view(store, sender, lot).status == "clos"
    move(store, ids[5], State.QUARANTAINE)
    seen = lots.view(store, sender, lot)
    assert seen.status == "equilibre"
    assert seen.balance == {
        "documents": 2, "separators": 1, "blanks": 1, "rejected": 1, "duplicates": 1,
    }  # fmt: skip


@given(st.sampled_from(list(State)), st.sampled_from([None, "separateur", "blanc", "doublon", "type_inconnu"]))
def test_a_document_that_left_its_first_state_is_always_counted(state: State, reason: str | None) -> None:
    assert (balance._follows(state.value, reason) is None) == (state == State.RECU)


def age(store: Store, lot: str, column: str, table: Any = lots_table) -> None:
    key = table.c.id if table is lots_table else table.c.lot_id
    with store.begin() as conn:
        past = clock.now() - timedelta(minutes=61)
        conn.execute(update(table).where(key == lot).values({column: past}))


def lot_tasks(store: Store) -> list[tuple[str | None, str]]:
    with store.begin() as conn:
        return [(id, "lot") for id in tasks.lots_waiting(conn, 10)]


def test_a_lot_unbalanced_for_an_hour_is_a_persons_task_until_it_is_even(store: Store, sender: Sender) -> None:
    lot = filled(store, sender, [pdf(), pdf()])
    ids = lots.close_lot(store, sender, lot).documents
    assert lots.watch(store) == []
    age(store, lot, "closed_at")
    assert lots.watch(store) == lots.watch(store) == [lot]
    assert lot_tasks(store) == [(lot, "lot")]
    assert lots.view(store, sender, lot).status == "desequilibre"
    for id in ids:
        move(store, id, State.EN_LECTURE)
    assert lots.watch(store) == []
    assert lot_tasks(store) == []
    assert lots.view(store, sender, lot).status == "equilibre"


def test_a_lot_left_open_for_an_hour_is_a_persons_task_and_can_still_be_filled(
    store: Store, sender: Sender
) -> None:
    lots.open_lot(store, sender, 2, duplex=False)  # never used: nothing is lost with it
    lot = lots.open_lot(store, sender, 2, duplex=False)
    put(store, sender, lot, 1, pdf())
    assert lots.watch(store) == []
    age(store, lot, "received_at", lot_images)
    assert lots.watch(store) == [lot]
    put(store, sender, lot, 2, pdf())
    assert lots.close_lot(store, sender, lot).status == "clos"


def test_a_person_closes_a_lot_that_will_never_be_whole(store: Store, sender: Sender) -> None:
    lot = lots.open_lot(store, sender, 3, duplex=False)
    put(store, sender, lot, 1, pdf())
    with pytest.raises(Refused, match="etat_change"):
        lots.settle_lot(store, "agent", lot, "trop tôt : la station envoie encore")
    age(store, lot, "received_at", lot_images)
    lots.watch(store)
    found = lots.settle_lot(store, "agent", lot, "deux feuilles perdues")
    assert (len(found.documents), found.received, found.balanced) == (1, 1, False)
    assert found.settlement is not None
    assert (found.settlement["by"], found.settlement["reason"]) == (
        "agent",
        "deux feuilles perdues",
    )
    assert lots.watch(store) == []
    assert lot_tasks(store) == []
    with pytest.raises(Refused, match="lot_clos"):
        put(store, sender, lot, 2, pdf())
    with pytest.raises(Refused, match="etat_change"):
        lots.settle_lot(store, "agent", lot, "encore")


def test_a_closed_lot_that_does_not_balance_is_settled_with_its_documents_on_their_way(
    store: Store, sender: Sender
) -> None:
    lot = filled(store, sender, [pdf(), pdf()])
    ids = lots.close_lot(store, sender, lot).documents
    age(store, lot, "closed_at")
    lots.watch(store)
    assert lots.settle_lot(store, "agent", lot, "vu").documents == ids
    for id in ids:
        move(store, id, State.EN_LECTURE)
    assert lots.view(store, sender, lot).status == "equilibre"


def test_closing_and_sending_at_once_leaves_no_image_outside(store: Store, sender: Sender) -> None:
    """Tries of the one race that would lose an image: it is in, or it is refused."""
    for _ in range(12):
        lot = lots.open_lot(store, sender, 2, duplex=False)
        put(store, sender, lot, 1, pdf())
        data, errors = pdf(), []

        def late(lot: str = lot, data: bytes = data, errors: list[str] = errors) -> None:
            try:
                put(store, sender, lot, 2, data)
            except Refused as error:
                errors.append(error.code)

        def close(lot: str = lot, errors: list[str] = errors) -> None:
            try:
                lots.close_lot(store, sender, lot)
            except Refused as error:
                errors.append(error.code)

        threads = [
            threading.Thread(target=late),
            threading.Thread(target=close),
            threading.Thread(target=close),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(errors) <= {"lot_incomplet"}
        assert len(lots.close_lot(store, sender, lot).documents) == 2


def test_the_same_place_sent_many_times_at_once_is_one_image(store: Store, sender: Sender) -> None:
    lot = lots.open_lot(store, sender, 1, duplex=False)
    same, results = pdf(), []

    def send(data: bytes) -> None:
        try:
            results.append(put(store, sender, lot, 1, data).created)
        except Refused as error:
            results.append(error.code)

    threads = [threading.Thread(target=send, args=(data,)) for data in [same, pdf()] * 6]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count(True) == 1
    assert results.count(False) == 5
    assert results.count("image_differente") == 6
    assert lots.view(store, sender, lot).received == 1


def test_an_image_too_large_is_refused(store: Store, sender: Sender) -> None:
    house = replace(store, settings=store.settings.model_copy(update={"max_file_bytes": 50}))
    lot = lots.open_lot(house, sender, 1, duplex=False)
    with pytest.raises(Refused, match="fichier_trop_gros"):
        put(house, sender, lot, 1, pdf())
