"""What a stay in hospital, or a passage through its urgences, leaves to the patient."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from domain.errors import Refused
from law import Law
from liquidation.simulation import fields, limits
from liquidation.simulation.fields import AMOUNT, DAY, FLAG, Field, one_of
from liquidation.simulation.person import PERSON, profile_of

Case = tuple[dict[str, Any], list[str]]
STAY = (
    Field("entree", DAY, "jour de l'entrée", required=True),
    Field("sortie", DAY, "jour de la sortie", required=True),
    Field("tarif", AMOUNT, "frais du séjour entier, au tarif de l'établissement", required=True),
    Field("service", one_of({"mco": "mco", "psychiatrie": "psychiatrie"}), "mco (médecine, chirurgie) ; mco"),
    Field(
        "tarif_acte", AMOUNT, "tarif de l'acte le plus cher du séjour, pour la participation forfaitaire ; 0"
    ),
    Field("tarif_apres_30_jours", AMOUNT, "part du tarif des jours qui suivent le trentième"),
    Field("hors_parcours", FLAG, "rien n'écarte la majoration du parcours de soins ; non"),
    *PERSON,
)
PASSAGE = (
    Field("date", DAY, "jour du passage ; aujourd'hui"),
    Field("tarif", AMOUNT, "tarif de ce qui a été fait", required=True),
    *PERSON,
)


def stay(question: Mapping[str, Any], today: date, law: Law) -> Case:
    """A hospitalisation."""
    given = fields.read(question, STAY)
    entered, left = given["entree"], given["sortie"]
    if not entered <= left <= entered + timedelta(days=limits.STAY_DAYS):
        raise Refused(fields.CODE, "sortie : un jour qui ne précède pas l'entrée, trois ans au plus.")
    profile, supposed = profile_of(given, "consulte", entered, law)
    late = given.get("tarif_apres_30_jours")
    return {
        "benefit": "hospitalisation",
        "decided_on": max(today, left).isoformat(),
        "stay": {
            "admitted_on": entered.isoformat(),
            "left_on": left.isoformat(),
            "tariff": str(given["tarif"]),
            "service": given.get("service", "mco"),
            "act_tariff": str(given.get("tarif_acte", "0.00")),
            "nature": "atmp" if given.get("accident_travail") else "maladie",
            "ald": given.get("ald", False),
            "late_tariff": None if late is None else str(late),
            "outside_parcours": given.get("hors_parcours", False),
        },
        "profile": profile,
    }, supposed


def passage(question: Mapping[str, Any], today: date, law: Law) -> Case:
    """A passage through the urgences without a stay."""
    given = fields.read(question, PASSAGE)
    day = given.get("date", today)
    profile, supposed = profile_of(given, "consulte", day, law)
    return {
        "benefit": "urgences",
        "decided_on": max(today, day).isoformat(),
        "passage": {
            "day": day.isoformat(),
            "tariff": str(given["tarif"]),
            "nature": "atmp" if given.get("accident_travail") else "maladie",
        },
        "profile": profile,
    }, [*supposed, "Le passage n'est pas suivi d'une hospitalisation dans l'établissement."]
