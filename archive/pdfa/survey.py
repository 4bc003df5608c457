"""What each page of a PDF holds: text that is seen, one scanned picture, or something else."""

import math
from dataclasses import dataclass
from typing import Literal

import pypdfium2
import pypdfium2.raw as pdfium

from archive.pdfa.fonts import clean
from archive.pdfa.text import Piece
from domain.errors import Refused

Kind = Literal["text", "scan", "other"]
_INVISIBLE = 3
_COVERS = 0.85
_RENDER_DPI = (150, 300)


@dataclass(frozen=True, slots=True)
class Surveyed:
    """`matrix`: of the one picture of a scan. `dpi`: that keeps the finest picture of the page."""

    kind: Kind
    matrix: tuple[float, float, float, float, float, float] | None
    dpi: float


def open_pdf(data: bytes) -> pypdfium2.PdfDocument:
    """Raises Refused (fichier_chiffre, fichier_illisible)."""
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
        raise Refused("fichier_chiffre" if locked else "fichier_illisible") from error


def page_of(source: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage:
    """Raises Refused (fichier_illisible)."""
    try:
        return source[number]
    except pypdfium2.PdfiumError as error:
        raise Refused("fichier_illisible") from error


def survey(page: pypdfium2.PdfPage) -> Surveyed:
    images = []
    seen_text = other = False
    for item in page.get_objects(max_depth=4):
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT:
            seen_text |= pdfium.FPDFTextObj_GetTextRenderMode(item.raw) != _INVISIBLE
        elif item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            images.append(item)
        elif item.type != pdfium.FPDF_PAGEOBJ_FORM:  # its contents come by themselves
            other = True
    width, height = page.get_size()
    inches = max(width, 1) / 72
    dpi = max((_pixels(image)[0] / inches for image in images), default=_RENDER_DPI[0])
    dpi = min(max(dpi, _RENDER_DPI[0]), _RENDER_DPI[1])
    if seen_text:
        return Surveyed("text", None, _RENDER_DPI[1] if dpi > 200 else 200)
    alone = len(images) == 1 and not other and pdfium.FPDFPage_GetAnnotCount(page.raw) == 0
    if alone and getattr(images[0], "level", 0) == 0 and _share(images[0], width * height) > _COVERS:
        matrix = images[0].get_matrix()
        return Surveyed("scan", tuple(matrix.get()), dpi)
    return Surveyed("other", None, dpi)


def _pixels(image: pypdfium2.PdfImage) -> tuple[int, int]:
    try:
        width, height = image.get_px_size()
    except pypdfium2.PdfiumError:
        return (0, 0)
    return (int(width), int(height))


def _share(image: pypdfium2.PdfImage, page_area: float) -> float:
    a, b, c, d, _, _ = image.get_matrix().get()
    return float(abs(a * d - b * c) / max(page_area, 1.0))


def own_text(page: pypdfium2.PdfPage, number: int, rotation: int) -> list[Piece]:
    """The text of a page, line by line, for the page turned clockwise by `rotation` more."""
    textpage = page.get_textpage()
    x0, y0, x1, y1 = page.get_bbox()
    turn = (page.get_rotation() + rotation) % 360
    found = []
    for index in range(textpage.count_rects()):
        left, bottom, right, top = textpage.get_rect(index)
        text = clean(textpage.get_text_bounded(left, bottom, right, top).replace("\r\n", " ")).strip()
        if text:
            u = ((left - x0) / (x1 - x0), (right - x0) / (x1 - x0))
            v = ((bottom - y0) / (y1 - y0), (top - y0) / (y1 - y0))
            found.append(Piece(text, number, _upright(u, v, turn)))
    return [piece for piece in found if all(math.isfinite(value) for value in piece.box)]


def _upright(u: tuple[float, float], v: tuple[float, float], turn: int) -> tuple[float, float, float, float]:
    """From fractions of the page's own space (v upwards) to a box of the upright page."""
    match turn:
        case 0:
            return (u[0], 1 - v[1], u[1] - u[0], v[1] - v[0])
        case 90:
            return (v[0], u[0], v[1] - v[0], u[1] - u[0])
        case 180:
            return (1 - u[1], v[0], u[1] - u[0], v[1] - v[0])
        case _:
            return (1 - v[1], 1 - u[1], v[1] - v[0], u[1] - u[0])
