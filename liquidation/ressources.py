"""Complémentaire santé solidaire: the ceilings of a household, and what its resources open."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from domain.claim import NotComputed, TraceLine
from domain.french import counted
from domain.money import ZERO, Money, to_the_cent
from law import Law, NotCovered
from liquidation.reasons import because
from liquidation.traces import cite

BENEFIT = "c2s"


@dataclass(frozen=True, slots=True)
class Ceilings:
    """`free`, `paying`: below the one, nothing is paid for it; up to the other, a participation is. `opens`:
    what the resources open. Resources are those that R861-4 and what follows count, of twelve months."""

    benefit: str
    decided_on: date
    free: Money
    paying: Money
    opens: Literal["gratuite", "participation", "non"] | None
    trace: tuple[TraceLine, ...]
    not_computed: tuple[NotComputed, ...] = ()
    law_version: str = ""


def ceilings(people: int, resources: Money | None, asked_on: date, law: Law) -> Ceilings:
    """Of a household of `people` in metropolitan France. The ceiling of one person alone is rounded (L861-1);
    those of a household are its exact multiples. Raises ValueError for no people."""
    if people < 1:
        raise ValueError("a household has somebody")
    try:
        one = law.value("c2s.plafond_1", asked_on)
        second, next_ones, fifth = (
            law.value(f"c2s.{name}", asked_on) for name in ("deuxieme", "suivantes", "cinquieme")
        )
        more = law.value("c2s.majoration_participation", asked_on)
    except NotCovered as refusal:
        reason = because("droit_non_couvert", detail=f"{refusal}.")
        return Ceilings(BENEFIT, asked_on, ZERO, ZERO, None, (), (reason,), law.version)
    times = Decimal(1)
    for rank in range(2, people + 1):
        each = second if rank == 2 else next_ones if rank < 5 else fifth
        times += each.number
    free = to_the_cent(one.number * times)
    paying = to_the_cent(one.number * times * (1 + more.number))
    said = (
        f"Plafond d'un foyer de {counted(people, 'personne')} : {counted(times, 'fois', 'fois')} celui d'une "
        "personne seule."
    )
    trace = (
        cite("CSS L861-1 1° ; R861-3", said, one, free),
        cite("CSS L861-1 2°", "Plafond majoré, avec participation.", more, paying),
    )
    return Ceilings(BENEFIT, asked_on, free, paying, _opens(resources, free, paying), trace, (), law.version)


def _opens(
    resources: Money | None, free: Money, paying: Money
) -> Literal["gratuite", "participation", "non"] | None:
    """Below the first ceiling it is free, between the two it is paid for (L861-1 1° and 2°)."""
    if resources is None:
        return None
    if resources < free:
        return "gratuite"
    return "participation" if resources <= paying else "non"
