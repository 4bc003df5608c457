"""How near the drawing is to a real blank: `python -m ocr.forms.tools.compare IMAGE [FORM]`.

For each field, the neighbourhood of its box (printed captions included) is looked for in the image
around its own place; printed are the correlation there and the displacement that fits best, in mm.
"""

import sys
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from ocr.forms import Form, draw, load_form

REACH_MM = 1.5
MARGIN_MM = 4.0


class Near(NamedTuple):
    """`correlation` at the best displacement; `dx`, `dy` of the image against the drawing, in mm."""

    field: str
    correlation: float
    dx: float
    dy: float

    @property
    def distance(self) -> float:
        return float(np.hypot(self.dx, self.dy))


def _peak(values: npt.NDArray[np.float32], place: int) -> float:
    """The parabola's top around an index of a row of scores."""
    if not 0 < place < len(values) - 1:
        return float(place)
    before, at, after = (float(v) for v in values[place - 1 : place + 2])
    bend = before - 2 * at + after
    return place + (0.5 * (before - after) / bend if bend < 0 else 0.0)


def compare(form: Form, image: npt.NDArray[np.uint8]) -> list[Near]:
    """`image`: an upright blank of the whole page, grey or BGR, at any dpi."""
    grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    dpi = grey.shape[1] / form.page_mm[0] * 25.4
    scale = dpi / 25.4
    ours = draw(form, dpi, colour=False)[: grey.shape[0], : grey.shape[1]]
    found = []
    reach = int(np.ceil(REACH_MM * scale))
    for name, field in form.fields.items():
        x, y, w, h = (v * scale for v in field.box)
        margin = MARGIN_MM * scale
        left, top = max(reach, int(x - margin)), max(reach, int(y - margin))
        right = min(grey.shape[1] - reach, int(x + w + margin))
        bottom = min(grey.shape[0] - reach, int(y + h + margin))
        part = ours[top:bottom, left:right]
        around = grey[top - reach : bottom + reach, left - reach : right + reach]
        scores = cv2.matchTemplate(around, part, cv2.TM_CCOEFF_NORMED)
        row, column = np.unravel_index(int(scores.argmax()), scores.shape)
        dx = (_peak(scores[row], int(column)) - reach) / scale
        dy = (_peak(scores[:, column], int(row)) - reach) / scale
        found.append(Near(name, float(scores.max()), dx, dy))
    return found


def main() -> None:
    form = load_form(sys.argv[2] if len(sys.argv) > 2 else "s3110j")
    image = cv2.imread(sys.argv[1])
    if image is None:
        raise SystemExit(f"not an image: {sys.argv[1]}")
    found = compare(form, np.asarray(image, np.uint8))
    out = sys.stdout
    for each in found:
        out.write(f"{each.field:28} {each.correlation:6.3f} {each.dx:+6.3f} {each.dy:+6.3f} mm\n")
    distances = np.array([each.distance for each in found])
    out.write(
        f"{len(found)} fields: correlation min {min(e.correlation for e in found):.3f}, "
        f"displacement median {np.median(distances):.3f} mm, worst {distances.max():.3f} mm\n"
    )


if __name__ == "__main__":
    main()
