"""The déclaration d'accident du travail: each rule speaks where it should, and is silent on a good one."""

from datetime import date

import pytest

from checks import run
from checks.accident import NEEDED
from checks.runner import ONLY_FOR
from checks.table_declarations import DECLARATIONS
from domain.findings import Finding, Severity
from domain.identifiers import luhn_key
from domain.nir import key_of
from domain.reading import Value
from tests.checks.sheet import INSURED, case_with, reading
from validation import order_of

TYPE = "declaration_accident_travail"
SIRET = "7328293200007" + luhn_key("7328293200007")
GOOD: dict[str, Value] = {
    "employeur_nom": "FONDERIE DU NORD",
    "employeur_adresse": "3 rue des Forges",
    "employeur_siret": SIRET,
    "beneficiaire_nom_prenom": "MARTIN Claire",
    "beneficiaire_nir": INSURED.nir,
    "beneficiaire_nir_cle": key_of("2850175116001"),
    "beneficiaire_date_naissance": "1985-01-12",
    "embauche_date": "2019-09-02",
    "accident_date": "2026-03-05",
    "accident_lieu": "atelier",
    "accident_nature": "chute de plain-pied",
    "lesions_siege": "main droite",
    "lesions_nature": "contusion",
    "constate_date": "2026-03-05",
    "declaration_date": "2026-03-07",
    "lieu_habituel": True,
    "sans_arret": True,
    "accident_connu": True,
    "tiers_non": True,
    "police_non": True,
    "signature_employeur": True,
}


def found(received_on: date = date(2026, 3, 10), **changes: Value) -> dict[str, Finding]:
    fields = {name: reading(value) for name, value in {**GOOD, **changes}.items()}
    told = run(case_with(case={"fields": fields, "reading_type": TYPE, "received_on": received_on}))
    return {each.code: each for each in told}


def test_a_good_declaration_asks_nothing() -> None:
    assert found() == {}


@pytest.mark.parametrize(("name", "what"), NEEDED)
def test_what_is_missing_is_named(name: str, what: str) -> None:
    told = found(**{name: None})["dat_rubrique_absente"]
    assert (told.field, told.severity) == (name, Severity.A_VERIFIER)
    assert what in told.message
    assert told.article is not None


CASES: list[tuple[str, str, dict[str, Value]]] = [
    ("dat_signature", "signature_employeur", {"signature_employeur": False}),
    ("dat_case_absente", "lieu_habituel", {"lieu_habituel": False}),
    ("dat_case_absente", "sans_arret", {"sans_arret": False}),
    ("dat_cases_contradictoires", "trajet_domicile", {"trajet_domicile": True}),
    ("dat_cases_contradictoires", "avec_arret", {"avec_arret": True}),
    ("dat_cases_contradictoires", "tiers_non", {"tiers_oui": True, "tiers_nom": "X"}),
    ("dat_siret_faux", "employeur_siret", {"employeur_siret": SIRET[:-1] + str((int(SIRET[-1]) + 1) % 10)}),
    ("dat_siret_faux", "accident_siret", {"accident_siret": "123"}),
    ("nir_cle_fausse", "beneficiaire_nir", {"beneficiaire_nir_cle": "01"}),
    ("date_invalide", "accident_date", {"accident_date": "2026-02-30"}),
    ("dat_embauche_apres", "embauche_date", {"embauche_date": "2026-03-06"}),
    ("dat_connu_avant", "constate_date", {"constate_date": "2026-03-04"}),
    ("dat_declare_avant", "declaration_date", {"declaration_date": "2026-03-04"}),
    ("dat_apres_reception", "declaration_date", {"declaration_date": "2026-03-11"}),
    ("dat_accident_futur", "accident_date", {"accident_date": "2026-03-11", "constate_date": None}),
    ("dat_victime_tardive", "constate_date", {"constate_date": "2026-03-07"}),
    ("dat_reserves", "reserves", {"reserves": "pas de témoin"}),
    ("dat_deces", "deces", {"deces": True, "sans_arret": False}),
    ("dat_attestation_due", "avec_arret", {"avec_arret": True, "sans_arret": False}),
    ("dat_tiers", "tiers_oui", {"tiers_oui": True, "tiers_non": False, "tiers_nom": "X"}),
    ("dat_rubrique_absente", "tiers_nom", {"tiers_oui": True, "tiers_non": False}),
    ("dat_rubrique_absente", "registre_date", {"registre": True}),
    ("dat_trajet", "trajet_domicile", {"trajet_domicile": True, "lieu_habituel": False}),
]


@pytest.mark.parametrize(("code", "field", "changes"), CASES)
def test_each_rule_speaks(code: str, field: str, changes: dict[str, Value]) -> None:
    assert found(**changes)[code].field == field


@pytest.mark.parametrize(
    ("known", "last"),
    [
        ("2026-03-05", date(2026, 3, 7)),  # Thursday: Friday, Saturday
        ("2026-03-06", date(2026, 3, 9)),  # Friday: Saturday, Monday
        ("2026-03-08", date(2026, 3, 10)),  # Sunday does not run: Monday, Tuesday
        ("2026-04-03", date(2026, 4, 7)),  # Friday before Easter: Saturday, Tuesday
        ("2026-04-30", date(2026, 5, 4)),  # the first of May, a Friday, and Sunday are skipped
        ("2026-05-12", date(2026, 5, 15)),  # Ascension
        ("2026-12-24", date(2026, 12, 28)),  # Christmas on Friday; Saturday, Monday
    ],
)
def test_forty_eight_hours_without_sundays_and_holidays(known: str, last: date) -> None:
    later = {"accident_date": known, "constate_date": known}
    received = date(2027, 1, 4)
    assert "dat_hors_delai" not in found(received, **later, declaration_date=last.isoformat())
    late = date.fromordinal(last.toordinal() + 1).isoformat()
    told = found(received, **later, declaration_date=late)["dat_hors_delai"]
    assert f"{last:%d/%m/%Y}" in told.message
    assert told.article == "CSS R441-3 ; L471-1"


def test_two_years_from_the_accident() -> None:
    assert "dat_prescription" not in found(date(2028, 3, 4))
    assert "dat_prescription" in found(date(2028, 3, 5))


@pytest.mark.parametrize("name", ["accident_date", "constate_date", "declaration_date", "embauche_date"])
@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "0000-00-00", "³", ""])
def test_no_day_breaks_a_rule(name: str, text: str) -> None:
    assert "controle_en_panne" not in found(**{name: text})


def test_nothing_of_it_is_asked_of_another_paper() -> None:
    fields = {name: reading(None) for name in GOOD}
    told = run(case_with(case={"fields": fields, "reading_type": "rib"}))
    assert not [each for each in told if each.code.startswith(("dat_", "mt_"))]


def test_each_field_that_is_named_is_keyed() -> None:
    keyed = {entry.name for entry in order_of(TYPE)}
    assert set(GOOD) <= keyed
    assert {name for name, _ in NEEDED} <= keyed
    assert TYPE in ONLY_FOR.values()


def test_each_rule_of_the_table_is_tested_here() -> None:
    codes = {code for rows in DECLARATIONS.values() for code, *_ in rows if code.startswith("dat_")}
    assert codes - {code for code, *_ in CASES} == {"dat_hors_delai", "dat_prescription"}
