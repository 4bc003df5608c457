"""The four corners of a sheet in a picture of it on a desk.

Three ways propose quadrangles: what is brighter than the rest, what edges enclose, and the long straight lines
of the picture taken two and two, for a shadow may lie across the sheet and the desk be as light as paper.
Each is then judged by the same question, to which light and shadow do not matter: all along its sides, is it
brighter inside than outside?
"""

from collections.abc import Iterator
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.pages import Image

Corners = NDArray[np.float64]
"""(4, 2) px, clockwise from the top left."""

SMALL = 500
"""The longer side, px, of the picture that is looked at."""

LEAST_SHARE, MOST_SHARE = 0.2, 0.985
SAME = 8.0
"""Corners of two quadrangles that lie closer, px, are the same."""

SIDES = (1.414 / 1.5, 1.414 * 1.5)
OPPOSITE = 1.6
"""Of two opposite sides of a sheet, how much longer a lens shows one."""

_LINES = 7  # of each direction, the longest
_ASIDE, _STEP = 5.0, 4.0  # px from a side where in and outside are compared; grey levels that tell them apart
_LEAST = 0.6  # of a side's support: the sheet's own outline has 1.1 to 1.5
_SAMPLES = (np.arange(40) + 0.5) / 40


def outlines(small: Image) -> Iterator[Corners]:
    """(h, w) grey, SMALL px long -> quadrangles in which a sheet may lie, the likeliest first."""
    calm = _without_print(small)
    proposed = [each for each in (*_bright(small), *_enclosed(small), *_crossings(calm)) if _sheetlike(each)]
    judged = [(_support(calm, each), each) for each in proposed]
    # of two that are as well borne out, the larger: what is printed on a sheet has edges too
    likely = sorted(
        ((support + _share(each, small), each) for support, each in judged if support > _LEAST),
        key=lambda told: -told[0],
    )
    seen: list[Corners] = []
    for _, each in likely:
        if all(np.abs(each - other).max() >= SAME for other in seen):
            seen.append(each)
            yield each


def sides(corners: Corners) -> tuple[float, float]:
    """How wide and how high a quadrangle is, px: the means of its opposite sides."""
    top, right, bottom, left = (float(side) for side in _lengths(corners))
    return (top + bottom) / 2, (left + right) / 2


def _lengths(corners: Corners) -> NDArray[np.float64]:
    return np.asarray(np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1))


def _share(corners: Corners, small: Image) -> float:
    return float(cv2.contourArea(corners.astype(np.float32))) / small.size


def _sheetlike(corners: Corners) -> bool:
    wide, high = sides(corners)
    top, right, bottom, left = _lengths(corners)
    if min(top, right, bottom, left) < 1:
        return False
    skewed = max(top / bottom, bottom / top, left / right, right / left)
    return SIDES[0] < max(high / wide, wide / high) < SIDES[1] and bool(skewed < OPPOSITE)


def _without_print(small: Image) -> Image:
    """The picture with what is thin and dark closed away: paper and desk remain."""
    closed = cv2.morphologyEx(cv2.medianBlur(small, 3), cv2.MORPH_CLOSE, np.ones((11, 11), np.uint8))
    return cv2.GaussianBlur(closed, (0, 0), 1.5)  # type: ignore[return-value]


def _support(calm: Image, corners: Corners) -> float:
    """-1 to 1.5: the share of the sides along which it is brighter inside, less half of where it is darker; the
    weakest side counts once more by half."""
    height, width = calm.shape
    ends = np.roll(corners, -1, axis=0)
    along = (ends - corners) / np.linalg.norm(ends - corners, axis=1, keepdims=True)
    inward = np.stack([-along[:, 1], along[:, 0]], axis=1)
    places = corners[:, None] + _SAMPLES[None, :, None] * (ends - corners)[:, None]
    shades, shown = [], np.ones(places.shape[:2], bool)
    for off in (_ASIDE, -_ASIDE):
        at = places + off * inward[:, None]
        shown &= ((at >= 0) & (at < (width, height))).all(axis=2)
        x, y = np.clip(at, 0, (width - 1, height - 1)).astype(int).transpose(2, 0, 1)
        shades.append(calm[y, x].astype(np.float64))
    step = np.where(shown, shades[0] - shades[1], 0.0)
    borne = (step > _STEP).mean(axis=1) - 0.5 * (step < -_STEP).mean(axis=1)
    return float(borne.mean() + 0.5 * borne.min())


def _bright(small: Image) -> Iterator[Corners]:
    """What is brighter than the rest, at several shades."""
    smooth = cv2.medianBlur(small, 7)
    level, _ = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    for shade in (level, 0.85 * level, 1.12 * level, 0.7 * level, 1.25 * level, 0.55 * level):
        bright = (smooth > shade).astype(np.uint8)
        bright = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
        yield from _largest(cv2.morphologyEx(bright, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)))


def _enclosed(small: Image) -> Iterator[Corners]:
    """What edges enclose."""
    for low in (12, 25, 50):
        edges = cv2.Canny(cv2.GaussianBlur(small, (0, 0), 1.5), low, 3 * low)
        yield from _largest(cv2.dilate(edges, np.ones((3, 3), np.uint8)))


def _largest(mask: Image) -> Iterator[Corners]:
    """The outline of the largest thing in a mask, if it has four corners."""
    found, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not found:
        return
    hull = max((cv2.convexHull(outline) for outline in found), key=cv2.contourArea)
    if not LEAST_SHARE < cv2.contourArea(hull) / mask.size < MOST_SHARE:
        return
    for slack in (0.01, 0.02, 0.03, 0.045, 0.06):
        corners = cv2.approxPolyDP(hull, slack * cv2.arcLength(hull, True), True).reshape(-1, 2)
        if len(corners) == 4:
            if cv2.contourArea(corners) > 0.9 * cv2.contourArea(hull):
                yield _in_order(corners.astype(np.float64))
            return


def _crossings(calm: Image) -> Iterator[Corners]:
    """The quadrangles between any two long lines that go down the picture and any two that go across it."""
    down, across = _long_lines(calm)
    height, width = calm.shape
    low, high = np.array([-15.0, -15.0]), np.array([width + 15.0, height + 15.0])
    for one, other in combinations(down, 2):
        for upper, lower in combinations(across, 2):
            met = np.array(
                [_met(a, b) for a, b in ((one, upper), (other, upper), (other, lower), (one, lower))]
            )
            if (met < low).any() or (met > high).any():
                continue
            corners = _in_order(met)
            if cv2.isContourConvex(corners.astype(np.float32)) and _share(corners, calm) > LEAST_SHARE:
                yield corners


def _long_lines(calm: Image) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """(distance, angle) of lines that go down and of lines that go across, those with most edges first."""
    down: list[tuple[float, float]] = []
    across: list[tuple[float, float]] = []
    found = cv2.HoughLines(cv2.Canny(calm, 6, 14), 1, np.pi / 360, 50)
    for rho, theta in [] if found is None else found.reshape(-1, found.shape[-1])[:1500, :2].tolist():
        if theta > np.pi * 3 / 4:
            rho, theta = -rho, theta - np.pi
        kept = down if abs(theta) < np.pi / 4 else across
        apart = all(abs(theta - angle) > 0.05 or abs(rho - far) > SAME for far, angle in kept)
        if len(kept) < _LINES and apart:
            kept.append((rho, theta))
    return down, across


def _met(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Where a line that goes down crosses one that goes across."""
    (far, angle), (off, turn) = one, other
    across = np.cos(angle) * np.sin(turn) - np.sin(angle) * np.cos(turn)
    if abs(across) < 0.2:
        return (-1e6, -1e6)
    return (
        float((far * np.sin(turn) - off * np.sin(angle)) / across),
        float((off * np.cos(angle) - far * np.cos(turn)) / across),
    )


def _in_order(points: Corners) -> Corners:
    middle = points.mean(axis=0)
    around = points[np.argsort(np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0]))]
    first = int(np.argmin(around.sum(axis=1)))
    return np.asarray(np.roll(around, -first, axis=0))
