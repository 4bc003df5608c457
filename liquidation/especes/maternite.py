"""Indemnités journalières of the congé de maternité and of the congé de paternité."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from domain.claim import NotComputed, TraceLine
from domain.french import counted
from domain.money import Money, in_french, to_the_cent
from law import Law, NotCovered
from law.dates import add_months
from liquidation.especes import salaire
from liquidation.especes.common import line_of, paid, refused
from liquidation.especes.minimum import at_least
from liquidation.especes.ouverture import short_opening
from liquidation.especes.types import Attestation, CashDecision, days_of
from liquidation.reasons import because
from liquidation.traces import cite

MATERNITE, PATERNITE = "ij_maternite", "ij_paternite"
KINDS = {
    MATERNITE: ("CSS L331-3 ; L331-4", "Jours de repos indemnisés, ouvrables ou non."),
    PATERNITE: ("CSS L331-8", "Jours du congé de paternité et d'accueil de l'enfant."),
}


@dataclass(frozen=True, slots=True)
class Birth:
    """`expected_on`: date présumée. `babies`: of this birth. `children_before`: already à charge, or
    born viable (L331-4). `pathological_days`: prescribed before the rest for a pathological pregnancy, taken
    in a row before it; two weeks at most (L331-5 al. 2). `born_on`: None before the birth."""

    expected_on: date
    babies: int = 1
    children_before: int = 0
    born_on: date | None = None
    pathological_days: int = 0


def leave(birth: Birth, law: Law) -> tuple[date, date]:
    """First and last day of the rest: never shorter for a birth before its date, longer for one after.

    Raises law.NotCovered. The report of L331-5 and L331-6, the weeks moved of L331-3 al. 2 and L331-4
    and a birth more than six weeks early with hospitalisation are not computed here."""
    day = birth.expected_on
    if birth.babies > 2:
        names = ("avant_triples", "apres_jumeaux")
    elif birth.babies > 1:
        names = ("avant_jumeaux", "apres_jumeaux")
    elif birth.children_before >= 2:
        names = ("avant_3", "apres_3")
    else:
        names = ("avant_1_2", "apres_1_2")
    before, after = (timedelta(weeks=int(law.value(f"ij_maternite.{name}", day).number)) for name in names)
    start = day - before
    born = birth.born_on or day
    one = timedelta(days=1)
    if born > day:
        return start - _pathological(birth, law), born + after - one
    end = min(start, born) + before + after - one
    return min(start - _pathological(birth, law), born), end


def _pathological(birth: Birth, law: Law) -> timedelta:
    """The rest before the rest (L331-5 al. 2), within its limit."""
    if not birth.pathological_days:
        return timedelta(0)
    most = timedelta(weeks=int(law.value("ij_maternite.pathologique", birth.expected_on).number))
    return min(timedelta(days=birth.pathological_days), most)


def maternite(
    birth: Birth,
    start: date | None,
    end: date | None,
    attestation: Attestation,
    insured_id: str,
    decided_on: date,
    law: Law,
) -> CashDecision:
    """The days from `start` to `end` on which she rested, within her leave; None: all of it."""

    def terms() -> Rest:
        first, last = leave(birth, law)
        rest = Rest(start or first, end or last, first, birth.expected_on)
        if rest.start < first or rest.end > last or rest.end < rest.start:
            detail = f"du {first:%d/%m/%Y} au {last:%d/%m/%Y}"
            rest.reasons.append(because("hors_du_conge", detail=detail))
        return rest

    return rested(MATERNITE, KINDS, terms, attestation, insured_id, decided_on, law)


def paternite(
    born_on: date,
    babies: int,
    start: date,
    end: date,
    taken_before: int,
    attestation: Attestation,
    insured_id: str,
    decided_on: date,
    law: Law,
) -> CashDecision:
    """`taken_before`: days of this leave already indemnified. Four days at least in all (L331-8 al. 1)."""

    def terms() -> Rest:
        rest = Rest(start, end, start, start)
        name = "ij_paternite.jours" if babies == 1 else "ij_paternite.jours_multiples"
        most = law.value(name, born_on)
        if end < start or (end - start).days + 1 + taken_before > most.number:
            rest.reasons.append(because("hors_du_conge", detail=f"de {most.shown}"))
        least = law.value("ij_paternite.jours_minimum", born_on)
        if start <= end and (end - start).days + 1 + taken_before < least.number:
            rest.reasons.append(because("conge_trop_court", detail=least.shown))
        return rest

    return rested(PATERNITE, KINDS, terms, attestation, insured_id, decided_on, law)


@dataclass(slots=True)
class Rest:
    """The days of a leave from `start` to `end`. `since`: the day on which rights are judged and from which
    the amount is counted; `affiliated_on`: the one of R313-3 1°. `reasons` against it, and what is told."""

    start: date
    end: date
    since: date
    affiliated_on: date
    reasons: list[NotComputed] = field(default_factory=list)
    told: list[TraceLine] = field(default_factory=list)


def rested(
    benefit: str,
    kinds: Mapping[str, tuple[str, str]],
    terms: Callable[[], Rest],
    attestation: Attestation,
    insured_id: str,
    decided_on: date,
    law: Law,
) -> CashDecision:
    """A leave that bears the indemnity of maternité: opened, affiliated, each day at one amount.

    `terms` may raise NotCovered: a declared refusal, as everywhere."""
    try:
        rest = terms()
        reasons, opened = rest.reasons, rest.told
        reasons += short_opening(rest.since, attestation, law, opened)
        reasons += affiliation(rest.affiliated_on, attestation, law)
        if reasons:
            return refused(benefit, reasons, decided_on, law)
        daily, trace = amount(rest.since, attestation, law)
        line = line_of(days_of(rest.start, rest.end), benefit, daily, kinds, law)
        return paid(benefit, [line], attestation, insured_id, (*opened, *trace), decided_on, law)
    except NotCovered as refusal:
        reason = because("droit_non_couvert", detail=f"{refusal}.")
    except salaire.Missing as missing:
        reason = because(missing.code, detail=missing.detail)
    return refused(benefit, [reason], decided_on, law)


def affiliation(day: date, attestation: Attestation, law: Law) -> list[NotComputed]:
    """Why the affiliation is too short; nothing where it is not (R313-3 1°). Raises Missing."""
    months = int(law.value("ij_maternite.affiliation", day).number)
    if attestation.affiliated_since is None:
        raise salaire.Missing("ouverture_inconnue", "1° dernier al.")
    if add_months(attestation.affiliated_since, months) > day:
        return [because("ij_droits_fermes", detail=f"{counted(months, 'mois', 'mois')} d'affiliation")]
    return []


def amount(since: date, attestation: Attestation, law: Law) -> tuple[Money, list[TraceLine]]:
    """The daily indemnity of a leave that starts on `since` (R331-5)."""
    before = salaire.month_before(since)
    cap = law.value("plafond.mensuel", before)
    total, divisor, article, _ = salaire.basis(attestation, since, cap.number, law)
    cut = law.value("ij_maternite.abattement", since)
    daily = total / divisor.number
    net = daily * (1 - cut.number)
    said = f"Gain journalier : {in_french(to_the_cent(total))} divisés par {divisor.shown}."
    trace = [
        cite("CSS R331-5 al. 2", f"Plafond d'un mois, au {before:%d/%m/%Y}.", cap, to_the_cent(cap.number)),
        cite(article, said, divisor, to_the_cent(daily)),
        cite("CSS R331-5 al. 2", "Abattement forfaitaire pour cotisations.", cut, to_the_cent(net)),
    ]  # fmt: skip
    net = at_least(
        net, "ij_maternite.minimum", "CSS R331-5 al. 3", "Portée à l'indemnité minimale.", since, law, trace
    )
    rounded, line = salaire.last_cent(net, since, law)
    return rounded, [*trace, line]
