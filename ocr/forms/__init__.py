"""Known forms: their fields and how they look, measured in millimetres, drawn by us.

`load_form("s3110j")` reads one; `draw(form, dpi)` paints its blank. No image of a form is kept here:
a drawing comes from the geometry alone. The scan of an operator's own blank, put in
`LIASSE_HOME/forms/<name>.png`, is offered beside it as `Form.scan`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from ocr.forms.drawing import draw_page, drawn_mm
from ocr.forms.fonts import FontMissing

__all__ = ["FontMissing", "Form", "FormField", "draw", "drawn_mm", "forms", "load_form"]

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class FormField:
    """A zone to fill. `boxes`: x, y, w, h in mm on the page, one a cell of a comb.

    `kind`: comb, comb_date, comb_amount, cell, check, text, text_block or signature. A text of several
    boxes stands on several lines, joined by spaces (a block's by newlines).
    `groups`: how the cells of a comb are grouped in print. `letters`: white letters under a date.
    """

    name: str
    kind: str
    boxes: tuple[Box, ...]
    groups: tuple[int, ...] = ()
    letters: str = ""
    box: Box = field(init=False, repr=False, compare=False)
    """x, y, w, h in mm of all its cells together."""

    def __post_init__(self) -> None:
        left = min(x for x, _, _, _ in self.boxes)
        top = min(y for _, y, _, _ in self.boxes)
        right = max(x + w for x, _, w, _ in self.boxes)
        bottom = max(y + h for _, y, _, h in self.boxes)
        object.__setattr__(self, "box", (left, top, right - left, bottom - top))


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """`page_mm`: width and height of the page that all boxes refer to (the measured print has about
    4 x 3 mm of bleed a side). `scan`: an operator's own blank, upright, cut to the same page."""

    name: str
    type: str
    title: str
    cerfa: str
    edition: str
    page_mm: tuple[float, float]
    fields: Mapping[str, FormField]
    drawing: Mapping[str, Any] = field(repr=False)
    scan: Path | None = None
    follows: str = ""
    """The form whose next page this is."""


def forms() -> tuple[str, ...]:
    """The names of the forms that are known."""
    folder = resources.files("ocr.forms")
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".yaml")))


@cache
def _shipped(name: str) -> Form:
    if name not in forms():
        raise KeyError(f"no form {name!r}; known: {', '.join(forms())}")
    text = (resources.files("ocr.forms") / f"{name}.yaml").read_text("utf-8")
    data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    fields = {
        key: FormField(
            key,
            each["kind"],
            tuple(tuple(box) for box in each["boxes"]),
            tuple(each.get("groups", ())),
            each.get("letters", ""),
        )
        for key, each in data["fields"].items()
    }
    width, height = data["page_mm"]
    return Form(
        data["name"],
        data["type"],
        data["title"],
        data["cerfa"],
        data["edition"],
        (width, height),
        fields,
        data["drawing"],
        follows=data.get("follows", ""),
    )


def load_form(name: str, extra_dir: Path | str | None = None) -> Form:
    """The form `name`; with `extra_dir` (LIASSE_HOME/forms), its `scan` where `<name>.png` is there.

    Raises KeyError where no such form is known.
    """
    form = _shipped(name)
    if extra_dir is not None and (own := Path(extra_dir) / f"{name}.png").is_file():
        return replace(form, scan=own)
    return form


def draw(form: Form, dpi: float, colour: bool = True) -> Any:
    """The blank form painted at `dpi`: uint8, (h, w, 3) BGR, or (h, w) grey where not `colour`.

    The array is shared between callers and read-only: copy it before painting on it.
    Raises FontMissing where the fonts of the drawing are not installed.
    """
    return draw_page(form, float(dpi), bool(colour))
