"""Amounts: in cells, or set as a run; and the sum that they must make."""

import re
from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from ocr.decode import DIGITS, NOTHING, STRAY, Decoded, Probabilities, Ranking, digits_of, is_blank


def amount(cells: Probabilities, cents: int = 2) -> Decoded:
    """Euros then cents, written to the right; -> '30.00'. None where blank."""
    blank = is_blank(cells)
    if blank > 0.5:
        return Decoded(None, blank)
    table = digits_of(cells)
    empty = cells[:, NOTHING]
    count = len(cells)
    euros = count - cents
    ranking = Ranking(STRAY * 0.1)
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


def is_run(text: str) -> bool:
    """Whether a line says an amount: '30,00', '1 234,56 €'."""
    return _AMOUNT.fullmatch(re.sub(r"[\s€]", "", text)) is not None


def run_amount(text: str, told: Decoded) -> Decoded | None:
    """An amount set as a run: the line's `text` tells where the comma is, `told` its digits."""
    if not is_run(text) or told.value is None:
        return None

    def spaced(digits: str) -> str:
        return f"{int(digits[:-2])}.{digits[-2:]}"

    others = tuple((spaced(digits), chance) for digits, chance in told.others)
    return Decoded(spaced(told.value), told.probability, others)


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
