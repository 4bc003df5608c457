"""One line of text from its ink: characters with their probabilities, by a small network.

The network gives, for every few pixels along the line, how likely each character is there, or none
(connectionist temporal classification: Graves et al., 2006). What a string weighs is the sum over all
ways of spelling it along the line, so its probability is a posterior among strings, not a score."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.pages import Image
from ocr.prepare import levels

HEIGHT = 32
"""Of the picture of a line, in px: from the highest mark to the lowest."""

STEP = 4
"""Of that picture, px to each answer of the network."""

EDGE = 8
"""Px left free on either side."""

WIDEST = 1600

CHARACTERS = (
    " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    "ÀÂÄÇÈÉÊËÎÏÔÖÙÛÜŒàâäçèéêëîïôöùûüœñ"
    "'’-.,:;/()°&+@€%!?\"«»=_*#²³"
)
"""What the network tells apart, after 'nothing new here' (its first answer)."""

Table = NDArray[np.float64]
"""(steps, 1 + len(CHARACTERS)) probabilities."""


@dataclass(frozen=True, slots=True)
class Letter:
    """`x`: where it stands, in px of the crop."""

    char: str
    probability: float
    x: float


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A line as the network sees it. `picture`: (HEIGHT, w), ink bright; `scale`: px of it to one of the
    crop; `left`: where it begins in the crop; `rows`: first and last row of the marks there."""

    picture: Image
    scale: float
    left: float
    rows: tuple[int, int]


PALEST = 40
"""Darkness (0-255) under which a pixel is never a mark."""

FAINT, STRONG = 150.0, 200.0
"""Ink whose darkest hundredth is paler than the one is darkened to the other."""


def strengthened(ink: Image) -> Image:
    """Pale ink darkened, up to four times: what tells marks from paper is set for plain ink."""
    top = levels(np.ascontiguousarray(ink[::2, ::2]), (0.99,))[0] if ink.size else STRONG
    if top >= FAINT:
        return ink
    return cv2.convertScaleAbs(ink, alpha=min(4.0, STRONG / max(top, 1.0)))  # type: ignore[return-value]


def strength(ink: Image) -> float | None:
    """How dark the marks are; None where there is next to nothing."""
    if ink.size == 0 or np.count_nonzero(ink > PALEST) < 8:
        return None
    return levels(np.ascontiguousarray(ink), (0.8,), above=PALEST)[0]


def level(strength: float) -> float:
    """From which darkness a pixel is a mark."""
    return max(PALEST, 0.35 * strength)


SOLID = 0.5
"""Of the strength of a line's marks, what each must reach somewhere."""


def solid(ink: Image) -> Image:
    """A line's ink without what is pale all over: a tint, a shadow, a caption that were not quite taken away.

    Not for stamps, whose letters may be paler on one side."""
    top = strength(ink)
    if top is None:
        return ink
    count, labels = cv2.connectedComponents((ink > level(top)).astype(np.uint8), connectivity=8)
    kept = np.bincount(labels[ink > SOLID * top], minlength=count) > 0
    kept[0] = False
    return ink * cv2.dilate(kept[labels].astype(np.uint8), np.ones((3, 3), np.uint8))


def strip_of(ink: Image) -> Strip | None:
    """A line's ink (0-255, dark = much), fitted to the network; None where there is none."""
    top = strength(ink)
    if top is None:
        return None
    marks = ink > level(top)
    top = max(60.0, top)
    rows, columns = np.flatnonzero(marks.any(axis=1)), np.flatnonzero(marks.any(axis=0))
    if rows.size == 0:
        return None
    y0, y1, x0, x1 = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    piece = cv2.convertScaleAbs(ink[y0:y1, x0:x1], alpha=255.0 / top)
    scale = (HEIGHT - 2) / (y1 - y0)
    width = min(WIDEST, max(4, round((x1 - x0) * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    fitted = cv2.resize(piece, (width, HEIGHT - 2), interpolation=how)
    right = EDGE + -(-(width + 2 * EDGE) // STEP) * STEP - width - 2 * EDGE
    picture = cv2.copyMakeBorder(fitted, 1, 1, EDGE, right, cv2.BORDER_CONSTANT, value=0)
    return Strip(picture, width / (x1 - x0), x0 - EDGE * (x1 - x0) / width, (y0, y1))  # type: ignore[arg-type]


def spelt(table: Table, strip: Strip) -> list[Letter]:
    """The likeliest character of each step, repetitions taken as one."""
    best = table.argmax(axis=1)
    found: list[Letter] = []
    before = 0
    for step, place in enumerate(best):
        if place and place == before:
            if table[step, place] > found[-1].probability:
                found[-1] = Letter(found[-1].char, float(table[step, place]), found[-1].x)
        elif place:
            x = strip.left + (step + 0.5) * STEP / strip.scale
            found.append(Letter(CHARACTERS[place - 1], float(table[step, place]), x))
        before = int(place)
    return found


SURELY = 1e-5
"""What may be left to characters in a step that surely says nothing."""


def pressed(table: Table) -> Table:
    """The table without what says nothing after nothing: most of a line's steps, and no string's weight."""
    nothing = table[:, 0] > 1 - SURELY
    return table[~(nothing & np.concatenate([[False], nothing[:-1]]))]


LIKELY = 1e-4
"""What a step must give a character for a string to go on with it."""

BRANCHES = 4
"""Characters that a string goes on with at most, of one step."""

FORGOTTEN = 1e-5
"""Of what all strings so far weigh, what one must for it to go on."""

_NOT_YET = (0.0, 0.0)


def posterior(table: Table, text: str) -> float:
    """The probability that the line says `text` and nothing else, summed over all ways of spelling it."""
    table = pressed(table)
    places = [CHARACTERS.find(char) + 1 for char in text]
    if 0 in places:
        return 0.0
    labels = np.zeros(2 * len(places) + 1, np.int64)
    labels[1::2] = places
    skips = np.zeros(len(labels))
    skips[3::2] = labels[3::2] != labels[1:-2:2]
    alpha = np.zeros(len(labels))
    alpha[: min(2, len(labels))] = table[0, labels[:2]]
    log = 0.0
    for row in table[1:]:
        moved = alpha.copy()
        moved[1:] += alpha[:-1]
        moved[2:] += skips[2:] * alpha[:-2]
        alpha = moved * row[labels]
        total = float(alpha.sum())
        if total <= 0:
            return 0.0
        alpha /= total
        log += np.log(total)
    return float(np.exp(log) * alpha[-2:].sum())


Weight = Callable[[str, str], float]
"""What a character weighs after those before it in the line; "\n": that the line ends there."""


def likeliest(table: Table, width: int = 8, weight: Weight | None = None) -> list[tuple[str, float]]:
    """The likeliest strings with their posteriors, best first (prefix search with a beam); what a posterior
    loses by ways of spelling that leave the beam is a thousandth.

    `weight`: of the characters, beside what is seen of them; the posteriors are then the shares of the strings
    in the beam."""
    table = pressed(table)
    beam = {"": (1.0, 0.0)}  # text -> ended in nothing, in its last character
    log = 0.0
    places = np.flatnonzero((table[:, 1:] > LIKELY).any(axis=0))
    chars = [CHARACTERS[place] for place in places]  # no other is ever added
    for nothing, row in zip(table[:, 0].tolist(), table[:, places + 1].tolist(), strict=True):
        of = dict(zip(chars, row, strict=True))
        likely = [each for each in of.items() if each[1] > LIKELY]
        if len(likely) > BRANCHES:
            likely = sorted(likely, key=itemgetter(1), reverse=True)[:BRANCHES]
        grown: dict[str, tuple[float, float]] = {}
        for text, (blank, char) in beam.items():
            last, whole = text[-1:], blank + char
            old = grown.get(text, _NOT_YET)
            grown[text] = (old[0] + whole * nothing, old[1] + char * of.get(last, 0.0))
            for added, chance in likely:
                old = grown.get(text + added, _NOT_YET)
                if weight is not None:
                    chance *= weight(text, added)
                grown[text + added] = (old[0], old[1] + (blank if added == last else whole) * chance)
        kept = list(grown.items())
        if len(kept) > width:
            kept = sorted(kept, key=_whole, reverse=True)[:width]
        total = sum([b + c for _, (b, c) in kept]) or 1.0
        log += math.log(total)
        beam = {text: (b / total, c / total) for text, (b, c) in kept if b + c > FORGOTTEN * total}
    shares = {text: sum(each) * (weight(text, "\n") if weight else 1.0) for text, each in beam.items()}
    scale = 1 / sum(shares.values()) if weight else math.exp(log)
    return sorted(((text, scale * share) for text, share in shares.items()), key=lambda each: -each[1])


def _whole(each: tuple[str, tuple[float, float]]) -> float:
    return each[1][0] + each[1][1]
