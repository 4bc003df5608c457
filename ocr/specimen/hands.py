"""Hands that write: strokes of a pen by one writer's habits, MNIST digits, handwriting fonts.

A hand is drawn from its name alone (`strokes-512`), so a writer keeps his habits over a whole sheet.
Each gives covers: float32 (h, w), 0 paper .. 1 ink, at the size asked for.
"""

import gzip
import random
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from ocr.forms.fonts import font
from ocr.specimen import registry
from ocr.specimen.glyphs import SPACE, Glyph, spell, variants
from ocr.specimen.registry import Sources

Cover = npt.NDArray[np.float32]
OVER = 3


class Hand(Protocol):
    """`digit`: one character for a cell of a comb. `line`: a run of text. Heights in px of a capital,
    `pen` the width of the trait in px."""

    name: str

    def digit(self, char: str, height: float, pen: float, rng: random.Random) -> Cover: ...

    def line(self, text: str, height: float, pen: float, rng: random.Random) -> Cover: ...


def _smooth(points: npt.NDArray[np.float64], rounds: int = 3) -> npt.NDArray[np.float64]:
    """Chaikin's corner cutting, ends kept."""
    for _ in range(rounds):
        first, last = points[:1], points[-1:]
        quarter = 0.75 * points[:-1] + 0.25 * points[1:]
        three = 0.25 * points[:-1] + 0.75 * points[1:]
        middle = np.empty((2 * len(quarter), 2))
        middle[0::2], middle[1::2] = quarter, three
        points = np.concatenate([first, middle, last])
    return points


def trim(cover: Cover) -> Cover:
    """Cut to the ink; a single pixel where there is none."""
    rows = np.flatnonzero(cover.max(axis=1) > 0.06)
    cols = np.flatnonzero(cover.max(axis=0) > 0.06)
    if not len(rows):
        return np.zeros((1, 1), np.float32)
    return cover[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]


class Strokes:
    """A writer made of habits: slant, breadth, roundness, tremor, which 1, 4 and 7 he makes."""

    def __init__(self, number: int) -> None:
        self.name = f"strokes-{number}"
        rng = random.Random(self.name)
        self.slant = rng.gauss(0.12, 0.13)
        self.breadth = rng.uniform(0.72, 1.12)
        self.tremor = rng.uniform(0.05, 0.17)
        self.drift = rng.uniform(0.0, 0.16)
        self.small = rng.uniform(0.9, 1.15)
        self.spacing = rng.uniform(0.7, 1.5)
        self.wobble = rng.uniform(0.01, 0.05)
        self.capitals = rng.random() < 0.55
        self.habit = {char: rng.randrange(8) for char in "0123456789EZ"}
        self.habit["1"] = rng.choices(range(4), (5, 4, 3, 1.2))[0]
        self.habit["7"] = rng.choices(range(3), (6, 3, 2))[0]

    def _glyph(self, char: str, rng: random.Random) -> Glyph:
        ways = variants(char)
        usual = self.habit.get(char, 0) % len(ways)
        return ways[usual] if rng.random() < 0.93 else rng.choice(ways)

    def _place(
        self, glyph: Glyph, x: float, size: float, rng: random.Random
    ) -> tuple[list[npt.NDArray[np.float64]], float]:
        """The strokes of one glyph at x (in px, baseline at 0), and its breadth."""
        scale = size / 6 * rng.gauss(1, self.wobble)
        breadth = self.breadth * rng.gauss(1, self.wobble * 1.5)
        slant = self.slant + rng.gauss(0, 0.03)
        rise = rng.gauss(0, self.wobble * 3)
        tremor = self.tremor
        placed, widest = [], 0.0
        for curved, points in glyph:
            line = np.array([(px + rng.gauss(0, tremor), py + rng.gauss(0, tremor)) for px, py in points])
            if curved:
                line = _smooth(line)
            elif len(line) == 2 and np.ptp(line) > 1.5:  # no pen draws a straight line
                bend = np.array((rng.gauss(0, tremor), rng.gauss(0, tremor)))
                middle = line.mean(axis=0) + bend
                line = _smooth(np.array([line[0], middle, line[1]]), 2)
            up = line[:, 1] - 6 + rise
            across = line[:, 0] * breadth - up * slant
            widest = max(widest, float(line[:, 0].max()) * breadth)
            placed.append(np.stack([x + across * scale, up * scale], axis=1))
        return placed, widest * scale

    def _ink(self, lines: list[npt.NDArray[np.float64]], pen: float, rng: random.Random) -> Cover:
        everything = np.concatenate(lines)
        low = everything.min(axis=0) - pen - 2
        size = np.ceil((everything.max(axis=0) + pen + 2 - low) * OVER).astype(int)
        canvas = np.zeros((int(size[1]), int(size[0])), np.uint8)
        for line in lines:
            points = np.rint(((line - low) * OVER) * 16).astype(np.int32)
            thick = max(1, round(pen * OVER * rng.uniform(0.9, 1.12)))
            cv2.polylines(canvas, [points], False, 255, thick, cv2.LINE_AA, 4)
        rows, cols = -(-canvas.shape[0] // OVER), -(-canvas.shape[1] // OVER)
        canvas = np.pad(canvas, ((0, rows * OVER - size[1]), (0, cols * OVER - size[0])))
        return cv2.resize(canvas, (cols, rows), interpolation=cv2.INTER_AREA).astype(np.float32) / 255

    def digit(self, char: str, height: float, pen: float, rng: random.Random) -> Cover:
        lines, _ = self._place(self._glyph(char, rng), 0.0, height, rng)
        return trim(self._ink(lines, pen, rng))

    def line(self, text: str, height: float, pen: float, rng: random.Random) -> Cover:
        lines: list[npt.NDArray[np.float64]] = []
        x = 0.0
        for char in spell(text):
            if char == " ":
                x += SPACE * height / 6 * rng.uniform(0.8, 1.3)
                continue
            placed, breadth = self._place(self._glyph(char, rng), x, height * self.small, rng)
            lines += placed
            x += breadth + self.spacing * height / 6 * rng.uniform(0.7, 1.3)
        return trim(self._ink(lines, pen, rng)) if lines else np.zeros((1, 1), np.float32)


@lru_cache(maxsize=2)
def _mnist(folder: str, file: str, first: int, end: int) -> tuple[Any, Any, Any]:
    """Images (n, 28, 28), labels, and the slant of each, for digits that look of one hand."""
    with gzip.open(Path(folder) / f"{file}-images-idx3-ubyte.gz") as stream:
        images = np.frombuffer(stream.read(), np.uint8, offset=16).reshape(-1, 28, 28)[first:end]
    with gzip.open(Path(folder) / f"{file}-labels-idx1-ubyte.gz") as stream:
        labels = np.frombuffer(stream.read(), np.uint8, offset=8)[first:end]
    weight = images.astype(np.float32)
    total = weight.sum(axis=(1, 2))
    ys, xs = np.arange(28.0, dtype=np.float32)[:, None], np.arange(28.0, dtype=np.float32)[None]
    cy, cx = (weight * ys).sum(axis=(1, 2)) / total, (weight * xs).sum(axis=(1, 2)) / total
    dy, dx = ys[None] - cy[:, None, None], xs[None] - cx[:, None, None]
    slant = -(weight * dx * dy).sum(axis=(1, 2)) / (weight * dy * dy).sum(axis=(1, 2))
    return images, labels, slant


class Mnist:
    """Digits of real (American) writers, made French: an upstroke on the 1, a bar through the 7.

    MNIST mixes its writers; a hand here is a choice of digits of like slant. Letters are strokes."""

    def __init__(self, folder: Path, split: registry.Split, number: int) -> None:
        self.name = f"mnist-{split}-{number}"
        rng = random.Random(self.name)
        file, first, end = registry.MNIST[split]
        images, labels, slant = _mnist(str(folder), file, first, end)
        lean = rng.gauss(0.15, 0.2)
        self.french = rng.random() < 0.85
        self.images: dict[str, Any] = {}
        for label in range(10):
            own = np.flatnonzero(labels == label)
            near = own[np.argsort(np.abs(slant[own] - lean), kind="stable")[:160]]
            picked = rng.sample(list(map(int, near)), 10)
            self.images[str(label)] = images[picked]
        numbers = registry.STROKE_HANDS[split]
        self.letters = Strokes(numbers[number % len(numbers)])
        self.capitals = self.letters.capitals

    def digit(self, char: str, height: float, pen: float, rng: random.Random) -> Cover:
        if char not in self.images:
            return self.letters.digit(char, height, pen, rng)
        image = rng.choice(list(self.images[char]))
        large = cv2.resize(image, None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
        if self.french and char in "17":
            large = _french(char, large, rng)
        ink = (large > 90).astype(np.uint8)
        want, ys = pen / height, np.flatnonzero(ink.any(axis=1))
        tall = len(ys) and ys[-1] - ys[0] + 1
        thick = 2.2 * float(cv2.distanceTransform(ink, cv2.DIST_L2, 3)[ink > 0].mean()) if tall else 1.0
        change = round((want * tall - thick) / 2)
        if change:
            size = 2 * min(4, abs(change)) + 1
            kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
            other = (cv2.dilate if change > 0 else cv2.erode)(large, kernel)
            large = other if (other > 128).sum() > 0.3 * ink.sum() else large
        cover = trim(np.clip((large.astype(np.float32) - 60) / 130, 0, 1))
        scale = height / max(cover.shape[0], 20)
        size_px = (max(1, round(cover.shape[1] * scale)), max(1, round(cover.shape[0] * scale)))
        return cv2.resize(cover, size_px, interpolation=cv2.INTER_AREA)

    def line(self, text: str, height: float, pen: float, rng: random.Random) -> Cover:
        return self.letters.line(text, height, pen, rng)


def _french(char: str, image: Any, rng: random.Random) -> Any:
    ys, xs = np.nonzero(image > 100)
    if not len(ys):
        return image
    top, tall, thick = int(ys.min()), int(np.ptp(ys)), 9
    image = image.copy()
    if char == "1" and np.ptp(xs) < 0.55 * tall:
        x = int(xs[ys == top].mean())
        long = rng.uniform(0.28, 0.55) * tall
        angle = rng.uniform(0.6, 1.0)
        end = (int(x - long * np.sin(angle)), int(top + long * np.cos(angle)))
        shift = max(0, 6 - end[0])
        image = np.pad(image, ((0, 0), (shift, 0)))
        cv2.line(image, (x + shift, top + 3), (end[0] + shift, end[1]), 235, thick, cv2.LINE_AA)
    elif char == "7":
        y = int(top + rng.uniform(0.45, 0.58) * tall)
        row = xs[np.abs(ys - y) < 3]
        if len(row):
            half = rng.uniform(0.2, 0.32) * tall
            tilt = rng.uniform(-0.15, 0.15) * half
            x = float(row.mean())
            ends = ((int(x - half), int(y + tilt)), (int(x + half), int(y - tilt)))
            cv2.line(image, *ends, 235, thick, cv2.LINE_AA)
    return image


class Written:
    """A handwriting font. What it has no glyph for is written plain (é as e)."""

    def __init__(self, path: Path) -> None:
        self.name, self.path = path.stem, path
        from fontTools.ttLib import TTFont

        with TTFont(str(path), lazy=True) as file:
            self.known = frozenset(chr(code) for code in file.getBestCmap())
        _, top, _, _ = font(str(path), 200).getbbox("0", anchor="ls")
        self.per_em = max(0.3, -top / 200)
        rng = random.Random(self.name)
        self.capitals = rng.random() < 0.4

    def _spell(self, text: str) -> str:
        result = []
        for char in text:
            if char in self.known or char == " ":
                result.append(char)
            else:
                plain = unicodedata.normalize("NFD", spell(char))[0]
                result.append(plain if plain in self.known else "")
        return "".join(result)

    def line(self, text: str, height: float, pen: float, rng: random.Random) -> Cover:
        face = font(str(self.path), round(height / self.per_em * OVER, 1))
        spelt = self._spell(text)
        left, top, right, bottom = (int(v) for v in face.getbbox(spelt, anchor="ls"))
        if right <= left or bottom <= top:
            return np.zeros((1, 1), np.float32)
        image = Image.new("L", (right - left + 4 * OVER, bottom - top + 4 * OVER))
        ImageDraw.Draw(image).text((2 * OVER - left, 2 * OVER - top), spelt, 255, font=face, anchor="ls")
        cover = np.asarray(image, np.float32) / 255
        rows, cols = max(1, cover.shape[0] // OVER), max(1, cover.shape[1] // OVER)
        return trim(cv2.resize(cover, (cols, rows), interpolation=cv2.INTER_AREA))

    def digit(self, char: str, height: float, pen: float, rng: random.Random) -> Cover:
        cover = self.line(char, height * rng.uniform(0.92, 1.08), pen, rng)
        lean, rows = rng.gauss(0, 0.05), cover.shape[0]
        wide = cover.shape[1] + int(abs(lean) * rows) + 2
        matrix = np.array([[1, -lean, max(0.0, lean) * rows + 1], [0, 1, 0]], np.float64)
        return trim(cv2.warpAffine(cover, matrix, (wide, rows)))


@lru_cache(maxsize=64)
def _written(path: Path) -> Written:
    return Written(path)


def choose(sources: Sources, rng: random.Random) -> Hand:
    """A hand of the sources' split: strokes, MNIST digits, or a handwriting font, where there are.

    The choice is checked against the registry: WrongSplit if it were of another split."""
    kinds = ["strokes"] + ["mnist"] * (2 if sources.mnist else 0) + ["font"] * bool(sources.written_fonts())
    kind = rng.choice(kinds)
    hand: Hand
    if kind == "mnist" and sources.mnist is not None:
        hand = Mnist(Path(sources.mnist), sources.split, rng.randrange(1000))
    elif kind == "font":
        hand = _written(rng.choice(sources.written_fonts()))
    else:
        hand = Strokes(rng.choice(registry.STROKE_HANDS[sources.split]))
    registry.check(hand.name, sources.split, printed=False)
    return hand
