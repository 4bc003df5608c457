"""Rows of a lot: what a station sends, image by image, and what became of each."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.errors import Refused
from store.documents import known
from store.tables import documents
from store.tables import lot_images as i
from store.tables import lots as t

OUTCOMES = ("document", "separateur", "blanc", "rejete", "doublon")


@dataclass(frozen=True, slots=True)
class Lot:
    """`status`: ouvert, clos, equilibre, desequilibre."""

    id: str
    sender_id: str
    declared_images: int
    duplex: bool
    status: str
    created_at: datetime
    closed_at: datetime | None

    @property
    def places(self) -> list[tuple[int, str]]:
        """Every (sheet, side) that is declared, in order."""
        if self.duplex:
            return [(n, side) for n in range(1, self.declared_images // 2 + 1) for side in ("r", "v")]
        return [(n, "r") for n in range(1, self.declared_images + 1)]


@dataclass(frozen=True, slots=True)
class Image:
    lot_id: str
    n: int
    side: str
    deposit_id: str
    sha256: str
    received_at: datetime
    outcome: str | None
    document_id: str | None


def create(conn: Connection, sender_id: str, declared_images: int, duplex: bool) -> Lot:
    row = conn.execute(
        insert(t).values(sender_id=sender_id, declared_images=declared_images, duplex=duplex).returning(t)
    ).one()
    return Lot(**row._mapping)


def load(conn: Connection, lot_id: str, *, lock: bool = False) -> Lot:
    """Raises Refused("introuvable")."""
    query = select(t).where(t.c.id == known(lot_id))
    row = conn.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise Refused("introuvable")
    return Lot(**row._mapping)


def find(
    conn: Connection, *, status: str | None = None, sender_id: str | None = None, limit: int = 100
) -> list[Lot]:
    """Newest first."""
    query = select(t).order_by(t.c.created_at.desc()).limit(limit)
    if status:
        query = query.where(t.c.status == status)
    if sender_id:
        query = query.where(t.c.sender_id == sender_id)
    return [Lot(**row._mapping) for row in conn.execute(query)]


def add_image(
    conn: Connection, lot_id: str, n: int, side: str, deposit_id: str, sha256: str, received_at: datetime
) -> None:
    """The image of a place, once: the same bytes again change nothing.

    Raises Refused("image_differente")."""
    conn.execute(
        upsert(i)
        .values(lot_id=lot_id, n=n, side=side, deposit_id=deposit_id, sha256=sha256, received_at=received_at)
        .on_conflict_do_nothing()
    )
    held = image(conn, lot_id, n, side)
    if held is None or held.sha256 != sha256:
        raise Refused("image_differente")


def image(conn: Connection, lot_id: str, n: int, side: str) -> Image | None:
    row = conn.execute(select(i).where(i.c.lot_id == lot_id, i.c.n == n, i.c.side == side)).one_or_none()
    return Image(**row._mapping) if row else None


def images(conn: Connection, lot_id: str) -> list[Image]:
    rows = conn.execute(select(i).where(i.c.lot_id == lot_id).order_by(i.c.n, i.c.side))
    return [Image(**row._mapping) for row in rows]


def missing(conn: Connection, lot: Lot) -> list[tuple[int, str]]:
    """Declared places that hold no image yet."""
    received = {(each.n, each.side) for each in images(conn, lot.id)}
    return [place for place in lot.places if place not in received]


def set_status(conn: Connection, lot_id: str, status: str) -> None:
    closing = {"closed_at": func.coalesce(t.c.closed_at, func.clock_timestamp())} if status != "ouvert" else {}
    conn.execute(update(t).where(t.c.id == lot_id).values(status=status, **closing))


def set_outcome(
    conn: Connection, lot_id: str, n: int, side: str, outcome: str, document_id: str | None = None
) -> None:
    """What became of an image: of OUTCOMES."""
    conn.execute(
        update(i)
        .where(i.c.lot_id == lot_id, i.c.n == n, i.c.side == side)
        .values(outcome=outcome, document_id=document_id)
    )


def balance(conn: Connection, lot_id: str) -> dict[str | None, int]:
    """How many images came to each outcome; None: not known yet."""
    rows = conn.execute(select(i.c.outcome, func.count()).where(i.c.lot_id == lot_id).group_by(i.c.outcome))
    return {row[0]: row[1] for row in rows}


def documents_of(conn: Connection, lot_id: str) -> list[str]:
    """Ids of the documents made of the lot's images, in the order of sheets."""
    rows = conn.execute(
        select(documents.c.id)
        .where(documents.c.lot_id == lot_id)
        .order_by(documents.c.lot_n, documents.c.lot_side, documents.c.id)
    )
    return list(rows.scalars())
