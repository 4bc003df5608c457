"""PDF/A-2b: validated, upright, its text found again where the words are, whatever came in."""

import io
import pathlib
import random
import struct

import numpy
import pikepdf
import pypdfium2
import pytest
from pikepdf.pdfa import validate_written
from PIL import Image, ImageChops, ImageDraw

from archive.pdfa import build as module
from archive.pdfa.build import build
from archive.pdfa.fonts import clean
from domain.errors import Failed, Refused

WORDS = [
    {"text": "DUPONT Éloïse", "page": 0, "box": [0.10, 0.10, 0.30, 0.02]},
    {"text": "12/03/2026", "page": 0, "box": [0.55, 0.40, 0.20, 0.02]},
    {"text": "première ligne\nseconde ligne", "page": 0, "box": [0.10, 0.80, 0.40, 0.05]},
]


def sheet(mode="L", size=(827, 1169)):
    """An upright A4 page at 100 dpi with a black block near its upper left corner."""
    image = Image.new(mode, size, "white")
    ImageDraw.Draw(image).rectangle((40, 40, 200, 90), fill=0 if mode != "RGB" else (30, 30, 160))
    return image


def saved(image, format, **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def text_of(pdf, page=0):
    with pypdfium2.PdfDocument(pdf) as document:
        return document[page].get_textpage().get_text_range()


def drawn(pdf, page=0, dpi=50):
    with pypdfium2.PdfDocument(pdf) as document:
        return numpy.asarray(document[page].render(scale=dpi / 72, grayscale=True).to_pil())


def block_is_upper_left(pixels):
    dark = numpy.argwhere(pixels < 128)
    y, x = dark.mean(axis=0)
    return x < pixels.shape[1] / 3 and y < pixels.shape[0] / 6


def assert_valid(pdf):
    report = validate_written(io.BytesIO(pdf), "2b")
    assert report.passed, report.summary()


def assert_words_in_place(pdf, words=WORDS, tolerance=0.02):
    """Each word is found, and its first character begins where its box does."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        textpage = page.get_textpage()
        width, height = page.get_size()
        turn, (x0, y0, x1, y1) = page.get_rotation(), page.get_bbox()
        for word in words:
            first = word["text"].split("\n")[0]
            at = textpage.search(first, match_case=True).get_next()
            assert at is not None, f"{first!r} not in {textpage.get_text_range()!r}"
            left, bottom, right, top = textpage.get_charbox(at[0])
            u, v = {
                0: (left - x0, y1 - top),
                90: (bottom - y0, left - x0),
                180: (x1 - right, bottom - y0),
                270: (y1 - top, x1 - right),
            }[turn]
            assert abs(u / width - word["box"][0]) < tolerance
            assert abs(v / height - word["box"][1]) < tolerance


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_an_image_is_turned_upright_with_its_words_behind(rotation, mode):
    turned = sheet(mode).rotate(rotation, expand=True)  # anticlockwise: `rotation` clockwise mends it
    data = saved(turned, "PNG", dpi=(100, 100))
    report, (pdf,) = build(data, words=WORDS, rotations=[rotation], title="feuille")
    assert report == {"method": "image", "verdict": "pass", "flavour": "2b", "refused": [], "pages": 1}
    assert_valid(pdf)
    assert block_is_upper_left(drawn(pdf))
    assert_words_in_place(pdf)
    with pypdfium2.PdfDocument(pdf) as document:
        assert [round(side) for side in document[0].get_size()] == [595, 842]


def test_the_text_is_not_seen():
    with_words = drawn(build(saved(sheet(), "PNG"), words=WORDS)[1][0])
    without = drawn(build(saved(sheet(), "PNG"))[1][0])
    assert (with_words == without).all()


def test_a_jpeg_is_kept_byte_for_byte():
    data = saved(sheet("RGB"), "JPEG", quality=82, dpi=(100, 100))
    _, (pdf,) = build(data, words=WORDS, rotations=[90])
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (image,) = document.pages[0].get_images().values()
        assert image.read_raw_bytes() == data
        assert image.Filter == "/DCTDecode"
    assert_valid(pdf)


def test_a_jpeg_turned_by_its_exif_is_shown_as_a_viewer_does():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise by 90
    data = saved(sheet().rotate(90, expand=True), "JPEG", exif=exif, dpi=(100, 100))
    for rotations in (None, [90]):  # with a rotation measured on the pixels, never turned twice
        _, (pdf,) = build(data, words=WORDS, rotations=rotations)
        assert block_is_upper_left(drawn(pdf))
        assert_words_in_place(pdf)


@pytest.mark.parametrize("photometric", [0, 1])
def test_two_levels_become_g4_and_stay_the_right_way_round(photometric):
    image = sheet("1") if photometric else ImageChops.invert(sheet("1"))
    data = bytearray(saved(image, "TIFF", compression="group4", dpi=(100, 100)))
    entry = data.index(struct.pack("<HHIH", 262, 3, 1, 1))
    data[entry + 8] = photometric  # 0: the same bits, now read as white is zero
    _, (pdf,) = build(bytes(data), words=WORDS)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (image,) = document.pages[0].get_images().values()
        assert image.Filter == "/CCITTFaxDecode"
    pixels = drawn(pdf)
    assert pixels.mean() > 200
    assert block_is_upper_left(pixels)
    assert_valid(pdf)
    assert len(pdf) < 30_000


def test_a_tiff_of_several_pages_and_kinds():
    pages = [sheet("1"), sheet("RGB"), sheet("L")]
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    words = [{"text": f"page {n}", "page": n, "box": [0.1, 0.1, 0.3, 0.02]} for n in range(3)]
    report, (pdf,) = build(out.getvalue(), words=words, rotations=[0, 180, 0])
    assert report["pages"] == 3
    assert [text_of(pdf, n).strip() for n in range(3)] == ["page 0", "page 1", "page 2"]
    report, (pdf,) = build(out.getvalue(), pages=[2], words=words, rotations=[0])
    assert (report["pages"], text_of(pdf).strip()) == (1, "page 2")
    assert_valid(pdf)


@pytest.mark.parametrize("mode", ["CMYK", "RGBA", "P", "LA", "I;16"])
def test_unusual_pixels_are_brought_to_grey_or_colour(mode):
    if mode == "I;16":
        image = Image.fromarray(numpy.asarray(sheet()).astype("uint16") * 257)
    else:
        image = sheet("RGB").convert("L" if mode == "LA" else "RGB").convert(mode)
    report, (pdf,) = build(saved(image, "TIFF"), words=WORDS)
    assert report["verdict"] == "pass"
    assert block_is_upper_left(drawn(pdf))


def test_what_the_font_lacks_is_found_all_the_same():
    words = [{"text": "漢字 ☤ œuvre ﬁn €", "page": 0, "box": [0.1, 0.1, 0.5, 0.03]}]
    _, (pdf,) = build(saved(sheet(), "PNG"), words=words)
    assert_valid(pdf)
    assert "漢字" in text_of(pdf)
    assert "œuvre" in text_of(pdf)


def test_hostile_words_are_cleaned_and_never_break_the_page():
    texts = ["\x00\x07)Tj ET Q (", "\ud800seul", "\ufeff\ufffe", "", "   ", "a" * 5000, "\u202egnol"]
    boxes = [[0, 0, 0, 0], [0.2, 0.2, 1e-9, 0.02], [-1, -1, 3, 3], [0.1, 0.1, 0.2, 0.02]]
    words = [{"text": t, "page": p, "box": b} for t in texts for b in boxes for p in (0, 7)]
    _, (pdf,) = build(saved(sheet(), "PNG"), words=words)
    assert_valid(pdf)
    assert clean("a\x00\ud800\ufeffé") == "aé"


def test_the_same_inputs_give_the_same_bytes():
    data = saved(sheet("RGB"), "PNG")
    first = build(data, words=WORDS, title="T", created="2026-11-22T10:00:00Z")
    assert build(data, words=WORDS, title="T", created="2026-11-22T10:00:00Z") == first


def scanned_pdf(image, *, rotate=0, ocr=False):
    """A page that is one picture, as a scanner makes it; `ocr`: with its own hidden text."""
    words = [{"text": "texte du scanner", "page": 0, "box": [0.5, 0.5, 0.3, 0.02]}] if ocr else []
    _, (pdf,) = build(saved(image, "PNG", dpi=(100, 100)), words=words)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.pages[0].rotate(rotate, relative=False)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("own", "asked"), [(0, 0), (90, 0), (0, 90), (90, 90), (180, 270), (270, 180)])
def test_a_scanned_pdf_is_turned_and_given_our_words(own, asked):
    image = sheet("RGB").rotate(own + asked, expand=True)
    data = scanned_pdf(image, rotate=own, ocr=True)
    report, (pdf,) = build(data, words=WORDS, rotations=[asked])
    assert report["method"] == "conversion"
    assert block_is_upper_left(drawn(pdf))
    assert_words_in_place(pdf)
    assert "texte du scanner" not in text_of(pdf)
    assert_valid(pdf)


def test_a_scan_stored_raw_is_made_light():
    noise = numpy.random.default_rng(5).normal(230, 8, (1169, 827, 3)).clip(0, 255).astype("uint8")
    plain = pikepdf.Pdf.new()
    page = plain.add_blank_page(page_size=(595, 842))
    picture = plain.make_stream(
        noise.tobytes(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=827,
        Height=1169,
        BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceRGB,
    )
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
    page.Contents = plain.make_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q")
    out = io.BytesIO()
    plain.save(out)
    report, (pdf,) = build(out.getvalue(), words=WORDS)
    assert report["method"] == "conversion"
    assert len(pdf) < len(out.getvalue()) / 4
    assert_words_in_place(pdf)


def born_digital(embedded_font=True):
    typst = pytest.importorskip("typst")
    source = b'#set text(font: "DejaVu Sans")\nFacture du 12 mars 2026 : 30,00 euros\n'
    if embedded_font:
        return typst.compile(source)
    pdf = pikepdf.Pdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = pdf.make_stream(b"BT /F1 24 Tf 72 700 Td (Facture du 12 mars 2026) Tj ET")
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_a_born_digital_pdf_is_converted_with_its_own_text():
    report, (pdf,) = build(born_digital(), words=WORDS)
    assert report["method"] == "conversion"
    assert "Facture du 12 mars 2026" in text_of(pdf)
    assert "DUPONT" not in text_of(pdf)
    assert_valid(pdf)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_one_that_is_refused_is_drawn_again_with_its_text(rotation):
    report, (pdf,) = build(born_digital(embedded_font=False), rotations=[rotation])
    assert report["method"] == "rendu"
    assert report["refused"]
    assert "Facture du 12 mars 2026" in text_of(pdf)
    assert_valid(pdf)


def test_the_drawn_text_lies_where_it_was():
    _, (pdf,) = build(born_digital(embedded_font=False))
    pixels = drawn(pdf, dpi=72)
    y, x = numpy.argwhere(pixels < 128).min(axis=0)
    with pypdfium2.PdfDocument(pdf) as document:
        left, _, _, top = document[0].get_textpage().get_charbox(0)
    assert abs(left - x) < 4
    assert abs(842 - top - y) < 8


def test_refusals_are_coded():
    with pytest.raises(Refused, match="page_trop_grande"):
        build(saved(sheet(), "PNG"), max_pixels=1000)
    with pytest.raises(Refused, match="fichier_illisible"):
        build(b"rien du tout")
    with pytest.raises(Refused, match="fichier_illisible"):
        build(saved(sheet("RGB"), "JPEG")[:900])
    with pytest.raises(Refused, match="fichier_illisible"):
        build(b"%PDF-1.7\nrien")
    with pytest.raises(Refused, match="fichier_illisible"):
        build(saved(sheet(), "PNG"), pages=[3], rotations=[0])
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(born_digital())) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(Refused, match="fichier_chiffre"):
        build(locked.getvalue())


def test_nothing_leaves_that_the_validator_refuses(monkeypatch):
    def refuse(*_):
        raise module.Refusal(["règle"])

    monkeypatch.setattr(module, "finish", refuse)
    with pytest.raises(Failed, match="règle"):
        build(saved(sheet(), "PNG"))


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_is_a_coded_refusal_or_a_valid_pdfa(seed):
    """One file of each kind, cut or with bytes changed: never another exception."""
    chance = random.Random(seed)
    make = [
        lambda: saved(sheet("1"), "TIFF", compression="group4"),
        lambda: saved(sheet("RGB"), "JPEG"),
        lambda: saved(sheet(), "PNG"),
        lambda: born_digital(embedded_font=False),
        lambda: scanned_pdf(sheet("RGB")),
    ][seed % 5]
    data = bytearray(make())
    for _ in range(chance.randrange(1, 12)):
        data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
    if chance.random() < 0.3:
        del data[chance.randrange(len(data)) :]
    try:
        _, (pdf,) = build(bytes(data), words=WORDS, max_pixels=10_000_000)
    except (Refused, Failed):
        return
    assert_valid(pdf)


SCANS = pathlib.Path("data/scans")


@pytest.mark.parametrize(
    "name",
    ["c02-22.pdf", "cardinal.pdf", "ccitt.pdf", "francais.pdf", "graph.pdf", "jbig2.pdf", "multipage.pdf"],
)
def test_files_of_others_pass(shared, name):
    report, (pdf,) = build((shared / SCANS / name).read_bytes(), max_pixels=30_000_000)
    assert report["verdict"] == "pass"
    assert_valid(pdf)
