"""Whether a form as data is fit for use: specimens of it are read back."""

import random
import statistics
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from domain.reading import Value
from ocr.forms import Form
from ocr.pages import MAX_PIXELS
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


@dataclass(frozen=True, slots=True)
class Miss:
    """A zone not read right: what was written there, and what was read."""

    kind: str
    written: Value
    read: Value


@dataclass(frozen=True, slots=True)
class Score:
    """Of `sheets` specimens how many were known for the form, and in the median how far from their place
    its marks were found, in mm (None where no sheet was known). `kinds`: of each numbered kind how many
    fields are right, and of how many; `texts`: of the others, to the letter. `missed`: the first miss of each
    zone. `taken_for`: the other forms that the sheets were taken for."""

    sheets: int
    known: int
    residual: float | None
    kinds: Mapping[str, tuple[int, int]]
    texts: tuple[int, int]
    missed: Mapping[str, Miss]
    taken_for: tuple[str, ...] = ()

    @property
    def right(self) -> int:
        return sum(right for right, _ in self.kinds.values())

    @property
    def fields(self) -> int:
        return sum(fields for _, fields in self.kinds.values())

    @property
    def fit(self) -> bool:
        return self.known == self.sheets and self.right >= LEAST * self.fields


def score(form: Form, sheets: int = 4, seed: int = 1, forms_dir: str | None = None) -> Score:
    """Specimens printed, scanned cleanly, read back among all known forms and those of `forms_dir`."""
    people = make_population(seed, insured=200)
    fields, right = Counter[str](), Counter[str]()
    missed: dict[str, Miss] = {}
    others: dict[str, None] = {}
    residuals = []
    for number in range(sheets):
        rng = random.Random(f"check-{form.name}-{seed}-{number}")  # noqa: S311
        case = make_declaration(form, people, rng)
        scan = PROFILES["printed_clean"].scan(rng)
        made = compose(form, case, "printed", scan, Sources(), rng)
        data = encode([made.picture], "png", scan.dpi)
        (page,) = split(data, max_pages=1, max_pixels=MAX_PIXELS, forms_dir=forms_dir)["pages"]
        (document,) = Reader(forms_dir, known=[page]).read(data).documents or (None,)
        if document is not None and document.form == form.name:
            residuals.append(page["residual"])
        else:
            if document is not None and document.form:
                others[document.form] = None
            document = None
        for name, field in form.fields.items():
            kind = field.kind if field.kind in NUMBERED else "text"
            fields[kind] += 1
            seen = document.fields.get(name) if document else None
            if seen is not None and seen.value == case.fields[name]:
                right[kind] += 1
            elif kind != "text":
                missed.setdefault(name, Miss(kind, case.fields[name], seen.value if seen else None))
    residual = statistics.median(residuals) if residuals else None
    kinds = {kind: (right[kind], fields[kind]) for kind in NUMBERED if fields[kind]}
    texts = (right["text"], fields["text"])
    return Score(sheets, len(residuals), residual, kinds, texts, missed, tuple(others))
