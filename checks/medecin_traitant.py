"""The déclaration de choix du médecin traitant (S 3704): who chooses whom, when, and that both sign."""

from collections.abc import Iterator
from datetime import date

from checks.case import Case, day_of, filled, text_of, ticked
from checks.dates import impossible
from checks.rules import find
from domain.findings import Finding
from domain.identifiers import rpps_is_valid, siret_is_valid
from law.dates import age_on

TYPE = "declaration_medecin_traitant"
DATE = "declaration_date"

OWN_CHOICE, OF_AGE = 16, 18
"""L162-5-3: under sixteen a parent chooses; under eighteen one agrees."""


def signed(case: Case) -> Iterator[Finding]:
    """A joint declaration: the patient's signature and the doctor's."""
    for name, who in (("signature_assure", "du bénéficiaire"), ("signature_medecin", "du médecin")):
        if not ticked(case.fields, name):
            yield find("mt_signature", name, what=who)


def dated(case: Case) -> Iterator[Finding]:
    """The choice counts from its day."""
    yield from impossible(case, (DATE,))
    day = day_of(case.fields, DATE)
    if not filled(case.fields, DATE):
        yield find("mt_date_absente", DATE)
    elif day is not None and day > case.received_on:
        yield find("mt_apres_reception", DATE, day=f"{case.received_on:%d/%m/%Y}")


def doctor(case: Case) -> Iterator[Finding]:
    """Known by a number whose key holds, and at work that day."""
    rpps = text_of(case.fields, "medecin_rpps")
    if rpps and not rpps_is_valid(rpps):
        yield find("mt_rpps_faux", "medecin_rpps")
    if not any(filled(case.fields, name) for name in ("medecin_rpps", "medecin_am")):
        yield find("mt_medecin_absent", "medecin_rpps")
    elif case.practitioner is None:
        yield find("mt_medecin_inconnu", "medecin_rpps")
    elif (
        (day := day_of(case.fields, DATE)) is not None
        and case.practitioner.active is not None
        and day not in case.practitioner.active
    ):
        yield find("mt_medecin_inactif", "medecin_rpps", day=f"{day:%d/%m/%Y}")
    structure = text_of(case.fields, "structure_numero")
    if structure and not _is_structure(structure):
        yield find("mt_structure_fausse", "structure_numero")


def _is_structure(number: str) -> bool:
    """AM or FINESS of nine (a FINESS may hold letters, the key of an AM is not published), or a SIRET."""
    if len(number) == 14:
        return siret_is_valid(number)
    return len(number) == 9 and number.isascii() and number.isalnum()


def age(case: Case) -> Iterator[Finding]:
    """Who may choose alone."""
    born = case.insured.birth_date if case.insured else day_of(case.fields, "beneficiaire_date_naissance")
    day = day_of(case.fields, DATE) or case.received_on
    if born is None or ticked(case.fields, "accord_parental"):
        return
    if _under(born, day, OWN_CHOICE):
        yield find("mt_moins_de_seize", "accord_parental")
    elif _under(born, day, OF_AGE):
        yield find("mt_mineur", "accord_parental")


def _under(born: date, day: date, years: int) -> bool:
    return 0 <= age_on(born, day) < years


CHECKS = (signed, dated, doctor, age)
