"""Justificatifs that open or prolong rights, keyed by hand: S 1106, S 3705, protocole de soins, C2S, titre."""

from validation.entry import Entry
from validation.sheets_especes import PERSON

CHILDREN = 4
MEMBERS = 4
MOTIFS = ("activite", "residence", "personnel")
NATIONALITES = ("francaise", "europeenne", "autre")
MODES = ("deux", "un")
NATURES = ("admission", "renouvellement", "fin")
C2S_NATURES = ("gratuite", "participation")

OUVERTURE: tuple[Entry, ...] = (
    *PERSON,
    Entry("nouveau_nom", "text"),
    Entry("nouveau_prenoms", "text"),
    Entry("nouveau_nom_usage", "text"),
    Entry("nationalite", "choice", None, NATIONALITES),
    Entry("adresse_nouvelle", "block"),
    Entry("ouverture_motif", "choice", None, MOTIFS),
    Entry("activite_debut", "date"),
    Entry("residence_depuis", "date"),
    Entry("residence_sans_delai", "tick"),
    Entry("titre_debut", "date"),
    Entry("titre_fin", "date"),
    Entry("rib_iban", "iban"),
    Entry("organisme_rattachement", "digits", 9),
    Entry("signature_assure", "signature"),
)
"""Demande d'ouverture des droits, S 1106. The names apart are those of a dossier that is made."""


def _child(n: int) -> tuple[Entry, ...]:
    return (
        Entry(f"enfant{n}_nom", "text"),
        Entry(f"enfant{n}_prenoms", "text"),
        Entry(f"enfant{n}_naissance", "date"),
        Entry(f"enfant{n}_rang", "digits", 1),
        Entry(f"enfant{n}_nir", "nir", 13),
    )


RATTACHEMENT: tuple[Entry, ...] = (
    *PERSON,
    Entry("autre_parent_nom", "text"),
    Entry("autre_parent_nir", "nir", 13),
    Entry("rattachement_mode", "choice", None, MODES),
    Entry("rattachement_depuis", "date"),
    *(each for n in range(1, CHILDREN + 1) for each in _child(n)),
    Entry("signature_assure", "signature"),
    Entry("signature_autre_parent", "signature"),
)
"""Rattachement d'enfants, S 3705: the person is the parent who asks."""

PROTOCOLE: tuple[Entry, ...] = (
    *PERSON,
    Entry("medecin_nom_prenom", "text"),
    Entry("medecin_rpps", "digits", 11),
    Entry("protocole_nature", "choice", None, NATURES),
    Entry("ald_numero", "digits", 2),
    Entry("protocole_debut", "date"),
    Entry("protocole_fin", "date"),
    Entry("avis_favorable", "tick"),
    Entry("signature_medecin", "signature"),
)
"""Protocole de soins of an affection de longue durée, with the avis of the contrôle médical. What it says of
the illness is no field: administrative agents do not see it."""

SOLIDAIRE: tuple[Entry, ...] = (
    *PERSON,
    Entry("c2s_nature", "choice", None, C2S_NATURES),
    Entry("c2s_decision_date", "date"),
    Entry("c2s_elements_date", "date"),
    Entry("c2s_renouvellement", "tick"),
    Entry("c2s_immediat", "tick"),
    Entry("c2s_rsa", "tick"),
    Entry("c2s_foyer", "digits", 2),
    Entry("c2s_residence_alternee", "tick"),
    Entry("c2s_ressources", "amount"),
    Entry("c2s_impayes", "tick"),
    Entry("c2s_renoncement_date", "date"),
    *(Entry(f"foyer{n}_nir", "nir", 13) for n in range(1, MEMBERS + 1)),
    Entry("signature_assure", "signature"),
)
"""Demande de complémentaire santé solidaire, with the decision of the caisse."""

TITRE: tuple[Entry, ...] = (
    *PERSON,
    Entry("titre_debut", "date"),
    Entry("titre_fin", "date"),
    Entry("titre_eloignement", "tick"),
)
"""Titre de séjour."""
