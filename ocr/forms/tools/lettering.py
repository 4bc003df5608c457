"""Finds printed words on an image and fits our own lettering to them, to a fraction of a pixel."""

import sys
from typing import Any

import numpy as np

from ocr.forms.drawing import word_cover
from ocr.forms.fonts import named
from ocr.forms.tools import s3110j_sketch as sketch

MM = sketch.PX_TO_MM
WHITE = np.array((255.0, 255.0, 255.0))


def cover(image: Any, box: tuple[int, int, int, int], ground: Any, ink: Any) -> Any:
    """How far each pixel of `box` is `ink` rather than `ground` (0..1)."""
    x0, y0, x1, y1 = box
    way = np.asarray(ink, float) - ground
    return np.clip(((image[y0:y1, x0:x1] - ground) @ way) / (way @ way), 0, 1)


def bgr(name: str) -> Any:
    return np.array(sketch.COLOURS[name][::-1], float)


def score_of(
    ink: Any, origin: tuple[int, int], style: str, text: str, em: float, base: float, x: float, w: float
) -> float:
    """The correlation of `ink`, whose first px is at `origin`, with our lettering."""
    left, top = origin
    drawn, column, row = word_cover(style, text, em, x - left, w, base - top)
    canvas = np.zeros_like(ink, dtype=np.float32)
    y0, x0 = max(0, row), max(0, column)
    y1, x1 = min(ink.shape[0], row + drawn.shape[0]), min(ink.shape[1], column + drawn.shape[1])
    if y1 <= y0 or x1 <= x0:
        return -1.0
    canvas[y0:y1, x0:x1] = drawn[y0 - row : y1 - row, x0 - column : x1 - column]
    a, b = canvas - canvas.mean(), ink - ink.mean()
    return float((a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum() + 1e-9))


def fit_word(
    ink: Any, origin: tuple[int, int], style: str, text: str, start: list[float]
) -> tuple[float, list[float]]:
    """The em, x, width and baseline (px) at which our lettering covers `ink` best, and how well."""

    def score(values: list[float]) -> float:
        em, x, width, base = values
        return score_of(ink, origin, style, text, em, base, x, width)

    best, values = score(start), list(start)
    for step in (0.8, 0.4, 0.2, 0.1):
        moved = True
        while moved:
            moved = False
            for place in range(4):
                for sign in (-1, 1):
                    trial = list(values)
                    trial[place] += sign * step
                    if trial[0] > 4 and trial[2] > 1 and (found := score(trial)) > best + 1e-5:
                        best, values, moved = found, trial, True
    return best, values


def words_of(ink: Any, left: int, texts: list[str]) -> list[tuple[str, float, float]]:
    """The extents of the words: the widest gaps between columns of ink part them."""
    inked = np.flatnonzero(ink.max(axis=0) > 0.42)
    gaps = sorted(np.flatnonzero(np.diff(inked) > 1), key=lambda g: inked[g] - inked[g + 1])
    cuts = sorted(gaps[: len(texts) - 1])
    starts = [inked[0], *(inked[cut + 1] for cut in cuts)]
    ends = [*(inked[cut] for cut in cuts), inked[-1]]
    return [(t, left + float(a), float(b - a + 1)) for t, a, b in zip(texts, starts, ends, strict=True)]


def caption(image: Any, style: str, colour: str, box: tuple[int, int, int, int], text: str) -> dict:
    x0, y0, x1, y1 = box
    pixels = image[y0:y1, x0:x1].reshape(-1, 3)
    values, counts = np.unique(pixels, axis=0, return_counts=True)
    ground = values[counts.argmax()]
    target = bgr(colour)
    ink = cover(image, box, ground, target).astype(np.float32)
    if np.abs(ground - 255).max() < 1 and colour == "dark":
        ink[ink < 0.34] = 0  # a neighbouring fill is no ink
    rows = np.flatnonzero(ink.max(axis=1) > 0.42)
    texts = text.split(" ")
    found = words_of(ink, x0, texts)
    big = named(style, 400)
    _, top, _, bottom = big.getbbox(text.replace("\u00a0", " "), anchor="ls")
    em = (rows[-1] + 1 - rows[0]) * 400 / (bottom - top)
    base = y0 + rows[0] - top * em / 400
    strips = []
    for word, x, width in found:
        a, b = max(0, int(x) - x0 - 2), int(x + width) - x0 + 3
        strips.append((ink[:, a:b], (x0 + a, y0), word, x, width))

    def line(em: float, base: float) -> float:
        return sum(
            len(word) * score_of(strip, origin, style, word, em, base, x, width)
            for strip, origin, word, x, width in strips
        )

    trials = [(em * f, base + d) for f in np.arange(0.86, 1.2, 0.03) for d in (-1.5, -0.8, 0, 0.8, 1.5)]
    em, base = max(trials, key=lambda trial: line(*trial))
    best = line(em, base)
    for step in (0.4, 0.2, 0.1):
        moved = True
        while moved:
            moved = False
            for de, db in ((step, 0), (-step, 0), (0, step), (0, -step)):
                if (value := line(em + de, base + db)) > best + 1e-5:
                    best, em, base, moved = value, em + de, base + db, True
    result, scores = [], []
    for strip, origin, word, x, width in strips:
        best, (x2, w2) = _fit_along(strip, origin, style, word, em, base, x, width)
        result.append([word, x2 * MM, w2 * MM])
        scores.append(best)
    sys.stderr.write(f"{min(scores):.2f} {np.mean(scores):.2f} em {em:.1f} {text[:50]}\n")
    return {
        "font": style,
        "colour": colour,
        "em": em * MM,
        "baseline": base * MM,
        "words": result,
    }


def _fit_along(
    ink: Any, origin: tuple[int, int], style: str, text: str, em: float, base: float, x: float, w: float
) -> tuple[float, tuple[float, float]]:

    def score(x: float, w: float) -> float:
        return score_of(ink, origin, style, text, em, base, x, w)

    best = score(x, w)
    for step in (0.4, 0.2, 0.1):
        moved = True
        while moved:
            moved = False
            for dx, dw in ((step, 0), (-step, 0), (0, step), (0, -step), (step, -step), (-step, step)):
                if w + dw > 1 and (found := score(x + dx, w + dw)) > best + 1e-5:
                    best, x, w, moved = found, x + dx, w + dw, True
    return best, (x, w)
