"""What the law wants to see on a sheet: the rubriques of R161-42, the signatures of R161-43, the boxes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.case import LINES, Case, doubtful, filled, line_in_use, ticked
from checks.claims import code_of, parcours_boxes
from checks.rules import find
from domain.findings import Finding
from law.codes import ccam


@dataclass(frozen=True, slots=True)
class Rubrique:
    """One number of R161-42: the fields of the form that answer it, and when it is due."""

    number: str
    says: str
    fields: tuple[str, ...]
    due: str


def _of_lines(*parts: str) -> tuple[str, ...]:
    return tuple(f"acteN_{part}" for part in parts)


RUBRIQUES = (
    Rubrique(
        "1°",
        "noms, prénoms et NIR du bénéficiaire, ou date de naissance et NIR de l'assuré",
        (
            "beneficiaire_nom_prenom",
            "beneficiaire_nir",
            "beneficiaire_date_naissance",
            "assure_nom_prenom",
            "assure_nir",
        ),
        "toujours",
    ),
    Rubrique(
        "2°",
        "nom, identifiant et structure du professionnel",
        ("medecin_tampon", "medecin_rpps", "medecin_am", "structure_tampon"),
        "toujours",
    ),
    Rubrique("3°", "date de chaque acte", _of_lines("date"), "à chaque ligne"),
    Rubrique(
        "4°",
        "mention d'un accident et ce qui l'identifie",
        (
            "accident_tiers_oui",
            "accident_tiers_non",
            "accident_tiers_date",
            "at_mp",
            "at_mp_numero",
            "at_mp_date",
        ),
        "s'il y a accident",
    ),
    Rubrique(
        "5°",
        "code de chaque acte",
        _of_lines("c_v", "code", "activite", "autres_actes_1"),
        "à chaque ligne",
    ),
    Rubrique("6°", "référence de l'accord préalable", ("accord_prealable_date",), "si l'acte l'exige"),
    Rubrique("7°", "numéro d'ordre et appareil d'imagerie", (), "imagerie ; ce formulaire n'a pas de zone"),
    Rubrique(
        "8°",
        "honoraires, et dispense d'avance des frais",
        (
            *_of_lines("honoraires"),
            "montant_total",
            "non_paye_part_obligatoire",
            "non_paye_part_complementaire",
        ),
        "toujours",
    ),
    Rubrique(
        "9°",
        "disposition qui supprime ou réduit la participation",
        ("ald", "prevention", "exo_autre", "maternite", "at_mp", "soins_L115"),
        "s'il y a lieu",
    ),
    Rubrique("10°", "date de la feuille", ("date_facture",), "toujours"),
)

IMAGING = re.compile(r"[A-Z]{2}Q[HJLN]\d{3}")
"""CCAM: third letter Q (imaging), fourth H (scanner), J or N (remnographie), L (nuclear): acts whose
cover depends on the machine."""

TELEMEDICINE = frozenset(("TC", "TCG", "TCS", "TCP", "TE1", "TE2", "TLC"))
"""Letters of téléconsultation and télé-expertise: R161-43-1 1°, last line."""


def identity(case: Case) -> Iterator[Finding]:
    """1°: who."""
    fields = case.fields
    if not filled(fields, "beneficiaire_nom_prenom"):
        doubt = doubtful(fields, "beneficiaire_nom_prenom")
        yield find("rubrique_1_nom", "beneficiaire_nom_prenom", doubt)
    by_birth = filled(fields, "beneficiaire_date_naissance") and filled(fields, "assure_nir")
    if not filled(fields, "beneficiaire_nir") and not by_birth:
        doubt = doubtful(fields, "beneficiaire_nir", "beneficiaire_date_naissance", "assure_nir")
        yield find("rubrique_1_nir", "beneficiaire_nir", doubt)


def professional(case: Case) -> Iterator[Finding]:
    """2°: by whom. The stamp carries name, number and address; a number alone names the person too."""
    names = ("medecin_tampon", "medecin_rpps", "medecin_am", "structure_tampon")
    if not any(filled(case.fields, name) for name in names):
        yield find("rubrique_2", "medecin_tampon", doubtful(case.fields, *names))


def acts(case: Case) -> Iterator[Finding]:
    """3°, 5° and 8°: each line has its date, its code, its fee."""
    fields = case.fields
    used = [line for line in LINES if line_in_use(fields, line)]
    if not used:
        doubt = any(name.startswith("acte") and doubtful(fields, name) for name in fields)
        yield find("rubrique_5_aucun_acte", "acte1_date", doubt)
    for line in used:
        if not filled(fields, f"acte{line}_date"):
            name = f"acte{line}_date"
            yield find("rubrique_3", name, doubtful(fields, name), line=line)
        code, _, _ = code_of(fields, line)
        if not code:
            places = tuple(f"acte{line}_{part}" for part in ("c_v", "code", "autres_actes_1"))
            yield find("rubrique_5", places[0], doubtful(fields, *places), line=line)
        if not filled(fields, f"acte{line}_honoraires"):
            name = f"acte{line}_honoraires"
            yield find("rubrique_8", name, doubtful(fields, name), line=line)
        if IMAGING.fullmatch(code):
            yield find("rubrique_7", f"acte{line}_code", line=line)
    if not filled(fields, "montant_total"):
        yield find("rubrique_8_total", "montant_total", doubtful(fields, "montant_total"))


def accidents(case: Case) -> Iterator[Finding]:
    """4°: an accident is told with what identifies it."""
    fields = case.fields
    yes, no = ticked(fields, "accident_tiers_oui"), ticked(fields, "accident_tiers_non")
    if yes and no:
        yield find("accident_contradictoire", "accident_tiers_oui")
    if yes:
        yield find("accident_tiers", "accident_tiers_oui")
        if not filled(fields, "accident_tiers_date"):
            doubt = doubtful(fields, "accident_tiers_oui", "accident_tiers_date")
            yield find("rubrique_4", "accident_tiers_date", doubt, what="date de l'accident")
    if ticked(fields, "at_mp") and not (filled(fields, "at_mp_numero") or filled(fields, "at_mp_date")):
        doubt = doubtful(fields, "at_mp", "at_mp_numero", "at_mp_date")
        yield find("rubrique_4", "at_mp_numero", doubt, what="numéro ou date de l'accident du travail")


def prior_agreement(case: Case) -> Iterator[Finding]:
    """6°: where the table of acts asks for an accord préalable."""
    if filled(case.fields, "accord_prealable_date"):
        return
    for line in LINES:
        code, _, _ = code_of(case.fields, line)
        if any(act.accord == "AP" for act in ccam().acts.get(code, ())):
            yield find("rubrique_6", "accord_prealable_date", line=line)


def exemption(case: Case) -> Iterator[Finding]:
    """9°: the box «autre» names no text."""
    if ticked(case.fields, "exo_autre"):
        yield find("rubrique_9", "exo_autre")


def form_date(case: Case) -> Iterator[Finding]:
    """10°: when the form was filled."""
    if not filled(case.fields, "date_facture"):
        yield find("rubrique_10", "date_facture", doubtful(case.fields, "date_facture"))


def signatures(case: Case) -> Iterator[Finding]:
    """R161-43: both sign; R161-43-1: the insured need not where he cannot, nor for telemedicine."""
    fields = case.fields
    if not ticked(fields, "signature_medecin"):
        yield find("signature_medecin", "signature_medecin", doubtful(fields, "signature_medecin"))
    if ticked(fields, "impossibilite_signer"):
        yield find("signature_impossible", "impossibilite_signer")
    elif not ticked(fields, "signature_assure"):
        done = {code for line in LINES if (code := code_of(fields, line)[0])}
        if done and done <= TELEMEDICINE:
            yield find("signature_dispensee", "signature_assure")
        else:
            yield find("signature_assure", "signature_assure", doubtful(fields, "signature_assure"))


def boxes(case: Case) -> Iterator[Finding]:
    """Boxes that exclude one another."""
    fields = case.fields
    natures = [name for name in ("maladie", "maternite", "at_mp") if ticked(fields, name)]
    under_maladie = [name for name in ("ald", "prevention", "exo_autre", "soins_L115") if ticked(fields, name)]
    if not natures and not under_maladie:
        yield find("nature_absente", "maladie")
    if len(natures) > 1:
        yield find("nature_multiple", natures[1])
    if under_maladie and natures and "maladie" not in natures:
        yield find("exoneration_sans_maladie", under_maladie[0])
    if ticked(fields, "maternite") and not filled(fields, "maternite_date"):
        yield find("maternite_sans_date", "maternite_date")
    if len(parcours := parcours_boxes(fields)) > 1:
        yield find("parcours_multiple", parcours[1])
