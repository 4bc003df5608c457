"""How bytes come to be kept: stored once, named in one transaction, before anyone is told.

In this order, and no other: the bytes encrypted into the inbox and read back; one transaction that
names them, whose last act before COMMIT is the locked sidecar; then the receipt. Whatever fails before
COMMIT, the sender has no receipt and sends again. What fails after, he is told that he was heard.
"""

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from domain.errors import Unavailable
from ingest import receipts
from ingest.spool import Spooled, sealed
from ingest.turns import one_at_a_time
from store import clock, contents
from store.contents import Content
from store.deposits import Deposit
from store.house import Store
from store.senders import Sender
from store.tables import contents as contents_table


@dataclass(frozen=True, slots=True)
class Facts:
    """What a new deposit is made of."""

    id: str
    sender_id: str
    sha256: str
    receipt: str
    received_at: datetime
    received_on: date

    def values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def take(
    store: Store,
    sender: Sender,
    plain: Spooled,
    media_type: str,
    known: Callable[[Connection], Deposit | None],
    record: Callable[[Connection, Facts, Content], tuple[Deposit, bool]],
) -> tuple[Deposit, bool]:
    """Stores the bytes unless they are, and records the deposit. `known` tells an earlier one."""
    with one_at_a_time(plain.sha256):
        with store.begin() as conn:
            if earlier := known(conn):
                return earlier, False
            content = contents.find(conn, plain.sha256)
        stored = None
        if content is None or content.removed_at is not None:
            stored = _store(store, plain, media_type)
        received_at = clock.now()
        deposit_id = str(uuid.uuid4())
        facts = Facts(
            id=deposit_id,
            sender_id=sender.id,
            sha256=plain.sha256,
            receipt=receipts.sign(store.settings, deposit_id, plain.sha256, received_at),
            received_at=received_at,
            received_on=clock.today(store.settings),
        )
        with store.begin() as conn:
            named = contents.save(conn, **stored) if stored else _hold(conn, plain.sha256)
            made, is_new = record(conn, facts, named)
        if stored and named.key_id != stored["key_id"]:
            # another process stored the same bytes meanwhile: its object counts, ours goes
            store.objects.delete(contents.BUCKET, stored["object_key"])
            store.vault.erase(stored["key_id"])
        return made, is_new


def _store(store: Store, plain: Spooled, media_type: str) -> dict[str, Any]:
    """Encrypted under a new key, put in the inbox, read back: the row that will name it.

    The object's name holds its key's owner, so that the bytes open without the database, and two
    processes that store the same bytes at once never write over each other."""
    key_id = contents.new_key_id()
    object_key = f"{plain.sha256}/{key_id}"
    key = store.vault.new_key(key_id)
    try:
        with sealed(store.scratch, plain, key) as (file, size, cipher_sha256):
            store.objects.put(contents.BUCKET, object_key, file, size, sha256=cipher_sha256)
    except Unavailable:
        with suppress(Unavailable):  # a key of nothing, which no sweep would find
            store.objects.delete(contents.BUCKET, object_key)
            store.vault.erase(key_id)
        raise
    return {
        "sha256": plain.sha256,
        "key_id": key_id,
        "object_key": object_key,
        "size": plain.size,
        "media_type": media_type,
        "cipher_sha256": cipher_sha256,
    }


def _hold(conn: Connection, sha256: str) -> Content:
    """Content that is there, held so that no one removes it before we name it."""
    held = conn.execute(
        select(contents_table).where(contents_table.c.sha256 == sha256).with_for_update(read=True)
    ).one_or_none()
    if held is None or held.removed_at is not None:
        raise Unavailable("magasin_indisponible")  # removed this very moment: the sender tries again
    return Content(**held._mapping)
