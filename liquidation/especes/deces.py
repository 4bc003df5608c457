"""Capital décès of a salarié: the amount of the day of death, and who receives it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN
from typing import Literal

from domain.money import CENT, ZERO, Money, in_french
from law import Law, NotCovered
from law.dates import add_months
from liquidation.especes.common import refused
from liquidation.especes.types import CashDecision, CashLine, Payment
from liquidation.reasons import because
from liquidation.traces import cite, note
from liquidation.version import CODE_VERSION

BENEFIT = "capital_deces"
Link = Literal["conjoint", "descendant", "ascendant", "autre"]
RANK = {"conjoint": 0, "descendant": 1, "ascendant": 2, "autre": 3}


@dataclass(frozen=True, slots=True)
class Claimant:
    """`link`: conjoint (not separated) or partner of a PACS, descendant, ascendant, or another.
    `dependent`: à charge effective, totale et permanente on the day of death. `claimed_on`: the day of
    the request."""

    id: str
    link: Link
    claimed_on: date
    dependent: bool = False


def liquidate(
    died_on: date,
    entitled: bool,
    claimants: Sequence[Claimant],
    decided_on: date,
    law: Law,
) -> CashDecision:
    """`entitled`: within three months before, he worked, was indemnified as unemployed, or held a
    pension d'invalidité or a rente (L361-1): what the S 3180 and its pieces tell.

    Equal claimants of the rank that is served share alike, to the cent, the first ids taking the
    odd cents. No one is served before the month of priority has passed, unless one claims it."""
    try:
        value = law.value("capital_deces.montant", died_on)
        months = int(law.value("capital_deces.priorite", died_on).number)
        years = int(law.value("capital_deces.prescription", died_on).number)
    except NotCovered as refusal:
        return refused(BENEFIT, [because("droit_non_couvert", detail=f"{refusal}.")], decided_on, law)
    limit = add_months(died_on, months)
    in_time = [each for each in claimants if each.claimed_on < add_months(died_on, 12 * years)]
    priority = [each for each in in_time if each.dependent and each.claimed_on <= limit]
    reasons = []
    if not entitled:
        reasons.append(because("capital_non_ouvert"))
    if not in_time:
        reasons.append(because("capital_sans_demande"))
    elif not priority and decided_on <= limit:
        reasons.append(because("capital_priorite", detail=f"{limit:%d/%m/%Y}"))
    served = _first_rank(priority or [each for each in in_time if each.link != "autre"])
    if in_time and not served:
        reasons.append(because("capital_sans_demande"))
    if reasons:
        return refused(BENEFIT, reasons, decided_on, law)
    whole = value.number.quantize(CENT)
    share = (whole / len(served)).quantize(CENT, ROUND_DOWN)
    odd = int((whole - share * len(served)) / CENT)
    payments = tuple(
        Payment("assure", each.id, share + (CENT if place < odd else ZERO)) for place, each in enumerate(served)
    )
    trace = [
        cite("CSS L361-1 ; D361-1", f"Capital d'un décès du {died_on:%d/%m/%Y}.", value, whole),
        note("CSS L361-4 ; R361-3", _why(bool(priority), served, share), share),
    ]
    line = CashLine(died_on, died_on, BENEFIT, whole, whole, ZERO, ZERO, whole, "CSS L361-1", "Capital décès.")
    return CashDecision(
        BENEFIT, decided_on, (line,), payments, whole, whole, tuple(trace), (), law.version, CODE_VERSION
    )


def _first_rank(claimants: Sequence[Claimant]) -> list[Claimant]:
    if not claimants:
        return []
    best = min(RANK[each.link] for each in claimants)
    return sorted((each for each in claimants if RANK[each.link] == best), key=_by_id)


def _by_id(claimant: Claimant) -> str:
    return claimant.id


def _why(priority: bool, served: Sequence[Claimant], share: Money) -> str:
    who = {"conjoint": "conjoint ou partenaire", "descendant": "descendants", "ascendant": "ascendants"}
    ground = "à la charge de l'assuré, priorité invoquée" if priority else "sans priorité invoquée"
    count = f", {len(served)} parts égales de {in_french(share)}" if len(served) > 1 else ""
    return f"Versé à : {who.get(served[0].link, 'personne à charge')} ({ground}){count}."
