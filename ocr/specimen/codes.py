"""Pages that are no document: separators with their bar code, blank pages."""

import random

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp
from PIL import Image, ImageDraw

from ocr.forms.fonts import font

Pixels = npt.NDArray[np.uint8]
SEPARATOR = "LIASSE-SEPARATEUR"


def separator_page(kind: str, dpi: int = 300) -> Pixels:
    """An A4 page, grey, that parts two dossiers of a lot. `kind`: `QRCode` or `Code128`."""
    scale = dpi / 25.4
    page = Image.new("L", (round(210 * scale), round(297 * scale)), 255)
    code = zxingcpp.create_barcode(SEPARATOR, getattr(zxingcpp.BarcodeFormat, kind))
    bars = np.array(code.to_image(scale=1, add_quiet_zones=True), np.uint8)
    wide, high = (70, 70) if kind == "QRCode" else (130, 32)
    size = (round(wide * scale), round(high * scale))
    picture = Image.fromarray(cv2.resize(bars, size, interpolation=cv2.INTER_NEAREST))
    page.paste(picture, ((page.width - picture.width) // 2, round(95 * scale)))
    pen = ImageDraw.Draw(page)
    for text, size_mm, y in (
        ("FEUILLE DE SÉPARATION", 9, 60),
        ("Ne pas retirer : elle sépare deux dossiers", 5, 200),
    ):
        face = font("LiberationSans-Bold.ttf", round(size_mm * scale, 1))
        pen.text(((page.width - face.getlength(text)) / 2, y * scale), text, 30, font=face)
    return np.asarray(page, np.uint8)


def blank_page(dpi: int, rng: random.Random, *, dirty: bool = False) -> Pixels:
    """The back of a sheet: paper, grain, and where `dirty` a few specks, a fold, a shadow at the edge."""
    scale = dpi / 25.4
    height, width = round(297 * scale), round(210 * scale)
    noise = np.random.default_rng(rng.getrandbits(32))
    page = noise.normal(248, 2.2, (height, width)).astype(np.float32)
    if dirty:
        for _ in range(14):
            x, y = int(noise.integers(0, width)), int(noise.integers(0, height))
            cv2.circle(page, (x, y), int(noise.integers(1, 4)), 120.0, -1)
        y = int(height * 0.5)
        page[y : y + 2] -= 14
        page[:, -int(1.5 * scale) :] -= 35
    return np.clip(page, 0, 255).astype(np.uint8)
