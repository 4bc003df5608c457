"""Incapacité permanente after an accident du travail: a capital below 10 %, a rente from there on."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from domain.claim import NotComputed, TraceLine
from domain.french import percent
from domain.money import CENT, ZERO, Money, in_french, to_the_cent
from law import Law, NotCovered
from liquidation.especes import salaire
from liquidation.especes.types import PensionDecision
from liquidation.reasons import because
from liquidation.traces import cite, note
from liquidation.version import CODE_VERSION

BENEFIT = "rente_at"
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Incapacity:
    """`rate`: percent of this accident. `earlier`: sum of the rates recognised before (R434-2-1).
    `consolidated_on`; the rente runs from the morrow. `stopped_on`: the stop after the accident.
    `earned`: effective pay of the twelve civil months before that stop (R434-29)."""

    rate: int
    consolidated_on: date
    stopped_on: date
    earned: Money
    earlier: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.rate <= 100 or not 0 <= self.earlier < 100 or self.stopped_on > self.consolidated_on:
            raise ValueError("a rate of 1 to 100, and a consolidation after the stop")


def liquidate(given: Incapacity, decided_on: date, law: Law) -> PensionDecision:
    """The capital or the rente of one accident. What successive ones open a choice to is a person's."""
    day = given.consolidated_on
    try:
        law.value("rentes.regime", day)
        least = law.value("rentes.taux_rente", day)
        if given.rate < least.number:
            if given.earlier + given.rate >= least.number:
                return _refused(because("rente_option"), given, decided_on, law)
            return _capital(given, decided_on, law)
        return _rente(given, decided_on, law)
    except NotCovered as refusal:
        reason = because("droit_non_couvert", detail=f"{refusal}.")
        return _refused(reason, given, decided_on, law)


def _refused(reason: NotComputed, given: Incapacity, decided_on: date, law: Law) -> PensionDecision:
    return PensionDecision(
        BENEFIT, decided_on, given.consolidated_on, ZERO, ZERO, ZERO, ZERO, (), (reason,), law.version,
        CODE_VERSION,
    )  # fmt: skip


def _decided(
    given: Incapacity, yearly: Money, capital: Money, trace: list[TraceLine], decided_on: date, law: Law
) -> PensionDecision:
    monthly = to_the_cent(yearly / salaire.YEAR)
    return PensionDecision(
        BENEFIT, decided_on, given.consolidated_on, yearly, monthly, ZERO, capital, tuple(trace), (),
        law.version, CODE_VERSION,
    )  # fmt: skip


def _capital(given: Incapacity, decided_on: date, law: Law) -> PensionDecision:
    value = law.value(f"rentes.capital_{given.rate}", given.consolidated_on)
    amount = to_the_cent(value.number)
    said = f"Incapacité de {percent(given.rate / _HUNDRED)} : un capital."
    trace = [cite("CSS L434-1 ; D434-1", said, value, amount)]
    return _decided(given, ZERO, amount, trace, decided_on, law)


def _rente(given: Incapacity, decided_on: date, law: Law) -> PensionDecision:
    day = given.consolidated_on
    trace: list[TraceLine] = []
    counted = counted_salary(given.earned, given.stopped_on, day, law, trace)
    pivot = law.value("rentes.pivot", day)
    before, after = Decimal(given.earlier), Decimal(given.earlier + given.rate)
    low = min(pivot.number, after) - min(pivot.number, before)
    high = given.rate - low
    less, more = (law.value(f"rentes.{name}", day) for name in ("reduction", "augmentation"))
    useful = low * less.number + high * more.number
    halved, raised, told = (percent(each / _HUNDRED) for each in (low, high, useful))
    said = f"Taux utile : {halved} comptés pour moitié, {raised} augmentés de moitié, soit {told}."
    trace.append(cite("CSS R434-2", said, pivot))
    yearly = to_the_cent(min(counted * useful / _HUNDRED, counted))
    said = f"Rente annuelle : {in_french(to_the_cent(counted))} au taux utile."
    trace.append(note("CSS L434-2 al. 2", said, yearly))
    return _decided(given, yearly, ZERO, trace, decided_on, law)


def counted_salary(
    earned: Money, stopped_on: date, day: date, law: Law, trace: list[TraceLine], *, survivors: bool = False
) -> Decimal:
    """The salary that counts: revalued from the stop to `day` (consolidation, or death), at least the minimum,
    whole up to twice it, a third above, nothing past eight times (R434-28, R434-29). `survivors`: for the
    rentes of those left behind, whose reduction is contested. Raises law.NotCovered."""
    law.value("revalorisation.coefficient", stopped_on)  # earlier coefficients are not known
    for step in law.parameters["revalorisation.coefficient"].starts:
        if stopped_on < step <= day:
            coefficient = law.value("revalorisation.coefficient", step)
            earned = (earned * coefficient.number).quantize(CENT, ROUND_DOWN)
            trace.append(
                cite("CSS R434-29 ; L434-17", f"Salaire revalorisé au {step:%d/%m/%Y}.", coefficient, earned)
            )
    least = law.value("rentes.minimum_salaire", day)
    if earned < least.number:
        amount = to_the_cent(least.number)
        trace.append(cite("CSS L434-16 al. 1", "Salaire porté au minimum des rentes.", least, amount))
        return amount
    if survivors:
        reading = law.value("ayants_droit.salaire", day)
        trace.append(cite("CSS L434-16 al. 2 et 3", "Salaire des rentes d'ayants droit.", reading))
        if reading.text == "entier":
            return earned
    whole = law.value("rentes.tranche_pleine", day)
    most = law.value("rentes.tranche_max", day)
    full = min(earned, least.number * whole.number)
    third = max(ZERO, min(earned, least.number * most.number) - least.number * whole.number) / 3
    if third:
        said = f"Au-delà de {in_french(to_the_cent(full))}, un tiers seulement est compté."
        trace.append(cite("CSS R434-28", said, whole, to_the_cent(full + third)))
    else:
        trace.append(cite("CSS R434-28", "Salaire compté en entier.", whole, to_the_cent(full)))
    return full + third
