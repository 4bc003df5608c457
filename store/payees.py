"""Who is written to and paid for a decision, and owes what is taken back of it."""

from sqlalchemy import Connection

from domain.people import Insured
from store import money, people


def holder(conn: Connection, document_id: str, insured_id: str) -> Insured:
    """Of a child of two parents the one who asks, as the document's claim says; else whoever opens the rights
    of the person. Raises Refused("introuvable")."""
    claim = money.claim(conn, document_id)
    person = people.insured(conn, insured_id)
    return people.holder(conn, person, claim.holder_nir if claim is not None else None)
