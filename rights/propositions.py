"""What a justificatif changes in a dossier: each change with its article, its day of effect and the old
value, which is kept by period. Nothing is changed here: a person approves, then it is applied."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, TypeVar

from domain.claim import NotComputed
from domain.people import (
    Affiliation,
    FormerAccount,
    FormerAddress,
    Insured,
    MedecinTraitant,
    Practitioner,
)
from domain.period import Period, on_day
from law import Law, NotCovered
from law.dates import age_on, birthday

Part = Literal[
    "medecin_traitant", "compte", "adresse", "dossier", "affiliation", "qualite", "rattachement", "ald", "c2s",
    "titre",
]  # fmt: skip
CHOICE, DUTY, PAYMENT, CAISSE = "CSS L162-5-3", "CSS R115-7", "CSS R362-1", "CSS R312-1 ; D160-15"
ASSURE = "10"

D = TypeVar("D", bound=Any)
"""A dated fact of a dossier: a dataclass with a `period`."""

REASONS: dict[str, tuple[str, str | None]] = {
    "rubrique_justificatif": ("La rubrique « {detail} » manque ou ne convient pas.", None),
    "medecin_inconnu": ("Le médecin choisi n'est pas dans la table des praticiens.", CHOICE),
    "medecin_inactif": ("Le médecin choisi n'exerçait pas le {detail}.", CHOICE),
    "accord_parental_absent": ("Le choix d'un mineur demande l'accord d'un parent.", CHOICE),
    "changement_a_venir": ("Le changement ne prend effet que le {detail}.", None),
    "changement_depasse": ("Le dossier porte déjà un choix plus récent, du {detail}.", None),
    "compte_de_l_assure": ("Un ayant droit n'est pas payé : le compte est celui de l'assuré.", PAYMENT),
    "titulaire_different": ("Le titulaire du compte n'est pas l'assuré : une délégation est à voir.", PAYMENT),
    "assure_decede": ("L'assuré est décédé : son dossier ne change plus.", None),
    "dates_justificatif": ("Les dates ne se suivent pas : {detail}.", None),
    "organisme_inconnu": ("L'organisme {detail} n'est pas de la table des organismes.", "CSS R312-1"),
    "dossier_existe": ("Un dossier porte déjà ce numéro : désignez-le.", None),
    "deja_affilie": ("Une affiliation court déjà à l'organisme {detail} : c'est une mutation.", "CSS L160-18"),
    "non_affilie": ("Aucune affiliation ne court le {detail}.", "CSS L160-1"),
    "residence_trop_courte": (
        "La résidence ne compte trois mois ininterrompus que le {detail}.", "CSS L160-5 ; D160-2 I",
    ),
    "sejour_irregulier": ("Aucun titre de séjour n'est valable le {detail}, jour demandé.", "CSS R111-3 II"),
    "trop_jeune": ("Avant seize ans, l'enfant n'a pas de droits à titre personnel.", "CSS L160-2 al. 3"),
    "parent_non_assure": ("Le parent n'a pas de droits ouverts en son nom le {detail}.", "CSS L161-15-3"),
    "enfant_majeur": ("{detail} : la qualité d'ayant droit finit le jour des dix-huit ans.", "CSS D160-1"),
    "enfant_absent": ("Aucun enfant n'est nommé.", "CSS L160-2"),
    "ald_inconnue": ("L'affection n° {detail} n'est pas de la liste.", "CSS D160-4"),
    "ald_deja": (
        "Un protocole de cette affection court jusqu'au {detail} : c'est un renouvellement.", "CSS R160-11",
    ),
    "ald_absente": ("Aucun protocole de cette affection n'est au dossier.", "CSS R160-11 al. 3"),
    "avis_absent": (
        "Il manque l'avis favorable du contrôle médical, ou son silence.", "CSS L324-1 ; R160-11",
    ),
    "c2s_ressources": (
        "Les ressources dépassent le plafond du foyer majoré, {detail}.", "CSS L861-1 2° ; R861-3",
    ),
    "c2s_nature": ("D'après les ressources et le plafond du foyer, {detail}.", "CSS L861-1 ; R861-3"),
    "c2s_elements": (
        "Les éléments nécessaires au paiement de la participation ne sont pas reçus : l'effet les attend.",
        "CSS L861-5 al. 5",
    ),
    "c2s_impayes": ("Des participations de droits précédents restent dues.", "CSS L861-5 al. 6"),
    "c2s_sans_decision": ("La décision n'est pas datée ; son délai finit le {detail}.", "CSS R861-16-1 II"),
    "c2s_absente": ("Aucune complémentaire santé solidaire ne court à cette date.", "CSS L861-5"),
}  # fmt: skip
"""Why a change waits for a person: code -> (sentence, article)."""


@dataclass(frozen=True, slots=True)
class Change:
    """`old`, `new`: as they are shown, an account by its last characters. `effect`: from that day on.
    `sentence`: what it means for the person. `person`: whose dossier, where it is not the document's."""

    part: Part
    label: str
    old: str | None
    new: str
    effect: date
    article: str
    sentence: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """`after`: the dossier once it is applied, `others`: further dossiers, a new one among them. Nothing is
    applied where there is a reason not to. `notes`: what an agent should look at beside it."""

    after: Insured
    changes: tuple[Change, ...] = ()
    reasons: tuple[NotComputed, ...] = ()
    notes: tuple[str, ...] = ()
    others: tuple[Insured, ...] = ()

    @property
    def since(self) -> date | None:
        """The first day on which something is otherwise."""
        return min((each.effect for each in self.changes), default=None)


def because(code: str, detail: str = "") -> NotComputed:
    sentence, article = REASONS[code]
    return NotComputed(code, sentence.format(detail=detail), article)


def refusal(insured: Insured, *reasons: NotComputed) -> Proposal:
    return Proposal(insured, reasons=reasons)


def common(insured: Insured, effect: date, today: date, *, ahead: bool = False) -> list[NotComputed]:
    """`ahead`: what holds by period may be written before its day."""
    found = []
    if insured.died_on is not None:
        found.append(because("assure_decede"))
    if effect > today and not ahead:
        found.append(because("changement_a_venir", f"{effect:%d/%m/%Y}"))
    return found


def medecin_traitant(
    insured: Insured,
    doctor: Practitioner | None,
    declared_on: date,
    today: date,
    law: Law,
    *,
    parental: bool = False,
) -> Proposal:
    """The choice of S 3704, from the day on which both signed: the text fixes no other.

    `parental`: a parent, or who holds the parental authority, agreed."""
    reasons = common(insured, declared_on, today)
    if doctor is None:
        return refusal(insured, *reasons, because("medecin_inconnu"))
    if doctor.active is not None and declared_on not in doctor.active:
        reasons.append(because("medecin_inactif", f"{declared_on:%d/%m/%Y}"))
    if declared_on < birthday(insured.birth_date, 18) and not parental:
        reasons.append(because("accord_parental_absent"))
    later = [each for each in insured.medecins_traitants if each.period.start > declared_on]
    if later:
        last = max(each.period.start for each in later)
        reasons.append(because("changement_depasse", f"{last:%d/%m/%Y}"))
    if reasons:
        return refusal(insured, *reasons)
    held = on_day(insured.medecins_traitants, declared_on)
    if held is not None and held.rpps == doctor.rpps:
        return Proposal(insured)
    kept = cut(insured.medecins_traitants, declared_on)
    after = replace(insured, medecins_traitants=(*kept, MedecinTraitant(Period(declared_on), doctor.rpps)))
    named = f"Dr {doctor.first_name} {doctor.last_name}, RPPS {doctor.rpps}"
    change = Change(
        "medecin_traitant", "Médecin traitant", f"RPPS {held.rpps}" if held else None, named, declared_on,
        CHOICE, _parcours(insured, declared_on, law),
    )  # fmt: skip
    return Proposal(after, (change,))


def _parcours(insured: Insured, day: date, law: Law) -> str:
    """What a declared doctor changes: from sixteen on, care outside the parcours is paid less."""
    try:
        age = law.value("parcours.age", day)
    except NotCovered:
        return "Les soins de ce jour-là et d'après suivent ce choix."
    if age_on(insured.birth_date, day) < age.number:
        return f"Avant {age.number:f} ans, les soins hors parcours ne sont pas majorés."
    return "Les soins donnés ou orientés par ce médecin sont dans le parcours de soins à partir de ce jour."


def cut(held: Iterable[D], day: date) -> tuple[D, ...]:
    """Those held, ended on `day`; what began that very day or later is replaced."""
    return tuple(
        replace(each, period=Period(each.period.start, day)) if day in each.period else each
        for each in held
        if each.period.start < day
    )


def compte(insured: Insured, iban: str, from_day: date, today: date, *, holder_agrees: bool) -> Proposal:
    """The account of a RIB, on which what is ordered from `from_day` on is paid.

    `holder_agrees`: the holder that the RIB names is the insured."""
    reasons = common(insured, from_day, today)
    if insured.quality != ASSURE:
        reasons.append(because("compte_de_l_assure"))
    if not holder_agrees:
        reasons.append(because("titulaire_different"))
    if reasons:
        return refusal(insured, *reasons)
    if insured.iban == iban:
        return Proposal(insured)
    former = insured.former_accounts
    if insured.iban is not None and (period := _until(insured, former, from_day)):
        former = (*former, FormerAccount(period, insured.iban))
    after = replace(insured, iban=iban, former_accounts=former)
    change = Change(
        "compte", "Compte bancaire", hidden(insured.iban) if insured.iban else None, hidden(iban), from_day,
        PAYMENT, "Ce qui reste à payer, les ordres qui attendent un compte compris, ira sur ce compte.",
    )  # fmt: skip
    return Proposal(after, (change,))


def adresse(insured: Insured, lines: tuple[str, ...], since: date, today: date) -> Proposal:
    """The residence, from the day on which the person moved."""
    reasons = common(insured, since, today)
    if later := [each.period.end for each in insured.former_addresses if (each.period.end or since) > since]:
        reasons.append(because("changement_depasse", f"{max(filter(None, later)):%d/%m/%Y}"))
    if reasons:
        return refusal(insured, *reasons)
    if _same(insured.address, lines):
        return Proposal(insured)
    former = insured.former_addresses
    if insured.address and (period := _until(insured, former, since)):
        former = (*former, FormerAddress(period, insured.address))
    after = replace(insured, address=lines, former_addresses=former)
    change = Change(
        "adresse", "Adresse", ", ".join(insured.address) or None, ", ".join(lines), since, DUTY,
        "Les lettres et les décomptes partent à cette adresse.",
    )  # fmt: skip
    return Proposal(after, (change,), notes=tuple(_caisse(insured, lines, since)))


def _same(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    return " ".join(" ".join(old).upper().split()) == " ".join(" ".join(new).upper().split())


def _caisse(insured: Insured, lines: tuple[str, ...], day: date) -> Iterable[str]:
    """Who moves to another department changes caisse, at his request: nothing is done by itself."""
    held: Affiliation | None = on_day(insured.affiliations, day)
    code = next((word for line in reversed(lines) for word in line.split() if _is_postcode(word)), None)
    if held is None or code is None:
        return
    if code[:2] != held.organisme[2:4]:
        yield (
            f"L'adresse est dans le département {code[:2]} : la caisse de la résidence habituelle y est "
            f"compétente. La mutation se demande à part ; d'ici là cette caisse paie ({CAISSE})."
        )


def _is_postcode(word: str) -> bool:
    return len(word) == 5 and word.isascii() and word.isdigit()


def _until(
    insured: Insured, former: tuple[FormerAccount, ...] | tuple[FormerAddress, ...], end: date
) -> Period | None:
    """From the last change known, or from the first affiliation, to `end`; None where no day is left."""
    starts = [each.period.end for each in former if each.period.end is not None]
    starts = starts or [each.period.start for each in insured.affiliations]
    start = max(starts) if former else min(starts, default=insured.birth_date)
    return Period(start, end) if start < end else None


def hidden(iban: str) -> str:
    """`FR76 •••• 0189`."""
    return f"{iban[:4]} •••• {iban[-4:]}"
