"""Erasure where nothing can be deleted: the keys are destroyed, the cipher text stays and means nothing.

docs/adr/0002-retention-and-erasure.md says when the law asks for it and what is left.
"""

from dataclasses import dataclass

from sqlalchemy import delete, update

from archive.package import MEDICAL, key_owner
from domain.errors import Refused
from domain.flow import ENDED
from store import contents, deposits, documents, journal
from store.contents import BUCKET
from store.documents import DocumentRow
from store.house import Store
from store.tables import document_data
from store.tables import documents as t


@dataclass(frozen=True, slots=True)
class Erased:
    """Ids whose keys are gone: the document, and the file that it came out of."""

    documents: tuple[str, ...]


def erase(store: Store, document_id: str, actor: str) -> Erased:
    """Destroy the keys of an ended document; for a child, those of the whole file too, for the file
    holds the child's pages. Its siblings keep their own. Repeatable.

    The journal keeps a line that says so. Raises Refused (introuvable, etat_change)."""
    with store.begin() as conn:
        row = documents.load(conn, document_id)
        family = [row] if row.parent_id is None else [row, documents.load(conn, row.parent_id)]
        inside = documents.children(conn, document_id)
        if row.status not in ENDED or any(child.status not in ENDED for child in inside):
            raise Refused("etat_change", "Un document en cours ne s'efface pas.")
    # a file that is erased takes what came out of it along
    everyone = {each.id: each for each in (*family, *inside)}
    with store.begin() as conn:
        bytes_of = set().union(*(contents.of_document(conn, id) for id in everyone))
    for each in everyone.values():
        _note(store, each, actor)
        for part in ("original", f"{MEDICAL}original"):
            store.vault.erase(key_owner(each.id, part))
        _forget_rows(store, each)
    for sha256 in sorted(bytes_of):
        _forget_inbox(store, sha256, set(everyone))
    return Erased(tuple(everyone))


def _note(store: Store, row: DocumentRow, actor: str) -> None:
    """One line, before anything is destroyed: an erasure that stops half-way shows, and is done again."""
    with store.begin() as conn:
        documents.load(conn, row.id, lock=True)
        if all(line.event != "effacement" for line in journal.lines(conn, row.id)):
            journal.write(conn, row.id, "effacement", actor=actor)


def _forget_rows(store: Store, row: DocumentRow) -> None:
    """What was read of it, and whose it was, go from the database too; acts and amounts decided are
    accounts, kept as long as those are (D122-21). Its sender may send it again: another deposit."""
    with store.begin() as conn:
        conn.execute(delete(document_data).where(document_data.c.document_id == row.id))
        conn.execute(update(t).where(t.c.id == row.id).values(insured_id=None))
        deposits.mark_erased(conn, row.deposit_id)


def _forget_inbox(store: Store, sha256: str, erased: set[str]) -> None:
    """The received bytes, unless another document still waits on them."""
    with store.begin() as conn:
        content = contents.find(conn, sha256)
        if content is None or contents.still_waited_for(conn, sha256, erased):
            return
        contents.mark_removed(conn, sha256)
    store.objects.delete(BUCKET, content.object_key)
    store.vault.erase(content.key_id)
