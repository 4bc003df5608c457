"""Rows of a lot: what a station sends, image by image, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from domain.errors import Refused
from store import clock
from store.deposits import Deposit
from store.documents import known
from store.tables import lot_images as i
from store.tables import lots as t


@dataclass(frozen=True, slots=True)
class Lot:
    """`status`: ouvert, clos, equilibre, desequilibre. `settled_*`: the person who took note that it will
    not balance, when, and why."""

    id: str
    sender_id: str
    declared_images: int
    duplex: bool
    status: str
    created_at: datetime
    closed_at: datetime | None
    settled_at: datetime | None
    settled_by: str | None
    settlement: str | None

    def has(self, n: int, side: str) -> bool:
        """Whether that place is declared."""
        return 0 < n <= self.sheets and side in (("r", "v") if self.duplex else ("r",))

    @property
    def sheets(self) -> int:
        """How many are declared."""
        return self.declared_images // 2 if self.duplex else self.declared_images

    @property
    def places(self) -> list[tuple[int, str]]:
        """Every (sheet, side) that is declared, in order."""
        if self.duplex:
            return [(n, side) for n in range(1, self.sheets + 1) for side in ("r", "v")]
        return [(n, "r") for n in range(1, self.sheets + 1)]


@dataclass(frozen=True, slots=True)
class Image:
    """`outcome`: document, separateur, blanc, rejete, doublon; None where its document says it."""

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


def load(conn: Connection, lot_id: str, sender_id: str | None = None, *, lock: str | None = None) -> Lot:
    """A lot, of that sender alone if one is given; foreign and missing are one answer. `lock`: "share"
    or "update". Raises Refused("introuvable")."""
    query = select(t).where(t.c.id == known(lot_id))
    if sender_id is not None:
        query = query.where(t.c.sender_id == sender_id)
    if lock:
        query = query.with_for_update(read=lock == "share")
    row = conn.execute(query).one_or_none()
    if row is None:
        raise Refused("introuvable")
    return Lot(**row._mapping)


def newest(conn: Connection, limit: int) -> list[Lot]:
    rows = conn.execute(select(t).order_by(t.c.created_at.desc()).limit(limit))
    return [Lot(**row._mapping) for row in rows]


def load_many(conn: Connection, ids: Sequence[str]) -> list[Lot]:
    """In the order of `ids`, those that exist."""
    found = {row.id: Lot(**row._mapping) for row in conn.execute(select(t).where(t.c.id.in_(ids)))}
    return [found[id] for id in ids if id in found]


def unbalanced(conn: Connection) -> list[str]:
    """Ids of the lots that are not balanced, and that nobody has settled."""
    query = select(t.c.id).where(t.c.status != "equilibre", t.c.settled_at.is_(None))
    return list(conn.execute(query).scalars())


def add_image(
    conn: Connection, made: Deposit, *, outcome: str | None = None, document_id: str | None = None
) -> None:
    """The image that a deposit of a lot is."""
    conn.execute(
        insert(i).values(
            lot_id=made.lot_id, n=made.lot_n, side=made.lot_side, deposit_id=made.id, sha256=made.sha256,
            received_at=made.received_at, outcome=outcome, document_id=document_id,
        )
    )  # fmt: skip


def images(conn: Connection, lot_id: str) -> list[Image]:
    """In the order of sheets, rectos first."""
    rows = conn.execute(select(i).where(i.c.lot_id == lot_id).order_by(i.c.n, i.c.side))
    return [Image(**row._mapping) for row in rows]


def missing(conn: Connection, lot: Lot) -> list[tuple[int, str]]:
    """Declared places that hold no image yet."""
    received = {(each.n, each.side) for each in images(conn, lot.id)}
    return [place for place in lot.places if place not in received]


def last_received(conn: Connection, lot_id: str) -> datetime | None:
    latest = select(func.max(i.c.received_at)).where(i.c.lot_id == lot_id)
    found: datetime | None = conn.execute(latest).scalar()
    return found


def close(conn: Connection, lot_id: str) -> None:
    conn.execute(update(t).where(t.c.id == lot_id).values(status="clos", closed_at=clock.now()))


def set_status(conn: Connection, lot_id: str, status: str) -> None:
    conn.execute(update(t).where(t.c.id == lot_id).values(status=status))


def settle(conn: Connection, lot_id: str, agent: str, reason: str) -> None:
    """A person takes note that it will not balance."""
    conn.execute(
        update(t).where(t.c.id == lot_id).values(settled_at=clock.now(), settled_by=agent, settlement=reason)
    )


def set_outcome(conn: Connection, lot_id: str, n: int, side: str, outcome: str) -> None:
    """What one image was, once it was looked at."""
    conn.execute(update(i).where(i.c.lot_id == lot_id, i.c.n == n, i.c.side == side).values(outcome=outcome))


def set_document(
    conn: Connection, lot_id: str, n: int, side: str, document_id: str, outcome: str | None
) -> None:
    """Which document an image belongs to."""
    conn.execute(
        update(i)
        .where(i.c.lot_id == lot_id, i.c.n == n, i.c.side == side)
        .values(document_id=document_id, outcome=outcome)
    )


def verso(conn: Connection, document_id: str) -> str | None:
    """The hash of the other side of a document's sheet: another content, its page 1. None: no other."""
    return conn.execute(
        select(i.c.sha256).where(i.c.document_id == document_id, i.c.side == "v", i.c.deposit_id != document_id)
    ).scalar_one_or_none()
