"""The penalty that the director of a caisse may pronounce: at least, and at most (L114-17-1)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.claim import NotComputed, TraceLine
from domain.money import ZERO, Money, to_the_cent
from law import Law, NotCovered
from liquidation.reasons import because
from liquidation.traces import cite

BENEFIT = "penalite"
Who = Literal["assure", "professionnel", "employeur"]
"""`employeur`: or a legal person that gives care."""
Facts = Literal["manquement", "fraude", "bande_organisee"]
NAMES = {"manquement": "", "fraude": "fraude_", "bande_organisee": "bande_"}


@dataclass(frozen=True, slots=True)
class Penalty:
    """`least`, `most`: between them the director chooses, by the gravity of the facts."""

    benefit: str
    decided_on: date
    least: Money
    most: Money
    trace: tuple[TraceLine, ...]
    not_computed: tuple[NotComputed, ...] = ()
    law_version: str = ""


def bounds(who: Who, facts: Facts, concerned: Money | None, on: date, again: bool, law: Law) -> Penalty:
    """`concerned`: the sums, None where they cannot be told. `on`: day of the facts. `again`: of a récidive,
    which doubles (R147-5 III)."""
    try:
        part = law.value(f"penalites.{NAMES[facts]}part", on)
        times = law.value(f"penalites.{NAMES[facts]}pmss", on)
        monthly = law.value("plafond.mensuel", on)
        least, trace = ZERO, []
        if facts != "manquement":
            share = law.value(f"penalites.fraude_minimum_{who}", on)
            least = to_the_cent(monthly.number * share.number)
            trace.append(cite("CSS L114-17-1 IV 2°", "Fraude : au moins.", share, least))
        doubled = law.value("penalites.recidive", on)
    except NotCovered as refusal:
        reason = because("droit_non_couvert", detail=f"{refusal}.")
        return Penalty(BENEFIT, on, ZERO, ZERO, (), (reason,), law.version)
    if concerned is None:
        most = to_the_cent(monthly.number * times.number)
        said = "Sommes qui ne peuvent être déterminées : au plus."
        trace.append(cite("CSS L114-17-1 III et IV 1°", said, times, most))
    else:
        most = to_the_cent(concerned * part.number)
        trace.append(cite("CSS L114-17-1 III et IV 1°", "En part des sommes concernées : au plus.", part, most))
    if again:
        most = to_the_cent(most * doubled.number)
        trace.append(cite("CSS L114-17-1 III al. 2 ; R147-5 III", "Récidive : plafond doublé.", doubled, most))
    return Penalty(BENEFIT, on, least, max(least, most), tuple(trace), (), law.version)
