"""The least that an indemnity or a pension may be."""

from datetime import date
from decimal import Decimal

from domain.claim import TraceLine
from domain.money import to_the_cent
from law import Law, NotCovered
from liquidation.traces import cite


def at_least(
    amount: Decimal, parameter: str, article: str, sentence: str, day: date, law: Law, trace: list[TraceLine]
) -> Decimal:
    """`amount`, raised to the least of that day. Where that was not found, an amount which no minimum has
    ever come near (`<parameter>_hors_doute`) does without it.

    Neither is rounded here. The texts set a floor (R331-5 al. 3, L341-5) and say nothing of its cent, and the
    greater of two amounts rounds to the greater of the two rounded: each caller rounds once, at its end, by the
    rule of its own text. Raises law.NotCovered."""
    try:
        least = law.value(parameter, day)
    except NotCovered:
        if amount < law.value(f"{parameter}_hors_doute", day).number:
            raise
        return amount
    if amount >= least.number:
        return amount
    trace.append(cite(article, sentence, least, to_the_cent(least.number)))
    return least.number
