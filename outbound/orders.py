"""A payment order as it leaves: what a decision orders to be paid to one payee, as a plain document.

The document is ours (JSON); the SEPA file (pain.001) that a bank takes is not made yet. An order may
be delivered more than once under its id: received twice, it is paid once.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.claim import Share
from domain.money import ZERO, Money
from domain.plain import to_plain


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """`id`: random, given by the store. `shares`: the lines of the decision that it pays, never zero.
    `iban`: None where no account is known: the order then waits for one. `label`: on the statement,
    without health data. `amount`: to be paid; `retained`: what was held back of the shares, so that both
    make their sum. An order that is held back whole pays 0.00 and says so."""

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
    retained: Money = ZERO

    def to_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = to_plain(self)
        return {"format": "liasse-ordre-1", "currency": "EUR", **plain}
