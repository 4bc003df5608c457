"""Cells of a comb -> small pictures for the network.

A cell gives two channels: its own marks alone, scaled to fill the picture (as digits of MNIST are), and
the neighbourhood as it lies on the paper. Strokes belong to the cell that holds most of them, so a
digit that overflows is kept whole and its neighbour is not spoiled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.pages import Image

SIDE = 32
"""Pictures are SIDE x SIDE px."""

MIN_INK = 28
"""Darkness (0-255) under which a pixel is never a mark."""

PX_PER_MM = 200 / 25.4

LABELS = (*"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "")
"""What the network tells apart; the last is an empty cell."""

Box = tuple[float, float, float, float]
"""x, y, w, h in px of the frame."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """`amount`: mm2 of marks of its own; `contrast`: how dark they are (0-255).

    `crowded`: more than one character, it seems: two tall marks side by side, or one that reaches over
    cells. `wide`: broader than most. `height`, `foot`: of its marks, in px of the frame."""

    picture: NDArray[np.uint8] | None
    amount: float
    contrast: float
    crowded: bool = False
    wide: bool = False
    height: float = 0.0
    foot: float = 0.0


EMPTY = Cell(None, 0.0, 0.0)
SPECK_MM2 = 0.10
"""A smaller connected mark is dust."""


@dataclass(frozen=True, slots=True, eq=False)
class Darkness:
    """How many pixels of a strip of ink have each darkness, (256,)."""

    counts: NDArray[np.int64]

    @classmethod
    def of(cls, ink: Image) -> "Darkness":
        return cls(cv2.calcHist([ink], [0], None, [256], [0, 256]).ravel().astype(np.int64))

    def reached(self, share: float, least: float) -> float | None:
        """The darkness that so many of the pixels no paler than `least` do not exceed; None of next to none."""
        up_to = np.cumsum(self.counts[int(np.ceil(least)) :])
        if not up_to.size or up_to[-1] < 1:
            return None
        return float(np.ceil(least) + np.searchsorted(up_to, int(int(up_to[-1]) * share), side="right"))

    def threshold(self) -> float:
        """From which darkness a pixel is a mark."""
        if self.counts[MIN_INK:].sum() < 8:
            return 255.0
        return max(MIN_INK, 0.38 * (self.reached(0.9, MIN_INK) or 0.0))

    def contrast(self, level: float) -> float:
        """How dark the marks are."""
        return max(60.0, self.reached(0.85, level) or 0.0)


def cut(ink: Image, boxes: Sequence[Box], floor: float = MIN_INK) -> list[Cell]:
    """The cells of one comb (boxes in a row, left to right) from the ink of the whole frame.

    `floor`: a darkness under which nothing on this page is a mark."""
    heights = [box[3] for box in boxes]
    reach = 0.14 * max(heights)
    left = int(max(0, boxes[0][0] - boxes[0][2] * 0.6))
    right = int(min(ink.shape[1], boxes[-1][0] + boxes[-1][2] * 1.6 + 1))
    top = int(max(0, min(box[1] for box in boxes) - reach))
    bottom = int(min(ink.shape[0], max(box[1] + box[3] for box in boxes) + reach + 1))
    strip = ink[top:bottom, left:right]
    if strip.size == 0:
        return [EMPTY] * len(boxes)
    darkness = Darkness.of(strip)
    level = max(darkness.threshold(), 0.6 * floor)
    marks = (strip >= level).astype(np.uint8)
    if not marks.any():
        return [EMPTY] * len(boxes)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(marks, connectivity=8)
    owner = _owners(boxes, left, top, labels, stats, centres, count)
    contrast = darkness.contrast(level)
    out = []
    for index, box in enumerate(boxes):
        x0, x1 = box[0] - left, box[0] + box[2] - left
        mine = np.flatnonzero(owner == index)
        shared = np.flatnonzero(owner == -2)
        out.append(_cell(strip, labels, stats, mine, shared, (x0, x1), box, top, contrast))
    return out


def _owners(
    boxes: Sequence[Box],
    left: int,
    top: int,
    labels: NDArray[np.int32],
    stats: NDArray[np.int32],
    centres: NDArray[np.float64],
    count: int,
) -> NDArray[np.int64]:
    """For each mark: the index of its cell, -1 for none (dust, other rows), -2 for shared by cells."""
    owner = np.full(count, -1, np.int64)
    starts = np.array([box[0] - left for box in boxes])
    width = float(np.median([box[2] for box in boxes]))
    y0 = min(box[1] for box in boxes) - top
    y1 = max(box[1] + box[3] for box in boxes) - top
    for mark in range(1, count):
        w, area = stats[mark, cv2.CC_STAT_WIDTH], stats[mark, cv2.CC_STAT_AREA]
        if area < SPECK_MM2 * PX_PER_MM**2:
            continue
        middle = centres[mark][1]
        if not y0 <= middle <= y1:
            continue
        # a long thin horizontal stroke over several cells is a rule or a deletion, not a digit
        if w > 1.45 * width:
            owner[mark] = -2
            continue
        cell = int(np.searchsorted(starts, centres[mark][0], side="right")) - 1
        if cell < 0 or (cell == len(boxes) - 1 and centres[mark][0] > starts[-1] + boxes[-1][2]):
            continue
        owner[mark] = cell
    return owner


def _cell(
    strip: Image,
    labels: NDArray[np.int32],
    stats: NDArray[np.int32],
    mine: NDArray[np.int64],
    shared: NDArray[np.int64],
    span: tuple[float, float],
    box: Box,
    top: int,
    contrast: float,
) -> Cell:
    if mine.size == 0 and shared.size == 0:
        return EMPTY
    x_lo = int(max(0, span[0] - 0.5 * box[2]))
    x_hi = int(min(strip.shape[1], span[1] + 0.5 * box[2] + 1))
    window = labels[:, x_lo:x_hi]
    own = np.zeros(stats.shape[0], np.uint8)
    own[mine] = 1
    keep = own[window]
    overlapped = False
    if shared.size:
        own[:] = 0
        own[shared] = 1
        inner = own[window]
        inner[:, : max(0, int(span[0]) - x_lo)] = 0
        inner[:, int(span[1]) - x_lo :] = 0
        keep |= inner
        overlapped = bool(inner.any())
    rows = np.flatnonzero(keep.any(axis=1))
    if rows.size == 0:
        return EMPTY
    columns = np.flatnonzero(keep.any(axis=0))
    y0, y1, x0, x1 = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    wide = x1 - x0 > 1.15 * (y1 - y0) and y1 - y0 > 1.5 * PX_PER_MM
    doubtful = overlapped or _crowded(stats, mine)
    gain = 255.0 / contrast
    around = cv2.dilate(keep, np.ones((3, 3), np.uint8))
    alone = np.where(around > 0, strip[:, x_lo:x_hi], 0)
    centre = ((x0 + x1) / 2, (y0 + y1) / 2)
    side = max((y1 - y0), (x1 - x0), 1.9 * PX_PER_MM) * 1.22
    picture = np.empty((2, SIDE, SIDE), np.uint8)
    picture[0] = patch_of(alone, centre, side, gain)
    middle = (min(max(span[0], x_lo), x_hi) + box[2] / 2, centre[1])
    picture[1] = patch_of(strip, middle, 1.55 * box[2], gain)
    return Cell(
        picture,
        float(keep.sum()) / PX_PER_MM**2,
        contrast,
        doubtful,
        wide,
        float(y1 - y0),
        float(top + y1),
    )


def evenness(combs: Sequence[Sequence[Cell]]) -> float | None:
    """How unlike in height and foot the characters of each comb are, in mm: about 0.1 in print, 0.3 and
    more by hand. None where there are too few to tell."""
    spreads = []
    for cells in combs:
        marked = [cell for cell in cells if cell.picture is not None and cell.height > 1.2 * PX_PER_MM]
        if len(marked) >= 4:
            heights = np.array([cell.height for cell in marked])
            feet = np.array([cell.foot for cell in marked])
            off = np.abs(heights - np.median(heights)) + np.abs(feet - np.median(feet))
            spreads += list(off)
    return (
        float(np.mean(np.sort(spreads)[: max(1, int(0.9 * len(spreads)))])) / PX_PER_MM
        if len(spreads) >= 8
        else None
    )


def _crowded(stats: NDArray[np.int32], mine: NDArray[np.int64]) -> bool:
    if mine.size < 2:
        return False
    tallest = int(stats[mine, cv2.CC_STAT_HEIGHT].max())
    tall = [mark for mark in mine if stats[mark, cv2.CC_STAT_HEIGHT] > 0.6 * tallest]
    tall.sort(key=lambda mark: int(stats[mark, cv2.CC_STAT_LEFT]))
    return any(
        stats[b, cv2.CC_STAT_LEFT] >= stats[a, cv2.CC_STAT_LEFT] + stats[a, cv2.CC_STAT_WIDTH]
        for a, b in pairwise(tall)
    )


def patch_of(image: Image, centre: tuple[float, float], side: float, gain: float) -> Image:
    """A square of `side` px around `centre`, as SIDE x SIDE, contrast stretched by `gain`."""
    scale = SIDE / side
    matrix = np.array(
        [
            [scale, 0, SIDE / 2 - centre[0] * scale - 0.5 + scale / 2],
            [0, scale, SIDE / 2 - centre[1] * scale - 0.5 + scale / 2],
        ]
    )
    if scale < 0.75:  # average before sampling, or thin strokes break
        image = cv2.blur(image, (2, 2)) if scale > 0.45 else cv2.blur(image, (3, 3))
    patch = cv2.warpAffine(image, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR)
    return cv2.convertScaleAbs(patch, alpha=gain)  # type: ignore[return-value]
