"""The choice of a médecin traitant: both sign, the doctor is known, a minor does not choose alone."""

from dataclasses import replace
from datetime import date

import pytest

from checks import run
from checks.table_declarations import DECLARATIONS
from domain.findings import Finding
from domain.identifiers import luhn_key
from domain.nir import key_of
from domain.period import Period
from domain.reading import Value
from tests.checks.sheet import INSURED, PRACTITIONER, RPPS, case_with, reading

SIRET = "7328293200007" + luhn_key("7328293200007")
GOOD: dict[str, Value] = {
    "assure_nom_prenom": "MARTIN Claire",
    "assure_nir": INSURED.nir,
    "assure_nir_cle": key_of("2850175116001"),
    "beneficiaire_nom_prenom": "MARTIN Claire",
    "beneficiaire_date_naissance": "1985-01-12",
    "medecin_rpps": RPPS,
    "structure_numero": SIRET,
    "signature_assure": True,
    "signature_medecin": True,
    "declaration_date": "2026-03-02",
}


def found(case: dict[str, object] | None = None, **changes: Value) -> dict[str, Finding]:
    fields = {name: reading(value) for name, value in {**GOOD, **changes}.items()}
    built = {"fields": fields, "reading_type": "declaration_medecin_traitant", **(case or {})}
    return {each.code: each for each in run(case_with(case=built))}


def test_a_good_declaration_asks_nothing() -> None:
    assert found() == {}


CASES: list[tuple[str, str, dict[str, Value]]] = [
    ("mt_signature", "signature_assure", {"signature_assure": False}),
    ("mt_signature", "signature_medecin", {"signature_medecin": False}),
    ("mt_date_absente", "declaration_date", {"declaration_date": None}),
    ("date_invalide", "declaration_date", {"declaration_date": "2026-02-30"}),
    ("mt_apres_reception", "declaration_date", {"declaration_date": "2026-03-11"}),
    ("mt_medecin_absent", "medecin_rpps", {"medecin_rpps": None}),
    ("mt_rpps_faux", "medecin_rpps", {"medecin_rpps": RPPS[:-1] + str((int(RPPS[-1]) + 1) % 10)}),
    ("mt_rpps_faux", "medecin_rpps", {"medecin_rpps": RPPS[:-1]}),
    ("mt_structure_fausse", "structure_numero", {"structure_numero": "12345678"}),
    ("mt_structure_fausse", "structure_numero", {"structure_numero": SIRET[:-1] + "x"}),
    ("nir_cle_fausse", "assure_nir", {"assure_nir_cle": "01"}),
]


@pytest.mark.parametrize(("code", "field", "changes"), CASES)
def test_each_rule_speaks(code: str, field: str, changes: dict[str, Value]) -> None:
    told = found(**changes)[code]
    assert told.field == field
    assert told.article == ("CSS L162-5-3" if code.startswith("mt_") else told.article)


@pytest.mark.parametrize("number", ["751012345", "2A0000012", SIRET])
def test_an_am_a_finess_or_a_siret_is_a_structure(number: str) -> None:
    assert "mt_structure_fausse" not in found(structure_numero=number)


def test_a_doctor_whom_nobody_knows_or_who_had_stopped() -> None:
    assert "mt_medecin_inconnu" in found({"practitioner": None})
    stopped = replace(PRACTITIONER, active=Period(date(2010, 1, 1), date(2026, 1, 1)))
    assert "mt_medecin_inactif" in found({"practitioner": stopped})


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2001-01-11", "mt_moins_de_seize"),  # the eve of sixteen
        ("2001-01-12", "mt_mineur"),
        ("2003-01-11", "mt_mineur"),
        ("2003-01-12", None),  # eighteen
    ],
)
def test_who_may_choose_alone(day: str, code: str | None) -> None:
    minors = {"mt_moins_de_seize", "mt_mineur"}
    assert found(declaration_date=day).keys() & minors == ({code} if code else set())
    assert not found(declaration_date=day, accord_parental=True).keys() & minors


def test_each_rule_of_the_table_is_tested_here() -> None:
    codes = {code for rows in DECLARATIONS.values() for code, *_ in rows if code.startswith("mt_")}
    assert codes - {code for code, *_ in CASES} == {
        "mt_medecin_inconnu",
        "mt_medecin_inactif",
        "mt_moins_de_seize",
        "mt_mineur",
    }
