"""The sidecar of a deposit: locked in the archive, enough to rebuild it without the database."""

from sqlalchemy import Connection

from store import seals, sidecars
from store.clock import now
from store.contents import Content
from store.deposits import Deposit
from store.house import Store
from store.lots import Lot
from store.retention import document_lock
from store.senders import Sender
from store.sidecars import BUCKET, Sidecar


def write_sidecar(
    store: Store,
    conn: Connection,
    sender: Sender,
    made: Deposit,
    content: Content,
    *,
    lot: Lot | None = None,
    rejected: str | None = None,
) -> None:
    """Locked as long as the document will be. Ids, hashes and times alone: no health data.

    Written by the one who won the deposit's unique place, before COMMIT: a sidecar whose deposit
    was not committed has no receipt, and its sender's next one names the same bytes."""
    last = seals.last(conn)
    data = Sidecar(
        deposit=made.id,
        sender=made.sender_id,
        sender_role=sender.role,
        sha256=made.sha256,
        size=content.size,
        media_type=content.media_type,
        source=made.source,
        lot=(made.lot_id, made.lot_n or 0, made.lot_side or "") if made.lot_id else None,
        received_at=made.received_at,
        received_on=made.received_on,
        object_key=content.object_key,
        key_id=content.key_id,
        cipher_sha256=content.cipher_sha256,
        declared=(lot.declared_images, lot.duplex) if lot else None,
        rejected=rejected,
        after_seal=(last.n, last.sha256.hex()) if last else None,
    ).dumps()
    until = document_lock(store.settings, made.received_at, now())
    store.objects.put(BUCKET, sidecars.name_of(made.id, data), data, retain_until=until)
