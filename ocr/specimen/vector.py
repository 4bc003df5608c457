"""Born-digital PDFs: text as text, in embedded fonts; no picture of it. The same bytes each time."""

import io
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont

from ocr.forms import Form
from ocr.forms.fonts import FILES, font, font_path
from ocr.specimen.cases import Case
from ocr.specimen.filling import cells_of
from ocr.specimen.marks import signature_lines

PT = 72 / 25.4
SIZE = 1000


@dataclass(slots=True)
class Page:
    """A page being written. Places in mm from its top left; converted to PDF's points on the way."""

    width: float
    height: float
    parts: list[str] = field(default_factory=list)
    used: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def _y(self, y: float) -> float:
        return (self.height - y) * PT

    def colour(self, rgb: tuple[int, ...]) -> None:
        levels = " ".join(f"{v / 255:.3f}" for v in rgb)
        self.parts.append(f"{levels} rg {levels} RG")

    def box(self, x: float, y: float, w: float, h: float) -> None:
        self.parts.append(f"{x * PT:.3f} {self._y(y + h):.3f} {w * PT:.3f} {h * PT:.3f} re f")

    def shape(self, points: list[list[float]]) -> None:
        way = " l ".join(f"{x * PT:.3f} {self._y(y):.3f}" for x, y in points)
        self.parts.append(way.replace(" l ", " m ", 1) + " l h f")

    def line(self, points: Any, width: float) -> None:
        way = [f"{x * PT:.2f} {self._y(y):.2f}" for x, y in points]
        self.parts.append(
            f"{width * PT:.3f} w 1 J 1 j {way[0]} m " + " ".join(f"{p} l" for p in way[1:]) + " S"
        )

    def text(
        self, file: str, size: float, x: float, y: float, text: str, stretch: float = 1.0, up: bool = False
    ) -> None:
        """`size` of an em in mm, baseline at y; `up`: reads upwards, baseline at x."""
        name = self.names.setdefault(file, f"F{len(self.names)}")
        self.used.setdefault(file, set()).update(text)
        raw = text.encode("cp1252").hex()
        turn = "0 1 -1 0" if up else "1 0 0 1"
        self.parts.append(
            f"BT /{name} {size * PT:.3f} Tf {stretch * 100:.2f} Tz {turn} {x * PT:.3f} {self._y(y):.3f} Tm"
            f" <{raw}> Tj ET"
        )


def _embed(pdf: pikepdf.Pdf, file: str, chars: set[str]) -> Any:
    """A TrueType font cut to `chars`, in the encoding of Windows."""
    options = subset.Options(
        hinting=False,
        drop_tables=[*subset.Options().drop_tables, "FFTM"],
        notdef_outline=True,
        name_IDs=[1, 2, 6],
        layout_features=[],
    )
    face = TTFont(str(font_path(file)), recalcTimestamp=False)
    maker = subset.Subsetter(options)
    maker.populate(unicodes=[ord(c) for c in chars] + [32])
    maker.subset(face)
    data = io.BytesIO()
    face.save(data)
    per_em = 1000 / face["head"].unitsPerEm
    cmap, advance = face.getBestCmap(), face["hmtx"]
    widths = []
    for code in range(32, 256):
        try:
            glyph = cmap.get(ord(bytes([code]).decode("cp1252")))
        except UnicodeDecodeError:
            glyph = None
        widths.append(round(advance[glyph][0] * per_em) if glyph else 0)
    stem = "AAAAAA+" + Path(file).stem
    head, across = face["head"], face["hhea"]
    bounds = [round(v * per_em) for v in (head.xMin, head.yMin, head.xMax, head.yMax)]
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=pikepdf.Name("/" + stem),
        Flags=32,
        FontBBox=bounds,
        ItalicAngle=0,
        Ascent=round(across.ascent * per_em),
        Descent=round(across.descent * per_em),
        CapHeight=700,
        StemV=80,
        FontFile2=pikepdf.Stream(pdf, data.getvalue()),
    )
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.TrueType,
            BaseFont=pikepdf.Name("/" + stem),
            FirstChar=32,
            LastChar=255,
            Widths=widths,
            Encoding=pikepdf.Name.WinAnsiEncoding,
            FontDescriptor=pdf.make_indirect(descriptor),
        )
    )


def write_pdf(pages: list[Page], title: str) -> bytes:
    """The pages as one PDF of text; no date and no random id, so that the same pages give the same bytes."""
    pdf = pikepdf.new()
    files = sorted({file for page in pages for file in page.used})
    fonts = {
        file: _embed(pdf, file, set().union(*(page.used.get(file, set()) for page in pages))) for file in files
    }
    for page in pages:
        made = pdf.add_blank_page(page_size=(page.width * PT, page.height * PT))
        made.Contents = pdf.make_stream("\n".join(page.parts).encode("latin-1"))
        own = {"/" + name: fonts[file] for file, name in page.names.items()}
        made.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(own))
    pdf.docinfo["/Title"] = title
    pdf.docinfo["/Producer"] = "logiciel de cabinet (specimen)"
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def form_page(form: Form) -> Page:
    """The blank form, every fill and caption as such."""
    page = Page(*form.page_mm)
    drawing = form.drawing
    colours = {name: tuple(rgb) for name, rgb in drawing["colours"].items()}
    for name, x, y, w, h in drawing["fills"]:
        page.colour(colours[name])
        page.box(x, y, w, h)
    for name, points in drawing["polygons"]:
        page.colour(colours[name])
        page.shape(points)
    for caption in drawing["captions"]:
        page.colour(colours[caption["colour"]])
        file, em, base = FILES[caption["font"]], caption["em"], caption["baseline"]
        for text, start, length in caption["words"]:
            left, _, right, _ = font(file, SIZE).getbbox(text, anchor="ls")
            stretch = length / ((right - left) * em / SIZE)
            offset = left * em / SIZE * stretch
            if caption.get("turned"):
                page.text(file, em, base, start + offset, text, stretch, up=True)
            else:
                page.text(file, em, start - offset, base, text, stretch)
    return page


def filled_page(form: Form, case: Case, file: str, rng: random.Random) -> Page:
    """A sheet filled by a practice's software that makes PDFs: signatures are drawn lines."""
    page = form_page(form)
    page.colour((20, 20, 20))
    size = rng.uniform(3.3, 3.9)
    for name, each in form.fields.items():
        value = case.fields.get(name)
        if value is True:
            _mark(page, each.kind, each.box, file, size, rng)
        elif isinstance(value, str):
            _value(page, each, value, file, size)
    return page


def _mark(page: Page, kind: str, box: Any, file: str, size: float, rng: random.Random) -> None:
    x, y, w, h = box
    if kind == "check":
        page.text(file, size, x + w / 2 - size * 0.34, y + h / 2 + size * 0.36, "X")
        return
    for points in signature_lines(w * 0.6, h * 0.8, 0.3, rng):
        page.line(points + np.array((x + w * 0.15, y + h * 0.05)), 0.35)


def _value(page: Page, field_: Any, value: str, file: str, size: float) -> None:
    if field_.kind in ("text", "cell", "text_block"):
        x, y, w, h = field_.box
        lines = value.split("\n")
        high = min(size, h / len(lines) * 0.8)
        room = w - 2
        for place, line in enumerate(lines):
            length = font(file, SIZE).getlength(line) * high / SIZE
            base = y + h / 2 + high * 0.35 if len(lines) == 1 else y + 1 + high * (0.9 + 1.2 * place)
            left = x + (w - length) / 2 if w < 20 else x + 1
            page.text(file, high, left, base, line, min(1.0, room / length))
        return
    for (x, y, w, h), char in zip(field_.boxes, cells_of(field_, value), strict=True):
        if char:
            length = font(file, SIZE).getlength(char) * size / SIZE
            page.text(file, size, x + (w - length) / 2, y + h * 0.55 + size * 0.36, char)


def invoice_page(lines: list[tuple[str, str, str]], head: list[str], foot: list[str]) -> Page:
    """An invoice that is no form: `lines` of (label, quantity, amount)."""
    page = Page(210.0, 297.0)
    page.colour((30, 30, 30))
    plain, bold = "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"
    for place, text in enumerate(head):
        page.text(bold if place == 0 else plain, 5.2 if place == 0 else 3.7, 20, 28 + place * 6, text)
    top = 40 + 6 * len(head)
    page.colour((226, 232, 240))
    page.box(18, top, 174, 8)
    page.colour((30, 30, 30))
    for x, text in ((20, "Désignation"), (130, "Qté"), (160, "Montant TTC")):
        page.text(bold, 3.7, x, top + 5.5, text)
    for place, (label, count, amount) in enumerate(lines):
        y = top + 15 + place * 7
        for x, text in ((20, label), (132, count), (163, amount)):
            page.text(plain, 3.7, x, y, text)
        page.box(18, y + 2.2, 174, 0.12)
    for place, text in enumerate(foot):
        page.text(
            bold if place == 0 else plain,
            3.7,
            110 if place == 0 else 20,
            top + 30 + 7 * (len(lines) + place),
            text,
        )
    return page
