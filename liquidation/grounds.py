"""Why one act bears no participation: the cases of L160-14 that its prescriber names on the sheet.

The house believes what is written there (R161-42 9°), within what the text lets it see: age, profession."""

from dataclasses import dataclass
from datetime import date, timedelta

from domain.claim import Act, Rights
from law import Law
from liquidation.professions import FOURNISSEUR, LABORATOIRE, PHARMACIE, TRANSPORTEUR, Profession


@dataclass(frozen=True, slots=True)
class Case:
    """`code`: B2 justification d'exonération. `only`: the professions that it concerns; empty: any but
    those that it `never` does, carriers where it speaks of care. `before`: parameter of an age. `borne`: a
    medicine of modest use stays at its rate (R160-18). `free`: neither participation forfaitaire nor
    franchise either."""

    code: str
    article: str
    sentence: str
    only: tuple[Profession, ...] = ()
    never: tuple[Profession, ...] = (TRANSPORTEUR,)
    before: str | None = None
    borne: bool = True
    free: bool = False


GROUNDS: dict[str, Case] = {
    "nouveau_ne": Case(
        "3", "CSS L160-14 11° ; R160-17 I 1°", "Nouveau-né, en établissement de santé, dans ses trente jours",
        before="droits.age_nouveau_ne",
    ),
    "infertilite": Case("3", "CSS L160-14 12° ; R160-17 I 2°", "Diagnostic ou traitement de l'infertilité"),
    "donneur": Case("3", "CSS L160-14 18° ; R160-17 I 3°", "Donneur d'éléments ou de produits du corps"),
    "ivg": Case(
        "3", "CSS L160-14 20° ; R160-17 I 4°", "Interruption volontaire de grossesse",
        never=(TRANSPORTEUR, FOURNISSEUR),
    ),
    "contraception": Case(
        "3", "CSS L160-14 21° ; R160-17 I 5°", "Contraception et santé sexuelle avant vingt-six ans",
        before="droits.age_contraception",
    ),
    "contraception_urgence": Case(
        "3", "CSS L160-14 21° ; R160-17 I 5° bis", "Contraception d'urgence", only=(PHARMACIE,)
    ),
    "depistage_sein": Case("3", "CSS R160-17 I 6°", "Dépistage du cancer du sein, risque élevé attesté"),
    "prevention": Case(
        "7", "CSS L160-14 16° ; R160-17 I 8°", "Programme de dépistage ou consultation de prévention"
    ),
    "depistage_vih": Case("3", "CSS R160-17 I 8° bis", "Dépistage de l'infection par le VIH"),
    "depistage_hepatite_c": Case(
        "3", "CSS R160-8 al. 1", "Dépistage de l'hépatite C", only=(LABORATOIRE,), borne=False
    ),
    "amp": Case("3", "CSS L160-14 12° ; R160-17 I 9°", "Assistance médicale à la procréation"),
    "samu": Case(
        "3", "CSS R160-17 I 10°", "Transport demandé par l'aide médicale urgente",
        only=(TRANSPORTEUR,), never=(),
    ),
    "vaccin": Case("7", "CSS L160-14 30° et 31° ; R160-17 I 11°", "Vaccin recommandé", only=(PHARMACIE,)),
    "sevices": Case("3", "CSS L160-14 15° ; R160-17 II", "Soins consécutifs à des sévices", borne=False),
    "suivi_post_ald": Case(
        "3", "CSS L160-14 10° ; D160-5", "Suivi après une affection de longue durée : actes et examens",
        never=(TRANSPORTEUR, PHARMACIE, FOURNISSEUR), borne=False,
    ),
    "transfert": Case(
        "3", "CSS R160-8 al. 4", "Transfert vers un établissement mieux adapté",
        only=(TRANSPORTEUR,), never=(), borne=False,
    ),
    "appareillage": Case(
        "3", "CSS L160-14 2° ; R160-16 V 1", "Prothèse oculaire ou faciale, orthoprothèse, véhicule",
        only=(FOURNISSEUR,),
    ),
    "sang": Case("3", "CSS R160-16 V 2", "Sang, plasma, lait humains et leurs dérivés"),
    "examen_maternite": Case(
        "0", "CSS L160-9 1° et 2°", "Examen de la maternité, en dehors de sa période", never=(), borne=False,
        free=True,
    ),
}  # fmt: skip


def why_not(act: Act, held: Rights, profession: Profession, law: Law) -> str | None:
    """What of the case does not fit the act, in French, or None."""
    if act.ground is None:
        return None
    case = GROUNDS[act.ground]
    if case.only and profession not in case.only:
        return f"il ne vise que {case.only[0].costs}"
    if profession in case.never:
        return f"il ne vise pas {profession.costs}"
    if case.before:
        limit = law.value(case.before, act.day)
        if held.age >= limit.number:
            return f"il cesse à l'âge de {limit.shown}"
        born: date | None = (held.details or {}).get("ne_le")
        days = law.value("droits.jours_nouveau_ne", act.day)
        if act.ground == "nouveau_ne" and born and act.day > born + timedelta(days=int(days.number)):
            return f"il cesse {days.shown} après la naissance"
    return None
