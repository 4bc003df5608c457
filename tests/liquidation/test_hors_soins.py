"""The C2S of a household, a penalty, an indu as cases: each sum in its comment."""

from datetime import date

import jsonschema
import pytest

import liquidation.case
from domain.errors import Refused
from law import load
from liquidation.penalites import bounds
from liquidation.ressources import ceilings
from tests.liquidation.cases import euro

LAW = load()
DAY = date(2026, 10, 5)


@pytest.mark.parametrize(("people", "free"), [
    (1, "10422.00"),
    (2, "15633.00"),  # x 1,5
    (3, "18759.60"),  # x 1,8
    (4, "21886.20"),  # x 2,1
    (5, "26055.00"),  # x 2,5
    (6, "30223.80"),  # x 2,9
])  # fmt: skip
def test_the_ceilings_of_a_household(people, free):
    assert ceilings(people, None, DAY, LAW).free == euro(free)


@pytest.mark.parametrize(("resources", "opens"), [
    ("10421.99", "gratuite"), ("10422.00", "participation"),
    # 10 422 x 1,35 = 14 069,70
    ("14069.70", "participation"), ("14069.71", "non"), (None, None),
])  # fmt: skip
def test_what_resources_open(resources, opens):
    assert ceilings(1, resources and euro(resources), DAY, LAW).opens == opens


def test_the_ceiling_changes_in_april():
    assert ceilings(1, None, date(2026, 3, 31), LAW).free == euro("10339.00")
    assert ceilings(1, None, date(2026, 4, 1), LAW).free == euro("10422.00")


@pytest.mark.parametrize(("who", "facts", "concerned", "again", "least", "most"), [
    # PMSS of 2026: 4 005
    ("assure", "manquement", "1000.00", False, "0.00", "700.00"),  # 70 %
    ("assure", "manquement", None, False, "0.00", "16020.00"),  # 4 PMSS
    ("assure", "manquement", "1000.00", True, "0.00", "1400.00"),  # doubled
    ("assure", "fraude", "1000.00", False, "400.50", "3000.00"),  # 300 %, at least a tenth of the PMSS
    ("assure", "fraude", "100.00", False, "400.50", "400.50"),  # 300,00: the least is more
    ("professionnel", "fraude", None, False, "2002.50", "32040.00"),  # half the PMSS, 8 PMSS
    ("employeur", "fraude", "10000.00", False, "4005.00", "30000.00"),
    ("assure", "bande_organisee", "1000.00", False, "400.50", "4000.00"),  # 400 %
    ("assure", "bande_organisee", None, True, "400.50", "128160.00"),  # 16 PMSS, doubled
])  # fmt: skip
def test_a_penalty(who, facts, concerned, again, least, most):
    found = bounds(who, facts, concerned and euro(concerned), DAY, again, LAW)
    assert (found.least, found.most) == (euro(least), euro(most))


CASES = {
    "c2s": {"people": 2, "asked_on": "2026-10-05"},
    "penalite": {"who": "assure", "facts": "fraude", "on": "2026-10-05"},
    "indu": {"amount": "150.00", "paid_on": "2026-03-02", "notified_on": "2026-10-05"},
}


@pytest.mark.parametrize("benefit", CASES)
def test_each_is_a_case(benefit):
    case = {"benefit": benefit, **CASES[benefit]}
    jsonschema.validate(case, liquidation.case.schema())
    out = liquidation.case.run(case)
    assert out["not_computed"] == []
    assert out["trace"]
    with pytest.raises(Refused, match="absent"):
        liquidation.case.run({"benefit": benefit})


def test_before_what_is_known_it_is_refused_by_name():
    # penalties of LFSS 2026
    old = {"benefit": "penalite", **CASES["penalite"], "on": "2025-12-31"}
    assert liquidation.case.run(old)["not_computed"][0]["code"] == "droit_non_couvert"
    assert ceilings(1, None, date(2020, 1, 1), LAW).not_computed[0].code == "droit_non_couvert"


def test_an_indu_under_the_threshold_is_dropped_but_not_a_participation():
    # D133-2: 0,68 % of 4 005 = 27,23, so 28
    small = {"benefit": "indu", **CASES["indu"], "amount": "27.99"}
    assert liquidation.case.run(small)["dropped"] is True
    assert liquidation.case.run({**small, "participation": True})["asked"] == "27.99"
    assert liquidation.case.run({**small, "amount": "28.00"})["asked"] == "28.00"
