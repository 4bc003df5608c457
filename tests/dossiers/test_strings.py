"""How likely a comb is to mean a number: sure cells, doubtful cells, slips of the hand."""

import math

import pytest

from domain.reading import Alternative, FieldReading
from dossiers.strings import NEVER, best_strings, evidence
from tests.dossiers.family import cells_of, said

NUMBER = "2850175116001"
SWAPPED = "2850157116001"
TWO_OTHERS = "2850196116001"


@pytest.mark.parametrize("field", [said(NUMBER), cells_of(NUMBER)])
def test_two_neighbours_swapped_are_likelier_than_two_wrong_digits(field: FieldReading) -> None:
    found = evidence(field, 13)
    assert found is not None
    assert found.likelihood(NUMBER) > -0.1
    assert found.likelihood(SWAPPED) > found.likelihood(TWO_OTHERS) + 4.0
    assert found.likelihood(SWAPPED) < -6.0


@pytest.mark.parametrize("field", [said(NUMBER), cells_of(NUMBER)])
def test_the_more_differs_the_less_likely(field: FieldReading) -> None:
    found = evidence(field, 13)
    assert found is not None
    levels = [found.likelihood(each) for each in (NUMBER, "2850175116002", TWO_OTHERS, "1" * 13)]
    assert levels == sorted(levels, reverse=True)
    assert all(level >= NEVER for level in levels)


def test_a_doubtful_cell_tells_its_own_doubt() -> None:
    found = evidence(cells_of(NUMBER, {12: {"1": 0.6, "7": 0.4}}), 13)
    assert found is not None
    assert math.exp(found.likelihood(NUMBER)) == pytest.approx(0.6, abs=0.02)
    assert math.exp(found.likelihood("2850175116007")) == pytest.approx(0.4, abs=0.02)


def test_alternatives_count_as_much_as_they_are_given() -> None:
    field = FieldReading(NUMBER, "review", 0.6, (Alternative("2850175116007", 0.39),))
    found = evidence(field, 13)
    assert found is not None
    assert math.exp(found.likelihood("2850175116007")) == pytest.approx(0.39, abs=0.03)


def test_a_lost_character_is_unlikely_not_impossible() -> None:
    found = evidence(said(NUMBER[:-1]), 13)
    assert found is not None
    assert -12.0 < found.likelihood(NUMBER) < -4.0
    assert found.likelihood("1700175056123") < -40.0


@pytest.mark.parametrize("field", [None, said(None), said("")])
def test_nothing_read_is_no_evidence(field: FieldReading | None) -> None:
    assert evidence(field, 13) is None
    assert best_strings(field) == ()


def test_a_human_s_value_forgets_the_cells() -> None:
    field = FieldReading(NUMBER, "accepted", 1.0, cells=cells_of("1" * 13).cells)
    found = evidence(field, 13)
    assert found is not None
    assert found.cells == ()
    assert best_strings(field) == (NUMBER,)


def test_the_best_few_strings_are_looked_up() -> None:
    field = cells_of(NUMBER, {3: {"0": 0.6, "6": 0.4}, 12: {"1": 0.7, "7": 0.3}})
    found = best_strings(field)
    assert found[0] == NUMBER
    assert set(found) == {NUMBER, "2850175116007", "2856175116001", "2856175116007"}
