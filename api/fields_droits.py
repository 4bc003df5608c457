"""The words for the fields of S 1106, S 3705, protocole de soins, C2S and titre de séjour."""

from collections.abc import Iterator

from api.field_label import FieldLabel
from validation.sheets_droits import CHILDREN, MEMBERS

_NEW, _OPENING, _STAY = "Nouveau dossier", "Ouverture des droits", "Titre de séjour"
_PARENT, _CARE, _C2S, _HOME = "Autre parent", "Protocole de soins", "Décision", "Foyer"
_CAISSE = "Mutation"


def _child(n: int) -> Iterator[FieldLabel]:
    section = f"Enfant {n}"
    yield FieldLabel(f"enfant{n}_nom", section, "Nom de naissance")
    yield FieldLabel(f"enfant{n}_prenoms", section, "Prénoms")
    yield FieldLabel(f"enfant{n}_naissance", section, "Né(e) le")
    yield FieldLabel(f"enfant{n}_rang", section, "Rang de naissance")
    yield FieldLabel(f"enfant{n}_nir", section, "Numéro, s'il en a un")


DROITS: tuple[FieldLabel, ...] = (
    FieldLabel("organisme_nouveau", _CAISSE, "Nouvel organisme (9 chiffres)"),
    FieldLabel("substitution_date", _CAISSE, "La nouvelle caisse paie à partir du"),
    FieldLabel("nouveau_nom", _NEW, "Nom de naissance"),
    FieldLabel("nouveau_prenoms", _NEW, "Prénoms"),
    FieldLabel("nouveau_nom_usage", _NEW, "Nom d'usage"),
    FieldLabel("nationalite", _OPENING, "Nationalité : francaise, europeenne ou autre"),
    FieldLabel("ouverture_motif", _OPENING, "Motif : activite, residence ou personnel"),
    FieldLabel("activite_debut", _OPENING, "Activité en France depuis le"),
    FieldLabel("residence_depuis", _OPENING, "Résidence en France depuis le"),
    FieldLabel("residence_sans_delai", _OPENING, "Dispensé des trois mois"),
    FieldLabel("titre_debut", _STAY, "Valable du"),
    FieldLabel("titre_fin", _STAY, "Valable jusqu'au"),
    FieldLabel("titre_eloignement", _STAY, "Mesure d'éloignement définitive"),
    FieldLabel("autre_parent_nom", _PARENT, "Nom et prénom"),
    FieldLabel("autre_parent_nir", _PARENT, "Numéro d'immatriculation"),
    FieldLabel("rattachement_mode", "Rattachement", "Parents qui demandent : deux ou un"),
    FieldLabel("rattachement_depuis", "Rattachement", "À partir du"),
    *(each for n in range(1, CHILDREN + 1) for each in _child(n)),
    FieldLabel("signature_autre_parent", "Paiement et signatures", "Signature de l'autre parent"),
    FieldLabel("protocole_nature", _CARE, "Admission, renouvellement ou fin"),
    FieldLabel("protocole_debut", _CARE, "Du"),
    FieldLabel("protocole_fin", _CARE, "Jusqu'au"),
    FieldLabel("avis_favorable", _CARE, "Avis favorable du contrôle médical, ou réputé tel"),
    FieldLabel("c2s_nature", _C2S, "Gratuite, ou avec participation"),
    FieldLabel("c2s_decision_date", _C2S, "Décidée le"),
    FieldLabel("c2s_elements_date", _C2S, "Éléments de paiement reçus le"),
    FieldLabel("c2s_renouvellement", _C2S, "Renouvellement"),
    FieldLabel("c2s_immediat", _C2S, "La situation exige un effet immédiat"),
    FieldLabel("c2s_rsa", _C2S, "Bénéficiaire du RSA"),
    FieldLabel("c2s_impayes", _C2S, "Participations antérieures impayées"),
    FieldLabel("c2s_renoncement_date", _C2S, "Renoncement reçu le"),
    FieldLabel("c2s_foyer", _HOME, "Personnes du foyer"),
    FieldLabel("c2s_residence_alternee", _HOME, "Un enfant en résidence alternée"),
    FieldLabel("c2s_ressources", _HOME, "Ressources de douze mois"),
    *(FieldLabel(f"foyer{n}_nir", _HOME, f"Numéro du membre {n}") for n in range(1, MEMBERS + 1)),
)
