"""Rejected documents: which of them still wait for a person, and how she takes note of one.

Rejecting ends a document: its row never changes again. That a person dealt with it (had the paper scanned
again, told the sender) is a line of its journal, so that a house rebuilt from the archive knows it too.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, func, literal_column, select

from domain.errors import Refused
from domain.flow import State
from store import bodies, clock, documents, journal
from store.tables import documents as t
from store.tables import journal as j

EVENT = "rejet_regle"
BY_A_PERSON = "rejete_par_une_personne"
"""Reason of what a person gave up: she has seen it."""


def waiting() -> ColumnElement[bool]:
    """The condition of a rejected document that waits for a person."""
    return and_(t.c.status == State.REJETE.value, ~_settled())


def settled() -> ColumnElement[bool]:
    """The condition of one that a person has dealt with."""
    return and_(t.c.status == State.REJETE.value, _settled())


def _settled() -> ColumnElement[bool]:
    # a literal, so that the index of these lines alone is used
    line = exists().where(j.c.document_id == t.c.id, j.c.event == literal_column(f"'{EVENT}'"))
    return func.coalesce(t.c.reason == BY_A_PERSON, False) | line


def count(conn: Connection, which: ColumnElement[bool]) -> int:
    number: int = conn.execute(select(func.count()).select_from(t).where(which)).scalar_one()
    return number


def settle(conn: Connection, document_id: str, key: bytes, actor: str, reason: str) -> None:
    """A person took note of it: what she did about it is `reason`.

    Raises Refused("etat_change") where it is not rejected, or settled already."""
    row = documents.load(conn, document_id, lock=True)
    if conn.execute(select(t.c.id).where(t.c.id == row.id, waiting())).one_or_none() is None:
        raise Refused("etat_change", "Ce document n'attend personne.")
    journal.write(conn, row.id, EVENT, actor=actor, payload=journal.seal_payload(key, {"reason": reason}))
    save(conn, row.id, actor, reason, clock.now())


def save(conn: Connection, document_id: str, actor: str, reason: str, at: datetime) -> None:
    """What its screen shows of it."""
    bodies.save(conn, document_id, "reglement", {"reason": reason, "by": actor, "at": at.isoformat()})
