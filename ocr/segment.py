"""Free writing cut into single characters, for the network: short codes, amounts set as a run, numbers."""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cells import PX_PER_MM, SIDE, SPECK_MM2, Cell, Darkness, patch_of
from ocr.pages import Image

NEIGHBOURHOOD = 7.0 * PX_PER_MM


@dataclass(frozen=True, slots=True, eq=False)
class Glyph:
    """One character: its picture, and where it lies in the crop (px). `parts`: what it is cut into if
    it should be two or three that touch."""

    cell: Cell
    box: tuple[int, int, int, int]
    parts: tuple[tuple["Glyph", ...], ...] = ()

    @property
    def aspect(self) -> float:
        x0, y0, x1, y1 = self.box
        return (x1 - x0) / max(1, y1 - y0)


def glyphs(ink: Image, floor: float = 0.0, split: bool = False) -> list[Glyph]:
    """Characters of one line of writing, left to right, from its ink.

    Touching ones stay one; with `split`, wide ones also tell what they may be made of."""
    if ink.size == 0:
        return []
    darkness = Darkness.of(ink)
    level = max(darkness.threshold(), 0.6 * floor)
    marks = (ink >= level).astype(np.uint8)
    if not marks.any():
        return []
    count, labels, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    kept = [
        mark
        for mark in range(1, count)
        if stats[mark, cv2.CC_STAT_AREA] >= SPECK_MM2 * 0.6 * PX_PER_MM**2
        and not _at_edge(stats[mark], ink.shape)
    ]
    kept.sort(key=lambda mark: int(stats[mark, cv2.CC_STAT_LEFT]))
    groups: list[list[int]] = []
    for mark in kept:
        if groups and _overlap(stats, groups[-1], mark) > 0.45:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    contrast = darkness.contrast(level)
    return [_glyph(ink, _held(labels, group, count), contrast, split) for group in groups]


def _held(labels: NDArray[np.int32], marks: list[int], count: int) -> NDArray[np.bool_]:
    """Where these marks lie."""
    own = np.zeros(count, bool)
    own[marks] = True
    return own[labels]


def _at_edge(stat: NDArray[np.int32], shape: tuple[int, ...]) -> bool:
    """Feet and heads of a neighbour's writing touch the border and hardly enter."""
    x, y, w, h, _ = (int(value) for value in stat)
    if y <= 0 or y + h >= shape[0]:
        return h < 0.22 * shape[0]
    if x <= 0 or x + w >= shape[1]:
        return w < 0.5 * PX_PER_MM
    return False


def _overlap(stats: NDArray[np.int32], group: list[int], mark: int) -> float:
    """How much of the narrower one lies over the other, 0 to 1."""
    left = min(int(stats[each, cv2.CC_STAT_LEFT]) for each in group)
    right = max(int(stats[each, cv2.CC_STAT_LEFT] + stats[each, cv2.CC_STAT_WIDTH]) for each in group)
    x, w = int(stats[mark, cv2.CC_STAT_LEFT]), int(stats[mark, cv2.CC_STAT_WIDTH])
    shared = min(right, x + w) - max(left, x)
    return max(0, shared) / max(1, min(right - left, w))


WIDE = 0.72
"""From which width to height a mark may be two characters that touch."""


def _glyph(ink: Image, mask: NDArray[np.bool_], contrast: float, split: bool) -> Glyph:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    x0, y0, x1, y1 = int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
    pad = 2
    wx0, wy0 = max(0, x0 - pad), max(0, y0 - pad)
    keep = mask[wy0 : y1 + pad, wx0 : x1 + pad].astype(np.uint8)
    around = cv2.dilate(keep, np.ones((3, 3), np.uint8))
    alone = np.where(around > 0, ink[wy0 : y1 + pad, wx0 : x1 + pad], 0)
    gain = 255.0 / contrast
    side = max(y1 - y0, x1 - x0, 1.9 * PX_PER_MM) * 1.22
    centre = ((x0 + x1) / 2, (y0 + y1) / 2)
    picture = np.empty((2, SIDE, SIDE), np.uint8)
    picture[0] = patch_of(alone, (centre[0] - wx0, centre[1] - wy0), side, gain)
    picture[1] = patch_of(ink, centre, NEIGHBOURHOOD, gain)
    cell = Cell(picture, float(keep.sum()) / PX_PER_MM**2, contrast)
    parts: list[tuple[Glyph, ...]] = []
    aspect = (x1 - x0) / max(1, y1 - y0)
    if split and aspect > WIDE:
        parts = [_pieces(ink, mask, contrast, (x0, x1), cuts) for cuts in _cuts(mask, x0, x1, aspect)]
    return Glyph(cell, (x0, y0, x1, y1), tuple(piece for piece in parts if len(piece) > 1))


def _cuts(mask: NDArray[np.bool_], x0: int, x1: int, aspect: float) -> list[tuple[int, ...]]:
    """Columns at which to cut: where least ink is crossed, near the half, or the thirds."""
    crossed = mask[:, x0:x1].sum(axis=0).astype(float)
    width = x1 - x0
    ways = [(1 / 2,)] if aspect < 1.35 else [(1 / 2,), (1 / 3, 2 / 3)]
    found = []
    for way in ways:
        cuts = []
        for share in way:
            low = int((share - 0.14) * width)
            high = max(low + 1, int((share + 0.14) * width))
            cuts.append(x0 + low + int(np.argmin(crossed[low:high])))
        found.append(tuple(cuts))
    return found


def _pieces(
    ink: Image, mask: NDArray[np.bool_], contrast: float, span: tuple[int, int], cuts: tuple[int, ...]
) -> tuple[Glyph, ...]:
    edges = (span[0], *cuts, span[1])
    out = []
    for left, right in pairwise(edges):
        piece = np.zeros_like(mask)
        piece[:, left:right] = mask[:, left:right]
        if piece.any():
            out.append(_glyph(ink, piece, contrast, False))
    return tuple(out)
