"""Cash benefits as they are kept: what was decided of an insured, the attestations that his employers
gave, and the requests that wait for something."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Connection, select

from checks.especes import Attested, Avis, attested_of, avis_of
from checks.prestations import Record
from domain.flow import State
from domain.people import Insured
from store import bodies, cases
from store.tables import decisions, document_data, documents

AVIS, ATTESTATION, CAPITAL = "avis_arret_travail", "attestation_salaire", "demande_capital_deces"
RECORD = "especes"
"""The kind of body that a decision in cash leaves."""
UNTIL = "attend"
"""The kind of body that says until when a request waits, or a stop has days to pay: {"until": the last day}."""
PAID = (State.ORDONNANCE, State.CLASSE)


def save_record(conn: Connection, document_id: str, record: Record) -> None:
    bodies.save(conn, document_id, RECORD, record)


def wait(conn: Connection, document_id: str, until: date | None) -> None:
    """Nothing more is to be done on or before that day; None: nothing at all."""
    if until is None:
        bodies.remove(conn, document_id, UNTIL)
    else:
        bodies.save(conn, document_id, UNTIL, {"until": until})


def record(conn: Connection, document_id: str) -> Record | None:
    found: Record | None = bodies.data(conn, document_id, RECORD, Record)
    return found


def records(conn: Connection, insured_id: str, *, but: str | None = None) -> list[Record]:
    """What is decided in cash about the insured, the oldest first. Under money.lock_insured.

    `but`: a document, whose own is left out."""
    d, b = decisions.c, document_data.c
    rows = conn.execute(
        select(b.document_id, b.body)
        .join(decisions, d.document_id == b.document_id)
        .where(d.insured_id == insured_id, d.corrects.is_(None), b.kind == RECORD)
        .order_by(d.saved_at, d.id)
    )
    return [bodies.read_as(Record, row.body) for row in rows if row.document_id != but]


def settled_elsewhere(conn: Connection, insured: Insured) -> list[Avis]:
    """The avis that a person closed without a decision of the house: she computed them by other means,
    or nothing was due. Their days are decided."""
    d = documents.c
    rows = conn.execute(
        select(d.id, d.received_on)
        .outerjoin(decisions, decisions.c.document_id == d.id)
        .where(d.insured_id == insured.id, d.type == AVIS, d.status == State.CLASSE.value)
        .where(decisions.c.id.is_(None))
    )
    found = [avis_of(cases.fields_of(conn, row.id), insured, row.received_on) for row in rows]
    return [each for each in found if isinstance(each, Avis)]


def attestations(conn: Connection, insured_id: str) -> list[Attested]:
    """The whole attestations that were accepted for the insured, the first received first."""
    d = documents.c
    ids = conn.execute(
        select(d.id)
        .where(d.insured_id == insured_id, d.type == ATTESTATION, d.status == State.CLASSE.value)
        .order_by(d.received_at, d.id)
    ).scalars()
    found = [attested_of(cases.fields_of(conn, id)) for id in ids]
    return [each for each in found if isinstance(each, Attested)]


def waiting_for(conn: Connection, insured_id: str, codes: Sequence[str]) -> list[str]:
    """The avis of the insured that stand in A_LIQUIDER for one of these reasons, locked.

    One that another transaction holds is passed over: it is moving, and will read for itself what the
    caller is about to commit."""
    d, b = documents.c, document_data.c
    rows = conn.execute(
        select(d.id, b.body)
        .join(document_data, (b.document_id == d.id) & (b.kind == "not_computed"))
        .where(d.insured_id == insured_id, d.type == AVIS, d.status == State.A_LIQUIDER.value)
        .order_by(d.received_at, d.id)
        .with_for_update(of=documents, skip_locked=True)
    )
    return [row.id for row in rows if any(each["code"] in codes for each in row.body)]


def due(conn: Connection, today: date, limit: int = 100) -> list[str]:
    """Requests whose days are over, or whose delay has passed, locked; others' are passed over."""
    d, b = documents.c, document_data.c
    rows = conn.execute(
        select(d.id)
        .join(document_data, (b.document_id == d.id) & (b.kind == UNTIL))
        .where(d.status == State.A_LIQUIDER.value, b.body["until"].astext < today.isoformat())
        .order_by(d.received_at, d.id)
        .limit(limit)
        .with_for_update(of=documents, skip_locked=True)
    )
    return list(rows.scalars())


def running(conn: Connection, today: date) -> list[str]:
    """Documents paid so far, with days of their stop that have come to term since."""
    d, b = documents.c, document_data.c
    rows = conn.execute(
        select(d.id)
        .join(document_data, (b.document_id == d.id) & (b.kind == UNTIL))
        .where(d.status.in_([each.value for each in PAID]), b.body["until"].astext < today.isoformat())
        .order_by(d.received_at, d.id)
    )
    return list(rows.scalars())


def at_term(conn: Connection, document_id: str, today: date) -> bool:
    """Asked again once the document is locked: whether there are days of it to pay."""
    found = bodies.data(conn, document_id, UNTIL)
    return found is not None and date.fromisoformat(found["until"]) < today


def stopped() -> ColumnElement[bool]:
    """Of a row of documents: a benefit decided in part, and not computed since. What else was once not computed
    (a sheet that was paid after all, a request that a person closed) bears no record of one."""
    b = document_data.c
    kept, told = (select(b.document_id).where(b.kind == kind) for kind in (RECORD, "not_computed"))
    ended = documents.c.status.in_([each.value for each in PAID])
    return ended & documents.c.id.in_(told) & documents.c.id.in_(kept)
