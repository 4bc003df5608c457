"""From a form to a claim."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from checks import interpret, obstacles
from domain.people import MedecinTraitant
from domain.period import Period
from domain.reading import Value
from tests.checks.sheet import INSURED, PRACTITIONER, RECEIVED, fields_with


def claim_of(**changes: Value):  # type: ignore[no-untyped-def]
    return interpret(fields_with(**changes), INSURED, PRACTITIONER, "document", RECEIVED)


def test_the_good_sheet_is_a_claim() -> None:
    claim = claim_of()
    assert claim is not None
    (act,) = claim.acts
    assert (act.code, act.fee, act.day) == ("G", Decimal("30.00"), date(2026, 3, 2))
    assert (claim.id, claim.insured_id, claim.total) == ("document", INSURED.id, Decimal("30.00"))
    assert (claim.nature, claim.parcours, claim.paid_by_insured) == ("maladie", "T", True)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"nouveau_medecin_traitant": True}, "N"),
        ({"envoye_par_medecin": "Dr Petit"}, "O"),
        ({"acces_direct_specifique": True}, "D"),
        ({"urgence": True}, "U"),
        ({"hors_residence": True}, "H"),
        ({"mt_remplace": True}, "R"),
        ({"hors_coordination": True}, "S"),
    ],
)
def test_each_box_of_the_parcours_has_its_code(changes: dict[str, Value], code: str) -> None:
    assert claim_of(**changes).parcours == code


def test_no_box_and_another_practitioner_is_no_code() -> None:
    elsewhere = replace(INSURED, medecins_traitants=(MedecinTraitant(Period(date(2020, 1, 1)), "10003900015"),))
    claim = interpret(fields_with(), elsewhere, PRACTITIONER, "document", RECEIVED)
    assert claim is not None
    assert claim.parcours is None


@pytest.mark.parametrize(
    ("changes", "nature"),
    [
        ({}, "maladie"),
        ({"maladie": False, "maternite": True}, "maternite"),
        ({"maladie": False, "at_mp": True}, "atmp"),
        ({"soins_L115": True}, "l115"),
        ({"prevention": True}, "prevention"),
    ],
)
def test_the_nature_of_the_insurance(changes: dict[str, Value], nature: str) -> None:
    assert claim_of(**changes).nature == nature


def test_unpaid_parts_make_the_practitioner_the_payee() -> None:
    claim = claim_of(non_paye_part_obligatoire=True, non_paye_part_complementaire=True)
    assert (claim.paid_by_insured, claim.complementary_paid_by_insured) == (False, False)


def test_a_ccam_code_and_its_activity() -> None:
    (act,) = claim_of(acte1_c_v=None, acte1_code="DEQP003", acte1_activite="1").acts
    assert (act.code, act.activity) == ("DEQP003", "1")


def test_letters_and_coefficient_of_the_other_acts() -> None:
    (act,) = claim_of(acte1_c_v=None, acte1_autres_actes_1="K 20,5", acte1_autres_actes_2="F").acts
    assert (act.code, act.coefficient, act.others) == ("K", Decimal("20.5"), ("F",))


def test_other_letters_beside_a_consultation_are_kept() -> None:
    (act,) = claim_of(acte1_autres_actes_1="f").acts
    assert (act.code, act.others) == ("G", ("F",))


def test_travel_adds_its_amounts() -> None:
    (act,) = claim_of(
        acte1_c_v="VG", acte1_deplacement_id_md="10.00", acte1_ik_nombre="4", acte1_ik_montant="2.44"
    ).acts
    assert act.travel_fee == Decimal("12.44")


@pytest.mark.parametrize(
    ("name", "clause"),
    [
        ("acte1_date", "la date de l'acte manque à la ligne 1"),
        ("acte1_c_v", "le code de l'acte manque à la ligne 1"),
        ("acte1_honoraires", "le montant des honoraires manque à la ligne 1"),
        ("montant_total", "le montant total manque"),
        ("date_facture", "la date de la feuille manque"),
    ],
)
def test_what_is_missing_is_an_obstacle(name: str, clause: str) -> None:
    fields = fields_with(**{name: None})
    assert interpret(fields, INSURED, PRACTITIONER, "document", RECEIVED) is None
    assert [each.what for each in obstacles(fields, INSURED, PRACTITIONER)] == [clause]


def test_unknown_persons_are_obstacles_too() -> None:
    assert interpret(fields_with(), None, None, "document", RECEIVED) is None
    assert len(obstacles(fields_with(), None, None)) == 2


def test_an_empty_sheet_has_every_obstacle() -> None:
    assert [each.field for each in obstacles({}, INSURED, PRACTITIONER)] == [
        "acte1_date",
        "montant_total",
        "date_facture",
    ]


@pytest.mark.parametrize("optam", [None, True, False])
def test_what_is_known_of_the_optam_comes_with_the_practitioner(optam: bool | None) -> None:
    practitioner = replace(PRACTITIONER, sector="2", optam=optam)
    claim = interpret(fields_with(), INSURED, practitioner, "document", RECEIVED)
    assert claim is not None
    assert (claim.practitioner_sector, claim.practitioner_optam) == ("2", optam)
