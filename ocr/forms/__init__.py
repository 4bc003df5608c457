"""Known forms: their fields and how they look, measured in millimetres, drawn by us.

`load_form("s3110j")` reads one; `draw(form, dpi)` paints its blank. No image of a form is kept here:
a drawing comes from the geometry alone. An operator's folder (`LIASSE_HOME/forms`) adds his own forms,
`<name>.yaml`, and the scans of his blanks: `<name>.png` is offered beside the drawing as `Form.scan`.
"""

from dataclasses import replace
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from domain.errors import Refused
from ocr.forms.drawing import draw_page, drawn_mm
from ocr.forms.fonts import FontMissing
from ocr.forms.form import KINDS, Form, FormField
from ocr.forms.written import read_form

__all__ = [
    "KINDS", "FontMissing", "Form", "FormField", "draw", "drawn_mm", "forms", "load_file", "load_form",
    "own_forms",
]  # fmt: skip


@cache
def forms() -> tuple[str, ...]:
    """The names of the forms that are shipped."""
    folder = resources.files("ocr.forms")
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".yaml")))


def own_forms(folder: Path | str | None) -> tuple[str, ...]:
    """The names of an operator's own forms: the YAML files of his folder."""
    return tuple(sorted(file.stem for file in Path(folder).glob("*.yaml"))) if folder is not None else ()


@cache
def _shipped(name: str) -> Form:
    return read_form((resources.files("ocr.forms") / f"{name}.yaml").read_text("utf-8"), name)


def load_file(path: Path) -> Form:
    """The form of a YAML file, the same object as long as the file is.

    Raises Refused("formulaire_mal_forme" or "formulaire_livre") and OSError."""
    if path.stem in forms():
        raise Refused("formulaire_livre", f"{path.stem}.")
    facts = path.stat()
    return _own(path.absolute(), facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=64)
def _own(path: Path, _changed: int, _size: int) -> Form:
    try:
        return read_form(path.read_text("utf-8"), path.stem)
    except UnicodeDecodeError:
        raise Refused("formulaire_mal_forme", "le fichier : il faut du texte en UTF-8.") from None


def load_form(name: str, extra_dir: Path | str | None = None) -> Form:
    """The form `name`: shipped, or of `extra_dir` (LIASSE_HOME/forms); its `scan` where `<name>.png` is there.

    Raises KeyError where no such form is known, Refused where the operator's file is malformed.
    """
    if name in forms():
        form = _shipped(name)
    elif extra_dir is not None and name in own_forms(extra_dir):
        form = load_file(Path(extra_dir) / f"{name}.yaml")
    else:
        raise KeyError(f"no form {name!r}; known: {', '.join((*forms(), *own_forms(extra_dir)))}")
    if extra_dir is not None and (own := Path(extra_dir) / f"{name}.png").is_file():
        return replace(form, scan=own)
    return form


def draw(form: Form, dpi: float, colour: bool = True) -> Any:
    """The blank form painted at `dpi`: uint8, (h, w, 3) BGR, or (h, w) grey where not `colour`.

    The array is shared between callers and read-only: copy it before painting on it.
    Raises FontMissing where the fonts of the drawing are not installed.
    """
    return draw_page(form, float(dpi), bool(colour))
