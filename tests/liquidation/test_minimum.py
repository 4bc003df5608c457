"""The floor of an indemnity and of a pension: unrounded, so that each is rounded once, by its own text."""

from datetime import date
from decimal import Decimal

import pytest

from domain.claim import TraceLine
from domain.money import to_the_cent
from law import NotCovered, load
from liquidation.especes import salaire
from liquidation.especes.minimum import at_least

DAY = date(2025, 6, 1)
LATER = date(2026, 6, 1)
KINDS = (("invalidite.minimum", "335.29"), ("ij_maternite.minimum", "11.02"))


def raised(amount: str, parameter: str, day: date = DAY) -> tuple[Decimal, list[TraceLine]]:
    trace: list[TraceLine] = []
    return at_least(Decimal(amount), parameter, "CSS L341-5", "Portée au minimum.", day, load(), trace), trace


@pytest.mark.parametrize(("parameter", "least"), KINDS)
def test_what_is_under_the_floor_is_raised_and_what_reaches_it_is_left_alone(
    parameter: str, least: str
) -> None:
    for under in ("0", f"{Decimal(least) - Decimal('0.01')}", f"{Decimal(least) - Decimal('0.0001')}"):
        amount, trace = raised(under, parameter)
        assert amount == Decimal(least)
        assert [line.amount for line in trace] == [Decimal(least)]
    for reached in (least, f"{Decimal(least) + Decimal('0.0001')}"):
        assert raised(reached, parameter) == (Decimal(reached), [])


def test_it_does_not_round_so_that_the_text_of_each_may() -> None:
    """11,0349 is over 11,02 and stays whole: R323-5, as it is read, cuts to 11,03; 335,2951 is over 335,29, and
    the pension of a month is rounded to 335,30."""
    indemnity, _ = raised("11.0349", "ij_maternite.minimum")
    assert salaire.last_cent(indemnity, DAY, load())[0] == Decimal("11.03")
    pension, _ = raised("335.2951", "invalidite.minimum")
    assert to_the_cent(pension) == Decimal("335.30")


def test_a_floor_that_was_not_found_refuses_what_might_lie_under_it() -> None:
    assert raised("400.00", "invalidite.minimum", LATER) == (Decimal("400.00"), [])
    with pytest.raises(NotCovered):
        raised("399.99", "invalidite.minimum", LATER)
