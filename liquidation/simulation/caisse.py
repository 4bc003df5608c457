"""What a caisse asks itself: the C2S of a household, a sum paid in excess, a penalty."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.errors import Refused
from law import Law
from liquidation.hors_soins import LARGEST
from liquidation.simulation import fields
from liquidation.simulation.fields import AMOUNT, COUNT, DAY, FLAG, TEXT, Field, one_of

Case = tuple[dict[str, Any], list[str]]
HOUSEHOLD = (
    Field("personnes", COUNT, "personnes du foyer", required=True),
    Field("ressources", AMOUNT, "ressources du foyer en douze mois ; à défaut, les plafonds seuls"),
    Field("date", DAY, "jour de la demande ; aujourd'hui"),
)
EXCESS = (
    Field("montant", AMOUNT, "somme versée en trop", required=True),
    Field("verse_le", DAY, "jour du versement", required=True),
    Field("notifie_le", DAY, "jour de la notification ; aujourd'hui"),
    Field("motif", TEXT, "motif que dira la lettre"),
    Field("fraude", FLAG, "fraude établie ; non"),
    Field("participation", FLAG, "participations forfaitaires ou franchises ; non"),
)
_WHO = {each: each for each in ("assure", "professionnel", "employeur")}
_FACTS = {each: each for each in ("manquement", "fraude", "bande_organisee")}
PENALTY = (
    Field("qui", one_of(_WHO), "un assuré, un professionnel, un employeur ou une personne morale ; assure"),
    Field("faits", one_of(_FACTS), "ce qui est établi ; manquement"),
    Field("sommes", AMOUNT, "sommes concernées ; à défaut, elles ne peuvent être déterminées"),
    Field("date", DAY, "jour des faits ; aujourd'hui"),
    Field("recidive", FLAG, "des faits semblables dans les trois ans ; non"),
)


def household(question: Mapping[str, Any], today: date, law: Law) -> Case:
    """The complémentaire santé solidaire."""
    given = fields.read(question, HOUSEHOLD)
    people, resources = given["personnes"], given.get("ressources")
    if not 0 < people <= LARGEST:
        raise Refused(fields.CODE, f"personnes : de 1 à {LARGEST}.")
    return {
        "benefit": "c2s",
        "people": people,
        "resources": None if resources is None else str(resources),
        "asked_on": given.get("date", today).isoformat(),
    }, ["Le foyer vit en métropole, et ses ressources sont celles que le code compte."]


def excess(question: Mapping[str, Any], today: date, law: Law) -> Case:
    """An indu."""
    given = fields.read(question, EXCESS)
    return {
        "benefit": "indu",
        "amount": str(given["montant"]),
        "paid_on": given["verse_le"].isoformat(),
        "notified_on": given.get("notifie_le", today).isoformat(),
        "reason": given.get("motif", "Versement indu."),
        "fraud": given.get("fraude", False),
        "participation": given.get("participation", False),
    }, []


def penalty(question: Mapping[str, Any], today: date, law: Law) -> Case:
    """A pénalité financière."""
    given = fields.read(question, PENALTY)
    sums = given.get("sommes")
    return {
        "benefit": "penalite",
        "who": given.get("qui", "assure"),
        "facts": given.get("faits", "manquement"),
        "concerned": None if sums is None else str(sums),
        "on": given.get("date", today).isoformat(),
        "again": given.get("recidive", False),
    }, []
