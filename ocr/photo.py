"""A sheet photographed on a desk: where its four corners are, and the picture laid flat.

A scanner lays a sheet nearly straight; a phone does not. Where no form is found on the picture as it
is, large quadrangles are taken for the sheet one after the other (ocr.outline), and the form is looked for
on each.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import cv2
import numpy as np

from ocr.coarse import Matrix
from ocr.outline import SMALL, Corners, outlines, sides
from ocr.pages import Image
from ocr.register import Registration

LOOK = (827, 1169)
"""A4 at 100 dpi."""

MOST_TRIED = 5


def laid_flat(whole: Image) -> Iterator[tuple[Image, Matrix]]:
    """(h, w) grey of any size -> each way in which a sheet may lie on it, the likeliest first: as A4 at 100
    dpi, upright or on its side as it lay, and the 3x3 matrix from its px to those of the picture."""
    scale = SMALL / max(whole.shape)
    small = np.asarray(cv2.resize(whole, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    for corners in islice(outlines(small), MOST_TRIED):
        yield _flattened(whole, corners / scale)


def _flattened(whole: Image, corners: Corners) -> tuple[Image, Matrix]:
    wide, high = sides(corners)
    width, height = LOOK if high >= wide else LOOK[::-1]
    ends = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(ends, corners.astype(np.float32)).astype(np.float64)
    shrink = min(1.0, 1.6 * max(width, height) / max(wide, high))
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
