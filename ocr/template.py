"""A form as it is looked for and subtracted: its blank at the resolutions of the reader, its anchors."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.forms import Form, draw, load_form
from ocr.pages import Image
from ocr.prepare import grey
from ocr.subtract import FRAME_DPI

COARSE_DPI = 50.0
FINE_DPI = 100.0

PATCH = (44, 30)
"""Width and height of an anchor at FINE_DPI: 11 x 7.6 mm, more than a comb's pitch."""

_GRID = (8, 11)
DARK = 170
"""Grey levels under this survive an ordinary threshold; tints do not."""


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """`coarse`, `fine`, `frame`: the blank in grey at 50, 100 and 200 dpi; `dark` twins hold only what
    a bilevel scan keeps. `dropout`: at 200 dpi, the colour channel in which the print is palest, with
    its index (None for a form in black). `anchors`: (n, 2) top left corners at 100 dpi. `number`: among
    the templates of its form (0: as drawn)."""

    form: Form
    coarse: Image
    fine: Image
    fine_dark: Image
    coarse_dark: Image
    frame: Image
    dropout: Image | None
    dropout_channel: int | None
    anchors: NDArray[np.int32]
    anchors_dark: NDArray[np.int32]
    number: int = 0

    @property
    def mm_to_frame(self) -> float:
        return FRAME_DPI / 25.4


@lru_cache(maxsize=16)
def template(name: str) -> Template:
    """The template of a known form as it is drawn, made once (about 0.7 s)."""
    form = load_form(name)
    return build(form, drawn_at_frame(form))


def drawn_at_frame(form: Form) -> Image:
    """The blank at FRAME_DPI, (h, w, 3) BGR. Raises FontMissing."""
    return np.ascontiguousarray(draw(form, FRAME_DPI))


def build(form: Form, colour: Image, number: int = 0) -> Template:
    """From a picture of the blank at FRAME_DPI, (h, w, 3) BGR or grey."""
    frame = grey(colour)
    dropout, channel = _dropout(colour)
    fine, coarse = _at(frame, FINE_DPI), _at(frame, COARSE_DPI)
    dark = np.where(frame < DARK, np.uint8(0), np.uint8(255)).astype(np.uint8)
    fine_dark, coarse_dark = _at(dark, FINE_DPI), _at(dark, COARSE_DPI)
    return Template(
        form,
        coarse,
        fine,
        fine_dark,
        coarse_dark,
        frame,
        dropout,
        channel,
        choose_anchors(fine),
        choose_anchors(fine_dark),
        number,
    )


def _at(frame: Image, dpi: float) -> Image:
    scale = dpi / FRAME_DPI
    size = (round(frame.shape[1] * scale), round(frame.shape[0] * scale))
    return cv2.resize(frame, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def _dropout(colour: Image) -> tuple[Image | None, int | None]:
    if colour.ndim == 2:
        return None, None
    palest = [float(np.percentile(colour[::4, ::4, channel], 15)) for channel in range(3)]
    channel = int(np.argmax(palest))
    if palest[channel] - float(np.percentile(grey(colour)[::4, ::4], 15)) < 6:
        return None, None
    return np.ascontiguousarray(colour[:, :, channel]), channel


def choose_anchors(fine: Image) -> NDArray[np.int32]:
    """Patches that can be told from their neighbours in both directions, spread over the page."""
    smooth = cv2.GaussianBlur(fine, (0, 0), 1.0).astype(np.float32)
    gx, gy = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    xx, yy, xy = (cv2.boxFilter(a * b, -1, PATCH) for a, b in ((gx, gx), (gy, gy), (gx, gy)))
    weakest = (xx + yy) / 2 - np.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    height, width = fine.shape
    half_w, half_h = PATCH[0] // 2, PATCH[1] // 2
    margin = 14
    weakest[: half_h + margin] = weakest[-half_h - margin :] = 0
    weakest[:, : half_w + margin] = weakest[:, -half_w - margin :] = 0
    floor = float(np.percentile(weakest, 60))
    found = []
    for row in range(_GRID[1]):
        for column in range(_GRID[0]):
            y0, y1 = row * height // _GRID[1], (row + 1) * height // _GRID[1]
            x0, x1 = column * width // _GRID[0], (column + 1) * width // _GRID[0]
            cell = weakest[y0:y1, x0:x1]
            y, x = np.unravel_index(int(np.argmax(cell)), cell.shape)
            if cell[y, x] > max(floor, 1.0):
                found.append((x0 + int(x) - half_w, y0 + int(y) - half_h))
    return np.array(found, np.int32).reshape(-1, 2)
