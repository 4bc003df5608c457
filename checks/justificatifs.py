"""From the keyed fields of a justificatif to what it would change in the dossier."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from checks import droits
from checks.case import day_of, text_of, ticked
from checks.droits import Around
from domain.claim import NotComputed
from domain.people import Insured, Practitioner
from domain.reading import FieldReading
from dossiers.lines import compare
from law import Law, NotCovered
from rights.propositions import Proposal, adresse, because, compte, medecin_traitant, refusal

MEDECIN_TRAITANT, RIB, CHANGEMENT = "declaration_medecin_traitant", "rib", "changement_situation"
OUVERTURE, RATTACHEMENT, PROTOCOLE = "demande_ouverture_droits", "rattachement_enfant", "protocole_soins"
SOLIDAIRE, TITRE = "demande_c2s", "titre_sejour"
TYPES = (MEDECIN_TRAITANT, RIB, CHANGEMENT, OUVERTURE, RATTACHEMENT, PROTOCOLE, SOLIDAIRE, TITRE)
"""The justificatifs that change a dossier by themselves, once a person has accepted them."""
NOTIFIED = frozenset((OUVERTURE, RATTACHEMENT, PROTOCOLE, SOLIDAIRE, TITRE, CHANGEMENT))
"""Those whose decision is told in a letter (R160-13, L861-5, D160-15)."""

Fields = Mapping[str, FieldReading]


def propose(
    document_type: str,
    fields: Fields,
    insured: Insured | None,
    around: Around,
    received_on: date,
    today: date,
    law: Law,
) -> Proposal | None:
    """What the document, as its fields stand, would change. None: nobody is designated, and the paper makes no
    dossier. `insured` None: of a paper that may make one."""
    person = insured or (droits.newcomer(fields) if document_type == OUVERTURE else None)
    if person is None:
        return None
    try:
        if insured is None and around.by_nir(person.nir) is not None:
            return refusal(person, because("dossier_existe"))
        if document_type == OUVERTURE:
            return droits.opening(fields, person, received_on, today, law, new=insured is None)
        return _of_a_dossier(document_type, fields, person, around, received_on, today, law)
    except NotCovered as not_covered:
        return refusal(person, NotComputed("droit_non_couvert", f"{not_covered}.", None))


def _of_a_dossier(
    document_type: str,
    fields: Fields,
    insured: Insured,
    around: Around,
    received_on: date,
    today: date,
    law: Law,
) -> Proposal:
    if document_type == MEDECIN_TRAITANT:
        return _medecin_traitant(fields, insured, around.doctor, today, law)
    if document_type == RIB:
        return _compte(fields, insured, received_on, today)
    if document_type == RATTACHEMENT:
        return droits.children(fields, insured, around, received_on, today, law)
    if document_type == PROTOCOLE:
        return droits.care_protocol(fields, insured, received_on, today, law)
    if document_type == SOLIDAIRE:
        return droits.complementary(fields, insured, around, received_on, today, law)
    if document_type == TITRE:
        return droits.titre(fields, insured, today, law)
    return _situation(fields, insured, around, received_on, today, law)


def _situation(
    fields: Fields, insured: Insured, around: Around, received_on: date, today: date, law: Law
) -> Proposal:
    """The residence, the caisse, or both."""
    lines = tuple(line for line in text_of(fields, "adresse_nouvelle").split("\n") if line)
    moves = bool(text_of(fields, "organisme_nouveau"))
    if not lines and not moves:
        return refusal(insured, because("rubrique_justificatif", "nouvelle adresse"))
    home = Proposal(insured)
    if lines:
        home = adresse(insured, lines, day_of(fields, "adresse_depuis") or received_on, today)
    if not moves or home.reasons:
        return home
    caisse = droits.mutation(fields, home.after, around, today, law)
    # the note that a mutation is to be asked for: it is
    return replace(caisse, changes=(*home.changes, *caisse.changes))


def _compte(fields: Fields, insured: Insured, received_on: date, today: date) -> Proposal:
    iban = text_of(fields, "rib_iban")
    if not iban:
        return refusal(insured, because("rubrique_justificatif", "IBAN"))
    if not text_of(fields, "rib_titulaire"):
        return refusal(insured, because("rubrique_justificatif", "titulaire du compte"))
    agrees = _is_named(text_of(fields, "rib_titulaire"), insured)
    return compte(insured, iban, received_on, today, holder_agrees=agrees)


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
