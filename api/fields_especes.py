"""The words for the fields of cash benefits: avis d'arrêt, attestation de salaire, capital décès."""

from collections.abc import Iterator

from api.field_label import FieldLabel

_STOP = "Arrêt"
_CAUSE = "Cause de l'arrêt"
_BIRTH = "Naissance"
_ADOPTION = "Adoption"
_MOURNING = "Deuil"
_EMPLOYER = "Employeur"
_PAYS = "Salaires"
_MORE = "Ouverture du droit"
_SUBROGATION = "Subrogation"
_DEATH = "Décès"
_SITUATION = "Situation dans les trois mois avant le décès"
_FEUILLE_PERSON, _FEUILLE_CONDITIONS = "Personne recevant les soins", "Conditions de prise en charge"
_FEUILLE_DOCTOR, _FEUILLE_PAYMENT = "Médecin", "Paiement et signatures"

_INSURED = {_FEUILLE_PERSON: "Assuré"}
ABOUT: dict[str, dict[str, str]] = {
    "avis_arret_travail": _INSURED
    | {_FEUILLE_CONDITIONS: _CAUSE, _FEUILLE_DOCTOR: "Prescripteur", _FEUILLE_PAYMENT: "Prescripteur"},
    "attestation_salaire": _INSURED,
    "demande_capital_deces": {_FEUILLE_PERSON: "Assuré décédé"},
    "declaration_accident_travail": {_FEUILLE_PERSON: "Victime"},
    "declaration_medecin_traitant": {_FEUILLE_PERSON: "Bénéficiaire des soins"}
    | {_FEUILLE_DOCTOR: "Médecin choisi", _FEUILLE_PAYMENT: "Déclaration"},
    "rib": _INSURED,
    "changement_situation": _INSURED | {_FEUILLE_PAYMENT: "Nouvelle adresse"},
    "demande_ouverture_droits": _INSURED
    | {_FEUILLE_PAYMENT: "Signature", "Compte": "Nouveau dossier", "Nouvelle adresse": "Nouveau dossier"},
    "rattachement_enfant": {_FEUILLE_PERSON: "Parent qui demande", _FEUILLE_PAYMENT: "Signatures"},
    "protocole_soins": {_FEUILLE_PERSON: "Bénéficiaire des soins", _FEUILLE_DOCTOR: "Médecin"}
    | {_FEUILLE_PAYMENT: "Protocole de soins", _CAUSE: "Protocole de soins"},
    "demande_c2s": {_FEUILLE_PERSON: "Demandeur", _FEUILLE_PAYMENT: "Foyer"},
    "titre_sejour": _INSURED,
}
"""Type of document -> section of the feuille de soins -> what that section is called there."""


def _pays(numbers: range) -> Iterator[FieldLabel]:
    for n in numbers:
        yield FieldLabel(f"salaire{n}_mois", _PAYS, f"Mois {n}")
        yield FieldLabel(f"salaire{n}_brut", _PAYS, f"Salaire brut {n}")
        yield FieldLabel(f"salaire{n}_jours", _PAYS, f"Jours travaillés {n}, si incomplet")


def _claimant(n: int) -> Iterator[FieldLabel]:
    section = f"Demandeur {n}"
    yield FieldLabel(f"demandeur{n}_nom", section, "Nom et prénom")
    yield FieldLabel(f"demandeur{n}_nir", section, "Numéro de sécurité sociale")
    yield FieldLabel(f"demandeur{n}_lien", section, "Lien : conjoint, descendant, ascendant, autre")
    yield FieldLabel(f"demandeur{n}_a_charge", section, "À charge au jour du décès, priorité")
    yield FieldLabel(f"demandeur{n}_demande_le", section, "Demande du")
    yield FieldLabel(f"demandeur{n}_iban", section, "IBAN")


ESPECES: tuple[FieldLabel, ...] = (
    FieldLabel("arret_prolongation", _STOP, "Prolongation"),
    FieldLabel("arret_premier_jour", _STOP, "Premier jour de l'arrêt prolongé"),
    FieldLabel("arret_prescrit_le", _STOP, "Prescrit le"),
    FieldLabel("arret_debut", _STOP, "Du"),
    FieldLabel("arret_fin", _STOP, "Au (inclus)"),
    FieldLabel("arret_envoye_le", _STOP, "Envoyé le"),
    FieldLabel("arret_recu_le", _STOP, "Reçu le"),
    FieldLabel("ald_numero", _CAUSE, "ALD, numéro"),
    FieldLabel("temps_partiel", _CAUSE, "Temps partiel thérapeutique"),
    FieldLabel("temps_partiel_perte", _CAUSE, "Perte de gain brute"),
    FieldLabel("deces_enfant", _CAUSE, "Décès d'un enfant"),
    FieldLabel("deces_enfant_date", _CAUSE, "Date du décès de l'enfant"),
    FieldLabel("deces_enfant_naissance", _CAUSE, "Date de naissance de l'enfant"),
    FieldLabel("interruption_grossesse", _CAUSE, "Interruption de grossesse"),
    FieldLabel("suites_maternite", _CAUSE, "Suites d'un congé de maternité"),
    FieldLabel("paternite", _CAUSE, "Congé de paternité"),
    FieldLabel("naissance_prevue", _BIRTH, "Date présumée"),
    FieldLabel("naissance_date", _BIRTH, "Date de naissance"),
    FieldLabel("naissance_enfants", _BIRTH, "Nombre d'enfants"),
    FieldLabel("enfants_avant", _BIRTH, "Enfants avant cette naissance"),
    FieldLabel("adoption", _ADOPTION, "Congé d'adoption"),
    FieldLabel("adoption_date", _ADOPTION, "Arrivée de l'enfant au foyer"),
    FieldLabel("adoption_enfants", _ADOPTION, "Nombre d'enfants adoptés"),
    FieldLabel("adoption_foyer", _ADOPTION, "Enfants à charge, ceux-ci compris"),
    FieldLabel("adoption_partage", _ADOPTION, "Partagé entre les deux parents"),
    FieldLabel("adoption_jours_autre", _ADOPTION, "Jours pris par l'autre parent"),
    FieldLabel("deuil", _MOURNING, "Congé de deuil d'un enfant"),
    FieldLabel("deuil_sans_activite", _MOURNING, "Sans activité, droits maintenus"),
    FieldLabel("employeur_nom", _EMPLOYER, "Nom ou raison sociale"),
    FieldLabel("employeur_siret", _EMPLOYER, "SIRET"),
    FieldLabel("employeur_iban", _EMPLOYER, "IBAN"),
    FieldLabel("dernier_jour_travaille", _EMPLOYER, "Dernier jour travaillé"),
    *_pays(range(1, 13)),
    FieldLabel("heures_3_mois", _MORE, "Heures, trois mois"),
    FieldLabel("remuneration_6_mois", _MORE, "Rémunérations, six mois"),
    FieldLabel("heures_12_mois", _MORE, "Heures, douze mois"),
    FieldLabel("remuneration_12_mois", _MORE, "Rémunérations, douze mois"),
    FieldLabel("affilie_depuis", _MORE, "Affilié depuis"),
    FieldLabel("activite_discontinue", _MORE, "Travail discontinu ou saisonnier"),
    FieldLabel("subrogation", _SUBROGATION, "Salaire maintenu"),
    FieldLabel("subrogation_debut", _SUBROGATION, "Du"),
    FieldLabel("subrogation_fin", _SUBROGATION, "Au"),
    FieldLabel("signature_employeur", _SUBROGATION, "Signature de l'employeur"),
    FieldLabel("deces_date", _DEATH, "Date du décès"),
    FieldLabel("situation_activite", _SITUATION, "Activité salariée"),
    FieldLabel("situation_chomage", _SITUATION, "Chômage indemnisé"),
    FieldLabel("situation_pension", _SITUATION, "Pension d'invalidité"),
    FieldLabel("situation_rente", _SITUATION, "Rente d'accident du travail"),
    *(each for n in (1, 2, 3, 4) for each in _claimant(n)),
    FieldLabel("signature_demandeur", _DEATH, "Signature du demandeur"),
)
