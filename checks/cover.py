"""Whose money: rights open that day, the caisse, the exemptions that the sheet claims, the practitioner."""

from collections.abc import Iterator
from datetime import date

from checks.case import Case, day_of, doubtful, filled, text_of, ticked
from checks.rules import find
from domain.claim import Rights
from domain.findings import Finding
from domain.identifiers import am_number_is_well_formed, rpps_is_valid

ORGANISME = "organisme_rattachement"


def _rights(case: Case) -> Iterator[tuple[str, date, Rights | None]]:
    """(field, day, rights) of each day of care, once a day."""
    seen: set[date] = set()
    for line, day in case.days_of_care():
        if day not in seen:
            seen.add(day)
            yield f"acte{line}_date", day, case.rights_by_day.get(day)


def rights_open(case: Case) -> Iterator[Finding]:
    """Rights open on each day of care; without a dossier there is nothing to ask."""
    if case.insured is None:
        return
    for name, day, rights in _rights(case):
        if rights is None:
            yield find("droits_non_etablis", name, day=f"{day:%d/%m/%Y}")
        elif not rights.is_open:
            yield find("droits_fermes", name, doubtful(case.fields, name), day=f"{day:%d/%m/%Y}")


def organisme(case: Case) -> Iterator[Finding]:
    """The code organisme: known, the dossier's, and there where the caisse pays the practitioner.

    The centre (last four digits) is an office of the same caisse: it is not compared."""
    code = text_of(case.fields, ORGANISME)
    if not code:
        if ticked(case.fields, "non_paye_part_obligatoire"):
            yield find("dispense_sans_organisme", ORGANISME)
        return
    if case.law.organisme(code) is None:
        yield find("organisme_inconnu", ORGANISME)
    held = {rights.organisme for _, _, rights in _rights(case) if rights is not None and rights.organisme}
    if held and all(code[:5] != each[:5] for each in held):
        yield find("organisme_different", ORGANISME)


def payment(case: Case) -> Iterator[Finding]:
    """The two boxes of the dispense d'avance des frais."""
    if ticked(case.fields, "non_paye_part_complementaire") and not ticked(
        case.fields, "non_paye_part_obligatoire"
    ):
        yield find("complementaire_seule_impayee", "non_paye_part_complementaire")


def exemptions(case: Case) -> Iterator[Finding]:
    """What the sheet claims (ALD, maternité, accident du travail) is in the dossier that day."""
    fields = case.fields
    for _, day, rights in _rights(case):
        if rights is None:
            continue
        said = f"{day:%d/%m/%Y}"
        if ticked(fields, "ald") and not rights.ald:
            yield find("ald_non_reconnue", "ald", day=said)
        if ticked(fields, "maternite") and not rights.maternity:
            yield find("maternite_non_reconnue", "maternite", day=said)
        if ticked(fields, "at_mp") and not _accident_known(case, rights):
            yield find("accident_travail_inconnu", "at_mp", day=said)


def _accident_known(case: Case, rights: Rights) -> bool:
    if number := text_of(case.fields, "at_mp_numero"):
        return number in rights.at_numbers
    day = day_of(case.fields, "at_mp_date")
    dates = (rights.details or {}).get("accidents", {})
    return day is not None and day in dates.values()


def practitioner(case: Case) -> Iterator[Finding]:
    """The practitioner: his numbers, the table, in exercise on each day of care."""
    fields, known = case.fields, case.practitioner
    rpps, am_number = text_of(fields, "medecin_rpps"), text_of(fields, "medecin_am")
    if rpps and not rpps_is_valid(rpps):
        yield find("rpps_cle_fausse", "medecin_rpps")
    if am_number and not am_number_is_well_formed(am_number):
        yield find("am_mal_forme", "medecin_am")
    if filled(fields, "remplacant_nom_prenom") or filled(fields, "remplacant_identifiant"):
        yield find("remplacant", "remplacant_nom_prenom")
    if known is None:
        yield find("praticien_inconnu", "medecin_tampon")
        return
    if rpps and rpps != known.rpps:
        yield find("rpps_different", "medecin_rpps")
    if am_number and am_number != known.am_number:
        yield find("am_different", "medecin_am")
    for line, day in case.days_of_care():
        if known.active is not None and day not in known.active:
            yield find("praticien_inactif", f"acte{line}_date", day=f"{day:%d/%m/%Y}")
