"""Who asks: the situation of a person in a few words, for a profile."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from law import Law, NotCovered
from liquidation.simulation.fields import COUNT, DAY, FLAG, Field, one_of

COVERS = {"non": "non", "gratuite": "gratuite", "participation": "participation", "oui": "gratuite"}
PERSON = (
    Field("age", COUNT, "âge au 1er janvier de l'année des soins ; un adulte"),
    Field("naissance", DAY, "date de naissance, plus précise que l'âge"),
    Field("ald", FLAG, "affection de longue durée reconnue, et soins du protocole ; non"),
    Field("c2s", one_of(COVERS), "complémentaire santé solidaire ; non"),
    Field("ame", FLAG, "aide médicale de l'État ; non"),
    Field("maternite", FLAG, "assurance maternité ouverte ce jour-là ; non"),
    Field("regime_local", FLAG, "régime local d'Alsace-Moselle ; non"),
    Field("accident_travail", FLAG, "soins d'un accident du travail reconnu ; non"),
    Field("invalidite", FLAG, "titulaire d'une pension d'invalidité ; non"),
    Field("rente_66", FLAG, "titulaire d'une rente d'accident du travail d'au moins 66,66 % ; non"),
    Field("aspa", FLAG, "titulaire de l'allocation de solidarité aux personnes âgées ; non"),
)


def profile_of(
    given: Mapping[str, Any], treating: str, day: date, law: Law
) -> tuple[dict[str, Any], list[str]]:
    """(profile of a case, what is supposed). An age is that of 1 January: whoever has it was born then.
    Raises NotCovered past the horizon: no rights are known then."""
    if day > law.horizon.last:
        raise NotCovered("droits", day, f"Le droit n'est pas vérifié après le {law.horizon.last:%d/%m/%Y}")
    supposed = []
    born = given.get("naissance")
    if born is None and "age" in given:
        born = date(day.year - min(given["age"], day.year - 1), 1, 1)
    if born is None:
        supposed.append("Un adulte.")
    return {
        "birth_date": born and born.isoformat(),
        "medecin_traitant": treating,
        "ald": given.get("ald", False),
        "c2s": given.get("c2s", "non"),
        "ame": given.get("ame", False),
        "maternity": given.get("maternite", False),
        "regime_local": given.get("regime_local", False),
        "accident": given.get("accident_travail", False),
        "invalidite": given.get("invalidite", False),
        "rente_at_66": given.get("rente_66", False),
        "aspa": given.get("aspa", False),
    }, supposed
