"""The zones of a form drawn over it, for a person to see whether they are in their place."""

import cv2
import numpy as np

from ocr.forms import Form, draw
from ocr.forms.tools.blank import Blank
from ocr.pages import Image

COLOURS = {
    "comb": (190, 90, 0), "comb_date": (170, 0, 150), "comb_amount": (0, 120, 200), "cell": (140, 140, 0),
    "check": (0, 0, 210), "text": (0, 130, 0), "text_block": (0, 90, 60), "signature": (60, 60, 60),
}  # fmt: skip
"""Of each kind, as BGR."""


def overlay(form: Form, blank: Blank | None = None, dpi: float = 150.0) -> Image:
    """The form as it is drawn, or its true blank, (h, w, 3): each zone tinted and outlined in the colour of
    its kind, named beside; the kinds stand below."""
    scale = dpi / 25.4
    page = draw(form, dpi).copy()
    if blank is not None:
        page = cv2.resize(blank.picture, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_AREA)
    page = page // 2 + 127  # the print steps back behind the zones
    tint = page.copy()
    for field in form.fields.values():
        for x, y, w, h in field.boxes:
            cv2.rectangle(tint, _px(x, y, scale), _px(x + w, y + h, scale), COLOURS[field.kind], cv2.FILLED)
    page = cv2.addWeighted(tint, 0.18, page, 0.82, 0)
    taken: list[tuple[int, int, int, int]] = []
    for name, field in form.fields.items():
        for x, y, w, h in field.boxes:
            cv2.rectangle(page, _px(x, y, scale), _px(x + w, y + h, scale), COLOURS[field.kind], 1)
        _named(page, name, field.box, scale, COLOURS[field.kind], taken)
    foot = np.full((34, page.shape[1], 3), 255, np.uint8)
    at = 12
    for kind in dict.fromkeys(field.kind for field in form.fields.values()):
        cv2.putText(foot, kind, (at, 23), FONT, 0.5, COLOURS[kind], 1, cv2.LINE_AA)
        at += cv2.getTextSize(kind, FONT, 0.5, 1)[0][0] + 24
    return np.asarray(np.vstack([page, foot]), np.uint8)


FONT, SIZE = cv2.FONT_HERSHEY_SIMPLEX, 0.36


def _px(x: float, y: float, scale: float) -> tuple[int, int]:
    return round(x * scale), round(y * scale)


def _named(
    page: Image,
    name: str,
    box: tuple[float, float, float, float],
    scale: float,
    colour: tuple[int, int, int],
    taken: list[tuple[int, int, int, int]],
) -> None:
    """The name where it covers no other: above its zone, under it, else further down."""
    (wide, high), _ = cv2.getTextSize(name, FONT, SIZE, 1)
    left, top = _px(box[0], box[1], scale)
    left = min(left, page.shape[1] - wide - 2)
    bottom = _px(box[0], box[1] + box[3], scale)[1]
    places = [top - 3, bottom + high + 3, *(bottom + high + 3 + step * (high + 2) for step in range(1, 6))]
    free = [y for y in places if not any(_meet((left, y - high, left + wide, y), each) for each in taken)]
    y = free[0] if free else places[0]
    taken.append((left, y - high, left + wide, y))
    cv2.rectangle(page, (left - 1, y - high - 1), (left + wide + 1, y + 2), (255, 255, 255), cv2.FILLED)
    cv2.putText(page, name, (left, y), FONT, SIZE, colour, 1, cv2.LINE_AA)


def _meet(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
