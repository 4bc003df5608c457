"""Pays of a week or a fortnight, months not worked whole, temps partiel thérapeutique."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from law import load
from liquidation.especes import atmp, maternite
from liquidation.especes.types import Pay, Stop
from tests.liquidation.cases import euro
from tests.liquidation.test_ij_maladie import attestation, decide, kinds, reasons, stop

LAW = load()
START = date(2026, 10, 5)
JULY, AUGUST, SEPTEMBER = date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1)
REST = ((AUGUST, "1500.00", None), (SEPTEMBER, "1500.00", None))


def paid_each(days, gross, count, frequency, last=date(2026, 9, 30)):
    pays = tuple(Pay(last - timedelta(days=days * n), euro(gross)) for n in range(count))
    return attestation(START, pays=pays, frequency=frequency)


def daily(paid, given=None):
    decision = decide(given or stop(START), paid)
    assert decision.not_computed == ()
    return next(line.daily for line in decision.lines if line.kind == "indemnise")


@pytest.mark.parametrize(("days", "gross", "count", "frequency", "expected"), [
    (7, "420.00", 12, "semaine", "30.00"),  # 12 x 420 / 84 / 2
    (14, "840.00", 6, "quinzaine", "30.00"),  # 6 x 840 / 84 / 2
    (7, "420.00", 20, "semaine", "30.00"),  # the twelve last alone
    # cap of a week: 1 867,02 x 1,4 x 12 / 52 = 603,19..., 12 of them / 84 / 2 = 43,0851 above 730th: 42,97
    (7, "900.00", 12, "semaine", "42.97"),
])  # fmt: skip
def test_pays_of_a_week_or_a_fortnight(days, gross, count, frequency, expected):
    assert daily(paid_each(days, gross, count, frequency)) == euro(expected)


def test_each_pay_of_a_week_is_capped():
    # eleven of 100,00 and one of 5 000,00, capped at 603,1911... : 1 703,19 / 84 / 2 = 10,138
    pays = [Pay(date(2026, 9, 30) - timedelta(days=7 * n), euro("100.00")) for n in range(1, 12)]
    pays.append(Pay(date(2026, 9, 30), euro("5000.00")))
    assert daily(attestation(START, pays=tuple(pays), frequency="semaine")) == euro("10.14")


def test_a_week_that_is_missing():
    assert reasons(decide(stop(START), paid_each(7, "420.00", 11, "semaine"))) == ["paie_absente"]
    # the month of the stop does not count: the last pay must be of September
    assert reasons(decide(stop(START), paid_each(7, "420.00", 12, "semaine", date(2026, 10, 1)))) == [
        "paie_absente"
    ]


def with_months(*pays, **changes):
    return attestation(
        START, pays=tuple(Pay(month, euro(gross), days) for month, gross, days in pays), **changes
    )


@pytest.mark.parametrize(("pays", "expected"), [
    # R323-8 II 1°: ten days of July at 100,00 a day count as 31 x 100,00 = 3 100 -> 2 613,83 (cap) ...
    # here 50,00 a day: 31 x 50,00 = 1 550 ; (1 550 + 1 500 + 1 500) / 91,25 / 2 = 24,93
    (((JULY, "500.00", 10), (AUGUST, "1500.00", None), (SEPTEMBER, "1500.00", None)), "24.93"),
    # 4° a: July not worked: 3 100 of 62 days in August and September (31 + 30 = 61 days): 50,8197 x 31
    # = 1 575,41 ; (1 575,41 + 3 100) / 182,5 = 25,6187
    (((JULY, "0.00", 0), (AUGUST, "1550.00", None), (SEPTEMBER, "1550.00", None)), "25.62"),
    # 3°: two activities in July, the second at 60,00 a day fills the five days between them:
    # 800 + 600 + 300 = 1 700 ; (1 700 + 1 500 + 1 500) / 182,5 = 25,7534
    (((JULY, "800.00", 16), (JULY, "600.00", 10), *REST), "25.75"),
])  # fmt: skip
def test_months_that_were_not_worked_whole(pays, expected):
    assert daily(with_months(*pays)) == euro(expected)


def test_nothing_earned_in_the_months_of_reference():
    pays = ((JULY, "0.00", 0), (AUGUST, "0.00", 0), (SEPTEMBER, "0.00", 0))
    # 4° b: 200,00 in four days of October: 50,00 x (31 + 31 + 30) = 4 600 / 182,5 = 25,2055
    paid = with_months(*pays, since_gross=euro("200.00"), since_days=4)
    assert daily(paid) == euro("25.21")
    assert reasons(decide(stop(START), with_months(*pays))) == ["revenu_absent"]
    assert reasons(decide(stop(START), with_months(*pays[:2]))) == ["paie_absente"]


def test_a_month_is_capped_after_it_is_made_whole():
    # 10 days at 200,00: 6 200, capped at 2 613,828 ; + 2 x 1 500 = 5 613,828 / 182,5 = 30,76
    paid = with_months((JULY, "2000.00", 10), (AUGUST, "1500.00", None), (SEPTEMBER, "1500.00", None))
    assert daily(paid) == euro("30.76")


@pytest.mark.parametrize(("lost", "expected"), [
    ("250.00", "25.00"),  # ten days: 25,00 a day, below 32,88
    ("328.80", "32.88"), ("328.70", "32.87"), ("400.00", "32.88"),
])  # fmt: skip
def test_part_time_pays_no_more_than_what_is_lost(lost, expected):
    decision = decide(stop(START, part_time_loss=euro(lost)))
    # no carence (L323-3 dernier al.)
    assert kinds(decision) == [("indemnise", 10)]
    assert decision.lines[0].daily == euro(expected)
    limited = any("limitée au gain perdu" in step.sentence for step in decision.trace)
    assert limited is (expected != "32.88")


def test_part_time_goes_on_a_year_longer_in_ald():
    from liquidation.especes.types import CashHistory, PaidDays

    begun = date(2023, 10, 2)
    history = CashHistory(stops=(PaidDays(begun, date(2026, 10, 1), ald=8),))
    full = decide(stop(date(2026, 10, 2), ald=8), history=history)
    assert kinds(full) == [("carence", 3), ("fin_ald", 7)]
    part = decide(stop(date(2026, 10, 2), ald=8, part_time_loss=euro("900.00")), history=history)
    assert kinds(part) == [("indemnise", 10)]


def test_part_time_after_an_accident_is_the_caisse_s_choice():
    given = Stop(START, START + timedelta(days=9), START, part_time_loss=euro("100.00"))
    decision = atmp.liquidate(atmp.Accident("1", START), given, attestation(START), "a", START, LAW)
    assert reasons(decision) == ["temps_partiel_at"]


@pytest.mark.parametrize(("days", "gross", "count", "frequency"), [
    (7, "420.00", 4, "semaine"), (14, "840.00", 2, "quinzaine"), (7, "420.00", 9, "semaine"),
])  # fmt: skip
def test_an_accident_with_pays_of_a_week(days, gross, count, frequency):
    # 4 x 420 or 2 x 840 = 1 680 / 28 = 60,00 ; x 60 % = 36,00 ; x 80 % = 48,00 > net 47,40
    given = Stop(START, START + timedelta(days=39), START)
    paid = paid_each(days, gross, count, frequency)
    decision = atmp.liquidate(atmp.Accident("1", START), given, paid, "a", START, LAW)
    assert [line.daily for line in decision.lines] == [euro("0.00"), euro("36.00"), euro("47.40")]


def test_a_maternite_with_pays_of_a_week():
    # 12 x 420 / 84 = 60,00 less 21 % = 47,40
    paid = paid_each(7, "420.00", 12, "semaine")
    assert maternite.amount(START, paid, LAW)[0] == euro("47.40")
    assert maternite.amount(START, attestation(START), LAW)[0] == euro("51.95")  # 6 000 / 91,25 x 0,79


def test_the_hours_of_a_stop_are_asked_for_all_the_same():
    paid = paid_each(7, "420.00", 12, "semaine")
    short = attestation(START, pays=paid.pays, frequency="semaine", hours_3_months=Decimal(149))
    assert reasons(decide(stop(START), short)) == ["ij_droits_fermes"]
