"""Payment orders: what a decision orders to be paid, one order a payee, as a plain document.

The document is ours (JSON); the SEPA file (pain.001) that a bank takes is not made yet. An order may
be delivered more than once under its id: received twice, it is paid once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.claim import Decision, Share
from domain.money import ZERO, Money
from domain.plain import to_plain


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """`id`: random, given by the store. `shares`: the lines of the decision that it pays, never zero.
    `iban`: None where no account is known: the order then waits for one. `label`: on the statement,
    without health data."""

    id: str
    decision_id: str
    payee_kind: str
    payee_id: str
    payee_name: str
    iban: str | None
    amount: Money
    ordered_on: date
    label: str
    shares: tuple[Share, ...]

    def to_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = to_plain(self)
        return {"format": "liasse-ordre-1", "currency": "EUR", **plain}


@dataclass(frozen=True, slots=True)
class Payee:
    """Who may be paid, by (kind, id)."""

    name: str
    iban: str | None


def orders_of(
    decision: Decision,
    decision_id: str,
    payees: Mapping[tuple[str, str], Payee],
    ordered_on: date,
    new_id: Callable[[], str],
    label: str = "Remboursement de soins",
) -> tuple[PaymentOrder, ...]:
    """The orders of a decision, one a payee, in a fixed order; none where nothing is to be paid.

    Raises KeyError where a payee is not among `payees`, ValueError where a sum is negative: a
    correction that takes back more than it gives is no payment."""
    by_payee: dict[tuple[str, str], list[Share]] = {}
    for share in decision.shares:
        if share.amount:
            by_payee.setdefault((share.payee_kind, share.payee_id), []).append(share)
    orders = []
    for (kind, payee_id), shares in sorted(by_payee.items()):
        amount = sum((share.amount for share in shares), ZERO)
        if amount < ZERO:
            raise ValueError(f"a negative order for decision {decision_id}")
        if amount:
            payee = payees[kind, payee_id]
            orders.append(
                PaymentOrder(
                    new_id(), decision_id, kind, payee_id, payee.name, payee.iban, amount, ordered_on,
                    label, tuple(shares),
                )
            )  # fmt: skip
    return tuple(orders)
