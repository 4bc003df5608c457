"""One box of any page read as one kind of field: what a person points at."""

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from domain.reading import FieldReading
from ocr import amounts, decode, engine, marks, stamp, text
from ocr.decode import Decoded
from ocr.pages import Image, Page
from ocr.prepare import grey, turned
from ocr.segment import glyphs
from ocr.subtract import FRAME_DPI

Box = tuple[float, float, float, float]
MARGIN = 0.002

LIKE = {"nir": "comb", "date": "comb_date", "amount": "comb_amount", "tick": "check"}
"""Short names of kinds."""


def overlap(one: Box, other: Box) -> float:
    """Shared area over the area of both, 0 to 1."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0.0, width) * max(0.0, height)
    return shared / max(one[2] * one[3] + other[2] * other[3] - shared, 1e-12)


def field_at(fields: Mapping[str, FieldReading], box: Box) -> FieldReading | None:
    """The field of a form that a box was drawn around, if one is."""
    best = max(fields.values(), key=lambda field: overlap(field.box, box), default=None)
    return best if best is not None and overlap(best.box, box) > 0.5 else None


def read_box(page: Page, box: Box, kind: str, rotation: int) -> Decoded | tuple[bool, float]:
    """A box (fractions of the upright page) on a page that is no known form."""
    ink = _ink(page, box, rotation)
    kind = LIKE.get(kind, kind)
    amount = marks.area_of(ink, 50.0)
    if kind == "check":
        return marks.presence(amount, marks.TICK_MM2)
    if kind == "signature":
        return marks.presence(amount, marks.SIGNATURE_MM2)
    present, chance = marks.presence(amount, (marks.BLANK_MM2, marks.BLANK_MM2 * 4))
    if not present:
        return Decoded(None, chance)
    if kind == "text_block":
        return stamp.block(ink)[0]
    if kind == "text":
        return text.line(ink)
    found = glyphs(ink)
    pictures = [glyph.cell.picture for glyph in found if glyph.cell.picture is not None]
    table = decode.softened(engine.logits(np.stack(pictures))) if pictures else np.zeros((0, 37))
    if kind == "comb_amount":
        return stamp.amount(ink) or amounts.amount(_from_the_right(table, 6))
    if kind == "comb_date" and len(table) == 8:
        return decode.date(table, decode.BIRTH_YEARS)
    return decode.comb(table, capitals=kind == "cell") if len(table) else Decoded("", 0.0)


def _from_the_right(table: decode.Probabilities, count: int) -> decode.Probabilities:
    padded = np.tile(decode.EMPTY_CELL, (count, 1))
    kept = table[-count:]
    if len(kept):
        padded[-len(kept) :] = kept
    return padded


def _ink(page: Page, box: Box, rotation: int) -> Image:
    """Darkness against the local paper, at 200 dpi."""
    upright = grey(turned(page.image, rotation))
    height, width = upright.shape
    x0, y0 = int(max(0.0, box[0] - MARGIN) * width), int(max(0.0, box[1] - MARGIN) * height)
    x1 = int(np.ceil(min(1.0, box[0] + box[2] + MARGIN) * width))
    y1 = int(np.ceil(min(1.0, box[1] + box[3] + MARGIN) * height))
    crop = upright[y0 : max(y1, y0 + 2), x0 : max(x1, x0 + 2)]
    scale = FRAME_DPI / page.dpi
    size = (max(2, round(crop.shape[1] * scale)), max(2, round(crop.shape[0] * scale)))
    crop = cv2.resize(crop, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    paper = cv2.GaussianBlur(cv2.dilate(crop, np.ones((25, 25), np.uint8)), (0, 0), 8)
    return cv2.subtract(paper, crop)  # type: ignore[return-value]


def answer(read: FieldReading | Decoded | tuple[bool, float]) -> dict[str, Any]:
    """As calls.zone returns it."""
    if isinstance(read, FieldReading):
        others = [{"value": each.value, "probability": each.probability} for each in read.alternatives]
        return {"value": read.value, "probability": read.probability, "alternatives": others}
    if isinstance(read, tuple):
        return {"value": read[0], "probability": round(read[1], 5), "alternatives": []}
    others = [{"value": value, "probability": round(chance, 5)} for value, chance in read.others]
    return {"value": read.value or None, "probability": round(read.probability, 5), "alternatives": others}
