"""The fields of a form in the order in which a person keys them, and the kind of each."""

from collections.abc import Mapping

from validation.entry import Entry, Kind
from validation.sheets_accident import ACCIDENT
from validation.sheets_dossier import CHANGEMENT, MEDECIN_TRAITANT, RIB
from validation.sheets_droits import OUVERTURE, PROTOCOLE, RATTACHEMENT, SOLIDAIRE, TITRE
from validation.sheets_especes import ATTESTATION, AVIS, CAPITAL

__all__ = ["Entry", "Kind"]


def _line(n: int) -> tuple[Entry, ...]:
    return (
        Entry(f"acte{n}_date", "date"),
        Entry(f"acte{n}_code", "code", 7),
        Entry(f"acte{n}_activite", "code", 1),
        Entry(f"acte{n}_c_v", "code", 6),
        Entry(f"acte{n}_autres_actes_1", "code", 12),
        Entry(f"acte{n}_autres_actes_2", "code", 12),
        Entry(f"acte{n}_honoraires", "amount"),
        Entry(f"acte{n}_depassement", "code", 2),
        Entry(f"acte{n}_deplacement_id_md", "code", 12),
        Entry(f"acte{n}_ik_nombre", "digits", 3),
        Entry(f"acte{n}_ik_montant", "amount"),
    )


S3110J: tuple[Entry, ...] = (
    Entry("numero_facture", "digits", 9),
    Entry("date_facture", "date"),
    Entry("beneficiaire_nom_prenom", "text"),
    Entry("beneficiaire_nir", "nir", 13),
    Entry("beneficiaire_nir_cle", "digits", 2),
    Entry("organisme_rattachement", "digits", 9),
    Entry("beneficiaire_date_naissance", "birth"),
    Entry("assure_nom_prenom", "text"),
    Entry("assure_nir", "nir", 13),
    Entry("assure_nir_cle", "digits", 2),
    Entry("assure_adresse", "text"),
    Entry("medecin_tampon", "block"),
    Entry("medecin_rpps", "digits", 11),
    Entry("medecin_am", "digits", 9),
    Entry("structure_tampon", "block"),
    Entry("remplacant_nom_prenom", "text"),
    Entry("remplacant_identifiant", "text"),
    Entry("reseau_sante", "digits", 13),
    Entry("maladie", "tick"),
    Entry("soins_L115", "tick"),
    Entry("ald", "tick"),
    Entry("prevention", "tick"),
    Entry("exo_autre", "tick"),
    Entry("accident_tiers_non", "tick"),
    Entry("accident_tiers_oui", "tick"),
    Entry("accident_tiers_date", "date"),
    Entry("maternite", "tick"),
    Entry("maternite_date", "date"),
    Entry("at_mp", "tick"),
    Entry("at_mp_numero", "digits", 9),
    Entry("at_mp_date", "date"),
    Entry("nouveau_medecin_traitant", "tick"),
    Entry("envoye_par_medecin", "text"),
    Entry("acces_direct_specifique", "tick"),
    Entry("urgence", "tick"),
    Entry("hors_residence", "tick"),
    Entry("mt_remplace", "tick"),
    Entry("hors_coordination", "tick"),
    Entry("accord_prealable_date", "date"),
    *_line(1),
    *_line(2),
    *_line(3),
    *_line(4),
    Entry("montant_total", "amount"),
    Entry("non_paye_part_obligatoire", "tick"),
    Entry("non_paye_part_complementaire", "tick"),
    Entry("signature_medecin", "signature"),
    Entry("signature_assure", "signature"),
    Entry("impossibilite_signer", "tick"),
)
"""Feuille de soins médecin, cerfa 12541*02: fields of the paper from top to bottom."""

ORDERS: Mapping[str, tuple[Entry, ...]] = {
    "feuille_soins_medecin": S3110J,
    "avis_arret_travail": AVIS,
    "attestation_salaire": ATTESTATION,
    "demande_capital_deces": CAPITAL,
    "declaration_medecin_traitant": MEDECIN_TRAITANT,
    "declaration_accident_travail": ACCIDENT,
    "rib": RIB,
    "changement_situation": CHANGEMENT,
    "demande_ouverture_droits": OUVERTURE,
    "rattachement_enfant": RATTACHEMENT,
    "protocole_soins": PROTOCOLE,
    "demande_c2s": SOLIDAIRE,
    "titre_sejour": TITRE,
}
"""Type of document -> what is keyed. A type that is not here is looked at, not keyed. A name means the
same thing, typed the same way, on every form that has it."""

_BY_NAME = {entry.name: entry for order in ORDERS.values() for entry in order}


def order_of(document_type: str) -> tuple[Entry, ...]:
    """The fields of a type, in the form's order; none for a type that is not keyed."""
    return ORDERS.get(document_type, ())


def entry_of(name: str) -> Entry | None:
    """The entry of a field name, or None where no form has it."""
    return _BY_NAME.get(name)
