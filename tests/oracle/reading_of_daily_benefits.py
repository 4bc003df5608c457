"""Cash benefits, a calendar day after a calendar day, in whole cents.

A stop is a list of days; each day is given its fate by asking the articles one after the other. No
formula counts days: they are counted one by one. `cents` of a day is rounded by a function that the
caller chooses (`nearest` or `cut`): no article says which (the reference, section 12, point 4).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tests.oracle.tables import (
    CAPITAL,
    PASS,
    PMSS,
    REST_FLOOR,
    SMIC_HOUR,
    SMIC_MONTH,
    SMIC_TENTHS,
    at,
    known,
    nearest,
)

Rounding = Callable[[int, int], int]
ONE = timedelta(days=1)


def days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += ONE


def months_before(day: date, months: int) -> date:
    """The first day of the month that stands `months` before the month of `day`."""
    first = day.replace(day=1)
    for _ in range(months):
        first = (first - ONE).replace(day=1)
    return first


def same_day(day: date, years: int = 0, months: int = 0) -> date:
    """Date to date: the same day of the month, or the last one of a shorter month."""
    year, month = day.year + years, day.month + months
    while month > 12:
        year, month = year + 1, month - 12
    while month < 1:
        year, month = year - 1, month + 12
    number = day.day
    while True:
        try:
            return date(year, month, number)
        except ValueError:
            number -= 1


def eve(day: date) -> date:
    """The last day of the civil month before (R323-4, R331-5)."""
    return day.replace(day=1) - ONE


# --- indemnité journalière maladie --------------------------------------------------------------


def divisor(pays: tuple[int, ...]) -> int:
    """In hundredths: 91,25 for three months, 365 for twelve."""
    return {3: 9125, 12: 36500}[len(pays)]


def sickness_day(pays: tuple[int, ...], stop: date, rounding: Rounding = nearest) -> int:
    """R323-4 1°, R323-5: half of 1/91,25 of the last three pays, each up to 1,4 SMIC of a month; 3°: of
    1/365 of the last twelve, where twelve are given (work that is not continuous).

    R323-9 (1/730 of the yearly cap) is the same limit said otherwise."""
    top_tenths = known(SMIC_TENTHS, stop) * known(SMIC_MONTH, eve(stop))  # tenths of a cent
    kept = sum(min(10 * pay, top_tenths) for pay in pays)
    year_tenths = 12 * top_tenths
    # kept / 10 / 91,25 / 2 and never more than year / 10 / 730, all over 100
    halves = 2 * divisor(pays)
    if kept * 730 * 100 > year_tenths * halves:
        return rounding(year_tenths, 7300)
    return rounding(kept * 100, 10 * halves)


def opened(stop: date, hours_3_months: int | None, wages_6_months: int | None) -> bool:
    """R313-3 1°: 150 hours, or 1 015 SMIC of the first day of the six months before the stop."""
    if hours_3_months is not None and hours_3_months >= 150:
        return True
    start = months_before(stop, 6)
    return wages_6_months is not None and wages_6_months >= 1015 * known(SMIC_HOUR, start)


def opened_after_six_months(
    stop: date, affiliated_since: date, hours_12_months: int | None, wages_12_months: int | None
) -> bool:
    """R313-3 2°: twelve months of affiliation, and 600 hours or 2 030 SMIC of the 1 January before."""
    if same_day(affiliated_since, months=12) > stop:
        return False
    return worked_a_year(stop, hours_12_months, wages_12_months)


def worked_a_year(stop: date, hours_12_months: int | None, wages_12_months: int | None) -> bool:
    """R313-3 2°; R313-7: the same opens the right of those whose work is seasonal or not continuous."""
    if hours_12_months is not None and hours_12_months >= 600:
        return True
    january = months_before(stop, 12) - ONE  # «qui précède»: not the first day itself
    while (january.month, january.day) != (1, 1):
        january -= ONE
    return wages_12_months is not None and wages_12_months >= 2030 * known(SMIC_HOUR, january)


@dataclass(frozen=True)
class Stop:
    """An arrêt de travail. `paid_before`: days already paid for illness that is no ALD.
    `long_stops`: the stops that this ALD caused before, (first day, last day).
    `no_wait`: one of the cases where the three days do not run. `late`: D323-2, second late notice:
    (day of prescription, day of sending). `part_time_loss`: temps partiel thérapeutique, what it costs
    over the whole of these days."""

    first: date
    last: date
    pays: tuple[int, ...]
    no_wait: bool = False
    long_illness: bool = False
    long_stops: tuple[tuple[date, date], ...] = ()
    paid_before: frozenset[date] = frozenset()
    open_first_six: bool = True
    open_after_six: bool = True
    late: tuple[date, date] | None = None
    part_time_loss: int | None = None


@dataclass(frozen=True)
class Fate:
    day: date
    why: str
    cents: int


def first_of_its_period(stop: Stop) -> bool:
    """R323-1 1°: «pour une période de trois ans», only the first stop of one illness waits. A period
    opens with a stop, lasts three years from it, and the next stop after it opens another."""
    period: date | None = None
    for start, _ in sorted([*stop.long_stops, (stop.first, stop.last)]):
        opens = period is None or start >= same_day(period, years=3)
        if opens:
            period = start
        if start == stop.first:
            return opens
    raise AssertionError("the stop is among its own")


def start_of_service(stop: Stop) -> date:
    """L323-1 1°, R323-1 2° and 3°: three years date to date, that run anew after a year of work."""
    began = until = None
    for start, end in sorted([*stop.long_stops, (stop.first, stop.last)]):
        if began is None or until is None or same_day(until, years=1) < start:
            began = start
        until = end
        if start == stop.first:
            return began
    raise AssertionError("the stop is among its own")


def sickness(stop: Stop, rounding: Rounding = nearest) -> list[Fate]:
    amount = sickness_day(stop.pays, stop.first, rounding)
    fates: list[Fate] = []
    paid = set(stop.paid_before)
    seventh_month = same_day(stop.first, months=6)
    if stop.part_time_loss is not None:  # R323-3: no more than the pay lost in a day
        amount = min(amount, rounding(stop.part_time_loss, sum(1 for _ in days(stop.first, stop.last))))
    # L323-3 al. 4: a part time does not wait
    waits = (
        not stop.no_wait
        and stop.part_time_loss is None
        and not (stop.long_illness and not first_of_its_period(stop))
    )
    three_years_from = start_of_service(stop)
    for number, day in enumerate(days(stop.first, stop.last), start=1):
        if number <= 3 and waits:
            fates.append(Fate(day, "carence", 0))  # R323-1 1°: the fourth day
            continue
        # L313-1 II: after six months the conditions of R313-3 2° come «en outre» of those of 1°
        if not stop.open_first_six or (day >= seventh_month and not stop.open_after_six):
            fates.append(Fate(day, "droits", 0))  # R313-3
            continue
        if stop.long_illness:
            if day >= same_day(three_years_from, years=3):
                fates.append(Fate(day, "trois_ans", 0))  # L323-1 1°, R323-1 2°
                continue
        else:
            # L323-1 2°, R323-1 4°: in any three years, thus in those that end today
            since = same_day(day, years=-3) + ONE
            if sum(1 for other in paid if since <= other <= day) >= 360:
                fates.append(Fate(day, "360", 0))
                continue
            paid.add(day)
        cents = amount
        if stop.late and stop.late[0] <= day < stop.late[1]:
            cents = rounding(amount, 2)  # D323-2: 50 % between prescription and sending
        fates.append(Fate(day, "paye", cents))
    return fates


# --- accident du travail ------------------------------------------------------------------------


def accident_day(pay: int, stop: date, number: int, rounding: Rounding = nearest, by: int = 3042) -> int:
    """R433-1 to R433-4: 60 % of 1/30,42 of the last month (1/365 of the last year where work is not
    continuous: `by` 36500), 80 % from the 29th day; the daily wage up to 0,834 % of the year's
    plafond; no more than the net gain, 79 % of the wage (R433-4 last al.)."""
    rate = 80 if number >= 29 else 60
    # everything over 100 x 100 000 x `by` so that nothing is rounded before the end
    top = known(PASS, stop) * 834 * by  # 0,834 % = 834 / 100 000
    wage = min(pay * 100 * 100_000, top)
    net = pay * 100 * 100_000 * 79
    return rounding(min(wage * rate, net), 100 * 100_000 * by)


def accident(
    pay: int, accident_on: date, last: date, rounding: Rounding = nearest, by: int = 3042
) -> list[Fate]:
    """The day of the accident is the employer's (L433-1); no waiting; every day of the calendar."""
    fates = [Fate(accident_on, "employeur", 0)]
    for number, day in enumerate(days(accident_on + ONE, last), start=1):
        fates.append(Fate(day, "paye", accident_day(pay, accident_on, number, rounding, by)))
    return fates


def relapse(
    pay: int, first: date, last: date, earlier: int, least: tuple[int, int], rounding: Rounding, by: int
) -> list[Fate]:
    """R433-7: the wage before the new stop; 80 % from the twenty-ninth day, those of the first interruption
    (`earlier`, nought once healing or consolidation was fixed) counted; never under what 60 and 80 % of that
    one gave (`least`). No day is the employer's: the accident was another day."""
    fates = []
    for number, day in enumerate(days(first, last), start=earlier + 1):
        cents = accident_day(pay, first, number, rounding, by)
        fates.append(Fate(day, "paye", max(cents, least[1 if number >= 29 else 0])))
    return fates


# --- maternité, paternité -----------------------------------------------------------------------

# L331-3, L331-4: (weeks before the expected birth, weeks after the birth)
WEEKS = {"1_ou_2": (6, 10), "3_et_plus": (8, 18), "jumeaux": (12, 22), "triples": (24, 22)}
FATHER_DAYS = {"simple": 25, "multiple": 32}  # L331-8


def rest_day(pays: tuple[int, ...], leave: date, rounding: Rounding = nearest) -> int:
    """R331-5: 1/91,25 of the last three pays, each up to the plafond of the month's eve, less 21 %
    (arrêté du 28 mars 2013); never under the floor."""
    top = known(PMSS, eve(leave))
    kept = sum(min(pay, top) for pay in pays)
    # the floors before 2025 were not found: high wages alone are read there
    return max(rounding(kept * 79, divisor(pays)), at(REST_FLOOR, leave) or 0)


def mother(kind: str, expected: date, born: date | None = None) -> tuple[date, date]:
    """First and last day of rest. Born late: the weeks after run from the birth; born early: none of
    the whole is lost (L331-3 al. 3, L331-4 al. 2)."""
    before, after = WEEKS[kind]
    first = expected - timedelta(weeks=before)
    real = born or expected
    last = real + timedelta(weeks=after) - ONE
    if real < expected:
        first = min(first, real)
        last = first + timedelta(weeks=before + after) - ONE
    return first, last


# --- what is withheld, and the capital ----------------------------------------------------------


def contributions(gross: int) -> tuple[int, int]:
    """CSG 6,2 % (L136-8 II 1° b) and CRDS 0,5 %, each to the nearest cent."""
    return nearest(gross * 62, 1000), nearest(gross * 5, 1000)


def capital(died_on: date) -> int:
    """D361-1, by the day of death."""
    return known(CAPITAL, died_on)


# L361-4 al. 1 and R361-3 last al.: those who were in charge, in this order
IN_CHARGE = ("conjoint", "enfant", "ascendant")
# L361-4 al. 2: the others, where no one claimed within a month (R361-5)
OTHERWISE = ("conjoint", "descendant", "ascendant")
