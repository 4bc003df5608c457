"""A blank scan -> the form as data: where it is filled, and how it looks. A person corrects it."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ocr.forms.tools import zones
from ocr.forms.tools.blank import PX, Blank
from ocr.forms.tools.lettering import Caption, Printed, captions, read_words
from ocr.forms.tools.shapes import Colour, Rectangle, fills, outlines, printed, squares

WHITE: Colour = (255, 255, 255)
LIKE = 32.0
"""Colours nearer than this are one ink."""


def measured(blank: Blank, name: str) -> dict[str, Any]:
    """What `ocr/forms/<name>.yaml` is to hold: mm, colours as RGB."""
    picture = blank.picture.copy()
    cells = squares(picture)
    unframed = picture.copy()
    for each in cells:  # a frame reads as a letter
        x0, y0, x1, y1 = (round(v) for v in (each.x, each.y, each.right, each.bottom))
        unframed[max(0, y0 - 8) : y1 + 8, max(0, x0 - 8) : x1 + 8] = 255
    words = read_words(unframed)
    said = captions(words)
    bare = _without(picture, words, said)
    mask = printed(bare)
    rings = outlines(bare, mask)
    for _, ring in rings:
        cv2.fillPoly(mask, [np.rint(ring).astype(np.int32)], 0)
    rectangles = fills(bare, mask)
    inks = _Inks()
    drawing = {
        "fills": [[inks.name(r.colour), *_mm(r.x, r.y, r.w, r.h)] for r in _painted(rectangles)],
        "polygons": [[inks.name(colour), [_mm(*point) for point in ring]] for colour, ring in rings],
        "captions": [_caption(each, inks) for each in said],
    }
    labels = [
        zones.Label(each.text, _box(each.left, each.top, each.right - each.left, each.bottom - each.top))
        for each in said
    ]
    found = zones.propose(
        (0.0, 0.0, *blank.page_mm),
        [_box(r.x, r.y, r.w, r.h) for r in rectangles],
        [_box(r.x, r.y, r.w, r.h) for r in cells],
        labels,
    )
    title = max(said, key=lambda each: each.em * min(len(each.text), 20), default=None)
    return {
        "name": name,
        "type": "inconnu",
        "title": title.text if title else name,
        "cerfa": _first(r"\b(\d{5} ?[*#] ?\d{2})\b", said),
        "edition": "",
        "page_mm": list(_mm_of(blank.page_mm)),
        "fields": {zone.name: _field(zone) for zone in found},
        "drawing": {"colours": inks.rgb(), **drawing},
    }


def _mm(*px: float) -> list[float]:
    return [round(float(value) / PX, 3) for value in px]


def _mm_of(values: Iterable[float]) -> list[float]:
    return [round(float(value), 2) for value in values]


def _box(*px: float) -> zones.Box:
    x, y, w, h = (value / PX for value in px)
    return (x, y, w, h)


def _without(picture: Any, words: Iterable[Printed], said: Iterable[Caption]) -> Any:
    """The page without the words that were fitted: each painted over with what it stands on."""
    known = {(text, x) for caption in said for text, x, _ in caption.words}
    bare = picture.copy()
    for word in words:
        if (word.text, float(word.box[0])) not in known:
            continue
        x, y, w, h = word.box
        m = (word.ink.shape[1] - w) // 2
        area = bare[max(0, y - m) : y + h + m, max(0, x - m) : x + w + m]
        ink = word.ink[word.ink.shape[0] - area.shape[0] :, word.ink.shape[1] - area.shape[1] :]
        grown = cv2.dilate((ink > 0.12).astype(np.uint8), np.ones((5, 5), np.uint8))
        area[grown > 0] = word.ground
    return bare


def _painted(rectangles: Iterable[Rectangle]) -> list[Rectangle]:
    """Large ones first: rules lie on tints."""
    return sorted(rectangles, key=lambda each: -each.w * each.h)


class _Inks:
    """Colours by name, the same name for nearly the same."""

    def __init__(self) -> None:
        self._known: list[list[Colour]] = [[WHITE]]

    def name(self, colour: Colour) -> str:
        for place, members in enumerate(self._known):
            if float(np.linalg.norm(np.mean(members, axis=0) - np.array(colour))) < LIKE:
                if place:
                    members.append(colour)
                return self._called(place)
        self._known.append([colour])
        return self._called(len(self._known) - 1)

    def rgb(self) -> dict[str, list[int]]:
        means = [np.rint(np.median(members, axis=0)).astype(int).tolist() for members in self._known]
        return {self._called(place): mean[::-1] for place, mean in enumerate(means)}

    @staticmethod
    def _called(place: int) -> str:
        return f"ink{place}" if place else "white"


def _caption(each: Caption, inks: _Inks) -> dict[str, Any]:
    return {
        "font": each.style,
        "colour": inks.name(each.colour),
        "em": _mm(each.em)[0],
        "baseline": _mm(each.baseline)[0],
        "words": [[text, *_mm(x, w)] for text, x, w in each.words],
    }


def _field(zone: zones.Zone) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": zone.kind, "boxes": [_mm_of(box) for box in zone.boxes]}
    if zone.said:
        found["caption"] = zone.said
    return found


def _first(pattern: str, said: Iterable[Caption]) -> str:
    for each in said:
        if found := re.search(pattern, each.text):
            return found[1].replace(" ", "")
    return ""


def _flow(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, list):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value).lower()


HEAD = """# Measured by `liasse form new`, corrected by a person; lengths in mm from the page's top left.
# No image is kept: the form is drawn from these numbers.
"""


def written(form: Mapping[str, Any]) -> str:
    """As YAML, one field or word line a line."""
    lines = [f"{key}: {_flow(form[key])}" for key in form if key not in ("fields", "drawing")]
    lines.append("fields:" if form["fields"] else "fields: {}")
    for name, each in form["fields"].items():
        told = dict(each)
        caption = told.pop("caption", "")
        lines.append(f"  {name}: {_flow(told)}" + (f"  # {caption}" if caption else ""))
    lines += ["drawing:", f"  colours: {_flow(form['drawing']['colours'])}"]
    for part in ("fills", "polygons", "captions"):
        lines.append(f"  {part}:" + ("" if form["drawing"][part] else " []"))
        lines += [f"    - {_flow(each)}" for each in form["drawing"][part]]
    return HEAD + "\n".join(lines) + "\n"


def write(form: Mapping[str, Any], out: Path) -> None:
    out.write_text(written(form), "utf-8")
