"""A page out of a file: its pixels, its resolution, its words where a layer tells them; and what every kind of
file needs to make one."""

import io
import mmap
import re
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from domain.errors import Refused

Buffer = bytes | bytearray | memoryview | mmap.mmap
Image = NDArray[np.uint8]
"""(h, w) grey or (h, w, 3) BGR, 8 bits."""

MAX_PAGES = 500
MAX_PIXELS = 120_000_000
A4_INCHES = (8.27, 11.69)


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


_SPACE = re.compile(r"\s+")


def squeeze(text: str) -> str:
    """Runs of white space become one space."""
    return _SPACE.sub(" ", text).strip()
