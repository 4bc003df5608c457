"""The files that are pictures: JPEG and PNG, one page; TIFF, one or more."""

import io
import struct
import warnings

import cv2
import numpy as np
from PIL import Image as PillowImage
from PIL import UnidentifiedImageError

from domain.errors import Refused
from ocr.pages import Buffer, Image, Page, Source, Window, believable_dpi, check_pixels, decode, squared

# The limits are ours (check_pixels); Pillow's own would only warn.
PillowImage.MAX_IMAGE_PIXELS = None

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
