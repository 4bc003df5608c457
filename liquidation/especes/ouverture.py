"""Opening of the rights to cash benefits: hours worked or earnings, before the stop (R313-3, R313-7)."""

from datetime import date
from decimal import Decimal

from domain.claim import NotComputed, TraceLine
from domain.french import counted
from domain.money import Money, in_french, to_the_cent
from law import Law
from law.dates import add_months
from liquidation.especes import salaire
from liquidation.especes.types import Attestation, Missing
from liquidation.reasons import because
from liquidation.traces import cite, note

LONG = "CSS L313-1 ; R313-3 2°"
SEASONAL = "CSS R313-7"


def short_opening(day: date, attestation: Attestation, law: Law, said: list[TraceLine]) -> list[NotComputed]:
    """R313-3 1°: hours in three months, or earnings in six; the year's, where work is seasonal or not
    continuous (R313-7). Raises Missing."""
    first = salaire.months_before(day, 6)[0]
    smic = law.value("smic.horaire", first)
    needed = to_the_cent(law.value("ij_maladie.salaire_courte", day).number * smic.number)
    hours = law.value("ij_maladie.heures_courte", day).number
    if reaches(attestation.hours_3_months, hours, attestation.earned_6_months, needed):
        return []
    silent = attestation.hours_3_months is None and attestation.earned_6_months is None
    if attestation.discontinuous and not _year_silent(attestation):
        if _year_lacks(day, attestation, law, said, SEASONAL) is None:
            said.append(note(SEASONAL, "Travail discontinu ou saisonnier : droit ouvert par l'année."))
            return []
    elif attestation.discontinuous and not silent:
        raise Missing("ouverture_inconnue", "R313-7")
    if silent:
        raise Missing("ouverture_inconnue", "1°")
    detail = f"{counted(hours, 'heure')} en trois mois, ou {in_french(needed)} en six"
    return [because("ij_droits_fermes", detail=detail)]


def long_opening(day: date, attestation: Attestation, law: Law, said: list[TraceLine]) -> str | None:
    """R313-3 2°: what is lacking to be paid past the sixth month, or None. Raises Missing."""
    months = int(law.value("ij_maladie.affiliation_longue", day).number)
    if attestation.affiliated_since is None:
        raise Missing("ouverture_inconnue", "2°")
    if add_months(attestation.affiliated_since, months) > day:
        return f"{counted(months, 'mois', 'mois')} d'affiliation"
    if _year_silent(attestation):
        raise Missing("ouverture_inconnue", "2°")
    return _year_lacks(day, attestation, law, said, LONG)


def _year_silent(attestation: Attestation) -> bool:
    return attestation.hours_12_months is None and attestation.earned_12_months is None


def _year_lacks(
    day: date, attestation: Attestation, law: Law, said: list[TraceLine], article: str
) -> str | None:
    """What is lacking to the hours, or to the earnings, of the twelve months before; None: nothing."""
    hours = law.value("ij_maladie.heures_longue", day).number
    if attestation.hours_12_months is not None and attestation.hours_12_months >= hours:
        return None
    needed = year_needed("ij_maladie.salaire_longue", day, law, said, article)
    if attestation.earned_12_months is None or attestation.earned_12_months < needed:
        return f"{counted(hours, 'heure')} en douze mois, ou {in_french(needed)}"
    return None


def year_needed(parameter: str, day: date, law: Law, said: list[TraceLine], article: str) -> Money:
    """What the twelve months before `day` must have earned: so many SMIC of the 1 January that comes before
    them (R313-3 2° a, R313-5 a), which is contested where they begin on a 1 January: `said` then tells."""
    first = salaire.months_before(day, salaire.YEAR)[0]
    new_year = date(first.year, 1, 1)
    choice = law.value("ij_maladie.smic_du_1er_janvier", day) if first == new_year else None
    if choice is not None and choice.text == "precedent":
        new_year = date(first.year - 1, 1, 1)
    smic = law.value("smic.horaire", new_year)
    needed = to_the_cent(law.value(parameter, day).number * smic.number)
    if choice is not None:
        said.append(cite(article, f"SMIC du {new_year:%d/%m/%Y}.", choice, needed))
    return needed


def reaches(hours: Decimal | None, needed_hours: Decimal, earned: Money | None, needed: Money) -> bool:
    return (hours is not None and hours >= needed_hours) or (earned is not None and earned >= needed)
