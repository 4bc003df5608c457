"""What is to leave the house, written with the fact that asks for it and sent afterwards.

Delivered at least once, under an id that does not change: who receives it twice knows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from store.documents import in_seconds, lapsed
from store.tables import outbox as t

PAUSE = 5.0
LONGEST_PAUSE = 3600.0


@dataclass(frozen=True, slots=True)
class Message:
    """`kind`: ordre, decompte, courrier..."""

    id: str
    kind: str
    document_id: str | None
    order_id: str | None
    body: dict[str, Any]
    created_at: datetime
    sent_at: datetime | None
    attempts: int
    next_try: datetime
    last_error: str | None


def add(
    conn: Connection,
    kind: str,
    *,
    document_id: str | None = None,
    order_id: str | None = None,
    body: Mapping[str, Any] | None = None,
) -> None:
    """To be sent after COMMIT. A second message of one kind about one order is not added."""
    values = {"kind": kind, "document_id": document_id, "order_id": order_id}
    query = upsert(t).values(body=to_jsonable_python(dict(body or {})), **values)
    conn.execute(query.on_conflict_do_nothing())


def pending(conn: Connection, kinds: tuple[str, ...] | None = None, limit: int = 20) -> list[Message]:
    """What waits and is due, oldest first, held until the transaction ends; two senders share it out."""
    query = select(t).where(t.c.sent_at.is_(None), lapsed(t.c.next_try))
    if kinds is not None:
        query = query.where(t.c.kind.in_(kinds))
    rows = conn.execute(query.order_by(t.c.created_at).limit(limit).with_for_update(skip_locked=True))
    return [Message(**row._mapping) for row in rows]


def mark_sent(conn: Connection, message_id: str) -> None:
    conn.execute(
        update(t)
        .where(t.c.id == message_id, t.c.sent_at.is_(None))
        .values(sent_at=func.clock_timestamp(), attempts=t.c.attempts + 1)
    )


def mark_failed(conn: Connection, message: Message, code: str) -> None:
    """Later, each time twice as late, an hour at most."""
    pause = min(LONGEST_PAUSE, PAUSE * 2 ** min(message.attempts, 10))
    conn.execute(
        update(t)
        .where(t.c.id == message.id)
        .values(attempts=t.c.attempts + 1, next_try=in_seconds(pause), last_error=code)
    )


def held_back(conn: Connection, limit: int) -> list[Message]:
    """What could not be sent so far, oldest first."""
    late = select(t).where(t.c.sent_at.is_(None), t.c.attempts > 0).order_by(t.c.created_at).limit(limit)
    return [Message(**row._mapping) for row in conn.execute(late)]


def count_held_back(conn: Connection) -> int:
    late = select(func.count()).where(t.c.sent_at.is_(None), t.c.attempts > 0)
    number: int = conn.execute(late).scalar_one()
    return number


def of_document(conn: Connection, document_id: str) -> list[Message]:
    rows = conn.execute(select(t).where(t.c.document_id == document_id).order_by(t.c.created_at))
    return [Message(**row._mapping) for row in rows]
