"""A block of ink, a stamp's, laid flat and parted into its lines.

Rows of a profile part the bodies of the lines, but an accent on a capital or the tail of a lonely g has too
little ink to show there: each mark goes to the line of the letter that it stands next to."""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.lines import level, strength
from ocr.pages import Image


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A line of a block. `ink`: its own marks alone; `top`: the row of the block that it begins at."""

    ink: Image
    top: int


def tilt(ink: Image) -> float:
    """Degrees by which the lines of a block fall to the right: where its rows part best."""
    small = cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    ys, xs = np.nonzero(small > 50)
    if ys.size < 40:
        return 0.0

    def sharpness(degrees: float) -> float:
        rows = np.round(ys - xs * np.tan(np.radians(degrees))).astype(np.int64)
        profile = np.bincount(rows - rows.min()).astype(float)
        return float((np.diff(profile) ** 2).sum())

    coarse = max(np.arange(-6.0, 6.1, 1.0), key=sharpness)
    return float(max(coarse + np.arange(-0.8, 0.81, 0.2), key=sharpness))


def laid_flat(ink: Image) -> Image:
    """A block turned so that its lines run level."""
    degrees = tilt(ink)
    if abs(degrees) < 0.3:
        return ink
    height, width = ink.shape
    pad = int(abs(np.sin(np.radians(degrees))) * width / 2) + 2
    padded = cv2.copyMakeBorder(ink, pad, pad, 0, 0, cv2.BORDER_CONSTANT, value=0)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2 + pad), degrees, 1.0)
    return cv2.warpAffine(padded, matrix, (width, height + 2 * pad), flags=cv2.INTER_LINEAR)  # type: ignore[return-value]


def _cores(ink: Image) -> list[tuple[int, int]]:
    """First row and end of the body of each line: where most of its ink lies."""
    top = strength(ink)
    if top is None:
        return []
    profile = np.convolve((ink > level(top)).sum(axis=1).astype(float), np.ones(3) / 3, "same")
    floor = max(1.0, 0.07 * float(np.percentile(profile[profile > 0], 85)))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (profile > floor).astype(np.int8), [0]])))
    runs = [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    tall = sorted(end - start for start, end in runs if end - start >= 7)
    if not tall:
        return []
    usual = float(tall[len(tall) // 2])
    parts = [part for run in runs for part in _parted(run, profile, usual)]
    return [part for part in parts if part[1] - part[0] >= 0.5 * usual]


def _parted(run: tuple[int, int], profile: NDArray[np.float64], usual: float) -> list[tuple[int, int]]:
    """Lines whose tails and accents touch, cut where the least is crossed."""
    start, end = run
    count = round((end - start) / (1.15 * usual))
    if count < 2:
        return [run]
    pitch = (end - start) / count
    cuts = [start]
    for place in range(1, count):
        middle, reach = start + place * pitch, 0.3 * pitch
        low = int(middle - reach)
        cuts.append(low + int(np.argmin(profile[low : int(middle + reach) + 1])))
    return list(pairwise([*cuts, end]))


SMALL = 0.35
"""Of a line's height: a mark lower than that is an accent, a dot or a splinter, not a letter."""

CLOSE, FAR = 0.2, 1.0
"""Of a line's height, how near a small mark's letter is: where the mark lies in the body of another line,
as the accent on a capital does among the tails above it; and where it lies between the lines."""


def rows_of(ink: Image) -> list[Row]:
    """The lines of a block that lies flat, from above."""
    cores = _cores(ink)
    top = strength(ink)
    if top is None or not cores:
        return []
    marks = (ink > level(top)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    owners = _owners(stats, cores)
    halves = [(above[1] + below[0]) // 2 for above, below in pairwise(cores)]
    bounds = [0, *halves, ink.shape[0]]
    rows: list[Row] = []
    line = owners.astype(np.int16)[labels]
    for number, core in enumerate(cores):
        mask = line == number
        start, end = bounds[number], bounds[number + 1]
        mask[start:end] |= line[start:end] == SHARED
        held = np.flatnonzero(mask.any(axis=1))
        if held.size == 0:
            continue
        first = max(0, min(int(held[0]), core[0]) - 1)
        last = min(ink.shape[0], max(int(held[-1]) + 1, core[1]) + 1)
        others = marks[first:last].astype(bool) & ~mask[first:last]
        piece = ink[first:last].copy()
        if others.any():
            grown = cv2.dilate(others.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
            piece[grown & ~mask[first:last]] = 0
        rows.append(Row(piece, first))
    return rows


SPECK = 4
"""Px: no accent is smaller."""

NOBODY, SHARED = -1, -2
"""Of a mark: that belongs to no line; that runs through several and is cut between them."""


def _owners(stats: NDArray[np.int32], cores: list[tuple[int, int]]) -> NDArray[np.int64]:
    """(marks,) the number of each mark's line, or one of the two above."""
    usual = float(np.median([end - start for start, end in cores]))
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
    starts, ends = np.array(cores).T
    overlap = np.minimum(bottom[:, None], ends) - np.maximum(top[:, None], starts)
    owners = overlap.argmax(axis=1)
    owners[((overlap > 0.5 * usual).sum(axis=1) > 1) & (bottom - top > 1.4 * usual)] = SHARED
    small = bottom - top < SMALL * usual
    letters = np.flatnonzero(~small & (owners != SHARED) & (np.arange(len(stats)) > 0))
    for mark in np.flatnonzero(small):
        across = np.maximum(left[letters] - right[mark], left[mark] - right[letters]).clip(0)
        down = np.maximum(top[letters] - bottom[mark], top[mark] - bottom[letters]).clip(0)
        away = np.hypot(across, down)
        within = overlap[mark].max() >= 0.5 * (bottom[mark] - top[mark])
        if away.size and away.min() <= (CLOSE if within else FAR) * usual:
            owners[mark] = owners[letters[away.argmin()]]
        elif not within:
            owners[mark] = NOBODY
    outside = overlap.max(axis=1) < 0.5 * (bottom - top)
    owners[outside & (stats[:, cv2.CC_STAT_AREA] <= SPECK)] = NOBODY
    owners[0] = NOBODY
    return owners
