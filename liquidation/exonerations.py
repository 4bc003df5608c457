"""The rate of a line: the first rule that holds, in the order of the SESAM-Vitale cahier des charges.

1 aide médicale de l'État, 2 assurance (accident du travail, maternité and its examinations, prévention),
3 bénéficiaire (invalidité, rente), 4 acte (examens de l'enfant, the grounds that a sheet names, ALD), and
where none holds the ordinary rate. Being exempt of the participation I (L160-13 I)
frees neither from the participation forfaitaire nor, by itself, from the majoration hors parcours
(R160-6 al. 2).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from domain.claim import Act, Claim, Rights
from domain.money import ZERO, Money
from liquidation.grounds import GROUNDS


@dataclass(frozen=True, slots=True)
class Exoneration:
    """One rule. `code`: B2 justification d'exonération. `holds`: whether it applies to an act. `borne`:
    medicines of modest use stay at their rate all the same (R160-18). `spared`: why the line then bears
    neither participation forfaitaire nor franchise."""

    name: str
    code: str
    article: str
    sentence: str
    holds: Callable[[Claim, Act, Rights], bool]
    borne: bool = False
    spared: "Spared | None" = None


def accident_of(claim: Claim, rights: Rights) -> str | None:
    """The number of the accident du travail that the claim means, if it is open that day.

    By its number, or by its date, or, where the sheet names neither, the only one that is open."""
    if claim.at_number:
        return claim.at_number if claim.at_number in rights.at_numbers else None
    if claim.at_date:
        dates = (rights.details or {}).get("accidents", {})
        return next((number for number, day in dates.items() if day == claim.at_date), None)
    return rights.at_numbers[0] if len(rights.at_numbers) == 1 else None


EXAMENS = frozenset(("COA", "COB", "COD", "COE", "COG", "COH", "COJ", "COK", "COM"))
"""Letters of the compulsory examinations of a child (CSP L2132-2)."""
NOT_EXEMPT = frozenset(("taux.medicament_smr_modere", "taux.medicament_smr_faible"))
"""Rates that those of R160-10, R160-16 and R160-17 I bear (R160-18)."""
Spared = Literal["mineur", "c2s", "maternite", "ame", "rien"]


def _situation(name: str) -> Callable[[Claim, Act, Rights], bool]:
    return lambda claim, act, rights: name in (rights.exempt or ())


AME = Exoneration(
    "ame",
    "0",
    "CASF L251-2",
    "Aide médicale de l'État : les soins sont pris en charge à 100 % du tarif.",
    lambda claim, act, rights: rights.ame,
    spared="ame",
)
MATERNITE = Exoneration(
    "maternite",
    "0",
    "CSS L160-9 dernier al. ; D160-3",
    "Assurance maternité : tous les soins de la période sont pris en charge à 100 %.",
    lambda claim, act, rights: rights.maternity and claim.nature != "atmp",
    spared="maternite",
)
ATMP = Exoneration(
    "atmp",
    "0",
    "CSS L431-1 1°",
    "Accident du travail ou maladie professionnelle : soins pris en charge à 100 % du tarif.",
    lambda claim, act, rights: claim.nature == "atmp",
)
PREVENTION = Exoneration(
    "action_de_prevention",
    "0",
    "CSS L160-14 16° ; R160-17 I 8° ; SESAM-Vitale, RG_VF34",
    "Action de prévention : participation supprimée.",
    lambda claim, act, rights: claim.nature == "prevention",
    borne=True,
)
INVALIDITE = Exoneration(
    "invalidite",
    "5",
    "CSS L160-14 13° ; R160-10 al. 1",
    "Titulaire d'une pension d'invalidité : participation supprimée pour ses propres frais.",
    _situation("invalidite"),
    borne=True,
)
RENTE = Exoneration(
    "rente_at_66",
    "5",
    "CSS L371-1 ; R160-10 al. 2",
    "Titulaire d'une rente d'accident du travail au taux minimal : participation supprimée.",
    _situation("rente_at_66"),
    borne=True,
)
EXAMEN = Exoneration(
    "examen",
    "C",
    "CSS L160-14 16° ; R160-17 I 7°",
    "Examen obligatoire de l'enfant : participation supprimée.",
    lambda claim, act, rights: act.code in EXAMENS,
)
ALD = Exoneration(
    "ald",
    "4",
    "CSS L160-14 3° et 4° ; R160-11",
    "Acte prévu par le protocole de soins d'une affection de longue durée : participation supprimée.",
    lambda claim, act, rights: claim.ald and bool(rights.ald),
)


def _named(ground: str) -> Exoneration:
    case = GROUNDS[ground]
    return Exoneration(
        ground,
        case.code,
        case.article,
        f"{case.sentence} : participation supprimée.",
        lambda claim, act, rights: act.ground == ground,
        borne=case.borne,
        spared="maternite" if case.free else None,
    )


FREE = tuple(_named(ground) for ground, case in GROUNDS.items() if case.free)
"""Grounds that are care of another insurance, and come with it, before the beneficiary's own."""
NAMED = tuple(_named(ground) for ground, case in GROUNDS.items() if not case.free)
IN_ORDER = (AME, ATMP, MATERNITE, *FREE, PREVENTION, INVALIDITE, RENTE, EXAMEN, *NAMED, ALD)
PLAIN = tuple(rule for rule in IN_ORDER if rule not in (*FREE, *NAMED))
"""Without the grounds that an act names: most name none."""


def exoneration_of(claim: Claim, act: Act, rights: Rights, rate: str = "") -> Exoneration | None:
    """The first exoneration that holds for the act, or None: the ordinary rate.

    `rate`: parameter of that ordinary rate, for the medicines that some exonerations leave out."""
    modest = rate in NOT_EXEMPT
    for rule in IN_ORDER if act.ground else PLAIN:
        if rule.holds(claim, act, rights) and not (modest and rule.borne):
            return rule
    return None


def spared(rights: Rights, exoneration: Exoneration | None, base: Money) -> Spared | None:
    """Why a line bears neither participation forfaitaire nor franchise (L160-15, L160-9, CASF L251-2), or
    None. ALD and accidents du travail bear them."""
    if rights.is_minor_for_participation:
        return "mineur"
    if rights.c2s != "non":
        return "c2s"
    if exoneration and exoneration.spared:
        return exoneration.spared
    return "rien" if base == ZERO else None
