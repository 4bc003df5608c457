"""The public holidays, and delays that do not count them."""

from datetime import date

import pytest

from law.holidays import after_counted_days, counts, easter, holidays


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2016, (3, 27)), (2019, (4, 21)), (2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2027, (3, 28)),
        (2038, (4, 25)), (1954, (4, 18)), (1981, (4, 19)),
    ],
)  # fmt: skip
def test_easter(year: int, day: tuple[int, int]) -> None:
    assert easter(year) == date(year, *day)


def test_easter_is_always_a_sunday_of_spring() -> None:
    for year in range(1900, 2200):
        assert easter(year).weekday() == 6
        assert date(year, 3, 22) <= easter(year) <= date(year, 4, 25)


def test_the_eleven_days_of_2026() -> None:
    days = ["0101", "0406", "0501", "0508", "0514", "0525", "0714", "0815", "1101", "1111", "1225"]
    assert sorted(f"{day:%m%d}" for day in holidays(2026)) == days
    assert len(holidays(2008)) == 10  # Ascension fell on the first of May


def test_sundays_and_holidays_do_not_count() -> None:
    assert not counts(date(2026, 3, 8))
    assert not counts(date(2026, 5, 1))
    assert counts(date(2026, 3, 7))  # a Saturday does
    assert after_counted_days(date(2026, 3, 6), 2) == date(2026, 3, 9)
    with pytest.raises(OverflowError):
        after_counted_days(date(9999, 12, 30), 3)
