"""Why a claim is not computed, as one published table: code -> (sentence, article)."""

from domain.claim import NotComputed

REASONS: dict[str, tuple[str, str | None]] = {
    "sans_acte": ("La feuille ne porte aucun acte.", "CSS R161-42 5°"),
    "acte_inconnu": ("Le code {code} n'est dans aucune nomenclature.", "CSS R161-42 5°"),
    "acte_non_calcule": (
        "L'acte {code} n'est pas encore calculé : seules les lettres G, GS, VG, VGS et APC d'un "
        "médecin généraliste le sont.",
        None,
    ),
    "quantite_non_calculee": (
        "L'acte {code} porte une quantité, un coefficient ou un complément qui n'est pas encore calculé.",
        None,
    ),
    "deplacement_non_calcule": (
        "Les frais de déplacement de l'acte {code} ne sont pas encore calculés.",
        None,
    ),
    "depassement_non_calcule": (
        "Le dépassement {detail} de l'acte {code} n'est pas encore calculé.",
        "CSS L162-14-1 I 1°",
    ),
    "montant_negatif": ("L'acte {code} porte un montant négatif.", "CSS R161-42 8°"),
    "specialite_non_calculee": (
        "La spécialité {detail} du praticien n'est pas encore calculée.",
        None,
    ),
    "secteur_non_calcule": (
        "Le conventionnement {detail} du praticien n'est pas encore calculé : seul le secteur 1 l'est.",
        "CSS L162-5",
    ),
    "nature_non_calculee": ("L'assurance « {detail} » n'est pas encore calculée.", None),
    "exoneration_non_calculee": (
        "La case « autre » d'exonération est cochée : sa raison n'est pas encore calculée.",
        "CSS L160-14",
    ),
    "ame_non_calculee": ("L'aide médicale de l'État n'est pas encore calculée.", "CASF L251-2"),
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
        "L'attestation ne donne pas la paie de {detail} : le revenu reconstitué n'est pas encore calculé.",
        "CSS R323-8",
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
    "hors_du_conge": ("Les jours demandés sortent du congé, {detail}.", "CSS L331-3 ; L331-4 ; L331-8"),
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
}


def because(code: str, line: int | None = None, *, act: str = "", detail: str = "") -> NotComputed:
    """The reason of that code, in a French sentence."""
    sentence, article = REASONS[code]
    return NotComputed(code, sentence.format(code=act, detail=detail), article, line)
