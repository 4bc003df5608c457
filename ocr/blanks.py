"""The templates that pages are compared to: each form as drawn, and as an operator's own blank shows it."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from domain.errors import LiasseError
from ocr.files import open_file
from ocr.forms import Form, forms, load_form, own_forms
from ocr.pages import Image
from ocr.prepare import grey, reduced, turned
from ocr.register import Registration, register
from ocr.subtract import FRAME_DPI
from ocr.template import Template, build, drawn_at_frame, template


def templates(forms_dir: str | None = None) -> tuple[Template, ...]:
    """Every known form, the operator's own among them. With `forms_dir`, a scan `<name>.png` there adds a
    second template of its form: printings differ, and a page is taken for the one that it resembles most.

    What is put there counts from the next page on. A file that is no form is passed over: `liasse form list`
    says why."""
    return _known(forms_dir, _facts(forms_dir))


def _facts(forms_dir: str | None) -> tuple[tuple[str, int, int], ...]:
    """Of each file of the folder its name, and what changes when it does."""
    if forms_dir is None:
        return ()
    files = [file for file in Path(forms_dir).glob("*") if file.suffix in (".png", ".yaml")]
    return tuple(sorted((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files))


@lru_cache(maxsize=4)
def _known(forms_dir: str | None, _facts: tuple[tuple[str, int, int], ...]) -> tuple[Template, ...]:
    found: list[Template] = []
    for name in (*forms(), *(each for each in own_forms(forms_dir) if each not in forms())):
        try:
            form = load_form(name, forms_dir)
            drawn = template(name) if name in forms() else build(form, drawn_at_frame(form))
        except (LiasseError, OSError):
            continue
        found.append(drawn)
        if form.scan is not None:
            own = _own_blank(form, drawn)
            if own is not None:
                found.append(own)
    return tuple(found)


def _own_blank(form: Form, drawn: Template) -> Template | None:
    """The operator's scan laid into the form's frame; None where it is not that form."""
    assert form.scan is not None
    with open_file(form.scan.read_bytes()) as source:
        page = source.page(0)
    width_mm = form.page_mm[0]
    dpi = page.image.shape[1] / (width_mm / 25.4)
    registration = register(reduced(grey(page.image), dpi), [drawn])
    if registration is None:
        return None
    return build(form, _laid(turned(page.image, registration.rotation), registration), number=1)


def _laid(upright: Image, registration: Registration) -> Image:
    from ocr.frame import place

    shape = registration.template.frame.shape
    planes = [upright] if upright.ndim == 2 else [np.ascontiguousarray(upright[:, :, c]) for c in range(3)]
    laid = [place(plane, registration, (shape[1], shape[0]), FRAME_DPI / 25.4) for plane in planes]
    return laid[0] if len(laid) == 1 else np.ascontiguousarray(np.dstack(laid))
