"""The déclaration d'accident du travail: its days, who declares, what happened, what follows from it.

An employer's slip costs the victim nothing: every finding asks a person or informs, none proposes a refusal.
"""

from collections.abc import Iterator
from datetime import date

from checks.case import Case, day_of, filled, text_of, ticked
from checks.dates import impossible
from checks.rules import find
from domain.findings import Finding
from domain.identifiers import siret_is_valid
from law import NotCovered
from law.dates import birthday
from law.holidays import after_counted_days

TYPE = "declaration_accident_travail"

DATES = ("accident_date", "constate_date", "registre_date", "embauche_date", "declaration_date")

NEEDED = (
    ("employeur_nom", "nom de l'employeur"),
    ("employeur_adresse", "adresse de l'employeur"),
    ("employeur_siret", "SIRET de l'employeur"),
    ("beneficiaire_nom_prenom", "nom et prénom de la victime"),
    ("beneficiaire_nir", "numéro de sécurité sociale de la victime"),
    ("accident_date", "date de l'accident"),
    ("accident_lieu", "lieu de l'accident"),
    ("accident_nature", "nature de l'accident"),
    ("lesions_siege", "siège des lésions"),
    ("lesions_nature", "nature des lésions"),
    ("constate_date", "date à laquelle l'employeur a connu l'accident"),
    ("declaration_date", "date de la déclaration"),
)
"""What the declaration has to say, and how it is called."""

PLACES = (
    "lieu_habituel", "lieu_occasionnel", "lieu_repas", "trajet_domicile", "trajet_repas",
    "deplacement_employeur",
)  # fmt: skip
SUITES = ("sans_arret", "avec_arret", "deces")
ONE_OF = (
    (PLACES, "le lieu de l'accident"),
    (SUITES, "les suites de l'accident"),
    (("accident_constate", "accident_connu"), "l'accident constaté ou connu"),
    (("tiers_oui", "tiers_non"), "l'accident causé par un tiers"),
    (("autres_victimes_oui", "autres_victimes_non"), "les autres victimes"),
    (("police_oui", "police_non"), "le rapport de police"),
    (("nationalite_francaise", "nationalite_eee", "nationalite_autre"), "la nationalité"),
    (("contrat_cdi", "contrat_cdd", "contrat_apprenti", "contrat_interimaire", "contrat_autre"), "le contrat"),
)
"""Boxes of which one alone is ticked, and what they say."""

GOES_WITH = (
    ("tiers_oui", "tiers_nom", "nom et adresse du tiers"),
    ("police_oui", "police_par_qui", "par qui le rapport de police fut établi"),
    ("temoin", "temoin_nom", "nom du témoin"),
    ("premiere_personne", "temoin_nom", "nom de la première personne avisée"),
    ("registre", "registre_date", "date d'inscription au registre"),
)
"""A box, and the field that has to be filled where it is ticked."""


def needed(case: Case) -> Iterator[Finding]:
    """What the form asks for is there, and signed."""
    for name, what in NEEDED:
        if not filled(case.fields, name):
            yield find("dat_rubrique_absente", name, what=what)
    for box, name, what in GOES_WITH:
        if ticked(case.fields, box) and not filled(case.fields, name):
            yield find("dat_rubrique_absente", name, what=what)
    if not ticked(case.fields, "signature_employeur"):
        yield find("dat_signature", "signature_employeur")


def boxes(case: Case) -> Iterator[Finding]:
    """Boxes that exclude one another; of the place and of what followed, one is ticked."""
    for names, what in ONE_OF:
        found = [name for name in names if ticked(case.fields, name)]
        if len(found) > 1:
            yield find("dat_cases_contradictoires", found[1], what=what)
        elif not found and names in (PLACES, SUITES):
            yield find("dat_case_absente", names[0], what=what)


def numbers(case: Case) -> Iterator[Finding]:
    """The keys of the establishments' numbers (the victim's is looked at with the identity)."""
    for name in ("employeur_siret", "accident_siret"):
        if filled(case.fields, name) and not siret_is_valid(text_of(case.fields, name)):
            yield find("dat_siret_faux", name)


def days(case: Case) -> Iterator[Finding]:
    """Real days, in the order of what happened: hired, hurt, known, declared, received."""
    yield from impossible(case, DATES)
    hired, hurt, known, declared = (
        day_of(case.fields, name)
        for name in ("embauche_date", "accident_date", "constate_date", "declaration_date")
    )
    if hurt and hired and hired > hurt:
        yield find("dat_embauche_apres", "embauche_date")
    if hurt and known and known < hurt:
        yield find("dat_connu_avant", "constate_date")
    if declared and (first := max((day for day in (hurt, known) if day), default=None)) and declared < first:
        yield find("dat_declare_avant", "declaration_date", day=f"{first:%d/%m/%Y}")
    if declared and declared > case.received_on:
        yield find("dat_apres_reception", "declaration_date", day=f"{case.received_on:%d/%m/%Y}")
    if hurt and hurt > case.received_on:
        yield find("dat_accident_futur", "accident_date", day=f"{case.received_on:%d/%m/%Y}")


def delays(case: Case) -> Iterator[Finding]:
    """The victim tells within a day, the employer declares within 48 hours that count, rights end with the
    second year. Days alone are compared: an hour less is no delay."""
    hurt, known = day_of(case.fields, "accident_date"), day_of(case.fields, "constate_date")
    declared = day_of(case.fields, "declaration_date")
    if hurt and known and (known - hurt).days > 1:
        yield find("dat_victime_tardive", "constate_date")
    if known and declared and (last := last_day(case, known)) and declared > last:
        yield find("dat_hors_delai", "declaration_date", day=f"{last:%d/%m/%Y}")
    if hurt and hurt.year < date.max.year - 2 and case.received_on >= birthday(hurt, 2):
        yield find("dat_prescription", "accident_date", day=f"{birthday(hurt, 2):%d/%m/%Y}")


def last_day(case: Case, known: date) -> date | None:
    """The last day on which an accident known on that day is declared in time; None where the law's files
    do not tell."""
    try:
        hours = case.law.value("delais.at_employeur", known).number
        return after_counted_days(known, int(hours) // 24)
    except (NotCovered, OverflowError):
        return None


def follows(case: Case) -> Iterator[Finding]:
    """What the caisse has to do about it."""
    if filled(case.fields, "reserves"):
        yield find("dat_reserves", "reserves")
    if ticked(case.fields, "deces"):
        yield find("dat_deces", "deces")
    if ticked(case.fields, "avec_arret"):
        yield find("dat_attestation_due", "avec_arret")
    if ticked(case.fields, "tiers_oui"):
        yield find("dat_tiers", "tiers_oui")
    for name in ("trajet_domicile", "trajet_repas"):
        if ticked(case.fields, name):
            yield find("dat_trajet", name)


CHECKS = (needed, boxes, numbers, days, delays, follows)
