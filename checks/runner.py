"""All rules over one sheet, and what follows from their findings."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from checks import accident, amounts, cover, dates, duplicates, identity, medecin_traitant, parents, rubriques
from checks.case import FEUILLE, LINES, Case, filled, is_judged, line_in_use, text_of
from checks.claims import obstacles
from checks.rules import find
from domain.findings import Finding, Severity
from domain.reading import FieldReading

Check = Callable[[Case], Iterable[Finding]]


def the_document(case: Case) -> Iterator[Finding]:
    """Its type, and whether anything could be read."""
    if not is_judged(case.reading_type):
        yield find("type_inattendu")
    elif case.reading_type == FEUILLE and nothing_read(case.fields):
        yield find("rien_lu")


def nothing_read(fields: Mapping[str, FieldReading]) -> bool:
    """Whether the sheet is to be keyed whole: no text at all was read."""
    return not any(isinstance(field.value, str) and field.value for field in fields.values())


CHECKS: tuple[Check, ...] = (
    the_document,
    identity.numbers,
    identity.recognised,
    identity.same_number,
    identity.same_name,
    identity.same_birth,
    identity.alive,
    cover.rights_open,
    cover.organisme,
    cover.payment,
    cover.exemptions,
    cover.practitioner,
    amounts.codes,
    amounts.tariffs,
    amounts.amounts,
    dates.real,
    dates.in_order,
    dates.accord,
    dates.prescription,
    rubriques.identity,
    rubriques.professional,
    rubriques.acts,
    rubriques.accidents,
    rubriques.prior_agreement,
    rubriques.exemption,
    rubriques.form_date,
    rubriques.signatures,
    rubriques.boxes,
    duplicates.already_asked,
    duplicates.twice_here,
    duplicates.same_bytes,
    *accident.CHECKS,
    *medecin_traitant.CHECKS,
)

ONLY_FOR: Mapping[Check, str] = {
    **dict.fromkeys(
        (
            cover.rights_open, cover.organisme, cover.payment, cover.exemptions, cover.practitioner,
            amounts.codes, amounts.tariffs, amounts.amounts, dates.in_order, dates.accord,
            dates.prescription, rubriques.identity, rubriques.professional, rubriques.acts,
            rubriques.accidents, rubriques.prior_agreement, rubriques.exemption, rubriques.form_date,
            rubriques.signatures, rubriques.boxes, duplicates.already_asked, duplicates.twice_here,
        ),
        FEUILLE,
    ),
    **dict.fromkeys(accident.CHECKS, accident.TYPE),
    **dict.fromkeys(medecin_traitant.CHECKS, medecin_traitant.TYPE),
}  # fmt: skip
"""What asks about one type of paper (the acts and the rubriques of R161-42, an accident, a choice of doctor):
no other is judged by it."""

OF_ANY_PAPER: frozenset[Check] = frozenset((the_document, duplicates.same_bytes))
"""What is asked of a paper whose type has no form here."""

_GRAVEST = (Severity.REFUS_PROPOSE, Severity.A_VERIFIER, Severity.INFORMATION)


def run(case: Case, checks: Sequence[Check] = CHECKS) -> tuple[Finding, ...]:
    """Every finding of every rule, the gravest first. A rule that fails says so and stops no other."""
    found: list[Finding] = []
    feuille, judged = case.reading_type == FEUILLE, is_judged(case.reading_type)
    for check in checks:
        other = ONLY_FOR.get(check, case.reading_type) != case.reading_type
        if other or (check not in OF_ANY_PAPER and not judged):
            continue
        try:
            found.extend(check(case))
        except Exception:
            found.append(find("controle_en_panne"))
    if case.claim is None and feuille and _quiet(found):
        # the rules name each thing that is missing; should one be forgotten, nothing goes through
        found.extend(
            find("demande_incomplete", obstacle.field, what=obstacle.what)
            for obstacle in obstacles(case.fields, case.insured, case.practitioner)
        )
    return tuple(sorted(dict.fromkeys(found), key=lambda each: _GRAVEST.index(each.severity)))


def _quiet(findings: Iterable[Finding]) -> bool:
    return all(finding.severity is Severity.INFORMATION for finding in findings)


REQUIRED = (
    "date_facture",
    "beneficiaire_nom_prenom",
    "montant_total",
    "signature_medecin",
)
"""Fields without which no sheet goes straight through, whatever the rules say."""


def verdict(
    fields: Mapping[str, FieldReading],
    findings: Iterable[Finding],
    answered: frozenset[str] = frozenset(),
) -> str:
    """`valide` (nothing to ask) or `a_valider`.

    Straight through only where every field is accepted, surely blank or `answered` by the dossiers,
    the required ones are filled, and no finding asks anything; an identification that is not certain
    is a finding."""
    sure = all(field.status != "review" or name in answered for name, field in fields.items())
    there = all(filled(fields, name) for name in REQUIRED)
    there = there and any(line_in_use(fields, line) for line in LINES)
    return "valide" if sure and there and _quiet(findings) else "a_valider"


OF_THE_PERSON = ("beneficiaire_nom_prenom", "assure_nom_prenom", "assure_adresse")
OF_THE_PRACTITIONER = ("medecin_tampon", "structure_tampon", "medecin_rpps", "medecin_am")


def answered_by_dossiers(case: Case) -> frozenset[str]:
    """Fields whose doubt asks nobody, since the dossiers say who it is.

    The letters of a name or an address serve to find a person; once she is found beyond doubt, by all
    that the sheet says together, nothing that is paid depends on them. A number or a birth date is
    answered where what was read is what the dossier holds."""
    found: set[str] = set()
    person = case.insured
    if person is not None:
        found.update(OF_THE_PERSON)
        assure = {person.assure_nir or person.nir, *parents.attached(case.fields, person)} - {None}
        held = {
            "beneficiaire_date_naissance": {person.birth_date.isoformat()},
            "beneficiaire_nir": {person.nir} if person.nir else assure,
            "assure_nir": assure,
        }
        for name, values in held.items():
            if text_of(case.fields, name) in values:
                found.update((name, f"{name}_cle"))
    if case.practitioner is not None:
        found.update(OF_THE_PRACTITIONER)
    return frozenset(found)
