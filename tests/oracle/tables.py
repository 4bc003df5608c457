"""The dated values of the law, typed by hand from the texts, in whole cents (or the unit said).

Each table is a list of (first day of effect, value), the newest last: one reads it by walking down
until the day is passed. Nothing here comes from the YAML files that the product reads: that is the
point, a wrong digit in one place must show.
"""

import csv
from datetime import date
from pathlib import Path
from typing import TypeVar

V = TypeVar("V")
Table = list[tuple[date, V]]

GENERALISTS = ("01", "22", "23")
"""IR_SPE_V: médecine générale, with the diploma, recognised by the Ordre."""

# NGAP in metropolitan France, sector 1. Convention médicale 2016, règlement arbitral 2023 (26,50 on
# 2023-11-01), convention médicale 2024-2029 (30,00 on 2024-12-22). A code or a day that is not in
# the table has no tariff that we know.
TARIFF: dict[str, Table[int]] = {
    "G": [(date(2017, 5, 1), 2500), (date(2023, 11, 1), 2650), (date(2024, 12, 22), 3000)],
    "GS": [(date(2017, 5, 1), 2500), (date(2023, 11, 1), 2650), (date(2024, 12, 22), 3000)],
    "VG": [(date(2023, 11, 1), 2650), (date(2024, 12, 22), 3000)],
    "VGS": [(date(2023, 11, 1), 2650), (date(2024, 12, 22), 3000)],
    "APC": [(date(2023, 11, 1), 5650), (date(2024, 12, 22), 6000)],
}

# R160-6 al. 3: 40 % of the opposable consultation of a specialist: 40 % x 25,00, then 40 % x 26,50,
# which the convention of 2024-12-22 did not change (SFG RG_VF671).
MAJORATION_CAP: Table[int] = [(date(2017, 5, 1), 1000), (date(2023, 11, 1), 1060)]

# Décision UNCAM under R160-19: one euro, two since 2024-05-15, by the day of care.
PARTICIPATION: Table[int] = [(date(2005, 1, 1), 100), (date(2024, 5, 15), 200)]

# D160-6: (how many, how many cents) in a civil year, by the day of reimbursement. 2024: décret
# 2024-432 art. 2 II, fifty and no more than 50 euros; since 2025-01-01 twenty-five, no sum.
YEARLY: Table[tuple[int, int | None]] = [(date(2024, 1, 1), (50, 5000)), (date(2025, 1, 1), (25, None))]

DAILY = 4
"""D160-8: participations for one person, one professional, one day of care."""

# D160-9: a box, an act of an auxiliary, a journey. D160-11: those of one day. D160-10: those of a year.
FRANCHISE: dict[str, Table[int]] = {
    "medicament": [(date(2008, 1, 1), 50), (date(2024, 3, 31), 100)],
    "infirmier": [(date(2008, 1, 1), 50), (date(2024, 3, 31), 100)],
    "transport": [(date(2008, 1, 1), 200), (date(2024, 3, 31), 400)],
}
DAILY_FRANCHISE: dict[str, Table[int]] = {
    "infirmier": [(date(2024, 3, 31), 400)],
    "transport": [(date(2024, 3, 31), 800)],
}
YEARLY_FRANCHISE = 5000

# BDPM (ANSM), spring 2026: CIP13 -> percent, cents of a box without its dispensing, cents of the dispensing,
# which is more for a box of three months. A sample of each rate and each dispensing, in medicines.csv.
with (Path(__file__).parent / "medicines.csv").open(encoding="utf-8", newline="") as rows:
    MEDICINES = {
        row["cip13"]: (int(row["rate"]), int(row["price"]), int(row["dispensing"]))
        for row in csv.DictReader(rows)
    }
# R160-5 8°, 9°, 4°, decisions of the UNCAM: what the caisse pays of an appliance, a transport, a nurse.
OTHER_RATES = {"appareil": 60, "transport": 55, "infirmier": 60}
# The letters of the other trades, in metropolitan France. Biology: avenant 12, 0,25 on 2024-01-15 (Klesia).
# Kinésithérapeutes: avenant of 2011-11-30, then avenant 7 (2,21 on 2024-02-22). Orthophonistes: avenant 20,
# 2,60 from the beginning of 2024. Sages-femmes: avenant 7, 3,10 on 2024-02-22, 3,20 on 2025-01-01, C 23 and
# MSF 3,50. Dentists: C 23. None of them is in the reference: they were read in the press of the trades.
LETTERS: dict[str, Table[int]] = {
    "B": [(date(2020, 1, 1), 26), (date(2024, 1, 15), 25)],
    "AMK": [(date(2012, 7, 15), 215), (date(2024, 2, 22), 221)],
    "AMS": [(date(2012, 7, 15), 215), (date(2024, 2, 22), 221)],
    "AMC": [(date(2012, 7, 15), 215), (date(2024, 2, 22), 221)],
    "AMO": [(date(2024, 2, 1), 260)],
    "AMI": [(date(2012, 5, 27), 315)],
    "SF": [(date(2024, 2, 22), 310), (date(2025, 1, 1), 320)],
    "SP": [(date(2024, 2, 22), 310), (date(2025, 1, 1), 320)],
    "C": [(date(2019, 1, 1), 2300)],
    "MSF": [(date(2019, 1, 1), 200), (date(2024, 2, 22), 350)],
}
# R160-5 3° bis, décret 2023-701: 70 until the eve.
DENTIST_RATE: Table[int] = [(date(2005, 1, 1), 70), (date(2023, 10, 15), 60)]

# L174-4: the forfait of a day in hospital; L160-13 I al. 4: of a visit to the urgences, whole and reduced.
# Arrêtés of 2017, 2021 and 2026-02-27.
FORFAIT: dict[str, Table[int]] = {
    "mco": [(date(2018, 1, 1), 2000), (date(2026, 3, 1), 2300)],
    "psychiatrie": [(date(2018, 1, 1), 1500), (date(2026, 3, 1), 1700)],
}
EMERGENCY: Table[tuple[int, int]] = [(date(2022, 1, 1), (1961, 849)), (date(2026, 3, 1), (2300, 996))]
# R160-16 I: from 120 euros on, 24 euros, then 32 (by the press; 1 or 22 April 2026).
HEAVY_FROM = 12000
HEAVY_SUM: Table[int] = [(date(2019, 1, 1), 2400), (date(2026, 4, 1), 3200)]

# SMIC for a month of 35 h (35 x 52 / 12 hours), published, and for an hour.
SMIC_MONTH: Table[int] = [
    (date(2022, 8, 1), 167895),
    (date(2023, 1, 1), 170928),
    (date(2023, 5, 1), 174720),
    (date(2024, 1, 1), 176692),
    (date(2024, 11, 1), 180180),
    (date(2026, 1, 1), 182303),
    (date(2026, 6, 1), 186702),
]
SMIC_HOUR: Table[int] = [
    (date(2022, 8, 1), 1107),
    (date(2023, 1, 1), 1127),
    (date(2023, 5, 1), 1152),
    (date(2024, 1, 1), 1165),
    (date(2024, 11, 1), 1188),
    (date(2026, 1, 1), 1202),
    (date(2026, 6, 1), 1231),
]

# R323-4: tenths of a SMIC, by the first day of the stop (décret 2025-160: 1,4 from 2025-04-01).
SMIC_TENTHS: Table[int] = [(date(2012, 1, 1), 18), (date(2025, 4, 1), 14)]

# Plafond de la sécurité sociale (L241-3), a month and a year.
PMSS: Table[int] = [
    (date(2023, 1, 1), 366600),
    (date(2024, 1, 1), 386400),
    (date(2025, 1, 1), 392500),
    (date(2026, 1, 1), 400500),
]
PASS: Table[int] = [
    (date(2022, 1, 1), 4113600),
    (date(2023, 1, 1), 4399200),
    (date(2024, 1, 1), 4636800),
    (date(2025, 1, 1), 4710000),
    (date(2026, 1, 1), 4806000),
]

# R331-5 last but one al.: the least a day of rest is paid.
REST_FLOOR: Table[int] = [(date(2025, 1, 1), 1102), (date(2026, 1, 1), 1112)]

# L161-25: ten-thousandths, at each date of effect.
REVALUED: list[tuple[date, int]] = [
    (date(2017, 4, 1), 10030),
    (date(2018, 4, 1), 10100),
    (date(2019, 4, 1), 10030),
    (date(2020, 4, 1), 10030),
    (date(2021, 4, 1), 10010),
    (date(2022, 4, 1), 10180),
    (date(2022, 7, 1), 10400),
    (date(2023, 4, 1), 10154),
    (date(2024, 4, 1), 10460),
    (date(2025, 4, 1), 10170),
    (date(2026, 4, 1), 10080),
]
# R341-6: the least majoration for a third person, a month.
THIRD_PERSON: Table[int] = [
    (date(2022, 7, 1), 119255),
    (date(2023, 4, 1), 121090),
    (date(2024, 4, 1), 126660),
    (date(2025, 4, 1), 128813),
    (date(2026, 4, 1), 129844),
]

# D361-1: 3 400 euros in 2015, revalued at each date of L341-6 and rounded up to the euro.
CAPITAL: Table[int] = [
    (date(2015, 1, 1), 340000),
    (date(2016, 4, 1), 340400),
    (date(2017, 4, 1), 341500),
    (date(2018, 4, 1), 345000),
    (date(2019, 4, 1), 346100),
    (date(2020, 4, 1), 347200),
    (date(2021, 4, 1), 347600),
    (date(2022, 4, 1), 353900),
    (date(2022, 7, 1), 368100),
    (date(2023, 4, 1), 373800),
    (date(2024, 4, 1), 391000),
    (date(2025, 4, 1), 397700),
    (date(2026, 4, 1), 400900),
]


def at(table: Table[V], day: date) -> V | None:
    """The value in force on `day`; None before the first line."""
    found = None
    for since, value in table:
        if since <= day:
            found = value
    return found


def known(table: Table[V], day: date) -> V:
    """The same, where a case outside the table is a mistake of the test."""
    value = at(table, day)
    if value is None:
        raise LookupError(f"no value on {day}")
    return value


def nearest(top: int, bottom: int) -> int:
    """top / bottom to the nearest unit, halves up (SFG RG_VF640)."""
    return (2 * top + bottom) // (2 * bottom)


def cut(top: int, bottom: int) -> int:
    """top / bottom without its fraction."""
    return top // bottom
