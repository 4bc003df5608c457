"""The lines of a file of dossiers."""

import json
from dataclasses import replace
from datetime import date

import jsonschema
import pytest

from domain.errors import Refused
from domain.identifiers import luhn_key
from domain.people import Affiliation, Ald, Insured, MedecinTraitant, Practitioner, Situation
from domain.period import Period
from dossiers import people_from_json, practitioner_from_json, read_lines, schema, to_json
from ocr.specimen.people_files import to_line
from ocr.specimen.population import make_population
from tests.dossiers.family import LEO, MOTHER

FULL = replace(
    MOTHER,
    affiliations=(Affiliation(Period(date(2020, 1, 1)), "017510000"),),
    alds=(Ald(Period(date(2020, 1, 1), date(2025, 1, 1)), 8),),
    medecins_traitants=(MedecinTraitant(Period(date(2020, 1, 1)), "10100123453"),),
    situations=(Situation(Period(date(2020, 1, 1)), "ame"),),
    address=("1 rue X", "75001 PARIS"),
)
DOCTOR = Practitioner("1010012345" + luhn_key("1010012345"), "751012345", "LEROY", "Hélène")


@pytest.mark.parametrize("person", [MOTHER, LEO, FULL])
def test_a_person_comes_back_the_same(person: Insured) -> None:
    assert people_from_json(json.loads(json.dumps(to_json(person)))) == person


def test_a_practitioner_comes_back_the_same() -> None:
    assert practitioner_from_json(json.loads(json.dumps(to_json(DOCTOR)))) == DOCTOR


def test_optam_is_told_where_it_is_known_and_only_there() -> None:
    for optam in (True, False):
        told = replace(DOCTOR, sector="2", optam=optam)
        assert json.loads(to_line(told))["optam"] is to_json(told)["optam"] is optam
        assert practitioner_from_json(to_json(told)) == told
    assert "optam" not in to_json(DOCTOR)
    assert "optam" not in json.loads(to_line(DOCTOR))
    assert practitioner_from_json({**to_json(DOCTOR), "optam": None}) == DOCTOR
    assert schema(Practitioner)["properties"]["optam"] == {"anyOf": [{"type": "boolean"}, {"type": "null"}]}
    with pytest.raises(Refused, match="vrai ou faux"):
        practitioner_from_json({**to_json(DOCTOR), "optam": "oui"})


def test_the_demo_population_is_read_and_holds_to_the_schema() -> None:
    population = make_population(3, 300)
    lines = [to_line(person) for person in population.insured]
    assert tuple(read_lines(lines, Insured)) == population.insured
    doctors = [to_line(person) for person in population.practitioners]
    assert tuple(read_lines(doctors, Practitioner)) == population.practitioners
    for text, kind in ((lines, Insured), (doctors, Practitioner)):
        validator = jsonschema.Draft202012Validator(schema(kind))
        for line in text[:100]:
            validator.validate(json.loads(line))


def spoiled(**changes: object) -> dict[str, object]:
    return {**to_json(FULL), **changes}


BAD = [
    (spoiled(nir="123"), "nir"),
    (spoiled(nir=None), "nir"),
    (spoiled(assure_nir="2" * 12), "assure_nir"),
    (spoiled(birth_date="12/01/1985"), "birth_date"),
    (spoiled(birth_date="1985-02-30"), "birth_date"),
    (spoiled(birth_date=None), "birth_date"),
    (spoiled(birth_rank="1"), "birth_rank"),
    (spoiled(birth_rank=True), "birth_rank"),
    (spoiled(birth_rank=0), "birth_rank"),
    (spoiled(birth_name="  "), "birth_name"),
    (spoiled(address="1 rue X"), "address"),
    (
        spoiled(affiliations=[{"period": {"start": "2020-01-01"}, "organisme": "1"}]),
        r"affiliations\[0\].organisme",
    ),
    (
        spoiled(alds=[{"period": {"start": "2020-01-01", "end": "2020-01-01"}, "number": 8}]),
        r"alds\[0\].period",
    ),
    (spoiled(situations=[{"period": {"start": "2020-01-01"}, "kind": "roi"}]), r"situations\[0\].kind"),
    (spoiled(situations=[{"kind": "ame"}]), r"situations\[0\].period : absent"),
]


@pytest.mark.parametrize(("data", "where"), BAD)
def test_a_bad_line_is_refused_by_its_number_and_its_field(data: dict[str, object], where: str) -> None:
    with pytest.raises(Refused, match=f"Ligne 42 : {where}") as caught:
        people_from_json(data, 42)
    assert caught.value.code == "dossier_mal_forme"
    assert caught.value.extra == {"line": 42}


def test_an_unknown_field_is_refused_without_repeating_it() -> None:
    with pytest.raises(Refused) as caught:
        people_from_json(spoiled(**{"MARTIN Claire": 1}), 3)
    assert "MARTIN" not in str(caught.value)


def test_a_missing_field_is_named() -> None:
    data = to_json(FULL)
    del data["birth_name"]
    with pytest.raises(Refused, match="birth_name : absent"):
        people_from_json(data, 1)


def test_values_are_never_repeated() -> None:
    for data, _ in BAD:
        with pytest.raises(Refused) as caught:
            people_from_json(data, 1)
        assert not any(secret in str(caught.value) for secret in ("MARTIN", "28501", "1985", "rue X"))


@pytest.mark.parametrize(("text", "line"), [("{", 2), ("[]", 2), ("3", 2), ("null", 2)])
def test_what_is_no_object_is_refused_by_its_line(text: str, line: int) -> None:
    with pytest.raises(Refused, match=f"Ligne {line}"):
        list(read_lines([json.dumps(to_json(FULL)), text], Insured))


def test_blank_lines_are_passed_over_and_counted() -> None:
    lines = ["", json.dumps(to_json(FULL)), " ", "{}"]
    with pytest.raises(Refused, match="Ligne 4"):
        list(read_lines(lines, Insured))


@pytest.mark.parametrize("changes", [{"rpps": "10100123450"}, {"am_number": "75"}, {"last_name": ""}])
def test_a_practitioner_with_a_bad_number_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(Refused, match=next(iter(changes))):
        practitioner_from_json({**to_json(DOCTOR), **changes}, 1)
