"""Pension d'invalidité: opening, the average of the best years, the three categories, their limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from domain.claim import NotComputed, TraceLine
from domain.french import counted
from domain.money import ZERO, Money, in_french, to_the_cent
from law import Law, NotCovered
from law.dates import add_months
from liquidation.especes import salaire
from liquidation.especes.minimum import at_least
from liquidation.especes.ouverture import year_needed
from liquidation.especes.types import Missing, PensionDecision
from liquidation.reasons import because
from liquidation.traces import cite
from liquidation.version import CODE_VERSION

BENEFIT = "pension_invalidite"
Category = Literal[1, 2, 3]


@dataclass(frozen=True, slots=True)
class YearPay:
    """A civil year of insurance. `revalued`: its pay within the plafond of that year, revalued by the
    coefficients of L341-6, as the relevé de carrière gives it."""

    year: int
    revalued: Money


@dataclass(frozen=True, slots=True)
class Career:
    """`interrupted_on`: the stop of work that the invalidité followed, or its medical finding. Hours and
    earnings are those of the twelve civil months before (R313-5); None where nothing tells."""

    interrupted_on: date
    years: tuple[YearPay, ...]
    affiliated_since: date | None = None
    hours_12_months: Decimal | None = None
    earned_12_months: Money | None = None


def liquidate(
    category: Category,
    since: date,
    career: Career,
    decided_on: date,
    law: Law,
    *,
    two_thirds_lost: bool = True,
) -> PensionDecision:
    """The pension that takes effect on `since`. `two_thirds_lost`: what the service médical found."""
    said: list[TraceLine] = []
    try:
        reasons = _opening(career, law, said)
        if not two_thirds_lost:
            reasons.append(because("invalidite_insuffisante"))
        if not career.years:
            reasons.append(because("carriere_absente"))
        if reasons:
            return _refused(reasons, since, decided_on, law)
        return _computed(category, since, career, decided_on, law, said)
    except NotCovered as refusal:
        return _refused([because("droit_non_couvert", detail=f"{refusal}.")], since, decided_on, law)
    except Missing as missing:
        return _refused([because(missing.code, detail=missing.detail)], since, decided_on, law)


def _refused(reasons: Sequence[NotComputed], since: date, decided_on: date, law: Law) -> PensionDecision:
    return PensionDecision(
        BENEFIT, decided_on, since, ZERO, ZERO, ZERO, ZERO, (), tuple(reasons), law.version, CODE_VERSION
    )


def _opening(career: Career, law: Law, said: list[TraceLine]) -> list[NotComputed]:
    """R313-5: twelve months of affiliation, and hours or earnings."""
    day = career.interrupted_on
    months = int(law.value("invalidite.affiliation", day).number)
    hours = law.value("invalidite.heures", day).number
    if career.affiliated_since is None or (career.hours_12_months is None and career.earned_12_months is None):
        raise Missing("ouverture_inconnue", "invalidité")
    if add_months(career.affiliated_since, months) > day.replace(day=1):
        return [because("pension_non_ouverte", detail=f"{counted(months, 'mois', 'mois')} d'affiliation")]
    if career.hours_12_months is not None and career.hours_12_months >= hours:
        return []
    needed = year_needed("invalidite.salaire", day, law, said, "CSS R313-5 a")
    if career.earned_12_months is None or career.earned_12_months < needed:
        detail = f"{counted(hours, 'heure')} en douze mois, ou {in_french(needed)}"
        return [because("pension_non_ouverte", detail=detail)]
    return []


def _computed(
    category: Category, since: date, career: Career, decided_on: date, law: Law, said: Sequence[TraceLine]
) -> PensionDecision:
    best = law.value("invalidite.annees", since)
    before = career.interrupted_on.year
    kept = sorted((each.revalued for each in career.years if each.year < before), reverse=True)
    kept = kept[: int(best.number)]
    if not kept:
        return _refused([because("carriere_absente")], since, decided_on, law)
    average = sum(kept, ZERO) / len(kept)
    trace: list[TraceLine] = [
        *said,
        cite(
            "CSS R341-4",
            f"Salaire annuel moyen, sur {counted(len(kept), 'année')}.",
            best,
            to_the_cent(average),
        ),
    ]
    rank = "cat1" if category == 1 else "cat2"
    rate = law.value(f"invalidite.taux_{rank}", since)
    yearly = average * rate.number
    article = "CSS R341-4" if category == 1 else "CSS R341-5 al. 1"
    trace.append(cite(article, f"Catégorie {category} : part du salaire moyen.", rate, to_the_cent(yearly)))
    part = law.value(f"invalidite.plafond_{rank}", since)
    most = part.number * law.value("plafond.annuel", since).number
    if yearly > most:
        yearly = most
        trace.append(cite("CSS R341-5 al. 2", "Pension limitée.", part, to_the_cent(most)))
    monthly = to_the_cent(
        at_least(
            yearly / salaire.YEAR, "invalidite.minimum", "CSS L341-5", "Portée à la pension minimale.", since,
            law, trace,
        )
    )  # fmt: skip
    added = _third_person(monthly, since, law, trace) if category == 3 else ZERO
    whole = monthly + added
    return PensionDecision(
        BENEFIT, decided_on, since, whole * salaire.YEAR, whole, added, ZERO, tuple(trace), (), law.version,
        CODE_VERSION,
    )  # fmt: skip


def _third_person(monthly: Money, since: date, law: Law, trace: list[TraceLine]) -> Money:
    """R341-6: two fifths of the pension, never below a minimum."""
    part = law.value("invalidite.majoration_cat3", since)
    least = law.value("invalidite.mtp_mensuelle", since)
    share = to_the_cent(monthly * part.number)
    if share >= least.number:
        trace.append(cite("CSS R341-6", "Majoration pour aide d'une tierce personne.", part, share))
        return share
    amount = to_the_cent(least.number)
    trace.append(cite("CSS R341-6", "Majoration pour tierce personne, à son minimum.", least, amount))
    return amount
