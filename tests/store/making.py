"""Rows that the tests of the store need, in as few words as possible."""

import hashlib
import os
import uuid

from sqlalchemy import Connection

from domain.flow import State
from store import clock, contents, deposits, documents, senders


def document(conn: Connection, status: State = State.RECU, data: bytes | None = None) -> str:
    """A document of a fresh deposit of the house's own sender; its id."""
    sender = senders.house_sender(conn)
    digest = hashlib.sha256(data or os.urandom(16)).hexdigest()
    contents.save(
        conn, sha256=digest, key_id=contents.new_key_id(), object_key=digest, size=16,
        media_type="image/png", cipher_sha256=digest,
    )  # fmt: skip
    day = clock.now()
    deposit, _ = deposits.save(
        conn, id=str(uuid.uuid4()), sender_id=sender.id, sha256=digest, source="http", receipt="r",
        received_at=day, received_on=day.date(),
    )  # fmt: skip
    return documents.create(
        conn, deposit_id=deposit.id, sender_id=sender.id, content_sha256=digest, received_at=day,
        received_on=day.date(), actor="test", status=status,
    )  # fmt: skip


def walk(conn: Connection, document_id: str, *states: State) -> None:
    """Move through the states named, from where it stands."""
    for state in states:
        now = documents.load(conn, document_id).status
        documents.advance(conn, document_id, now, state, actor="test")
