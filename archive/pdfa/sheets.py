"""The three ways to the pages of a PDF/A: from pictures, from a PDF kept, from a PDF drawn again."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from archive.pdfa.fonts import TextFont
from archive.pdfa.images import Picture, encoded, pictures, recompress
from archive.pdfa.survey import open_pdf, own_text, page_of, survey
from archive.pdfa.text import Matrix, Piece, Size, draw_image, image_upright, layer, upright_to_page
from archive.pdfa.write import Refusal
from domain.errors import Refused

_FONT = "LiasseInvisible"
_IMAGE = "LiassePicture"
_A4_WIDTH_MM = 210.0


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be built; fields as those of build()."""

    data: bytes
    pages: tuple[int, ...] | None
    lines: tuple[Piece, ...]
    rotations: tuple[int, ...]
    dpis: tuple[float, ...]
    max_pixels: int

    def wanted(self, count: int) -> tuple[int, ...]:
        if self.pages is None:
            return tuple(range(count))
        if any(not 0 <= page < count for page in self.pages):
            raise Refused("fichier_illisible", "Une page demandée n'existe pas.")
        return self.pages

    def of(self, page: int) -> list[Piece]:
        return [line for line in self.lines if line.page == page]

    def rotation(self, place: int) -> int:
        return self.rotations[place] % 360 if place < len(self.rotations) else 0


def from_images(job: Job) -> Pdf:
    """One page a picture of an image file."""
    pictured = list(
        pictures(job.data, max_pixels=job.max_pixels, wanted=job.pages, as_stored=bool(job.rotations))
    )
    sheets = []
    for place, (number, picture) in enumerate(pictured):
        told = job.dpis[place] if place < len(job.dpis) else 0
        dpi = picture.dpi or told or min(picture.width, picture.height) / (_A4_WIDTH_MM / 25.4)
        sheets.append((picture, dpi, job.rotation(place), job.of(number)))
    return _of_pictures(sheets)


def redrawn(job: Job) -> Pdf:
    """Each page of a PDF drawn as a picture, its own text behind it (ours where it has none)."""
    sheets = []
    with open_pdf(job.data) as source:
        if source.get_formtype():
            source.init_forms()
        for place, number in enumerate(job.wanted(len(source))):
            page, rotation = page_of(source, number), job.rotation(place)
            found = survey(page)
            width, height = page.get_size()
            dpi = min(found.dpi, 72 * (job.max_pixels / max(width * height, 1)) ** 0.5)
            bitmap = page.render(scale=dpi / 72, rotation=0, rev_byteorder=True)
            picture = encoded(bitmap.to_pil(), dpi)
            lines = own_text(page, number, rotation) if found.kind == "text" else []
            sheets.append((picture, dpi, rotation, lines or job.of(number)))
    return _of_pictures(sheets)


def converted(job: Job) -> Pdf:
    """The pages of a PDF as they are: a scanned one reduced to its picture and our words, one
    without text given our words. Raises Refusal where the PDF cannot be opened for writing."""
    with open_pdf(job.data) as source:
        wanted = job.wanted(len(source))
        surveyed = {number: survey(page_of(source, number)) for number in wanted}
    try:
        pdf = pikepdf.open(io.BytesIO(job.data))
    except pikepdf.PdfError as error:
        raise Refusal(["liasse:open"]) from error
    try:
        kept = [pdf.pages[number] for number in wanted]
        font = _font(pdf, (line for n in wanted if surveyed[n].kind != "text" for line in job.of(n)))
        for place, number in enumerate(wanted):
            page, found = kept[place], surveyed[number]
            page.rotate((int(page.obj.get(Name.Rotate, 0)) + job.rotation(place)) % 360, relative=False)
            if found.kind == "text":
                continue
            if found.matrix is not None and isinstance(image := _only_image(page), pikepdf.Stream):
                recompress(image)
                page.obj.Resources = Dictionary(XObject=Dictionary({f"/{_IMAGE}": image}))
                page.obj.Contents = pdf.make_stream(draw_image(found.matrix, _IMAGE))
            _overlay(pdf, page, font, job.of(number))
        _keep_only(pdf, wanted)
        _drop_what_is_optional(pdf)
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError) as error:
        pdf.close()
        raise Refusal([f"liasse:{type(error).__name__}"]) from error
    return pdf


def _drop_what_is_optional(pdf: Pdf) -> None:
    """/CIDSet is optional in PDF/A-2 and wrong in what many programs write (ISO 19005-2, 6.2.11.4.2);
    private entries of the trailer say nothing of the pages."""
    for item in pdf.objects:
        described = isinstance(item, pikepdf.Dictionary) and item.get(Name.Type) == Name.FontDescriptor
        if described and Name.CIDSet in item:
            del item[Name.CIDSet]
    for key in set(pdf.trailer.keys()) - {"/Root", "/Info", "/ID", "/Size", "/Prev", "/Encrypt"}:
        del pdf.trailer[key]


def _keep_only(pdf: Pdf, wanted: Sequence[int]) -> None:
    if tuple(wanted) != tuple(range(len(pdf.pages))):
        kept = [pdf.pages[number] for number in wanted]
        del pdf.pages[:]
        pdf.pages.extend(kept)


def _only_image(page: pikepdf.Page) -> pikepdf.Object | None:
    """The picture of a page whose resources name exactly one, directly."""
    found = list(page.get_images(recursive=False).values())
    alone = len(found) == 1 and isinstance(found[0], pikepdf.Stream)
    return found[0] if alone and not bool(found[0].get(Name.ImageMask, False)) else None


def _overlay(pdf: Pdf, page: pikepdf.Page, font: TextFont | None, lines: list[Piece]) -> None:
    if font is None or not lines:
        return
    x0, y0, x1, y1 = (float(value) for value in page.cropbox)
    size, matrix = upright_to_page((x0, y0, x1, y1), int(page.obj.get(Name.Rotate, 0)))
    name = page.add_resource(font.object, Name.Font, Name(f"/{_FONT}"))
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"\nQ\n" + layer(lines, font, size, matrix, str(name)[1:]))


def _font(pdf: Pdf, lines: Iterable[Piece]) -> TextFont | None:
    texts = [line.text for line in lines]
    return TextFont(pdf, texts) if texts else None


def _of_pictures(sheets: list[tuple[Picture, float, int, list[Piece]]]) -> Pdf:
    pdf = Pdf.new()
    font = _font(pdf, (line for *_, lines in sheets for line in lines))
    for picture, dpi, rotation, lines in sheets:
        size: Size = (picture.width * 72 / dpi, picture.height * 72 / dpi)
        if rotation in (90, 270):
            size = (size[1], size[0])
        identity: Matrix = (1, 0, 0, 1, 0, 0)
        content = draw_image(image_upright(size, rotation), _IMAGE)
        resources = Dictionary(XObject=Dictionary({f"/{_IMAGE}": picture.embed(pdf)}))
        if font is not None and lines:
            content += layer(lines, font, size, identity, _FONT)
            resources.Font = Dictionary({f"/{_FONT}": font.object})
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, round(size[0], 2), round(size[1], 2)]),
            Resources=resources,
            Contents=pdf.make_stream(content),
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    return pdf
