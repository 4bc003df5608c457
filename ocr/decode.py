"""From the cells' probabilities to values: what a field may hold decides what it can mean.

Each decoder gives a posterior over well-formed values; a share is always kept for "something else",
so that nonsense on the paper comes out doubtful instead of being forced into the nearest valid value.
"""

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from law.codes import ccam, ngap
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
class _Ranking:
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


def date(cells: Probabilities, years: Mapping[int, float]) -> Decoded:
    """JJMMAAAA in eight cells -> YYYY-MM-DD. `years`: weight of each year beforehand."""
    blank = is_blank(cells)
    if blank > 0.5:
        return Decoded(None, blank)
    table = digits_of(cells)
    low, high = min(years), max(years)
    prior = np.array([years.get(year, 0.0) for year in range(low, high + 1)])
    prior /= prior.sum()

    def pair(first: int, low_value: int, high_value: int) -> Probabilities:
        values = np.arange(low_value, high_value + 1)
        return np.asarray(table[first, values // 10] * table[first + 1, values % 10])

    spelt = np.arange(low, high + 1)
    year = np.prod([table[4 + i, spelt // 10 ** (3 - i) % 10] for i in range(4)], axis=0)
    joint = pair(0, 1, 31)[:, None, None] * pair(2, 1, 12)[None, :, None] * (year * prior)[None, None, :]
    joint = np.where(_calendar(low, high), joint, 0.0) / (31 * 12)
    # the cells read as anything at all, under a flat prior
    rest = STRAY * float(np.prod(cells[:, :36].sum(axis=1))) * 1e-6 + blank * 1e-6
    flat = joint.ravel()
    ranking = _Ranking(rest + float(flat.sum()))
    for place in np.argsort(-flat)[:4]:
        day, month, index = np.unravel_index(int(place), joint.shape)
        if flat[place] > 0:
            text = f"{low + int(index):04d}-{int(month) + 1:02d}-{int(day) + 1:02d}"
            ranking.weights[text] = float(flat[place])
            ranking.rest -= float(flat[place])
    ranking.rest = max(ranking.rest, rest)
    return ranking.decoded()


BIRTH_YEARS: Mapping[int, float] = {year: 1.0 if year >= 1930 else 0.3 for year in range(1900, 2036)}
CARE_YEARS: Mapping[int, float] = {
    year: 1.0 if 2022 <= year <= 2030 else 0.05 if 2015 <= year <= 2035 else 0.002 for year in range(1990, 2041)
}


def amount(cells: Probabilities, cents: int = 2) -> Decoded:
    """Euros then cents, written to the right; -> '30.00'. None where blank."""
    blank = is_blank(cells)
    if blank > 0.5:
        return Decoded(None, blank)
    table = digits_of(cells)
    empty = cells[:, NOTHING]
    count = len(cells)
    euros = count - cents
    ranking = _Ranking(STRAY * 0.1)
    tail = _numbers(table[euros:])
    no_cents = float(np.prod(empty[euros:]))
    for start in range(euros):  # cells before `start` are blank
        lead = float(np.prod(empty[:start]))
        if lead < 1e-9:
            break
        for whole, weight in _numbers(table[start:euros]):
            for part, also in tail:
                text = f"{int(whole)}.{part}"
                ranking.weights[text] = ranking.weights.get(text, 0.0) + lead * weight * also
            text = f"{int(whole)}.{'0' * cents}"
            ranking.weights[text] = ranking.weights.get(text, 0.0) + 0.02 * lead * weight * no_cents
    ranking.rest += max(0.0, 1.0 - sum(ranking.weights.values()))
    return ranking.decoded(5)


def _numbers(table: Probabilities, width: int = 3) -> list[tuple[str, float]]:
    """The likeliest strings of these cells with their weights."""
    beam: list[tuple[str, float]] = [("", 1.0)]
    for row in table:
        likely = np.argsort(-row)[:width]
        grown = [(text + DIGITS[d], weight * float(row[d])) for text, weight in beam for d in likely]
        beam = sorted(grown, key=lambda item: -item[1])[:12]
    return beam


def crowded(row: Probabilities) -> Probabilities:
    """A cell that seems to hold two characters: whatever it looks like, it is in doubt."""
    return 0.15 * row + 0.85 / len(row)


def fits_cells(boxes: Sequence[tuple[int, int, int, int]], filled: int, pitch: float) -> bool:
    """Whether the characters of an amount (x0, y0, x1, y1) stand one to a cell, `pitch` px apart."""
    shape = np.array(boxes, float).reshape(-1, 4)
    if len(shape) == 0:
        return True
    high, wide = shape[:, 3] - shape[:, 1], shape[:, 2] - shape[:, 0]
    tall = high > 0.6 * high.max()
    if int(tall.sum()) != filled or bool((wide[tall] > 1.1 * high[tall]).any()):
        return False
    steps = np.diff((shape[tall, 0] + shape[tall, 2]) / 2)
    return not len(steps) or float(np.median(steps)) > 0.8 * pitch


_AMOUNT = re.compile(r"(\d{1,5})[.,](\d{2})")


def run_amount(text: str, digits: str, chance: float) -> Decoded | None:
    """An amount set as a run: Tesseract's `text` of it, and its `digits` as the network confirms them."""
    shown = _AMOUNT.fullmatch(re.sub(r"[\s€]", "", text))
    if shown is None:
        return None
    value = f"{int(shown[1])}.{shown[2]}"
    return Decoded(value, chance if digits == shown[1] + shown[2] else min(chance, 0.5))


def either(one: Decoded, other: Decoded) -> Decoded:
    """Two readings of the same marks: alike, the better; else the likelier, in doubt."""
    if one.value == other.value:
        return one if one.probability >= other.probability else other
    better, worse = (one, other) if one.probability >= other.probability else (other, one)
    doubt = better.probability / (better.probability + worse.probability + 1e-9)
    others = ((str(worse.value), worse.probability * (1 - doubt)),) if worse.value else ()
    return Decoded(better.value, better.probability * doubt, others)


@lru_cache(1)
def _ccam() -> tuple[tuple[str, ...], NDArray[np.int64]]:
    codes = tuple(sorted(ccam().acts))
    places = np.array([[LABELS.index(char) for char in code] for code in codes])
    return codes, places


def ccam_code(cells: Probabilities) -> Decoded:
    """Four capitals and three digits, of the CCAM; None where blank."""
    blank = is_blank(cells)
    if blank > 0.5:
        return Decoded(None, blank)
    codes, places = _ccam()
    table = np.hstack([digits_of(cells), capitals_of(cells)])
    weights = np.prod(table[np.arange(7)[None, :], places], axis=1)
    total = float(weights.sum())
    # a code of another version of the table, misread or misspelt
    shape = float(np.prod(table[:4, 10:].max(axis=1)) * np.prod(table[4:, :10].max(axis=1)))
    ranking = _Ranking(0.01 * max(shape, 1e-9) + 1e-7 + total)
    for place in np.argsort(-weights)[:4]:
        ranking.weights[codes[place]] = float(weights[place])
        ranking.rest -= float(weights[place])
    return ranking.decoded()


_WRITTEN = """
G GS VG VGS C CS V VS APC COE COB COD COF CCP MPC MCG MCS CNPSY VNPSY CSC VL CA APV APY TC TCG TCS
K KC KE KFA KFB KFC Z ZN P PRO SF SFI AMI AMK AIS D DC ID IK MD ME MM MN MP MI F U UPN N GL1 GL2 GL3
EXP EXS MTX MIS MCX MPF MEG MAF MSH MIC MPE CCX CCE PAV ASE IMT MUT MRT MU CRN CRM CRD CRS VU F E
"""
"""Letters that a doctor writes, most common first; the NGAP table adds the rest."""


@lru_cache(1)
def letter_codes() -> dict[str, float]:
    """Code -> weight beforehand."""
    weights = dict.fromkeys((code for code in ngap() if 1 <= len(code) <= 5 and code.isalnum()), 0.02)
    weights |= dict.fromkeys(_WRITTEN.split(), 0.3)
    weights |= {
        "G": 20.0,
        "GS": 6.0,
        "VG": 6.0,
        "VGS": 2.0,
        "C": 6.0,
        "CS": 4.0,
        "V": 2.0,
        "VS": 1.0,
        "APC": 4.0,
    }
    return weights


def word(readings: Sequence[tuple[Probabilities, float]], lexicon: Mapping[str, float]) -> Decoded:
    """A word of a lexicon from the ways of cutting its marks into characters.

    Each way: (n, 37) probabilities, left to right, and how plausible the cutting is by itself."""
    ranking = _Ranking(1e-6)
    total = sum(lexicon.values())
    forced: dict[str, float] = {}
    for table, plausible in readings:
        if len(table) == 0:
            return Decoded(None, 1.0)
        both = np.hstack([digits_of(table), capitals_of(table)])
        for text, weight in lexicon.items():
            if len(text) != len(table):
                continue
            chars = np.array([both[i, LABELS.index(char)] for i, char in enumerate(text)])
            shown = plausible * weight / total * float(np.prod(chars))
            if shown > ranking.weights.get(text, 0.0):
                forced[text] = float(np.prod(np.minimum(1.0, 2 * chars)))
            ranking.weights[text] = ranking.weights.get(text, 0.0) + shown
        # another word than the lexicon's, spelt at random
        other = 0.01 * 0.1 ** len(table)
        ranking.rest += other * plausible * float(np.prod(table[:, :36].max(axis=1)))
    best = ranking.decoded()
    # the only word that fits is no proof where the network does not see its letters
    return best.scaled(forced.get(best.value or "", 1.0))


def single(char_aspect: float) -> float:
    """How plausible it is that a mark of that width to height is one character, not two that touch."""
    return float(1 / (1 + np.exp((char_aspect - 1.02) / 0.07)))


def reconcile(parts: Sequence[Decoded], total: Decoded, holds: float = 0.97) -> tuple[list[Decoded], Decoded]:
    """Amounts of the lines and their total, each made likelier by a sum that agrees.

    `holds`: how often a sheet's sum is right; an uneven sum is kept as written, never mended."""
    filled = [index for index, part in enumerate(parts) if part.value]
    if not filled or not total.value:
        return list(parts), total
    options = [_options(parts[index]) for index in filled] + [_options(total)]
    if np.prod([len(each) for each in options]) > 20_000:
        return list(parts), total
    marginals: list[dict[str, float]] = [{} for _ in options]
    whole = 0.0
    for combination in product(*options):
        *lines, (sum_text, sum_weight) = combination
        weight = sum_weight * float(np.prod([w for _, w in lines]))
        agrees = sum(round(float(text) * 100) for text, _ in lines) == round(float(sum_text) * 100)
        # an uneven total could be any of some hundred amounts
        weight *= holds if agrees else (1 - holds) / 100
        whole += weight
        for place, (text, _) in enumerate(combination):
            marginals[place][text] = marginals[place].get(text, 0.0) + weight
    rest = (1 - holds) / 100 * float(np.prod([1.0])) * (1 - np.prod([sum(w for _, w in o) for o in options]))
    whole += max(0.0, float(rest))
    # the same hand makes the same slip twice: a sum of one line proves less than one of several
    most = 6.0 if len(filled) == 1 else 40.0
    merged = list(parts)
    for place, index in enumerate(filled):
        merged[index] = _tempered(_rank(marginals[place], whole), parts[index], most)
    return merged, _tempered(_rank(marginals[-1], whole), total, most)


def _tempered(after: Decoded, before: Decoded, most: float) -> Decoded:
    """`after`, its odds at most `most` times what the field's own marks gave."""
    own = before.probability if after.value == before.value else dict(before.others).get(str(after.value), 0.0)
    odds = most * own / max(1 - own, 1e-9)
    return Decoded(after.value, min(after.probability, odds / (1 + odds)), after.others)


def _options(decoded: Decoded) -> list[tuple[str, float]]:
    return [(str(decoded.value), decoded.probability), *decoded.others[:4]]


def _rank(weights: Mapping[str, float], whole: float) -> Decoded:
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    (value, weight), *others = ranked
    return Decoded(value, weight / whole, tuple((t, w / whole) for t, w in others[:3] if w / whole > 1e-4))
