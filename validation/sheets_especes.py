"""Cash benefits, keyed by hand: the avis d'arrêt de travail, the attestation de salaire, the S 3180."""

from validation.entry import Entry

PERSON: tuple[Entry, ...] = (
    Entry("beneficiaire_nom_prenom", "text"),
    Entry("beneficiaire_nir", "nir", 13),
    Entry("beneficiaire_nir_cle", "digits", 2),
    Entry("beneficiaire_date_naissance", "birth"),
)
"""Who it is about, by the names that the dossiers are searched with."""

AVIS: tuple[Entry, ...] = (
    *PERSON,
    Entry("arret_prolongation", "tick"),
    Entry("arret_premier_jour", "date"),
    Entry("arret_prescrit_le", "date"),
    Entry("arret_debut", "date"),
    Entry("arret_fin", "date"),
    Entry("arret_envoye_le", "date"),
    Entry("arret_recu_le", "date"),
    Entry("ald", "tick"),
    Entry("ald_numero", "digits", 2),
    Entry("at_mp", "tick"),
    Entry("at_mp_numero", "digits", 9),
    Entry("at_mp_date", "date"),
    Entry("temps_partiel", "tick"),
    Entry("temps_partiel_perte", "amount"),
    Entry("deces_enfant", "tick"),
    Entry("deces_enfant_date", "date"),
    Entry("deces_enfant_naissance", "date"),
    Entry("interruption_grossesse", "tick"),
    Entry("suites_maternite", "tick"),
    Entry("maternite", "tick"),
    Entry("paternite", "tick"),
    Entry("naissance_prevue", "date"),
    Entry("naissance_date", "date"),
    Entry("naissance_enfants", "digits", 1),
    Entry("enfants_avant", "digits", 2),
    Entry("adoption", "tick"),
    Entry("adoption_date", "date"),
    Entry("adoption_enfants", "digits", 1),
    Entry("adoption_foyer", "digits", 2),
    Entry("adoption_partage", "tick"),
    Entry("adoption_jours_autre", "digits", 3),
    Entry("deuil", "tick"),
    Entry("deuil_sans_activite", "tick"),
    Entry("medecin_tampon", "block"),
    Entry("medecin_rpps", "digits", 11),
    Entry("signature_medecin", "signature"),
)
"""Avis d'arrêt de travail, cerfa 10170, and a leave for a birth, an adoption or the death of a child that
is asked like one. Its medical reason is no field: administrative agents do not see it."""

MONTHS = 12


def _pay(n: int) -> tuple[Entry, ...]:
    return (
        Entry(f"salaire{n}_mois", "month"),
        Entry(f"salaire{n}_brut", "amount"),
        Entry(f"salaire{n}_jours", "digits", 2),
    )


ATTESTATION: tuple[Entry, ...] = (
    *PERSON,
    Entry("employeur_nom", "text"),
    Entry("employeur_siret", "digits", 14),
    Entry("employeur_iban", "iban"),
    Entry("dernier_jour_travaille", "date"),
    *_pay(1),
    *_pay(2),
    *_pay(3),
    Entry("heures_3_mois", "number"),
    Entry("remuneration_6_mois", "amount"),
    Entry("heures_12_mois", "number"),
    Entry("remuneration_12_mois", "amount"),
    Entry("affilie_depuis", "date"),
    Entry("activite_discontinue", "tick"),
    Entry("subrogation", "tick"),
    Entry("subrogation_debut", "date"),
    Entry("subrogation_fin", "date"),
    *(each for n in range(4, MONTHS + 1) for each in _pay(n)),
    Entry("signature_employeur", "signature"),
)
"""Attestation de salaire, S 3201 and S 6202: the pays of three months, of twelve where the work is not
continuous."""

LINKS = ("conjoint", "descendant", "ascendant", "autre")
CLAIMANTS = 4


def _claimant(n: int) -> tuple[Entry, ...]:
    return (
        Entry(f"demandeur{n}_nom", "text"),
        Entry(f"demandeur{n}_nir", "nir", 13),
        Entry(f"demandeur{n}_lien", "choice", None, LINKS),
        Entry(f"demandeur{n}_a_charge", "tick"),
        Entry(f"demandeur{n}_demande_le", "date"),
        Entry(f"demandeur{n}_iban", "iban"),
    )


CAPITAL: tuple[Entry, ...] = (
    *PERSON,
    Entry("deces_date", "date"),
    Entry("situation_activite", "tick"),
    Entry("situation_chomage", "tick"),
    Entry("situation_pension", "tick"),
    Entry("situation_rente", "tick"),
    *(each for n in range(1, CLAIMANTS + 1) for each in _claimant(n)),
    Entry("signature_demandeur", "signature"),
)
"""Demande de capital décès, S 3180: the person is the insured who died."""
