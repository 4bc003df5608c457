"""The bytes received, once under their hash. Their object lies in the bucket `inbox`."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Text, and_, any_, cast, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.errors import Refused
from domain.flow import ENDED, State
from store import clock
from store.tables import contents as t
from store.tables import deposits, documents, lot_images

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


def find_all(conn: Connection, hashes: Collection[str]) -> dict[str, Content]:
    """The rows of those that have one."""
    wanted = any_(cast(list(hashes), ARRAY(Text)))
    return {row.sha256: Content(**row._mapping) for row in conn.execute(select(t).where(t.c.sha256 == wanted))}


def new_key_id() -> str:
    return str(uuid.uuid4())


def senders_of(conn: Connection, sha256: str) -> set[str]:
    """Who deposited the same bytes: more than one is a finding that agents alone see."""
    query = select(deposits.c.sender_id).where(deposits.c.sha256 == sha256).distinct()
    return set(conn.execute(query).scalars())


def of_document(conn: Connection, document_id: str) -> set[str]:
    """The hashes of its bytes: its own, and those of the other side of a lot's sheet."""
    own = select(documents.c.content_sha256).where(documents.c.id == document_id)
    sides = select(lot_images.c.sha256).where(lot_images.c.document_id == document_id)
    return set(conn.execute(own.union(sides)).scalars())


def removable(conn: Connection, sha256: str | None = None, limit: int = 100) -> list[Content]:
    """Those (that one, if named) whose every document is sealed or ended without a seal to come: their
    inbox object and key may go. Bytes of `rejete` and `ecarte` are kept, and so are those that wait for
    a person."""
    done = [s.value for s in ENDED if s not in (State.REJETE, State.ECARTE)]
    some = select(deposits.c.id).where(deposits.c.sha256 == t.c.sha256).exists()
    query = select(t).where(t.c.removed_at.is_(None), some, ~_waited_for(t.c.sha256, done)).limit(limit)
    rows = conn.execute(query if sha256 is None else query.where(t.c.sha256 == sha256))
    return [Content(**row._mapping) for row in rows]


def still_waited_for(conn: Connection, sha256: str, but: Collection[str]) -> bool:
    """Whether a document that has not ended, other than those of `but`, needs these bytes."""
    found = conn.execute(select(_waited_for(literal(sha256), [s.value for s in ENDED], list(but))))
    return bool(found.scalar_one())


def _waited_for(
    sha256: ColumnElement[str], done: Collection[str], but: Collection[str] = ()
) -> ColumnElement[bool]:
    """A document made of these bytes, or of a sheet with them on one side, is not done; or they are an
    image of a lot that is still open, whose document is not made yet."""
    going_on = and_(documents.c.status.not_in(done), documents.c.id.not_in(but))
    own = select(documents.c.id).where(documents.c.content_sha256 == sha256, going_on).exists()
    images = lot_images.outerjoin(documents, documents.c.id == lot_images.c.document_id)
    side = (
        select(lot_images.c.n)
        .select_from(images)
        .where(lot_images.c.sha256 == sha256, or_(lot_images.c.document_id.is_(None), going_on))
        .exists()
    )
    return or_(own, side)


def mark_removed(conn: Connection, sha256: str) -> None:
    conn.execute(update(t).where(t.c.sha256 == sha256).values(removed_at=clock.now()))
