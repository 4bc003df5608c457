"""The printed words of a blank form: read, then our own lettering fitted to their ink."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr import tesseract
from ocr.forms.drawing import word_cover
from ocr.forms.fonts import named
from ocr.forms.tools.blank import DPI
from ocr.forms.tools.shapes import Colour
from ocr.pages import Image

Ink = NDArray[np.float32]
STYLES = ("serif", "serif-bold", "serif-italic", "serif-bolditalic", "sans", "sans-bold", "sans-italic")
FIT = 0.45
"""Lettering that agrees less than this with the ink is no word: a scrap of a rule, an emblem."""


@dataclass(frozen=True, slots=True, eq=False)
class Printed:
    """A word as it lies: the box of its ink (x, y, w, h in px), how far each px of the box, widened by
    MARGIN, is ink; its colour and what it stands on."""

    text: str
    line: int
    box: tuple[int, int, int, int]
    ink: Ink
    colour: Colour
    ground: Colour


@dataclass(frozen=True, slots=True)
class Caption:
    """One line. `words`: text, x and width of its ink; `em`, `baseline` of all. In px."""

    style: str
    colour: Colour
    em: float
    baseline: float
    words: tuple[tuple[str, float, float], ...]
    top: float
    bottom: float
    fit: float

    @property
    def text(self) -> str:
        return " ".join(word for word, _, _ in self.words)

    @property
    def left(self) -> float:
        return self.words[0][1]

    @property
    def right(self) -> float:
        return self.words[-1][1] + self.words[-1][2]


MARGIN = 3


def read_words(picture: Image) -> list[Printed]:
    """Every word that Tesseract finds on a page (BGR at DPI) with its ink."""
    # the darkest channel: a blue print is as black as it can be
    dark = np.ascontiguousarray(picture.min(axis=2))
    found: list[Printed] = []
    lines: dict[tuple[int, int, int], int] = {}
    for each in tesseract.words(dark, DPI):
        line = lines.setdefault(each.line, len(lines))
        x, y, w, h = each.box
        if any(char.isalnum() for char in each.text) and not _is_teeth(each.text):
            word = _inked(picture, each.text, line, (x, y, x + w, y + h))
            if word is not None:
                found.append(word)
    return found


_TEETH = re.compile(r"[|_\[\]L1Il!.,:;]+")


def _is_teeth(text: str) -> bool:
    """Whether it is the teeth of a comb, taken for letters: an upright is an upright, and drawn as one."""
    return _TEETH.fullmatch(text) is not None and text != "Il"


def _inked(picture: Image, text: str, line: int, box: tuple[int, int, int, int]) -> Printed | None:
    x0, y0, x1, y1 = (max(0, box[0] - 4), max(0, box[1] - 4), box[2] + 4, box[3] + 4)
    crop = picture[y0:y1, x0:x1].astype(np.float32)
    if crop.shape[0] < 12 or crop.shape[1] < 10:
        return None
    ring = np.concatenate([crop[:2].reshape(-1, 3), crop[-2:].reshape(-1, 3), crop[:, :2].reshape(-1, 3)])
    ground = np.median(ring, axis=0)
    far = np.linalg.norm(crop - ground, axis=2)
    if far.max() < 40:
        return None
    strong = crop[far >= max(40.0, 0.85 * float(np.percentile(far, 97)))]
    ink = np.median(strong, axis=0)
    way = ink - ground
    share = np.clip(((crop - ground) @ way) / float(way @ way), 0, 1).astype(np.float32)
    marks = _without_rules(share)
    rows, columns = np.flatnonzero(marks.max(axis=1) > 0.42), np.flatnonzero(marks.max(axis=0) > 0.42)
    if len(rows) < 6 or len(columns) < 2:
        return None
    left, top = int(columns[0]), int(rows[0])
    wide, high = int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top
    padded = np.pad(marks, MARGIN)[top : top + high + 2 * MARGIN, left : left + wide + 2 * MARGIN]
    colours = [tuple(int(v) for v in np.rint(each)) for each in (ink, ground)]
    return Printed(text, line, (x0 + left, y0 + top, wide, high), padded, colours[0], colours[1])  # type: ignore[arg-type]


def _without_rules(share: Ink) -> Ink:
    """What comes in from beside: parts that touch the rim and lie along it."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((share > 0.42).astype(np.uint8), connectivity=8)
    out = share.copy()
    height, width = share.shape
    for number in range(1, count):
        x, y, w, h, _ = stats[number]
        at_rim = x == 0 or y == 0 or x + w == width or y + h == height
        if at_rim and (h < 0.35 * height or w < 0.12 * height):
            out[cv2.dilate((labels == number).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = 0
    return out


def captions(words: Sequence[Printed]) -> list[Caption]:
    """Words of one line and colour as one caption, in the style that fits their ink best."""
    lines: dict[tuple[int, int], list[Printed]] = {}
    for word in words:
        light = int(sum(word.colour) > sum(word.ground))
        lines.setdefault((word.line, light), []).append(word)
    found = []
    for members in lines.values():
        for run in _runs(members):
            # parts of one line may be set differently: each that fits better alone is alone
            found += _split(run)
    return [each for each in found if each.fit >= FIT and _natural(each)]


def _natural(caption: Caption) -> bool:
    """A bar or a frame read as letters would be set far wider, or narrower, than any face is."""
    face = named(caption.style, 100)
    wide = sum(width for _, _, width in caption.words)
    set_as = sum(face.getlength(word) for word, _, _ in caption.words) * caption.em / 100
    return 0.55 < wide / max(set_as, 1e-6) < 1.7


def _runs(members: Sequence[Printed]) -> list[list[Printed]]:
    """Parted where the gap is far wider than a space."""
    ordered = sorted(members, key=lambda word: word.box[0])
    runs = [[ordered[0]]]
    for word in ordered[1:]:
        before = runs[-1][-1]
        gap = word.box[0] - before.box[0] - before.box[2]
        if gap > 2.2 * max(before.box[3], word.box[3]):
            runs.append([])
        runs[-1].append(word)
    return runs


def _split(run: Sequence[Printed]) -> list[Caption]:
    whole = _fitted(run)
    if len(run) < 2:
        return [whole]
    styles = [_fitted([word]).style if len(word.text) > 3 else "" for word in run]
    changes = [
        place
        for place in range(1, len(run))
        if styles[place] and styles[place - 1] and styles[place] != styles[place - 1]
    ]
    best = [whole]
    for place in changes:
        halves = [_fitted(run[:place]), _fitted(run[place:])]
        if min(each.fit for each in halves) > min(each.fit for each in best) + 0.03:
            best = halves
    return best


def _fitted(run: Sequence[Printed]) -> Caption:
    longest = sorted(run, key=lambda word: -len(word.text))[:4]
    scores = {}
    for style in STYLES:
        em, base = _size(longest, style)
        scores[style] = (_score(longest, style, em, base), em, base)
    style = max(scores, key=lambda each: scores[each][0])
    fit, em, base = scores[style]
    for step in (0.6, 0.3):
        for de, db in ((step, 0.0), (-step, 0.0), (0.0, step), (0.0, -step)):
            moved = _score(longest, style, em + de, base + db)
            while moved > fit + 1e-4:
                fit, em, base = moved, em + de, base + db
                moved = _score(longest, style, em + de, base + db)
    words = tuple((word.text, float(word.box[0]), float(word.box[2])) for word in run)
    tops, bottoms = [w.box[1] for w in run], [w.box[1] + w.box[3] for w in run]
    colour = tuple(int(v) for v in np.median([word.colour for word in run], axis=0))
    return Caption(style, colour, em, base, words, min(tops), max(bottoms), fit)  # type: ignore[arg-type]


def _size(words: Sequence[Printed], style: str) -> tuple[float, float]:
    """Em and baseline that the heights of the words ask for."""
    face = named(style, 400)
    ems, bases = [], []
    for word in words:
        _, top, _, bottom = face.getbbox(word.text, anchor="ls")
        em = word.box[3] * 400 / max(bottom - top, 1)
        ems.append(em)
        bases.append(word.box[1] - top * em / 400)
    return float(np.median(ems)), float(np.median(bases))


def _score(words: Sequence[Printed], style: str, em: float, base: float) -> float:
    total = sum(len(word.text) for word in words)
    return sum(len(word.text) * _agreement(word, style, em, base) for word in words) / total


def _agreement(word: Printed, style: str, em: float, base: float) -> float:
    """The correlation of a word's ink with our lettering stretched to its width."""
    _, y, w, _ = word.box
    drawn, column, row = word_cover(style, word.text, em, MARGIN, w, base - y + MARGIN)
    canvas = np.zeros_like(word.ink)
    y0, x0 = max(0, row), max(0, column)
    y1, x1 = min(canvas.shape[0], row + drawn.shape[0]), min(canvas.shape[1], column + drawn.shape[1])
    if y1 <= y0 or x1 <= x0:
        return -1.0
    canvas[y0:y1, x0:x1] = drawn[y0 - row : y1 - row, x0 - column : x1 - column]
    a, b = canvas - canvas.mean(), word.ink - word.ink.mean()
    return float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum() + 1e-9))
