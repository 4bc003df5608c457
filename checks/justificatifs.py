"""From the keyed fields of a justificatif to what it would change in the dossier."""

from collections.abc import Mapping
from datetime import date

from checks.case import day_of, text_of, ticked
from domain.people import Insured, Practitioner
from domain.reading import FieldReading
from dossiers.lines import compare
from law import Law
from rights.propositions import Proposal, adresse, because, compte, medecin_traitant, refusal

MEDECIN_TRAITANT, RIB, CHANGEMENT = "declaration_medecin_traitant", "rib", "changement_situation"
TYPES = (MEDECIN_TRAITANT, RIB, CHANGEMENT)
"""The justificatifs that change a dossier by themselves, once a person has accepted them."""

Fields = Mapping[str, FieldReading]


def propose(
    document_type: str,
    fields: Fields,
    insured: Insured,
    doctor: Practitioner | None,
    received_on: date,
    today: date,
    law: Law,
) -> Proposal:
    """What the document, as its fields stand, would change. `doctor`: whom its numbers name."""
    if document_type == MEDECIN_TRAITANT:
        return _medecin_traitant(fields, insured, doctor, today, law)
    if document_type == RIB:
        iban = text_of(fields, "rib_iban")
        if not iban:
            return refusal(insured, because("rubrique_justificatif", "IBAN"))
        if not text_of(fields, "rib_titulaire"):
            return refusal(insured, because("rubrique_justificatif", "titulaire du compte"))
        agrees = _is_named(text_of(fields, "rib_titulaire"), insured)
        return compte(insured, iban, received_on, today, holder_agrees=agrees)
    lines = tuple(line for line in text_of(fields, "adresse_nouvelle").split("\n") if line)
    if not lines:
        return refusal(insured, because("rubrique_justificatif", "nouvelle adresse"))
    return adresse(insured, lines, day_of(fields, "adresse_depuis") or received_on, today)


def _medecin_traitant(
    fields: Fields, insured: Insured, doctor: Practitioner | None, today: date, law: Law
) -> Proposal:
    declared = day_of(fields, "declaration_date")
    missing = [] if declared else ["date de la déclaration"]
    for name, said in (("signature_medecin", "du médecin"), ("signature_assure", "de l'assuré")):
        if not ticked(fields, name):
            missing.append(f"signature {said}")
    if declared is None or missing:
        return refusal(insured, *(because("rubrique_justificatif", each) for each in missing))
    return medecin_traitant(insured, doctor, declared, today, law, parental=ticked(fields, "accord_parental"))


def _is_named(holder: str, insured: Insured) -> bool:
    """A surname and a first name of the insured, and nobody else's first name: two holders are two."""
    match = compare(holder, insured.birth_name, insured.use_name, insured.first_names)
    return bool(match.kinds & {"naissance", "usage"}) and "prenom" in match.kinds and not match.another
