"""From the cells' probabilities to values: what a field may hold decides what it can mean.

Each decoder gives a posterior over well-formed values; a share is always kept for "something else",
so that nonsense on the paper comes out doubtful instead of being forced into the nearest valid value.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ocr.cells import LABELS
from ocr.thresholds import thresholds

DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NOTHING = len(LABELS) - 1

TWINS = {"O": "0", "Q": "0", "D": "0", "I": "1", "Z": "2", "S": "5", "B": "8", "G": "6"}
"""Capitals that a pen or a font may draw as a digit: what the place allows decides."""

Probabilities = NDArray[np.float64]

STRAY = 0.002
"""Prior that a well-formed field holds something that its decoder cannot say."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """`value`: None where the paper is blank. `others`: further values with their probabilities."""

    value: str | None
    probability: float
    others: tuple[tuple[str, float], ...] = ()

    def scaled(self, factor: float) -> "Decoded":
        return Decoded(self.value, self.probability * factor, self.others)


@dataclass(slots=True)
class Ranking:
    """Candidates of a field with their weights, and the weight of everything else."""

    rest: float
    weights: dict[str, float] = field(default_factory=dict)

    def decoded(self, keep: int = 3) -> Decoded:
        total = sum(self.weights.values()) + self.rest
        ranked = sorted(self.weights.items(), key=lambda item: -item[1])[: keep + 1]
        if not ranked or total <= 0 or ranked[0][1] <= 0:
            return Decoded("", 0.0)
        (value, weight), *others = ranked
        shown = tuple((each, w / total) for each, w in others if w / total > 1e-4)
        return Decoded(value, weight / total, shown)


EMPTY_CELL = np.full(len(LABELS), 0.0005 / (len(LABELS) - 1))
EMPTY_CELL[NOTHING] = 0.9995
"""A cell without any mark: only a stroke too faint to see could make it otherwise."""


def softened(logits: NDArray[np.float64]) -> Probabilities:
    """(n, 37) logits -> probabilities, at the fitted temperature, none below the fitted floor."""
    rules = thresholds()
    scaled = logits / rules.temperature
    scaled -= scaled.max(axis=1, keepdims=True)
    table = np.exp(scaled)
    table /= table.sum(axis=1, keepdims=True)
    return np.asarray((1 - rules.floor) * table + rules.floor / table.shape[1])


def digits_of(cells: Probabilities) -> Probabilities:
    """(n, 37) -> (n, 10): each digit with its twins."""
    out = cells[:, :10].copy()
    for capital, digit in TWINS.items():
        out[:, int(digit)] += cells[:, LABELS.index(capital)]
    return out


def capitals_of(cells: Probabilities) -> Probabilities:
    """(n, 37) -> (n, 26): each capital, with the digit it may be taken for."""
    out = cells[:, 10:36].copy()
    for capital, digit in (("O", "0"), ("I", "1"), ("Z", "2"), ("S", "5"), ("B", "8")):
        out[:, CAPITALS.index(capital)] += cells[:, int(digit)]
    return out


def is_blank(cells: Probabilities) -> float:
    """The probability that every cell is empty."""
    return float(np.prod(cells[:, NOTHING]))


def comb(cells: Probabilities, capitals: bool = False) -> Decoded:
    """Digits (or capitals and digits), empty cells left out; None where all are empty."""
    plain = cells[:, :36].copy() if capitals else digits_of(cells)
    table = np.hstack([plain, cells[:, NOTHING:]])
    names = [*(LABELS[:36] if capitals else DIGITS), ""]
    best = table.argmax(axis=1)
    if all(names[place] == "" for place in best):
        return Decoded(None, is_blank(cells))
    probability = float(np.prod(table.max(axis=1)))
    value = "".join(names[place] for place in best)
    second = np.partition(table, -2, axis=1)[:, -2]
    others = {}
    for cell in np.argsort(table.max(axis=1) / np.maximum(second, 1e-12))[:3]:
        changed = best.copy()
        changed[cell] = int(np.argsort(table[cell])[-2])
        text = "".join(names[place] for place in changed)
        if text != value:
            others[text] = probability * float(second[cell] / max(table[cell].max(), 1e-12))
    kept = tuple(sorted(((t, p) for t, p in others.items() if p > 1e-3), key=lambda item: -item[1]))
    return Decoded(value, probability, kept)


@lru_cache(4)
def _calendar(low: int, high: int) -> NDArray[np.bool_]:
    """(31, 12, years): whether the day exists."""
    table = np.zeros((31, 12, high - low + 1), bool)
    for year, month in product(range(low, high + 1), range(1, 13)):
        table[: calendar.monthrange(year, month)[1], month - 1, year - low] = True
    return table


def flat_months(years: Mapping[int, float]) -> Probabilities:
    """(12, years) weights that add up to one, every month of a year alike."""
    weights = np.array([years.get(year, 0.0) for year in range(min(years), max(years) + 1)])
    return np.repeat(weights[None, :] / (12 * weights.sum()), 12, axis=0)


@dataclass(frozen=True, slots=True)
class Days:
    """What eight cells JJMMAAAA weigh for each day. `table`: (31, 12, years) from the year `low` on;
    `rest`: the weight of anything else."""

    table: Probabilities
    low: int
    rest: float

    def text(self, place: int) -> str:
        """A place of the flat table, as YYYY-MM-DD."""
        day, month, year = (int(each) for each in np.unravel_index(place, self.table.shape))
        return f"{self.low + year:04d}-{month + 1:02d}-{day + 1:02d}"

    def weight(self, text: str) -> float:
        year, month, day = int(text[:4]) - self.low, int(text[5:7]) - 1, int(text[8:]) - 1
        return float(self.table[day, month, year]) if 0 <= year < self.table.shape[2] else 0.0

    def likeliest(self, count: int) -> list[tuple[str, float]]:
        flat = self.table.ravel()
        places = np.argpartition(-flat, count)[:count]
        places = places[np.argsort(-flat[places], kind="stable")]
        return [(self.text(int(place)), float(flat[place])) for place in places if flat[place] > 0]

    def total(self) -> float:
        return float(self.table.sum()) + self.rest


def days_of(cells: Probabilities, years: Mapping[int, float], months: Probabilities | None = None) -> Days:
    """`years`: weight of each year beforehand; or `months`: of each month of them, (12, years)."""
    table = digits_of(cells)
    low, high = min(years), max(years)
    prior = flat_months(years) if months is None else months

    def pair(first: int, low_value: int, high_value: int) -> Probabilities:
        values = np.arange(low_value, high_value + 1)
        return np.asarray(table[first, values // 10] * table[first + 1, values % 10])

    spelt = np.arange(low, high + 1)
    year = np.prod([table[4 + i, spelt // 10 ** (3 - i) % 10] for i in range(4)], axis=0)
    joint = pair(0, 1, 31)[:, None, None] * pair(2, 1, 12)[None, :, None] * (year * prior)[None, :, :]
    joint = np.where(_calendar(low, high), joint, 0.0) / 31
    # the cells read as anything at all, under a flat prior
    rest = STRAY * float(np.prod(cells[:, :36].sum(axis=1))) * 1e-6 + is_blank(cells) * 1e-6
    return Days(joint, low, rest)


def date(cells: Probabilities, years: Mapping[int, float], months: Probabilities | None = None) -> Decoded:
    """JJMMAAAA in eight cells -> YYYY-MM-DD; None where blank."""
    blank = is_blank(cells)
    if blank > 0.5:
        return Decoded(None, blank)
    days = days_of(cells, years, months)
    ranking = Ranking(days.total(), dict(days.likeliest(4)))
    ranking.rest = max(ranking.rest - sum(ranking.weights.values()), days.rest)
    return ranking.decoded()


BIRTH_YEARS: Mapping[int, float] = {year: 1.0 if year >= 1930 else 0.3 for year in range(1900, 2036)}
CARE_YEARS: Mapping[int, float] = {
    year: 1.0 if 2022 <= year <= 2030 else 0.05 if 2015 <= year <= 2035 else 0.002 for year in range(1990, 2041)
}


CROWDED, WIDE = 0.15, 0.6
"""What the network's answer counts for a cell that seems to hold two characters, and for a broad one:
some write their 0 as broad as two."""


def doubted(row: Probabilities, share: float) -> Probabilities:
    """A cell in doubt, whatever it looks like."""
    return share * row + (1 - share) / len(row)
