"""The reference's worked cash benefits (rules 4), of this oracle alone: each sum is in its comment."""

from datetime import date, timedelta

import pytest

from tests.oracle.reading_of_daily_benefits import (
    Stop,
    accident,
    accident_day,
    capital,
    contributions,
    mother,
    opened,
    opened_after_six_months,
    rest_day,
    sickness,
    sickness_day,
    worked_a_year,
)
from tests.oracle.tables import cut, nearest


@pytest.mark.parametrize(
    ("stop", "most"),
    [
        (date(2025, 4, 1), 4147),  # 1 801,80 x 1,4 = 2 522,52; x 3 / 91,25 / 2 = 41,466
        (date(2026, 1, 15), 4147),  # January looks at 31 December: SMIC of 2024-11
        (date(2026, 2, 1), 4195),  # 1 823,03 x 1,4 x 3 / 182,5 = 41,954
        (date(2026, 6, 30), 4195),  # June looks at 31 May
        (date(2026, 7, 1), 4297),  # 1 867,02 x 1,4 x 3 / 182,5 = 42,967
        (date(2025, 3, 31), 5331),  # 1 801,80 x 1,8 x 3 / 182,5 = 53,314
        (date(2022, 12, 31), 4968),  # 1 678,95 x 1,8 x 3 / 182,5 = 49,678
    ],
)
def test_most_of_sickness(stop, most):
    assert sickness_day((900000,) * 3, stop) == most


def test_sickness_below_the_cap_and_both_roundings():
    # 2 000 x 3 / 91,25 = 65,753; / 2 = 32,8767: 32,88 or 32,87
    assert sickness_day((200000,) * 3, date(2026, 3, 2)) == 3288
    assert sickness_day((200000,) * 3, date(2026, 3, 2), cut) == 3287


def test_each_pay_is_capped_by_itself():
    # stop of 2026-03: cap 2 552,242; 9 000 + 1 000 + 1 000 -> 4 552,242 / 182,5 = 24,9438
    assert sickness_day((900000, 100000, 100000), date(2026, 3, 2)) == 2494


def test_ten_days_of_sickness():
    # three days wait, seven at 32,88: 230,16; CSG 14,27 (14,26992), CRDS 1,15 (1,1508)
    fates = sickness(Stop(date(2026, 3, 2), date(2026, 3, 11), (200000,) * 3))
    assert [f.why for f in fates[:4]] == ["carence", "carence", "carence", "paye"]
    assert sum(f.cents for f in fates) == 7 * 3288 == 23016
    assert contributions(23016) == (1427, 115)


def test_no_waiting():
    fates = sickness(Stop(date(2026, 3, 2), date(2026, 3, 3), (200000,) * 3, no_wait=True))
    assert sum(f.cents for f in fates) == 2 * 3288
    again = Stop(
        date(2026, 3, 2),
        date(2026, 3, 3),
        (200000,) * 3,
        long_illness=True,
        long_stops=((date(2024, 1, 1), date(2024, 1, 1)),),
    )
    assert all(f.why == "paye" for f in sickness(again))


def test_a_part_time_pays_no_more_than_what_it_loses():
    # R323-3: 200 lost in ten days: 20 a day and not 32,88; no carence (L323-3)
    stop = Stop(date(2026, 3, 2), date(2026, 3, 11), (200000,) * 3, part_time_loss=20000)
    assert [f.cents for f in sickness(stop)] == [2000] * 10


def test_360_days_in_three_years():
    # 358 days of 2024 are in the window: two days are left after the three that wait
    before = frozenset(date(2024, 1, 1) + timedelta(n) for n in range(358))
    fates = sickness(Stop(date(2026, 3, 2), date(2026, 3, 10), (200000,) * 3, paid_before=before))
    assert [f.why for f in fates] == ["carence"] * 3 + ["paye"] * 2 + ["360"] * 4
    # of 358 days from 2023-03-05, one leaves the window each day: nothing is refused
    before = frozenset(date(2023, 3, 5) + timedelta(n) for n in range(358))
    fates = sickness(Stop(date(2026, 3, 2), date(2026, 3, 20), (200000,) * 3, paid_before=before))
    assert {f.why for f in fates} == {"carence", "paye"}


def test_three_years_of_ald():
    stop = Stop(
        date(2026, 3, 2),
        date(2026, 3, 12),
        (200000,) * 3,
        long_illness=True,
        long_stops=((date(2023, 3, 10), date(2024, 1, 5)), (date(2024, 9, 2), date(2025, 6, 1))),
    )
    # date to date from 2023-03-10: the last day is 2026-03-09
    assert sum(1 for f in sickness(stop) if f.why == "paye") == 8


def test_opening():
    stop = date(2026, 3, 2)
    # six civil months before: from 2025-09-01, SMIC 11,88 x 1 015 = 12 058,20
    assert opened(stop, None, 1205820)
    assert not opened(stop, 149, 1205819)
    assert opened(stop, 150, 0)
    # twelve months from 2025-03-01, SMIC of 2025-01-01 (11,88) x 2 030 = 24 116,40
    assert opened_after_six_months(stop, date(2025, 3, 2), None, 2411640)
    assert not opened_after_six_months(stop, date(2025, 3, 3), None, 2411640)
    assert not opened_after_six_months(stop, date(2020, 1, 1), 599, 2411639)
    # R313-7: seasonal work, 600 hours of the year
    assert worked_a_year(stop, 600, None)
    assert not worked_a_year(stop, 599, None)


def test_the_first_six_months_are_due_without_the_twelve_of_affiliation():
    # R313-3 1° and 2°: 2025-08-05 to 2026-02-01 are 181 days; 181 x 32,88 = 5 951,28; then nothing
    fates = sickness(Stop(date(2025, 8, 2), date(2026, 2, 3), (200000,) * 3, open_after_six=False))
    assert sum(f.cents for f in fates) == 595128
    assert [f.why for f in fates[-2:]] == ["droits", "droits"]


def test_twelve_pays_of_seasonal_work():
    # 24 000 / 365 = 65,7534; / 2 = 32,88. Accident: 65,7534 x 60 % = 39,45
    assert sickness_day((200000,) * 12, date(2026, 3, 2)) == 3288
    assert accident_day(2400000, date(2026, 3, 2), 1, by=36500) == 3945


@pytest.mark.parametrize(
    ("year", "sixty", "eighty"),
    [
        (2023, 22014, 29351),  # 43 992 x 0,834 % = 366,893; x 60 % = 220,136; x 80 % = 293,515
        (2024, 23203, 30937),  # 46 368 x 0,834 % = 386,709; 232,025; 309,367
        (2025, 23569, 31425),  # 47 100 x 0,834 % = 392,814; 235,688; 314,251
        (2026, 24049, 32066),  # 48 060 x 0,834 % = 400,820; 240,492; 320,656
    ],
)
def test_most_of_accidents(year, sixty, eighty):
    stop = date(year, 5, 5)
    assert accident_day(3000000, stop, 28) == sixty
    assert accident_day(3000000, stop, 29) == eighty


def test_accident_of_thirty_days():
    # 2 400 / 30,42 = 78,8955; 60 % = 47,34; 80 % = 63,12 but net 79 % = 62,33
    fates = accident(240000, date(2026, 3, 2), date(2026, 4, 1))
    assert (fates[0].why, fates[0].cents) == ("employeur", 0)
    assert [f.cents for f in fates[1:]] == [4734] * 28 + [6233] * 2


@pytest.mark.parametrize(
    ("leave", "most"),
    [
        (date(2024, 2, 1), 10036),  # 3 864 x 3 x 79 % / 91,25 = 100,358
        (date(2025, 2, 1), 10194),  # 3 925: 101,942
        (date(2026, 1, 5), 10194),  # January looks at 31 December
        (date(2026, 2, 1), 10402),  # 4 005: 104,020
    ],
)
def test_most_of_rest(leave, most):
    assert rest_day((900000,) * 3, leave) == most


def test_rest_floor_and_middle():
    # 100 x 3 x 79 % / 91,25 = 2,60: the floor
    assert rest_day((10000,) * 3, date(2026, 3, 2)) == 1112
    assert rest_day((10000,) * 3, date(2025, 3, 2)) == 1102
    # 2 500 x 3 x 79 % / 91,25 = 64,9315
    assert rest_day((250000,) * 3, date(2026, 3, 2)) == 6493


def test_weeks_of_rest():
    expected = date(2026, 6, 15)
    first, last = mother("1_ou_2", expected)
    assert (first, last, (last - first).days + 1) == (date(2026, 5, 4), date(2026, 8, 23), 112)
    # five days late: the ten weeks run from the birth: 112 + 5
    first, last = mother("1_ou_2", expected, date(2026, 6, 20))
    assert (last - first).days + 1 == 117
    # ten days early: 112 all the same
    first, last = mother("1_ou_2", expected, date(2026, 6, 5))
    assert (last - first).days + 1 == 112
    assert (mother("triples", expected)[1] - mother("triples", expected)[0]).days + 1 == 46 * 7


@pytest.mark.parametrize(
    ("died", "euros"),
    [
        (date(2020, 3, 31), 3461),
        (date(2020, 4, 1), 3472),
        (date(2021, 3, 31), 3472),
        (date(2022, 6, 30), 3539),
        (date(2022, 7, 1), 3681),
        (date(2026, 3, 31), 3977),
        (date(2026, 4, 1), 4009),
    ],
)
def test_capital(died, euros):
    assert capital(died) == euros * 100


def test_capital_by_its_own_sum():
    # D361-1: each year x coefficient, up to the euro: 3 400 -> 4 009 (2020: 1,003)
    coefficients = [1001, 1003, 1010, 1003, 1003, 1001, 1018, 1040, 10154, 1046, 1017, 1008]
    got, amount = [], 3400
    for c in coefficients:
        scale = 10_000 if c > 10_000 else 1_000
        amount = -(-amount * c // scale)
        got.append(amount)
    assert got == [3404, 3415, 3450, 3461, 3472, 3476, 3539, 3681, 3738, 3910, 3977, 4009]


def test_the_two_roundings():
    assert (nearest(5, 2), cut(5, 2), nearest(7, 3)) == (3, 2, 2)
