"""Pension d'invalidité, rente and capital of an accident du travail, in whole cents.

No article says how what is not a number of cents is rounded: it is to the nearest, as the rest."""

from dataclasses import dataclass
from datetime import date

from tests.oracle.reading_of_daily_benefits import same_day, worked_a_year
from tests.oracle.tables import PASS, REVALUED, THIRD_PERSON, known, nearest


@dataclass(frozen=True)
class Pension:
    """Cents of a year (of a pension: of twelve of its months), of a month, and what of the month is the
    majoration for a third person."""

    yearly: int
    monthly: int
    added: int = 0


def revalued(amount: int, since: date, until: date) -> int:
    """L161-25 at each date of effect after `since` and up to `until`, cut to the cent each time (the
    reference, section 12, point 1)."""
    for day, thousandths in REVALUED:
        if since < day <= until:
            amount = amount * thousandths // 10_000
    return amount


# R341-4, R341-5, R341-6: percent of the mean wage, and of the plafond of the year at most
CATEGORY = {1: 30, 2: 50, 3: 50}


def invalidity_opened(interrupted: date, since: date | None, hours: int | None, earned: int | None) -> bool:
    """R313-5: twelve months of affiliation on the first day of the month; 600 hours or 2 030 SMIC."""
    first = interrupted.replace(day=1)
    if since is None or same_day(since, months=12) > first:
        return False
    return worked_a_year(interrupted, hours, earned)


def invalidity(category: int, since: date, interrupted: date, years: dict[int, int]) -> Pension | None:
    """`years`: civil year -> cents, within the plafond and revalued. None: not a year is known."""
    counted = sorted((pay for year, pay in years.items() if year < interrupted.year), reverse=True)[:10]
    if not counted:
        return None
    percent = CATEGORY[category]
    # percent of the mean, never more than the same percent of the plafond: the division comes last
    whole, of = sum(counted) * percent, 100 * len(counted)
    if whole > known(PASS, since) * percent * len(counted):
        whole = known(PASS, since) * percent * len(counted)
    monthly = nearest(whole, 12 * of)
    if category < 3:
        return Pension(12 * monthly, monthly)
    # R341-6: 40 % more, at least the minimum
    added = max(nearest(whole * 40, 1200 * of), known(THIRD_PERSON, since))
    return Pension(12 * (monthly + added), monthly + added, added)


# D434-1, cents on 2016-04-01, by percent of incapacity
CAPITAL_2016 = {
    1: 41112, 2: 66820, 3: 97644, 4: 154113, 5: 195233, 6: 241471, 7: 292825, 8: 349359, 9: 411006,
}  # fmt: skip
MINIMUM_2016 = 1828180
"""R434-27, euros of a year on 2016-04-01."""
APRIL_2016 = date(2016, 4, 1)


def capital_of(rate: int, consolidated: date) -> int:
    """L434-1: under ten percent, a sum once."""
    return revalued(CAPITAL_2016[rate], APRIL_2016, consolidated)


def rente_of(rate: int, earlier: int, earned: int, stopped: date, consolidated: date) -> Pension:
    """R434-29, L434-16, R434-28, R434-2, R434-2-1: the wage of the twelve months before the stop, revalued to
    the consolidation, at least the minimum, what passes twice the minimum for a third, nothing past eight
    times; each percent for a half up to fifty, for one and a half above, those of earlier accidents first."""
    least = revalued(MINIMUM_2016, APRIL_2016, consolidated)
    wage = max(revalued(earned, stopped, consolidated), least)
    # three times the counted wage, so that a third is whole
    thrice = 3 * min(wage, 2 * least) + max(min(wage, 8 * least) - 2 * least, 0)
    halves = 0
    for percent in range(earlier + 1, earlier + rate + 1):
        halves += 1 if percent <= 50 else 3
    # thrice / 3 x halves / 200
    yearly = min(nearest(thrice * halves, 600), nearest(thrice, 3))
    return Pension(yearly, nearest(yearly, 12))
