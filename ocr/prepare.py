"""What is asked of a page before it is read: is it blank, is it fit, which bar codes does it bear.

All on a reduced grey copy at about 100 dpi, in a few milliseconds.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import zxingcpp

from ocr.pages import Image

LOOK_DPI = 100.0

_CODES = (
    zxingcpp.BarcodeFormat.Code128,
    zxingcpp.BarcodeFormat.Code39,
    zxingcpp.BarcodeFormat.QRCode,
    zxingcpp.BarcodeFormat.DataMatrix,
    zxingcpp.BarcodeFormat.PDF417,
)


@dataclass(frozen=True, slots=True)
class Barcode:
    format: str
    text: str


def grey(image: Image) -> Image:
    """(h, w) or (h, w, 3) BGR -> (h, w)."""
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)  # type: ignore[return-value]


def is_coloured(image: Image) -> bool:
    """Whether colour carries something: a scan in 'colour' of grey paper does not."""
    if image.ndim == 2:
        return False
    blue, green, red = cv2.split(cv2.blur(np.ascontiguousarray(image[::6, ::6]), (3, 3)))
    spread = cv2.subtract(cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red))
    return bool(np.count_nonzero(spread > 24) > 0.005 * spread.size)


def turned(image: Image, clockwise: int) -> Image:
    """The image turned by a multiple of 90 degrees clockwise."""
    turn = clockwise // 90 % 4
    return image if turn == 0 else np.ascontiguousarray(np.rot90(image, -turn))


def reduced(grey_image: Image, dpi: float, to: float = LOOK_DPI) -> Image:
    """A copy at `to` dpi; area-averaged when smaller, so thin strokes grow pale but stay."""
    scale = to / dpi
    if abs(scale - 1) < 0.01:
        return grey_image
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    size = (max(1, round(grey_image.shape[1] * scale)), max(1, round(grey_image.shape[0] * scale)))
    return cv2.resize(grey_image, size, interpolation=how)  # type: ignore[return-value]


def ink_share(look: Image) -> float:
    """The share of a page (grey, 100 dpi) that differs from its local paper; specks do not count."""
    if min(look.shape) < 16:
        return 0.0
    margin = max(2, int(0.015 * min(look.shape)))  # the dark rim of a scanner's lid
    inner = look[margin:-margin, margin:-margin]
    light = levels(np.ascontiguousarray(inner[::4, ::4]), (0.9,))[0]
    dark = float(np.mean(inner[::2, ::2] < light - 60))
    if dark > 0.01:
        return dark
    paper = cv2.medianBlur(inner, 31)
    marks = (cv2.subtract(paper, inner) > 30).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    areas = stats[1:count, cv2.CC_STAT_AREA]
    return float(areas[areas >= 4].sum()) / inner.size


def levels(image: Image, shares: tuple[float, ...], above: int = -1) -> tuple[float, ...]:
    """Grey levels under which these shares of the pixels lie, of those `above` a level: percentiles, by
    histogram."""
    counts = cv2.calcHist([image], [0], None, [256], [0, 256]).ravel()
    counts[: above + 1] = 0
    counts = np.cumsum(counts)
    return tuple(float(np.searchsorted(counts, share * counts[-1])) for share in shares)


BLANK_SHARE = 0.00025
"""About a word of 10 letters on an A4 page."""


def quality(look: Image) -> dict[str, Any]:
    """The verdict on a page (grey, 100 dpi): `verdict` is bonne, sombre, floue or pale."""
    if min(look.shape) < 16:
        return {"verdict": "floue", "papier": 0, "encre": 0, "nettete": 0.0}
    paper, ink = levels(look, (0.9, 0.001))
    edges = cv2.convertScaleAbs(cv2.Laplacian(look, cv2.CV_16S), alpha=0.25)
    contrast = max(paper - ink, 1.0)
    sharpness = 4.0 * levels(edges, (0.999,))[0] / contrast
    verdict = "bonne"
    if paper < 110:
        verdict = "sombre"
    elif contrast < 40:
        verdict = "pale"
    elif sharpness < 0.35:
        verdict = "floue"
    return {
        "verdict": verdict,
        "papier": round(paper),
        "encre": round(ink),
        "nettete": round(sharpness, 3),
    }


def barcodes(grey_image: Image, dpi: float) -> list[Barcode]:
    """Code 128, Code 39, QR, DataMatrix and PDF417 on a page."""
    looked = reduced(grey_image, dpi, 150.0) if dpi > 160 else grey_image
    found = zxingcpp.read_barcodes(looked, formats=list(_CODES), try_invert=False)
    if not found and dpi > 160:
        found = zxingcpp.read_barcodes(grey_image, formats=list(_CODES), try_invert=False)
    seen = {(each.format.name, each.text): None for each in found if each.text}
    return [Barcode(name, text) for name, text in seen]
