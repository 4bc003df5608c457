"""What was read on paper: values with their probability and their place. No one has confirmed them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["accepted", "review", "empty"]
Value = str | bool | None
Box = tuple[float, float, float, float]
"""x, y, width, height in fractions of the upright page."""


SEPARATOR = "LIASSE-SEPARATEUR"
"""What the bar code of our own separator sheets says."""


@dataclass(frozen=True, slots=True)
class Alternative:
    value: str
    probability: float


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One field of a form.

    `value`: text (dates `YYYY-MM-DD`, amounts `30.00`, combs without spaces, lines joined by a
    newline), true or false for ticks and signatures, None where the paper is blank.
    `probability`: that `value` is what the paper says. `form_box_mm`: x, y, w, h on the blank form.
    `cells`: log-probabilities of each cell of a comb, one mapping a cell ('' = empty cell); they
    serve to identify the insured and are dropped before archiving.
    """

    value: Value
    status: Status
    probability: float
    alternatives: tuple[Alternative, ...] = ()
    page: int = 0
    box: Box = (0.0, 0.0, 0.0, 0.0)
    form_box_mm: Box | None = None
    cells: tuple[Mapping[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of printed or recognised text with its place, for the invisible text of the PDF/A."""

    text: str
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class PageReading:
    """`rotation`: clockwise degrees that turn the page upright. Sizes in px, as decoded."""

    rotation: int
    width: int
    height: int
    dpi: float
    quality: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DocumentReading:
    """One document found in a file. `pages`: indices in the file, from 0."""

    type: str
    form: str | None
    pages: tuple[int, ...]
    fields: Mapping[str, FieldReading] = field(default_factory=dict)
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    pages: tuple[PageReading, ...]
    documents: tuple[DocumentReading, ...]
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """What `dataclasses.asdict` gives, without its copies: it took a fortieth of a reading's time."""
        return {
            "pages": tuple({**_told(page), "quality": dict(page.quality)} for page in self.pages),
            "documents": tuple(_told_document(document) for document in self.documents),
            "seconds": self.seconds,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Reading":
        return cls(
            tuple(PageReading(**page) for page in data["pages"]),
            tuple(document_from_json(document) for document in data["documents"]),
            data.get("seconds", 0.0),
        )


def _told(each: Any) -> dict[str, Any]:
    return {name: getattr(each, name) for name in each.__slots__}


def _told_document(document: DocumentReading) -> dict[str, Any]:
    fields = {
        name: {**_told(each), "alternatives": tuple(_told(other) for other in each.alternatives)}
        for name, each in document.fields.items()
    }
    return {**_told(document), "fields": fields, "words": tuple(_told(word) for word in document.words)}


def field_from_json(data: Mapping[str, Any]) -> FieldReading:
    form_box = data.get("form_box_mm")
    return FieldReading(
        value=data["value"],
        status=data["status"],
        probability=data["probability"],
        alternatives=tuple(Alternative(**each) for each in data.get("alternatives", ())),
        page=data.get("page", 0),
        box=tuple(data.get("box", (0.0,) * 4)),
        form_box_mm=tuple(form_box) if form_box else None,
        cells=tuple(data.get("cells", ())),
    )


def document_from_json(data: Mapping[str, Any]) -> DocumentReading:
    return DocumentReading(
        type=data["type"],
        form=data["form"],
        pages=tuple(data["pages"]),
        fields={name: field_from_json(each) for name, each in data.get("fields", {}).items()},
        words=tuple(Word(w["text"], w["page"], tuple(w["box"])) for w in data.get("words", ())),
    )
