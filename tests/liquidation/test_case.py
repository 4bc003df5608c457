"""The JSON of a case: strict, described by its schema, round trip with `liasse rights`."""

import copy
import json
from dataclasses import fields

import jsonschema
import pytest

import liquidation.case
import rights.case
from domain.claim import Claim
from domain.errors import Refused
from domain.plain import to_plain
from rights import open_rights
from tests.liquidation.cases import DOCTOR, an_insured

CASE = {
    "claim": {
        "practitioner_rpps": DOCTOR,
        "acts": [{"day": "2026-11-02", "code": "G", "fee": "30.00"}],
    },
    "insured": to_plain(an_insured()),
    "decided_on": "2026-11-22",
}


def test_a_case_may_name_all_that_a_claim_bears():
    """Else a decision that was kept would not be read again."""
    assert {each.name for each in fields(liquidation.case.CaseClaim)} == {each.name for each in fields(Claim)}


def test_a_case_with_an_insured():
    jsonschema.validate(CASE, liquidation.case.schema())
    out = liquidation.case.run(CASE, open_rights)
    assert (out["total"], out["lines"][0]["retained"]) == ("19.00", {"participation_forfaitaire": "2.00"})
    assert json.loads(json.dumps(out)) == out


def test_a_case_with_the_rights_that_were_printed():
    printed = rights.case.run({"insured": CASE["insured"], "day": "2026-11-02"})
    given = {key: each for key, each in CASE.items() if key != "insured"} | {"rights": [printed]}
    out = liquidation.case.run(json.loads(json.dumps(given)))
    assert out["lines"] == liquidation.case.run(CASE, open_rights)["lines"]


@pytest.mark.parametrize(("path", "value", "said"), [
    (("claim", "acts", 0, "fee"), 30.0, "entre guillemets"),
    (("claim", "acts", 0, "fee"), "30.001", "centimes"),
    (("claim", "acts", 0, "fee"), "NaN", "entre guillemets"),
    (("claim", "acts", 0, "day"), "02/11/2026", "AAAA-MM-JJ"),
    (("claim", "acts"), [], "au moins un acte"),
    (("claim", "ald"), "oui", "vrai ou faux"),
    (("claim", "adl"), True, "inconnu"),
    (("claim", "nature"), "maladies", "l'un de"),
    (("insured", "affiliations", 0, "period"), {"start": "2020-01-01", "end": "2019-01-01"}, "ensemble"),
    (("decided_on",), 20261122, "date"),
    (("claim", "acts", 0, "line"), "1", "entier"),
])  # fmt: skip
def test_what_is_refused(path, value, said):
    given = copy.deepcopy(CASE)
    place = given
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(Refused, match=said) as refusal:
        liquidation.case.run(given, open_rights)
    assert refusal.value.code == "cas_mal_forme"


def test_line_numbers_are_given_or_are_their_place():
    acts = [{**CASE["claim"]["acts"][0], "line": 7}, {**CASE["claim"]["acts"][0], "code": "VG"}]
    out = liquidation.case.run({**CASE, "claim": {**CASE["claim"], "acts": acts}}, open_rights)
    assert [line["line"] for line in out["lines"]] == [2, 7]
    acts[1]["line"] = 7
    with pytest.raises(Refused, match="numéros différents"):
        liquidation.case.run({**CASE, "claim": {**CASE["claim"], "acts": acts}}, open_rights)


def test_a_case_of_rights():
    given = {"insured": CASE["insured"], "day": "2026-11-02"}
    jsonschema.validate(given, rights.case.schema())
    out = rights.case.run(given)
    assert (out["is_open"], out["not_computed"]) == (True, [])
    closed = rights.case.run({**given, "day": "2036-11-02"})
    assert (closed["is_open"], closed["not_computed"][0]["code"]) == (False, "droit_non_couvert")
    with pytest.raises(Refused, match="absent"):
        rights.case.run({"day": "2026-11-02"})


def test_an_act_already_paid_is_said_and_nothing_is_paid():
    act = {
        "document_id": "autre", "practitioner_rpps": DOCTOR, "insured_id": "assure-1",
        "day": "2026-11-02", "code": "G", "fee": "30.00", "state": "ordonnance",
    }  # fmt: skip
    out = liquidation.case.run({**CASE, "history": {"acts": [act]}}, open_rights)
    assert ([each["code"] for each in out["not_computed"]], out["total"]) == (["doublon"], "0.00")


PAYS = [{"month": f"2026-0{month}-01", "gross": "2000.00"} for month in (7, 8, 9)]
ATTESTATION = {"pays": PAYS, "hours_3_months": "455", "affiliated_since": "2020-01-01"}
STOP = {"start": "2026-10-05", "end": "2026-10-14", "prescribed_on": "2026-10-05"}
CASH = {
    "ij_maladie": ({"stop": STOP, "attestation": ATTESTATION}, "214.74"),
    # 28 x 39,45 is not reached: 9 days after that of the accident, 355,05 - 22,01 - 1,78
    "ij_atmp": (
        {"accident": {"number": "1", "occurred_on": "2026-10-05"}, "stop": STOP, "attestation": ATTESTATION},
        "331.26",
    ),
    # 112 x 51,95 - 360,74 - 29,09
    "ij_maternite": ({"birth": {"expected_on": "2026-11-20"}, "attestation": ATTESTATION}, "5428.57"),
    # 25 x 51,95 = 1 298,75 - 80,52 - 6,49
    "ij_paternite": (
        {
            "born_on": "2026-10-01", "start": "2026-10-05", "end": "2026-10-29",
            "attestation": ATTESTATION,
        },
        "1211.74",
    ),
    "capital_deces": (
        {
            "died_on": "2026-04-01", "entitled": True,
            "claimants": [{"id": "a", "link": "conjoint", "claimed_on": "2026-04-20"}],
        },
        "4009.00",
    ),
}  # fmt: skip


CAREER = {
    "interrupted_on": "2025-10-05", "affiliated_since": "2010-01-01", "hours_12_months": "600",
    "years": [{"year": 2024, "revalued": "24000.00"}],
}  # fmt: skip
PENSIONS = {
    # 24 000 x 50 % = 12 000 a year
    "pension_invalidite": ({"category": 2, "since": "2026-10-01", "career": CAREER}, "1000.00"),
    # 24 000 x (20 / 2) % = 2 400 a year
    "rente_at": (
        {"incapacity": {
            "rate": 20, "consolidated_on": "2026-10-01", "stopped_on": "2026-05-01", "earned": "24000.00",
        }},
        "200.00",
    ),
}  # fmt: skip


@pytest.mark.parametrize("benefit", PENSIONS)
def test_a_pension(benefit):
    given, monthly = PENSIONS[benefit]
    case = {"benefit": benefit, "decided_on": "2026-11-22", **given}
    jsonschema.validate(case, liquidation.case.schema())
    out = liquidation.case.run(case)
    assert (out["not_computed"], out["monthly"]) == ([], monthly)


@pytest.mark.parametrize("benefit", CASH)
def test_a_cash_benefit(benefit):
    given, net = CASH[benefit]
    case = {"benefit": benefit, "decided_on": "2026-11-22", **given}
    jsonschema.validate(case, liquidation.case.schema())
    out = liquidation.case.run(case)
    assert (out["not_computed"], out["net"]) == ([], net)
    assert json.loads(json.dumps(out)) == out


def test_an_unknown_benefit():
    with pytest.raises(Refused, match="ij_maladie"):
        liquidation.case.run({"benefit": "pension"})


@pytest.mark.parametrize("wrong", [["x"], [None], [3], "x", {"day": "2026-11-02"}])
def test_rights_that_are_none(wrong):
    given = {key: each for key, each in CASE.items() if key != "insured"} | {"rights": wrong}
    with pytest.raises(Refused, match="rights") as refusal:
        liquidation.case.run(given)
    assert refusal.value.code == "cas_mal_forme"


def simulated(profile=None, readings=None, **claim):
    """A case of a G of 30,00 € that names no dossier, no practitioner, no day of decision."""
    given = {"claim": {"acts": [{"day": "2026-11-02", "code": "G", "fee": "30.00"}], **claim}}
    given |= {"profile": profile} if profile else {}
    given |= {"readings": readings} if readings else {}
    jsonschema.validate(given, liquidation.case.schema())
    return liquidation.case.run(given)


@pytest.mark.parametrize(("profile", "claim", "total"), [
    (None, {}, "19.00"),  # 30,00 x 70 % = 21,00 - 2,00
    ({"birth_date": "2016-03-01"}, {}, "21.00"),
    ({"ald": True}, {"ald": True}, "28.00"),
    ({"ald": True}, {}, "19.00"),
    ({"c2s": "gratuite"}, {}, "30.00"),
    ({"regime_local": True}, {}, "25.00"),  # 27,00 - 2,00
    ({"medecin_traitant": "autre"}, {}, "8.40"),  # 21,00 - 10,60 - 2,00
    ({"medecin_traitant": "autre"}, {"parcours": "O"}, "19.00"),
    ({"medecin_traitant": "aucun"}, {}, "8.40"),
    ({"accident": True}, {"nature": "atmp"}, "28.00"),
    ({"maternity": True}, {}, "30.00"),
    ({"ame": True}, {}, "30.00"),
    ({"invalidite": True}, {}, "28.00"),
    ({"rente_at_66": True}, {}, "28.00"),
])  # fmt: skip
def test_a_simulation_without_a_dossier(profile, claim, total):
    out = simulated(profile, **claim)
    assert (out["not_computed"], out["total"], out["decided_on"]) == ([], total, "2026-11-02")
    assert "Simulation" in out["rights"][0]["trace"][0]["sentence"]


def test_a_simulation_is_the_same_function_as_a_decision():
    assert simulated()["lines"] == liquidation.case.run(CASE, open_rights)["lines"]


def test_a_simulation_of_a_stay_and_of_a_day_that_is_not_covered():
    stay = {"admitted_on": "2026-11-02", "left_on": "2026-11-06", "tariff": "5000.00"}
    given = {"benefit": "hospitalisation", "decided_on": "2026-11-22", "stay": stay}
    assert liquidation.case.run(given)["borne"] == "1000.00"
    assert liquidation.case.run({**given, "profile": {"regime_local": True}})["borne"] == "0.00"
    with pytest.raises(Refused, match="un jour du"):
        simulated(acts=[{"day": "2036-11-02", "code": "G", "fee": "30.00"}])
    with pytest.raises(Refused, match="un assuré"):
        liquidation.case.run(CASE)


def test_the_other_reading_is_told_and_may_be_asked_for():
    # hors parcours: 40 points capped at 10,60 -> 8,40 ; without the cap 21,00 - 12,00 - 2,00 = 7,00
    out = simulated({"medecin_traitant": "autre"})
    told = {"parameter": "parcours.majoration_lecture", "chosen": "plafond", "other": "sans_plafond"}
    assert out["other_readings"] == [{**told, "total": "7.00"}]
    other = simulated({"medecin_traitant": "autre"}, {"parcours.majoration_lecture": "sans_plafond"})
    assert other["total"] == "7.00"
    assert other["other_readings"][0]["total"] == "8.40"
    assert simulated()["other_readings"] == []


def test_an_amount_whose_date_is_contested():
    # the 32,00 € from the 22nd of April instead of the 1st: a dearest act of the 10th leaves 24,00
    given = {
        "benefit": "hospitalisation", "decided_on": "2026-04-30",
        "stay": {
            "admitted_on": "2026-04-10", "left_on": "2026-04-10", "tariff": "900.00", "act_tariff": "300.00",
        },
    }  # fmt: skip
    assert liquidation.case.run(given)["participation"] == "32.00"
    otherwise = {**given, "readings": {"actes_lourds.montant": "24.00"}}
    assert liquidation.case.run(otherwise)["participation"] == "24.00"


@pytest.mark.parametrize("readings", [
    {"parcours.majoration_lecture": "trente"}, {"taux.medecin": "80"}, {"rien": "1"},
    {"actes_lourds.montant": "beaucoup"}, {"actes_lourds.montant": "NaN"}, ["plafond"],
])  # fmt: skip
def test_what_is_no_reading(readings):
    with pytest.raises(Refused, match="readings"):
        liquidation.case.run({**CASE, "readings": readings}, open_rights)


def test_the_last_cent_of_a_cash_benefit_in_both_readings():
    # 3 x 2 005,00 / 91,25 / 2 = 32,9589... -> 32,96 or 32,95, seven days less CSG and CRDS
    pays = [{**each, "gross": "2005.00"} for each in PAYS]
    given = {"benefit": "ij_maladie", "decided_on": "2026-11-22", "stop": STOP,
             "attestation": {**ATTESTATION, "pays": pays}}  # fmt: skip
    out = liquidation.case.run(given)
    assert out["lines"][-1]["daily"] == "32.96"
    (told,) = out["other_readings"]
    assert (told["parameter"], told["other"]) == ("ij_maladie.arrondi", "tronque")
    cut = liquidation.case.run({**given, "readings": {"ij_maladie.arrondi": "tronque"}})
    assert (cut["lines"][-1]["daily"], cut["net"]) == ("32.95", told["net"])
