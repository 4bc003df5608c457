"""Changes of dossiers that the house had applied, and that the dossiers loaded again do not hold.

They are told and not made: what was loaded may be fresher than the paper, and a former account in the
place of the present one would be paid.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

from domain.flow import State
from law import load
from store import cases, documents, people, propositions
from store.clock import today
from store.house import Store


def missing(conn: Connection, store: Store, document_ids: Iterable[str]) -> list[str]:
    """Those of the documents whose change would be one again, or whose insured is not loaded."""
    found = []
    for id in document_ids:
        row = documents.load(conn, id)
        if row.status is not State.APPLIQUE:
            continue
        if row.insured_id is None:
            found.append(id)
            continue
        fields, insured = cases.fields_of(conn, id), people.insured(conn, row.insured_id)
        day = today(store.settings)
        told = propositions.proposal(conn, row, row.type or "", fields, insured, day, load())
        if told is None or told.changes or told.reasons:
            found.append(id)
    return found
