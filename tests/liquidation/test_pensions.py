"""Pension d'invalidité and rente of an accident du travail: each sum in its comment."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from law import load
from liquidation.especes import invalidite, rente
from liquidation.especes.invalidite import Career, YearPay
from liquidation.especes.rente import Incapacity
from tests.liquidation.cases import euro, with_choice

LAW = load()
TODAY = date(2026, 11, 22)
EFFECT = date(2026, 10, 1)


def career(*pays, **changes):
    years = tuple(YearPay(2024 - n, euro(pay)) for n, pay in enumerate(pays or ("24000.00",)))
    return Career(
        **{
            "interrupted_on": date(2025, 10, 5),
            "years": years,
            "affiliated_since": date(2010, 1, 1),
            "hours_12_months": Decimal(600),
            **changes,
        }
    )


def pension(category=2, given=None, since=EFFECT, **changes):
    return invalidite.liquidate(category, since, given or career(), TODAY, LAW, **changes)


def why(decision):
    assert (decision.yearly, decision.monthly, decision.capital, decision.trace) == (0, 0, 0, ())
    return [reason.code for reason in decision.not_computed]


@pytest.mark.parametrize(("category", "monthly", "added"), [
    (1, "600.00", "0.00"),  # 24 000 x 30 % / 12
    (2, "1000.00", "0.00"),  # 24 000 x 50 % / 12
    (3, "2298.44", "1298.44"),  # 1 000,00 + at least 1 298,44 (40 % would be 400,00)
])  # fmt: skip
def test_the_three_categories(category, monthly, added):
    decision = pension(category)
    assert decision.not_computed == ()
    assert (decision.monthly, decision.added) == (euro(monthly), euro(added))
    assert decision.yearly == euro(monthly) * 12
    assert decision.since == EFFECT


def test_the_ten_best_years():
    # ten of 30 000,00 and two worse ones: 30 000 x 50 % / 12
    assert pension(given=career(*["1000.00"], *["30000.00"] * 10, *["2000.00"])).monthly == euro("1250.00")
    # fewer than ten: all of them, (30 000 + 18 000) / 2 = 24 000
    assert pension(given=career("30000.00", "18000.00")).monthly == euro("1000.00")


def test_years_after_the_interruption_do_not_count():
    late = career(years=(YearPay(2025, euro("90000.00")), YearPay(2024, euro("24000.00"))))
    assert pension(given=late).monthly == euro("1000.00")
    assert why(pension(given=career(years=(YearPay(2025, euro("9000.00")),)))) == ["carriere_absente"]
    assert why(pension(given=career(years=()))) == ["carriere_absente"]


@pytest.mark.parametrize(("category", "since", "average", "monthly"), [
    (1, EFFECT, "48059.00", "1201.48"),  # below 30 % of 48 060
    (1, EFFECT, "48060.00", "1201.50"), (1, EFFECT, "60000.00", "1201.50"),
    (2, EFFECT, "60000.00", "2002.50"),
    (2, date(2025, 12, 31), "60000.00", "1962.50"), (2, date(2026, 1, 1), "60000.00", "2002.50"),
])  # fmt: skip
def test_the_highest(category, since, average, monthly):
    assert pension(category, career(average), since).monthly == euro(monthly)


@pytest.mark.parametrize(("since", "average", "monthly"), [
    (date(2025, 3, 31), "8000.00", "328.07"),  # 200,00, brought up to the minimum
    (date(2025, 4, 1), "8000.00", "335.29"),
    (date(2025, 4, 1), "13411.60", "335.29"), (date(2025, 4, 1), "13412.00", "335.30"),
    (date(2026, 3, 31), "8000.00", "335.29"),
    (date(2026, 4, 1), "8000.00", None),  # the minimum was not found
    (date(2026, 4, 1), "15999.00", None), (date(2026, 4, 1), "16000.00", "400.00"),
])  # fmt: skip
def test_the_minimum(since, average, monthly):
    years = (YearPay(2023, euro(average)),)
    decision = pension(1, career(years=years, interrupted_on=date(2024, 5, 5)), since)
    if monthly is None:
        assert why(decision) == ["droit_non_couvert"]
    else:
        assert decision.monthly == euro(monthly)


def test_the_third_person_above_its_minimum():
    # 2 002,50 x 40 % = 801,00: the minimum of 1 298,44 stays above in every case today
    assert pension(3, career("60000.00")).monthly == euro("2002.50") + euro("1298.44")
    assert pension(3, since=date(2026, 3, 31)).added == euro("1288.13")


@pytest.mark.parametrize(("changes", "reason"), [
    ({"affiliated_since": date(2024, 10, 1)}, None),
    ({"affiliated_since": date(2024, 10, 2)}, "pension_non_ouverte"),
    ({"hours_12_months": Decimal("599.99")}, "pension_non_ouverte"),
    # 2 030 x 11,65 (SMIC of 1 January 2024, before October 2024) = 23 649,50
    ({"hours_12_months": None, "earned_12_months": euro("23649.50")}, None),
    ({"hours_12_months": None, "earned_12_months": euro("23649.49")}, "pension_non_ouverte"),
    ({"hours_12_months": None}, "ouverture_inconnue"),
    ({"affiliated_since": None}, "ouverture_inconnue"),
])  # fmt: skip
def test_the_opening(changes, reason):
    decision = pension(given=career(**changes))
    assert why(decision) == [reason] if reason else decision.monthly == euro("1000.00")


@pytest.mark.parametrize(("choice", "needed"), [("precedent", "23649.50"), ("meme_jour", "24116.40")])
def test_the_smic_of_a_year_that_begins_on_a_first_of_january(choice, needed):
    # R313-5 a says it as R313-3 2° a: interrupted in January 2026, the twelve months begin on 1 January 2025;
    # 2 030 x 11,65 (1 January 2024) or 2 030 x 11,88 (that very day)
    law = with_choice("ij_maladie.smic_du_1er_janvier", choice)
    for short, reasons in (("0.00", []), ("0.01", ["pension_non_ouverte"])):
        earned = euro(needed) - euro(short)
        given = career(interrupted_on=date(2026, 1, 23), hours_12_months=None, earned_12_months=earned)
        decision = invalidite.liquidate(2, date(2026, 2, 22), given, date(2026, 2, 22), law)
        assert [each.code for each in decision.not_computed] == reasons
        assert reasons or decision.trace[0].contested


def test_two_thirds():
    assert why(pension(two_thirds_lost=False)) == ["invalidite_insuffisante"]


# rentes


def incapacity(rate=20, **changes):
    return Incapacity(
        **{
            "rate": rate,
            "consolidated_on": date(2026, 9, 30),
            "stopped_on": date(2026, 5, 4),
            "earned": euro("24000.00"),
            **changes,
        }
    )


def decide(given):
    return rente.liquidate(given, TODAY, LAW)


@pytest.mark.parametrize(("rate", "yearly"), [
    (10, "1200.00"),  # taux utile 5 %
    (50, "6000.00"),  # 25 %
    (51, "6360.00"),  # 25 + 1,5 = 26,5 %
    (75, "15000.00"),  # 25 + 37,5 = 62,5 %
    (100, "24000.00"),  # 25 + 75 = 100 %
])  # fmt: skip
def test_the_useful_rate(rate, yearly):
    decision = decide(incapacity(rate))
    assert (decision.yearly, decision.capital, decision.not_computed) == (euro(yearly), 0, ())
    assert decision.monthly == (euro(yearly) / 12).quantize(Decimal("0.01"))


def test_the_trace_of_a_rente_tells_its_rates():
    said = " ".join(step.sentence for step in decide(incapacity(75)).trace)
    for words in ("50\u00a0% comptés pour moitié", "25\u00a0% augmentés", "62,5\u00a0%", "24\u202f000,00"):
        assert words in said


@pytest.mark.parametrize(("earlier", "rate", "yearly"), [
    (40, 20, "4800.00"),  # 10 x 0,5 + 10 x 1,5 = 20 %
    (50, 20, "7200.00"), (60, 20, "7200.00"),  # 20 x 1,5 = 30 %
    (30, 20, "2400.00"),  # 20 x 0,5
    (99, 100, "24000.00"),  # never above the salary: 150 % of it
])  # fmt: skip
def test_successive_accidents(earlier, rate, yearly):
    assert decide(incapacity(rate, earlier=earlier)).yearly == euro(yearly)


@pytest.mark.parametrize(("earned", "yearly"), [
    ("21498.46", "2149.85"),  # brought up to 21 498,47: x 10 % = 2 149,847
    ("21498.47", "2149.85"), ("30000.00", "3000.00"),
    ("42996.94", "4299.69"),  # twice the minimum, whole
    ("60000.00", "4866.46"),  # 42 996,94 + 17 003,06 / 3 = 48 664,6267
    ("171987.76", "8599.39"),  # eight times: 42 996,94 + 128 990,82 / 3 = 85 993,88
    ("171987.75", "8599.39"), ("500000.00", "8599.39"),
])  # fmt: skip
def test_the_salary_that_counts(earned, yearly):
    assert decide(incapacity(earned=euro(earned))).yearly == euro(yearly)


@pytest.mark.parametrize(("stopped_on", "yearly"), [
    (date(2026, 4, 1), "2400.00"), (date(2026, 3, 31), "2419.20"),  # 24 000 x 1,008
    (date(2025, 3, 31), "2460.33"),  # 24 000 x 1,017 = 24 408 x 1,008 = 24 603,264 -> 24 603,26
])  # fmt: skip
def test_the_salary_is_revalued_to_the_consolidation(stopped_on, yearly):
    assert decide(incapacity(stopped_on=stopped_on)).yearly == euro(yearly)


def test_coefficients_that_are_not_known():
    assert why(decide(incapacity(stopped_on=date(2021, 3, 31)))) == ["droit_non_couvert"]


@pytest.mark.parametrize(("rate", "day", "capital"), [
    (1, date(2024, 6, 1), "471.54"), (5, date(2024, 6, 1), "2239.50"), (9, date(2024, 6, 1), "4714.69"),
    (9, date(2025, 3, 31), "4714.69"), (9, date(2025, 4, 1), "4794.83"), (9, date(2025, 4, 2), "4794.83"),
    (9, date(2026, 4, 1), "4833.18"), (3, date(2026, 4, 1), "1148.17"),
])  # fmt: skip
def test_the_capital(rate, day, capital):
    decision = decide(incapacity(rate, consolidated_on=day, stopped_on=day - timedelta(days=90)))
    assert (decision.capital, decision.yearly, decision.monthly) == (euro(capital), 0, 0)


def test_an_option_is_the_victim_s():
    assert why(decide(incapacity(9, earlier=1))) == ["rente_option"]
    assert decide(incapacity(8, earlier=1)).capital == euro("4108.24")


@pytest.mark.parametrize("day", [date(2026, 11, 1), date(2026, 11, 2)])
def test_the_new_rente_is_a_declared_refusal(day):
    for rate in (5, 20):
        decision = decide(incapacity(rate, consolidated_on=day))
        assert why(decision) == ["droit_non_couvert"]
        assert "deux parts" in decision.not_computed[0].message
    assert decide(incapacity(consolidated_on=date(2026, 10, 31))).yearly == euro("2400.00")


@pytest.mark.parametrize("changes", [
    {"rate": 0}, {"rate": 101}, {"earlier": 100}, {"earlier": -1}, {"stopped_on": date(2026, 10, 1)},
])  # fmt: skip
def test_what_is_no_incapacity(changes):
    with pytest.raises(ValueError, match="rate"):
        incapacity(**changes)
