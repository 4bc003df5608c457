"""The scan of a blank form as it is measured: upright, level, its paper white, at one resolution."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.coarse import skew
from ocr.files import open_file
from ocr.pages import MAX_PAGES, MAX_PIXELS, Image
from ocr.prepare import grey, reduced, turned
from ocr.template import COARSE_DPI
from ocr.tesseract import upright_turn

DPI = 300.0
PX = DPI / 25.4
"""Pixels of a Blank per millimetre."""

FINEST = 0.01
"""Degrees: 0.03 mm over the height of an A4 page."""


@dataclass(frozen=True, slots=True, eq=False)
class Blank:
    """`picture`: (h, w, 3) BGR at DPI, paper 255; `page_mm`: width and height of the page."""

    picture: Image
    page_mm: tuple[float, float]


class NoSuchPage(IndexError):
    """The file has fewer pages than that."""


def lay(path: Path, page: int = 0) -> Blank:
    """The page of a PDF, TIFF, JPEG or PNG, in any of four orientations, a few degrees askew.

    Raises domain.errors.Refused where it cannot be read, NoSuchPage, OSError."""
    with open_file(path.read_bytes(), max_pages=MAX_PAGES, max_pixels=MAX_PIXELS) as source:
        if not 0 <= page < len(source):
            raise NoSuchPage(len(source))
        found = source.page(page)
    image, dpi = found.image, found.dpi
    look = reduced(grey(image), dpi, 200.0)
    image = turned(image, found.turn or upright_turn(look))
    if image.ndim == 2:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)  # type: ignore[assignment]
    height, width = image.shape[:2]
    page_mm = (width / dpi * 25.4, height / dpi * 25.4)
    size = (round(page_mm[0] * PX), round(page_mm[1] * PX))
    how = cv2.INTER_AREA if dpi > DPI else cv2.INTER_CUBIC
    picture = cv2.resize(image, size, interpolation=how)
    return Blank(_white(_level(picture)), page_mm)  # type: ignore[arg-type]


def _level(picture: Image) -> Image:
    """Turned by its skew, and by what is left of it."""
    shown = grey(picture)
    angle = skew(reduced(shown, DPI, COARSE_DPI))
    fine = 255.0 - reduced(shown, DPI, 150.0).astype(np.float32)
    step = 0.08
    while step >= FINEST:
        angle = max((angle - step, angle, angle + step), key=lambda tried: _sharpness(fine, tried))
        step /= 2
    if abs(angle) < FINEST:
        return picture
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    paper = [float(np.percentile(picture[::8, ::8, channel], 90)) for channel in range(3)]
    return cv2.warpAffine(  # type: ignore[return-value]
        picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper
    )


def _sharpness(dark: NDArray[np.float32], angle: float) -> float:
    height, width = dark.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    level = cv2.warpAffine(dark, matrix, (width, height), flags=cv2.INTER_LINEAR)
    rows = np.diff(cv2.reduce(level, 1, cv2.REDUCE_AVG).ravel())
    return float(np.dot(rows, rows))


def _white(picture: Image) -> Image:
    """The paper made white, channel by channel; what differs from it by less than a few levels is paper."""
    paper = np.array([np.percentile(picture[::4, ::4, channel], 70) for channel in range(3)])
    scaled = picture.astype(np.float32) * (255.0 / np.maximum(paper, 1.0))
    return np.where(scaled.min(axis=2, keepdims=True) > 247, 255, scaled.clip(0, 255)).astype(np.uint8)
