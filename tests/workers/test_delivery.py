"""What leaves the house: whole, under a lasting name, and one that cannot leave keeps no other back."""

import json
from typing import Any

import pytest
from sqlalchemy import select, text

from outbound import decompte
from store import payments
from store.house import Store
from store.tables import outbox
from tests.promises import feuilles
from tests.workers.driving import drive
from workers import delivery
from workers.house import House


@pytest.fixture
def ordered(store: Store) -> tuple[House, list[str]]:
    house = House(store, feuilles.Recorded())
    feuilles.load_people(store, 3)
    ids = [feuilles.put(store, feuilles.sheet(who, 0)).id for who in range(3)]
    for document_id in ids:
        drive(house, document_id)
    return house, ids


def test_one_that_cannot_leave_keeps_no_other_back(
    ordered: tuple[House, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest breaks the décompte's drawing, the next the disk: the third is delivered, once."""
    house, ids = ordered
    render, write, tried = decompte.render, delivery._write, list[str]()

    def spoiled(*args: Any, reference: str, **kwargs: Any) -> bytes:
        tried.append(reference)
        if reference == ids[0][:8].upper():
            raise ValueError("cannot be drawn")
        return render(*args, reference=reference, **kwargs)

    def full(file: Any, content: bytes) -> None:
        if file.suffix == ".pdf" and tried[-1] == ids[1][:8].upper():
            raise OSError(28, "No space left on device")
        write(file, content)

    monkeypatch.setattr(decompte, "render", spoiled)
    monkeypatch.setattr(delivery, "_write", full)
    assert delivery.deliver(house) == 1
    with house.store.begin() as conn:
        told = {row.document_id: row for row in conn.execute(select(outbox))}
        sent = {id: payments.of_document(conn, id)[0].sent_at for id in ids}
    assert [told[id].last_error for id in ids] == ["interne", "disque_plein", None]
    assert [sent[id] is not None for id in ids] == [False, False, True]
    assert delivery.deliver(house) == 0


def test_delivered_twice_it_is_the_same_order(ordered: tuple[House, list[str]]) -> None:
    house, ids = ordered
    assert delivery.deliver(house) == 3
    with house.store.begin() as conn:
        (order,) = payments.of_document(conn, ids[0])
    file = house.store.settings.home / "sortie" / "ordres" / f"{order.id}.json"
    first = file.read_bytes()
    assert json.loads(first)["amount"] == str(order.amount)
    with house.store.begin() as conn:
        conn.execute(outbox.update().values(sent_at=None))
    assert delivery.deliver(house) == 3
    assert file.read_bytes() == first


def test_an_order_without_an_account_waits_and_says_so(ordered: tuple[House, list[str]]) -> None:
    house, ids = ordered
    with house.store.begin() as conn:
        conn.execute(text("UPDATE insured SET body = body || '{\"iban\": null}'::jsonb"))
    assert delivery.deliver(house) == 0
    with house.store.begin() as conn:
        assert {row.last_error for row in conn.execute(select(outbox))} == {"compte_absent"}
    assert not list((house.store.settings.home / "sortie" / "ordres").glob(f"{ids[0]}*"))
