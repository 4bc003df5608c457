"""What a payment asks of the archive: its proof is kept from then on, not from the day of reception."""

from datetime import datetime

from sqlalchemy import select

from archive import names
from store import journal
from store.clock import now
from store.documents import DocumentRow
from store.house import Store
from store.retention import document_lock
from store.tables import seals


def extend_at_payment(store: Store, document: DocumentRow, paid_at: datetime) -> datetime | None:
    """Lock a paid document again from its payment on, with the file it came in, its receipt and the seals
    that prove it; gives until when.

    None where nothing is sealed, or locked long enough already. Never shortens. Repeatable."""
    until = document_lock(store.settings, paid_at, now())
    if document.manifest_sha256 is None or (document.retain_until and document.retain_until >= until):
        return None
    for key, version_id in [*_family(store, document), *_proofs(store, document.id)]:
        store.objects.extend(names.BUCKET, key, version_id, until)
    return until


def _family(store: Store, document: DocumentRow) -> list[tuple[str, str | None]]:
    """The objects of a document, of the whole file it was cut from, and of their deposit."""
    prefixes = [names.folder(id) for id in (document.id, document.parent_id) if id]
    return [
        (stat.key, stat.version_id)
        for prefix in (*prefixes, names.receipts(document.deposit_id))
        for stat in store.objects.list(names.BUCKET, prefix, versions=True)
        if not stat.delete_marker
    ]


def _proofs(store: Store, document_id: str) -> list[tuple[str, str | None]]:
    with store.begin() as conn:
        held = {line.seal_no for line in journal.lines(conn, document_id) if line.seal_no is not None}
        rows = conn.execute(select(seals.c.object_key, seals.c.version_id).where(seals.c.n.in_(held)))
        return [(row.object_key, row.version_id) for row in rows]
