"""A named corpus of hostile files, made by code. Each has a name, its bytes, and what must come of it.

The expected answers: codes of domain.errors (a refusal, or a fault that ends in quarantine), or LU
where the file is only odd: it is read as what it is, and nothing in it is run.
"""

import bz2
import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pikepdf
from PIL import Image

LU = "lu"
SPENT = ("lecture_trop_longue", "lecture_trop_lourde", "lecteur_tombe")
BROKEN = "fichier_illisible"


@dataclass(frozen=True)
class Hostile:
    name: str
    make: Callable[[], bytes]
    expected: tuple[str, ...]
    long: bool = False
    """Left to the long form: it takes time and tells little more than its neighbours."""

    @property
    def spends(self) -> bool:
        return bool(set(self.expected) & set(SPENT))


CORPUS: list[Hostile] = []


def hostile(*expected: str, long: bool = False) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def keep(make: Callable[[], bytes]) -> Callable[[], bytes]:
        CORPUS.append(Hostile(make.__name__, make, expected, long))
        return make

    return keep


def given(name: str, data: bytes, *expected: str) -> None:
    CORPUS.append(Hostile(name, lambda: data, expected))


# --- what the gate refuses

given("empty", b"", "fichier_vide")
for _name, _head in {
    "one_byte": b"\x89",
    "exe": b"MZ\x90\0" + bytes(200),
    "elf": b"\x7fELF\x02\x01\x01" + bytes(200),
    "html_script": b"<html><script>alert(document.cookie)</script>",
    "svg_script": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "xml_billion_laughs": b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><l>&b;</l>",
    "gif": b"GIF89a\x01\0\x01\0\0\0\0;",
    "bmp": b"BM" + bytes(60),
    "webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    "jpeg2000": b"\0\0\0\x0cjP  \r\n\x87\n",
    "postscript": b"%!PS-Adobe-3.0\n(%pipe%id) (r) file\n",
    "icon": b"\0\0\x01\0\x01\0\x10\x10",
    "heic": b"\0\0\0\x18ftypheic",
    "pdf_magic_cut": b"%PD",
    "png_by_text_mode": b"\x89PNG\n\x1a\n\0\0\0\rIHDR",
    "eicar": rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
    "pdf_header_too_late": b"\0" * 1030 + b"%PDF-1.4\n",
    "imagemagick_script": b"push graphic-context\nviewbox 0 0 1 1\nimage over 0,0 0,0 'ephemeral:/etc/passwd'",
    "pickle": b"\x80\x04cos\nsystem\n(S'id'\ntR.",
}.items():
    given(_name, _head, "type_inconnu")


@hostile("type_inconnu")
def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", bytes(20_000_000))
    return out.getvalue()


@hostile("type_inconnu")
def gzip_bomb() -> bytes:
    return gzip.compress(bytes(10_000_000))


@hostile("type_inconnu")
def bzip2_bomb() -> bytes:
    return bz2.compress(bytes(10_000_000))


# --- PNG


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, pixels: bytes, depth: int = 1, colour: int = 0, more: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IHDR", header) + more + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@hostile("page_trop_grande")
def png_promises_4_gigapixels() -> bytes:
    return png(65_000, 65_000, zlib.compress(b"\0" * 100))


@hostile("page_trop_grande")
def png_bomb_400_megapixels() -> bytes:
    return png(20_000, 20_000, zlib.compress(bytes(2501 * 20_000), 9))


@hostile("page_trop_grande", BROKEN)
def png_largest_sides() -> bytes:
    return png(2**31 - 1, 2**31 - 1, b"")


@hostile(BROKEN)
def png_without_size() -> bytes:
    return png(0, 0, zlib.compress(b""))


@hostile(BROKEN)
def png_cut_in_the_middle() -> bytes:
    return picture("PNG")[:3000]


@hostile(BROKEN, LU)
def png_wrong_checksums() -> bytes:
    data = bytearray(picture("PNG"))
    data[29] ^= 0xFF
    return bytes(data)


@hostile(BROKEN)
def png_header_alone() -> bytes:
    return b"\x89PNG\r\n\x1a\n"


@hostile(BROKEN, LU)
def png_text_bomb() -> bytes:
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9))
    return png(100, 100, zlib.compress(bytes(14 * 100)), more=text)


@hostile(BROKEN, LU)
def png_profile_bomb() -> bytes:
    profile = chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(200_000_000), 9))
    return png(100, 100, zlib.compress(bytes(14 * 100)), more=profile)


@hostile(BROKEN, LU)
def png_more_pixels_than_promised() -> bytes:
    return png(10, 10, zlib.compress(bytes(100_000_000), 9))


# --- JPEG


def picture(kind: str, size: tuple[int, int] = (160, 120), **options: object) -> bytes:
    noise = np.random.default_rng(7).integers(0, 255, (size[1], size[0], 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, kind, **options)
    return out.getvalue()


@hostile(BROKEN)
def jpeg_cut_in_the_middle() -> bytes:
    return picture("JPEG")[:4000]


@hostile("page_trop_grande", BROKEN)
def jpeg_promises_4_gigapixels() -> bytes:
    data = bytearray(picture("JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 65_500, 65_500)
    return bytes(data)


@hostile(BROKEN)
def jpeg_markers_alone() -> bytes:
    return b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9"


@hostile(BROKEN)
def jpeg_markers_without_end() -> bytes:
    return b"\xff\xd8" + b"\xff" * 500_000


@hostile(*SPENT, BROKEN, LU)
def jpeg_ten_thousand_scans() -> bytes:
    """Each progressive scan passes over the whole picture again."""
    out = io.BytesIO()
    Image.new("L", (6000, 6000), 128).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * 3000 + b"\xff\xd9"


@hostile(LU, BROKEN)
def jpeg_thumbnail_of_itself() -> bytes:
    data = picture("JPEG")
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x63\0\0\0\x08\0\0\0"
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:]


# --- TIFF


def entry(tag: int, kind: int, count: int, value: int) -> bytes:
    return struct.pack("<HHII", tag, kind, count, value)


def ifd(entries: list[bytes], following: int) -> bytes:
    return struct.pack("<H", len(entries)) + b"".join(sorted(entries)) + struct.pack("<I", following)


def page_entries(
    width: int = 8, height: int = 8, compression: int = 1, offset: int = 8, size: int = 8, samples: int = 1
) -> list[bytes]:
    return [
        entry(256, 4, 1, width),
        entry(257, 4, 1, height),
        entry(258, 3, 1, 1),
        entry(259, 3, 1, compression),
        entry(262, 3, 1, 1),
        entry(273, 4, 1, offset),
        entry(277, 3, 1, samples),
        entry(278, 4, 1, height),
        entry(279, 4, 1, size),
    ]


def tiff(*ifds: tuple[list[bytes], int]) -> bytes:
    return b"II*\0" + struct.pack("<I", 16) + bytes(8) + b"".join(ifd(*each) for each in ifds)


@hostile(LU, BROKEN, "trop_de_pages")
def tiff_next_page_is_itself() -> bytes:
    return tiff((page_entries(), 16))


@hostile(LU, BROKEN, "trop_de_pages")
def tiff_two_pages_in_a_ring() -> bytes:
    size = 2 + 9 * 12 + 4
    return tiff((page_entries(), 16 + size), (page_entries(), 16))


@hostile("trop_de_pages")
def tiff_of_600_pages() -> bytes:
    size = 2 + 9 * 12 + 4
    return tiff(*((page_entries(), 16 + (n + 1) * size if n < 599 else 0) for n in range(600)))


@hostile("trop_de_pages", *SPENT, long=True)
def tiff_of_100000_pages() -> bytes:
    size = 2 + 9 * 12 + 4
    return tiff(*((page_entries(), 16 + (n + 1) * size if n < 99_999 else 0) for n in range(100_000)))


@hostile("page_trop_grande", BROKEN)
def tiff_promises_4_gigapixels() -> bytes:
    return tiff((page_entries(65_000, 65_000), 0))


@hostile("page_trop_grande", BROKEN)
def tiff_largest_sides() -> bytes:
    return tiff((page_entries(2**32 - 1, 2**32 - 1), 0))


@hostile(BROKEN)
def tiff_pixels_outside_the_file() -> bytes:
    return tiff((page_entries(1000, 1000, offset=2**31, size=125_000), 0))


@hostile(BROKEN)
def tiff_unknown_compression() -> bytes:
    return tiff((page_entries(compression=51_234), 0))


@hostile(BROKEN, LU)
def tiff_fax_of_garbage() -> bytes:
    return tiff((page_entries(4000, 4000, compression=4, offset=8, size=8), 0))


@hostile(BROKEN)
def tiff_65535_samples() -> bytes:
    return tiff((page_entries(samples=65_535), 0))


@hostile(LU, BROKEN)
def tiff_tag_of_4_billion_values() -> bytes:
    return tiff(([*page_entries(), entry(320, 3, 2**32 - 1, 8)], 0))


@hostile(BROKEN)
def tiff_directory_outside_the_file() -> bytes:
    return b"II*\0\xff\xff\xff\x7f"


@hostile(BROKEN)
def bigtiff_directory_outside_the_file() -> bytes:
    return b"II+\0\x08\0\0\0" + struct.pack("<Q", 2**62)


@hostile(BROKEN)
def tiff_cut_in_the_middle() -> bytes:
    return picture("TIFF", compression="tiff_lzw")[:2000]


@hostile(BROKEN, LU, "page_trop_grande", *SPENT)
def tiff_deflate_bomb() -> bytes:
    data = zlib.compress(bytes(10_000 * 10_000 // 8), 9) + bytes(16)
    entries = page_entries(10_000, 10_000, compression=8, offset=16 + 2 + 9 * 12 + 4, size=len(data))
    return tiff((entries, 0)) + data


# --- PDF


def pdf(*objects: bytes, root: int = 1, trailer: bytes = b"") -> bytes:
    """Objects 1, 2, 3... with a true cross-reference table."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer <</Size %d /Root %d 0 R %b>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, root, trailer, start,
    )  # fmt: skip
    return bytes(out)


def stream(data: bytes, extra: bytes = b"", *, packed: bool = True) -> bytes:
    if packed:
        data, extra = zlib.compress(data, 9), extra + b" /Filter /FlateDecode"
    return b"<</Length %d %b>>\nstream\n%b\nendstream" % (len(data), extra, data)


CATALOG = b"<</Type /Catalog /Pages 2 0 R>>"
PAGES = b"<</Type /Pages /Kids [3 0 R] /Count 1>>"


def page(extra: bytes = b"", box: bytes = b"0 0 595 842") -> bytes:
    return b"<</Type /Page /Parent 2 0 R /MediaBox [%b] /Contents 4 0 R %b>>" % (box, extra)


def drawn(content: bytes, *more: bytes, extra: bytes = b"", box: bytes = b"0 0 595 842") -> bytes:
    return pdf(CATALOG, PAGES, page(extra, box), stream(content), *more)


def encrypted(**how: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out, encryption=pikepdf.Encryption(**how))  # type: ignore[arg-type]
    return out.getvalue()


@hostile("fichier_chiffre")
def pdf_encrypted_aes_256() -> bytes:
    return encrypted(user="secret", owner="owner", R=6)


@hostile("fichier_chiffre")
def pdf_encrypted_rc4() -> bytes:
    return encrypted(user="secret", owner="owner", R=3, aes=False, metadata=False)


@hostile("fichier_chiffre", BROKEN)
def pdf_encrypted_by_an_unknown_handler() -> bytes:
    return pdf(
        CATALOG, PAGES, page(), stream(b""), b"<</Filter /Nothing /V 9 /R 9>>",
        trailer=b"/Encrypt 5 0 R /ID [<00> <00>]",
    )  # fmt: skip


@hostile(BROKEN)
def pdf_header_alone() -> bytes:
    return b"%PDF-1.7\n"


@hostile(BROKEN)
def pdf_of_noise() -> bytes:
    return b"%PDF-1.7\n" + random.Random(5).randbytes(100_000)


@hostile(BROKEN)
def pdf_cut_before_its_pages() -> bytes:
    return drawn(b"0 0 m 100 100 l S")[:40]


@hostile(BROKEN)
def pdf_without_pages() -> bytes:
    return pdf(CATALOG, b"<</Type /Pages /Kids [] /Count 0>>")


@hostile(BROKEN, *SPENT)
def pdf_pages_that_hold_themselves() -> bytes:
    return pdf(CATALOG, b"<</Type /Pages /Kids [2 0 R 2 0 R] /Count 2>>")


@hostile("trop_de_pages", BROKEN, LU)
def pdf_claims_a_billion_pages() -> bytes:
    return pdf(CATALOG, b"<</Type /Pages /Kids [3 0 R] /Count 1000000000>>", page(), stream(b""))


@hostile("trop_de_pages")
def pdf_of_2000_pages() -> bytes:
    kids = b" ".join(b"3 0 R" for _ in range(2000))
    return pdf(CATALOG, b"<</Type /Pages /Kids [%b] /Count 2000>>" % kids, page(), stream(b""))


@hostile(BROKEN, *SPENT, LU)
def pdf_cross_reference_loop() -> bytes:
    data = drawn(b"")
    start = data.rindex(b"xref\n0")
    return data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start)


@hostile(LU, BROKEN, *SPENT)
def pdf_length_refers_to_itself() -> bytes:
    return pdf(CATALOG, PAGES, page(), b"<</Length 4 0 R>>\nstream\n0 0 m\nendstream")


@hostile("page_trop_grande", LU, *SPENT)
def pdf_page_of_50_metres() -> bytes:
    return drawn(b"0 0 m 144000 144000 l S", box=b"0 0 144000 144000")


@hostile("page_trop_grande", BROKEN, LU)
def pdf_page_without_measure() -> bytes:
    return drawn(b"", box=b"0 0 1e38 1e38")


@hostile("page_trop_grande", BROKEN, LU)
def pdf_page_of_negative_size() -> bytes:
    return drawn(b"", box=b"100 100 100 100")


@hostile(*SPENT, LU)
def pdf_content_bomb() -> bytes:
    """300 MB of drawing in 300 kB."""
    return drawn(b"0 0 m 9 9 l S\n" * 22_000_000)


@hostile(*SPENT, BROKEN, LU, long=True)
def pdf_content_bomb_within_a_bomb() -> bytes:
    inner = zlib.compress(zlib.compress(bytes(500_000_000), 9), 9)
    body = b"<</Length %d /Filter [/FlateDecode /FlateDecode]>>\nstream\n%b\nendstream" % (len(inner), inner)
    return pdf(CATALOG, PAGES, page(), body)


ITS_IMAGE = b"/Resources <</XObject <</I 5 0 R>>>>"


def image(width: int, height: int, data: bytes, extra: bytes = b"") -> bytes:
    size = b"/Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1 " % (width, height)
    return stream(data, b"/Type /XObject /Subtype /Image " + size + extra)


@hostile("page_trop_grande")
def pdf_image_of_4_gigapixels() -> bytes:
    return drawn(
        b"595 0 0 842 0 0 cm /I Do",
        image(65_000, 65_000, bytes(1000)),
        extra=ITS_IMAGE,
    )


@hostile("page_trop_grande", *SPENT)
def pdf_image_bomb() -> bytes:
    return drawn(
        b"595 0 0 842 0 0 cm /I Do",
        image(30_000, 30_000, bytes(3750 * 30_000)),
        extra=ITS_IMAGE,
    )


def form(content: bytes, resources: bytes) -> bytes:
    return stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources <<%b>>" % resources)


@hostile(LU, *SPENT)
def pdf_form_that_draws_itself() -> bytes:
    return drawn(
        b"/F Do", form(b"/F Do /F Do", b"/XObject <</F 5 0 R>>"), extra=b"/Resources <</XObject <</F 5 0 R>>>>"
    )


@hostile(*SPENT, LU)
def pdf_billion_forms() -> bytes:
    """Ten forms, each of which draws the next ten times."""
    forms = [form(b"/F Do " * 10, b"/XObject <</F %d 0 R>>" % (6 + n)) for n in range(10)]
    last = form(b"0 0 m 9 9 l S", b"")
    return drawn(b"/F Do", *forms, last, extra=b"/Resources <</XObject <</F 5 0 R>>>>")


@hostile(*SPENT, LU, long=True)
def pdf_pattern_of_tiny_tiles() -> bytes:
    tile = stream(
        b"0 0 1 1 re f",
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.001 /YStep 0.001 "
        b"/Resources <<>>",
    )
    return drawn(b"/Pattern cs /P scn 0 0 595 842 re f", tile, extra=b"/Resources <</Pattern <</P 5 0 R>>>>")


@hostile(*SPENT, LU, BROKEN, long=True)
def pdf_nested_a_hundred_thousand_deep() -> bytes:
    return drawn(b"", b"[" * 100_000 + b"]" * 100_000, extra=b"/Deep 5 0 R")


@hostile(*SPENT, LU, BROKEN, long=True)
def pdf_content_nested_deep() -> bytes:
    return drawn(b"q " * 5_000_000)


@hostile(LU, BROKEN)
def pdf_broken_jbig2() -> bytes:
    body = image(2000, 2000, b"", b"").replace(b"/FlateDecode", b"/JBIG2Decode")
    return drawn(b"595 0 0 842 0 0 cm /I Do", body, extra=ITS_IMAGE)


@hostile(LU, BROKEN)
def pdf_broken_jpeg2000() -> bytes:
    raw = b"\0\0\0\x0cjP  \r\n\x87\n" + random.Random(3).randbytes(5000)
    size = b"/Type /XObject /Subtype /Image /Width 900 /Height 900 /Filter /JPXDecode"
    return drawn(
        b"595 0 0 842 0 0 cm /I Do",
        stream(raw, size, packed=False),
        extra=ITS_IMAGE,
    )


@hostile(LU)
def pdf_runs_scripts_and_programs() -> bytes:
    catalog = (
        b"<</Type /Catalog /Pages 2 0 R /OpenAction <</S /JavaScript /JS (while(1){app.alert(1)})>> "
        b"/AA <</WC <</S /Launch /F (/bin/sh)>>>>>>"
    )
    return pdf(
        catalog, PAGES, page(b"/AA <</O <</S /URI /URI (http://127.0.0.1/)>>>>"), stream(b"0 0 9 9 re f")
    )


@hostile(LU)
def pdf_reaches_for_files_and_networks() -> bytes:
    outside = b"<</Length 0 /F (/etc/passwd) /Type /XObject /Subtype /Image /Width 9 /Height 9 "
    outside += b"/ColorSpace /DeviceGray /BitsPerComponent 8>>\nstream\n\nendstream"
    return drawn(b"/I Do 0 0 9 9 re f", outside, extra=ITS_IMAGE)


# --- two things at once: taken as what it begins as, or for what it is


@hostile(LU)
def polyglot_pdf_and_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.exe", b"MZ" + bytes(100))
    return drawn(b"0 0 9 9 re f") + out.getvalue()


@hostile(LU)
def polyglot_jpeg_and_pdf() -> bytes:
    data = picture("JPEG")
    comment = drawn(b"0 0 9 9 re f")
    return data[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + data[2:]


@hostile(LU)
def polyglot_png_and_html() -> bytes:
    return png(100, 100, zlib.compress(bytes(14 * 100)), more=chunk(b"tEXt", b"x\0<script>alert(1)</script>"))


@hostile(BROKEN)
def polyglot_tiff_and_pdf() -> bytes:
    return b"II*\0\xff\xff\xff\x7f" + drawn(b"0 0 9 9 re f")


@hostile(BROKEN)
def polyglot_html_and_pdf() -> bytes:
    return b"<html><script>alert(1)</script>%PDF-1.4 "
