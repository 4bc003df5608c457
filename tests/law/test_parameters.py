"""The parameters against each other: what one text gives, the sums of another must find again."""

from datetime import date
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal
from itertools import pairwise

import pytest

from domain.money import CENT, to_the_cent
from law import Value, load

LAW = load()


def values(name):
    return [step for step in LAW.parameters[name].steps if isinstance(step, Value)]


@pytest.mark.parametrize("value", values("smic.mensuel"), ids=lambda value: str(value.since))
def test_the_monthly_smic_is_the_hourly_one(value):
    # 35 h x 52 weeks / 12 months
    hourly = LAW.value("smic.horaire", value.since)
    assert hourly.since == value.since
    assert to_the_cent(hourly.number * 35 * 52 / 12) == value.number


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_the_monthly_plafond_is_a_twelfth(year):
    day = date(year, 1, 1)
    assert LAW.value("plafond.mensuel", day).number * 12 == LAW.value("plafond.annuel", day).number


def test_the_capital_deces_is_revalued_and_rounded_up():
    # previous x coefficient, to the euro above; 2020 had a coefficient of its own
    steps = values("capital_deces.montant")
    for before, after in pairwise(steps):
        if after.since >= date(2021, 4, 1):
            raw = before.number * LAW.value("revalorisation.coefficient", after.since).number
            assert raw.to_integral_value(ROUND_CEILING) == after.number, after.since
    by_day = {step.since: step.number for step in steps}
    assert by_day[date(2020, 4, 1)] == 3472  # deaths of 2020-04-01 to 2021-03-31 alone
    assert LAW.value("capital_deces.montant", date(2026, 4, 1)).number == 4009
    assert 3861 not in by_day.values()  # a page seen prints it, wrongly


def test_the_ceiling_of_c2s_is_revalued_to_the_nearest_euro():
    steps = values("c2s.plafond_1")
    for before, after in pairwise(steps):
        if after.since >= date(2024, 4, 1):
            raw = before.number * LAW.value("revalorisation.coefficient", after.since).number
            assert abs(raw - after.number) <= Decimal("0.5"), after.since


def test_the_majoration_for_a_third_person_is_revalued_by_the_annual_amount():
    # 2023-04-01 to 2024-04-01: truncated to the cent each year, on the annual figure
    for before, after in (("2025-04-01", "2026-04-01"),):
        start = LAW.value("invalidite.mtp_mensuelle", date.fromisoformat(before)).number
        end = LAW.value("invalidite.mtp_mensuelle", date.fromisoformat(after))
        coefficient = LAW.value("revalorisation.coefficient", end.since).number
        assert abs((start * coefficient).quantize(CENT, ROUND_DOWN) - end.number) <= CENT


@pytest.mark.parametrize(("stop", "highest"), [
    (date(2025, 4, 1), "41.47"),  # 1,4 x 1 801,80 x 3 / 91,25 / 2
    (date(2026, 1, 15), "41.47"),  # an arrêt of January still has the SMIC of December
    (date(2026, 2, 1), "41.95"),
    (date(2026, 7, 1), "42.97"),
    (date(2025, 3, 31), "53.31"),  # 1,8 SMIC before
])  # fmt: skip
def test_the_highest_ij_maladie(stop, highest):
    month_before = date(stop.year - (stop.month == 1), (stop.month - 2) % 12 + 1, 28)
    smic = LAW.value("smic.mensuel", month_before).number
    cap = to_the_cent(smic * LAW.value("ij_maladie.plafond", stop).number)
    daily = cap * 3 / LAW.value("ij_maladie.diviseur_mensuel", stop).number
    assert to_the_cent(daily * LAW.value("ij_maladie.fraction", stop).number) == Decimal(highest)


@pytest.mark.parametrize(("day", "sixty", "eighty"), [
    (date(2023, 6, 1), "220.14", "293.51"), (date(2024, 6, 1), "232.03", "309.37"),
    (date(2025, 6, 1), "235.69", "314.25"), (date(2026, 6, 1), "240.49", "320.66"),
])  # fmt: skip
def test_the_highest_ij_of_an_accident(day, sixty, eighty):
    # 0,834 % of the plafond annuel, x 60 % then 80 %; 343,07 for 2025 is a page's mistake
    cap = LAW.value("plafond.annuel", day).number * LAW.value("ij_atmp.plafond", day).number
    assert to_the_cent(cap * LAW.value("ij_atmp.taux_debut", day).number) == Decimal(sixty)
    assert to_the_cent(cap * LAW.value("ij_atmp.taux_suite", day).number) == Decimal(eighty)


@pytest.mark.parametrize(("day", "highest"), [
    (date(2024, 6, 1), "100.36"), (date(2025, 6, 1), "101.94"), (date(2026, 6, 1), "104.02"),
])  # fmt: skip
def test_the_highest_ij_maternite(day, highest):
    # 3 x plafond mensuel / 91,25, less 21 %
    monthly = LAW.value("plafond.mensuel", day).number
    daily = monthly * 3 / LAW.value("ij_maladie.diviseur_mensuel", day).number
    assert to_the_cent(daily * (1 - LAW.value("ij_maternite.abattement", day).number)) == Decimal(highest)


def test_the_threshold_below_which_an_indu_is_dropped():
    # 0,68 % of 4 005 = 27,234: 28 euros in 2026
    day = date(2026, 6, 1)
    raw = LAW.value("indus.seuil_abandon", day).number * LAW.value("plafond.mensuel", day).number
    assert raw.to_integral_value(ROUND_CEILING) == 28


@pytest.mark.parametrize("name", ["invalidite.plafond_cat1", "invalidite.plafond_cat2"])
def test_the_highest_pension(name):
    expected = {"invalidite.plafond_cat1": "1201.50", "invalidite.plafond_cat2": "2002.50"}[name]
    day = date(2026, 6, 1)
    yearly = LAW.value(name, day).number * LAW.value("plafond.annuel", day).number
    assert yearly / 12 == Decimal(expected)


@pytest.mark.parametrize("name", [f"rentes.capital_{n}" for n in range(1, 10)] + ["rentes.minimum_salaire"])
def test_amounts_of_accidents_are_revalued_and_truncated(name):
    # previous x coefficient, truncated to the cent each year ; ameli.fr prints the nine of April 2024
    steps = values(name)
    assert steps[0].since == date(2016, 4, 1)
    for before, after in pairwise(steps):
        if after.since >= date(2021, 4, 1):
            coefficient = LAW.value("revalorisation.coefficient", after.since).number
            assert (before.number * coefficient).quantize(CENT, ROUND_DOWN) == after.number, after.since


def test_the_rente_of_two_parts_is_a_declared_refusal():
    from law import NotCovered

    assert LAW.value("rentes.regime", date(2026, 10, 31)).text == "forfaitaire"
    for day in (date(2026, 11, 1), date(2026, 11, 2)):
        with pytest.raises(NotCovered, match="trouvé"):
            LAW.value("rentes.regime", day)


@pytest.mark.parametrize("name", [
    "invalidite.minimum", "rentes.tierce_personne", "ij_naissance.montant",
    "ij_maladie.prescription_initiale",
])  # fmt: skip
def test_what_was_not_found_is_a_declared_refusal(name):
    from law import NotCovered

    with pytest.raises(NotCovered, match="trouvé"):
        LAW.value(name, date(2026, 10, 1))


def test_values_looked_up_are_kept_within_bounds(monkeypatch):
    from datetime import timedelta

    from law import book

    monkeypatch.setattr(book, "KEPT", 3)
    law = book.load()
    days = [date(2024, 12, 20) + timedelta(days=n) for n in range(6)]
    found = [law.value("tarif.generaliste.G", day).text for day in (*days, *days)]
    assert found == ["26.50", "26.50", "30.00", "30.00", "30.00", "30.00"] * 2
    assert len(law._memo) <= 3
