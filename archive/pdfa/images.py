"""Pictures as PDF streams: JPEG kept as it came, two levels as CCITT G4, the rest as JPEG."""

import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy
import pikepdf
from pikepdf import Dictionary, Name, Pdf
from PIL import Image, ImageChops, ImageOps, TiffImagePlugin, UnidentifiedImageError

from domain.errors import Refused

JPEG_QUALITY = 70
_SANE_DPI = (50, 1_300)
_STRIP_OFFSETS, _ROWS_PER_STRIP, _STRIP_BYTES, _PHOTOMETRIC = 273, 278, 279, 262


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as a picture. `data`: the stream as it lies in the PDF. `dpi`: of its width."""

    data: bytes
    encoding: str  # jpeg or g4
    width: int
    height: int
    dpi: float
    grey: bool = True
    black_is_one: bool = False

    def embed(self, pdf: Pdf) -> pikepdf.Object:
        stream = pdf.make_stream(self.data, Type=Name.XObject, Subtype=Name.Image)
        self.describe(stream)
        return pdf.make_indirect(stream)

    def describe(self, stream: pikepdf.Object) -> None:
        """Writes into the dictionary of `stream` how its bytes are to be read."""
        stream.Width, stream.Height = self.width, self.height
        stream.ColorSpace = Name.DeviceGray if self.grey else Name.DeviceRGB
        stream.BitsPerComponent = 1 if self.encoding == "g4" else 8
        if self.encoding == "g4":
            stream.Filter = Name.CCITTFaxDecode
            stream.DecodeParms = Dictionary(
                K=-1, Columns=self.width, Rows=self.height, BlackIs1=self.black_is_one
            )
        else:
            stream.Filter = Name.DCTDecode


def pictures(
    data: bytes, *, max_pixels: int, wanted: Sequence[int] | None = None, as_stored: bool = False
) -> Iterator[tuple[int, Picture]]:
    """The `wanted` pages of an image file (JPEG, PNG, TIFF; all by default) with their numbers.

    `as_stored`: a JPEG or PNG is not turned as its EXIF says (a TIFF always is: Pillow decodes it so);
    the caller's rotation, measured on the pixels, says it all. `dpi` 0: the file does not tell.

    Raises Refused (fichier_illisible, page_trop_grande)."""
    Image.MAX_IMAGE_PIXELS = None  # ours is stricter, and applies before anything is decoded
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged metadata, which we do not keep
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "TIFF", "MPO")) as image:
                many = image.format == "TIFF"
                count = getattr(image, "n_frames", 1) if many else 1
                for number in range(count) if wanted is None else wanted:
                    if not 0 <= number < count:
                        raise Refused("fichier_illisible", "Une page demandée n'existe pas.")
                    if many:
                        image.seek(number)
                    if image.width * image.height > max_pixels:
                        raise Refused("page_trop_grande")
                    yield number, _kept_jpeg(data, image, as_stored) or encoded(image, dpi_of(image), as_stored)
    except (UnidentifiedImageError, OSError, EOFError, SyntaxError, ValueError, KeyError) as error:
        raise Refused("fichier_illisible") from error


def _kept_jpeg(data: bytes, image: Image.Image, as_stored: bool) -> Picture | None:
    """The file as it is, if a PDF can show it the same: 8 bits, grey or colour, no turn in EXIF."""
    if image.format not in ("JPEG", "MPO") or image.mode not in ("L", "RGB"):
        return None
    if not as_stored and image.getexif().get(0x0112, 1) != 1:
        return None
    image.load()  # damaged ones are found now, not by a reader in ten years
    return Picture(data, "jpeg", image.width, image.height, dpi_of(image), image.mode == "L")


def encoded(image: Image.Image, dpi: float, as_stored: bool = False) -> Picture:
    """`image` in the smallest form that keeps it readable."""
    image.load()
    if not as_stored:
        image = ImageOps.exif_transpose(image)
    if image.mode == "1":
        return _g4(image, dpi)
    flat = _flat(image)
    if flat.mode == "L" and _two_levels(flat):
        return _g4(flat.point(lambda level: 255 if level > 127 else 0).convert("1"), dpi)
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return Picture(out.getvalue(), "jpeg", flat.width, flat.height, dpi, flat.mode == "L")


def _flat(image: Image.Image) -> Image.Image:
    """8 bits, grey or RGB, on white."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _eight_bits(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        above = image.convert("RGBA")
        image = Image.new("RGBA", above.size, "white")
        image.alpha_composite(above)
    if image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    if image.mode == "RGB":
        red, green, blue = image.split()
        same = (
            not ImageChops.difference(red, green).getbbox() and not ImageChops.difference(red, blue).getbbox()
        )
        return red if same else image
    return image


def _eight_bits(image: Image.Image) -> Image.Image:
    levels = numpy.asarray(image).astype("float64")
    top = 65535.0 if levels.max(initial=0) > 255 else 255.0
    return Image.fromarray((levels.clip(0, top) * (255 / top)).astype("uint8"))


def _two_levels(grey: Image.Image) -> bool:
    used = [level for level, count in enumerate(grey.histogram()) if count]
    return len(used) <= 2 and all(level in (0, 255) for level in used)


def _g4(image: Image.Image, dpi: float) -> Picture:
    """Through libtiff, as one strip, whose bytes are the CCITT stream."""
    out = io.BytesIO()
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[_ROWS_PER_STRIP] = image.height
    image.save(out, "TIFF", compression="group4", tiffinfo=tags, strip_size=1 << 31)
    with Image.open(io.BytesIO(out.getvalue())) as tiff:
        assert isinstance(tiff, TiffImagePlugin.TiffImageFile)
        offsets, lengths = tiff.tag_v2[_STRIP_OFFSETS], tiff.tag_v2[_STRIP_BYTES]
        photometric = tiff.tag_v2[_PHOTOMETRIC]
    assert len(offsets) == 1, "one strip was asked"
    data = out.getvalue()[offsets[0] : offsets[0] + lengths[0]]
    # photometric 0: white is zero, so a black run in the stream is a 1 bit
    return Picture(data, "g4", image.width, image.height, dpi, True, photometric == 1)


def dpi_of(image: Image.Image) -> float:
    """What the file says, if it is of this world; else 0."""
    stated = float(image.info.get("dpi", (0, 0))[0] or 0)
    low, high = _SANE_DPI
    return stated if low <= stated <= high else 0.0


def recompress(image: pikepdf.Stream) -> None:
    """In place: a picture stored raw or deflated becomes G4 or JPEG; others are left as they are."""
    lossless = {Name.FlateDecode, Name.LZWDecode, Name.RunLengthDecode}
    filters = image.get(Name.Filter)
    named = set() if filters is None else {*filters} if isinstance(filters, pikepdf.Array) else {filters}
    if not named <= lossless or Name.SMask in image or Name.Mask in image:
        return
    try:
        picture = encoded(pikepdf.PdfImage(image).as_pil_image(), 0.0)
    except (pikepdf.PdfError, NotImplementedError, ValueError, KeyError, TypeError, AttributeError):
        return
    if len(picture.data) < len(image.read_raw_bytes()):
        for key in (Name.Decode, Name.DecodeParms, Name.Filter):
            if key in image:
                del image[key]
        image.write(picture.data, filter=Name.DCTDecode)
        picture.describe(image)
