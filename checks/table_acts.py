"""The rules about acts, dates, rubriques, signatures and doublons: code, severity, article, sentence."""

from domain.findings import Severity

INFORMATION, A_VERIFIER, REFUS = Severity.INFORMATION, Severity.A_VERIFIER, Severity.REFUS_PROPOSE

ACTS = {
    "Les actes et les montants": (
        (
            "acte_inconnu",
            A_VERIFIER,
            "CSS L162-1-7 ; R161-42 5°",
            "Le code de l'acte de la ligne {line} n'est dans aucune nomenclature.",
        ),
        (
            "tarif_non_compare",
            INFORMATION,
            None,
            "Le montant de la ligne {line} n'a pas de tarif auquel être comparé.",
        ),
        (
            "montant_superieur_tarif",
            A_VERIFIER,
            "CSS L162-14-1",
            "Ligne {line} : {fee} demandés pour un tarif de {tariff}, sans code de dépassement, "
            "par un praticien du secteur 1.",
        ),
        (
            "montant_inferieur_tarif",
            INFORMATION,
            None,
            "Ligne {line} : {fee} demandés pour un tarif de {tariff}.",
        ),
        (
            "depassement_inconnu",
            A_VERIFIER,
            "CSS L162-14-1",
            "Le code de dépassement de la ligne {line} n'existe pas.",
        ),
        (
            "total_illisible",
            A_VERIFIER,
            "CSS R161-42 8°",
            "Le total écrit n'est pas un montant en euros.",
        ),
        (
            "montant_illisible",
            A_VERIFIER,
            "CSS R161-42 8°",
            "Le montant de la ligne {line} n'est pas un montant en euros.",
        ),
        ("montant_nul", A_VERIFIER, "CSS R161-42 8°", "Le montant de la ligne {line} est nul."),
        (
            "total_different",
            A_VERIFIER,
            "CSS R161-42 8°",
            "Le total écrit est de {total} ; la somme des lignes est de {sum}.",
        ),
        (
            "deplacement_sans_montant",
            A_VERIFIER,
            "CSS R161-42 8°",
            "Le déplacement de la ligne {line} n'a pas de montant.",
        ),
    ),
    "Les dates": (
        (
            "date_invalide",
            A_VERIFIER,
            None,
            "La date lue n'est pas un jour du calendrier.",
        ),
        (
            "acte_apres_feuille",
            A_VERIFIER,
            "CSS R161-42 3° et 10°",
            "L'acte de la ligne {line} est daté après la feuille.",
        ),
        (
            "feuille_apres_reception",
            A_VERIFIER,
            "CSS R161-42 10°",
            "La feuille est datée d'après sa réception, le {day}.",
        ),
        (
            "acte_futur",
            A_VERIFIER,
            "CSS R161-42 3°",
            "L'acte de la ligne {line} est daté d'un jour à venir.",
        ),
        (
            "prescription",
            REFUS,
            "CSS L160-11",
            "L'acte de la ligne {line} est prescrit depuis le {day}.",
        ),
        (
            "prescription_dernier_jour",
            A_VERIFIER,
            "CSS L160-11",
            "La feuille est arrivée le jour même où s'accomplit la prescription de la ligne {line}.",
        ),
        (
            "prescription_maternite",
            A_VERIFIER,
            "CSS L160-11",
            "Plus de deux ans pour la ligne {line} : en maternité le délai court de la première "
            "constatation médicale de la grossesse.",
        ),
        (
            "prescription_accident",
            A_VERIFIER,
            "CSS L431-2",
            "Plus de deux ans pour la ligne {line} : le délai d'un accident du travail court de "
            "l'accident ou de la fin des indemnités journalières.",
        ),
        (
            "accord_posterieur",
            A_VERIFIER,
            "CSS R161-42 6°",
            "L'accord préalable est daté d'après l'acte de la ligne {line}.",
        ),
    ),
    "Les rubriques de l'article R161-42": (
        ("rubrique_1_nom", REFUS, "CSS R161-42 1°", "Le nom et le prénom du bénéficiaire manquent."),
        (
            "rubrique_1_nir",
            REFUS,
            "CSS R161-42 1°",
            "Il manque le NIR du bénéficiaire, ou sa date de naissance avec le NIR de l'assuré.",
        ),
        (
            "rubrique_2",
            REFUS,
            "CSS R161-42 2°",
            "Le nom et l'identifiant du praticien manquent.",
        ),
        ("rubrique_3", REFUS, "CSS R161-42 3°", "La date de l'acte de la ligne {line} manque."),
        (
            "rubrique_4",
            REFUS,
            "CSS R161-42 4°",
            "Un accident est signalé sans les éléments qui l'identifient ({what}).",
        ),
        ("rubrique_5", REFUS, "CSS R161-42 5°", "Le code de l'acte de la ligne {line} manque."),
        ("rubrique_5_aucun_acte", REFUS, "CSS R161-42 5°", "La feuille ne porte aucun acte."),
        (
            "rubrique_6",
            A_VERIFIER,
            "CSS R161-42 6°",
            "L'acte de la ligne {line} se fait sur accord préalable, et sa date manque.",
        ),
        (
            "rubrique_7",
            A_VERIFIER,
            "CSS R161-42 7°",
            "L'acte d'imagerie de la ligne {line} demande le numéro d'ordre et l'appareil, que ce "
            "formulaire n'a pas.",
        ),
        ("rubrique_8", REFUS, "CSS R161-42 8°", "Le montant des honoraires de la ligne {line} manque."),
        ("rubrique_8_total", REFUS, "CSS R161-42 8°", "Le montant total manque."),
        (
            "rubrique_9",
            A_VERIFIER,
            "CSS R161-42 9°",
            "La case «autre» de l'exonération est cochée : vérifiez la disposition qui la fonde.",
        ),
        ("rubrique_10", REFUS, "CSS R161-42 10°", "La date de la feuille manque."),
    ),
    "Les signatures et les cases": (
        ("signature_medecin", REFUS, "CSS R161-43 1°", "La signature du praticien manque."),
        ("signature_assure", REFUS, "CSS R161-43 1°", "La signature de l'assuré manque."),
        (
            "signature_impossible",
            INFORMATION,
            "CSS R161-43-1 1°",
            "L'assuré est dans l'impossibilité de signer.",
        ),
        (
            "signature_dispensee",
            INFORMATION,
            "CSS R161-43-1 1°",
            "La signature de l'assuré n'est pas exigée pour un acte de télémédecine.",
        ),
        (
            "nature_absente",
            A_VERIFIER,
            "CSS R161-42 9°",
            "Aucune des cases maladie, maternité, accident du travail n'est cochée.",
        ),
        (
            "nature_multiple",
            A_VERIFIER,
            "CSS R161-42 9°",
            "Plusieurs des cases maladie, maternité, accident du travail sont cochées.",
        ),
        (
            "exoneration_sans_maladie",
            A_VERIFIER,
            "CSS R161-42 9°",
            "Une case d'exonération de la maladie est cochée avec une autre assurance.",
        ),
        (
            "accident_contradictoire",
            A_VERIFIER,
            "CSS R161-42 4°",
            "Les cases oui et non de l'accident causé par un tiers sont toutes deux cochées.",
        ),
        (
            "accident_tiers",
            INFORMATION,
            "CSS L376-1",
            "Accident causé par un tiers : recours de la caisse à ouvrir.",
        ),
        (
            "maternite_sans_date",
            A_VERIFIER,
            "CSS D160-3",
            "La maternité est cochée sans la date de grossesse ou d'accouchement.",
        ),
        (
            "parcours_multiple",
            A_VERIFIER,
            "CSS L162-5-3",
            "Plusieurs cases du parcours de soins sont cochées.",
        ),
    ),
    "Les doublons": (
        (
            "doublon_paye",
            REFUS,
            "CSS D122-9 3°",
            "L'acte de la ligne {line} a déjà été payé : même praticien, même bénéficiaire, même jour.",
        ),
        (
            "doublon_en_cours",
            A_VERIFIER,
            "CSS D122-9 3°",
            "L'acte de la ligne {line} est aussi demandé par un autre document en cours.",
        ),
        (
            "doublon_interne",
            A_VERIFIER,
            "CSS D122-9 3°",
            "La ligne {line} répète un acte du même jour de cette feuille.",
        ),
        (
            "meme_fichier",
            A_VERIFIER,
            "CSS D122-9 3°",
            "Un autre expéditeur a déposé exactement le même fichier.",
        ),
    ),
}
