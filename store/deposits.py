"""A deposit: one sender's act. The same sender with the same bytes is the same deposit, but in a lot."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, and_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.errors import Refused
from store.documents import known
from store.tables import deposit_keys
from store.tables import deposits as t

Place = tuple[str, int, str]
"""A lot, a sheet's number, a side."""


@dataclass(frozen=True, slots=True)
class Deposit:
    """`source`: http, lot or dossier_surveille. `receipt`: what the sender was told. `erased`: what it
    brought was destroyed since."""

    id: str
    sender_id: str
    sha256: str
    source: str
    type_hint: str | None
    lot_id: str | None
    lot_n: int | None
    lot_side: str | None
    receipt: str
    received_at: datetime
    received_on: date
    erased: bool


def save(
    conn: Connection,
    *,
    id: str,
    sender_id: str,
    sha256: str,
    source: str,
    receipt: str,
    received_at: datetime,
    received_on: date,
    idempotency_key: str | None = None,
    type_hint: str | None = None,
    lot: Place | None = None,
) -> tuple[Deposit, bool]:
    """The deposit, and whether it is new: of a hundred at once, one is.

    Raises Refused: "cle_reutilisee" where the key named other bytes, "image_differente" where the
    lot holds another image there.
    """
    lot_id, lot_n, lot_side = lot or (None, None, None)
    row = conn.execute(
        upsert(t)
        .values(
            id=id, sender_id=sender_id, sha256=sha256, source=source, receipt=receipt,
            received_at=received_at, received_on=received_on, type_hint=type_hint,
            lot_id=lot_id, lot_n=lot_n, lot_side=lot_side,
        )
        .on_conflict_do_nothing()
        .returning(t)
    ).one_or_none()  # fmt: skip
    if row is not None:
        made = Deposit(**row._mapping)
    else:
        found = at(conn, lot) if lot else of_bytes(conn, sender_id, sha256)
        assert found is not None  # what stood in the way
        made = found
    if made.sha256 != sha256:
        raise Refused("image_differente")
    if idempotency_key is not None:
        name(conn, made, idempotency_key)
    return made, row is not None


def name(conn: Connection, made: Deposit, key: str) -> None:
    """From now on this sender's key names that deposit. Raises Refused("cle_reutilisee")."""
    told = {"sender_id": made.sender_id, "key": key, "deposit_id": made.id}
    conn.execute(upsert(deposit_keys).values(told).on_conflict_do_nothing())
    if (held := by_key(conn, made.sender_id, key)) is None or held.sha256 != made.sha256:
        raise Refused("cle_reutilisee")


def by_key(conn: Connection, sender_id: str, key: str) -> Deposit | None:
    k = deposit_keys.c
    named = select(k.deposit_id).where(k.sender_id == sender_id, k.key == key)
    return _one(conn, t.c.id == named.scalar_subquery())


def of_bytes(conn: Connection, sender_id: str, sha256: str) -> Deposit | None:
    """The sender's own of these bytes, not in a lot, and not erased since."""
    return _one(conn, and_(t.c.sender_id == sender_id, t.c.sha256 == sha256, t.c.lot_id.is_(None), ~t.c.erased))


def at(conn: Connection, place: Place) -> Deposit | None:
    """The deposit of a place in a lot."""
    return _one(conn, and_(t.c.lot_id == place[0], t.c.lot_n == place[1], t.c.lot_side == place[2]))


def load(conn: Connection, deposit_id: str) -> Deposit:
    """Raises Refused("introuvable")."""
    found = _one(conn, t.c.id == known(deposit_id))
    if found is None:
        raise Refused("introuvable")
    return found


def mark_erased(conn: Connection, deposit_id: str) -> None:
    conn.execute(update(t).where(t.c.id == deposit_id).values(erased=True))


def _one(conn: Connection, where: ColumnElement[bool]) -> Deposit | None:
    row = conn.execute(select(t).where(where)).one_or_none()
    return Deposit(**row._mapping) if row else None
