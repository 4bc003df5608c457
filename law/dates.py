"""Civil ages and months, as the code counts them."""

from calendar import monthrange
from datetime import date


def birthday(born: date, years: int) -> date:
    """The day on which someone reaches that age; a birth on 29 February counts on 1 March."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def age_on(born: date, day: date) -> int:
    """Full years on `day`; negative before the birth."""
    return day.year - born.year - (day < birthday(born, day.year - born.year))


def add_months(day: date, months: int) -> date:
    """Date to date; the last day of the month where the date does not exist."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
