"""What a cash benefit is asked with, and what was decided. Money is gross unless it says net."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from domain.claim import NotComputed, TraceLine
from domain.money import Money

Waiver = Literal["deces_enfant", "interruption_grossesse", "suites_maternite"]
"""Why a stop has no carence: L323-1-1, L323-1-2, R331-6 al. 2."""


@dataclass(frozen=True, slots=True)
class Pay:
    """What was paid for a civil month: `month` is its first day. `gross`: subject to contributions."""

    month: date
    gross: Money


@dataclass(frozen=True, slots=True)
class Attestation:
    """The employer's attestation de salaire.

    `pays`: every month that it names. `discontinuous`: work that is not continuous, or seasonal: the
    twelve months before count instead of three. Hours and earnings are those of the periods of R313-3;
    None where the attestation is silent."""

    pays: tuple[Pay, ...]
    employer: str = ""
    discontinuous: bool = False
    hours_3_months: Decimal | None = None
    earned_6_months: Money | None = None
    hours_12_months: Decimal | None = None
    earned_12_months: Money | None = None
    affiliated_since: date | None = None
    subrogated: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """An avis d'arrêt de travail, `start` to `end`, both included.

    `interrupted_on`: first day of the uninterrupted stop that this one prolongs, or its own start.
    `sent_on`: None where it reached the caisse without paper. `ald`: number of the affection."""

    start: date
    end: date
    prescribed_on: date
    interrupted_on: date | None = None
    sent_on: date | None = None
    received_on: date | None = None
    ald: int | None = None
    waiver: Waiver | None = None
    child_died_on: date | None = None

    def __post_init__(self) -> None:
        if self.end < self.start or (self.interrupted_on and self.interrupted_on > self.start):
            raise ValueError("a stop ends after it starts, and prolongs an earlier one")

    @property
    def since(self) -> date:
        return self.interrupted_on or self.start


@dataclass(frozen=True, slots=True)
class PaidDays:
    """Days already indemnified, `start` to `end` included."""

    start: date
    end: date
    ald: int | None = None


@dataclass(frozen=True, slots=True)
class CashHistory:
    """`stops`: earlier stops of work, indemnified or not. `late`: prescription days of the
    stops whose notice came late and drew a warning."""

    paid: tuple[PaidDays, ...] = ()
    stops: tuple[PaidDays, ...] = ()
    late: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class CashLine:
    """Days of one kind in a row, both ends included. `kind`: what they are (`indemnise`, `carence`,
    `retard`, `epuise`...). `daily`: gross amount of one of them."""

    start: date
    end: date
    kind: str
    daily: Money
    gross: Money
    csg: Money
    crds: Money
    net: Money
    article: str
    sentence: str

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Payment:
    payee_kind: Literal["assure", "employeur"]
    payee_id: str
    amount: Money


@dataclass(frozen=True, slots=True)
class CashDecision:
    """Lines and payment, or the reasons why it is not computed; never both."""

    benefit: str
    decided_on: date
    lines: tuple[CashLine, ...]
    payments: tuple[Payment, ...]
    gross: Money
    net: Money
    trace: tuple[TraceLine, ...]
    not_computed: tuple[NotComputed, ...] = ()
    law_version: str = ""
    code_version: str = ""


def days_of(start: date, end: date) -> list[date]:
    """Every civil day, both ends included."""
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]
