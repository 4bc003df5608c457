"""Ticks and signatures: not what they look like, but how much ink is where only ink can be."""

import cv2
import numpy as np

from ocr.cells import PX_PER_MM
from ocr.frame import Frame
from ocr.pages import Image

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


BEYOND_MM = 5.4
"""A tick that overshoots its box by more than that is a stamp, a crease or a line drawn across."""

PALEST = 0.7
"""Of the darkness from which a pixel of the page's writing is a mark: a paler tick is a crease, or the back
that shows through."""

ALIEN_MM2 = 3.0
"""Ink beside a box, not its tick's, from which on what is in the box may be of the same origin."""


def foreign(frame: Frame, box_mm: tuple[float, float, float, float]) -> bool:
    """Whether ink in the box of a tick comes from something that only passes there."""
    if area(frame, box_mm, INSET_MM) < TICK_MM2[0]:
        return False
    x, y, w, h = box_mm
    reach = BEYOND_MM + 0.4
    x0, y0 = max(0.0, x - reach), max(0.0, y - reach)
    crop = cv2.blur(frame.crop((x0, y0, x + w + reach - x0, y + h + reach - y0)), (3, 3))
    binary = (crop >= min(max(FAINT, 3 * frame.noise), 60.0)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(binary, connectivity=8)
    left, top = round((x - x0) * PX_PER_MM), round((y - y0) * PX_PER_MM)
    box = slice(top, top + round(h * PX_PER_MM)), slice(left, left + round(w * PX_PER_MM))
    if float(np.max(crop[box], initial=0)) < PALEST * frame.level:
        return True
    inside = labels[box]
    own = np.zeros(count, bool)
    own[np.unique(inside)] = True
    own[0] = False
    beyond = BEYOND_MM * PX_PER_MM
    ends = stats[own, :4].astype(float)
    right, bottom = left + w * PX_PER_MM, top + h * PX_PER_MM
    far = (ends[:, 0] < left - beyond) | (ends[:, 0] + ends[:, 2] > right + beyond)
    far |= (ends[:, 1] < top - beyond) | (ends[:, 1] + ends[:, 3] > bottom + beyond)
    if far.any():
        return True
    others = stats[~own, cv2.CC_STAT_AREA][1:]
    return float(others[others >= 12].sum()) / PX_PER_MM**2 > ALIEN_MM2


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
