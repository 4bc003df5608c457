"""The emblem, and the white letters under the dates."""

import sys
from typing import Any

import cv2
import numpy as np

from ocr.forms.tools.lettering import MM, WHITE, bgr, cover, fit_word


def oval(image: Any) -> list[list[float]]:
    """The emblem's outline, as the oval (a superellipse, a little turned) that covers it best."""
    box = (60, 25, 160, 85)
    part = cover(image, box, WHITE, bgr("dark")) > 0.5
    shape = cv2.morphologyEx(part.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((15, 15)))
    contour = max(cv2.findContours(shape, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0], key=len)[:, 0]
    best = (-1.0, np.zeros((0, 2)))
    (x0, y0), (x1, y1) = contour.min(axis=0), contour.max(axis=0) + 1
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    for power in np.arange(2.0, 3.4, 0.1):
        for skew in np.arange(-0.3, 0.31, 0.05):
            cos, sin = np.cos(turn), np.sin(turn)
            x = np.sign(cos) * np.abs(cos) ** (2 / power) * (x1 - x0) / 2
            y = np.sign(sin) * np.abs(sin) ** (2 / power) * (y1 - y0) / 2 * (1 + skew * 0.4 * x / (x1 - x0))
            ring = np.stack([x + (x0 + x1) / 2, y + (y0 + y1) / 2], axis=1)
            canvas = np.zeros(shape.shape, np.uint8)
            cv2.fillPoly(canvas, [np.rint((ring - 0.5) * 256).astype(np.int32)], 1, shift=8)
            score = (canvas & shape).sum() / (canvas | shape).sum()
            if score > best[0]:
                best = (float(score), ring)
    sys.stderr.write(f"oval {best[0]:.3f}\n")
    return ((best[1] + (box[0], box[1])) * MM).tolist()


def logo(image: Any) -> dict:
    box = (60, 25, 160, 85)
    dark = (cover(image, box, WHITE, bgr("dark")) > 0.5).astype(np.uint8)
    inside = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((15, 15)))
    inside = cv2.erode(inside, np.ones((5, 5)))
    ink = cover(image, box, bgr("dark"), WHITE).astype(np.float32) * inside
    xs = np.flatnonzero((ink > 0.45).any(axis=0))
    x, w = box[0] + float(xs[0]), float(xs[-1] - xs[0] + 1)
    fits = [
        (*fit_word(ink, (box[0], box[1]), style, "cerfa", [em, x, w, base]), style)
        for style in ("humanist-italic", "serif-italic", "sans-italic")
        for em in (22.0, 26.0, 30.0)
        for base in (60.0, 64.0)
    ]
    score, (em, x, w, base), style = max(fits)
    sys.stderr.write(f"{score:.2f} emblem {style}\n")
    return {
        "font": style,
        "colour": "white",
        "em": em * MM,
        "baseline": base * MM,
        "words": [["cerfa", x * MM, w * MM]],
    }


def letters(image: Any, zones: dict, marks: list[tuple[int, int, int, int]]) -> list[dict]:
    """The white J J M M A A A A under the dates, one caption a date."""
    result = []
    for name, each in zones["fields"].items():
        if each["kind"] != "comb_date":
            continue
        words, ems, bases = [], [], []
        for (x, y, w, h), letter in zip(each["boxes"], "JJMMAAAA", strict=True):
            inside = [m for m in marks if x - 3 <= m[0] and m[0] + m[2] <= x + w + 4 and y <= m[1] <= y + h]
            box = (x + 1, y + 2, x + w + 2, y + h + 2)
            ink = cover(image, box, bgr("light"), WHITE).astype(np.float32)
            if not inside:
                sys.stderr.write(f"no letter {letter} in {name} at {x}\n")
                continue
            left, top, wide, high = inside[0]
            keep = np.zeros_like(ink)
            a, b = max(0, top - box[1] - 1), max(0, left - box[0] - 1)
            keep[a : a + high + 2, b : b + wide + 2] = 1
            start = [high / 0.72, float(left), float(wide), float(top + high)]
            score, (em, x2, w2, base) = fit_word(ink * keep, (box[0], box[1]), "sans-bold", letter, start)
            words.append([letter, x2 * MM, w2 * MM])
            ems.append(em)
            bases.append(base)
            if score < 0.85:
                sys.stderr.write(f"{score:.2f} letter {letter} of {name}\n")
        if words:
            result.append(
                {
                    "font": "sans-bold",
                    "colour": "white",
                    "em": float(np.median(ems)) * MM,
                    "baseline": float(np.median(bases)) * MM,
                    "words": words,
                }
            )
    return result
