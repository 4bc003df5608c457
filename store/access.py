"""Who read which dossier or document, when and why: kept, never chained to a document, sealed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert as upsert

from store import clock
from store.tables import access_events as t


@dataclass(frozen=True, slots=True)
class Access:
    """`what`: document, dossier or recherche. `shown`: JSON list of the ids that a search gave."""

    id: int
    at: datetime
    actor: str
    what: str
    target: str
    why: str
    span: str
    shown: str
    seal_no: int | None


def record(
    conn: Connection,
    actor: str,
    what: str,
    target: str,
    why: str,
    *,
    span: str | None = None,
    shown: Sequence[str] = (),
) -> bool:
    """One event an actor, target and span; whether this is it.

    `span`: the lease under which an agent reads (`tache:<id>:<version>`); without one, the hour."""
    hour = clock.now().strftime("%Y-%m-%dT%H")
    if what == "recherche" and span is None:
        span = clock.now().isoformat()  # each search counts, with what it showed
    made = conn.execute(
        upsert(t)
        .values(
            actor=actor, what=what, target=target, why=why, span=span or hour,
            shown=json.dumps(list(shown), separators=(",", ":")),
        )
        .on_conflict_do_nothing()
    )  # fmt: skip
    return made.rowcount == 1


def of_target(conn: Connection, target: str) -> list[Access]:
    rows = conn.execute(select(t).where(t.c.target == target).order_by(t.c.id))
    return [Access(**row._mapping) for row in rows]


def hash_of(event: Access) -> bytes:
    """SHA-256 over the event's fields, each followed by a line feed: id, at (UTC, microseconds),
    actor, what, target, why, span, shown. It is the event's leaf in a seal."""
    at = event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    fields = (str(event.id), at, event.actor, event.what, event.target, event.why, event.span, event.shown)
    return hashlib.sha256("".join(f"{field}\n" for field in fields).encode()).digest()
