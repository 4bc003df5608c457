"""The two years of L160-11, on each boundary."""

from datetime import date

import pytest

from checks.dates import accomplished


@pytest.mark.parametrize(
    ("care", "limit"),
    [
        # care in a quarter -> first day of the next one -> two years later
        (date(2024, 1, 1), date(2026, 4, 1)),
        (date(2024, 3, 31), date(2026, 4, 1)),
        (date(2024, 4, 1), date(2026, 7, 1)),
        (date(2024, 6, 30), date(2026, 7, 1)),
        (date(2024, 7, 1), date(2026, 10, 1)),
        (date(2024, 9, 30), date(2026, 10, 1)),
        (date(2024, 10, 1), date(2027, 1, 1)),
        (date(2024, 12, 31), date(2027, 1, 1)),
        (date(2024, 2, 29), date(2026, 4, 1)),
    ],
)
def test_two_years_from_the_first_day_of_the_next_quarter(care: date, limit: date) -> None:
    assert accomplished(care) == limit
