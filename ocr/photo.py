"""A sheet photographed on a desk: where its four corners are, and the picture laid flat.

A scanner lays a sheet nearly straight; a phone does not. Where no form is found on the picture as it
is, large quadrangles are taken for the sheet one after the other, and the form is looked for on each.
"""

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.coarse import Matrix
from ocr.files import Image
from ocr.register import Registration

LOOK = (827, 1169)
"""A4 at 100 dpi."""

SMALL = 500
LEAST_SHARE, MOST_SHARE = 0.2, 0.985
MOST_TRIED = 5
SAME = 8.0
"""Corners of two quadrangles that lie closer, in px of a picture SMALL px long, are the same."""

SIDES = (1.414 / 1.5, 1.414 * 1.5)


def laid_flat(whole: Image) -> Iterator[tuple[Image, Matrix]]:
    """(h, w) grey of any size -> each way in which a sheet may lie on it, the likeliest first: as A4 at 100
    dpi, upright or on its side as it lay, and the 3x3 matrix from its px to those of the picture."""
    scale = SMALL / max(whole.shape)
    small = np.asarray(cv2.resize(whole, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    seen: list[NDArray[np.float64]] = []
    for corners in _quadrangles(small):
        if any(np.abs(corners - other).max() < SAME for other in seen):
            continue
        seen.append(corners)
        if len(seen) > MOST_TRIED:
            return
        flat = _flattened(whole, corners / scale)
        if flat is not None:
            yield flat


def _flattened(whole: Image, corners: NDArray[np.float64]) -> tuple[Image, Matrix] | None:
    wide = np.linalg.norm(corners[1] - corners[0]) + np.linalg.norm(corners[2] - corners[3])
    high = np.linalg.norm(corners[3] - corners[0]) + np.linalg.norm(corners[2] - corners[1])
    ratio = high / max(wide, 1e-6)
    width, height = LOOK if ratio >= 1 else LOOK[::-1]
    if not SIDES[0] < max(ratio, 1 / max(ratio, 1e-6)) < SIDES[1]:
        return None
    ends = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(ends, corners.astype(np.float32)).astype(np.float64)
    shrink = min(1.0, 1.6 * max(width, height) / (max(wide, high) / 2))
    source = whole
    if shrink < 0.8:
        source = cv2.resize(whole, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    shown = np.diag([source.shape[1] / whole.shape[1], source.shape[0] / whole.shape[0], 1.0]) @ matrix
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    flat = cv2.warpPerspective(
        source,
        np.linalg.inv(half) @ shown @ half,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(flat, np.uint8), matrix


def _quadrangles(small: Image) -> Iterator[NDArray[np.float64]]:
    """(4, 2) px, clockwise from the top left, of large quadrangles: what is brighter than the rest, at
    several shades, for a shadow may lie across; then what edges enclose, for a desk may be as light."""
    smooth = cv2.medianBlur(small, 7)
    level, _ = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    for shade in (level, 0.85 * level, 1.12 * level, 0.7 * level, 1.25 * level, 0.55 * level):
        bright = (smooth > shade).astype(np.uint8)
        bright = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
        yield from _quadrangle(cv2.morphologyEx(bright, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8)))
    for low in (12, 25, 50):
        edges = cv2.dilate(
            cv2.Canny(cv2.GaussianBlur(small, (0, 0), 1.5), low, 3 * low), np.ones((3, 3), np.uint8)
        )
        yield from _quadrangle(edges)


def _quadrangle(mask: Image) -> Iterator[NDArray[np.float64]]:
    """Of the largest thing in a mask, if it has four corners."""
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return
    hull = max((cv2.convexHull(outline) for outline in outlines), key=cv2.contourArea)
    if not LEAST_SHARE < cv2.contourArea(hull) / mask.size < MOST_SHARE:
        return
    for slack in (0.01, 0.02, 0.03, 0.045, 0.06):
        found = cv2.approxPolyDP(hull, slack * cv2.arcLength(hull, True), True).reshape(-1, 2)
        if len(found) == 4:
            if cv2.contourArea(found) > 0.9 * cv2.contourArea(hull):
                yield _in_order(found.astype(np.float64))
            return


def _in_order(points: NDArray[np.float64]) -> NDArray[np.float64]:
    middle = points.mean(axis=0)
    around = points[np.argsort(np.arctan2(points[:, 1] - middle[1], points[:, 0] - middle[0]))]
    first = int(np.argmin(around.sum(axis=1)))
    return np.roll(around, -first, axis=0)


def on_the_picture(found: Registration, flat: Image, matrix: Matrix, whole: Image) -> Registration:
    """A registration on the flat sheet, made one on the picture that it was cut from."""
    turn = found.rotation
    upright = flat.shape[:2] if turn % 180 == 0 else flat.shape[1::-1]
    shown = whole.shape[:2] if turn % 180 == 0 else whole.shape[1::-1]
    to_px = np.diag([upright[1], upright[0], 1.0]) @ found.matrix
    onto = _turned(turn, whole.shape) @ matrix @ np.linalg.inv(_turned(turn, flat.shape)) @ to_px
    final = np.diag([1 / shown[1], 1 / shown[0], 1.0]) @ onto
    return replace(found, matrix=final / final[2, 2])


def _turned(clockwise: int, shape: tuple[int, ...]) -> Matrix:
    """px of a picture of that shape -> px of the same turned clockwise."""
    height, width = shape[:2]
    return {
        0: np.eye(3),
        90: np.array([[0, -1, height], [1, 0, 0], [0, 0, 1]], float),
        180: np.array([[-1, 0, width], [0, -1, height], [0, 0, 1]], float),
        270: np.array([[0, 1, 0], [-1, 0, width], [0, 0, 1]], float),
    }[clockwise]
