"""A page, or a piece of it, drawn for a screen: as a PNG, or where it is a photograph as a JPEG."""

import cv2
import numpy as np

from domain.errors import Refused
from ocr.pages import Image, Page
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
    image = _scaled(image, page, dpi)
    return image.shape[1], image.shape[0], _encoded(image, ".png", [cv2.IMWRITE_PNG_COMPRESSION, 4])


def screen(page: Page, *, rotation: int = 0, dpi: float = 150) -> tuple[int, int, str, bytes]:
    """-> (width, height, media type, picture) of the whole page, for a person to look at: a JPEG, which
    takes a fiftieth of the time of a PNG, but for a scan in black and white."""
    image = _scaled(turned(page.image, rotation), page, dpi)
    sample = page.image[::37, ::37]
    if image.ndim == 2 and bool(((sample < 3) | (sample > 252)).all()):
        png = _encoded(image, ".png", [cv2.IMWRITE_PNG_COMPRESSION, 1])
        return image.shape[1], image.shape[0], "image/png", png
    jpeg = _encoded(image, ".jpg", [cv2.IMWRITE_JPEG_QUALITY, 85])
    return image.shape[1], image.shape[0], "image/jpeg", jpeg


def _scaled(image: Image, page: Page, dpi: float) -> Image:
    scale = min(max(dpi, MIN_DPI), MAX_DPI) / page.dpi
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    if size == (image.shape[1], image.shape[0]):
        return image
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(image, size, interpolation=way)  # type: ignore[return-value]


def _encoded(image: Image, kind: str, options: list[int]) -> bytes:
    done, data = cv2.imencode(kind, image, options)
    if not done:
        raise Refused("fichier_illisible")
    return data.tobytes()


def _cut(image: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    height, width = image.shape[:2]
    x, y, w, h = box
    left, top = int(max(0.0, x - MARGIN) * width), int(max(0.0, y - MARGIN) * height)
    right = int(np.ceil(min(1.0, x + w + MARGIN) * width))
    bottom = int(np.ceil(min(1.0, y + h + MARGIN) * height))
    right, bottom = max(right, left + 1), max(bottom, top + 1)
    return np.ascontiguousarray(image[top:bottom, left:right])
