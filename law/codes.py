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

MEDICAMENTS_SINCE = date(2026, 5, 15)
"""The last change that the file of the medicines tells of."""


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
    """`modifiers`: the letters that may be added to a code."""

    acts: Mapping[str, tuple[CcamAct, ...]]
    labels: Mapping[str, str]
    modifiers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Modifier:
    """One modifier for a group of specialties (the empty group: all the others).

    `kind`: `forfait` in euros, or `pourcent`. `value`: sector 1; `optam`, `other`: honoraires
    différents with and without OPTAM. None where it may not be written there."""

    code: str
    kind: str
    value: Decimal | None
    optam: Decimal | None
    other: Decimal | None
    label: str


@dataclass(frozen=True, slots=True)
class Medicament:
    """A presentation: percent reimbursed, price without and fee of dispensing, with VAT, in euros."""

    cip13: str
    rate: int
    price: Money
    fee: Money


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
    modifiers: dict[str, str] = {}
    for row in rows("ccam.csv"):
        code = row["code"]
        if row["modifiers"]:
            modifiers[code] = row["modifiers"]
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
    return Ccam({code: tuple(each) for code, each in acts.items()}, labels, modifiers)


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


@lru_cache(1)
def modifiers() -> Mapping[tuple[str, str], Modifier]:
    """(code, group) -> modifier."""
    return {
        (row["code"], row["group"]): Modifier(
            row["code"],
            row["kind"],
            _number(row["value"]),
            _number(row["optam"]),
            _number(row["other"]),
            row["label"],
        )
        for row in rows("modificateurs.csv")
    }


@lru_cache(1)
def medicaments() -> Mapping[str, Medicament]:
    """CIP13 -> presentation."""
    return {
        row["cip13"]: Medicament(row["cip13"], int(row["rate"]), Decimal(row["price"]), Decimal(row["fee"]))
        for row in rows("medicaments.csv")
    }


@lru_cache(1)
def professions() -> Mapping[str, str]:
    """Table IR_ACT_V: two digits -> label, of those who are no doctors."""
    return {row["code"]: row["label"] for row in rows("professions.csv")}


@lru_cache(1)
def specialties() -> Mapping[str, str]:
    """Table IR_SPE_V: two digits -> label."""
    return {row["code"]: row["label"] for row in rows("specialites.csv")}


@lru_cache(1)
def alds() -> Mapping[int, str]:
    """Number of D160-4 -> label; 31 and 32 are the affections hors liste (L160-14 4°)."""
    listed = {int(row["number"]): row["label"] for row in rows("ald.csv")}
    return listed | dict(
        zip(HORS_LISTE, ("Affection grave hors liste", "Polypathologie invalidante"), strict=True)
    )


HORS_LISTE = (31, 32)
CLOSED_ALDS = frozenset((12,))
"""Hypertension artérielle sévère: no one is admitted since décret 2011-726; who was may be renewed."""


@lru_cache(1)
def caisses() -> Mapping[tuple[str, str], str]:
    """(régime, caisse) -> label."""
    return {(row["regime"], row["caisse"]): row["label"] for row in rows("caisses.csv")}


def organisme(code: str) -> str | None:
    """The label of the caisse of a code organisme (régime 2, caisse 3, centre 4), or None."""
    if len(code) != 9 or not code.isdigit():
        return None
    return caisses().get((code[:2], code[2:5]))
