"""The key of a NIR as evidence, and the look-up by halves."""

import pytest

from domain.nir import key_of
from dossiers import Directory, queries
from dossiers.numbers import LOG_NUMBERS, nir_line
from tests.dossiers.family import BASE, CORSICAN, KEY, MOTHER, NIR, cells_of, said, sheet

AWAY = "2850175116007"
"""One digit from the mother's number."""


def test_a_number_and_its_key_weigh_as_much_as_there_are_numbers() -> None:
    line = nir_line(sheet(MOTHER.nir), NIR)
    assert line is not None
    assert line.ratio(MOTHER.nir) == pytest.approx(LOG_NUMBERS, abs=0.1)


@pytest.mark.parametrize("read", [said, cells_of])
def test_a_valid_key_on_another_number_says_that_the_other_was_meant(read) -> None:  # type: ignore[no-untyped-def]
    with_key = nir_line({NIR: read(AWAY), KEY: read(key_of(AWAY))}, NIR)
    without = nir_line({NIR: read(AWAY)}, NIR)
    of_the_dossier = nir_line({NIR: read(AWAY), KEY: read(key_of(MOTHER.nir or ""))}, NIR)
    assert with_key is not None
    assert without is not None
    assert of_the_dossier is not None
    assert with_key.ratio(MOTHER.nir) < without.ratio(MOTHER.nir) - 5.0
    assert of_the_dossier.ratio(MOTHER.nir) > without.ratio(MOTHER.nir) + 3.0


def test_a_corsican_key_counts_too() -> None:
    line = nir_line(sheet(CORSICAN.nir), NIR)
    assert line is not None
    assert line.ratio(CORSICAN.nir) == pytest.approx(LOG_NUMBERS, abs=0.1)


def test_a_person_without_a_number_gets_nothing_from_it() -> None:
    line = nir_line(sheet(MOTHER.nir), NIR)
    assert line is not None
    assert line.ratio(None) == line.ratio("9" * 13) == -80.0


def test_a_blank_line_is_no_evidence() -> None:
    assert nir_line(sheet(), NIR) is None


@pytest.mark.parametrize("place", range(13))
def test_one_wrong_digit_leaves_a_half_to_look_up(place: int) -> None:
    body = MOTHER.nir or ""
    wrong = body[:place] + str((int(body[place]) + 3) % 10) + body[place + 1 :]
    assert MOTHER in Directory(BASE).candidates(queries({NIR: said(wrong)}))


def test_the_assure_s_number_brings_the_family() -> None:
    found = Directory(BASE).candidates(queries(sheet(None, holder="1840359350002")))
    assert {person.id for person in found} == {"pere", "aine", "leo", "zoe"}
