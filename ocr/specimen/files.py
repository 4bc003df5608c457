"""Pictures into the files that a station or an insured person sends. The same bytes for the same input."""

import io
from collections.abc import Sequence

import cv2
import img2pdf
import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.uint8]
EXTENSIONS = {
    "png": ".png",
    "jpeg": ".jpg",
    "tiff-g4": ".tif",
    "tiff-g3": ".tif",
    "tiff-lzw": ".tif",
    "tiff-jpeg": ".tif",
    "pdf": ".pdf",
}


def _image(picture: Pixels, *, bilevel: bool) -> Image.Image:
    if picture.ndim == 3:
        return Image.fromarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
    image = Image.fromarray(picture)
    return image.convert("1", dither=Image.Dither.NONE) if bilevel else image


def is_bilevel(picture: Pixels) -> bool:
    return picture.ndim == 2 and not ((picture > 0) & (picture < 255)).any()


def encode(
    pictures: Sequence[Pixels], container: str, dpi: float, quality: int = 85, *, squeeze: float = 1.0
) -> bytes:
    """One file of these pages: `png` and `jpeg` hold one, TIFF and PDF any number.

    `tiff-g4` and a PDF of black and white pages are CCITT group 4; `dpi` is written into the file,
    `squeeze` times as much for the lines of a page (a fax). Raises ValueError where a container cannot
    hold the pages.
    """
    if container in ("png", "jpeg") and len(pictures) != 1:
        raise ValueError(f"{container} holds one page, not {len(pictures)}")
    if container == "pdf":
        parts = [
            encode([page], "tiff-g4" if is_bilevel(page) else "jpeg", dpi, quality, squeeze=squeeze)
            for page in pictures
        ]
        made = img2pdf.convert(
            parts, nodate=True, engine=img2pdf.Engine.internal, rotation=img2pdf.Rotation.ifvalid
        )
        return bytes(made)
    bilevel = container in ("tiff-g3", "tiff-g4") or (container == "png" and is_bilevel(pictures[0]))
    images = [_image(picture, bilevel=bilevel) for picture in pictures]
    out = io.BytesIO()
    resolution = (round(dpi), round(dpi * squeeze))
    if container == "png":
        images[0].save(out, "PNG", dpi=resolution, compress_level=1)
    elif container == "jpeg":
        images[0].save(out, "JPEG", quality=quality, dpi=resolution)
    elif container in ("tiff-g3", "tiff-g4", "tiff-lzw", "tiff-jpeg"):
        ways = {"tiff-g3": "group3", "tiff-g4": "group4", "tiff-lzw": "tiff_lzw", "tiff-jpeg": "jpeg"}
        options = {"quality": quality} if container == "tiff-jpeg" else {}
        images[0].save(
            out,
            "TIFF",
            compression=ways[container],
            dpi=resolution,
            save_all=True,
            append_images=images[1:],
            **options,
        )
    else:
        raise ValueError(f"unknown container {container!r}")
    return out.getvalue()
