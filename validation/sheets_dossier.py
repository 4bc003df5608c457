"""Justificatifs that change a dossier, keyed by hand: S 3704, RIB, change of address."""

from validation.entry import Entry
from validation.sheets_especes import PERSON

MEDECIN_TRAITANT: tuple[Entry, ...] = (
    *PERSON,
    Entry("medecin_tampon", "block"),
    Entry("medecin_rpps", "digits", 11),
    Entry("medecin_am", "digits", 9),
    Entry("declaration_date", "date"),
    Entry("signature_medecin", "signature"),
    Entry("signature_assure", "signature"),
    Entry("accord_parental", "tick"),
)
"""Déclaration de choix du médecin traitant, S 3704."""

RIB: tuple[Entry, ...] = (
    *PERSON,
    Entry("rib_titulaire", "text"),
    Entry("rib_iban", "iban"),
)

CHANGEMENT: tuple[Entry, ...] = (
    *PERSON,
    Entry("adresse_nouvelle", "block"),
    Entry("adresse_depuis", "date"),
    Entry("signature_assure", "signature"),
)
"""Changement de situation: the new residence and the day of the move."""
