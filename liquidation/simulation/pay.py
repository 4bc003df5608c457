"""The pays that a question tells, as an attestation de salaire would."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.errors import Refused
from law import Law
from law.dates import add_months
from liquidation.simulation import limits
from liquidation.simulation.fields import AMOUNTS, CODE, COUNT, DAY, FLAG, Field, one_of

PAY = (
    Field(
        "salaires",
        AMOUNTS,
        "salaire brut d'un mois, le même pour tous ceux d'avant ; ou la liste des derniers mois, le plus "
        "ancien d'abord ; ou mois par mois",
        required=True,
    ),
    Field("paie", one_of({"mois": "mois", "quinzaine": "quinzaine", "semaine": "semaine"}), "rythme ; mois"),
    Field("discontinu", FLAG, "travail saisonnier ou discontinu : douze mois comptent au lieu de trois ; non"),
    Field("heures_3_mois", COUNT, "heures travaillées en trois mois ; à défaut, le droit est supposé ouvert"),
    Field("heures_12_mois", COUNT, "heures travaillées en douze mois ; à défaut, le droit est supposé ouvert"),
    Field("affilie_depuis", DAY, "première affiliation ; à défaut, depuis assez longtemps"),
    Field("subrogation", FLAG, "l'employeur maintient le salaire et touche les indemnités ; non"),
)
MONTHS = 12
ENOUGH = {"heures_3_mois": "ij_maladie.heures_courte", "heures_12_mois": "ij_maladie.heures_longue"}


def attestation(given: Mapping[str, Any], since: date, law: Law) -> tuple[dict[str, Any], list[str]]:
    """(attestation of a case, what is supposed). `since`: first day of the stop or of the leave."""
    supposed = []
    hours: dict[str, str] = {}
    for name, parameter in ENOUGH.items():
        count = given.get(name)
        hours[name] = str(count if count is not None else law.value(parameter, since).number)
    if "heures_3_mois" not in given and "heures_12_mois" not in given:
        supposed.append("Le droit est ouvert : assez d'heures travaillées avant l'arrêt.")
    known = given.get("affilie_depuis")
    if known is None:
        known = add_months(since, -limits.LONG_ENOUGH)
    return {
        "pays": _pays(given, since),
        "frequency": given.get("paie", "mois"),
        "discontinuous": given.get("discontinu", False),
        "hours_3_months": hours["heures_3_mois"],
        "hours_12_months": hours["heures_12_mois"],
        "affiliated_since": known.isoformat(),
        "subrogated": given.get("subrogation", False),
        "employer": "employeur" if given.get("subrogation") else "",
    }, supposed


def _pays(given: Mapping[str, Any], since: date) -> list[dict[str, str]]:
    told = given["salaires"]
    if isinstance(told, Mapping):
        return [{"month": month.isoformat(), "gross": str(each)} for month, each in sorted(told.items())]
    if given.get("paie", "mois") != "mois":
        raise Refused(CODE, "salaires : à la semaine ou à la quinzaine, chaque paie porte sa date de fin.")
    amounts = told * MONTHS if len(told) == 1 else told
    first = add_months(since.replace(day=1), -len(amounts))
    return [
        {"month": add_months(first, place).isoformat(), "gross": str(each)}
        for place, each in enumerate(amounts)
    ]
