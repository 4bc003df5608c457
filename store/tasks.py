"""Tasks of persons: who holds which, and the version that each decision is compared with.

A version grows at each lease: whoever decides on what another has taken since is told so.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.errors import Refused
from store import turns
from store.documents import in_seconds, known, lapsed
from store.tables import tasks as t

MOST_HELD = 2
"""The one at hand, and the next, fetched ahead."""


@dataclass(frozen=True, slots=True)
class Task:
    """Of a document, or of a lot that does not balance. `status`: ouverte, faite, sans_objet."""

    id: str
    document_id: str | None
    lot_id: str | None
    kind: str
    version: int
    status: str
    agent: str | None
    lease_until: datetime | None
    opened_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    action: str | None


def open_task(conn: Connection, document_id: str | None, kind: str, *, lot_id: str | None = None) -> str:
    """The open task of this document or lot, made now unless there is one; its id."""
    made = conn.execute(
        upsert(t)
        .values(document_id=document_id, lot_id=lot_id, kind=kind)
        .on_conflict_do_nothing()
        .returning(t.c.id)
    ).scalar_one_or_none()
    if made is not None:
        return str(made)
    subject = t.c.document_id == document_id if document_id else t.c.lot_id == lot_id
    return str(conn.execute(select(t.c.id).where(subject, t.c.status == "ouverte")).scalar_one())


def next_task(
    conn: Connection, agent: str, kinds: Collection[str] | None = None, seconds: float = 600
) -> Task | None:
    """Lease the oldest free task; None where there is none.

    Raises Refused("trop_de_taches") where the agent holds two. Commit before showing it.
    """
    _one_at_a_time(conn, agent)
    if len(held(conn, agent)) >= MOST_HELD:
        raise Refused("trop_de_taches")
    query = select(t.c.id).where(t.c.status == "ouverte", _free())
    if kinds is not None:
        query = query.where(t.c.kind.in_(list(kinds)))
    found = conn.execute(
        query.order_by(t.c.opened_at, t.c.id).limit(1).with_for_update(skip_locked=True)
    ).scalar_one_or_none()
    return _take(conn, found, agent, seconds) if found else None


def take(conn: Connection, task_id: str, agent: str, seconds: float = 600) -> Task:
    """Lease this one; one's own is renewed. Raises Refused: "tache_non_tenue" where another holds
    it, "trop_de_taches", "tache_perimee" where it is decided."""
    _one_at_a_time(conn, agent)
    task = load(conn, task_id, lock=True)
    if task.status != "ouverte":
        raise Refused("tache_perimee")
    mine = {each.id for each in held(conn, agent)}
    if task.id in mine:
        return renew(conn, task_id, agent, seconds)
    if len(mine) >= MOST_HELD:
        raise Refused("trop_de_taches")
    if conn.execute(select(t.c.id).where(t.c.id == task.id, _free())).one_or_none() is None:
        raise Refused("tache_non_tenue")
    return _take(conn, task.id, agent, seconds)


def renew(conn: Connection, task_id: str, agent: str, seconds: float = 600) -> Task:
    """Hold it longer, its version unchanged; one that expired untaken is held again.

    Raises Refused("tache_non_tenue")."""
    row = conn.execute(
        update(t)
        .where(t.c.id == known(task_id), t.c.agent == agent, t.c.status == "ouverte")
        .values(lease_until=in_seconds(seconds))
        .returning(t)
    ).one_or_none()
    if row is None:
        load(conn, task_id)
        raise Refused("tache_non_tenue")
    return Task(**row._mapping)


def held(conn: Connection, agent: str) -> list[Task]:
    """What the agent holds now, first taken first."""
    query = select(t).where(t.c.agent == agent, t.c.status == "ouverte", ~_free())
    return [Task(**row._mapping) for row in conn.execute(query.order_by(t.c.lease_until))]


def release(conn: Connection, task_id: str, agent: str) -> None:
    """Give it back. Raises Refused("tache_non_tenue") where it is not the agent's."""
    done = conn.execute(
        update(t)
        .where(t.c.id == known(task_id), t.c.agent == agent, t.c.status == "ouverte")
        .values(agent=None, lease_until=None)
    )
    if done.rowcount != 1:
        load(conn, task_id)
        raise Refused("tache_non_tenue")


def decide(conn: Connection, task_id: str, agent: str, version: int, action: str) -> Task:
    """Close the task by this agent's decision, in the transaction that moves the document.

    A lease that expired without another taking it still counts: nothing was decided meanwhile.
    Raises Refused: "tache_perimee" (another version, or decided), "tache_non_tenue".
    """
    task = load(conn, task_id, lock=True)
    if task.status != "ouverte" or task.version != version:
        raise Refused("tache_perimee")
    if task.agent != agent:
        raise Refused("tache_non_tenue")
    row = conn.execute(
        update(t)
        .where(t.c.id == task.id)
        .values(
            status="faite", version=t.c.version + 1, action=action, decided_by=agent,
            decided_at=func.clock_timestamp(), agent=None, lease_until=None,
        )
        .returning(t)
    ).one()  # fmt: skip
    return Task(**row._mapping)


def close_without(conn: Connection, document_id: str) -> None:
    """The document moved on by itself: its open task, if any, has no object any more."""
    conn.execute(
        update(t)
        .where(t.c.document_id == document_id, t.c.status == "ouverte")
        .values(status="sans_objet", version=t.c.version + 1, agent=None, lease_until=None)
    )


def close_of_lot(conn: Connection, lot_id: str, *, agent: str | None = None, action: str | None = None) -> bool:
    """The lot balances after all, or `agent` settled it; whether there was an open task."""
    ended = {"status": "sans_objet"}
    if agent is not None:
        ended = {"status": "faite", "action": action, "decided_by": agent, "decided_at": func.clock_timestamp()}
    done = conn.execute(
        update(t)
        .where(t.c.lot_id == lot_id, t.c.status == "ouverte")
        .values(version=t.c.version + 1, agent=None, lease_until=None, **ended)
    )
    return done.rowcount > 0


def load(conn: Connection, task_id: str, *, lock: bool = False) -> Task:
    """Raises Refused("introuvable")."""
    query = select(t).where(t.c.id == known(task_id))
    row = conn.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise Refused("introuvable")
    return Task(**row._mapping)


def of_document(conn: Connection, document_id: str) -> Task | None:
    """Its open task, if any."""
    row = conn.execute(select(t).where(t.c.document_id == document_id, t.c.status == "ouverte"))
    found = row.one_or_none()
    return Task(**found._mapping) if found else None


def of_lot(conn: Connection, lot_id: str) -> Task | None:
    """Its open task, if any."""
    row = conn.execute(select(t).where(t.c.lot_id == lot_id, t.c.status == "ouverte")).one_or_none()
    return Task(**row._mapping) if row else None


def lots_waiting(conn: Connection, limit: int) -> list[str]:
    """Ids of the lots that wait for a person, oldest first."""
    query = select(t.c.lot_id).where(t.c.lot_id.is_not(None), t.c.status == "ouverte")
    return list(conn.execute(query.order_by(t.c.opened_at).limit(limit)).scalars())


def counts(conn: Connection) -> dict[str, int]:
    """How many are open, by kind."""
    rows = conn.execute(select(t.c.kind, func.count()).where(t.c.status == "ouverte").group_by(t.c.kind))
    return {row[0]: row[1] for row in rows}


def _one_at_a_time(conn: Connection, agent: str) -> None:
    """One agent's two requests at once wait for each other; two agents never do."""
    turns.wait(conn, f"agent:{agent}")


def _take(conn: Connection, task_id: str, agent: str, seconds: float) -> Task:
    row = conn.execute(
        update(t)
        .where(t.c.id == task_id)
        .values(agent=agent, lease_until=in_seconds(seconds), version=t.c.version + 1)
        .returning(t)
    ).one()
    return Task(**row._mapping)


def _free() -> ColumnElement[bool]:
    return or_(t.c.lease_until.is_(None), lapsed(t.c.lease_until))
