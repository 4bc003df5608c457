"""Figures on the demo population: who is there is found, who is not is not."""

import random

import pytest

from bench.identify import measure, split
from bench.noise import HANDWRITTEN, PRINTED, Noise
from dossiers import Directory
from ocr.specimen.population import make_population


@pytest.fixture(scope="module")
def population():  # type: ignore[no-untyped-def]
    return make_population(11, 2000).insured


@pytest.mark.parametrize(("noise", "least"), [(PRINTED, 0.97), (HANDWRITTEN, 0.93)])
def test_persons_of_the_base_are_recognised_and_none_for_another(
    population, noise: Noise, least: float
) -> None:  # type: ignore[no-untyped-def]
    holders = {person.nir: person for person in population}
    sheets = random.Random(1).sample(population, 400)
    result = measure(Directory(population), sheets, holders, noise, 1, 1_000_000)
    assert result.outcomes["certain_wrong"] == 0
    assert result.outcomes["certain_right"] >= least * len(sheets)


@pytest.mark.parametrize("noise", [PRINTED, HANDWRITTEN])
def test_persons_taken_out_of_the_base_are_recognised_as_absent(population, noise: Noise) -> None:  # type: ignore[no-untyped-def]
    base, absent = split(population, 0.2, 2)
    holders = {person.nir: person for person in population}
    result = measure(Directory(base), absent, holders, noise, 2, 1_000_000)
    assert result.outcomes["certain_wrong"] == 0
    assert result.outcomes["absent"] >= 0.85 * len(absent)
