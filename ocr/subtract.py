"""What was added to a form: the page minus its template.

The printed form is darker than paper in flat tints. Each level of the template is mapped to what the
page shows there (scanners, copiers and thresholds differ), and a mark is what is darker than that.
The expected page is eroded by a fraction of a millimetre so that a slight misregistration of an edge
leaves no residue; a pen stroke is far darker than a tint, so it loses nothing.
"""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.pages import Image

FRAME_DPI = 200.0
"""Of the frame in which fields are read."""

SLACK_PX = 2
"""Edges of the print may be off by that much: 0.25 mm of the frame."""

EVEN = 245
"""Of 255: a page that is nowhere darker was lit evenly."""

_BLOCK = 32  # px of the frame: illumination changes slowly


_APART = 3  # px of the frame between those that tell how the page shows the print


@dataclass(frozen=True, eq=False)
class Print:
    """A blank (grey), as it is taken away from pages: what follows from it alone is made once."""

    picture: Image

    @cached_property
    def worn(self) -> Image:
        """Each pixel as dark as the darkest around it: an edge may be off by that much."""
        return cv2.erode(self.picture, np.ones((2 * SLACK_PX + 1, 2 * SLACK_PX + 1), np.uint8))  # type: ignore[return-value]

    @cached_property
    def flats(self) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Which of the pixels `_APART` lie where the print is flat, and the eighth of its levels there."""
        sampled = np.ascontiguousarray(self.picture[::_APART, ::_APART])
        flat = cv2.morphologyEx(sampled, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) < 8
        return flat, (sampled[flat] >> 3).astype(np.int64)


def _seen_on_flats(page: Image, blank: Print) -> NDArray[np.int64]:
    """(32, 256) counts: for each eighth level of the print, what the page shows on flat areas."""
    flat, levels = blank.flats
    seen = page[::_APART, ::_APART][flat]
    return np.bincount(levels * 256 + seen, minlength=32 * 256).reshape(32, 256)


def tone_curve(table: NDArray[np.int64]) -> NDArray[np.uint8]:
    """(256,) table: template level -> level seen on this page where nothing is written.

    From `_seen_on_flats`; levels in between are interpolated."""
    counts = table.sum(axis=1)
    # marks are darker than what they cover: the upper half tells what was there
    known = [
        (level * 8 + 4, float(np.searchsorted(np.cumsum(table[level]), 0.6 * counts[level])))
        for level in np.flatnonzero(counts >= max(200, 0.001 * counts.sum()))
    ]
    if not known:
        return np.arange(256, dtype=np.uint8)
    x, y = zip(*known, strict=True)
    rising = np.maximum.accumulate(np.asarray(y))
    return np.interp(np.arange(256), x, rising).astype(np.uint8)


def grain(table: NDArray[np.int64]) -> float:
    """How much of the tint is black grain, 0 to 1: a threshold close to the tint leaves it speckled."""
    counts = table.sum(axis=1)
    tints = [level for level in range(16, 31) if counts[level] > 0.02 * counts.sum()]
    return max((float(table[level, :100].sum() / counts[level]) for level in tints), default=0.0)


UNEVEN = 0.8
"""Of the light on a page's brightest parts, what its darkest have: below, it lay in a shadow."""


def evened(page: Image, template: Image) -> Image:
    """The page as if lit evenly: one curve from print to page cannot hold on both sides of a shadow's edge.
    A page that lay in no shadow is returned as it is."""
    shown, expected = np.ascontiguousarray(page[::16, ::16]), template[::16, ::16]
    ratio = cv2.medianBlur((shown / np.maximum(expected, 40)).astype(np.float32), 5)
    dark, light = (float(value) for value in np.percentile(ratio, (4, 96)))
    if dark > UNEVEN * light:
        return page
    lit = _spread(illumination(page, template, block=16, soft=1.0), page)
    return cv2.divide(page, lit, scale=255)  # type: ignore[return-value]


def illumination(page: Image, expected: Image, *, block: int = _BLOCK, soft: float = 2.0) -> Image:
    """Block by block, how bright the paper is there (255 = as expected): shadows and yellowed edges. Blocks of
    `block` px, blurred by `soft` blocks."""
    height, width = page.shape
    small = (max(1, width // block), max(1, height // block))
    # the brightest of a few pixels is paper, or the print's own tint
    bright = cv2.dilate(np.ascontiguousarray(page[::4, ::4]), np.ones((3, 3), np.uint8)).astype(np.float32)
    bright /= np.maximum(expected[::4, ::4], 40)
    ratio = cv2.medianBlur(cv2.resize(bright, small, interpolation=cv2.INTER_AREA), 5)
    return (cv2.GaussianBlur(ratio, (0, 0), soft).clip(0.3, 1.0) * 255).astype(np.uint8)


def _spread(blocks: Image, page: Image) -> Image:
    """From blocks to the pixels of a page."""
    return cv2.resize(blocks, page.shape[::-1], interpolation=cv2.INTER_LINEAR)  # type: ignore[return-value]


def ink(page: Image, blank: Print) -> Image:
    """(h, w) darkness of what was added, 0 (nothing) to 255. Both grey, in the same frame."""
    return parted(page, blank)[0]


def parted(page: Image, blank: Print) -> tuple[Image, Image]:
    """A page parted into what was added (darkness) and the print alone (level expected without it)."""
    table = _seen_on_flats(page, blank)
    if grain(table) > 0.06:
        # a pen stroke is solid, the grain is not: averaging leaves the one and evens the other
        page = cv2.GaussianBlur(page, (0, 0), 1.4)  # type: ignore[assignment]
        table = _seen_on_flats(page, blank)
    expected = cv2.LUT(blank.worn, tone_curve(table))  # the curve never falls: worn first is worn after
    lit = illumination(page, expected)
    if lit.min() < EVEN:
        expected = cv2.multiply(expected, _spread(lit, page), scale=1 / 255)
    return cv2.subtract(expected, page), expected  # type: ignore[return-value]
