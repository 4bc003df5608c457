"""Sums to recover: indus with what became of them, and the participations that tiers payant left owing.

What happens to an indu is a line of it, never an edit, and a line of its document's journal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import Connection, func, insert, select

from domain.claim import TraceLine
from domain.errors import Refused
from domain.money import ZERO, Money
from domain.people import Insured
from law import Law
from liquidation.indus import Indu as Examined
from liquidation.recouvrement import (
    Claimed,
    Debt,
    Event,
    Held,
    Owed,
    Standing,
    hold_back,
    hold_back_of_professional,
    standing,
)
from store import bodies, journal
from store.documents import known
from store.payments import HoldBack
from store.tables import indu_events, indus, retenues, withheld
from store.tables import insured as people

JOURNAL = "indu"
"""The event of the journal's lines that tell of one."""


@dataclass(frozen=True, slots=True)
class Indu:
    """`debtor_id`: of an insured (who holds the rights), an RPPS, a SIRET, or the place of an ayant droit.
    `reason`: in French, what the letter names. `trace`: how what is asked for was found."""

    id: str
    decision_id: str
    document_id: str
    insured_id: str
    debtor_kind: str
    debtor_id: str
    amount: Money
    costs: Money
    asked: Money
    fraud: bool
    reason: str
    paid_on: date
    found_on: date
    outcome: str | None
    trace: tuple[TraceLine, ...]
    created_at: datetime
    events: tuple[Event, ...] = ()
    held: Money = ZERO

    @property
    def debt(self) -> Debt:
        return Debt(self.asked, self.outcome, self.events, self.held, self.debtor_kind)  # type: ignore[arg-type]

    def standing(self, today: date, law: Law) -> Standing:
        return standing(self.debt, today, law)


def open_indu(
    conn: Connection,
    key: bytes,
    actor: str,
    *,
    decision_id: str,
    document_id: str,
    insured_id: str,
    debtor: tuple[str, str],
    found: Examined,
    reason: str,
    paid_on: date,
    found_on: date,
    fraud: bool = False,
) -> str:
    """Keep what was found by a correction; its id. `key`: of the document."""
    outcome = "prescrit" if found.prescribed else "abandonne" if found.dropped else None
    values = {
        "decision_id": decision_id, "document_id": document_id, "insured_id": insured_id,
        "debtor_kind": debtor[0], "debtor_id": debtor[1], "amount": found.amount, "costs": found.costs,
        "asked": found.asked, "fraud": fraud, "reason": reason, "paid_on": paid_on, "found_on": found_on,
        "outcome": outcome,
        # the days of the letter run from its reception, which nobody knows yet
        "trace": to_jsonable_python([step for step in found.trace if step.amount is not None]),
    }  # fmt: skip
    id: str = conn.execute(insert(indus).values(values).returning(indus.c.id)).scalar_one()
    _tell(conn, key, actor, document_id, id, {"indu": values})
    return id


def write_row(conn: Connection, indu_id: str, told: Mapping[str, Any], at: datetime) -> None:
    """One that is rebuilt, from the journal's line that tells it."""
    days = {name: date.fromisoformat(told[name]) for name in ("paid_on", "found_on")}
    conn.execute(insert(indus).values(**{**told, **days, "id": indu_id, "created_at": at}))


def note(conn: Connection, key: bytes, indu: Indu, event: Event, actor: str) -> None:
    """Keep what happened to it. The caller has checked it (liquidation.recouvrement.check)."""
    values = {
        "what": event.what, "on_day": event.on, "amount": event.amount, "body": dict(event.body),
    }  # fmt: skip
    write_event(conn, indu.id, len(indu.events), values, actor)
    _tell(conn, key, actor, indu.document_id, indu.id, {"event": values})


def write_event(conn: Connection, indu_id: str, n: int, values: Mapping[str, Any], actor: str) -> None:
    conn.execute(insert(indu_events).values(indu_id=indu_id, n=n, actor=actor, **values))


def _tell(conn: Connection, key: bytes, actor: str, document_id: str, id: str, told: Mapping[str, Any]) -> None:
    payload = journal.seal_payload(key, to_jsonable_python(dict(told)))
    what = told["event"]["what"] if "event" in told else "trouve"
    journal.write(conn, document_id, JOURNAL, actor=actor, payload=payload, hashes={"indu": id, "what": what})


def load(conn: Connection, indu_id: str, *, lock: bool = False) -> Indu:
    """`lock` holds it until the transaction ends. Raises Refused("introuvable")."""
    query = select(indus).where(indus.c.id == known(indu_id))
    row = conn.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise Refused("introuvable")
    return _indu(conn, row)


def of_document(conn: Connection, document_id: str) -> list[Indu]:
    query = select(indus).where(indus.c.document_id == document_id).order_by(indus.c.created_at, indus.c.id)
    return [_indu(conn, row) for row in conn.execute(query)]


def of_insured(conn: Connection, holder_id: str) -> list[Indu]:
    """Those that an insured owes, the oldest first."""
    i = indus.c
    query = select(indus).where(i.debtor_kind == "assure", i.debtor_id == holder_id)
    return [_indu(conn, row) for row in conn.execute(query.order_by(i.created_at, i.id))]


def newest(conn: Connection, limit: int) -> list[Indu]:
    query = select(indus).order_by(indus.c.created_at.desc(), indus.c.id).limit(limit)
    return [_indu(conn, row) for row in conn.execute(query)]


def owed(conn: Connection, holder: Insured) -> list[Owed]:
    """The participations and franchises that tiers payant left owing, of the holder and of the persons
    whose rights he opens: what is not held back yet, and what was and is owed no more (negative)."""
    ids = [holder.id]
    if holder.nir is not None:
        ids += conn.execute(
            select(people.c.id).where(people.c.assure_nir == holder.nir, people.c.id != holder.id)
        ).scalars()
    w, r = withheld.c, retenues.c
    key = (w.insured_id, w.kind, w.care_day, w.professional)
    left = conn.execute(
        select(*key, func.sum(w.outstanding).label("left"), func.min(w.reimbursed_on).label("since"))
        .where(w.insured_id.in_(ids), w.outstanding != 0)
        .group_by(*key)
    ).all()
    taken = {
        tuple(row[:4]): row.taken
        for row in conn.execute(
            select(r.insured_id, r.kind, r.care_day, r.professional, func.sum(r.amount).label("taken"))
            .where(r.insured_id.in_(ids), r.kind != "indu")
            .group_by(r.insured_id, r.kind, r.care_day, r.professional)
        )
    }
    found = [
        Owed(row.kind, row.insured_id, row.care_day, row.professional,
             row.left - taken.get(tuple(row[:4]), ZERO), row.since)
        for row in left
    ]  # fmt: skip
    return [each for each in found if each.amount]


def holding(conn: Connection, holder: Insured, today: date, law: Law) -> HoldBack:
    """What an order to the holder, or to a practitioner, holds back of what that one owes. Under
    money.lock_insured of the holder, until the order is written: nothing is held back twice."""
    claimed = []
    for each in of_insured(conn, holder.id):
        now = each.standing(today, law)
        if now.state == "a_retenir":
            claimed.append(Claimed(each.id, each.insured_id, now.left, each.debt.income))
    owing, month = owed(conn, holder), held_in_month(conn, holder.id, today)

    def asked(kind: str, payee: str, amount: Money) -> Sequence[Held]:
        if kind == "praticien":
            return hold_back_of_professional(amount, _unanswered(conn, payee, today, law), today)
        if kind != "assure":
            return ()
        return hold_back(amount, owing, claimed, month, today, law)[0]

    return asked


def _unanswered(conn: Connection, rpps: str, today: date, law: Law) -> list[Claimed]:
    """What may be held back of a practitioner, the oldest first. The rows stay held until the order is written:
    payments of two persons' care hold nothing back twice."""
    i = indus.c
    query = select(indus).where(i.debtor_kind == "praticien", i.debtor_id == rpps).order_by(i.created_at, i.id)
    found = [_indu(conn, row) for row in conn.execute(query.with_for_update()).all()]
    states = [(each, each.standing(today, law)) for each in found]
    return [Claimed(each.id, each.insured_id, now.left) for each, now in states if now.state == "a_retenir"]


def held_in_month(conn: Connection, holder_id: str, day: date) -> Money:
    """What was held back of his indus in the civil month of `day`."""
    first = day.replace(day=1)
    query = (
        select(func.coalesce(func.sum(retenues.c.amount), ZERO))
        .join(indus, indus.c.id == retenues.c.indu_id)
        .where(indus.c.debtor_kind == "assure", indus.c.debtor_id == holder_id)
        .where(func.date_trunc("month", retenues.c.on_day) == first)
    )
    found: Money = conn.execute(query).scalar_one()
    return found


def _indu(conn: Connection, row: Any) -> Indu:
    e = indu_events.c
    events = conn.execute(select(e.what, e.on_day, e.amount, e.body).where(e.indu_id == row.id).order_by(e.n))
    held = conn.execute(
        select(func.coalesce(func.sum(retenues.c.amount), ZERO)).where(retenues.c.indu_id == row.id)
    ).scalar_one()
    values = dict(row._mapping)
    values["trace"] = bodies.read_as(tuple[TraceLine, ...], row.trace)
    return Indu(**values, events=tuple(Event(*each) for each in events), held=held)
