"""Justificatifs that change a dossier, keyed by hand: S 3704, RIB, change of address."""

from validation.entry import Entry
from validation.sheets_especes import PERSON

MEDECIN_TRAITANT: tuple[Entry, ...] = (
    Entry("assure_nom_prenom", "text"),
    Entry("assure_nir", "nir", 13),
    Entry("assure_nir_cle", "digits", 2),
    *PERSON,
    Entry("assure_adresse", "text"),
    Entry("structure_tampon", "block"),
    Entry("structure_numero", "digits", 14),
    Entry("medecin_nom_prenom", "text"),
    Entry("medecin_tampon", "block"),
    Entry("medecin_rpps", "digits", 11),
    Entry("medecin_am", "digits", 9),
    Entry("signature_assure", "signature"),
    Entry("accord_parental", "tick"),
    Entry("signature_medecin", "signature"),
    Entry("declaration_date", "date"),
)
"""Déclaration de choix du médecin traitant, S 3704: fields of the paper from top to bottom; the number of
the beneficiary and the stamp stand on older editions alone."""

RIB: tuple[Entry, ...] = (
    *PERSON,
    Entry("rib_titulaire", "text"),
    Entry("rib_iban", "iban"),
)

CHANGEMENT: tuple[Entry, ...] = (
    *PERSON,
    Entry("adresse_nouvelle", "block"),
    Entry("adresse_depuis", "date"),
    Entry("organisme_nouveau", "digits", 9),
    Entry("substitution_date", "date"),
    Entry("signature_assure", "signature"),
)
"""Changement de situation, form 750: the new residence, and the caisse that takes over with its first day."""
