"""Random pensions d'invalidité, rentes and capitals in the form that the command takes."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.oracle.cash_cases import any_day, money
from tests.oracle.reading_of_daily_benefits import same_day
from tests.oracle.reading_of_pensions import capital_of, invalidity, invalidity_opened, rente_of
from tests.oracle.tables import SMIC_HOUR, known


@dataclass(frozen=True)
class PensionCase:
    """`expected`: cents of a year, a month, the majoration of it, the capital. `reasons`: why it is for a
    person instead."""

    case: dict[str, Any]
    expected: tuple[int, int, int, int]
    reasons: set[str] = field(default_factory=set)


def case(r: Random) -> PensionCase:
    return invalidity_case(r) if r.random() < 0.5 else incapacity_case(r)


def invalidity_case(r: Random) -> PensionCase:
    since = any_day(r, date(2024, 4, 1), date(2026, 10, 31))
    interrupted = max(since - timedelta(days=r.choice((0, 30, 400, 900))), date(2024, 2, 1))
    category = r.choice((1, 2, 3))
    years = {
        interrupted.year - n: r.choice((r.randint(1000000, 4600000), 4500000, r.randint(2500000, 3000000)))
        for n in range(r.choice((0, 0, 1)), r.choice((4, 10, 11, 25)))
    }
    enough = same_day(interrupted.replace(day=1), months=-12)
    affiliated = r.choice((*[date(2010, 1, 1)] * 8, enough, enough + timedelta(days=1)))
    january = date(interrupted.year - (2 if interrupted.month == 1 else 1), 1, 1)
    wages = 2030 * known(SMIC_HOUR, january) + r.choice((-1, 0, 500000))
    hours = r.choice((600, 599, 1500, 1500, 1600, 1607, None))
    given = {
        "benefit": "pension_invalidite",
        "decided_on": since.isoformat(),
        "category": category,
        "since": since.isoformat(),
        "career": {
            "interrupted_on": interrupted.isoformat(),
            "years": [{"year": year, "revalued": money(pay)} for year, pay in years.items()],
            "affiliated_since": affiliated.isoformat(),
            "hours_12_months": None if hours is None else str(hours),
            "earned_12_months": money(wages),
        },
    }
    lost = r.random() < 0.95
    given["two_thirds_lost"] = lost
    reasons = set()
    if not lost:
        reasons.add("invalidite_insuffisante")
    if not invalidity_opened(interrupted, affiliated, hours, wages):
        reasons.add("pension_non_ouverte")
    pension = invalidity(category, since, interrupted, years)
    if pension is None:
        reasons.add("salaires_manquants")
        return PensionCase(given, (0, 0, 0, 0), reasons)
    return PensionCase(given, (pension.yearly, pension.monthly, pension.added, 0), reasons)


def incapacity_case(r: Random) -> PensionCase:
    consolidated = any_day(r, date(2023, 4, 1), date(2026, 10, 31))
    stopped = max(consolidated - timedelta(days=r.choice((0, 20, 200, 400, 900))), date(2021, 4, 2))
    rate = r.choice((1, 5, 9, 10, 11, 49, 50, 51, 66, 80, 100, r.randint(1, 100)))
    earlier = r.choice((*[0] * 9, 5, 30, 60, 99))
    earned = r.choice((r.randint(500000, 5000000), 1500000, 25000000, r.randint(4000000, 6000000)))
    given = {
        "benefit": "rente_at",
        "decided_on": consolidated.isoformat(),
        "incapacity": {
            "rate": rate,
            "consolidated_on": consolidated.isoformat(),
            "stopped_on": stopped.isoformat(),
            "earned": money(earned),
            "earlier": earlier,
        },
    }
    if rate < 10:
        # R434-4: the victim chooses where the sum reaches ten percent
        reasons = {"rente_option"} if earlier and rate + earlier >= 10 else set()
        return PensionCase(given, (0, 0, 0, capital_of(rate, consolidated)), reasons)
    pension = rente_of(rate, earlier, earned, stopped, consolidated)
    return PensionCase(given, (pension.yearly, pension.monthly, 0, 0))
