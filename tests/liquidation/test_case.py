"""The JSON of a case: strict, described by its schema, round trip with `liasse rights`."""

import copy
import json

import jsonschema
import pytest

import liquidation.case
import rights.case
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
    (("insured",), None, "un assuré"),
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
