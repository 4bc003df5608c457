"""Why a claim is not computed, as one published table: code -> (sentence, article)."""

from domain.claim import NotComputed

REASONS: dict[str, tuple[str, str | None]] = {
    "sans_acte": ("La feuille ne porte aucun acte.", "CSS R161-42 5°"),
    "acte_inconnu": ("Le code {code} n'est dans aucune nomenclature.", "CSS R161-42 5°"),
    "acte_non_calcule": (
        "Le tarif de l'acte {code} n'a pas été trouvé pour cette profession ({detail}).",
        "CSS L162-14-1 I 1°",
    ),
    "quantite_non_calculee": (
        "L'acte {code} porte une quantité, un coefficient ou un complément que cette lettre n'admet pas, ou "
        "qui n'est pas calculé.",
        "CSS R161-42 5°",
    ),
    "condition_d_age": ("L'âge du bénéficiaire ne permet pas de coter {detail}.", "CSS L162-14-1 I 1°"),
    "condition_medecin_traitant": (
        "La cotation {detail} est réservée au médecin traitant déclaré.",
        "CSS L162-14-1 I 1°",
    ),
    "condition_autre_medecin": (
        "La majoration {detail} ne se cote que par un autre que le médecin traitant du patient.",
        "CSS L162-14-1 I 1°",
    ),
    "condition_correspondant": (
        "La majoration {detail} suppose un patient adressé par son médecin traitant.",
        "CSS L162-14-1 I 1°",
    ),
    "teleconsultation_hors_parcours": (
        "Téléconsultation hors du parcours de soins : elle n'est remboursée que dans des cas à vérifier.",
        "CSS L162-5-3 ; L162-14-1",
    ),
    "optam_inconnu": (
        "Le tarif de l'acte {code} dépend de l'adhésion du praticien à l'OPTAM, qui n'est pas connue.",
        "CSS L162-5",
    ),
    "lettre_sans_depassement": (
        "Sans OPTAM, l'acte {code} ne se cote pas avec un dépassement, ou son tarif n'a pas été trouvé.",
        "CSS L162-14-1 I 1°",
    ),
    "tarif_autorite_absent": (
        "Le tarif d'autorité de l'acte {code}, fait par un praticien non conventionné, n'a pas été trouvé.",
        "CSS L162-5",
    ),
    "deplacement_non_calcule": (
        "Les frais de déplacement de l'acte {code} ne se vérifient pas : lettre, kilomètres ou montant.",
        "CSS R161-42 8°",
    ),
    "depassement_non_calcule": (
        "Le dépassement {detail} de l'acte {code} n'est pas calculé.",
        "CSS L162-14-1 I 1°",
    ),
    "activite_inconnue": ("L'acte {code} n'a pas d'activité {detail}.", "CSS R162-52"),
    "acte_non_pris_en_charge": (
        "L'acte {code} n'a pas de tarif : il n'est pas pris en charge.",
        "CSS L162-1-7",
    ),
    "acte_d_une_autre_profession": ("L'acte {code} n'est pas de la profession qui le facture.", "CSS L162-1-7"),
    "remboursement_sous_conditions": (
        "L'acte {code} n'est remboursé que sous conditions médicales, à vérifier.",
        "CSS L162-1-7",
    ),
    "accord_prealable": (
        "L'acte {code} demande l'accord préalable du service médical, à vérifier.",
        "CSS L315-2 ; R161-42 6°",
    ),
    "modificateur_inconnu": (
        "L'acte {code} n'admet pas le modificateur {detail} pour cette spécialité.",
        "CSS L162-1-7",
    ),
    "modificateur_a_verifier": (
        "Le modificateur {detail} de l'acte {code} est à vérifier.",
        "CSS L162-1-7",
    ),
    "association_inconnue": ("L'acte {code} porte un code d'association {detail}.", "CSS L162-1-7"),
    "association_absente": (
        "Plusieurs actes techniques du même jour : {code} n'a pas de code d'association.",
        "CSS L162-1-7",
    ),
    "cumul_a_verifier": (
        "L'acte {code} et une consultation le même jour : le cumul est à vérifier.",
        "CSS L162-1-7",
    ),
    "anesthesie_lourde": (
        "Anesthésie {code} au-dessus du seuil des actes lourds : qui supporte la participation n'a pas été "
        "trouvé.",
        "CSS R160-16 I",
    ),
    "hospitalise_non_calcule": (
        "L'acte {code} ne se facture pas à part des frais d'un séjour en établissement.",
        "CSS R160-5 1° et 2°",
    ),
    "medicament_non_calcule": (
        "Le taux de remboursement du médicament {code} n'est pas l'un de ceux du code.",
        "CSS R160-5",
    ),
    "transport_non_calcule": ("Le mode de transport {code} n'est pas calculé.", "CSS R322-10"),
    "tarif_absent": (
        "Le tarif de responsabilité de la ligne {code} n'est pas dans les tables de la caisse : il est à "
        "saisir sur la ligne, ou à charger.",
        "CSS L165-2 ; L322-5",
    ),
    "prix_limite_depasse": (
        "Le prix du produit {code} dépasse son prix limite de vente ({detail}).",
        "CSS L165-3",
    ),
    "montant_negatif": ("L'acte {code} porte un montant négatif.", "CSS R161-42 8°"),
    "specialite_non_calculee": (
        "Les actes que peut facturer la spécialité {detail} ne sont pas connus.",
        None,
    ),
    "secteur_non_calcule": (
        "Le secteur conventionnel de ce praticien (code {detail}) n'est pas calculé.",
        "CSS L162-5",
    ),
    "nature_non_calculee": (
        "L'assurance « {detail} » n'est pas calculée ici : elle suit le code des pensions militaires.",
        "CPMIVG L212-1",
    ),
    "exoneration_non_calculee": (
        "La case « autre » d'exonération est cochée sans que le motif soit écrit.",
        "CSS L160-14 ; R161-42 9°",
    ),
    "motif_a_verifier": (
        "Le motif d'exonération de la ligne {code} ne lui convient pas : {detail}.",
        "CSS L160-14 ; R160-17",
    ),
    "medicament_exclu": (
        "Un médicament de service médical rendu faible ({code}) n'est pas pris en charge par l'aide médicale "
        "de l'État ; l'exception des mineurs est à vérifier.",
        "CASF L251-2",
    ),
    "droits_fermes": ("Aucun droit n'est ouvert le {detail}.", "CSS L160-1"),
    "droits_absents": ("Les droits du {detail} n'ont pas été établis.", None),
    "regime_non_gere": (
        "L'organisme {detail} n'est pas du régime général : ce n'est pas à cette caisse de payer.",
        "CSS L160-17",
    ),
    "territoire_non_calcule": (
        "L'organisme {detail} est outre-mer, où les tarifs diffèrent : ils ne sont pas encore calculés.",
        None,
    ),
    "at_non_reconnu": (
        "La feuille vise un accident du travail qui n'est pas, ou pas encore, pris en charge ce jour-là.",
        "CSS L431-1 ; R441-7",
    ),
    "maternite_hors_periode": (
        "La feuille vise l'assurance maternité en dehors de sa période : les seuls examens obligatoires "
        "seraient pris en charge à ce titre.",
        "CSS L160-9 1° et 2°",
    ),
    "parcours_a_verifier": (
        "Le médecin traitant a cessé de l'être depuis moins d'un an : s'il est parti en retraite ou a "
        "changé de département, la majoration n'est pas due.",
        "CSS L162-5-3 5°",
    ),
    "doublon": (
        "L'acte {code} du {detail} est déjà payé ou décidé au même praticien pour la même personne.",
        "CSS L133-4-1",
    ),
    "droit_non_couvert": ("{detail}", None),
    "paie_absente": (
        "L'attestation ne donne pas la paie de {detail}, ni pourquoi elle manque.",
        "CSS R323-4 ; R323-8",
    ),
    "revenu_absent": (
        "Aucun revenu des mois de référence, ni depuis leur fin, dont reconstituer la paie.",
        "CSS R323-8 II 4° b",
    ),
    "temps_partiel_at": (
        "Après un accident du travail, la caisse fixe elle-même l'indemnité d'une reprise à temps partiel.",
        "CSS L433-1 al. 4 ; R433-15",
    ),
    "ouverture_inconnue": (
        "L'attestation ne dit ni les heures ni les rémunérations qui ouvrent le droit ({detail}).",
        "CSS R313-3",
    ),
    "ij_droits_fermes": ("Le droit n'est pas ouvert : il faut {detail}.", "CSS L313-1 ; R313-3"),
    "avis_apres_la_fin": (
        "L'avis d'arrêt est arrivé après la fin de l'arrêt : aucun contrôle n'a été possible.",
        "CSS L321-2 ; R323-12",
    ),
    "sejour_long": (
        "Le séjour passe trente jours : la participation cesse, et le tarif est à donner par période.",
        "CSS R160-16 V 3",
    ),
    "pension_non_ouverte": ("Le droit à pension n'est pas ouvert : il faut {detail}.", "CSS L341-2 ; R313-5"),
    "invalidite_insuffisante": (
        "La capacité de travail ou de gain n'est pas réduite des deux tiers.",
        "CSS L341-1 ; R341-2",
    ),
    "carriere_absente": ("Aucune année civile d'assurance avant la date d'effet.", "CSS R341-4"),
    "rente_option": (
        "Avec les incapacités antérieures, la victime choisit entre une rente et un capital.",
        "CSS L434-2 al. 4 ; R434-4",
    ),
    "rente_ex_conjoint": (
        "La rente d'un ex-conjoint suit sa pension alimentaire ou l'aide qu'il recevait : elle est à vérifier.",
        "CSS L434-8 al. 2 et 3",
    ),
    "rente_sans_ayant_droit": (
        "Personne parmi les proches nommés n'a droit à une rente : union trop récente, enfant de vingt ans ou "
        "ascendant qui n'était pas à charge.",
        "CSS L434-8 à L434-13",
    ),
    "hors_du_conge": (
        "Les jours demandés sortent du congé, {detail}.",
        "CSS L331-3 ; L331-4 ; L331-7 à L331-9",
    ),
    "parent_sans_dossier": (
        "L'enfant est rattaché à ses deux parents, et celui que la feuille nomme n'a pas de dossier ici : sa "
        "caisse le rembourse, ou son dossier est à ouvrir.",
        "CSS R161-8 al. 1",
    ),
    "parent_sans_droits": (
        "Le parent que la feuille nomme n'avait pas de droits ouverts le {detail} : les soins de l'enfant sont "
        "pris en charge au titre de l'autre.",
        "CSS R161-8 al. 4",
    ),
    "deuil_age": (
        "La personne décédée avait {detail} ou plus : sa mort n'ouvre pas de congé de deuil.",
        "CSS L331-9 al. 1",
    ),
    "conge_trop_court": (
        "Le congé de paternité ne compte pas {detail} en tout : il n'est pas indemnisé.",
        "CSS L331-8 al. 1",
    ),
    "arret_avant_accident": (
        "L'arrêt commence avant l'accident du {detail} : il n'en est pas la suite.",
        "CSS L433-1 al. 2",
    ),
    "capital_non_ouvert": (
        "Dans les trois mois avant son décès, l'assuré n'avait ni travail, ni chômage indemnisé, ni "
        "pension d'invalidité, ni rente.",
        "CSS L361-1",
    ),
    "capital_sans_demande": (
        "Personne qui puisse recevoir le capital ne l'a demandé dans les deux ans.",
        "CSS L361-4 ; L332-1",
    ),
    "capital_priorite": (
        "Aucune priorité n'est invoquée et le délai d'un mois court jusqu'au {detail}.",
        "CSS R361-5",
    ),
    "date_deces_absente": ("La date du décès de l'enfant manque.", "CSS L323-1-1"),
    "rubrique_avis": (
        "La rubrique « {detail} » de l'avis d'arrêt manque ou ne convient pas.",
        "CSS L321-2 ; R321-2",
    ),
    "rubrique_attestation": (
        "La rubrique « {detail} » de l'attestation de salaire manque ou ne convient pas.",
        "CSS R323-10 ; R441-4",
    ),
    "rubrique_capital": (
        "La rubrique « {detail} » de la demande de capital décès manque ou ne convient pas.",
        "CSS L361-1 ; L361-4",
    ),
    "attestation_absente": (
        "L'attestation de salaire de l'employeur n'est pas arrivée : l'avis l'attend.",
        "CSS R323-10 ; R441-4",
    ),
    "arret_en_cours": ("Les jours demandés courent jusqu'au {detail} : ils sont payés échus.", "CSS R362-1"),
    "arret_deja_liquide": (
        "Des jours de cet arrêt ont déjà été décidés ({detail}) : un jour n'est payé qu'une fois.",
        "CSS L133-4-1",
    ),
    "suite_moindre": (
        "Les règles d'aujourd'hui donnent moins, pour des jours déjà payés, que ce qui fut versé.",
        "CSS L133-4-1",
    ),
    "arret_apres_deces": ("L'assuré est décédé avant la fin de l'arrêt.", "CSS L323-1"),
    "ald_non_reconnue": (
        "L'affection de longue durée {detail} n'est pas, ou pas encore, au dossier ce jour-là.",
        "CSS L324-1 ; R323-1",
    ),
    "plusieurs_employeurs": (
        "Plusieurs employeurs attestent pour ce même arrêt : leurs paies s'ajoutent, à vérifier.",
        "CSS R323-4",
    ),
    "subrogation_partielle": (
        "Le salaire n'est maintenu que pour une partie de l'arrêt ({detail}) : deux paiements sont à faire.",
        "CSS R323-11",
    ),
    "especes_prescrites": ("La demande est arrivée après deux ans : prescrite le {detail}.", "CSS L332-1"),
    "capital_deja_liquide": ("Un capital a déjà été décidé pour ce décès.", "CSS L361-4"),
    "date_deces_differente": ("Le dossier porte une autre date de décès, le {detail}.", "CSS L361-1"),
}


def because(code: str, line: int | None = None, *, act: str = "", detail: str = "") -> NotComputed:
    """The reason of that code, in a French sentence."""
    sentence, article = REASONS[code]
    return NotComputed(code, sentence.format(code=act, detail=detail), article, line)
