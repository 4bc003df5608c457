"""What a cash benefit is asked with, and what was decided. Money is gross unless it says net."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from domain.claim import NotComputed, TraceLine
from domain.money import Money

Waiver = Literal["deces_enfant", "interruption_grossesse", "interruption_medicale", "suites_maternite"]
"""Why a stop has no carence: L323-1-1, L323-1-2, R331-6 al. 2. `interruption_medicale`: for a medical
reason, in force later than the spontaneous one, from when `interruption_grossesse` says either."""


class Missing(Exception):
    """What the attestation does not tell and the text needs, as a French sentence."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class Pay:
    """What was paid for a civil month: `month` is its first day; or for a week or a fortnight: `month`
    is then its last day. `gross`: subject to contributions. `worked_days`: civil days of the month that
    the activity covered, where it is not the whole month for a cause of R323-8 (0: none of it)."""

    month: date
    gross: Money
    worked_days: int | None = None


@dataclass(frozen=True, slots=True)
class Attestation:
    """The employer's attestation de salaire.

    `pays`: every month that it names. `discontinuous`: work that is not continuous, or seasonal: the
    twelve months before count instead of three. Hours and earnings are those of the periods of R313-3;
    None where the attestation is silent. `frequency`: of the pays. `since_gross`, `since_days`: what was
    earned, and in how many civil days, since the end of the months before (R323-8 II 4° b)."""

    pays: tuple[Pay, ...]
    employer: str = ""
    discontinuous: bool = False
    hours_3_months: Decimal | None = None
    earned_6_months: Money | None = None
    hours_12_months: Decimal | None = None
    earned_12_months: Money | None = None
    affiliated_since: date | None = None
    subrogated: bool = False
    frequency: Literal["mois", "quinzaine", "semaine"] = "mois"
    since_gross: Money | None = None
    since_days: int | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """An avis d'arrêt de travail, `start` to `end`, both included.

    `interrupted_on`: first day of the uninterrupted stop that this one prolongs, or its own start.
    `sent_on`: None where it reached the caisse without paper. `ald`: number of the affection.
    `part_time_loss`: a temps partiel thérapeutique, and the gross pay lost by it over these days.
    `teleconsulted`: prescribed at a distance, neither by the médecin traitant nor for want of another way."""

    start: date
    end: date
    prescribed_on: date
    interrupted_on: date | None = None
    sent_on: date | None = None
    received_on: date | None = None
    ald: int | None = None
    waiver: Waiver | None = None
    child_died_on: date | None = None
    part_time_loss: Money | None = None
    teleconsulted: bool = False

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
    stops whose notice came late and drew a warning. `pensioner_since`: the first day on which he had both the
    legal age and an old-age pension (L323-2)."""

    paid: tuple[PaidDays, ...] = ()
    stops: tuple[PaidDays, ...] = ()
    late: tuple[date, ...] = ()
    pensioner_since: date | None = None


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


@dataclass(frozen=True, slots=True)
class PensionDecision:
    """A pension or a rente: `yearly` and `monthly`, gross, from `since` on; or a capital paid once.

    `added`: of `monthly`, the majoration for a third person. Contributions depend on the tax return of
    the household, which is not known: no net amount is told."""

    benefit: str
    decided_on: date
    since: date
    yearly: Money
    monthly: Money
    added: Money
    capital: Money
    trace: tuple[TraceLine, ...]
    not_computed: tuple[NotComputed, ...] = ()
    law_version: str = ""
    code_version: str = ""


def days_of(start: date, end: date) -> list[date]:
    """Every civil day, both ends included."""
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]
