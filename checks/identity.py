"""Who: the NIR, the names and the birth date of the sheet, and those of the dossier."""

from collections.abc import Iterator, Mapping

from checks import parents
from checks.case import Case, day_of, doubtful, filled, text_of
from checks.rules import find
from domain.findings import Finding
from domain.nir import Nir
from domain.reading import FieldReading
from dossiers.lines import compare

NIR, NAME, BORN = "beneficiaire_nir", "beneficiaire_nom_prenom", "beneficiaire_date_naissance"
UNKNOWN = 0.5
"""From this probability on that nobody of the base is meant, the person is said to be unknown."""


def nir_of(fields: Mapping[str, FieldReading], name: str) -> Nir | None:
    """The NIR of a line, or None where it is blank or malformed."""
    try:
        return Nir(text_of(fields, name).upper())
    except ValueError:
        return None


def numbers(case: Case) -> Iterator[Finding]:
    """Structure and key of the two numbers."""
    for name in (NIR, "assure_nir"):
        if not filled(case.fields, name):
            continue
        number, key = nir_of(case.fields, name), text_of(case.fields, f"{name}_cle")
        if number is None:
            yield find("nir_mal_forme", name)
            continue
        if number.is_provisional:
            yield find("nir_provisoire", name)
        if number.month_is_fictive:
            yield find("nir_mois_fictif", name)
        if not key:
            yield find("nir_cle_absente", f"{name}_cle")
        elif key.zfill(2) != number.key:
            yield find("nir_cle_fausse", name)


def recognised(case: Case) -> Iterator[Finding]:
    """One dossier, and certain; a person who designated it has the last word."""
    if case.identification is None and case.insured is not None:
        return
    if case.identification is None or case.identification.absent >= UNKNOWN:
        yield find("assure_inconnu", NIR)
        return
    certain = case.identification.certain
    if certain is None or (case.insured is not None and certain.id != case.insured.id):
        yield find("identification_incertaine", NIR)


def same_number(case: Case) -> Iterator[Finding]:
    """The numbers of the sheet against those of the dossier."""
    insured = case.insured
    if insured is None:
        return
    number = text_of(case.fields, NIR).upper()
    attached = parents.attached(case.fields, insured)
    if number and number != insured.nir:
        if number in (insured.assure_nir, *attached):
            yield find("nir_de_l_assure", NIR)
        else:
            yield find("nir_different", NIR)
    holder = text_of(case.fields, "assure_nir").upper()
    if parents.to_be_named(case.fields, insured):
        yield find("parent_a_designer", "assure_nir")
    elif holder and holder not in (insured.assure_nir or insured.nir, *attached):
        yield find("assure_different", "assure_nir")


def same_name(case: Case) -> Iterator[Finding]:
    """The names of the sheet against the birth name, the use name and the first names."""
    insured = case.insured
    if insured is None or not filled(case.fields, NAME):
        return
    match = compare(text_of(case.fields, NAME), insured.birth_name, insured.use_name, insured.first_names)
    if not match.kinds & {"naissance", "usage"}:
        yield find("nom_different", NAME)
    if match.another or ("prenom" not in match.kinds and match.noise):
        yield find("prenom_different", NAME)
    if match.kinds and not match.exact:
        yield find("nom_proche", NAME)


def same_birth(case: Case) -> Iterator[Finding]:
    """The birth date against the dossier's, or, with no dossier, against the number."""
    text = text_of(case.fields, BORN)
    if not text:
        return
    day = day_of(case.fields, BORN)
    if case.insured is not None:
        born = case.insured.birth_date
        if day is None and text[:4] == f"{born:%Y}":
            yield find("naissance_incomplete", BORN)
        elif day != born:
            yield find("naissance_differente", BORN)
        return
    number = nir_of(case.fields, NIR)
    if number is not None and day is not None and not number.agrees_with(day.year, day.month):
        yield find("naissance_nir_discordante", BORN)


def alive(case: Case) -> Iterator[Finding]:
    """No care before the birth or after the death."""
    if case.insured is None:
        return
    for line, day in case.days_of_care():
        name = f"acte{line}_date"
        if case.insured.died_on is not None and day > case.insured.died_on:
            yield find("soins_apres_deces", name, doubtful(case.fields, name), line=line)
        if day < case.insured.birth_date:
            yield find("soins_avant_naissance", name, line=line)
