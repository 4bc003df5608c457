"""The rules about the document, the persons and their rights: code, severity, article, sentence."""

from domain.findings import Severity

INFORMATION, A_VERIFIER, REFUS = Severity.INFORMATION, Severity.A_VERIFIER, Severity.REFUS_PROPOSE

PERSONS = {
    "Le document": (
        (
            "type_inattendu",
            A_VERIFIER,
            None,
            "Ce document n'a pas été reconnu comme une feuille de soins : dites ce que c'est.",
        ),
        ("rien_lu", A_VERIFIER, None, "Rien n'a pu être lu : la feuille est à saisir en entier."),
        (
            "demande_incomplete",
            A_VERIFIER,
            "CSS R161-41",
            "La feuille ne peut pas encore être liquidée : {what}.",
        ),
        ("controle_en_panne", A_VERIFIER, None, "Un contrôle n'a pas pu être fait : vérifiez la feuille."),
    ),
    "L'identité": (
        ("nir_mal_forme", A_VERIFIER, "CSS R161-42 1°", "Le numéro lu n'a pas la forme d'un NIR."),
        ("nir_cle_fausse", A_VERIFIER, "CSS R161-42 1°", "La clé ne correspond pas au NIR."),
        ("nir_cle_absente", INFORMATION, None, "La clé du NIR n'est pas portée sur la feuille."),
        ("nir_provisoire", INFORMATION, "CSS R115-1", "Le NIR est provisoire ou d'attente."),
        (
            "nir_mois_fictif",
            INFORMATION,
            "CSS R115-1",
            "Le mois du NIR est fictif : l'état civil est incomplet.",
        ),
        (
            "assure_inconnu",
            A_VERIFIER,
            "CSS R161-42 1°",
            "Le bénéficiaire n'a été reconnu dans aucun dossier.",
        ),
        (
            "identification_incertaine",
            A_VERIFIER,
            "CSS R161-42 1°",
            "Le bénéficiaire n'est pas reconnu avec certitude : choisissez le dossier.",
        ),
        (
            "nir_different",
            A_VERIFIER,
            "CSS R161-42 1°",
            "Le NIR lu n'est ni celui du bénéficiaire ni celui de l'assuré du dossier.",
        ),
        (
            "nir_de_l_assure",
            INFORMATION,
            "CSS R161-42 1°",
            "Le NIR porté pour le bénéficiaire est celui de l'assuré dont il est l'ayant droit.",
        ),
        (
            "assure_different",
            A_VERIFIER,
            "CSS L160-2",
            "Le NIR de l'assuré n'est pas celui qui ouvre les droits du bénéficiaire.",
        ),
        (
            "parent_a_designer",
            A_VERIFIER,
            "CSS R161-8 al. 1",
            "L'enfant est rattaché à ses deux parents : la feuille ne dit pas lequel demande. Le remboursement "
            "va à celui dont elle porte le numéro d'assuré.",
        ),
        ("nom_different", A_VERIFIER, "CSS R161-42 1°", "Le nom lu n'est pas celui du dossier."),
        ("prenom_different", A_VERIFIER, "CSS R161-42 1°", "Le prénom lu n'est pas celui du dossier."),
        ("nom_proche", INFORMATION, None, "Le nom lu diffère du dossier de quelques lettres."),
        (
            "naissance_differente",
            A_VERIFIER,
            "CSS R161-42 1°",
            "La date de naissance lue n'est pas celle du dossier.",
        ),
        (
            "naissance_incomplete",
            INFORMATION,
            "CSS R161-42 1°",
            "La date de naissance est incomplète ; l'année est celle du dossier.",
        ),
        (
            "naissance_nir_discordante",
            A_VERIFIER,
            "CSS R161-42 1°",
            "La date de naissance ne s'accorde pas avec l'année et le mois du NIR.",
        ),
        ("soins_apres_deces", REFUS, "CSS L160-1", "L'acte de la ligne {line} est postérieur au décès."),
        (
            "soins_avant_naissance",
            A_VERIFIER,
            None,
            "L'acte de la ligne {line} est antérieur à la naissance.",
        ),
    ),
    "Les droits": (
        (
            "droits_fermes",
            REFUS,
            "CSS L160-1 ; D160-2",
            "Les droits ne sont pas ouverts au {day}.",
        ),
        (
            "droits_non_etablis",
            A_VERIFIER,
            "CSS L160-1",
            "Les droits au {day} n'ont pas pu être établis.",
        ),
        (
            "organisme_inconnu",
            A_VERIFIER,
            "CSS R161-42 8°",
            "Le code organisme lu n'est celui d'aucune caisse.",
        ),
        (
            "organisme_different",
            A_VERIFIER,
            "CSS L160-18",
            "Le code organisme lu n'est pas celui de la caisse de rattachement.",
        ),
        (
            "dispense_sans_organisme",
            A_VERIFIER,
            "CSS R161-42 8°",
            "L'assuré n'a pas payé la part obligatoire, et le code organisme manque.",
        ),
        (
            "complementaire_seule_impayee",
            INFORMATION,
            "CSS R161-42 8°",
            "La part complémentaire n'a pas été payée, la part obligatoire l'a été.",
        ),
        (
            "ald_non_reconnue",
            A_VERIFIER,
            "CSS L160-14 3° ; R160-11",
            "L'affection de longue durée cochée n'est pas reconnue au {day}.",
        ),
        (
            "maternite_non_reconnue",
            A_VERIFIER,
            "CSS L160-9 ; D160-3",
            "L'assurance maternité cochée n'est pas ouverte au {day}.",
        ),
        (
            "accident_travail_inconnu",
            A_VERIFIER,
            "CSS L431-1",
            "L'accident du travail indiqué n'est pas dans le dossier au {day}.",
        ),
    ),
    "Le praticien": (
        (
            "praticien_inconnu",
            A_VERIFIER,
            "CSS R161-42 2°",
            "Le praticien n'a pas été reconnu dans la table.",
        ),
        ("rpps_cle_fausse", A_VERIFIER, "CSS R161-42 2°", "Le numéro RPPS lu est faux : sa clé ne va pas."),
        (
            "rpps_different",
            A_VERIFIER,
            "CSS R161-42 2°",
            "Le numéro RPPS lu n'est pas celui du praticien reconnu.",
        ),
        (
            "am_mal_forme",
            A_VERIFIER,
            "CSS R161-42 2°",
            "Le numéro d'assurance maladie du praticien n'a pas neuf chiffres.",
        ),
        (
            "am_different",
            A_VERIFIER,
            "CSS R161-42 2°",
            "Le numéro d'assurance maladie lu n'est pas celui du praticien reconnu.",
        ),
        (
            "praticien_inactif",
            A_VERIFIER,
            "CSS R161-42 2°",
            "Le praticien n'était pas en exercice au {day}.",
        ),
        (
            "remplacant",
            INFORMATION,
            "CSS R161-42 2°",
            "Les actes ont été faits par un remplaçant.",
        ),
    ),
}
