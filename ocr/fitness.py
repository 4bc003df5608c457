"""What a page is fit for once its form was found: cut off, drowned in black, not alone in the scan, or dropped
out so that nothing printed is left."""

import cv2
import numpy as np

from ocr.pages import Image
from ocr.prepare import grey, turned
from ocr.register import Registration

CUT, DROWNED, TOGETHER, DROPPED = "coupee", "noyee", "plusieurs_feuilles", "sans_imprime"

DOUBTED = (TOGETHER, DROPPED)
"""Verdicts under which nothing that was read is taken without a person: whose sheet is it, which form?"""

_BLACK = 90  # as ocr.frame.DARKEST: a ground on which a pen does not show
_ASIDE = 0.25  # of the picture must lie beside the form before anything else can lie there
_INK = (0.002, 0.4)  # of what lies there: fewer marks are dust, more are no paper

COARSE_DPI, TWO_TONES_DPI, BLURRED = 150.0, 250.0, 0.65
"""Under these a stroke is a pixel or two: dots an inch, the same of black and white alone, and the sharpness
that `quality` tells."""


def is_poor(image: Image, dpi: float, sharpness: float) -> bool:
    """Whether a page (as stored; `dpi` of the form on it) is seen poorly: coarse, blurred, a fax."""
    if dpi < COARSE_DPI or sharpness < BLURRED:
        return True
    some = grey(image[::5])
    tones = np.count_nonzero((some == 0) | (some == 255))
    return dpi < TWO_TONES_DPI and tones > 0.9 * some.size


def fitness(look: Image, found: Registration) -> str | None:
    """The verdict on a page (grey, 100 dpi, as stored) on which that form was found; None: it is fit."""
    if not all(map(found.inside, found.template.form.fields)):
        return CUT
    upright = turned(look, found.rotation)
    if _accompanied(upright, found):
        return TOGETHER
    return DROWNED if _drowned(upright, found) else None


def _drowned(upright: Image, found: Registration) -> bool:
    """Whether half of the places to be filled, or more, are black."""
    height, width = upright.shape
    black = total = 0
    for name, field in found.template.form.fields.items():
        if field.kind in ("check", "signature", "text_block"):
            continue
        x, y, w, h = found.box(name)
        part = upright[
            int((y + h / 4) * height) : max(1, int((y + 3 * h / 4) * height)),
            int((x + w / 8) * width) : max(1, int((x + 7 * w / 8) * width)),
        ]
        if part.size:
            total += 1
            black += 2 * np.count_nonzero(part < _BLACK) > part.size
    return total > 0 and black >= 0.5 * total


def _accompanied(upright: Image, found: Registration) -> bool:
    """Whether paper with something on it lies beside the form: a second sheet, a prescription."""
    height, width = upright.shape
    w, h = found.template.form.page_mm
    corners = found.points(np.array([(-3, -3), (w + 3, -3), (w + 3, h + 3), (-3, h + 3)], float))
    outline = np.rint(corners * (width, height)).astype(np.int32)
    mask = cv2.fillConvexPoly(np.zeros((height, width), np.uint8), outline, 1)
    if mask.size - cv2.countNonZero(mask) < _ASIDE * mask.size:
        return False
    aside = upright[mask == 0]
    paper = float(np.percentile(upright[::4, ::4][mask[::4, ::4] > 0], 85))
    marks = float((aside < 0.7 * paper).mean())
    return float(np.percentile(aside, 70)) > 0.92 * paper and _INK[0] < marks < _INK[1]
