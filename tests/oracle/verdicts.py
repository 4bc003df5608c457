"""What a comparison of the command with the oracle says of a case, and how what they withhold differs."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from domain.claim import Decision
from tests.oracle.care_cases import euros
from tests.oracle.reading_of_the_law import Taken


class Otherwise:
    """The law with one of its choices turned."""

    def __init__(self, law: Any, name: str, choice: str) -> None:
        self._law, self._name, self._choice = law, name, choice

    def __getattr__(self, name: str) -> Any:
        return getattr(self._law, name)

    def value(self, name: str, day: date) -> Any:
        value = self._law.value(name, day)
        return replace(value, text=self._choice) if name == self._name else value


@dataclass(frozen=True)
class Found:
    """`verdict`: agree; declined (both see why it is for a person); differ."""

    kind: str
    seed: int
    verdict: str
    why: str = ""


def declined(kind: str, seed: int, codes: set[str], reasons: set[str]) -> Found:
    """Both decline, for a reason that the oracle sees too (the command may stop at its first), or differ."""
    same = bool(codes) and codes <= reasons
    return Found(kind, seed, "declined" if same else "differ", "" if same else f"{codes} {reasons}")


def line_differences(decision: Decision, rows: list[tuple[tuple[int, ...], dict[str, int]]]) -> str:
    """`rows`: base, rate, gross, complement, the two shares; and what is withheld, by name; in cents."""
    for line, ((base, rate, *others), retained) in zip(decision.lines, rows, strict=True):
        shares: dict[str, Decimal] = defaultdict(Decimal)
        for share in decision.shares:
            if share.line == line.line:
                shares[share.payee_kind] += share.amount
        kept = {name: amount for name, amount in line.retained.items() if amount}
        got = (
            line.base,
            line.rate,
            line.gross,
            line.complementary,
            shares["assure"],
            shares["praticien"],
            kept,
        )
        wanted = (
            euros(base), rate, *(euros(each) for each in others),
            {name: euros(amount) for name, amount in retained.items() if amount},
        )  # fmt: skip
        if got != wanted:
            return f"line {line.line}: {got} is not {wanted}"
    return ""


def taken_differences(decision: Decision, taken: Iterable[Taken]) -> str:
    withheld = sorted(
        (w.care_day, w.amount, w.outstanding, w.reimbursed_on, w.professional) for w in decision.withheld
    )
    expected = sorted((t.care_day, euros(t.cents), euros(t.owed), t.reimbursed_on, t.doctor) for t in taken)
    return "" if withheld == expected else f"withheld {withheld} is not {expected}"


def in_cents(amount: str) -> int:
    return int(Decimal(amount).scaleb(2))
