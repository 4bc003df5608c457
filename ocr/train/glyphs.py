"""Characters to put into cells: MNIST digits made French, printed and handwriting fonts, drawn strokes."""

import gzip
from functools import lru_cache
from pathlib import Path
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocr.specimen import registry
from ocr.specimen.hands import Strokes
from ocr.specimen.registry import Split

Mask = NDArray[np.uint8]

HEIGHT = 96


def mnist(folder: Path, split: Split) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """(n, 28, 28) pictures and (n,) labels of the split."""
    name, first, end = registry.MNIST[split]
    with gzip.open(folder / f"{name}-images-idx3-ubyte.gz") as file:
        pictures = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)
    with gzip.open(folder / f"{name}-labels-idx1-ubyte.gz") as file:
        labels = np.frombuffer(file.read(), np.uint8, offset=8)
    return pictures[first:end], labels[first:end]


def fonts(folders: list[Path], split: Split, written: bool) -> list[Path]:
    """Font files of the split that have the characters wanted, by the specimen maker's registry."""
    of = registry.split_of_hand if written else registry.split_of_font
    paths = [path for folder in folders for path in sorted([*folder.rglob("*.ttf"), *folder.rglob("*.otf")])]
    return [path for path in paths if of(path.stem if written else path.name) == split and _usable(str(path))]


_NO_LETTERS = ("d050000l", "standardsymbols", "opendyslexicalta", "mathtex", "isabella", "lato-hairline")


def _usable(path: str) -> bool:
    if any(word in path.lower().replace(" ", "") for word in _NO_LETTERS):
        return False
    try:
        seen = {_of_font(path, char).tobytes() for char in "0123456789AGKRZ"}
    except OSError:
        return False
    return len(seen) == 15


@lru_cache(maxsize=20_000)
def _of_font(path: str, char: str) -> Mask:
    font = ImageFont.truetype(path, 110)
    left, top, right, bottom = font.getbbox(char)
    canvas = Image.new("L", (int(right - left) + 8, int(bottom - top) + 8))
    ImageDraw.Draw(canvas).text((4 - left, 4 - top), char, 255, font=font)
    return np.asarray(canvas)


def of_font(path: Path, char: str) -> Mask:
    """White on black, tight, with the relative size that the font gives it (110 px an em)."""
    return _of_font(str(path), char)


def of_pen(hand: Strokes, char: str, rng: np.random.Generator) -> Mask:
    """A character as one of the specimen maker's writers draws it."""
    cover = hand.digit(char, 72.0, float(rng.uniform(3.5, 11.0)), Random(int(rng.integers(1 << 31))))
    return np.pad((cover * 255).astype(np.uint8), 4)


def of_mnist(picture: NDArray[np.uint8], label: int, rng: np.random.Generator, french: bool) -> Mask:
    """A digit of MNIST enlarged, its stroke made thinner or thicker, in French style if wished."""
    big = cv2.resize(picture, (112, 112), interpolation=cv2.INTER_CUBIC)
    big = cv2.GaussianBlur(big, (0, 0), 2.0)
    cut = rng.uniform(60, 165)
    big = ((big.astype(np.float32) - cut) * rng.uniform(3, 8) + 128).clip(0, 255).astype(np.uint8)
    if french:
        big = _french(big, label, rng)
    points = cv2.findNonZero((big > 60).astype(np.uint8))
    if points is None:
        return big
    x, y, w, h = cv2.boundingRect(points)
    return np.pad(big[y : y + h, x : x + w], 4)


def _french(big: Mask, label: int, rng: np.random.Generator) -> Mask:
    """An upstroke to the 1, a bar across the 7."""
    if label not in (1, 7):
        return big
    ink = big > 128
    rows = np.flatnonzero(ink.any(axis=1))
    if rows.size < 20:
        return big
    top, bottom = int(rows[0]), int(rows[-1])
    tall = bottom - top
    pen = max(3, int(np.median(ink[rows].sum(axis=1)) * rng.uniform(0.7, 1.0)))
    pen = min(pen, 16)
    out = np.pad(big, ((0, 0), (24, 24)))

    def at(share: float) -> tuple[int, int]:
        y = int(top + share * tall)
        columns = np.flatnonzero(ink[y])
        return (int(columns.mean()) + 24 if columns.size else 80, y)

    if label == 1 and rng.random() < 0.8:
        x, y = at(0.04)
        reach, drop = rng.uniform(0.2, 0.55) * tall, rng.uniform(0.15, 0.5) * tall
        end = (int(x - reach), int(y + drop))
        middle = ((x + end[0]) // 2 + int(rng.normal(0, 3)), (y + end[1]) // 2 + int(rng.normal(0, 3)))
        cv2.polylines(out, [np.array([(x, y), middle, end])], False, 255, pen, cv2.LINE_AA)
        if rng.random() < 0.15:  # and a foot
            x, y = at(0.97)
            cv2.line(
                out, (x - int(rng.uniform(8, 22)), y), (x + int(rng.uniform(8, 22)), y), 255, pen, cv2.LINE_AA
            )
    elif label == 7 and rng.random() < 0.75:
        x, y = at(rng.uniform(0.42, 0.62))
        left, right = rng.uniform(0.12, 0.34) * tall, rng.uniform(0.12, 0.34) * tall
        tilt = rng.normal(0, 0.06) * tall
        cv2.line(out, (int(x - left), int(y + tilt)), (int(x + right), int(y - tilt)), 255, pen, cv2.LINE_AA)
    return out
