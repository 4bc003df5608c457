"""Marks of the hand that are no letters: ticks, signatures; and the stamp of a practice."""

import math
import random

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from ocr.forms.fonts import font
from ocr.specimen.hands import _smooth, trim

Cover = npt.NDArray[np.float32]
OVER = 3
TICKS = ("cross", "check", "blob", "dash", "overshoot", "scrawl")


def _draw(lines: list[npt.NDArray[np.float64]], size: tuple[int, int], pen: float) -> Cover:
    """Lines in px drawn on a canvas of (w, h) px."""
    canvas = np.zeros((size[1] * OVER, size[0] * OVER), np.uint8)
    thick = max(1, round(pen * OVER))
    for line in lines:
        points = np.rint(line * OVER * 16).astype(np.int32)
        cv2.polylines(canvas, [points], False, 255, thick, cv2.LINE_AA, 4)
    return cv2.resize(canvas, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def tick(style: str, width: float, height: float, pen: float, rng: random.Random) -> tuple[Cover, float, float]:
    """A tick for a box of (width, height) px; the cover, and where the box lies in it."""
    margin = height * 0.9
    size = (math.ceil(width + 2 * margin), math.ceil(height + 2 * margin))

    def at(x: float, y: float, loose: float = 0.07) -> tuple[float, float]:
        return (
            margin + (x + rng.gauss(0, loose)) * width,
            margin + (y + rng.gauss(0, loose)) * height,
        )

    if style in ("cross", "overshoot"):
        low, high = (0.2, 0.85) if style == "cross" else (-0.15, 1.2)
        inner = rng.uniform(0.15, 0.3) if style == "cross" else 0.0
        marks = [[at(low + inner, low), at(high - inner, high)], [at(high - inner, low), at(low + inner, high)]]
    elif style == "check":
        marks = [[at(0.2, 0.45), at(0.42, 0.85), at(0.95, -0.1)]]
    elif style == "dash":
        level = rng.uniform(0.4, 0.6)
        marks = [[at(0.12, level, 0.05), at(0.88, level, 0.05)]]
    elif style == "blob":
        turns = np.linspace(0, rng.uniform(14, 26), 60)
        reach = np.linspace(0.32, 0.08, 60) * height
        curl = np.stack(
            [margin + width / 2 + 1.3 * reach * np.cos(turns), margin + height / 2 + reach * np.sin(turns)]
        )
        return _draw([curl.T], size, pen * 1.4), margin, margin
    else:
        points = [at(0.1 + 0.8 * i / 7, 0.2 if i % 2 else 0.8) for i in range(8)]
        marks = [points]
    lines = [_smooth(np.array(mark), 2) if len(mark) > 2 else np.array(mark) for mark in marks]
    return _draw(lines, size, pen), margin, margin


def signature_lines(
    width: float, height: float, pen: float, rng: random.Random
) -> list[npt.NDArray[np.float64]]:
    """A signature of about (width, height): waves, loops, a flourish, as lines of points."""
    kind = rng.random()
    count = rng.randrange(6, 15)
    xs = np.linspace(0.04, rng.uniform(0.6, 0.95), count) + np.array([rng.gauss(0, 0.02) for _ in range(count)])
    swing = [rng.uniform(0.12, 0.42) * (1 if i % 2 else -1) for i in range(count)]
    fade = np.linspace(1.0, rng.uniform(0.25, 0.8), count)
    ys = 0.5 + np.array(swing) * fade
    points = np.stack([xs, ys], axis=1)
    if kind < 0.5:  # loops
        back = points.copy()
        back[:, 0] -= rng.uniform(0.03, 0.09)
        back[:, 1] = 0.5 + (back[:, 1] - 0.5) * 0.3
        points = np.stack([points, back], axis=1).reshape(-1, 2)
    lines = [_smooth(points, 4)]
    if rng.random() < 0.7:
        y = rng.uniform(0.6, 0.9)
        lines.append(
            _smooth(np.array([(0.02, y), (0.5, y + rng.uniform(-0.15, 0.1)), (0.97, y - rng.uniform(0, 0.3))]))
        )
    if rng.random() < 0.4:
        lines.append(np.array([(rng.random() * 0.7, 0.05), (rng.random() * 0.7 + 0.1, 0.25)]))
    return [np.clip(line, -0.05, 1.05) * (width, height) + pen for line in lines]


def signature(width: float, height: float, pen: float, rng: random.Random) -> Cover:
    """A signature of about (width, height) px."""
    scaled = signature_lines(width, height, pen, rng)
    return trim(_draw(scaled, (math.ceil(width + 3 * pen), math.ceil(height + 3 * pen)), pen))


def stamp(
    lines: tuple[str, ...], file: str, width: float, height: float, rng: random.Random, *, rubber: bool
) -> Cover:
    """Lines of text within (width, height) px. `rubber`: turned, unevenly inked; else plainly printed."""
    size = height / (len(lines) * 1.28)
    longest = max(font(file, 100).getlength(line) for line in lines)
    size = min(size, width * 0.97 * 100 / longest)
    face = font(file, round(size * OVER, 1))
    over = round(0.5 * size * OVER)  # accents stand above the ascenders, slanted letters beside their place
    wide, high = math.ceil(longest * size / 100 * OVER), math.ceil(size * 1.28 * OVER * len(lines))
    canvas = Image.new("L", (wide + 2 * over, high + 2 * over))
    pen = ImageDraw.Draw(canvas)
    centred = rubber and rng.random() < 0.6
    for place, line in enumerate(lines):
        x = (canvas.width - face.getlength(line)) / 2 if centred else over
        pen.text((x, over + place * size * 1.28 * OVER), line, 255, font=face)
    cover = np.asarray(canvas, np.float32) / 255
    wide, high = -(-canvas.width // OVER), -(-canvas.height // OVER)
    cover = trim(cv2.resize(cover, (wide, high), interpolation=cv2.INTER_AREA))
    high, wide = cover.shape
    if not rubber:
        return cover
    angle = rng.gauss(0, 1.6)
    pad = math.ceil(abs(math.sin(math.radians(angle))) * wide / 2) + 3
    cover = np.pad(cover, pad)
    matrix = cv2.getRotationMatrix2D((cover.shape[1] / 2, cover.shape[0] / 2), angle, 1)
    cover = cv2.warpAffine(cover, matrix, (cover.shape[1], cover.shape[0]), flags=cv2.INTER_LINEAR)
    noise = np.random.default_rng(rng.getrandbits(32))
    patch = noise.random((max(2, high // 24), max(2, wide // 24)), np.float32)
    uneven = cv2.resize(patch, (cover.shape[1], cover.shape[0]), interpolation=cv2.INTER_CUBIC)
    grain = noise.random(cover.shape, np.float32)
    inked = np.clip(rng.uniform(0.82, 0.97) + 0.3 * (uneven - 0.5), 0.6, 1.0)
    return trim((cover * inked * np.where(grain < 0.06, 0.5, 1.0)).astype(np.float32))
