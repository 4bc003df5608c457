"""A page, or a piece of it, drawn as a PNG for a screen."""

import cv2
import numpy as np

from domain.errors import Refused
from ocr.files import Page
from ocr.prepare import turned

MIN_DPI, MAX_DPI = 10, 600
MARGIN = 0.004
"""Of the page, around a crop: a field's box alone shows too little."""


def render(
    page: Page,
    *,
    rotation: int = 0,
    box: tuple[float, float, float, float] | None = None,
    dpi: float = 150,
) -> tuple[int, int, bytes]:
    """-> (width, height, PNG) of the page turned clockwise by `rotation`, cut to `box` (fractions)."""
    image = turned(page.image, rotation)
    if box is not None:
        image = _cut(image, box)
    scale = min(max(dpi, MIN_DPI), MAX_DPI) / page.dpi
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    if size != (image.shape[1], image.shape[0]):
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    done, png = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 4])
    if not done:
        raise Refused("fichier_illisible")
    return image.shape[1], image.shape[0], png.tobytes()


def _cut(image: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    height, width = image.shape[:2]
    x, y, w, h = box
    left, top = int(max(0.0, x - MARGIN) * width), int(max(0.0, y - MARGIN) * height)
    right = int(np.ceil(min(1.0, x + w + MARGIN) * width))
    bottom = int(np.ceil(min(1.0, y + h + MARGIN) * height))
    right, bottom = max(right, left + 1), max(bottom, top + 1)
    return np.ascontiguousarray(image[top:bottom, left:right])
