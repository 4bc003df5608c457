"""A small base: a family, twins, homonyms, a Corsican, a compound name, a use name."""

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

from domain.nir import key_of
from domain.people import Insured
from domain.reading import FieldReading
from dossiers import Directory, Identification, identify, queries

NIR, KEY = "beneficiaire_nir", "beneficiaire_nir_cle"
NAME, BORN = "beneficiaire_nom_prenom", "beneficiaire_date_naissance"


def person(identifier: str, nir: str | None, name: str, first: str, born: str, **more: Any) -> Insured:
    return Insured(
        id=identifier,
        nir=nir,
        birth_name=name,
        first_names=first,
        birth_date=date.fromisoformat(born),
        **more,
    )


MOTHER = person("mere", "2850175116001", "MARTIN", "Claire Anne", "1985-01-12", use_name="DURAND")
FATHER = person("pere", "1840359350002", "DURAND", "Paul", "1984-03-02")
ELDER = person("aine", "1140659350033", "DURAND", "Hugo", "2014-06-06", quality="30", assure_nir=FATHER.nir)
LEO = person("leo", None, "DURAND", "Léo", "2018-05-06", quality="30", assure_nir=FATHER.nir)
ZOE = person("zoe", None, "DURAND", "Zoé", "2018-05-06", quality="30", assure_nir=FATHER.nir, birth_rank=2)
ANNE = person("anne", "2700913055120", "GARCIA", "Anne", "1970-09-21")
LUCIE = person("lucie", "2700913055121", "GARCIA", "Lucie", "1970-09-21")
NAMESAKE = person("homonyme", "2850259350077", "MARTIN", "Claire", "1985-02-03")
CORSICAN = person("corse", "190032A004015", "SANTONI", "Ange", "1990-03-14")
COMPOUND = person("compose", "1650792012345", "LE GOFF", "Jean-Pierre", "1965-07-30")
BASE = (MOTHER, FATHER, ELDER, LEO, ZOE, ANNE, LUCIE, NAMESAKE, CORSICAN, COMPOUND)
BY_ID = {each.id: each for each in BASE}


def said(value: str | None, probability: float = 0.9995) -> FieldReading:
    return FieldReading(value, "empty" if value is None else "accepted", probability)


def sheet(
    nir: str | None = None,
    name: str | None = None,
    born: str | None = None,
    key: str | None = None,
    holder: str | None = None,
    holder_name: str | None = None,
) -> dict[str, FieldReading]:
    """Fields as read for sure; the key is that of the number unless given."""
    fields = {NIR: said(nir), NAME: said(name), BORN: said(born)}
    if nir is not None:
        fields[KEY] = said(key_of(nir) if key is None else key)
    if holder is not None:
        fields |= {"assure_nir": said(holder), "assure_nir_cle": said(key_of(holder))}
    if holder_name is not None:
        fields["assure_nom_prenom"] = said(holder_name)
    return fields


def ask(fields: dict[str, FieldReading], base: Sequence[Insured] = BASE) -> Identification:
    """Look-up and identification, as the flow does them, with the care due to a million persons."""
    return identify(fields, Directory(base).candidates(queries(fields)))


def cells_of(text: str, doubts: dict[int, dict[str, float]] | None = None) -> FieldReading:
    """A comb read cell by cell: sure, but for `doubts`: place -> probability of each character."""
    cells = []
    for place, char in enumerate(text):
        table = (doubts or {}).get(place) or {
            each: 0.9991 if each == char else 0.0001 for each in dict.fromkeys("0123456789" + char)
        }
        cells.append({each: math.log(share) for each, share in table.items()})
    best = "".join(max(cell, key=cell.__getitem__) for cell in cells)
    probability = math.exp(sum(max(cell.values()) for cell in cells))
    return FieldReading(best, "review", probability, cells=tuple(cells))
