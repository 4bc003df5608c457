"""From the bytes of a file to a Reading: pages, documents, their types and fields."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cv2

from domain.errors import Refused
from domain.reading import DocumentReading, PageReading, Reading
from ocr import codes, engine, redundancy
from ocr.bent import refined, register_bent
from ocr.blanks import templates
from ocr.dropped import register_dropped
from ocr.extract import read_fields, words_of
from ocr.files import open_file
from ocr.fitness import DOUBTED, DROPPED, fitness, is_poor
from ocr.frame import straighten
from ocr.pages import MAX_PAGES, MAX_PIXELS, Buffer, Image, Page, a4_dpi
from ocr.photo import laid_flat, on_the_picture
from ocr.prepare import BLANK_SHARE, LOOK_DPI, Barcode, barcodes, grey, ink_share, quality, reduced, turned
from ocr.register import Registration, register
from ocr.render import screen
from ocr.separators import Role, role
from ocr.template import Template
from ocr.unknown import text_of, type_of
from ocr.zone import answer, field_at, read_box

cv2.setNumThreads(1)  # as the networks: there is a child a core, and more threads cost more than they save

UNKNOWN = "inconnu"
SCREENS_BYTES = 128 * 1024 * 1024
"""Of pictures for the screen from one reading; the pages after that are drawn when they are asked for."""

Progress = Callable[[int], object]


@dataclass(slots=True)
class Sheet:
    """A page as the reader knows it: its facts, and the form it was recognised as."""

    index: int
    page: PageReading
    blank: bool
    barcodes: list[Barcode]
    type: str = UNKNOWN
    registration: Registration | None = None
    role: Role = ""

    @property
    def form(self) -> str | None:
        return self.registration.form if self.registration else None

    @property
    def follows(self) -> str:
        return self.registration.template.form.follows if self.registration else ""

    @property
    def residual(self) -> float | None:
        """Millimetres by which the printed marks lie off where they should."""
        return round(self.registration.residual, 4) if self.registration else None

    @property
    def separates(self) -> bool:
        return self.role == "separates"

    def to_json(self) -> dict[str, Any]:
        return {
            "page": self.index,
            "width": self.page.width,
            "height": self.page.height,
            "dpi": self.page.dpi,
            "rotation": self.page.rotation,
            "quality": dict(self.page.quality),
            "blank": self.blank,
            "barcodes": [{"format": code.format, "text": code.text} for code in self.barcodes],
            "form": self.form,
            "residual": self.residual,
            "placed": self.registration.to_json() if self.registration else None,
        }


def recalled(index: int, page: Page, told: Mapping[str, Any] | None, forms_dir: str | None) -> Sheet | None:
    """What `split` told of this page (an entry of its `pages`), if it is the page that it told of."""
    if told is None or (told["height"], told["width"]) != page.image.shape[:2]:
        return None
    placed = told.get("placed")
    registration = None
    if placed is not None:
        blanks = [each for each in templates(forms_dir) if each.form.name == placed["form"]]
        if placed["blank"] >= len(blanks):
            return None
        registration = Registration.from_json(placed, blanks[placed["blank"]])
    page.dpi = told["dpi"]
    facts = PageReading(told["rotation"], told["width"], told["height"], told["dpi"], dict(told["quality"]))
    bars = [Barcode(code["format"], code["text"]) for code in told["barcodes"]]
    kind = registration.template.form.type if registration else UNKNOWN
    meaning = role((code.text for code in bars), forms_dir)
    return Sheet(index, facts, told["blank"], bars, kind, registration, meaning)


def examine(index: int, page: Page, forms_dir: str | None) -> Sheet:
    """What a page is, without reading its fields."""
    whole = grey(page.image)
    look = reduced(whole, page.dpi, LOOK_DPI)
    height, width = page.image.shape[:2]
    verdict = quality(look)
    turn = page.turn
    if ink_share(look) < BLANK_SHARE:
        return Sheet(index, PageReading(turn, width, height, round(page.dpi, 1), verdict), True, [])
    blanks = templates(forms_dir)
    found, seen_on = register(look, blanks), look
    guess, dropped = a4_dpi(width, height), False
    if found is None and not 0.9 < guess / page.dpi < 1.11:
        # metadata often lies (96 dpi for "none"): take the page for A4
        seen_on = reduced(whole, guess, LOOK_DPI)
        found = register(seen_on, blanks)
        page.dpi = guess if found is not None else page.dpi
    if found is not None:
        found = refined(seen_on, found)
    else:
        found = _on_a_desk(whole, blanks)
        dropped = found is None
        found = register_dropped(seen_on, blanks) if found is None else found
        page.dpi = found.dpi(width, height) if found is not None else page.dpi
    if found is None:
        facts = PageReading(turn, width, height, round(page.dpi, 1), verdict)
        bars = barcodes(whole, page.dpi)
        return Sheet(index, facts, False, bars, role=role((code.text for code in bars), forms_dir))
    verdict["verdict"] = DROPPED if dropped else fitness(look, found) or verdict["verdict"]
    facts = PageReading(found.rotation, width, height, round(page.dpi, 1), verdict)
    return Sheet(index, facts, False, [], found.template.form.type, found)


def _on_a_desk(whole: Image, blanks: Sequence[Template]) -> Registration | None:
    """The form on a sheet that was photographed, wherever it may lie in the picture."""
    for flat, matrix in laid_flat(whole):
        found = register(flat, blanks)
        found = register_bent(flat, blanks) if found is None else refined(flat, found)
        if found is not None:
            return on_the_picture(found, flat, matrix, whole)
    return None


def group(sheets: Sequence[Sheet]) -> list[list[Sheet]]:
    """Documents: each form with the pages that follow it; the other pages in runs, cut at separators,
    at forms and before a sheet whose code begins a document."""
    documents: list[list[Sheet]] = []
    open_run = open_form = False
    for sheet in sheets:
        if sheet.separates:
            open_run = open_form = False
        elif sheet.blank:
            continue
        elif sheet.form is not None:
            if open_form and _one_more(documents[-1], sheet):
                documents[-1].append(sheet)
            else:
                documents.append([sheet])
            open_run, open_form = False, True
        elif open_run and sheet.role != "begins":
            documents[-1].append(sheet)
        else:
            documents.append([sheet])
            open_run, open_form = True, False
    return documents


def _first(document: Sequence[Sheet]) -> Sheet:
    """The page that the others follow."""
    return next((sheet for sheet in document if not sheet.follows), document[0])


def _one_more(document: Sequence[Sheet], sheet: Sheet) -> bool:
    """Whether a page belongs to the form before it: the one follows the other, in either order."""
    if any(each.form == sheet.form for each in document):
        return False
    return any(each.follows == sheet.form or sheet.follows == each.form for each in document)


def split(
    data: Buffer,
    *,
    max_pages: int,
    max_pixels: int,
    forms_dir: str | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Pages, documents, separators and blanks of a file, as calls.split returns them."""
    sheets = []
    with open_file(data, max_pages=max_pages, max_pixels=max_pixels) as source:
        for index in range(len(source)):
            sheets.append(examine(index, source.page(index), forms_dir))
            if progress is not None:
                progress(index)
        media_type = source.media_type
    return {
        "media_type": media_type,
        "pages": [sheet.to_json() for sheet in sheets],
        "documents": [
            {"type": run[0].type, "form": _first(run).form, "pages": [sheet.index for sheet in run]}
            for run in group(sheets)
        ],
        "separators": [sheet.index for sheet in sheets if sheet.separates],
        "blanks": [sheet.index for sheet in sheets if sheet.blank and not sheet.separates],
    }


def read(
    data: Buffer,
    *,
    pages: Sequence[int] | None = None,
    forms_dir: str | None = None,
    max_pages: int = MAX_PAGES,
    max_pixels: int = MAX_PIXELS,
) -> Reading:
    """Read the given pages as one document, or find the documents. Raises Refused."""
    reader = Reader(forms_dir)
    return reader.read(data, pages=pages, max_pages=max_pages, max_pixels=max_pixels)


@dataclass(slots=True)
class Reader:
    """One reading. `known`: entries of `split`'s `pages`, so that they need not be found again.

    `screen_dpi`: draw each page read, upright, into `screens` (with its number, size and type)."""

    forms_dir: str | None = None
    known: Sequence[Mapping[str, Any]] = ()
    screen_dpi: float | None = None
    progress: Progress | None = None
    screens: list[tuple[dict[str, Any], bytes]] = field(default_factory=list)

    def read(
        self,
        data: Buffer,
        *,
        pages: Sequence[int] | None = None,
        max_pages: int = MAX_PAGES,
        max_pixels: int = MAX_PIXELS,
    ) -> Reading:
        """Raises Refused."""
        started = time.perf_counter()
        sheets: list[Sheet] = []
        read_pages: dict[int, DocumentReading] = {}
        told = {entry["page"]: entry for entry in self.known}
        with open_file(data, max_pages=max_pages, max_pixels=max_pixels) as source:
            # one page in memory at a time: a form is read as soon as it is recognised
            for index in range(len(source)) if pages is None else pages:
                page = source.page(index)
                sheet = recalled(index, page, told.get(index), self.forms_dir)
                sheet = sheet or examine(index, page, self.forms_dir)
                sheets.append(sheet)
                if (part := _read_page(page, sheet)) is not None:
                    read_pages[index] = part
                self._show(page, sheet)
                if self.progress is not None:
                    self.progress(index)
        runs = [sheets] if pages is not None and sheets else group(sheets)
        documents = tuple(_joined(run, read_pages) for run in runs)
        seconds = round(time.perf_counter() - started, 4)
        return Reading(tuple(sheet.page for sheet in sheets), documents, seconds)

    def _show(self, page: Page, sheet: Sheet) -> None:
        if self.screen_dpi is None or sum(len(shown) for _, shown in self.screens) > SCREENS_BYTES:
            return
        width, height, kind, shown = screen(page, rotation=sheet.page.rotation, dpi=self.screen_dpi)
        facts = {"page": sheet.index, "width": width, "height": height, "media_type": kind}
        self.screens.append((facts, shown))


def _read_page(page: Page, sheet: Sheet) -> DocumentReading | None:
    if sheet.registration is not None:
        return _read_form(page, sheet)
    if sheet.blank or sheet.separates:
        return None
    words, turn = text_of(page, sheet.index)
    sheet.page = replace(sheet.page, rotation=turn)
    return DocumentReading(type_of(words), None, (sheet.index,), {}, words)


def _read_form(page: Page, sheet: Sheet) -> DocumentReading:
    assert sheet.registration is not None
    upright = turned(page.image, sheet.registration.rotation)
    height, width = page.image.shape[:2]
    poor = is_poor(page.image, sheet.registration.dpi(width, height), sheet.page.quality["nettete"])
    fields = read_fields(straighten(upright, sheet.registration), sheet.index, poor)
    if sheet.page.quality["verdict"] in DOUBTED:
        fields = {name: replace(each, status="review") for name, each in fields.items()}
    return DocumentReading(sheet.type, sheet.form, (sheet.index,), fields, words_of(fields, sheet.index))


def _joined(run: Sequence[Sheet], read_pages: dict[int, DocumentReading]) -> DocumentReading:
    """The pages of one document, of the type of the first that is known."""
    parts = [read_pages[sheet.index] for sheet in run if sheet.index in read_pages]
    pages = tuple(sheet.index for sheet in run)
    nothing = DocumentReading(UNKNOWN, None, pages)
    forms = [part for part in parts if part.form]
    # of a form of several pages the one that is filled
    main = next((part for part in forms if part.fields), (forms or parts or [nothing])[0])
    words = tuple(word for part in parts for word in part.words)
    return DocumentReading(main.type, main.form, pages, main.fields, words)


def zone(
    data: Buffer,
    *,
    page: int,
    box: tuple[float, float, float, float],
    kind: str,
    rotation: int = 0,
    max_pixels: int = MAX_PIXELS,
) -> dict[str, Any]:
    """One box read as `kind` -> value, probability, alternatives.

    On a known form, a box drawn around a field is read as that field."""
    with open_file(data, max_pixels=max_pixels) as source:
        drawn = source.page(page)
    sheet = examine(page, drawn, None)
    if sheet.registration is not None and sheet.registration.rotation == rotation % 360:
        found = field_at(_read_form(drawn, sheet).fields, box)
        if found is not None:
            return answer(found)
    return answer(read_box(drawn, box, kind, rotation))


def read_file(path: Path, forms_dir: str | None = None) -> dict[str, Any]:
    """The line of `liasse read`: the reading, or the error, of one file."""
    try:
        reading = read(path.read_bytes(), forms_dir=forms_dir)
    except Refused as refusal:
        return {"file": str(path), "error": {"code": refusal.code, "message": refusal.problem.sentence}}
    return {"file": str(path), **reading.to_json()}


def warm() -> None:
    """Everything that is loaded or made once a process: templates, models, tables; about a second."""
    blanks = templates()
    _, code = cv2.imencode(".png", blanks[0].frame)
    read(code.tobytes())
    codes.warm()
    engine.warm()
    redundancy.warm()
