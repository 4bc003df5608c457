"""A number set as a run, read twice: character by character by the network of cells, and as a line."""

from collections.abc import Callable, Sequence

import numpy as np

from ocr import decode, engine
from ocr.decode import Probabilities
from ocr.pages import Image
from ocr.segment import Glyph, glyphs

Spelt = list[tuple[Glyph, Probabilities]]
"""Characters with the network's probabilities."""

AGREES = 0.9
DOUBLED = 0.05
"""How often a reader of lines gives a run of digits as it is; and with one of them twice."""

SLIP = (0.004, 0.05)
"""How often it takes one digit for another, where it is sure and where it is not."""

UNSEEN = 0.02
"""What a number not told by the network weighs, where the network could not part its characters."""

AGAIN = 0.5
"""What a second reading of the line counts, as a power: it errs for the same reasons."""

DIFFER = 0.3
"""How often both are wrong, where one is."""

ILL_KEYED = 0.003
"""How often the key of a number does not hold on the paper."""


def spelt(crop: Image, box: tuple[int, int, int, int], count: int) -> Spelt:
    """The characters of a box as the network reads them; the widest are cut while there are too few."""
    x0, y0, x1, y1 = box
    piece = crop[max(0, y0 - 3) : y1 + 3, max(0, x0 - 3) : x1 + 4]
    found = [g for g in glyphs(piece, split=True) if g.box[3] - g.box[1] > 0.45 * (y1 - y0)]
    while found and len(found) < count:
        widest = max(found, key=lambda glyph: glyph.aspect)
        if not widest.parts or widest.aspect < 0.85:
            break
        place = found.index(widest)
        found[place : place + 1] = widest.parts[0]
    if not found:
        return []
    pictures = np.stack([glyph.cell.picture for glyph in found if glyph.cell.picture is not None])
    table = decode.softened(engine.logits(pictures))
    return list(zip(found, table, strict=True))


def weighed(
    numbers: Sequence[tuple[str, float]], seen: Spelt, length: int, key: Callable[[str], bool] | None
) -> dict[str, float]:
    """Numbers of `length` digits with their probabilities: `numbers` are what the readers of lines read, with
    their confidence; `seen` what the network of cells did; `key` tells whether a number's key holds."""
    table = decode.digits_of(np.stack([row for _, row in seen])) if len(seen) == length else None
    likely = dict(strings(table)) if table is not None else {}
    for text in (near for number, _ in numbers for near in _near(number, length)):
        own = float(np.prod([table[i, int(d)] for i, d in enumerate(text)])) if table is not None else UNSEEN
        likely.setdefault(text, own)
    weights = {}
    for text, own in likely.items():
        first, *again = (_as_read(number, text, trust) for number, trust in numbers)
        weights[text] = own * first * float(np.prod(again)) ** AGAIN
    if key is not None:
        weights = {text: w * (1.0 if key(text) else ILL_KEYED) for text, w in weights.items()}
    # some other number: both readers wrong, each in its own way
    rest = 2e-6 if table is not None else UNSEEN * (0.004 if key is not None else 0.25)
    rest *= DIFFER ** (len(numbers) - 1)
    total = sum(weights.values()) + rest
    return {text: weight / total for text, weight in weights.items()}


def strings(table: Probabilities) -> list[tuple[str, float]]:
    """The likeliest strings by the network alone."""
    beam: list[tuple[str, float]] = [("", 1.0)]
    for row in table:
        likely = np.argsort(-row)[:3]
        grown = [(text + str(d), weight * float(row[d])) for text, weight in beam for d in likely]
        beam = sorted(grown, key=lambda each: -each[1])[:24]
    return beam


def _near(number: str, length: int) -> list[str]:
    """What was read, or where it is one too long, what it may be with one digit read twice. In order: of
    numbers that weigh alike the first is taken, in each process the same."""
    if len(number) == length:
        return [number]
    if len(number) == length + 1:
        return list(dict.fromkeys(number[:i] + number[i + 1 :] for i in range(len(number))))
    return []


def _as_read(number: str, text: str, trust: float) -> float:
    """How likely a reader of lines reads `number` where `text` is written."""
    slip = SLIP[0] if trust > 0.8 else SLIP[1]
    if len(number) == len(text):
        off = sum(a != b for a, b in zip(number, text, strict=True))
        return AGREES * (slip / 2) ** off
    if len(number) == len(text) + 1 and text in _near(number, len(text)):
        return DOUBLED
    return slip / 10
