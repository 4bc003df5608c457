"""Seals of the journal: their rows, and the lines that wait for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from store.access import Access
from store.journal import Line
from store.tables import access_events, journal
from store.tables import seals as t


@dataclass(frozen=True, slots=True)
class Seal:
    """`sha256`: of the sealed object's bytes, which the next seal names as `previous`."""

    n: int
    root: bytes
    previous: bytes
    sha256: bytes
    lines: int
    object_key: str
    version_id: str | None
    sealed_at: datetime


def pending(conn: Connection, limit: int = 10_000) -> tuple[list[Line], list[Access]]:
    """Lines and accesses that have no seal number: never «those above the last», since a transaction
    that began earlier may commit later."""
    lines = conn.execute(select(journal).where(journal.c.seal_no.is_(None)).order_by(journal.c.id).limit(limit))
    events = conn.execute(
        select(access_events).where(access_events.c.seal_no.is_(None)).order_by(access_events.c.id).limit(limit)
    )
    return [Line(**row._mapping) for row in lines], [Access(**row._mapping) for row in events]


def save(conn: Connection, seal: Seal, lines: Sequence[int], accesses: Sequence[int]) -> None:
    """Keep a seal whose object is locked and read back, and give its number to what it holds.

    Raises ValueError where one of these ids has a number already: then nothing may be committed."""
    conn.execute(insert(t).values({name: getattr(seal, name) for name in Seal.__slots__}))
    for table, ids in ((journal, lines), (access_events, accesses)):
        if not ids:
            continue
        done = conn.execute(
            update(table).where(table.c.id.in_(ids), table.c.seal_no.is_(None)).values(seal_no=seal.n)
        )
        if done.rowcount != len(ids):
            raise ValueError(f"seal {seal.n}: {len(ids) - done.rowcount} lines sealed before")


def holding(conn: Connection, document_id: str) -> set[int]:
    """The numbers of the seals that hold lines of the document's journal, and of the last seal."""
    j = journal.c
    numbers = conn.execute(select(j.seal_no).where(j.document_id == document_id, j.seal_no.is_not(None)))
    newest = last(conn)
    return {*numbers.scalars(), *((newest.n,) if newest else ())}


def oldest_pending(conn: Connection) -> datetime | None:
    """When the oldest line without a seal was written."""
    waiting = [
        conn.execute(select(func.min(t.c.at)).where(t.c.seal_no.is_(None))).scalar()
        for t in (journal, access_events)
    ]
    return min((at for at in waiting if at is not None), default=None)


def last(conn: Connection) -> Seal | None:
    row = conn.execute(select(t).order_by(t.c.n.desc()).limit(1)).one_or_none()
    return Seal(**row._mapping) if row else None
