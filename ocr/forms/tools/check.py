"""Whether a form as data is fit for use: its zones drawn over it, and specimens of it read back."""

import random
import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.files import MAX_PIXELS, Image
from ocr.forms import Form, draw
from ocr.read import Reader, split
from ocr.specimen import PROFILES, Sources
from ocr.specimen.declarations import make_declaration
from ocr.specimen.files import encode
from ocr.specimen.making import compose
from ocr.specimen.population import make_population

NUMBERED = ("comb", "comb_date", "comb_amount", "check", "signature")
"""Kinds that a fit form reads right where they are printed; lines of text depend on their letters."""

LEAST = 0.97
"""Of those fields, the share right from which the form is fit."""


def overlay(form: Form, dpi: float = 150.0) -> Image:
    """The form (h, w, 3) with the outline and the name of each zone."""
    page, scale = draw(form, dpi).copy(), dpi / 25.4
    for name, field in form.fields.items():
        for x, y, w, h in field.boxes:
            corners = [round(v * scale) for v in (x, y, x + w, y + h)]
            cv2.rectangle(page, corners[:2], corners[2:], (0, 0, 220), 1)
        at = (round(field.box[0] * scale), round(field.box[1] * scale) + 9)
        cv2.putText(page, name, at, cv2.FONT_HERSHEY_SIMPLEX, 0.33, (0, 120, 0), 1, cv2.LINE_AA)
    return np.asarray(page, np.uint8)


@dataclass(frozen=True, slots=True)
class Score:
    """Of `sheets` specimens how many were known for the form, and in the median how far from their place
    its marks were found, in mm (None where no sheet was known). `kinds`: of each numbered kind how many
    fields are right, and of how many; `wrong`: the names of the others, each once."""

    sheets: int
    known: int
    residual: float | None
    kinds: Mapping[str, tuple[int, int]]
    wrong: tuple[str, ...]

    @property
    def right(self) -> int:
        return sum(right for right, _ in self.kinds.values())

    @property
    def fields(self) -> int:
        return sum(fields for _, fields in self.kinds.values())

    @property
    def fit(self) -> bool:
        return self.known == self.sheets and self.right >= LEAST * self.fields


def score(form: Form, sheets: int = 4, seed: int = 1) -> Score:
    """Specimens printed, scanned cleanly, read back."""
    people = make_population(seed, insured=200)
    fields, right = Counter[str](), Counter[str]()
    wrong: dict[str, None] = {}
    residuals = []
    for number in range(sheets):
        rng = random.Random(f"check-{form.name}-{seed}-{number}")  # noqa: S311
        case = make_declaration(form, people, rng)
        scan = PROFILES["printed_clean"].scan(rng)
        made = compose(form, case, "printed", scan, Sources(), rng)
        data = encode([made.picture], "png", scan.dpi)
        (page,) = split(data, max_pages=1, max_pixels=MAX_PIXELS)["pages"]
        (document,) = Reader(known=[page]).read(data).documents or (None,)
        if document is not None and document.form == form.name:
            residuals.append(page["residual"])
        else:
            document = None
        for name, field in form.fields.items():
            if field.kind not in NUMBERED:
                continue
            fields[field.kind] += 1
            seen = document.fields.get(name) if document else None
            if seen is not None and seen.value == case.fields[name]:
                right[field.kind] += 1
            else:
                wrong[name] = None
    residual = statistics.median(residuals) if residuals else None
    kinds = {kind: (right[kind], fields[kind]) for kind in NUMBERED if fields[kind]}
    return Score(sheets, len(residuals), residual, kinds, tuple(wrong))
