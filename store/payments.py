"""Payment orders: what a decision pays to one payee, less what is held back of it.

A share is (line, payee); each that is not zero is in at most one order, and an order is one decision times
one payee: the database keeps both.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from domain.errors import Refused
from domain.money import ZERO, Money
from liquidation.recouvrement import Held
from store import outbox
from store.documents import known
from store.tables import decisions, orders, retenues, shares

HoldBack = Callable[[str, str, Money], Sequence[Held]]
"""What an order to that payee (kind, id) of that amount holds back."""


@dataclass(frozen=True, slots=True)
class Retenue:
    """A sum held back of an order. `care_day`, `professional`: of a participation or a franchise."""

    kind: str
    indu_id: str | None
    insured_id: str
    care_day: date | None
    professional: str | None
    amount: Money
    on_day: date


@dataclass(frozen=True, slots=True)
class Order:
    """One decision, one payee. `amount`: its shares. `retained`: what is held back of it."""

    id: str
    decision_id: str
    payee_kind: str
    payee_id: str
    amount: Money
    ordered_at: datetime
    sent_at: datetime | None
    retained: tuple[Retenue, ...] = ()

    @property
    def net(self) -> Money:
        """What is paid."""
        return self.amount - sum((each.amount for each in self.retained), ZERO)


def order_shares(
    conn: Connection, decision_id: str, hold_back: HoldBack = lambda kind, payee, amount: ()
) -> list[Order]:
    """Order what of a decision is not ordered yet: one order a payee, each with its outbox row.

    `hold_back` is asked for each order. Run again, it orders nothing more. A payee whose
    shares make zero or less is not ordered."""
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
        keep(conn, order_id, [_retenue(each) for each in hold_back(kind, payee, amount)])
        document_id = conn.execute(
            select(decisions.c.document_id).where(decisions.c.id == decision_id)
        ).scalar_one()
        outbox.add(conn, "ordre", document_id=document_id, order_id=order_id)
    return of_decision(conn, decision_id)


def _retenue(held: Held) -> Retenue:
    if held.claimed is not None:
        return Retenue("indu", held.claimed.indu_id, held.claimed.insured_id, None, None, held.amount, held.on)
    assert held.owed is not None
    owed = held.owed
    return Retenue(owed.kind, None, owed.insured_id, owed.care_day, owed.professional, held.amount, held.on)


def told(order: Order) -> dict[str, Any]:
    """All that a rebuilt house needs to know of an order."""
    return {
        "id": order.id, "decision": order.decision_id, "payee_kind": order.payee_kind,
        "payee_id": order.payee_id, "amount": str(order.amount),
        "retained": [to_jsonable_python(asdict(each)) for each in order.retained],
    }  # fmt: skip


def keep(conn: Connection, order_id: str, told: Sequence[Retenue]) -> None:
    """What an order holds back, once."""
    if told:
        conn.execute(
            insert(retenues),
            [
                {
                    "order_id": order_id, "n": n, "kind": each.kind, "indu_id": each.indu_id,
                    "insured_id": each.insured_id, "care_day": each.care_day,
                    "professional": each.professional, "amount": each.amount,
                    "on_day": each.on_day,
                }
                for n, each in enumerate(told)
            ],
        )  # fmt: skip


def of_decision(conn: Connection, decision_id: str) -> list[Order]:
    o = orders.c
    rows = conn.execute(select(orders).where(o.decision_id == decision_id).order_by(o.payee_kind, o.payee_id))
    return [_order(conn, row) for row in rows]


def of_document(conn: Connection, document_id: str) -> list[Order]:
    """Every order of the document's decisions."""
    rows = conn.execute(
        select(orders)
        .join(decisions, decisions.c.id == orders.c.decision_id)
        .where(decisions.c.document_id == document_id)
        .order_by(orders.c.ordered_at, orders.c.id)
    )
    return [_order(conn, row) for row in rows]


def load(conn: Connection, order_id: str) -> tuple[Order, list[tuple[int, Money]]]:
    """An order and its shares (line, amount). Raises Refused("introuvable")."""
    row = conn.execute(select(orders).where(orders.c.id == known(order_id))).one_or_none()
    if row is None:
        raise Refused("introuvable")
    parts = conn.execute(
        select(shares.c.line, shares.c.amount).where(shares.c.order_id == order_id).order_by(shares.c.line)
    )
    return _order(conn, row), [(line, amount) for line, amount in parts]


def payees(conn: Connection, ids: Sequence[str]) -> dict[str, tuple[str, Money]]:
    """Of orders, the kind of payee and the amount, by id."""
    o = orders.c
    rows = conn.execute(select(o.id, o.payee_kind, o.amount).where(o.id.in_(ids)))
    return {row.id: (row.payee_kind, row.amount) for row in rows}


def mark_sent(conn: Connection, order_id: str) -> None:
    conn.execute(
        update(orders)
        .where(orders.c.id == order_id, orders.c.sent_at.is_(None))
        .values(sent_at=func.clock_timestamp())
    )


def _order(conn: Connection, row: Any) -> Order:
    r = retenues.c
    held = conn.execute(
        select(r.kind, r.indu_id, r.insured_id, r.care_day, r.professional, r.amount, r.on_day)
        .where(r.order_id == row.id)
        .order_by(r.n)
    )
    return Order(**row._mapping, retained=tuple(Retenue(*each) for each in held))
