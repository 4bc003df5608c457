"""A second reading of the law for a généraliste's acts: whole cents, tables and brute force.

It shares nothing with law/, rights/ or liquidation/: its tables are typed here again from the texts.
A case is a plain mapping; the answer is what each act pays, in cents, sorted.
"""

from datetime import date

TARIFF = [  # (first day, letters, cents)
    (date(2023, 11, 1), "G GS VG VGS", 2650),
    (date(2024, 12, 22), "G GS VG VGS", 3000),
    (date(2023, 11, 1), "APC", 5650),
    (date(2024, 12, 22), "APC", 6000),
]
PF = [(date(2005, 1, 1), 100), (date(2024, 5, 15), 200)]  # R160-19
YEARLY = {2024: (50, 5000), 2025: (25, None), 2026: (25, None)}  # D160-6, decree 2024-432 art. 2 II
HOLD_OF_THE_PARCOURS = {"N", "U", "H"}
NEEDS_A_DOCTOR = {"O", "R"}


def latest(table, day):
    return max((row for row in table if row[0] <= day), key=lambda row: row[0])[-1]


def percent(cents, rate):
    """Nearest cent, halves up."""
    whole, rest = divmod(cents * rate, 100)
    return whole + (rest >= 50)


def years_old(born, day):
    age = day.year - born.year
    return age - ((day.month, day.day) < (born.month, born.day))


def rate_of(case):
    if case["nature"] == "atmp" or case["maternity"] or case["invalid"]:
        return 100
    return 100 if case["ald_ticked"] and case["ald_open"] else 70


def outside(case, day):
    """Whether 40 points are kept: R160-6, L162-5-3, D162-1-6 3°."""
    if years_old(case["born"], day) < 16 or case["nature"] == "atmp" or case["maternity"]:
        return False
    if case["ald_ticked"] and case["ald_open"] and not case["invalid"]:
        return False
    if case["doctor"] == case["declared"] or case["ticked"] in HOLD_OF_THE_PARCOURS:
        return False
    return not (case["ticked"] in NEEDS_A_DOCTOR and case["declared"])


def answer(case):
    """What each act pays in cents (insured and practitioner together), sorted."""
    day_count, year_count, year_sum = {}, 0, 0
    for entry in case["history"]:
        key = (entry["care_day"], entry["doctor"])
        day_count[key] = day_count.get(key, 0) + 1
        if entry["paid_on"].year == case["decided_on"].year:
            year_count += 1
            year_sum += entry["cents"]
    pays = []
    for day, letter, fee in sorted(case["acts"]):
        price = latest([row for row in TARIFF if letter in row[1].split()], day)
        base = fee if fee < price else price
        rate = rate_of(case)
        amo = percent(base, rate)
        if rate == 70 and case["regime_local"]:
            amo = percent(base, 90)
        kept = 0
        if outside(case, day):
            kept = min(percent(base, 40), 1060)
        extra = base - amo if case["c2s"] else 0
        free = (
            case["c2s"]
            or (case["maternity"] and case["nature"] != "atmp")
            or years_old(case["born"], date(day.year, 1, 1)) < 18
            or base == 0
        )
        key = (day, case["doctor"])
        number, ceiling = YEARLY[case["decided_on"].year]
        due = 0
        if not free and day_count.get(key, 0) < 4 and year_count < number:
            due = latest(PF, day)
            if ceiling is not None:
                due = max(0, min(due, ceiling - year_sum))
        if due:
            day_count[key] = day_count.get(key, 0) + 1
            year_count += 1
            year_sum += due
        if not case["insured_paid"]:
            due = 0
        pays.append(amo - kept - min(due, amo - kept) + extra)
    return sorted(pays)
