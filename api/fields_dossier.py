"""The words for the fields of justificatifs: médecin traitant, RIB, change of address."""

from api.field_label import FieldLabel

DOSSIER: tuple[FieldLabel, ...] = (
    FieldLabel("structure_numero", "Médecin", "Numéro de la structure"),
    FieldLabel("medecin_nom_prenom", "Médecin", "Nom et prénom du médecin"),
    FieldLabel("declaration_date", "Déclaration", "Date de la déclaration"),
    FieldLabel("accord_parental", "Déclaration", "Accord d'un parent (mineur)"),
    FieldLabel("rib_titulaire", "Compte", "Titulaire"),
    FieldLabel("rib_iban", "Compte", "IBAN"),
    FieldLabel("adresse_nouvelle", "Nouvelle adresse", "Adresse"),
    FieldLabel("adresse_depuis", "Nouvelle adresse", "Depuis le"),
)
