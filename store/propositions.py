"""What a justificatif would change, with what the database knows of the doctor it names; and the change."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, update

from checks.case import text_of
from checks.justificatifs import propose
from domain.people import Insured
from domain.reading import FieldReading
from law import Law
from rights.propositions import Proposal
from store import people
from store.documents import DocumentRow
from store.tables import insured as t


def proposal(
    conn: Connection,
    document: DocumentRow,
    document_type: str,
    fields: Mapping[str, FieldReading],
    insured: Insured,
    today: date,
    law: Law,
) -> Proposal:
    rpps, am = text_of(fields, "medecin_rpps"), text_of(fields, "medecin_am")
    doctor = people.practitioner(conn, rpps=rpps) if rpps else None
    if doctor is None and am:
        doctor = people.practitioner(conn, am=am)
    return propose(document_type, fields, insured, doctor, document.received_on, today, law)


def apply(conn: Connection, after: Insured) -> None:
    """Replace the dossier. Under money.lock_insured, by which it was read."""
    columns = people.columns(after)
    conn.execute(update(t).where(t.c.id == after.id).values(columns))
