"""Short words written as a run, not one to a cell: letters of acts, amounts, the numbers of a stamp.

They are cut by the very code that reads them; what it does not cut into as many marks as there are
characters teaches nothing and is left out."""

from functools import lru_cache
from pathlib import Path
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr.cells import PX_PER_MM
from ocr.codes import letter_codes
from ocr.forms.fonts import font
from ocr.segment import glyphs
from ocr.specimen.hands import Hand, Strokes, Written, trim
from ocr.subtract import Print, ink
from ocr.train import strips

CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OVER = 3


def text(rng: np.random.Generator) -> str:
    """A code of an act, letters at random, or a run of digits."""
    kind = rng.random()
    if kind < 0.35:
        return str(rng.choice(sorted(letter_codes())))
    if kind < 0.6:
        return "".join(rng.choice(list(CAPITALS), int(rng.integers(1, 5))))
    return "".join(rng.choice(list("0123456789"), int(rng.integers(1, 12))))


def printed(value: str, path: Path, height: float) -> NDArray[np.float32]:
    """A cover (0 paper .. 1 ink) of a run set in a font, its capitals `height` px high."""
    _, top, _, _ = font(str(path), 200).getbbox("H", anchor="ls")
    sized = font(str(path), round(height * OVER * 200 / max(-top, 1)))
    left, top, right, bottom = (int(v) for v in sized.getbbox(value, anchor="ls"))
    image = Image.new("L", (max(1, right - left) + OVER, max(1, bottom - top) + OVER))
    ImageDraw.Draw(image).text((-left, -top), value, 255, font=sized, anchor="ls")
    cover = np.asarray(image, np.float32) / 255
    rows, cols = -(-cover.shape[0] // OVER), -(-cover.shape[1] // OVER)
    return trim(cv2.resize(cover, (cols, rows), interpolation=cv2.INTER_AREA))


@lru_cache(256)
def face(path: Path) -> Written:
    """A handwriting face, opened once."""
    return Written(path)


def cover_of(
    value: str, kind: str, path: Path | None, writer: Strokes, rng: np.random.Generator
) -> NDArray[np.float32]:
    """`kind`: print, font (a hand's) or pen. Heights as on forms and on stamps."""
    if kind == "print" and path is not None:
        return printed(value, path, float(rng.uniform(1.7, 3.1)) * PX_PER_MM)
    hand: Hand = face(path) if path is not None else writer
    height, pen = float(rng.uniform(2.2, 4.8)), float(rng.uniform(0.2, 0.7))
    return hand.line(value, height * PX_PER_MM, pen * PX_PER_MM, Random(int(rng.integers(1 << 31))))


def word(
    value: str, kind: str, path: Path | None, writer: Strokes, rng: np.random.Generator
) -> list[tuple[NDArray[np.uint8], str]]:
    """(picture, character) of each mark; none where it was not cut one to a character."""
    cover = cover_of(value, kind, path, writer, rng)
    high, wide = cover.shape
    if high < 8 or wide < 3:
        return []
    tall = max(high + 4, int(rng.uniform(4.5, 8.5) * PX_PER_MM))
    box = (float(strips.MARGIN), float(strips.MARGIN), float(wide + rng.uniform(8, 60)), float(tall))
    tint = int(rng.integers(190, 256))
    template = strips.blank([box], "none", rng, tint)
    paper = template.astype(np.float32)
    x = int(box[0] + rng.uniform(2, box[2] - wide - 1))
    y = int(box[1] + rng.uniform(0, tall - high + 1))
    dark = float(rng.uniform(0, 140))
    region = paper[y : y + high, x : x + wide]
    if region.shape != cover.shape:
        return []
    region += cover * (np.minimum(region, dark) - region)
    if rng.random() < 0.3:
        strips.clutter(paper, [box], rng, dark)
    marks = ink(strips.spoil(paper, rng), Print(template))
    left, top = int(box[0]) - 2, int(box[1]) - 2
    found = glyphs(marks[top : top + tall + 4, left : left + int(box[2]) + 4], split=True)
    if len(found) == len(value) - 1:
        cuts = [(i, g) for i, g in enumerate(found) if g.parts and len(g.parts[0]) == 2]
        if len(cuts) == 1:
            place, glyph = cuts[0]
            found[place : place + 1] = glyph.parts[0]
    if len(found) != len(value):
        return []
    pairs = zip(found, value, strict=True)
    return [(glyph.cell.picture, char) for glyph, char in pairs if glyph.cell.picture is not None]
