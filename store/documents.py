"""The row of a document: the truth about where it stands.

One write pattern: `lease` (committed before the work), work, then in one transaction the results and
`advance`. What failed says `fail`; what lost its bell or its worker is found by `sweep`.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update

from domain.errors import Refused
from domain.flow import ENDED, INITIAL, MAX_ATTEMPTS, WITH_STAGE, State
from store import journal
from store.bodies import all_data as all_data
from store.bodies import data as data
from store.bodies import save as save
from store.tables import documents as t

RINGS = "liasse_rings"
"""Key of Connection.info under which a transaction collects what to ring once it is committed."""

FURTHEST = 7200.0
"""Seconds: no lease, pause or bell of the house is set further ahead."""

FACTS = frozenset(
    ("type", "form", "reason", "pages", "insured_id", "manifest_sha256", "retain_until", "sealed_at",
     "last_error")
)  # fmt: skip
"""What may be set together with a move."""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """`pages`: its own within the content, None: all. `reason`: of ecarte or rejete."""

    id: str
    parent_id: str | None
    deposit_id: str
    sender_id: str
    lot_id: str | None
    lot_n: int | None
    lot_side: str | None
    content_sha256: str
    pages: list[int] | None
    status: State
    type: str | None
    form: str | None
    type_hint: str | None
    insured_id: str | None
    reason: str | None
    version: int
    attempts: int
    lease_owner: str | None
    lease_until: datetime | None
    rung_at: datetime
    last_error: str | None
    received_at: datetime
    received_on: date
    changed_at: datetime
    manifest_sha256: str | None
    retain_until: datetime | None
    sealed_at: datetime | None

    @property
    def stage(self) -> str | None:
        return WITH_STAGE.get(self.status)


def create(
    conn: Connection,
    *,
    deposit_id: str,
    sender_id: str,
    content_sha256: str,
    received_at: datetime,
    received_on: date,
    actor: str,
    status: State = State.RECU,
    id: str | None = None,
    parent_id: str | None = None,
    pages: Sequence[int] | None = None,
    lot: tuple[str, int, str] | None = None,
    type: str | None = None,
    form: str | None = None,
    type_hint: str | None = None,
    reason: str | None = None,
    payload: bytes | None = None,
    hashes: Mapping[str, Any] | None = None,
) -> str:
    """A new document, and its first line in the journal; gives its random id.

    `lot`: (lot id, n, side). Raises Refused("etat_change") where the status starts nothing.
    """
    if status not in INITIAL:
        raise Refused("etat_change")
    document_id = id or str(uuid.uuid4())
    journal.speak(conn, actor, payload, hashes)
    lot_id, lot_n, lot_side = lot or (None, None, None)
    conn.execute(
        insert(t).values(
            id=document_id, deposit_id=deposit_id, sender_id=sender_id, parent_id=parent_id,
            content_sha256=content_sha256, pages=list(pages) if pages is not None else None,
            lot_id=lot_id, lot_n=lot_n, lot_side=lot_side, status=status.value, type=type, form=form,
            type_hint=type_hint, reason=reason, received_at=received_at, received_on=received_on,
        )
    )  # fmt: skip
    _ring(conn, document_id, status)
    return document_id


def load(conn: Connection, document_id: str, *, lock: bool = False) -> DocumentRow:
    """Raises Refused("introuvable"); `lock` holds the row until the transaction ends."""
    query = select(t).where(t.c.id == known(document_id))
    row = conn.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise Refused("introuvable")
    return _row(row._mapping)


def load_many(conn: Connection, ids: Sequence[str]) -> dict[str, DocumentRow]:
    """By id, those that exist."""
    return {row.id: _row(row._mapping) for row in conn.execute(select(t).where(t.c.id.in_(ids)))}


def children(conn: Connection, document_id: str) -> list[DocumentRow]:
    rows = conn.execute(select(t).where(t.c.parent_id == document_id).order_by(t.c.received_at, t.c.pages))
    return [_row(row._mapping) for row in rows]


def find(
    conn: Connection,
    *where: ColumnElement[bool],
    limit: int = 100,
    offset: int = 0,
) -> list[DocumentRow]:
    """Newest first. `where`: conditions on store.tables.documents, such as the sender's own."""
    query = select(t).where(*where).order_by(t.c.received_at.desc(), t.c.id).limit(limit).offset(offset)
    return [_row(row._mapping) for row in conn.execute(query)]


def counts(conn: Connection) -> dict[State, int]:
    """How many stand in each state that holds any."""
    rows = conn.execute(select(t.c.status, func.count()).group_by(t.c.status))
    return {State(status): number for status, number in rows}


def lease(conn: Connection, document_id: str, owner: str, seconds: float) -> DocumentRow | None:
    """Take the document for its stage, one attempt more; commit before working.

    None where another holds it, where nothing is to be done, or where its attempts are spent: a
    document whose workers died three times goes to quarantine here.
    """
    row = conn.execute(
        select(t)
        .where(t.c.id == known(document_id), t.c.status.in_([s.value for s in WITH_STAGE]), _free())
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    if row.attempts >= MAX_ATTEMPTS:
        code = row.last_error or "lecteur_tombe"
        advance(
            conn, document_id, State(row.status), State.QUARANTAINE, actor=owner,
            hashes={"code": code}, last_error=code,
        )  # fmt: skip
        return None
    taken = conn.execute(
        update(t)
        .where(t.c.id == document_id)
        .values(lease_owner=owner, lease_until=in_seconds(seconds), attempts=t.c.attempts + 1)
        .returning(t)
    ).one()
    return _row(taken._mapping)


def renew(conn: Connection, document_id: str, owner: str, seconds: float) -> bool:
    """Hold it longer; False where it is no longer ours."""
    done = conn.execute(
        update(t)
        .where(t.c.id == document_id, t.c.lease_owner == owner, t.c.lease_until > func.clock_timestamp())
        .values(lease_until=in_seconds(seconds))
    )
    return done.rowcount == 1


def advance(
    conn: Connection,
    document_id: str,
    from_: State,
    to: State,
    *,
    actor: str,
    payload: bytes | None = None,
    hashes: Mapping[str, Any] | None = None,
    **facts: Any,
) -> None:
    """The only way a state changes: compare-and-set, a line in the journal, a ring after COMMIT.

    `payload`: cipher text (journal.seal_payload). `facts`: columns of FACTS to set with it.
    Raises Refused("etat_change") where the document is no longer in `from_`, and the database refuses
    a move that domain.flow does not name.
    """
    if unknown := set(facts) - FACTS:
        raise TypeError(f"not facts of a document: {sorted(unknown)}")
    journal.speak(conn, actor, payload, hashes)
    done = conn.execute(
        update(t)
        .where(t.c.id == known(document_id), t.c.status == from_.value)
        .values(
            {"last_error": None} | facts,
        )
        .values(
            status=to.value, version=t.c.version + 1, attempts=0, lease_owner=None, lease_until=None,
            rung_at=func.clock_timestamp(), changed_at=func.clock_timestamp(),
        )
    )  # fmt: skip
    if done.rowcount != 1:
        raise Refused("etat_change")
    _ring(conn, document_id, to)


def fail(conn: Connection, document_id: str, owner: str, code: str, *, counted: bool = True) -> bool:
    """Give the lease back after a failure; whether that sent the document to quarantine.

    `counted=False`: the house's fault (store or database away), which spends no attempt. The sweep
    rings again, no sooner than its period: that is the pause between two attempts.
    """
    row = conn.execute(
        select(t).where(t.c.id == known(document_id), t.c.lease_owner == owner).with_for_update()
    ).one_or_none()
    if row is None:
        return False
    if counted and row.attempts >= MAX_ATTEMPTS:
        advance(
            conn, document_id, State(row.status), State.QUARANTAINE, actor=owner,
            hashes={"code": code}, last_error=code,
        )  # fmt: skip
        return True
    conn.execute(
        update(t)
        .where(t.c.id == document_id)
        .values(
            lease_owner=None, lease_until=None, last_error=code, rung_at=func.clock_timestamp(),
            attempts=t.c.attempts - (0 if counted else 1),
        )
    )  # fmt: skip
    return False


def sweep(conn: Connection, older_than: float, limit: int = 200) -> int:
    """Ring again, after COMMIT, what waits for a stage, is free, and was last rung `older_than`
    seconds ago or more; how many."""
    due = (
        select(t.c.id)
        .where(
            t.c.status.in_([s.value for s in WITH_STAGE]),
            lapsed(t.c.rung_at, older_than),
            _free(),
        )
        .order_by(t.c.rung_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = conn.execute(
        update(t)
        .where(t.c.id.in_(due.scalar_subquery()))
        .values(rung_at=func.clock_timestamp())
        .returning(t.c.id, t.c.status)
    ).all()
    for document_id, status in rows:
        _ring(conn, document_id, State(status))
    return len(rows)


def is_terminal(conn: Connection, row: DocumentRow) -> bool:
    """Ended; for a file of several documents, once they all have."""
    if row.status == State.SCINDE:
        return all(is_terminal(conn, child) for child in children(conn, row.id))
    return row.status in ENDED


def set_type(conn: Connection, document_id: str, type: str | None, form: str | None) -> None:
    """What it was found or said to be, without a move."""
    conn.execute(update(t).where(t.c.id == document_id).values(type=type, form=form))


def set_insured(conn: Connection, document_id: str, insured_id: str | None) -> None:
    conn.execute(update(t).where(t.c.id == document_id).values(insured_id=insured_id))


def known(id: str) -> str:
    """`id` itself where it could be one of ours. Raises Refused("introuvable")."""
    try:
        return str(uuid.UUID(id))
    except (ValueError, TypeError, AttributeError):
        raise Refused("introuvable") from None


def keep_until(conn: Connection, document_id: str, until: datetime) -> None:
    """Its archive is locked longer."""
    conn.execute(update(t).where(t.c.id == document_id).values(retain_until=until))


def _row(found: Mapping[Any, Any]) -> DocumentRow:
    return DocumentRow(**{**found, "status": State(found["status"])})


def _free() -> ColumnElement[bool]:
    return or_(t.c.lease_until.is_(None), lapsed(t.c.lease_until))


def lapsed(moment: ColumnElement[Any], seconds: float = 0) -> ColumnElement[bool]:
    """Whether `seconds` have passed since. Of what is later than anything is ever set too: the clock ran ahead
    and was put back, and what it had written would be waited for as long as it ran ahead."""
    return or_(moment < in_seconds(-seconds), moment > in_seconds(FURTHEST))


def in_seconds(seconds: float) -> ColumnElement[Any]:
    return func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, float(seconds))


def _ring(conn: Connection, document_id: str, state: State) -> None:
    if stage := WITH_STAGE.get(state):
        conn.info.setdefault(RINGS, []).append((document_id, stage))
