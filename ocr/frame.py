"""A registered page laid straight: everything after this works in millimetres of the form."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.cells import Box
from ocr.pages import Image
from ocr.prepare import grey, is_coloured, levels
from ocr.register import Registration
from ocr.subtract import FRAME_DPI, Print, evened, ink, parted
from ocr.template import Template

PX = FRAME_DPI / 25.4
"""Pixels of the frame per millimetre of the form."""

DARKEST = 90
"""A ground darker than this hides a pen."""

PALE = 45
"""The print itself leaves less than this in grey, once its blank is taken away."""


AROUND_MM = 3.0
GONE = 0.7
"""Of the print that should be in a field and that far around it, what may be missing."""

_APART = 3  # px of the frame between those that are asked whether the print is there

PALED = 0.3
"""Of the print of the whole page: a scan in black and white that misses so much has lost its tint everywhere,
and what it misses in one place tells nothing of that place."""


@dataclass(frozen=True, eq=False)
class Frame:
    """`ink`: darkness of what was added to the form, 0-255, at 200 dpi in the form's own place.
    `level`: the darkness from which a pixel is a mark, on this page. `ground`: how light the paper and
    its print are, without what was added. `shown`: the page itself, laid straight."""

    ink: Image
    level: float
    ground: Image
    noise: float
    registration: Registration
    shown: Image | None = None

    @property
    def template(self) -> Template:
        return self.registration.template

    def px(self, box_mm: tuple[float, float, float, float]) -> Box:
        x, y, w, h = box_mm
        return (x * PX, y * PX, w * PX, h * PX)

    def drowned(self, box_mm: tuple[float, float, float, float]) -> bool:
        """Whether the print itself is so dark there (a scan in black and white, its threshold too high)
        that writing would not show."""
        x, y, w, h = (round(value * PX) for value in box_mm)
        patch = self.ground[y : y + h : 3, x : x + w : 3]
        return 2 * np.count_nonzero(patch < DARKEST) > patch.size

    def gone(self, box_mm: tuple[float, float, float, float]) -> bool:
        """Whether the print that should be in and around a box is not there: torn off, punched out, or
        washed out by a light. What was written there cannot be told from blank."""
        if self.shown is None or self._paled:
            return False
        x, y, w, h = box_mm
        around = (x - AROUND_MM, y - AROUND_MM, x + w + AROUND_MM, y + h + AROUND_MM)
        x0, y0, x1, y1 = (max(0, round(mm * PX / _APART)) for mm in around)
        missing = self._missing(slice(y0, y1), slice(x0, x1))
        return missing is not None and missing > GONE

    @cached_property
    def _paled(self) -> bool:
        missing = self._missing(slice(None, None, 3), slice(None, None, 3))
        return missing is not None and missing > PALED

    @cached_property
    def _samples(self) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
        """Every third pixel of what is expected, and of three times what is shown less that."""
        assert self.shown is not None
        across, down = (side // _APART for side in self.shown.shape[::-1])
        whole = self.shown[: down * _APART, : across * _APART]
        soft = cv2.blur(cv2.resize(whole, (across, down), interpolation=cv2.INTER_AREA), (3, 3))
        middles = self.ground[_APART // 2 :: _APART, _APART // 2 :: _APART][:down, :across]
        expected = middles.astype(np.int16)
        return expected, 3 * soft.astype(np.int16) - expected

    def _missing(self, rows: slice, columns: slice) -> float | None:
        """Of the tinted print expected in a part of the page, the share that is not there; None where there
        is too little to tell."""
        expected, beyond = (sample[rows, columns] for sample in self._samples)
        paper = int(expected.max(initial=0))
        tinted = expected < paper - max(10, round(2.5 * self.noise))
        count = np.count_nonzero(tinted)
        if not count or count < 0.15 * tinted.size:
            return None
        # shown lies beyond a third of the way from paper to print
        return np.count_nonzero(tinted & (beyond > 2 * paper)) / count

    def crop(self, box_mm: tuple[float, float, float, float], margin_mm: float = 0.0) -> Image:
        """The ink of a box, mm on the form, widened by a margin."""
        x, y, w, h = box_mm
        x0, y0 = max(0, round((x - margin_mm) * PX)), max(0, round((y - margin_mm) * PX))
        x1, y1 = round((x + w + margin_mm) * PX), round((y + h + margin_mm) * PX)
        return self.ink[y0:y1, x0:x1]


@lru_cache(maxsize=64)
def _print(template: Template, name: str) -> Print:
    """One of a template's pictures, to be taken away."""
    return Print(getattr(template, name))


def straighten(upright: Image, registration: Registration) -> Frame:
    """Warp the upright page (grey or BGR) into the form's frame and take the print away."""
    template = registration.template
    height, width = upright.shape[:2]
    mm = np.array([(0, 0), template.form.page_mm], np.float64)
    corners = registration.points(mm) * (width, height)
    across = float(corners[1, 0] - corners[0, 0]) / (template.form.page_mm[0] * PX)
    coloured = template.dropout is not None and is_coloured(upright)
    plane = cv2.extractChannel(upright, template.dropout_channel or 0) if coloured else grey(upright)
    blank = _print(template, "dropout" if coloured else "frame")
    straight = evened(_warp(plane, registration, template, across), blank.picture)
    marks, ground = parted(straight, blank)
    level, noise = _level(marks), _noise(straight, ground)
    if coloured:
        marks = _with_tinted(marks, upright, registration, template)
    return Frame(marks, level, ground, noise, registration, straight)


def _with_tinted(marks: Image, upright: Image, registration: Registration, template: Template) -> Image:
    """What drops out with the print's colour (a red pen) still shows in grey: add it, where there is any."""
    half = np.ascontiguousarray(upright[::3, ::3]) if max(upright.shape) > 3000 else upright
    size = (template.fine.shape[1], template.fine.shape[0])
    straight = place(grey(half), registration, size, PX / 2)
    tinted = cv2.subtract(ink(straight, _print(template, "fine")), PALE)
    known = cv2.dilate(cv2.resize(marks, size, interpolation=cv2.INTER_LINEAR), np.ones((5, 5), np.uint8))
    news = cv2.copyTo(tinted, cv2.compare(known, 35, cv2.CMP_LE))
    if np.count_nonzero(news > 45) < 60:
        return marks
    grown = cv2.resize(cv2.convertScaleAbs(news, alpha=1.5), (marks.shape[1], marks.shape[0]))
    return cv2.max(marks, grown)  # type: ignore[return-value]


def _warp(image: Image, registration: Registration, template: Template, across: float) -> Image:
    if across > 2.2:  # average before sampling; up to there, bilinear sampling misses nothing
        factor = int(across)
        size = (image.shape[1] // factor, image.shape[0] // factor)
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return place(image, registration, (template.frame.shape[1], template.frame.shape[0]), PX)


def place(image: Image, registration: Registration, size: tuple[int, int], px: float) -> Image:
    """The page (grey) laid into the form's frame of `size` px, at `px` a millimetre."""
    height, width = image.shape
    if registration.bend is not None:
        return _unbent(image, registration, size, px)
    middle = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    to_page = np.diag([width, height, 1.0]) @ registration.matrix @ np.diag([1 / px, 1 / px, 1.0])
    matrix = np.linalg.inv(middle) @ to_page @ middle
    return cv2.warpPerspective(  # type: ignore[return-value]
        image, matrix, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )


_STEP = 16  # px between places for which the bend is computed; it is smooth in between


def _unbent(image: Image, registration: Registration, size: tuple[int, int], px: float) -> Image:
    height, width = image.shape
    across, down = ((np.arange(-(-side // _STEP)) + 0.5) * side / -(-side // _STEP) for side in size)
    grid = np.stack(np.meshgrid(across, down), axis=-1)
    seen = registration.points(grid.reshape(-1, 2) / px) * (width, height) - 0.5
    maps = seen.reshape(*grid.shape[:2], 2).astype(np.float32)
    xs, ys = (
        cv2.resize(np.ascontiguousarray(maps[..., i]), size, interpolation=cv2.INTER_CUBIC) for i in (0, 1)
    )
    return cv2.remap(image, xs, ys, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[return-value]


def _noise(page: Image, ground: Image) -> float:
    """The usual difference of a pixel from what is expected there, as a standard deviation."""
    difference = cv2.absdiff(page[::4, ::4], ground[::4, ::4])
    return 1.48 * levels(np.ascontiguousarray(difference), (0.5,))[0]


def _level(marks: Image) -> float:
    """From which darkness a pixel is a mark: a share of what the page's writing reaches."""
    sample = np.ascontiguousarray(marks[::2, ::2])
    if np.count_nonzero(sample > 50) < 300:
        return 60.0
    return float(np.clip(0.42 * levels(sample, (0.75,), above=50)[0], 40, 110))
