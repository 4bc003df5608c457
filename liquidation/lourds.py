"""Actes lourds: from a tariff of 120 € the participation becomes one sum, once a day and practitioner."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.claim import Act, Claim
from domain.money import ZERO, Money, to_the_cent
from law import Law, Value
from liquidation.priced import Priced

PARTICIPATION = "participation_acte_lourd"


@dataclass(frozen=True, slots=True)
class Heavy:
    """What is left of the participation of a line: `amount`, with the value that fixed it."""

    amount: Money
    value: Value
    article: str
    sentence: str


def heavy_lines(claim: Claim, priced: Mapping[int, Priced], law: Law) -> dict[int, Heavy]:
    """Line -> its participation, for the acts that reach the threshold (R160-16 I and II).

    Tariffs of acts of one moment by the same practitioner add up, but for those compared alone; imaging
    is free; the others of a day bear one sum together, the dearest first."""
    found: dict[int, Heavy] = {}
    days: dict[date, list[Act]] = {}
    for act in claim.acts:
        worth = priced[act.line]
        if worth.counted is not None and worth.base:
            days.setdefault(act.day, []).append(act)
    for day, acts in days.items():
        threshold = law.value("actes_lourds.seuil_tarif", day)
        reached = _reached(acts, priced, threshold.number)
        bearing = [act for act in reached if not priced[act.line].imaging]
        for act in reached:
            if priced[act.line].imaging:
                said = "Imagerie au-dessus du seuil : participation supprimée."
                found[act.line] = Heavy(ZERO, threshold, "CSS R160-16 II 1", said)
        if not bearing:
            continue
        value = law.value("actes_lourds.montant", day)
        left = to_the_cent(value.number)
        for act in sorted(bearing, key=lambda act: (-priced[act.line].base, act.code, act.line)):
            amount = min(left, priced[act.line].base)
            left -= amount
            said = (
                "Acte au-dessus du seuil : participation forfaitaire."
                if amount
                else "Participation déjà supportée par un autre acte du même jour."
            )
            found[act.line] = Heavy(amount, value, "CSS R160-16 I", said)
    return found


def _reached(acts: list[Act], priced: Mapping[int, Priced], threshold: Decimal) -> list[Act]:
    """The acts of one day that reach it, together or alone."""
    together = [act for act in acts if not (priced[act.line].alone or priced[act.line].imaging)]
    summed = sum((priced[act.line].counted or ZERO for act in together), ZERO)
    reached = list(together) if summed >= threshold else []
    apart = [act for act in acts if act not in together]
    return reached + [act for act in apart if (priced[act.line].counted or ZERO) >= threshold]


def within_a_stay(claim: Claim, found: Mapping[int, Heavy], law: Law) -> dict[int, Heavy]:
    """Where one act of a stay is heavy, or it passes its thirtieth day, no participation is left on the
    fees: it is due once, on the costs of the stay (R160-16 I 2 and V 3)."""
    if not (claim.heavy_stay or any(each.amount for each in found.values())):
        return dict(found)
    said = "Séjour avec un acte au-dessus du seuil, ou de plus de trente jours : participation due au séjour."
    return {
        act.line: Heavy(ZERO, law.value("actes_lourds.seuil_tarif", act.day), "CSS R160-16 I 2 et V 3", said)
        for act in claim.acts
    }
