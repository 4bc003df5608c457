"""Random sheets of technical acts, and what the oracle reads of the same sheet.

`acts.csv` holds rows of the CCAM, version 81 (Cnam), as they are printed: code, activity, the two tariffs,
the column «Exo. TM», the regrouping, the modifiers admitted. Many are close to the threshold of R160-16."""

import csv
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from domain.claim import Act, Claim, History, Withheld
from domain.people import Affiliation, Insured
from tests.oracle.care_cases import euros, past, patient_on, someone
from tests.oracle.reading_of_acts import (
    BESIDE_SURGEONS,
    DENTISTS,
    Done,
    Sheet,
    is_sunday_or_holiday,
    modifiers,
    price,
)
from tests.oracle.reading_of_the_law import Taken

with (Path(__file__).parent / "acts.csv").open(encoding="utf-8", newline="") as table:
    ACTS = list(csv.DictReader(table))

# who does what: the specialties, the regroupings, the activity
TRADES = [
    (("04", "41", "48"), ("ADC", "ATM"), "1"),
    (("07", "11", "15"), ("ADC", "ATM", "ADE"), "1"),
    (("01", "22"), ("ATM", "ADE"), "1"),
    (("03", "05", "12", "32", "33"), ("ATM", "ADE"), "1"),
    (("06", "06", "13", "14"), ("ADI", "ADE", "ATM"), "1"),
    (("37",), ("ATM",), "1"),
    (("02",), ("ADA",), "4"),
    (
        ("19", "19", "36"),
        ("ASC", "END", "SDE", "AID", "PF0", "PAR", "PFC", "RE1", "TDS", "AXI", "IN1", "ATM"),
        "1",
    ),
    (("19",), ("END", "SDE", "IN1"), "1"),
    (("18",), ("ASC", "ADC"), "1"),
]
FIRST, LAST = date(2025, 12, 31), date(2026, 11, 20)
TURNS = [date(2026, 1, 1), date(2026, 4, 1), date(2026, 4, 22)]
HOLIDAYS = [date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25), date(2026, 7, 14), date(2026, 11, 1)]
GROUNDS = ("infertilite", "donneur", "contraception", "prevention", "samu", "sevices")
ANNIVERSARIES = (0, 1, 4, 5, 13, 16, 18, 26, 27, 80, 81)


@dataclass(frozen=True)
class ActsCase:
    insured: Insured
    claim: Claim
    history: History
    decided_on: date
    sheet: Sheet
    before: tuple[Taken, ...]


def a_day(r: Random) -> date:
    """Often the eve, the day or the morrow of a change, a Sunday, a holiday."""
    if r.random() < 0.25:
        return r.choice(TURNS) + timedelta(days=r.choice((-1, 0, 1)))
    if r.random() < 0.2:
        return r.choice(HOLIDAYS) + timedelta(days=r.choice((-1, 0, 0, 1)))
    return FIRST + timedelta(days=r.randint(1, (LAST - FIRST).days))


def close_to_a_birthday(r: Random, insured: Insured, day: date) -> Insured:
    years = r.choice(ANNIVERSARIES)
    born = date(day.year - years, day.month, min(day.day, 28)) + timedelta(days=r.choice((-1, 0, 0, 1)))
    born = min(born, day)
    affiliated = Affiliation(
        replace(insured.affiliations[0].period, start=max(born, date(2010, 1, 1))), "017510000"
    )
    return replace(
        insured, birth_date=born, affiliations=(affiliated,),
        grossesses=insured.grossesses if 17 < years < 50 else (),
    )  # fmt: skip


def written(r: Random, act: Done, sheet: Sheet) -> Done:
    """The act with up to four modifiers, mostly those that may be written there."""
    if not act.admits or r.random() < 0.45:
        return act
    letters: list[str] = []
    # left out: F on a working day, which the command takes as written
    admitted = act.admits if is_sunday_or_holiday(act.day) else act.admits.replace("F", "")
    for letter in r.sample(admitted, len(admitted)):
        apart = [{"U", "P", "S", "F", "M"}, {"K", "T"}, {"4", "5"}]
        if any(letter in group and group & set(letters) for group in apart):
            continue
        tried = replace(act, modifiers="".join([*letters, letter]))
        if modifiers(sheet, tried) is not None or r.random() < 0.02:
            letters.append(letter)
        if len(letters) >= r.choice((1, 2, 4)):
            break
    return replace(act, modifiers="".join(letters))


def associated(r: Random, acts: list[Done]) -> list[Done]:
    """III-3 B: the dearest in full, the next at half, or at three quarters, or each at its moment."""
    if len(acts) == 1:
        return [replace(acts[0], association=r.choice((None, None, None, "1", "4")))]
    dear = sorted(range(len(acts)), key=lambda place: -acts[place].tariff)
    codes = r.choice((["1", "2", "2", "2"], ["1", "3", "2", "2"], ["4"] * 4, ["5"] * 4, ["1", "2", "5", "5"]))
    if r.random() < 0.01:
        return acts
    found = list(acts)
    for rank, place in enumerate(dear):
        found[place] = replace(found[place], association=codes[min(rank, 3)])
    return found


def case(r: Random) -> ActsCase:
    day = a_day(r)
    decided_on = min(day + timedelta(days=r.choice((0, 1, 3, 20, 100))), LAST)
    insured = someone(r, day)
    specialties, groups, activity = r.choice(TRADES)
    specialty = r.choice(specialties)
    if r.random() < (0.6 if specialty in DENTISTS else 0.3):
        insured = close_to_a_birthday(r, insured, day)
    if specialty in DENTISTS or specialty == "18":
        # what the régime local adds to dental care is decided by its own board
        insured = replace(insured, situations=tuple(s for s in insured.situations if s.kind != "regime_local"))
    sector, optam = "1", None
    if specialty in BESIDE_SURGEONS and specialty != "18" and r.random() < 0.35:
        sector, optam = "2", r.random() < 0.5
    nature = "maladie"
    if insured.grossesses and r.random() < 0.6:
        nature = "maternite"
    if insured.accidents and r.random() < 0.6:
        nature = "atmp"
    at_number = r.choice(("AT1",) * 12 + ("AT9",)) if nature == "atmp" else None
    box = r.choice((None, None, "O", "O", "U", "H", "D", "S", "S", "R", "N"))
    paid = r.random() < 0.7
    sheet = Sheet(
        (), decided_on, r.choice(("20000000002", "10000000001")), specialty, sector, optam, nature,
        nature == "maladie" and r.random() < (0.6 if insured.alds else 0.03), box, paid,
        paid if r.random() < 0.6 else not paid,
        in_hospital=not insured.situations and r.random() < 0.08,
    )  # fmt: skip
    rows = [row for row in ACTS if row["group"] in groups and row["activity"] == activity]
    if activity == "4" and r.random() < 0.8:  # above, nothing is computed
        rows = [row for row in rows if Decimal(row["tariff"]) < 120]
    acts: list[Done] = []
    days = [
        day,
        *(day - timedelta(days=r.choice((0, 0, 0, 1, 8))) for _ in range(r.choice((0, 0, 0, 1, 1, 2)))),
    ]
    for on in sorted(days):
        on = max(on, FIRST, min(insured.birth_date, day))
        row = r.choice(rows)
        column = "other_tariff" if sector != "1" and not optam else "tariff"
        tariff = int(Decimal(row[column]).scaleb(2))
        act = Done(
            on, row["code"], row["activity"], tariff, row["exo_tm"], row["group"], 0,
            patient_on(insured, on, at_number), row["modifiers"],
            row["conditions"], ground=r.choice(GROUNDS) if r.random() < 0.05 else None,
        )  # fmt: skip
        acts.append(written(r, act, sheet))
    acts = [
        each for on in sorted({a.day for a in acts}) for each in associated(r, [a for a in acts if a.day == on])
    ]
    for place, act in enumerate(acts):
        sum_ = price(sheet, act)[0] if modifiers(sheet, act) is not None else act.tariff
        more = r.choice((0, 0, 0, 0, 1, -1, sum_ * 175 // 1000, r.randint(0, 9000), -sum_ * 9 // 10))
        acts[place] = replace(act, fee=max(sum_ + more, 1))
    sheet = replace(sheet, acts=tuple(acts))
    before = past(r, decided_on, day)
    claim = Claim(
        id="document",
        insured_id=insured.id,
        practitioner_rpps=sheet.doctor,
        practitioner_specialty=specialty,
        practitioner_sector=sector,
        practitioner_optam=optam,
        acts=tuple(
            Act(
                line=place, day=a.day, code=a.code, fee=euros(a.fee), activity=a.activity,
                modifiers=a.modifiers, association=a.association, ground=a.ground,  # type: ignore[arg-type]
            )
            for place, a in enumerate(acts, 1)
        ),
        total=euros(sum(a.fee for a in acts)),
        form_date=max(a.day for a in acts),
        received_on=decided_on,
        nature=nature,  # type: ignore[arg-type]
        ald=sheet.protocole_ticked,
        parcours=box,  # type: ignore[arg-type]
        paid_by_insured=sheet.insured_paid,
        complementary_paid_by_insured=sheet.insured_paid_complement,
        at_number=at_number,
        hospitalised=sheet.in_hospital,
        maternity_date=insured.grossesses[0].expected_birth if nature == "maternite" else None,
    )  # fmt: skip
    kept = tuple(
        Withheld(
            "participation_forfaitaire", euros(t.cents), t.reimbursed_on, t.care_day, t.doctor, euros(t.owed)
        )
        for t in before
    )
    return ActsCase(insured, claim, History(withheld=kept), decided_on, sheet, before)
