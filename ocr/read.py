"""From the bytes of a file to a Reading: pages, documents, their types and fields."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.errors import Refused
from domain.reading import DocumentReading, PageReading, Reading
from ocr.files import MAX_PAGES, MAX_PIXELS, Buffer, Page, Source, open_file
from ocr.prepare import BLANK_SHARE, LOOK_DPI, Barcode, barcodes, grey, ink_share, quality, reduced, turned

UNKNOWN = "inconnu"


@dataclass(slots=True)
class Sheet:
    """A page as the reader knows it: its facts, and the form it was recognised as."""

    index: int
    page: PageReading
    blank: bool
    barcodes: list[Barcode]
    form: str | None = None
    type: str = UNKNOWN
    residual: float | None = None

    @property
    def separates(self) -> bool:
        return any(code.separates for code in self.barcodes)

    def to_json(self) -> dict[str, Any]:
        return {
            "width": self.page.width,
            "height": self.page.height,
            "dpi": self.page.dpi,
            "rotation": self.page.rotation,
            "quality": dict(self.page.quality),
            "blank": self.blank,
            "barcodes": [{"format": code.format, "text": code.text} for code in self.barcodes],
            "form": self.form,
            "residual": self.residual,
        }


def examine(index: int, page: Page, forms_dir: str | None) -> Sheet:
    """What a page is, without reading its fields."""
    whole = grey(page.image)
    look = reduced(whole, page.dpi, LOOK_DPI)
    facts = PageReading(page.turn, page.image.shape[1], page.image.shape[0], round(page.dpi, 1), quality(look))
    blank = ink_share(look) < BLANK_SHARE
    codes = [] if blank else barcodes(whole, page.dpi)
    return Sheet(index, facts, blank, codes)


def group(sheets: Sequence[Sheet]) -> list[list[Sheet]]:
    """Documents: each page that is a form alone; the others in runs, cut at separators and forms."""
    documents: list[list[Sheet]] = []
    open_run = False
    for sheet in sheets:
        if sheet.separates:
            open_run = False
        elif sheet.blank:
            continue
        elif sheet.form is not None:
            documents.append([sheet])
            open_run = False
        elif open_run:
            documents[-1].append(sheet)
        else:
            documents.append([sheet])
            open_run = True
    return documents


def split(data: Buffer, *, max_pages: int, max_pixels: int, forms_dir: str | None = None) -> dict[str, Any]:
    """Pages, documents, separators and blanks of a file, as calls.split returns them."""
    with open_file(data, max_pages=max_pages, max_pixels=max_pixels) as source:
        sheets = [examine(index, source.page(index), forms_dir) for index in range(len(source))]
        media_type = source.media_type
    return {
        "media_type": media_type,
        "pages": [sheet.to_json() for sheet in sheets],
        "documents": [
            {"type": run[0].type, "form": run[0].form, "pages": [sheet.index for sheet in run]}
            for run in group(sheets)
        ],
        "separators": [sheet.index for sheet in sheets if sheet.separates],
        "blanks": [sheet.index for sheet in sheets if sheet.blank and not sheet.separates],
    }


def read(
    data: Buffer,
    *,
    pages: Sequence[int] | None = None,
    type_hint: str | None = None,
    forms_dir: str | None = None,
    max_pages: int = MAX_PAGES,
    max_pixels: int = MAX_PIXELS,
) -> Reading:
    """Read the given pages as one document, or find the documents. Raises Refused."""
    started = time.perf_counter()
    with open_file(data, max_pages=max_pages, max_pixels=max_pixels) as source:
        wanted = list(range(len(source))) if pages is None else list(pages)
        sheets = [examine(index, source.page(index), forms_dir) for index in wanted]
        runs = group(sheets) if pages is None else [sheets]
        documents = tuple(_read_document(source, run) for run in runs)
    return Reading(tuple(sheet.page for sheet in sheets), documents, round(time.perf_counter() - started, 4))


def _read_document(source: Source, run: Sequence[Sheet]) -> DocumentReading:
    return DocumentReading(UNKNOWN, None, tuple(sheet.index for sheet in run))


def zone(
    data: Buffer,
    *,
    page: int,
    box: tuple[float, float, float, float],
    kind: str,
    rotation: int = 0,
    max_pixels: int = MAX_PIXELS,
) -> dict[str, Any]:
    """One box read as `kind` -> value, probability, alternatives."""
    with open_file(data, max_pixels=max_pixels) as source:
        image = turned(source.page(page).image, rotation)
    del image
    return {"value": None, "probability": 0.0, "alternatives": []}


def read_file(path: Path, forms_dir: str | None = None) -> dict[str, Any]:
    """The line of `liasse read`: the reading, or the error, of one file."""
    try:
        reading = read(path.read_bytes(), forms_dir=forms_dir)
    except Refused as refusal:
        return {"file": str(path), "error": {"code": refusal.code, "message": refusal.problem.sentence}}
    return {"file": str(path), **reading.to_json()}
