"""Ticks and signatures: not what they look like, but how much ink is where only ink can be."""

import cv2
import numpy as np

from ocr.cells import PX_PER_MM
from ocr.files import Image
from ocr.frame import Frame

INSET_MM = 0.45
"""The edge of a box belongs to the print and to neighbours that overshoot."""

TICK_MM2 = (0.22, 0.85)
"""Less ink than the first is no tick, more than the second is one; between, a person looks."""

SIGNATURE_MM2 = (0.8, 5.0)
BLANK_MM2 = 0.35
"""A zone for text with less ink than this is blank; twice as much is not."""


FAINT = 20
"""The darkness of the palest mark that counts, averaged over a few pixels: a worn stamp, a hard pencil."""


def area(frame: Frame, box_mm: tuple[float, float, float, float], inset_mm: float = 0.0) -> float:
    """mm2 of marks in a box, dust left out; a mark stands three times above the paper's grain."""
    crop = frame.crop(box_mm, -inset_mm)
    if crop.size == 0:
        return 0.0
    return area_of(cv2.blur(crop, (3, 3)), min(max(FAINT, 3 * frame.noise), 60.0))  # type: ignore[arg-type]


def area_of(crop: Image, level: float) -> float:
    marks = (crop >= level).astype(np.uint8)
    if not marks.any():
        return 0.0
    count, _, stats, _ = cv2.connectedComponentsWithStats(marks, connectivity=8)
    sizes = stats[1:count, cv2.CC_STAT_AREA]
    return float(sizes[sizes >= 4].sum()) / PX_PER_MM**2


def presence(amount: float, bounds: tuple[float, float]) -> tuple[bool, float]:
    """Whether there is a mark, and the probability of that answer, from mm2 of ink.

    The odds are even in the middle of the bounds (on a logarithmic scale) and 400 to 1 at each."""
    low, high = np.log(bounds[0]), np.log(bounds[1])
    place = (np.log(max(amount, 0.01)) - (low + high) / 2) / ((high - low) / 2)
    yes = float(1 / (1 + np.exp(-6.0 * np.clip(place, -2.5, 2.5))))
    return (True, yes) if yes >= 0.5 else (False, 1 - yes)
