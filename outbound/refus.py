"""The letter of a refusal: what was asked for, why it is refused, by which texts, and how to contest it.

A refusal gives its reasons (R142-1-A I) and names the ways and delays of recourse, which hold against no one
otherwise (R142-1-A III)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.findings import Finding, Severity
from domain.french import in_words
from domain.money import Money, in_french
from law import Law
from outbound import recours
from outbound.indu import CAISSE, LETTER
from outbound.pdf import make

BASES = {
    "feuille_soins_medecin": (
        "Feuille de soins",
        "CSS R161-40 ; R161-41",
        "un remboursement demande une feuille de soins complète et signée",
    ),
    "avis_arret_travail": (
        "Avis d'arrêt de travail",
        "CSS L321-1 ; L321-2 ; R321-2",
        "l'indemnité journalière demande un avis d'arrêt conforme, envoyé dans les délais",
    ),
    "attestation_salaire": (
        "Attestation de salaire",
        "CSS R323-10",
        "l'indemnité journalière se calcule sur une attestation de l'employeur",
    ),
    "demande_capital_deces": (
        "Demande de capital décès",
        "CSS L361-1 ; L361-4",
        "le capital décès se demande par une personne que la loi désigne",
    ),
    "demande_ouverture_droits": (
        "Demande d'ouverture des droits",
        "CSS L160-1 ; D160-2 ; R111-3",
        "la prise en charge des frais de santé demande une activité, ou une résidence stable et régulière",
    ),
    "rattachement_enfant": (
        "Rattachement d'enfants",
        "CSS L160-2 ; L161-15-3",
        "un enfant mineur est rattaché à l'un de ses parents assurés, ou aux deux",
    ),
    "protocole_soins": (
        "Protocole de soins d'une affection de longue durée",
        "CSS L160-14 3° et 4° ; L324-1 ; R160-11",
        "la suppression de la participation demande une affection de la liste, ou une affection grave ou "
        "invalidante, un protocole de soins et l'avis du contrôle médical",
    ),
    "titre_sejour": (
        "Titre de séjour",
        "CSS L160-1 ; R111-3 ; R111-4",
        "la prise en charge des frais de santé demande un séjour régulier ; vos droits ne sont pas fermés "
        "avant la fin du sixième mois qui suit l'expiration de votre dernier titre, ou du deuxième après une "
        "mesure d'éloignement définitive",
    ),
    "demande_c2s": (
        "Demande de complémentaire santé solidaire",
        "CSS L861-1 ; L861-5",
        "elle demande une prise en charge des frais de santé et des ressources sous un plafond",
    ),
}
"""Type of a document -> what it is, the texts that any demand by it rests on, and what they ask for."""

MEDICAL = ("protocole_soins",)
"""Types whose refusal may rest on an opinion of the contrôle médical (R160-11, R142-8)."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """`reason`: the words of who refused. `findings`: what the rules said of the document. `asked`: the sum, of
    care given on `care_days`."""

    document_id: str
    type: str
    received_on: date
    reason: str
    findings: Sequence[Finding] = ()
    asked: Money | None = None
    care_days: tuple[date, ...] = ()


def is_told(type: str | None) -> bool:
    """Whether a refusal of such a document decides on a right, and so is notified."""
    return type in BASES


def render(refusal: Refusal, name: str, address: tuple[str, ...], *, refused_on: date, law: Law) -> bytes:
    """The PDF. The same arguments give the same bytes."""
    return make(LETTER, content(refusal, name, address, refused_on=refused_on, law=law), refused_on)


def content(
    refusal: Refusal, name: str, address: tuple[str, ...], *, refused_on: date, law: Law
) -> dict[str, Any]:
    """Every word of the letter."""
    what, articles, demands = BASES[refusal.type]
    days = sorted(set(refusal.care_days))
    facts = [["Document", what], ["Reçu le", in_words(refusal.received_on)]]
    if days:
        facts.append(["Soins du", ", ".join(in_words(day) for day in days)])
    if refusal.asked is not None:
        facts.append(["Somme demandée", in_french(refusal.asked)])
    facts.append(["Motif", refusal.reason])
    return {
        "caisse": CAISSE,
        "name": name,
        "address": list(address),
        "day": in_words(refused_on),
        "reference": refusal.document_id[:8].upper(),
        "title": "Refus d'une demande",
        "heading": "Votre demande est refusée",
        "headline": f"Nous refusons votre demande reçue le {in_words(refusal.received_on)}.",
        "facts": facts,
        "notes": [*_texts(refusal.findings), f"Textes : {articles} ; {demands}."],
        "ways": (recours.medical_ways if refusal.type in MEDICAL else recours.ways)(refused_on, law),
    }


def _texts(findings: Sequence[Finding]) -> list[str]:
    """What the rules found against it, each with its article: what only asked for a look proves nothing."""
    grave = [each for each in findings if each.severity is Severity.REFUS_PROPOSE]
    return [f"{each.message} ({each.article})" if each.article else each.message for each in grave]
