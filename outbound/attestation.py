"""The attestation de droits: what a person and their children hold on a day, as a tagged PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from domain.claim import Rights
from domain.errors import Refused
from domain.french import in_words
from domain.nir import Nir
from domain.people import Insured
from law import load
from law.dates import add_months
from outbound.decompte_especes import CAISSE
from outbound.pdf import make
from rights import open_rights
from rights.case import RightsCase
from store import access, people

YEAR = 12
"""Months that an attestation holds, unless rights end before."""

EXEMPTIONS = {
    "ald": "Affection de longue durée : 100 % des actes du protocole de soins",
    "maternite": "Assurance maternité : 100 % de tous les soins de la période",
    "invalidite": "Pension d'invalidité : participation supprimée",
    "rente_at_66": "Rente d'accident du travail : participation supprimée",
    "atmp": "Accident du travail pris en charge : 100 % des soins qui s'y rapportent",
    "mineur": "Mineur : pas de participation forfaitaire",
    "c2s": "Complémentaire santé solidaire",
}


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """A person of the attestation, the assuré first, with their rights of the day."""

    person: Insured
    rights: Rights


def of_dossier(conn: Connection, person_id: str, day: date, actor: str) -> bytes:
    """The PDF of a person: the assuré whose rights open hers, and all whose rights he opens. Each dossier is
    read in the name of `actor`. Raises Refused("introuvable"), Refused("droits_fermes")."""
    holder = people.holder(conn, people.insured(conn, person_id))
    household = [holder, *people.opened_by(conn, holder)]
    for each in household:
        access.record(conn, actor, "dossier", each.id, "attestation")
    return _attest(household, day)


def of_case(case: RightsCase) -> bytes:
    """The PDF of the person and the day of a case. Raises Refused("droits_fermes")."""
    return _attest([case.insured], case.day)


def _attest(household: Sequence[Insured], day: date) -> bytes:
    told = [Beneficiary(each, open_rights(each, day, load())) for each in household]
    if not told[0].rights.is_open:
        raise Refused("droits_fermes", told[0].rights.trace[-1].sentence)
    return render(told, day, caisse=CAISSE)


def render(beneficiaries: Sequence[Beneficiary], day: date, *, caisse: str) -> bytes:
    """The PDF. Raises ValueError where the assuré's rights are closed that day: nothing to attest."""
    return make("attestation.typ", content(beneficiaries, day, caisse=caisse), day)


def content(beneficiaries: Sequence[Beneficiary], day: date, *, caisse: str) -> dict[str, Any]:
    """Every word of the attestation, as plain JSON."""
    assure = beneficiaries[0]
    if not assure.rights.is_open:
        raise ValueError("closed rights are not attested")
    organisme = assure.rights.organisme or ""
    return {
        "caisse": caisse,
        "day": in_words(day),
        "until": in_words(add_months(day, YEAR) - timedelta(days=1)),
        "name": full_name(assure.person),
        "address": list(assure.person.address),
        "nir": number(assure.person.nir),
        "organisme": organisme_shown(organisme),
        "organisme_name": load().organisme(organisme) or "",
        "people": [_person(each, day) for each in beneficiaries if each.rights.is_open],
    }


def full_name(person: Insured) -> str:
    use = f", nom d'usage {person.use_name}" if person.use_name else ""
    return f"{person.first_names} {person.birth_name}{use}"


def organisme_shown(code: str) -> str:
    """Nine digits by régime, caisse and centre: `01 751 0000`."""
    return f"{code[:2]} {code[2:5]} {code[5:]}"


def number(nir: str | None) -> str:
    """`1 80 01 75 116 001 42`: professionals need it whole."""
    if nir is None:
        return ""
    key = Nir(nir).key
    return f"{nir[0]} {nir[1:3]} {nir[3:5]} {nir[5:7]} {nir[7:10]} {nir[10:]} {key}"


def _person(each: Beneficiary, day: date) -> dict[str, Any]:
    person, rights = each.person, each.rights
    return {
        "name": full_name(person),
        "birth": in_words(person.birth_date),
        "rank": str(person.birth_rank),
        "nir": number(person.nir),
        "doctor": "déclaré" if rights.medecin_traitant else "non déclaré",
        "exemptions": [
            {"what": EXEMPTIONS[name] + _until(person, name, day), "article": article}
            for name, article in (rights.exempt or {}).items()
        ],
        "local": rights.regime_local,
    }


def _until(person: Insured, name: str, day: date) -> str:
    """When it ends, where the dossier says so."""
    held = {"ald": person.alds, "c2s": person.complementaires, "maternite": person.grossesses}
    periods = [each.period for each in held.get(name, ()) if day in each.period]  # type: ignore[attr-defined]
    ends = [period.end for period in periods if period.end]
    if not ends or len(ends) < len(periods):
        return ""
    return f", jusqu'au {in_words(max(ends) - timedelta(days=1))}"
