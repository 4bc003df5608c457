"""A deposit: one sender's act. The same sender with the same bytes is the same deposit, but in a lot."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.errors import Refused
from store.documents import known
from store.tables import deposits as t


@dataclass(frozen=True, slots=True)
class Deposit:
    """`source`: http, lot or dossier_surveille. `receipt`: what the sender was told."""

    id: str
    sender_id: str
    sha256: str
    idempotency_key: str | None
    source: str
    type_hint: str | None
    lot_id: str | None
    lot_n: int | None
    lot_side: str | None
    receipt: str
    received_at: datetime
    received_on: date


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
    lot: tuple[str, int, str] | None = None,
) -> tuple[Deposit, bool]:
    """The deposit, and whether it is new: of a hundred at once, one is.

    Raises Refused: "cle_reutilisee" where the key named other bytes, "image_differente" where the
    lot holds another image there.
    """
    lot_id, lot_n, lot_side = lot or (None, None, None)
    made = conn.execute(
        upsert(t)
        .values(
            id=id, sender_id=sender_id, sha256=sha256, source=source, receipt=receipt,
            received_at=received_at, received_on=received_on, idempotency_key=idempotency_key,
            type_hint=type_hint, lot_id=lot_id, lot_n=lot_n, lot_side=lot_side,
        )
        .on_conflict_do_nothing()
        .returning(t)
    ).one_or_none()  # fmt: skip
    if made is not None:
        return Deposit(**made._mapping), True
    return _existing(conn, sender_id, sha256, idempotency_key, lot), False


def by_key(conn: Connection, sender_id: str, idempotency_key: str) -> Deposit | None:
    row = conn.execute(
        select(t).where(t.c.sender_id == sender_id, t.c.idempotency_key == idempotency_key)
    ).one_or_none()
    return Deposit(**row._mapping) if row else None


def load(conn: Connection, deposit_id: str) -> Deposit:
    """Raises Refused("introuvable")."""
    row = conn.execute(select(t).where(t.c.id == known(deposit_id))).one_or_none()
    if row is None:
        raise Refused("introuvable")
    return Deposit(**row._mapping)


def _existing(
    conn: Connection, sender_id: str, sha256: str, key: str | None, lot: tuple[str, int, str] | None
) -> Deposit:
    if key is not None and (held := by_key(conn, sender_id, key)):
        if held.sha256 != sha256:
            raise Refused("cle_reutilisee")
        return held
    if lot:
        place = and_(t.c.lot_id == lot[0], t.c.lot_n == lot[1], t.c.lot_side == lot[2])
        found = Deposit(**conn.execute(select(t).where(place)).one()._mapping)
        if found.sha256 != sha256:
            raise Refused("image_differente")
        return found
    same = and_(t.c.sender_id == sender_id, t.c.sha256 == sha256, t.c.lot_id.is_(None))
    return Deposit(**conn.execute(select(t).where(same)).one()._mapping)
