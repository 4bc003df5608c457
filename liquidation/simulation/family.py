"""«Que toucherai-je ?»: adoption, mourning, and the rentes of those whom an accident left behind."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from law import Law
from law.dates import add_months
from liquidation.simulation import fields, limits, pay
from liquidation.simulation.cash import end_of
from liquidation.simulation.fields import AMOUNT, COUNT, DAY, FLAG, Field
from liquidation.simulation.pay import PAY

Case = tuple[dict[str, Any], list[str]]
LEAVE = (
    Field("debut", DAY, "premier jour du congé", required=True),
    Field("fin", DAY, "dernier jour ; ou bien duree"),
    Field("duree", COUNT, "nombre de jours, s'il n'y a pas de fin"),
    Field("deja_pris", COUNT, "jours de ce congé déjà indemnisés, par l'un ou l'autre parent ; 0"),
)
ADOPTING = (
    *LEAVE,
    Field("enfants_adoptes", COUNT, "enfants accueillis ensemble ; 1"),
    Field("enfants_au_foyer", COUNT, "enfants à charge, ceux-ci compris ; autant"),
    Field("partage", FLAG, "le congé est partagé entre les deux parents ; non"),
    *PAY,
)
MOURNING = (
    Field("deces_le", DAY, "date du décès de l'enfant, ou de la personne de moins de vingt-cinq ans à charge",
          required=True),
    *LEAVE,
    Field("sans_activite", FLAG, "n'a plus d'activité et garde ses droits ; non"),
    *PAY,
)  # fmt: skip
LEFT = (
    Field("deces_le", DAY, "date du décès de la victime", required=True),
    Field("salaire_annuel", AMOUNT, "salaires bruts des douze mois avant l'arrêt", required=True),
    Field("accident_le", DAY, "date de l'accident ; celle du décès"),
    Field("conjoint", FLAG, "conjoint, partenaire ou concubin depuis avant l'accident ; oui"),
    Field("age_conjoint", COUNT, "son âge au décès ; moins de cinquante-cinq ans"),
    Field("conjoint_incapable", FLAG, "incapacité de travail d'au moins la moitié ; non"),
    Field("enfants", COUNT, "enfants de moins de vingt ans, d'un même lit ; 0"),
    Field("orphelins_complets", COUNT, "parmi eux, orphelins de père et de mère ; 0"),
    Field("ascendants", COUNT, "ascendants à charge ; 0"),
)


def adopting(question: Mapping[str, Any], today: date, law: Law) -> Case:
    """A congé d'adoption."""
    given = fields.read(question, ADOPTING)
    start, children = given["debut"], given.get("enfants_adoptes", 1)
    end = end_of(given, start)
    attestation, supposed = pay.attestation(given, start, law)
    return {
        "benefit": "ij_adoption",
        "decided_on": max(today, end).isoformat(),
        "start": start.isoformat(),
        "end": end.isoformat(),
        "taken_before": given.get("deja_pris", 0),
        "children": children,
        "in_the_home": given.get("enfants_au_foyer", children),
        "shared": given.get("partage", False),
        "attestation": attestation,
    }, supposed


def mourning(question: Mapping[str, Any], today: date, law: Law) -> Case:
    """A congé de deuil."""
    given = fields.read(question, MOURNING)
    start = given["debut"]
    end = end_of(given, start)
    attestation, supposed = pay.attestation(given, start, law)
    return {
        "benefit": "ij_deuil",
        "decided_on": max(today, end).isoformat(),
        "died_on": given["deces_le"].isoformat(),
        "start": start.isoformat(),
        "end": end.isoformat(),
        "taken_before": given.get("deja_pris", 0),
        "working": not given.get("sans_activite", False),
        "attestation": attestation,
    }, supposed


def left(question: Mapping[str, Any], today: date, law: Law) -> Case:
    """The rentes after a deadly accident du travail."""
    given = fields.read(question, LEFT)
    died = given["deces_le"]
    hurt = given.get("accident_le", died)
    survivors: list[dict[str, Any]] = []
    if given.get("conjoint", True):
        years = min(given.get("age_conjoint", 0), limits.AGE)
        born = add_months(died, -12 * years).isoformat() if years else None
        unfit = given.get("conjoint_incapable", False)
        survivors.append({"id": "conjoint", "link": "conjoint", "birth_date": born, "unfit": unfit})
    alone = given.get("orphelins_complets", 0)
    survivors += [
        {"id": f"enfant {place + 1}", "link": "enfant", "orphan_of_both": place < alone}
        for place in range(min(given.get("enfants", alone), limits.ROWS))
    ]
    survivors += [
        {"id": f"ascendant {place + 1}", "link": "ascendant"}
        for place in range(min(given.get("ascendants", 0), limits.ROWS))
    ]
    return {
        "benefit": "rente_ayants_droit",
        "decided_on": max(today, died).isoformat(),
        "death": {
            "accident_on": hurt.isoformat(),
            "died_on": died.isoformat(),
            "stopped_on": hurt.isoformat(),
            "earned": str(given["salaire_annuel"]),
            "survivors": survivors,
        },
    }, ["Le décès est la suite d'un accident du travail reconnu."]
