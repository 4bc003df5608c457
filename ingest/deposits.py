"""A deposit: a sender's act, durable before its receipt is given.

In this order, and no other: the bytes to disk and hashed; the gate; the bytes encrypted into the
inbox and read back; then one transaction that names them, whose last act before COMMIT is a locked
sidecar in the archive (who, what, when: enough to rebuild the deposit without the database); then
the receipt. Whatever fails before COMMIT, the sender has no receipt and sends again.
"""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, select
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.errors import Refused, Unavailable
from domain.flow import State
from ingest import gate, receipts
from ingest.gate import Counted
from ingest.spool import Spooled, sealed, spooled
from ingest.turns import one_at_a_time
from store import clock, contents, deposits, documents
from store.contents import Content
from store.deposits import Deposit
from store.house import Store
from store.senders import Sender
from store.tables import contents as contents_table
from store.tables import deposits as deposits_table

Place = tuple[str, int, str]
"""(lot id, sheet, side)."""
Hint = str | Callable[[], str | None] | None
"""A type that the sender announces; a function where it is known only once the stream was read."""
SIDECARS = "receipts/"


@dataclass(frozen=True, slots=True)
class Receipt:
    """`id`: of the deposit, and of the document that it made. `created`: false where it was there."""

    id: str
    sha256: str
    receipt: str
    received_at: datetime
    created: bool
    rejected: str | None = None


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


def deposit(
    store: Store,
    sender: Sender,
    stream: BinaryIO,
    *,
    length: int | None = None,
    type_hint: Hint = None,
    idempotency_key: str | None = None,
    source: str = "http",
) -> Receipt:
    """Takes a stream in; the same sender with the same bytes is the same deposit.

    Raises Refused (fichier_vide, fichier_trop_gros, type_inconnu, envoi_incomplet, virus,
    cle_reutilisee), Unavailable (antivirus_muet, disque_plein, magasin_indisponible,
    base_indisponible, relecture_differente). Memory stays flat.
    """
    with spooled(folder(store), Counted(stream, store.settings.max_file_bytes, length)) as plain:
        media_type = gate.sniff(plain.head)
        gate.scan(store.settings.clamd_url, plain.chunks())
        hint = type_hint() if callable(type_hint) else type_hint

        def known(conn: Connection) -> Deposit | None:
            return _known(conn, sender.id, plain.sha256, idempotency_key)

        def record(conn: Connection, facts: Facts, content: Content) -> tuple[Deposit, bool]:
            made, is_new = deposits.save(
                conn, **facts.values(), source=source, idempotency_key=idempotency_key, type_hint=hint
            )  # fmt: skip
            if is_new:
                write_sidecar(store, sender, made, content)
                create_document(conn, sender, made, State.RECU)
            return made, is_new

        return receipt_of(*take(store, sender, plain, media_type, known, record))


def reject(store: Store, sender: Sender, stream: BinaryIO, code: str, *, source: str) -> Receipt:
    """Keeps the bytes of what could not be taken, with the code of the reason, for a person to see."""
    with spooled(folder(store), Counted(stream, 16 * store.settings.max_file_bytes)) as plain:
        if not plain.size:
            raise Refused("fichier_vide")

        def known(conn: Connection) -> Deposit | None:
            return _known(conn, sender.id, plain.sha256, None)

        def record(conn: Connection, facts: Facts, content: Content) -> tuple[Deposit, bool]:
            made, is_new = deposits.save(conn, **facts.values(), source=source)
            if is_new:
                write_sidecar(store, sender, made, content)
                create_document(conn, sender, made, State.REJETE, reason=code)
            return made, is_new

        return receipt_of(*take(store, sender, plain, gate.kind(plain.head), known, record), rejected=code)


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
        with _begin(store) as conn:
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
        with _begin(store) as conn:
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
    with sealed(folder(store), plain, key) as (file, size, cipher_sha256):
        store.objects.put(contents.BUCKET, object_key, file, size, sha256=cipher_sha256)
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


def create_document(
    conn: Connection,
    sender: Sender,
    made: Deposit,
    status: State,
    *,
    reason: str | None = None,
    hashes: dict[str, object] | None = None,
) -> str:
    """The document of a deposit, under the deposit's own id: the one that its receipt names."""
    lot = (made.lot_id, made.lot_n or 0, made.lot_side or "") if made.lot_id else None
    return documents.create(
        conn,
        id=made.id,
        deposit_id=made.id,
        sender_id=made.sender_id,
        content_sha256=made.sha256,
        received_at=made.received_at,
        received_on=made.received_on,
        actor=sender.actor,
        status=status,
        lot=lot,
        type_hint=made.type_hint,
        reason=reason,
        hashes={"content_sha256": made.sha256, **(hashes or {})},
    )


def write_sidecar(store: Store, sender: Sender, made: Deposit, content: Content) -> None:
    """Locked as long as the document will be. Ids, hashes and times alone: no health data.

    Written by the one who won the deposit's unique place, before COMMIT: a sidecar whose deposit
    was not committed has no receipt, and its sender's next one names the same bytes."""
    body = {
        "format": 1,
        "kind": "receipt",
        "deposit": made.id,
        "document": None if made.lot_side == "v" else made.id,
        "sender": made.sender_id,
        "sender_role": sender.role,
        "sha256": made.sha256,
        "size": content.size,
        "media_type": content.media_type,
        "source": made.source,
        "lot": [made.lot_id, made.lot_n, made.lot_side] if made.lot_id else None,
        "received_at": f"{made.received_at:%Y-%m-%dT%H:%M:%S.%fZ}",
        "received_on": made.received_on.isoformat(),
        "content": {
            "key": content.object_key,
            "key_id": content.key_id,
            "sha256_cipher": content.cipher_sha256,
        },
    }
    data = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    name = f"{SIDECARS}{made.id}-{hashlib.sha256(data).hexdigest()}.json"
    store.objects.put("archive", name, data, retain_until=locked_until(store, made.received_at))


def locked_until(store: Store, received_at: datetime) -> datetime:
    """The end of the shortest lock: minutes in tests and demonstrations, else whole months."""
    settings = store.settings
    if settings.retention_minutes is not None:
        return received_at + timedelta(minutes=settings.retention_minutes)
    months = received_at.month - 1 + settings.retention_months
    # the first of the month after: never shorter than asked, and no 31st of February
    year, month = received_at.year + (months + 1) // 12, (months + 1) % 12 + 1
    return received_at.replace(year=year, month=month, day=1)


def sweep_orphans(store: Store, older_than: timedelta = timedelta(hours=1)) -> int:
    """Removes from the inbox what no row names, left by a deposit that never committed; how many.

    Its key goes with it. Only objects of our own naming, and only once they are old enough for no
    deposit in progress to be about to name them."""
    removed = 0
    for found in store.objects.list(contents.BUCKET):
        sha256, _, key_id = found.key.partition("/")
        if not key_id or found.modified is None or clock.now() - found.modified < older_than:
            continue
        with _begin(store) as conn:
            content = contents.find(conn, sha256)
        if content is None or content.object_key != found.key:
            store.objects.delete(contents.BUCKET, found.key)
            store.vault.erase(key_id)
            removed += 1
    return removed


def receipt_of(made: Deposit, is_new: bool, rejected: str | None = None) -> Receipt:
    return Receipt(made.id, made.sha256, made.receipt, made.received_at, is_new, rejected)


def _known(conn: Connection, sender_id: str, sha256: str, key: str | None) -> Deposit | None:
    if key is not None and (held := deposits.by_key(conn, sender_id, key)):
        if held.sha256 != sha256:
            raise Refused("cle_reutilisee")
        return held
    t = deposits_table.c
    row = conn.execute(
        select(deposits_table).where(t.sender_id == sender_id, t.sha256 == sha256, t.lot_id.is_(None))
    ).one_or_none()
    return Deposit(**row._mapping) if row else None


def folder(store: Store) -> Path:
    """Where bytes on their way in are written."""
    return store.settings.home / "tmp"


@contextmanager
def _begin(store: Store) -> Iterator[Connection]:
    try:
        with store.begin() as conn:
            yield conn
    except PoolTimeout as error:
        raise Unavailable("base_indisponible") from error
