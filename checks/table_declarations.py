"""The rules about declarations: accident du travail, médecin traitant: code, severity, article, sentence."""

from domain.findings import Severity

INFORMATION, A_VERIFIER = Severity.INFORMATION, Severity.A_VERIFIER

DECLARATIONS = {
    "La déclaration d'accident du travail": (
        (
            "dat_rubrique_absente",
            A_VERIFIER,
            "CSS L441-2 ; R441-3",
            "La déclaration ne porte pas : {what}.",
        ),
        ("dat_signature", A_VERIFIER, "CSS L441-2", "La signature de l'employeur manque."),
        (
            "dat_case_absente",
            A_VERIFIER,
            "CSS L441-2",
            "Aucune case n'est cochée pour {what}.",
        ),
        (
            "dat_cases_contradictoires",
            A_VERIFIER,
            "CSS L441-2",
            "Plusieurs cases sont cochées pour {what}.",
        ),
        (
            "dat_siret_faux",
            A_VERIFIER,
            "CSS L441-2",
            "Le numéro SIRET lu est faux : il n'a pas quatorze chiffres, ou sa clé ne va pas.",
        ),
        (
            "dat_accident_futur",
            A_VERIFIER,
            "CSS L441-2",
            "L'accident serait postérieur à la réception de la déclaration, le {day}.",
        ),
        (
            "dat_embauche_apres",
            A_VERIFIER,
            "CSS L411-1",
            "La date d'embauche est postérieure à l'accident.",
        ),
        (
            "dat_connu_avant",
            A_VERIFIER,
            "CSS L441-2",
            "L'employeur aurait connu l'accident avant qu'il se produise.",
        ),
        (
            "dat_declare_avant",
            A_VERIFIER,
            "CSS L441-2",
            "La déclaration serait antérieure au {day}, jour où l'accident s'est produit ou fut connu.",
        ),
        (
            "dat_apres_reception",
            A_VERIFIER,
            "CSS R441-3",
            "La date de la déclaration est postérieure à sa réception, le {day}.",
        ),
        (
            "dat_hors_delai",
            A_VERIFIER,
            "CSS R441-3 ; L471-1",
            "L'employeur a déclaré après les quarante-huit heures, dimanches et jours fériés non compris : "
            "le dernier jour était le {day}. Les droits de la victime n'en souffrent pas.",
        ),
        (
            "dat_victime_tardive",
            INFORMATION,
            "CSS R441-2",
            "L'employeur a connu l'accident plus de vingt-quatre heures après qu'il s'est produit.",
        ),
        (
            "dat_prescription",
            A_VERIFIER,
            "CSS L441-2 ; L431-2",
            "Deux ans se sont accomplis depuis l'accident, le {day} : voyez si la prescription a couru.",
        ),
        (
            "dat_reserves",
            A_VERIFIER,
            "CSS R441-6 ; R441-7",
            "L'employeur émet des réserves : motivées, elles obligent à des investigations.",
        ),
        (
            "dat_deces",
            A_VERIFIER,
            "CSS R441-8",
            "L'accident est mortel : une enquête est obligatoire.",
        ),
        (
            "dat_attestation_due",
            INFORMATION,
            "CSS R441-4",
            "Avec arrêt de travail : l'employeur doit aussi une attestation de salaire.",
        ),
        (
            "dat_tiers",
            INFORMATION,
            "CSS L454-1",
            "Accident causé par un tiers : recours de la caisse à ouvrir.",
        ),
        (
            "dat_trajet",
            INFORMATION,
            "CSS L411-2",
            "Accident de trajet.",
        ),
    ),
    "La déclaration de choix du médecin traitant": (
        (
            "mt_signature",
            A_VERIFIER,
            "CSS L162-5-3",
            "La déclaration est conjointe : la signature {what} manque.",
        ),
        (
            "mt_date_absente",
            A_VERIFIER,
            "CSS L162-5-3",
            "La déclaration n'est pas datée : le choix ne peut pas prendre effet.",
        ),
        (
            "mt_apres_reception",
            A_VERIFIER,
            "CSS L162-5-3",
            "La date de la déclaration est postérieure à sa réception, le {day}.",
        ),
        (
            "mt_medecin_absent",
            A_VERIFIER,
            "CSS L162-5-3",
            "Aucun numéro ne dit quel médecin est choisi.",
        ),
        (
            "mt_rpps_faux",
            A_VERIFIER,
            "CSS L162-5-3",
            "Le numéro RPPS lu est faux : il n'a pas onze chiffres, ou sa clé ne va pas.",
        ),
        (
            "mt_medecin_inconnu",
            A_VERIFIER,
            "CSS L162-5-3",
            "Le médecin choisi n'a pas été reconnu dans la table des praticiens.",
        ),
        (
            "mt_medecin_inactif",
            A_VERIFIER,
            "CSS L162-5-3",
            "Le médecin choisi n'était pas en exercice le {day}.",
        ),
        (
            "mt_structure_fausse",
            A_VERIFIER,
            "CSS L162-5-3",
            "Le numéro de la structure n'est ni un numéro d'assurance maladie, ni un FINESS, ni un SIRET.",
        ),
        (
            "mt_moins_de_seize",
            A_VERIFIER,
            "CSS L162-5-3",
            "Avant seize ans, c'est un parent ou le titulaire de l'autorité parentale qui choisit : "
            "voyez qui a signé.",
        ),
        (
            "mt_mineur",
            A_VERIFIER,
            "CSS L162-5-3",
            "De seize à dix-huit ans, le choix suppose l'accord d'un parent : voyez s'il est porté.",
        ),
    ),
}
