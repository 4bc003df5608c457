"""Paints a form from its geometry: rectangles and words placed to a fraction of a pixel."""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from ocr.forms.fonts import named

if TYPE_CHECKING:
    from ocr.forms import Form

Page = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]
OVER = 4  # words are drawn this much larger, then averaged down
MM_PER_INCH = 25.4


def _bgr(colour: list[int]) -> npt.NDArray[np.float32]:
    return np.array(colour[::-1], np.float32)


def _fill(page: Page, colour: npt.NDArray[np.float32], box: tuple[float, float, float, float]) -> None:
    """A rectangle (x0, y0, x1, y1 in px) whose borders cover parts of pixels."""
    x0, y0, x1, y1 = box
    height, width = page.shape[:2]
    left, top = max(0, int(np.floor(x0))), max(0, int(np.floor(y0)))
    right, bottom = min(width, int(np.ceil(x1))), min(height, int(np.ceil(y1)))
    if right <= left or bottom <= top:
        return
    xs, ys = np.arange(left, right), np.arange(top, bottom)
    along = np.clip(np.minimum(xs + 1, x1) - np.maximum(xs, x0), 0, 1)
    down = np.clip(np.minimum(ys + 1, y1) - np.maximum(ys, y0), 0, 1)
    _blend(page, colour, np.outer(down, along).astype(np.float32), left, top)


def _blend(page: Page, colour: npt.NDArray[np.float32], cover: Page, left: int, top: int) -> None:
    """Lays `colour` on the page as far as `cover` (0..1) says, from (left, top)."""
    height, width = page.shape[:2]
    y0, x0 = max(0, -top), max(0, -left)
    y1, x1 = min(cover.shape[0], height - top), min(cover.shape[1], width - left)
    if y1 <= y0 or x1 <= x0:
        return
    part = page[top + y0 : top + y1, left + x0 : left + x1]
    part += cover[y0:y1, x0:x1, None] * (colour - part)


def word_cover(
    style: str, text: str, em: float, x: float, width: float, baseline: float
) -> tuple[Page, int, int]:
    """The ink of a word as a cover (0..1), and the page px of its first column and row.

    `em`, `x`, `width`, `baseline` in px; the ink is stretched to span exactly x .. x + width.
    """
    face = named(style, em * OVER)
    left, top, right, bottom = face.getbbox(text, anchor="ls")
    pad = OVER
    ink = Image.new("L", (int(right - left) + 2 * pad, int(bottom - top) + 2 * pad))
    ImageDraw.Draw(ink).text((pad - left, pad - top), text, 255, font=face, anchor="ls")
    cover = np.asarray(ink, np.float32) / 255
    columns = np.flatnonzero(cover.max(axis=0) > 0.1)
    if not len(columns):
        return np.zeros((1, 1), np.float32), int(x), int(baseline)
    first, wide = float(columns[0]), float(columns[-1] + 1 - columns[0])
    column, row = int(np.floor(x)) - 1, int(np.floor(baseline + top / OVER)) - 2
    cols = int(np.ceil(x + width)) + 2 - column
    rows = int(np.ceil(baseline + bottom / OVER)) + 3 - row
    stretch = width * OVER / wide
    # pixel centres: where the middle of a drawn px falls on the enlarged page
    matrix = np.array(
        [
            [stretch, 0, (x - column) * OVER - (first - 0.5) * stretch - 0.5],
            [0, 1, (baseline - row) * OVER + top - pad],
        ],
        np.float64,
    )
    large = cv2.warpAffine(cover, matrix, (cols * OVER, rows * OVER), flags=cv2.INTER_LINEAR)
    return cv2.resize(large, (cols, rows), interpolation=cv2.INTER_AREA), column, row


def _captions(page: Page, drawing: Any, scale: float) -> None:
    for caption in drawing["captions"]:
        colour = _bgr(drawing["colours"][caption["colour"]])
        turned = caption.get("turned", False)
        for text, start, length in caption["words"]:
            em, base = caption["em"] * scale, caption["baseline"] * scale
            if not turned:
                cover, x, y = word_cover(caption["font"], text, em, start * scale, length * scale, base)
            else:  # reads upwards: `start` is the lower end, `baseline` an x
                cover, down, across = word_cover(
                    caption["font"], text, em, -start * scale, length * scale, base
                )
                cover = np.ascontiguousarray(cover.T[::-1])
                x, y = across, -down - cover.shape[0]
            _blend(page, colour, cover, x, y)


def _outlines(page: Page, drawing: Any, scale: float) -> None:
    """Discs, ovals and slanted lines, drawn enlarged and averaged down."""
    for name, points in drawing["polygons"]:
        corners = np.array(points) * scale
        left, top = np.floor(corners.min(axis=0)).astype(int) - 1
        right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 1
        large = np.zeros(((bottom - top) * OVER, (right - left) * OVER), np.float32)
        # fillPoly counts from pixel centres: half a px back, in 1/256 px
        fixed = np.rint(((corners - (left, top)) * OVER - 0.5) * 256).astype(np.int32)
        cv2.fillPoly(large, [fixed], 1.0, shift=8)
        cover = cv2.resize(large, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
        _blend(page, _bgr(drawing["colours"][name]), cover, int(left), int(top))


def drawn_mm(form: "Form") -> list[tuple[float, float, float, float]]:
    """x, y, w, h in mm of every fill and word of the drawing: where a scan can be matched."""
    boxes = [(x, y, w, h) for _, x, y, w, h in form.drawing["fills"]]
    for caption in form.drawing["captions"]:
        em, base = caption["em"], caption["baseline"]
        for _, start, length in caption["words"]:
            if caption.get("turned"):
                boxes.append((base - em * 0.7, start - length, em, length))
            else:
                boxes.append((start, base - em * 0.7, length, em))
    return boxes


@lru_cache(maxsize=6)
def draw_page(form: "Form", dpi: float, colour: bool) -> Pixels:
    """See `ocr.forms.draw`."""
    scale = dpi / MM_PER_INCH
    width, height = (round(side * scale) for side in form.page_mm)
    page = np.full((height, width, 3), 255, np.float32)
    drawing = form.drawing
    for name, x, y, w, h in drawing["fills"]:
        box = (x * scale, y * scale, (x + w) * scale, (y + h) * scale)
        _fill(page, _bgr(drawing["colours"][name]), box)
    _outlines(page, drawing, scale)
    _captions(page, drawing, scale)
    pixels = np.rint(page).astype(np.uint8)
    if not colour:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    pixels.setflags(write=False)
    return pixels
