"""Actes lourds: from a tariff of 120 € the participation becomes one sum, once a day and practitioner."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from domain.claim import Claim
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
    """Line -> its participation, for the lines of days that reach the threshold (R160-16 I and II).

    Tariffs of acts of one day by the same practitioner add up; imaging counts alone and is free."""
    found: dict[int, Heavy] = {}
    days: dict[date, list[int]] = {}
    if all(each.counted is None for each in priced.values()):
        return found
    codes = {act.line: act.code for act in claim.acts}
    for act in claim.acts:
        worth = priced[act.line]
        if worth.counted is None or not worth.base:
            continue
        if not worth.imaging:
            days.setdefault(act.day, []).append(act.line)
            continue
        threshold = law.value("actes_lourds.seuil_tarif", act.day)
        if worth.counted >= threshold.number:
            said = "Imagerie au-dessus du seuil : participation supprimée."
            found[act.line] = Heavy(ZERO, threshold, "CSS R160-16 II 1", said)
    for day, lines in days.items():
        threshold = law.value("actes_lourds.seuil_tarif", day)
        counted = sum((priced[line].counted or ZERO for line in lines), ZERO)
        if counted < threshold.number:
            continue
        value = law.value("actes_lourds.montant", day)
        first = min(lines, key=lambda line: (-priced[line].base, codes[line], line))
        for line in lines:
            amount = min(to_the_cent(value.number), priced[line].base) if line == first else ZERO
            said = (
                "Acte au-dessus du seuil : participation forfaitaire."
                if line == first
                else "Participation déjà supportée par un autre acte du même jour."
            )
            found[line] = Heavy(amount, value, "CSS R160-16 I", said)
    return found


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
