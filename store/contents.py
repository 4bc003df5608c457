"""The bytes received, once under their hash. Their object lies in the bucket `inbox`."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.errors import Refused
from domain.flow import ENDED, State
from store import clock
from store.tables import contents as t
from store.tables import deposits, documents

BUCKET = "inbox"


@dataclass(frozen=True, slots=True)
class Content:
    """`key_id`: the owner of their key in the vault. `object_key`: name in `inbox`. Size in bytes."""

    sha256: str
    key_id: str
    object_key: str
    size: int
    media_type: str
    cipher_sha256: str
    stored_at: datetime
    removed_at: datetime | None


def save(
    conn: Connection,
    *,
    sha256: str,
    key_id: str,
    object_key: str,
    size: int,
    media_type: str,
    cipher_sha256: str,
) -> Content:
    """The row of these bytes: of those already there where another stored them first."""
    values = {
        "key_id": key_id, "object_key": object_key, "size": size, "media_type": media_type,
        "cipher_sha256": cipher_sha256,
    }  # fmt: skip
    query = upsert(t).values(sha256=sha256, **values)
    conn.execute(
        query.on_conflict_do_update(
            index_elements=["sha256"],
            set_=values | {"removed_at": None, "stored_at": clock.now()},
            where=t.c.removed_at.is_not(None),  # sealed and removed since: these bytes take their place
        )
    )
    return load(conn, sha256)


def load(conn: Connection, sha256: str) -> Content:
    """Raises Refused("introuvable")."""
    found = find(conn, sha256)
    if found is None:
        raise Refused("introuvable")
    return found


def find(conn: Connection, sha256: str) -> Content | None:
    row = conn.execute(select(t).where(t.c.sha256 == sha256)).one_or_none()
    return Content(**row._mapping) if row else None


def new_key_id() -> str:
    return str(uuid.uuid4())


def senders_of(conn: Connection, sha256: str) -> set[str]:
    """Who deposited the same bytes: more than one is a finding that agents alone see."""
    query = select(deposits.c.sender_id).where(deposits.c.sha256 == sha256).distinct()
    return set(conn.execute(query).scalars())


def removable(conn: Connection, limit: int = 100) -> list[Content]:
    """Those whose every document is sealed or ended without a seal to come: their inbox object and
    key may go. Bytes of `rejete` and `ecarte` are kept, and so are those that wait for a person."""
    done = [s.value for s in ENDED if s not in (State.REJETE, State.ECARTE)]
    waiting = (
        select(documents.c.id)
        .where(documents.c.content_sha256 == t.c.sha256, documents.c.status.not_in(done))
        .exists()
    )
    some = select(documents.c.id).where(documents.c.content_sha256 == t.c.sha256).exists()
    rows = conn.execute(select(t).where(t.c.removed_at.is_(None), some, ~waiting).limit(limit))
    return [Content(**row._mapping) for row in rows]


def mark_removed(conn: Connection, sha256: str) -> None:
    conn.execute(update(t).where(t.c.sha256 == sha256).values(removed_at=clock.now()))
