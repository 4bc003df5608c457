"""Rentes of those left behind by an accident du travail that killed: shares of the victim's salary."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from domain.claim import NotComputed, TraceLine
from domain.french import counted, percent
from domain.money import ZERO, Money, in_french, to_the_cent
from law import Law, NotCovered
from law.dates import add_months, age_on
from liquidation.especes import rente
from liquidation.especes.salaire import MONTHS, YEAR
from liquidation.reasons import because
from liquidation.traces import cite, note
from liquidation.version import CODE_VERSION

BENEFIT = "rente_ayants_droit"
SHOWN = Decimal("0.0001")
Link = Literal["conjoint", "ex_conjoint", "enfant", "ascendant"]


@dataclass(frozen=True, slots=True)
class Survivor:
    """`conjoint`: spouse, partner of a PACS or concubin. `united_on`, `common_child`: L434-8 al. 1; None:
    before the accident. `unfit`: for half of all work at least, since three months. `orphan_of_both`: of
    father and mother. `from_bed`: children of one union count together. `dependent`: an ascendant à charge,
    or who could have had a pension alimentaire where there is neither spouse nor child."""

    id: str
    link: Link
    birth_date: date | None = None
    united_on: date | None = None
    common_child: bool = False
    unfit: bool = False
    orphan_of_both: bool = False
    from_bed: int = 1
    dependent: bool = True


@dataclass(frozen=True, slots=True)
class Death:
    """`stopped_on`: the stop after the accident. `earned`: as for the victim's own rente (R434-29)."""

    accident_on: date
    died_on: date
    stopped_on: date
    earned: Money
    survivors: tuple[Survivor, ...]

    def __post_init__(self) -> None:
        if not self.accident_on <= self.stopped_on <= self.died_on or self.earned < ZERO:
            raise ValueError("an accident, then a stop, then a death")


@dataclass(frozen=True, slots=True)
class SurvivorRente:
    """`share`: of the salary, after every limit, to a hundredth of a percent. `yearly`, and what is paid
    each quarter."""

    id: str
    link: Link
    share: Decimal
    yearly: Money
    quarterly: Money
    sentence: str


@dataclass(frozen=True, slots=True)
class RentesDecision:
    """The rentes from the morrow of the death (R434-33), or the reasons why they are not computed."""

    benefit: str
    decided_on: date
    since: date
    salary: Money
    yearly: Money
    rentes: tuple[SurvivorRente, ...]
    trace: tuple[TraceLine, ...]
    not_computed: tuple[NotComputed, ...] = ()
    law_version: str = ""
    code_version: str = ""


def liquidate(given: Death, decided_on: date, law: Law) -> RentesDecision:
    """A divorced spouse's rente follows a pension alimentaire that the house does not know: a person's."""
    try:
        law.value("rentes.regime", given.died_on)
        trace: list[TraceLine] = []
        if any(each.link == "ex_conjoint" for each in given.survivors):
            return _refused(because("rente_ex_conjoint"), given, decided_on, law)
        salary = rente.counted_salary(given.earned, given.stopped_on, given.died_on, law, trace, survivors=True)
        shares = _shares(given, law, trace)
    except NotCovered as refusal:
        return _refused(because("droit_non_couvert", detail=f"{refusal}."), given, decided_on, law)
    if not shares:
        return _refused(because("rente_sans_ayant_droit"), given, decided_on, law)
    rentes = []
    for each, share, said in shares:
        yearly = to_the_cent(salary * share)
        rentes.append(
            SurvivorRente(
                each.id, each.link, share.quantize(SHOWN), yearly, to_the_cent(yearly * MONTHS / YEAR), said
            )
        )
    total = sum((each.yearly for each in rentes), ZERO)
    trace.append(
        note("CSS L434-7", f"Rentes calculées sur un salaire de {in_french(to_the_cent(salary))}.", total)
    )
    since = date.fromordinal(given.died_on.toordinal() + 1)
    return RentesDecision(
        BENEFIT, decided_on, since, to_the_cent(salary), total, tuple(rentes), tuple(trace), (), law.version,
        CODE_VERSION,
    )  # fmt: skip


def _refused(reason: NotComputed, given: Death, decided_on: date, law: Law) -> RentesDecision:
    return RentesDecision(
        BENEFIT, decided_on, given.died_on, ZERO, ZERO, (), (), (reason,), law.version, CODE_VERSION
    )


Shares = list[tuple[Survivor, Decimal, str]]


def _shares(given: Death, law: Law, trace: list[TraceLine]) -> Shares:
    """Who has which share of the salary; the limits of L434-14 reduce all of a kind alike."""
    found = [*_spouse(given, law, trace), *_children(given, law, trace)]
    found += _ascendants(given, law, trace)
    most = law.value("ayants_droit.ensemble", given.died_on)
    total = sum((share for _, share, _ in found), Decimal(0))
    if total > most.number:
        found = [(each, share * most.number / total, said) for each, share, said in found]
        trace.append(cite("CSS L434-14 al. 2 ; R434-16", "L'ensemble des rentes est réduit.", most))
    return found


def _spouse(given: Death, law: Law, trace: list[TraceLine]) -> Shares:
    day = given.died_on
    whole = law.value("ayants_droit.conjoint", day)
    found: Shares = []
    for each in given.survivors:
        if each.link != "conjoint" or not _united(each, given, law):
            continue
        share = whole.number
        trace.append(cite("CSS L434-8 al. 1 ; R434-10", "Conjoint, partenaire ou concubin.", whole))
        age = law.value("ayants_droit.age_complement", day)
        old = each.birth_date is not None and age_on(each.birth_date, day) >= age.number
        if old or each.unfit:
            more = law.value("ayants_droit.complement", day)
            share += more.number
            why = f"{age.text} ans atteints" if old else "Incapacité de travail de la moitié au moins"
            trace.append(cite("CSS L434-8 al. 6 ; R434-10 al. 3", f"{why} : complément de rente.", more))
        found.append((each, share, "Conjoint, partenaire ou concubin."))
    return found


def _united(each: Survivor, given: Death, law: Law) -> bool:
    if each.united_on is None or each.common_child or each.united_on < given.accident_on:
        return True
    years = int(law.value("ayants_droit.union", given.died_on).number)
    return add_months(each.united_on, YEAR * years) <= given.died_on


def _children(given: Death, law: Law, trace: list[TraceLine]) -> Shares:
    """Those of one union share alike what all of them are due: the rente is collective (L434-10 al. 3)."""
    day = given.died_on
    limit = law.value("ayants_droit.age_enfant", day)
    young = [
        each
        for each in given.survivors
        if each.link == "enfant" and (each.birth_date is None or age_on(each.birth_date, day) < limit.number)
    ]
    found: Shares = []
    for bed in sorted({each.from_bed for each in young}):
        found += _of_a_bed([each for each in young if each.from_bed == bed], day, law, trace)
    return found


def _of_a_bed(children: Sequence[Survivor], day: date, law: Law, trace: list[TraceLine]) -> Shares:
    alone = [each for each in children if each.orphan_of_both]
    others = [each for each in children if not each.orphan_of_both]
    found: Shares = []
    if alone:
        each_of = law.value("ayants_droit.orphelin_complet", day)
        trace.append(
            cite("CSS R434-15 al. 3", f"{counted(len(alone), 'orphelin')} de père et de mère.", each_of)
        )
        found += [(child, each_of.number, "Orphelin de père et de mère.") for child in alone]
    if others:
        first, later = (law.value(f"ayants_droit.{name}", day) for name in ("enfant", "enfant_suivant"))
        total = first.number * min(2, len(others)) + later.number * max(0, len(others) - 2)
        said = f"{counted(len(others), 'orphelin')} : {percent(total)} du salaire, à parts égales."
        trace.append(cite("CSS R434-15 al. 2 ; L434-10 al. 3", said, first))
        found += [(child, total / len(others), "Orphelin, rente collective.") for child in others]
    return found


def _ascendants(given: Death, law: Law, trace: list[TraceLine]) -> Shares:
    kept = [each for each in given.survivors if each.link == "ascendant" and each.dependent]
    if not kept:
        return []
    each_of = law.value("ayants_droit.ascendant", given.died_on)
    most = law.value("ayants_droit.ascendants", given.died_on)
    total = each_of.number * len(kept)
    trace.append(cite("CSS L434-13 ; R434-16 al. 1", f"{counted(len(kept), 'ascendant')}.", each_of))
    if total > most.number:
        trace.append(cite("CSS L434-14 al. 1 ; R434-16 al. 2", "Rentes des ascendants réduites.", most))
        total = most.number
    return [(each, total / len(kept), "Ascendant.") for each in kept]
