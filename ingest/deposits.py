"""A deposit: a sender's act, durable before its receipt is given.

The bytes go to disk and are hashed as they come; the gate says what they are; then they are kept
(keeping.py), and only then is there a receipt.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import Connection

from domain.errors import Refused
from domain.flow import State
from ingest import gate
from ingest.gate import Counted
from ingest.keeping import Facts, take
from ingest.sidecars import write_sidecar
from ingest.spool import spooled
from store import deposits, documents
from store.contents import Content
from store.deposits import Deposit
from store.house import Store
from store.senders import Sender

Hint = str | Callable[[], str | None] | None
"""A type that the sender announces; a function where it is known only once the stream was read."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """`id`: of the deposit, and of the document that it made. `created`: false where it was there."""

    id: str
    sha256: str
    receipt: str
    received_at: datetime
    created: bool
    rejected: str | None = None


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
    with spooled(store.scratch, Counted(stream, store.settings.max_file_bytes, length)) as plain:
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
                write_sidecar(store, conn, sender, made, content)
                create_document(conn, sender.actor, made, State.RECU)
            return made, is_new

        return receipt_of(*take(store, sender, plain, media_type, known, record))


def reject(store: Store, sender: Sender, stream: BinaryIO, code: str, *, source: str) -> Receipt:
    """Keeps the bytes of what could not be taken, with the code of the reason, for a person to see."""
    with spooled(store.scratch, Counted(stream, 16 * store.settings.max_file_bytes)) as plain:
        if not plain.size:
            raise Refused("fichier_vide")

        def known(conn: Connection) -> Deposit | None:
            return _known(conn, sender.id, plain.sha256, None)

        def record(conn: Connection, facts: Facts, content: Content) -> tuple[Deposit, bool]:
            made, is_new = deposits.save(conn, **facts.values(), source=source)
            if is_new:
                write_sidecar(store, conn, sender, made, content, rejected=code)
                create_document(conn, sender.actor, made, State.REJETE, reason=code)
            return made, is_new

        return receipt_of(*take(store, sender, plain, gate.kind(plain.head), known, record), rejected=code)


def create_document(
    conn: Connection,
    actor: str,
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
        actor=actor,
        status=status,
        lot=lot,
        type_hint=made.type_hint,
        reason=reason,
        hashes={"content_sha256": made.sha256, **({"code": reason} if reason else {}), **(hashes or {})},
    )


def receipt_of(made: Deposit, is_new: bool, rejected: str | None = None) -> Receipt:
    return Receipt(made.id, made.sha256, made.receipt, made.received_at, is_new, rejected)


def _known(conn: Connection, sender_id: str, sha256: str, key: str | None) -> Deposit | None:
    if key is not None and (held := deposits.by_key(conn, sender_id, key)) and held.sha256 != sha256:
        raise Refused("cle_reutilisee")
    found = deposits.of_bytes(conn, sender_id, sha256)
    if found is not None and key is not None:
        deposits.name(conn, found, key)
    return found
