"""The invented population: numbers with their keys, families, dated facts."""

from collections import Counter
from pathlib import Path

import pytest

from domain.identifiers import am_number_is_well_formed, rpps_is_valid
from domain.nir import Nir
from domain.people import Insured, Practitioner
from dossiers.schema import read_lines
from ocr.specimen import people_files
from ocr.specimen.population import Population, make_population


@pytest.fixture(scope="module")
def people() -> Population:
    return make_population(3)


def test_it_is_the_same_for_the_same_seed(people: Population) -> None:
    assert make_population(3) == people
    assert make_population(4) != people


def test_it_has_the_people_that_a_caisse_knows(people: Population) -> None:
    assert len(people.insured) == 2000
    assert len(people.practitioners) == 100
    assert sum(p.specialty == "01" for p in people.practitioners) == 80
    kinds = Counter(p.quality for p in people.insured)
    assert kinds["30"] > 300
    numbers = [p.nir for p in people.insured if p.nir]
    assert len(numbers) == len(set(numbers))
    assert any(n[5:7] in ("2A", "2B") for n in numbers)
    assert any(n[5:7] == "99" for n in numbers)
    assert any(n[5:7] == "97" for n in numbers)
    assert any(Nir(n).month_is_fictive for n in numbers)
    assert any(Nir(n).is_provisional for n in numbers)
    assert any(p.nir is None for p in people.insured)
    assert any(p.birth_rank == 2 for p in people.insured)
    assert any(p.died_on for p in people.insured)
    assert any(p.affiliations[-1].period.end for p in people.insured)
    for facts in ("alds", "complementaires", "grossesses", "accidents", "situations"):
        assert any(getattr(p, facts) for p in people.insured), facts
    assert any(len(p.medecins_traitants) == 2 for p in people.insured)
    assert any(c in p.birth_name for p in people.insured for c in "éèëç'- ")


def test_numbers_agree_with_the_people_who_bear_them(people: Population) -> None:
    bearers = {p.nir for p in people.insured}
    doctors = {d.rpps for d in people.practitioners}
    for person in people.insured:
        if person.nir:
            assert Nir(person.nir).agrees_with(person.birth_date.year, person.birth_date.month)
        if person.quality == "30":
            assert person.assure_nir in bearers
        assert {m.rpps for m in person.medecins_traitants} <= doctors
        assert all(len(a.organisme) == 9 for a in person.affiliations)
        if person.iban:
            digits = person.iban[4:] + "1527" + person.iban[2:4]
            assert int(digits) % 97 == 1
            assert person.iban[4:9] == "99999"  # a bank that exists nowhere
    for doctor in people.practitioners:
        assert rpps_is_valid(doctor.rpps)
        assert am_number_is_well_formed(doctor.am_number)


def test_what_is_written_is_read_back_by_us_and_by_the_dossiers(people: Population, tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    people_files.write(people, path)
    assert people_files.read(path) == people
    with path.open("rb") as lines:
        assert tuple(read_lines(lines, Insured)) == people.insured
    with (tmp_path / "practitioners.jsonl").open("rb") as lines:
        assert tuple(read_lines(lines, Practitioner)) == people.practitioners
