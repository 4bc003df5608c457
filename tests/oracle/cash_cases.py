"""Random cash benefits in the form that the command takes, with what the oracle expects of each day."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.oracle.reading_of_daily_benefits import (
    FATHER_DAYS,
    Rounding,
    Stop,
    accident,
    days,
    months_before,
    mother,
    opened,
    opened_after_six_months,
    relapse,
    rest_day,
    same_day,
    sickness,
    worked_a_year,
)
from tests.oracle.tables import SMIC_HOUR, known, nearest

ONE = timedelta(days=1)


@dataclass(frozen=True)
class CashCase:
    """`expected`: cents of each day that is paid; `payees`: who gets the whole."""

    case: dict[str, Any]
    expected: dict[date, int]
    payees: dict[str, int] | None = None


def money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def months(stop: date, how_many: int) -> list[date]:
    return [months_before(stop, n) for n in range(how_many, 0, -1)]


def wage(r: Random) -> int:
    return r.choice(
        (r.randint(1000, 900000), r.randint(100000, 300000), 200000, 255224, 255225, 400500, 1200000)
    )


def attestation(r: Random, stop: date, how_many: int = 3) -> tuple[dict[str, Any], tuple[int, ...]]:
    seasonal = r.random() < 0.15
    if seasonal:
        how_many = 12
    pays = tuple([wage(r)] * how_many if r.random() < 0.3 else (wage(r) for _ in range(how_many)))
    rows = [
        {"month": month.isoformat(), "gross": money(pay)}
        for month, pay in zip(months(stop, how_many), pays, strict=True)
    ]
    return {
        "pays": rows,
        "hours_3_months": "300",
        "affiliated_since": "2015-01-01",
        "discontinuous": seasonal,
    }, pays


def any_day(r: Random, first: date, last: date) -> date:
    day = first + timedelta(days=r.randint(0, (last - first).days))
    return day.replace(day=1) if r.random() < 0.1 else day


def sickness_case(r: Random, rounding: Rounding = nearest) -> CashCase:
    first = any_day(r, date(2024, 2, 1), date(2026, 8, 20))
    last = first + timedelta(days=r.choice((0, 2, 3, 4, 9, 30, 89, r.randint(0, 60))))
    long_stop = r.random() < 0.08
    if long_stop:
        last = first + timedelta(days=r.choice((180, 185, 250, 380)))
    given, pays = attestation(r, first)
    # R313-3 1°
    hours, earned = r.choice(((150, None), (149, 0), (None, 1), (600, None), (0, -1)))
    open_six = True
    if r.random() < 0.3:
        threshold = 1015 * known(SMIC_HOUR, months_before(first, 6))
        wages = None if earned is None else threshold + earned - (1 if earned == 0 else 0)
        given["hours_3_months"] = None if hours is None else str(hours)
        given["earned_6_months"] = None if wages is None else money(wages)
        open_six = opened(first, hours, wages)
    # R313-3 2°
    since = r.choice((date(2015, 1, 1), same_day(first, months=-12), same_day(first, months=-12) + ONE))
    hours_12 = r.choice((600, 599, 1500))
    given["affiliated_since"] = since.isoformat()
    given["hours_12_months"] = str(hours_12)
    # «qui précède»: of a period that begins on a 1 January, the one before
    january = date(first.year - (2 if first.month == 1 else 1), 1, 1)
    earned_12 = 2030 * known(SMIC_HOUR, january) + r.choice((-1, 0, 40000))
    given["earned_12_months"] = money(earned_12)
    open_after = opened_after_six_months(first, since, hours_12, earned_12)

    waiver = r.choice((None,) * 8 + ("interruption_grossesse", "suites_maternite", "deces_enfant"))
    ald = r.choice((None, None, None, 8)) if waiver is None else None
    history: dict[str, Any] = {"paid": [], "stops": [], "late": []}
    before: set[date] = set()
    long_stops: list[tuple[date, date]] = []
    end = first - timedelta(days=r.randint(1, 300))
    for _ in range(r.choice((0, 0, 1, 3, 5))):
        start = end - timedelta(days=r.choice((5, 29, 120, 179)))
        kind = r.choice((None, None, 8))
        waits = timedelta(days=3)
        history["stops"].append({"start": start.isoformat(), "end": end.isoformat(), "ald": kind})
        history["paid"].append({"start": (start + waits).isoformat(), "end": end.isoformat(), "ald": kind})
        if kind is None:
            before.update(days(start + waits, end))
        else:
            long_stops.append((start, end))
        end = start - timedelta(days=r.randint(10, 200))
    stop = {
        "start": first.isoformat(),
        "end": last.isoformat(),
        "prescribed_on": first.isoformat(),
        "ald": ald,
        "waiver": waiver,
    }
    if waiver == "deces_enfant":
        stop["child_died_on"] = (first - timedelta(days=r.randint(0, 60))).isoformat()
    # D323-2: a second late notice within 24 months (R321-2: two days after the interruption)
    half: tuple[date, date] | None = None
    if r.random() < 0.15:
        prescribed = first + timedelta(days=r.choice((0, 0, 1)))
        sent = first + timedelta(days=r.choice((1, 2, 3, 6, 12)))
        warned = same_day(sent, months=-24) + timedelta(days=r.choice((-1, 0, 1, 200)))
        stop |= {"sent_on": sent.isoformat(), "prescribed_on": prescribed.isoformat()}
        history["late"].append(warned.isoformat())
        last_day = same_day(warned, months=24)
        if sent > first + timedelta(days=2) and sent <= last_day:
            half = (prescribed, sent)
    loss: int | None = None
    if half is None and waiver is None and r.random() < 0.1:
        loss = ((last - first).days + 1) * r.randint(1, 6000) + r.randint(0, 500)
        stop["part_time_loss"] = money(loss)
    # L323-1-1: «la première incapacité» since the death of the child
    died = date.fromisoformat(stop.get("child_died_on") or "9999-12-31")
    second = any(date.fromisoformat(each["start"]) >= died for each in history["stops"])
    if given["discontinuous"] and worked_a_year(first, hours_12, earned_12):
        open_six = True  # R313-7
    asked = Stop(
        first,
        last,
        pays,
        no_wait=waiver is not None and not second,
        long_illness=ald is not None,
        long_stops=tuple(long_stops) if ald is not None else (),
        paid_before=frozenset(before),
        open_first_six=open_six,
        open_after_six=open_after,
        late=half,
        part_time_loss=loss,
    )
    if left_out(asked):
        return sickness_case(r, rounding)
    case = {
        "benefit": "ij_maladie",
        "decided_on": (last + ONE).isoformat(),
        "stop": stop,
        "attestation": given,
        "history": history,
    }
    fates = sickness(asked, rounding)
    # a prolongation: the same stop, whose first days were paid before
    start = first + timedelta(days=r.randint(0, (last - first).days))
    # from 2026-09-01 a decree that was not found limits what may be prescribed (L162-4-1)
    if half is None and loss is None and first < start < date(2026, 9, 1) and r.random() < 0.2:
        stop |= {"start": start.isoformat(), "prescribed_on": start.isoformat()}
        stop["interrupted_on"] = first.isoformat()
        paid = [fate.day for fate in fates if fate.cents and fate.day < start]
        history["paid"] += [{"start": day.isoformat(), "end": day.isoformat(), "ald": ald} for day in paid]
        fates = [fate for fate in fates if fate.day >= start]
    return CashCase(case, {fate.day: fate.cents for fate in fates if fate.cents})


def left_out(asked: Stop) -> bool:
    """The years that no one has read."""
    return asked.last > date(2026, 12, 30)


def accident_case(r: Random, rounding: Rounding = nearest) -> CashCase:
    on = any_day(r, date(2023, 2, 1), date(2026, 8, 20))
    last = min(on + timedelta(days=r.choice((0, 1, 5, 27, 28, 29, 40, 200))), date(2026, 12, 31))
    given, pays = attestation(r, on, 1)
    starts = on if r.random() < 0.5 or last == on else on + ONE
    if starts.month != on.month:
        starts = on
    case: dict[str, Any] = {
        "benefit": "ij_atmp",
        "decided_on": (last + ONE).isoformat(),
        "accident": {"number": "1", "occurred_on": on.isoformat(), "recognised": True},
        "stop": {"start": starts.isoformat(), "end": last.isoformat(), "prescribed_on": starts.isoformat()},
        "attestation": given,
    }
    by = 3042 if len(pays) == 1 else 36500
    if r.random() < 0.3:  # a relapse of an accident of long ago
        earlier, closed = r.choice((0, 5, 20, 27, 28, 60)), r.random() < 0.4
        least = r.choice(((1, 2), (3000, 4000), (9000, 12000)))
        case["accident"]["occurred_on"] = (on - timedelta(days=300)).isoformat()
        case["stop"] |= {"start": on.isoformat(), "prescribed_on": on.isoformat()}
        case["relapse"] = {
            "earlier_days": earlier, "closed": closed,
            "least_begin": money(least[0]), "least_then": money(least[1]),
        }  # fmt: skip
        fates = relapse(sum(pays), on, last, 0 if closed else earlier, least, rounding, by)
        return CashCase(case, {f.day: f.cents for f in fates if f.cents})
    return CashCase(case, {f.day: f.cents for f in accident(sum(pays), on, last, rounding, by) if f.cents})


def rest_case(r: Random, rounding: Rounding = nearest) -> CashCase:
    expected_on = any_day(r, date(2025, 8, 1), date(2026, 7, 20))
    babies = r.choice((1, 1, 1, 2, 3))
    children = r.choice((0, 1, 2, 4))
    kind = {1: "1_ou_2" if children < 2 else "3_et_plus", 2: "jumeaux", 3: "triples"}[babies]
    born = r.choice((None, expected_on, expected_on + timedelta(days=r.randint(-40, 12))))
    first, last = mother(kind, expected_on, born)
    given, pays = attestation(r, first)
    case = {
        "benefit": "ij_maternite",
        "decided_on": (last + ONE).isoformat(),
        "birth": {
            "expected_on": expected_on.isoformat(),
            "babies": babies,
            "children_before": children,
            "born_on": born.isoformat() if born else None,
        },
        "attestation": given,
    }
    cents = rest_day(pays, first, rounding)
    return CashCase(case, dict.fromkeys(days(first, last), cents))


def father_case(r: Random, rounding: Rounding = nearest) -> CashCase:
    born = any_day(r, date(2025, 2, 1), date(2026, 7, 20))
    first = born + timedelta(days=r.randint(0, 60))
    babies = r.choice((1, 1, 2))
    most = FATHER_DAYS["simple" if babies == 1 else "multiple"]
    how_many = r.choice((4, 11, 21, most))
    last = first + timedelta(days=how_many - 1)
    given, pays = attestation(r, first)
    case = {
        "benefit": "ij_paternite",
        "decided_on": (last + ONE).isoformat(),
        "born_on": born.isoformat(),
        "start": first.isoformat(),
        "end": last.isoformat(),
        "babies": babies,
        "taken_before": r.choice((0, most - how_many)),
        "attestation": given,
    }
    return CashCase(case, dict.fromkeys(days(first, last), rest_day(pays, first, rounding)))
