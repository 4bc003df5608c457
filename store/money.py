"""Decisions, their lines and shares, payment orders, and what is remembered for the next ones.

A share is (line, payee); each that is not zero is in at most one order, and an order is one decision
times one payee: the database keeps both. A correction is a decision of shares of opposite sign.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import Connection, case, exists, func, insert, select, update
from sqlalchemy import delete as sql_delete
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.claim import Claim, Decision, DecisionLine, History, PaidAct, Share, TraceLine, Withheld
from domain.errors import Refused
from domain.flow import State
from domain.money import ZERO, Money
from store import bodies, outbox
from store.documents import known
from store.tables import acts, decision_lines, decisions, documents, insured, orders, shares, withheld

NOT_COUNTED = (State.REJETE, State.ECARTE, State.REFUSE, State.SCINDE)
"""An act on such a document was never, or will never be, paid."""


@dataclass(frozen=True, slots=True)
class Order:
    """One decision, one payee. `shares`: (line, amount)."""

    id: str
    decision_id: str
    payee_kind: str
    payee_id: str
    amount: Money
    ordered_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredDecision:
    id: str
    document_id: str
    insured_id: str
    rpps: str
    corrects: str | None
    decision: Decision


def lock_insured(conn: Connection, insured_id: str) -> None:
    """Hold the insured's row: two decisions about one person never read the same history.

    Raises Refused("introuvable")."""
    query = select(insured.c.id).where(insured.c.id == known(insured_id)).with_for_update()
    if conn.execute(query).one_or_none() is None:
        raise Refused("introuvable")


def history(conn: Connection, insured_id: str, *, without: str | None = None) -> History:
    """What was decided before for one insured, and the acts in flight, but those of `without`."""
    w = withheld.c
    taken = conn.execute(
        select(w.kind, w.amount, w.reimbursed_on, w.care_day, w.professional, w.outstanding)
        .where(w.insured_id == insured_id)
        .order_by(w.reimbursed_on, w.decision_id, w.n)
    )
    return History(tuple(Withheld(*row) for row in taken), acts_of(conn, insured_id, but=without))


def acts_of(conn: Connection, insured_id: str, *, but: str | None = None) -> tuple[PaidAct, ...]:
    """The insured's acts, in flight and decided, but those of the document `but`; oldest first.

    One whose document was decided and then stopped (its order failed three times) is as decided."""
    a, d = acts.c, documents.c
    stopped = exists().where(decisions.c.document_id == d.id, d.status == State.QUARANTAINE.value)
    found = conn.execute(
        select(
            a.document_id,
            a.rpps,
            a.insured_id,
            a.day,
            a.code,
            a.fee,
            case((stopped, State.LIQUIDE.value), else_=d.status),
        )
        .join(documents, d.id == a.document_id)
        .where(a.insured_id == insured_id, d.status.not_in([s.value for s in NOT_COUNTED]))
        .order_by(a.day, d.received_at, a.document_id, a.line)
    )
    return tuple(PaidAct(*row) for row in found if row.document_id != but)


def save_claim(conn: Connection, claim: Claim) -> None:
    """Keep the claim of a document, and its acts for others to see. Replaces what was there."""
    bodies.save(conn, claim.id, "claim", claim)
    conn.execute(sql_delete(acts).where(acts.c.document_id == claim.id))
    if claim.acts:
        conn.execute(
            insert(acts),
            [
                {
                    "document_id": claim.id, "line": act.line, "insured_id": claim.insured_id,
                    "rpps": claim.practitioner_rpps, "day": act.day, "code": act.code, "fee": act.fee,
                }
                for act in claim.acts
            ],
        )  # fmt: skip


def forget_claim(conn: Connection, document_id: str) -> None:
    """The sheet makes no claim, or no more: nothing of an earlier one is paid or stands in another's way."""
    bodies.remove(conn, document_id, "claim")
    conn.execute(sql_delete(acts).where(acts.c.document_id == document_id))


def claim(conn: Connection, document_id: str) -> Claim | None:
    found: Claim | None = bodies.data(conn, document_id, "claim", Claim)
    return found


def save_decision(
    conn: Connection,
    document_id: str,
    insured_id: str,
    rpps: str,
    decision: Decision,
    *,
    corrects: str | None = None,
    **known: Any,
) -> str:
    """Keep a decision with its lines, shares and what it withheld; its id. `known`: its `id` and when it
    was `saved_at`, where it is rebuilt.

    Under lock_insured, in the transaction that moves the document. A second first decision of a
    document is refused by the database."""
    decision_id: str = conn.execute(
        insert(decisions)
        .values(
            document_id=document_id, insured_id=insured_id, rpps=rpps, corrects=corrects,
            decided_on=decision.decided_on, total=decision.total, trace=to_jsonable_python(decision.trace),
            law_version=decision.law_version, code_version=decision.code_version,
            **{name: value for name, value in known.items() if value is not None},
        )
        .returning(decisions.c.id)
    ).scalar_one()  # fmt: skip
    rows = [
        {
            "decision_id": decision_id, "line": line.line, "code": line.code, "day": line.day,
            "fee": line.fee, "base": line.base, "rate": line.rate, "gross": line.gross,
            "retained": to_jsonable_python(line.retained), "complementary": line.complementary,
            "paid": line.paid, "trace": to_jsonable_python(line.trace),
        }
        for line in decision.lines
    ]  # fmt: skip
    if rows:
        conn.execute(insert(decision_lines), rows)
    if decision.shares:
        conn.execute(insert(shares), [{"decision_id": decision_id} | _share(s) for s in decision.shares])
    if decision.withheld:
        conn.execute(
            insert(withheld),
            [
                {"decision_id": decision_id, "insured_id": insured_id, "n": n} | to_columns(taken)
                for n, taken in enumerate(decision.withheld)
            ],
        )
    return decision_id


def decision_of(conn: Connection, document_id: str) -> StoredDecision | None:
    """The document's last decision (its correction where there is one), whole."""
    query = select(decisions).where(decisions.c.document_id == document_id)
    row = conn.execute(query.order_by(decisions.c.saved_at.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    lines, parts, w = decision_lines.c, shares.c, withheld.c
    found = conn.execute(select(decision_lines).where(lines.decision_id == row.id).order_by(lines.line))
    shared = conn.execute(
        select(parts.line, parts.payee_kind, parts.payee_id, parts.amount)
        .where(parts.decision_id == row.id)
        .order_by(parts.line, parts.payee_kind, parts.payee_id)
    )
    taken = conn.execute(
        select(w.kind, w.amount, w.reimbursed_on, w.care_day, w.professional, w.outstanding)
        .where(w.decision_id == row.id)
        .order_by(w.n)
    )
    decision = Decision(
        decided_on=row.decided_on,
        lines=tuple(_line(each) for each in found),
        shares=tuple(Share(*each) for each in shared),
        total=row.total,
        trace=bodies.read_as(tuple[TraceLine, ...], row.trace),
        law_version=row.law_version,
        code_version=row.code_version,
        withheld=tuple(Withheld(*each) for each in taken),
    )
    return StoredDecision(row.id, row.document_id, row.insured_id, row.rpps, row.corrects, decision)


def order_shares(conn: Connection, decision_id: str) -> list[Order]:
    """Order what of a decision is not ordered yet: one order a payee, each with its outbox row.

    Run again, it orders nothing more. A payee whose shares make zero or less is not ordered."""
    s = shares.c
    due = conn.execute(
        select(s.id, s.payee_kind, s.payee_id, s.amount)
        .where(s.decision_id == decision_id, s.order_id.is_(None), s.amount != 0)
        .order_by(s.payee_kind, s.payee_id, s.line)
        .with_for_update()
    ).all()
    payees: dict[tuple[str, str], list[Any]] = {}
    for share in due:
        payees.setdefault((share.payee_kind, share.payee_id), []).append(share)
    for (kind, payee), parts in payees.items():
        amount = sum((part.amount for part in parts), ZERO)
        if amount <= 0:  # a correction that takes back more than it gives is an indu, not a payment
            continue
        order_id = conn.execute(
            upsert(orders)
            .values(decision_id=decision_id, payee_kind=kind, payee_id=payee, amount=amount)
            .returning(orders.c.id)
        ).scalar_one()
        conn.execute(update(shares).where(s.id.in_([part.id for part in parts])).values(order_id=order_id))
        document_id = conn.execute(
            select(decisions.c.document_id).where(decisions.c.id == decision_id)
        ).scalar_one()
        outbox.add(conn, "ordre", document_id=document_id, order_id=order_id)
    return orders_of_decision(conn, decision_id)


def orders_of_decision(conn: Connection, decision_id: str) -> list[Order]:
    o = orders.c
    rows = conn.execute(select(orders).where(o.decision_id == decision_id).order_by(o.payee_kind, o.payee_id))
    return [Order(**row._mapping) for row in rows]


def orders_of(conn: Connection, document_id: str) -> list[Order]:
    """Every order of the document's decisions."""
    rows = conn.execute(
        select(orders)
        .join(decisions, decisions.c.id == orders.c.decision_id)
        .where(decisions.c.document_id == document_id)
        .order_by(orders.c.ordered_at, orders.c.id)
    )
    return [Order(**row._mapping) for row in rows]


def order(conn: Connection, order_id: str) -> tuple[Order, list[tuple[int, Money]]]:
    """An order and its shares (line, amount). Raises Refused("introuvable")."""
    row = conn.execute(select(orders).where(orders.c.id == known(order_id))).one_or_none()
    if row is None:
        raise Refused("introuvable")
    parts = conn.execute(
        select(shares.c.line, shares.c.amount).where(shares.c.order_id == order_id).order_by(shares.c.line)
    )
    return Order(**row._mapping), [(line, amount) for line, amount in parts]


def mark_order_sent(conn: Connection, order_id: str) -> None:
    conn.execute(
        update(orders)
        .where(orders.c.id == order_id, orders.c.sent_at.is_(None))
        .values(sent_at=func.clock_timestamp())
    )


def to_columns(taken: Withheld) -> dict[str, Any]:
    return {
        "kind": taken.kind, "amount": taken.amount, "outstanding": taken.outstanding,
        "reimbursed_on": taken.reimbursed_on, "care_day": taken.care_day,
        "professional": taken.professional,
    }  # fmt: skip


def _share(share: Share) -> dict[str, Any]:
    return {
        "line": share.line, "payee_kind": share.payee_kind, "payee_id": share.payee_id,
        "amount": share.amount,
    }  # fmt: skip


def _line(row: Any) -> DecisionLine:
    return DecisionLine(
        line=row.line, code=row.code, day=row.day, fee=row.fee, base=row.base, rate=row.rate,
        gross=row.gross, retained={name: Decimal(each) for name, each in row.retained.items()},
        paid=row.paid, trace=bodies.read_as(tuple[TraceLine, ...], row.trace),
        complementary=row.complementary,
    )  # fmt: skip
