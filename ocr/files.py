"""A file of any allowed type, opened from its bytes: how many pages, how large, one decoded at a time.

The type is told by content alone. Pages and pixels are counted before anything is decoded, so a
small file that promises a huge image is refused while it is still small.
"""

import io
import mmap
import re
import struct
import warnings
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from domain.errors import Refused

Buffer = bytes | bytearray | memoryview | mmap.mmap
Image = NDArray[np.uint8]
"""(h, w) grey or (h, w, 3) BGR, 8 bits."""

MAX_PAGES = 500
MAX_PIXELS = 120_000_000
DEFAULT_DPI = 200.0
A4_INCHES = (8.27, 11.69)

# The limits below are ours; Pillow's own would only warn.
PillowImage.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A word of a text layer; box in fractions of the page as displayed."""

    text: str
    box: tuple[float, float, float, float]


@dataclass(slots=True)
class Page:
    """One decoded page. `turn`: clockwise degrees that its metadata asks for (EXIF)."""

    image: Image
    dpi: float
    turn: int = 0
    text: list[TextSpan] = field(default_factory=list)


class Source:
    """An opened file: `len(source)` pages, `source.page(i)` decodes one. Close it, or use `with`."""

    media_type = ""

    def __len__(self) -> int:
        raise NotImplementedError

    def page(self, index: int) -> Page:
        """Decode a page. Raises Refused (fichier_illisible, page_trop_grande)."""
        raise NotImplementedError

    def close(self) -> None: ...

    def __enter__(self) -> "Source":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Window(io.RawIOBase):
    """A read-only seekable stream over a buffer, without copying it."""

    def __init__(self, data: Buffer) -> None:
        self._view = memoryview(data).cast("B")
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self._view)}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, target: Buffer) -> int:
        out = memoryview(target).cast("B")
        piece = self._view[self._at : self._at + len(out)]
        out[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def sniff(data: Buffer) -> str:
    """The media type by content. Raises Refused (fichier_vide, type_inconnu)."""
    head = bytes(memoryview(data)[:1024])
    if not head:
        raise Refused("fichier_vide")
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "image/tiff"
    if b"%PDF-" in head:
        return "application/pdf"
    raise Refused("type_inconnu")


def open_file(data: Buffer, *, max_pages: int = MAX_PAGES, max_pixels: int = MAX_PIXELS) -> Source:
    """Open a PDF, TIFF, JPEG or PNG.

    Raises Refused: fichier_vide, type_inconnu, fichier_illisible, fichier_chiffre, trop_de_pages,
    page_trop_grande.
    """
    media_type = sniff(data)
    if media_type == "application/pdf":
        from ocr.pdf import PdfSource

        return PdfSource(data, max_pages, max_pixels)
    if media_type == "image/tiff":
        return TiffSource(data, max_pages, max_pixels)
    return PhotoSource(data, media_type, max_pixels)


def check_pixels(width: int, height: int, max_pixels: int) -> None:
    if width <= 0 or height <= 0:
        raise Refused("fichier_illisible")
    if width * height > max_pixels or max(width, height) > 60_000:
        raise Refused("page_trop_grande")


def believable_dpi(claimed: object, width: int, height: int) -> float:
    """The resolution, from metadata if it makes a page of plausible size, else as if of A4."""
    try:
        dpi = float(claimed[0] if isinstance(claimed, tuple) else claimed)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError):
        dpi = 0.0
    if 60 <= dpi <= 1300 and 1 <= max(width, height) / dpi <= 40:
        return dpi
    return a4_dpi(width, height)


def a4_dpi(width: int, height: int) -> float:
    """The resolution at which a picture would be an A4 page."""
    short, long = sorted((width, height))
    return max(float(min(short / A4_INCHES[0], long / A4_INCHES[1])), 36.0)


def squared(image: Image, claimed: object, max_pixels: int) -> Image:
    """The picture with as many lines as columns an inch: a fax in standard mode has half as many.

    `claimed`: dpi across and down. Raises Refused (page_trop_grande)."""
    if not isinstance(claimed, tuple) or len(claimed) != 2:
        return image
    try:
        across, down = float(claimed[0]), float(claimed[1])
    except (TypeError, ValueError, ZeroDivisionError):
        return image
    if not (60 <= down <= 1300 and 60 <= across <= 1300) or 0.97 < across / down < 1.03:
        return image
    height, width = image.shape[:2]
    size = (width, round(height * across / down)) if across > down else (round(width * down / across), height)
    check_pixels(*size, max_pixels)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def decode(data: Buffer) -> Image:
    """A JPEG or PNG -> grey or BGR. Raises Refused (fichier_illisible)."""
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_ANYCOLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise Refused("fichier_illisible") from error
    if image is None:
        raise Refused("fichier_illisible")
    return np.ascontiguousarray(image)


_TURN_OF_EXIF = {3: 180, 6: 90, 8: 270}


class PhotoSource(Source):
    """A JPEG or PNG: one page, as stored (EXIF orientation becomes `turn`)."""

    def __init__(self, data: Buffer, media_type: str, max_pixels: int) -> None:
        self.media_type = media_type
        self._data = data
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with PillowImage.open(io.BufferedReader(Window(data))) as image:
                    check_pixels(image.width, image.height, max_pixels)
                    self._dpi = believable_dpi(image.info.get("dpi"), image.width, image.height)
                    self._alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
                    # of a PNG Pillow would decode every pixel to look for what stands behind them
                    tags = image.getexif() if media_type == "image/jpeg" or _png_tells(data) else {}
                    self._turn = _TURN_OF_EXIF.get(int(tags.get(0x0112, 1) or 1), 0)
        except Refused:
            raise
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error, TypeError) as error:
            raise Refused("fichier_illisible") from error
        if media_type == "image/jpeg" and not _jpeg_is_whole(data):
            raise Refused("fichier_illisible")

    def __len__(self) -> int:
        return 1

    def page(self, index: int) -> Page:
        if index != 0:
            raise IndexError(index)
        if not self._alpha:
            return Page(decode(self._data), self._dpi, self._turn)
        try:
            with PillowImage.open(io.BufferedReader(Window(self._data))) as image:
                paper = PillowImage.new("RGBA", image.size, "white")
                flat = PillowImage.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
        except (OSError, ValueError, SyntaxError) as error:
            raise Refused("fichier_illisible") from error
        return Page(np.asarray(flat)[:, :, ::-1].copy(), self._dpi, self._turn)


def _jpeg_is_whole(data: Buffer) -> bool:
    """A cut JPEG decodes to a page grey from the cut on: look for its end marker instead."""
    tail = bytes(memoryview(data)[-65536:])
    return b"\xff\xd9" in tail


def _png_tells(data: Buffer) -> bool:
    """Whether a PNG has EXIF, its parts passed over one by one. Raises ValueError where it is cut short."""
    view = memoryview(data).cast("B")
    at = 8
    tells = False
    while True:
        length, kind = struct.unpack_from(">I4s", view, at)
        at += 12 + length
        if at > len(view):
            raise ValueError("a PNG cut short")
        tells |= kind in (b"eXIf", b"zTXt", b"tEXt", b"iTXt")
        if kind == b"IEND":
            return tells


class TiffSource(Source):
    """A TIFF of one or more pages (G3, G4, LZW, deflate, JPEG, raw)."""

    media_type = "image/tiff"

    def __init__(self, data: Buffer, max_pages: int, max_pixels: int) -> None:
        self._data, self._max_pixels = data, max_pixels
        self._spent: int | None = None
        self._errors = (OSError, ValueError, SyntaxError, struct.error, TypeError, KeyError, RuntimeError)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._image = self._opened()
                self._count = 0
                while True:
                    try:
                        self._image.seek(self._count)
                    except EOFError:
                        break
                    check_pixels(self._image.width, self._image.height, max_pixels)
                    self._count += 1
                    if self._count > max_pages:
                        raise Refused("trop_de_pages")
        except Refused:
            raise
        except self._errors as error:
            raise Refused("fichier_illisible") from error
        if self._count == 0:
            raise Refused("fichier_illisible")

    def _opened(self) -> PillowImage.Image:
        return PillowImage.open(io.BufferedReader(Window(self._data)))

    def __len__(self) -> int:
        return self._count

    def page(self, index: int) -> Page:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if index == self._spent:  # Pillow would not decode the page that it stands at again
                    self._image.close()
                    self._image = self._opened()
                self._image.seek(index)
                claimed = self._image.info.get("dpi")
                self._image.load()  # Pillow turns a TIFF upright by its orientation tag
                picture = _as_array(self._image)
                # while the page is read nobody needs Pillow's pixels: 35 MB of A4 in colour at 300 dpi
                self._image.im = PillowImage.new("1", (1, 1)).im
                self._spent = index
                picture = squared(picture, claimed, self._max_pixels)
                return Page(picture, believable_dpi(claimed, picture.shape[1], picture.shape[0]))
        except self._errors as error:
            raise Refused("fichier_illisible") from error

    def close(self) -> None:
        self._image.close()


def _as_array(image: PillowImage.Image) -> Image:
    if image.mode == "1":
        return np.asarray(image.convert("L"))
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image).astype(np.float32)
        top = 65535.0 if values.max(initial=0) > 255 else 255.0
        return (values * (255.0 / top)).clip(0, 255).astype(np.uint8)
    if image.mode in ("L", "LA", "P") and (image.mode != "P" or _grey_palette(image)):
        return np.asarray(image if image.mode == "L" else image.convert("L"))
    # band by band: a whole copy of each form of the picture would be held at once
    out = np.empty((image.height, image.width, 3), np.uint8)
    for top in range(0, image.height, 512):
        band = image.crop((0, top, image.width, min(top + 512, image.height)))
        pixels = np.asarray(band if band.mode == "RGB" else band.convert("RGB"))
        cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR, dst=out[top : top + 512])
    return out


def _grey_palette(image: PillowImage.Image) -> bool:
    palette = np.array(image.getpalette() or [0, 0, 0]).reshape(-1, 3)
    return bool((palette == palette[:, :1]).all())


_SPACE = re.compile(r"\s+")


def squeeze(text: str) -> str:
    """Runs of white space become one space."""
    return _SPACE.sub(" ", text).strip()
