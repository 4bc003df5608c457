"""A file is what its bytes say; what cannot be read is refused with its code, before it is decoded."""

import contextlib
import io
import struct
import zlib

import img2pdf
import numpy as np
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from domain.errors import CATALOGUE, Refused
from ocr import calls
from ocr.files import open_file, sniff


def png(width: int = 300, height: int = 400, mode: str = "L", dpi: int = 200) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), "white").save(out, "PNG", dpi=(dpi, dpi))
    return out.getvalue()


def jpeg(width: int = 300, height: int = 400, exif: int | None = None) -> bytes:
    out = io.BytesIO()
    image = Image.fromarray(np.random.default_rng(1).integers(0, 255, (height, width), np.uint8))
    extra = {}
    if exif is not None:
        tags = Image.Exif()
        tags[0x0112] = exif
        extra["exif"] = tags.tobytes()
    image.save(out, "JPEG", dpi=(200, 200), **extra)
    return out.getvalue()


def tiff(pages: int = 3, compression: str = "group4") -> bytes:
    out = io.BytesIO()
    mode = "1" if compression == "group4" else "L"
    images = [Image.new(mode, (200 + 10 * i, 300), 1 if mode == "1" else 255) for i in range(pages)]
    images[0].save(
        out, "TIFF", save_all=True, append_images=images[1:], compression=compression, dpi=(200, 200)
    )
    return out.getvalue()


def pdf(pages: int = 2) -> bytes:
    return bytes(img2pdf.convert([jpeg(300 + 10 * i) for i in range(pages)], nodate=True))


def decode_all(data: bytes, **limits: int) -> None:
    with open_file(data, **limits) as source:
        for index in range(len(source)):
            source.page(index)


def code_of(data: bytes, **limits: int) -> str:
    with pytest.raises(Refused) as refusal:
        decode_all(data, **limits)
    assert refusal.value.code in CATALOGUE
    return refusal.value.code


def huge_png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_the_type_is_told_by_content() -> None:
    assert sniff(png()) == "image/png"
    assert sniff(jpeg()) == "image/jpeg"
    assert sniff(tiff()) == "image/tiff"
    assert sniff(pdf()) == "application/pdf"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "fichier_vide"),
        (b"PK\x03\x04 a spreadsheet", "type_inconnu"),
        (b"<html><body>%PDF</body>", "type_inconnu"),
        (b"%PDF-1.7 and nothing else", "fichier_illisible"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "fichier_illisible"),
        (b"II*\0\x08\0\0\0" + b"\xff" * 30, "fichier_illisible"),
        (b"\xff\xd8\xff\xe0 no picture", "fichier_illisible"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, code: str) -> None:
    assert code_of(data) == code


@pytest.mark.parametrize("make", [jpeg, png, pdf])
def test_a_cut_file_is_refused_or_whole_pages_remain(make) -> None:
    data = make()
    assert code_of(data[: len(data) // 3]) == "fichier_illisible"


def test_a_cut_tiff_is_refused() -> None:
    assert code_of(tiff(1, "tiff_lzw")[:200]) == "fichier_illisible"


def test_a_protected_pdf_is_refused() -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert code_of(out.getvalue()) == "fichier_chiffre"


def test_a_small_file_of_a_huge_page_is_refused_unread() -> None:
    assert code_of(huge_png(30_000, 30_000)) == "page_trop_grande"
    assert code_of(png(300, 400), max_pixels=100_000) == "page_trop_grande"


def test_a_huge_image_inside_a_pdf_is_refused_unread() -> None:
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(595, 842))
        image = pikepdf.Stream(document, zlib.compress(b"\0" * 1000))
        image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        image.Width, image.Height, image.BitsPerComponent = 60_000, 60_000, 8
        image.ColorSpace, image.Filter = pikepdf.Name.DeviceGray, pikepdf.Name.FlateDecode
        page = document.pages[0]
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
        page.Contents = pikepdf.Stream(document, b"q 595 0 0 842 0 0 cm /I Do Q")
        out = io.BytesIO()
        document.save(out)
    assert code_of(out.getvalue()) == "page_trop_grande"


def test_a_poster_in_vectors_is_drawn_coarser() -> None:
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(5_000, 7_000))
        out = io.BytesIO()
        document.save(out)
    with open_file(out.getvalue()) as source:
        assert source.page(0).image.shape[0] * source.page(0).image.shape[1] < 45_000_000


@pytest.mark.parametrize("data", [tiff(4), pdf(4)])
def test_pages_are_counted_before_they_are_read(data: bytes) -> None:
    assert code_of(data, max_pages=3) == "trop_de_pages"
    with open_file(data, max_pages=4) as source:
        assert len(source) == 4


@pytest.mark.parametrize("compression", ["group4", "tiff_lzw", "jpeg", "tiff_deflate"])
def test_each_page_of_a_tiff_is_read(compression: str) -> None:
    with open_file(tiff(3, compression)) as source:
        assert [source.page(i).image.shape for i in range(3)] == [(300, 200), (300, 210), (300, 220)]
        assert source.page(1).dpi == pytest.approx(200)


def test_a_page_of_a_tiff_is_given_again() -> None:
    with open_file(tiff(3, "tiff_lzw")) as source:
        seen = [source.page(i).image for i in (1, 1, 0, 1)]
        assert [each.shape for each in seen] == [(300, 210), (300, 210), (300, 200), (300, 210)]
        assert (seen[0] == seen[1]).all()
        assert (seen[0] == seen[3]).all()


def test_a_scan_in_a_pdf_is_taken_out_as_it_was() -> None:
    with open_file(pdf(1)) as source, open_file(jpeg()) as alone:
        page = source.page(0)
        assert np.array_equal(page.image, alone.page(0).image)
        assert page.dpi == pytest.approx(200, abs=0.5)


def test_a_turned_photo_tells_its_turn() -> None:
    with open_file(jpeg(exif=6)) as source:
        assert source.page(0).turn == 90
        assert source.page(0).image.shape == (400, 300)


def test_clear_paper_is_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (60, 80), (0, 0, 0, 0)).save(out, "PNG")
    with open_file(out.getvalue()) as source:
        assert source.page(0).image.min() == 255


@pytest.mark.parametrize("data", [tiff(4), pdf(4)])
def test_pages_are_taken_without_encoding_them_anew(data: bytes) -> None:
    facts, (part,) = calls.take(data, pages=[2, 0])
    assert sniff(part) == facts["media_type"]
    with open_file(data) as whole, open_file(part) as taken:
        assert len(taken) == 2
        assert np.array_equal(taken.page(0).image, whole.page(2).image)
        assert np.array_equal(taken.page(1).image, whole.page(0).image)
    assert calls.take(data, pages=[2, 0])[1] == [part]


def test_a_single_image_is_taken_as_it_is() -> None:
    data = jpeg()
    assert calls.take(data, pages=[0])[1] == [data]
    with pytest.raises(IndexError):
        calls.take(data, pages=[1])


def test_a_piece_of_a_page_is_drawn() -> None:
    facts, (picture,) = calls.render(png(800, 400), page=0, rotation=90, box=(0.25, 0.25, 0.5, 0.5), dpi=100)
    with Image.open(io.BytesIO(picture)) as image:
        assert image.size == (facts["width"], facts["height"])
        assert image.width < image.height


@given(
    st.binary(min_size=1, max_size=400),
    st.sampled_from([b"%PDF-1.4\n", b"II*\0", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]),
)
def test_no_bytes_bring_it_down(noise: bytes, magic: bytes) -> None:
    with contextlib.suppress(Refused):
        decode_all(magic + noise)
