"""Whose stamp it is."""

import random

import pytest

from domain.identifiers import luhn_key
from domain.people import Practitioner
from domain.reading import FieldReading
from dossiers import Directory, PractitionerIdentification, match_practitioner, practitioner_queries
from ocr.specimen.population import make_population


def doctor(place: int, last: str, first: str, am_number: str) -> Practitioner:
    body = f"10100{place:05d}"
    return Practitioner(body + luhn_key(body), am_number, last, first)


LEROY = doctor(12345, "LEROY", "Hélène", "751012345")
PETIT = doctor(87691, "PETIT", "Jean", "591087698")
TABLE = (LEROY, PETIT)
STAMP = "Dr Hélène LEROY\nMédecine générale\n12 rue de la Paix\n75002 PARIS\nTél. 01 42 00 00 00"


def ask(**values: str) -> PractitionerIdentification:
    fields = {name: FieldReading(value, "accepted", 0.9995) for name, value in values.items()}
    candidates = Directory((), TABLE).practitioners_for(practitioner_queries(fields))
    return match_practitioner(fields, candidates)


def test_a_whole_stamp_is_certain() -> None:
    found = ask(medecin_rpps=LEROY.rpps, medecin_am=LEROY.am_number, medecin_tampon=STAMP)
    assert found.certain is LEROY
    assert found.ranked[0].reasons == (
        "Le numéro RPPS est celui de la table.",
        "Le numéro d'assurance maladie est celui de la table.",
        "Le nom est sur le tampon.",
    )


@pytest.mark.parametrize(
    "values",
    [
        {"medecin_rpps": LEROY.rpps, "medecin_tampon": STAMP},
        {"medecin_am": LEROY.am_number, "medecin_tampon": STAMP},
        {"medecin_rpps": LEROY.rpps, "medecin_am": LEROY.am_number},
    ],
)
def test_two_of_three_are_enough(values: dict[str, str]) -> None:
    assert ask(**values).certain is LEROY


def test_a_misread_digit_is_mended_by_the_name_and_the_other_number() -> None:
    wrong = LEROY.rpps[:5] + "9" + LEROY.rpps[6:]
    assert ask(medecin_rpps=wrong, medecin_am=LEROY.am_number, medecin_tampon=STAMP).certain is LEROY


def test_a_name_alone_is_not_certain() -> None:
    assert ask(medecin_tampon=STAMP).certain is None


def test_another_s_number_beside_a_name_is_not_certain() -> None:
    assert ask(medecin_rpps=PETIT.rpps, medecin_tampon=STAMP).certain is None


def test_two_numbers_of_two_persons_are_not_certain() -> None:
    assert ask(medecin_rpps=PETIT.rpps, medecin_am=LEROY.am_number).certain is None


def test_who_is_not_in_the_table_is_absent() -> None:
    other = doctor(99999, "X", "Y", "591012345")
    found = ask(medecin_rpps=other.rpps, medecin_tampon="Dr Marc DUBOIS")
    assert found.certain is None
    assert found.absent > 0.9


def test_no_stamp_is_nobody() -> None:
    assert ask().absent == 1.0
    assert ask(medecin_tampon="").ranked == ()


def test_the_hundred_of_the_demo_are_told_apart() -> None:
    doctors = make_population(5, 10).practitioners
    directory, rng = Directory((), doctors), random.Random(1)
    for each in doctors:
        stamp = f"Docteur {each.first_name} {each.last_name}\n1 place X"
        fields = {
            "medecin_rpps": FieldReading(each.rpps, "accepted", 0.999),
            "medecin_tampon": FieldReading(stamp, "accepted", 0.99),
        }
        if rng.random() < 0.5:
            fields["medecin_am"] = FieldReading(each.am_number, "accepted", 0.999)
        found = match_practitioner(fields, directory.practitioners_for(practitioner_queries(fields)))
        assert found.certain is each
