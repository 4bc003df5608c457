"""A sheet being filled: a blank form at some dpi, and inks that darken it. Places are told in mm."""

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from ocr.forms import Form, draw

Cover = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]
Box = tuple[float, float, float, float]
Colour = tuple[int, int, int]

BLACK: Colour = (25, 22, 20)  # BGR, as all here
BLUE: Colour = (150, 62, 24)


@dataclass(slots=True)
class Paper:
    """`pixels`: uint8 BGR of the whole printed page; `scale`: px a mm. `inked`: where each field's ink
    lies, x, y, w, h in mm."""

    form: Form
    pixels: Pixels
    scale: float
    inked: dict[str, Box] = field(default_factory=dict)

    def ink(self, cover: Cover, x: float, y: float, colour: Colour, name: str = "") -> None:
        """Darkens the page by `cover`, its top left at (x, y) px; what is off the page is lost."""
        left, top = round(x), round(y)
        height, width = self.pixels.shape[:2]
        y0, x0 = max(0, -top), max(0, -left)
        y1, x1 = min(cover.shape[0], height - top), min(cover.shape[1], width - left)
        if y1 <= y0 or x1 <= x0:
            return
        part = self.pixels[top + y0 : top + y1, left + x0 : left + x1]
        absorbed = 1 - np.array(colour, np.float32) / 255
        left_over = 1 - cover[y0:y1, x0:x1, None] * absorbed
        part[:] = np.rint(part * left_over).astype(np.uint8)
        if name:
            self._note(name, cover, left, top)

    def _note(self, name: str, cover: Cover, left: int, top: int) -> None:
        rows = np.flatnonzero(cover.max(axis=1) > 0.25)
        cols = np.flatnonzero(cover.max(axis=0) > 0.25)
        if not len(rows):
            return
        x0, y0 = (left + cols[0]) / self.scale, (top + rows[0]) / self.scale
        x1, y1 = (left + cols[-1] + 1) / self.scale, (top + rows[-1] + 1) / self.scale
        if name in self.inked:
            x, y, w, h = self.inked[name]
            x0, y0, x1, y1 = min(x, x0), min(y, y0), max(x + w, x1), max(y + h, y1)
        self.inked[name] = (float(x0), float(y0), float(x1 - x0), float(y1 - y0))


def blank_paper(form: Form, dpi: float, blank: Pixels | None = None) -> Paper:
    """An empty sheet at `dpi`: our drawing, or `blank`, a picture (BGR or grey) of the whole page."""
    scale = dpi / 25.4
    if blank is None:
        return Paper(form, draw(form, dpi).copy(), scale)
    size = (round(form.page_mm[0] * scale), round(form.page_mm[1] * scale))
    picture = blank if blank.ndim == 3 else cv2.cvtColor(blank, cv2.COLOR_GRAY2BGR)
    larger = size[0] > picture.shape[1]
    way = cv2.INTER_CUBIC if larger else cv2.INTER_AREA
    return Paper(form, np.asarray(cv2.resize(picture, size, interpolation=way), np.uint8), scale)
