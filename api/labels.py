"""The words that people read: states, types, severities, sources, fields of the feuille de soins."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal
from zoneinfo import ZoneInfo

from domain.french import in_words
from domain.money import in_french

PARIS = ZoneInfo("Europe/Paris")

Tone = Literal["attente", "personne", "fini", "refus", "alerte"]


@dataclass(frozen=True, slots=True)
class StateLabel:
    """`tone` chooses a colour and a shape; the words say it too."""

    short: str
    long: str
    tone: Tone


STATES: dict[str, StateLabel] = {
    "recu": StateLabel("Reçu", "Reçu et relu ; à trier.", "attente"),
    "en_lecture": StateLabel("En lecture", "La feuille est en cours de lecture.", "attente"),
    "a_valider": StateLabel("À valider", "Une personne doit regarder la feuille.", "personne"),
    "valide": StateLabel("Validé", "Accepté ; à sceller dans l'archive.", "attente"),
    "archive": StateLabel("Archivé", "Scellé dans l'archive ; à liquider.", "attente"),
    "a_liquider": StateLabel(
        "À liquider", "Attend une pièce, une échéance ou une personne : la raison est dite.", "personne"
    ),
    "liquide": StateLabel("Liquidé", "Montants décidés ; à ordonnancer.", "attente"),
    "ordonnance": StateLabel("Ordonnancé", "Le paiement est ordonné.", "fini"),
    "applique": StateLabel("Appliqué", "Le changement est porté au dossier.", "fini"),
    "classe": StateLabel("Classé", "Scellé ; rien à payer.", "fini"),
    "refuse": StateLabel("Refusé", "Refusé par une personne, scellé avec son motif.", "refus"),
    "rejete": StateLabel("Rejeté", "N'a pas pu être pris ; les octets sont gardés.", "refus"),
    "quarantaine": StateLabel(
        "Quarantaine", "Trois essais ont échoué, ou une personne l'a mis de côté.", "alerte"
    ),
    "scinde": StateLabel("Scindé", "Fichier de plusieurs documents.", "fini"),
    "ecarte": StateLabel("Écarté", "Séparateur, page blanche ou doublon.", "fini"),
}

TYPES = {
    "feuille_soins_medecin": "Feuille de soins médecin",
    "declaration_medecin_traitant": "Déclaration de médecin traitant",
    "avis_arret_travail": "Avis d'arrêt de travail",
    "declaration_accident_travail": "Déclaration d'accident du travail",
    "ordonnance": "Ordonnance",
    "facture": "Facture",
    "devis": "Devis",
    "rib": "RIB",
    "changement_situation": "Changement de situation, mutation",
    "demande_ouverture_droits": "Demande d'ouverture des droits",
    "rattachement_enfant": "Rattachement d'enfants",
    "protocole_soins": "Protocole de soins (ALD)",
    "demande_c2s": "Complémentaire santé solidaire",
    "titre_sejour": "Titre de séjour",
    "attestation": "Attestation",
    "attestation_salaire": "Attestation de salaire",
    "demande_capital_deces": "Demande de capital décès",
    "piece_identite": "Pièce d'identité",
    "inconnu": "Type inconnu",
}

SEVERITIES = {
    "refus_propose": "Refus proposé",
    "a_verifier": "À vérifier",
    "information": "Information",
}

SOURCES = {
    "http": "Envoi",
    "lot": "Lot",
    "dossier_surveille": "Dossier surveillé",
    "enfant": "Tiré d'un fichier",
}

PAYEES = {
    "assure": ("l'assuré", "à l'assuré"),
    "praticien": ("le praticien", "au médecin"),
    "employeur": ("l'employeur", "à l'employeur"),
    "ayant_droit": ("l'ayant droit", "à l'ayant droit"),
}
"""Kind of payee -> who, to whom."""
DAYS = {
    "indemnise": "Jours indemnisés",
    "carence": "Délai de carence",
    "retard": "Avis tardif, indemnité réduite",
    "droits": "Droit non ouvert",
    "epuise": "Nombre maximal atteint",
    "fin_ald": "Années de l'affection écoulées",
    "employeur": "À la charge de l'employeur",
    "debut": "Premier taux",
    "suite": "Second taux",
    "ij_maternite": "Congé de maternité",
    "ij_paternite": "Congé de paternité",
    "capital_deces": "Capital décès",
}
"""Kind of days of a cash benefit -> what an agent reads."""

RETAINED = {
    "indu": "somme versée à tort",
    "participation_forfaitaire": "participation forfaitaire restée due",
    "franchise_medicament": "franchise sur les médicaments restée due",
    "franchise_auxiliaire": "franchise sur les actes d'auxiliaires restée due",
    "franchise_transport": "franchise sur les transports restée due",
}
"""What a payment holds back, as an agent reads it."""
INDU_STATES: dict[str, tuple[str, Tone]] = {
    "a_notifier": ("À notifier", "attente"),
    "notifie": ("Notifié", "personne"),
    "delai": ("Délai en cours", "attente"),
    "conteste": ("Rectification demandée", "personne"),
    "accord": ("Échéancier à conclure", "personne"),
    "echeancier": ("Échéancier", "attente"),
    "a_retenir": ("À retenir", "alerte"),
    "a_mettre_en_demeure": ("À mettre en demeure", "alerte"),
    "mise_en_demeure": ("Mise en demeure", "attente"),
    "contrainte": ("Contrainte", "personne"),
    "solde": ("Soldé", "fini"),
    "annule": ("Annulé", "fini"),
    "abandonne": ("Abandonné", "fini"),
    "prescrit": ("Prescrit", "fini"),
}
INDU_EVENTS = {
    "notification": "Notification envoyée",
    "reception": "Reçue (avis de réception)",
    "contestation": "Rectification demandée, ou observations présentées",
    "rejet": "Rejet de la demande, reçu",
    "accord": "Échéancier accepté dans son principe",
    "echeancier": "Échéancier conclu",
    "versement": "Versement reçu",
    "revenu": "Revenu mensuel pondéré du ménage",
    "mise_en_demeure": "Mise en demeure : la lettre part",
    "contrainte": "Contrainte : elle part",
    "opposition": "Opposition formée devant le tribunal",
    "annulation": "Annulé",
}

REASONS = {
    "separateur": "séparateur",
    "blanc": "page blanche",
    "doublon": "doublon",
    "a_renumeriser": "à numériser de nouveau",
    "rejete_par_une_personne": "rejeté par une personne",
}

IMAGE_FAULTS = {
    "sombre": "L'image est trop sombre : un trait peut s'y perdre.",
    "pale": "L'image est trop pâle : un trait peut s'y perdre.",
    "floue": "L'image est floue : comparez chaque chiffre à la feuille.",
    "coupee": "La feuille est coupée : des champs sont hors de l'image.",
    "noyee": "La feuille est noyée dans le noir : ce qui y est écrit ne se voit pas.",
    "sans_imprime": "L'imprimé a disparu à la numérisation : la feuille est placée d'après l'écriture seule.",
    "plusieurs_feuilles": "Une autre feuille est dans l'image : chaque valeur vient-elle de la bonne ?",
}
"""Verdict on the picture of a page, where it is not good -> what an agent reads."""


def state(name: str) -> StateLabel:
    return STATES.get(name, StateLabel(name, name, "attente"))


OF_A_STATE = {"scinde": "Fichier de plusieurs documents", "rejete": "Fichier rejeté"}
"""What is named by what became of it, since nobody will say its type any more."""


def type_of(name: str | None, status: str = "", reason: str | None = None) -> str:
    """The type, or what else it is where it has none."""
    if name is not None:
        return TYPES.get(name, name)
    if status == "ecarte":
        return REASONS.get(reason or "", "écarté").capitalize()
    return OF_A_STATE.get(status, "Pas encore connu")


def payee(name: str) -> str:
    """To whom: `employeur 73282932000074` -> `à l'employeur`."""
    return PAYEES.get(name.partition(" ")[0], (name, name))[1]


def moment(value: datetime | str | None) -> str:
    """`22 novembre 2026 à 07:45`, at the time of Paris."""
    if value is None:
        return "—"
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(PARIS)
    return f"{day(at.date())} à {at:%H:%M}"


def short_moment(value: datetime) -> str:
    """`22/11 à 07:45:12`, for a list that moves."""
    return f"{value.astimezone(PARIS):%d/%m à %H:%M:%S}"


def day(value: date | str | None) -> str:
    if value is None:
        return "—"
    try:
        on = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return str(value)
    return in_words(on)


def amount(value: Decimal | str | None) -> str:
    try:
        return in_french(Decimal(value)).replace("-", "−") if value is not None else "—"
    except InvalidOperation:
        return str(value)


def certainty(probability: float | None) -> str:
    """A probability in plain words; the figure stays beside it for those who want it."""
    if probability is None:
        return "inconnue"
    if probability >= 0.999:
        return "sûr"
    if probability >= 0.98:
        return "presque sûr"
    if probability >= 0.85:
        return "probable"
    if probability >= 0.5:
        return "incertain"
    return "très incertain"


def size(count: int | None) -> str:
    if count is None:
        return "—"
    for unit in ("octets", "Kio", "Mio"):
        if count < 1024 or unit == "Mio":
            return f"{count:.0f} {unit}" if unit == "octets" else f"{count:.1f} {unit}".replace(".", ",")
        count /= 1024  # type: ignore[assignment]
    raise AssertionError


def shown(value: Any, kind: str | None = None) -> str:
    """A field's value as a person writes it: dates in French order, amounts with a comma."""
    if value is None or value == "":
        return "—"
    if value is True:
        return "Oui"
    if value is False:
        return "Non"
    text = str(value)
    if kind == "date" and len(text) == 10 and text[4] == "-":
        return f"{text[8:]}/{text[5:7]}/{text[:4]}"
    if kind == "month" and len(text) == 7:
        return f"{text[5:]}/{text[:4]}"
    if kind == "number":
        return text.replace(".", ",")
    if kind == "iban":
        return " ".join(text[n : n + 4] for n in range(0, len(text), 4))
    if kind == "amount":
        return amount(text)
    if kind == "nir" and len(text) == 13:
        return " ".join((text[0], text[1:3], text[3:5], text[5:7], text[7:10], text[10:]))
    return text
