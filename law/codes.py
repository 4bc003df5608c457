"""The code tables: NGAP letters, CCAM, specialties, ALD, organismes. Read from this package, once."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from domain.money import Money

CCAM_SINCE = date(2026, 1, 1)
"""The table is version 81: for an earlier day it tells that a code exists, not what it cost."""


@dataclass(frozen=True, slots=True)
class CcamAct:
    """One activity and phase of a CCAM code. `price`: sector 1 and OPTAM; `price_other`: the others.

    None where it is not paid for. `conditions`: RC (remboursement sous conditions). `accord`: AP.
    `exo`: how the participation may fall, as printed in the table. `group`: code de regroupement."""

    code: str
    activity: str
    phase: str
    price: Money | None
    price_other: Money | None
    conditions: str
    accord: str
    exo: str
    group: str


@dataclass(frozen=True, slots=True)
class Ccam:
    acts: Mapping[str, tuple[CcamAct, ...]]
    labels: Mapping[str, str]


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table; the first line is its source."""
    with files("law").joinpath("tables", name).open(encoding="utf-8") as file:
        next(file)
        yield from csv.DictReader(file)


@lru_cache(1)
def ngap() -> Mapping[str, str]:
    """Letter -> label."""
    return {row["code"]: row["label"] for row in rows("ngap.csv")}


@lru_cache(1)
def ccam() -> Ccam:
    acts: dict[str, list[CcamAct]] = {}
    labels: dict[str, str] = {}
    for row in rows("ccam.csv"):
        code = row["code"]
        if row["label"]:
            labels[code] = row["label"]
        acts.setdefault(code, []).append(
            CcamAct(
                code,
                row["activity"],
                row["phase"],
                Decimal(row["price"]) if row["price"] else None,
                Decimal(row["price_other"]) if row["price_other"] else None,
                row["conditions"],
                row["accord"],
                row["exo"],
                row["group"],
            )
        )
    return Ccam({code: tuple(each) for code, each in acts.items()}, labels)


@lru_cache(1)
def specialties() -> Mapping[str, str]:
    """Table IR_SPE_V: two digits -> label."""
    return {row["code"]: row["label"] for row in rows("specialites.csv")}


@lru_cache(1)
def alds() -> Mapping[int, str]:
    """Number of D160-4 -> label; 31 and 32 are the affections hors liste (L160-14 4°)."""
    listed = {int(row["number"]): row["label"] for row in rows("ald.csv")}
    return listed | {31: "Affection grave hors liste", 32: "Polypathologie invalidante"}


@lru_cache(1)
def caisses() -> Mapping[tuple[str, str], str]:
    """(régime, caisse) -> label."""
    return {(row["regime"], row["caisse"]): row["label"] for row in rows("caisses.csv")}


def organisme(code: str) -> str | None:
    """The label of the caisse of a code organisme (régime 2, caisse 3, centre 4), or None."""
    if len(code) != 9 or not code.isdigit():
        return None
    return caisses().get((code[:2], code[2:5]))
