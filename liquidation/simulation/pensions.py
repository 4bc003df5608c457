"""Pensions, rentes and the capital décès: what a person, or those left behind, would receive."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from law import Law
from law.dates import add_months
from liquidation.simulation import fields, limits
from liquidation.simulation.fields import AMOUNT, AMOUNTS, COUNT, DAY, FLAG, Field, one_of

Case = tuple[dict[str, Any], list[str]]
LINKS = {"conjoint": "conjoint", "enfant": "descendant", "parent": "ascendant", "autre": "autre"}
CATEGORIES = {"1": 1, "2": 2, "3": 3}
INVALID = (
    Field("categorie", one_of(CATEGORIES), "catégorie de l'invalidité", required=True),
    Field("date_effet", DAY, "premier jour de la pension ; aujourd'hui"),
    Field(
        "salaires_annuels",
        AMOUNTS,
        "salaire annuel moyen revalorisé, ou ceux des années d'assurance, la plus ancienne d'abord",
        required=True,
    ),
    Field("arret_le", DAY, "arrêt de travail suivi d'invalidité ; la veille de la date d'effet"),
    Field("heures_12_mois", COUNT, "heures travaillées en douze mois ; à défaut, le droit est supposé ouvert"),
)
INCAPABLE = (
    Field("taux", COUNT, "taux d'incapacité permanente, en pour cent", required=True),
    Field(
        "salaire_annuel", AMOUNT, "salaires bruts des douze mois avant l'arrêt, pour un taux de 10 % ou plus"
    ),
    Field("consolidation", DAY, "date de consolidation ; aujourd'hui"),
    Field("arret_le", DAY, "arrêt de travail après l'accident ; la consolidation"),
    Field("taux_anterieurs", COUNT, "somme des taux déjà reconnus ; 0"),
)
DEAD = (
    Field("deces_le", DAY, "date du décès ; aujourd'hui"),
    Field("beneficiaire", one_of(LINKS), "lien de qui demande ; conjoint"),
    Field("nombre", COUNT, "combien demandent avec ce lien ; 1"),
    Field("a_charge", FLAG, "à la charge de l'assuré au jour du décès ; oui"),
)


def invalid(question: Mapping[str, Any], today: date, law: Law) -> Case:
    """A pension d'invalidité."""
    given = fields.read(question, INVALID)
    since = given.get("date_effet", today)
    stopped = given.get("arret_le", since - timedelta(days=1))
    told = given["salaires_annuels"]
    amounts = [each for _, each in sorted(told.items())] if isinstance(told, Mapping) else told
    hours = given.get("heures_12_mois")
    supposed = [] if hours is not None else ["Le droit est ouvert : assez d'heures travaillées avant l'arrêt."]
    if hours is None:
        hours = law.value("invalidite.heures", stopped).number
    first = stopped.year - len(amounts)
    return {
        "benefit": "pension_invalidite",
        "decided_on": max(today, since).isoformat(),
        "category": given["categorie"],
        "since": since.isoformat(),
        "career": {
            "interrupted_on": stopped.isoformat(),
            "affiliated_since": add_months(stopped, -limits.LONG_ENOUGH).isoformat(),
            "hours_12_months": str(hours),
            "years": [{"year": first + place, "revalued": str(each)} for place, each in enumerate(amounts)],
        },
    }, supposed


def incapable(question: Mapping[str, Any], today: date, law: Law) -> Case:
    """The capital or the rente of an incapacité permanente."""
    given = fields.read(question, INCAPABLE)
    healed = given.get("consolidation", today)
    supposed = []
    earned = given.get("salaire_annuel")
    if earned is None:
        supposed.append("Le salaire est celui du minimum des rentes.")
    return {
        "benefit": "rente_at",
        "decided_on": max(today, healed).isoformat(),
        "incapacity": {
            "rate": given["taux"],
            "consolidated_on": healed.isoformat(),
            "stopped_on": given.get("arret_le", healed).isoformat(),
            "earned": str(earned or 0),
            "earlier": given.get("taux_anterieurs", 0),
        },
    }, supposed


def dead(question: Mapping[str, Any], today: date, law: Law) -> Case:
    """A capital décès."""
    given = fields.read(question, DEAD)
    died = given.get("deces_le", today)
    claimant = {
        "link": given.get("beneficiaire", "conjoint"),
        "claimed_on": died.isoformat(),
        "dependent": given.get("a_charge", True),
    }
    count = max(1, min(given.get("nombre", 1), limits.ROWS))
    return {
        "benefit": "capital_deces",
        "decided_on": max(today, add_months(died, 2)).isoformat(),
        "died_on": died.isoformat(),
        "entitled": True,
        "claimants": [{"id": f"{place:03d}", **claimant} for place in range(1, count + 1)],
    }, ["L'assuré travaillait, était au chômage indemnisé, invalide ou titulaire d'une rente."]
