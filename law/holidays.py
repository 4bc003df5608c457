"""Sundays and public holidays (code du travail L3133-1), and delays that do not count them."""

from datetime import date, timedelta
from functools import cache

_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_FROM_EASTER = (1, 39, 50)
"""Easter Monday, Ascension, Whit Monday."""


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus of 1876)."""
    moon, century, rest = year % 19, year // 100, year % 100
    leap, shift = century // 4, (century - (century + 8) // 25 + 1) // 3
    age = (19 * moon + century - leap - shift + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - age - rest % 4) % 7
    late = (moon + 11 * age + 22 * week) // 451
    month, day = divmod(age + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """The eleven public holidays; those of Alsace and Moselle alone are not among them."""
    moving = (easter(year) + timedelta(days=days) for days in _FROM_EASTER)
    return frozenset((*(date(year, month, day) for month, day in _FIXED), *moving))


def counts(day: date) -> bool:
    """Whether a delay "non compris les dimanches et jours fériés" runs on that day."""
    return day.weekday() != 6 and day not in holidays(day.year)


def after_counted_days(start: date, days: int) -> date:
    """The last day of a delay of so many whole days that count, from some hour of `start`.

    Raises OverflowError past the calendar's end."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= counts(day)
    return day
