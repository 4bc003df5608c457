"""Words and their boxes, as an invisible layer of a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from archive.pdfa.fonts import TextFont, clean

Matrix = tuple[float, float, float, float, float, float]
Size = tuple[float, float]
"""width, height in points."""

_MAX_SCALE = 10_000.0


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of text. `box`: x, y (of its top), width, height, in fractions of the upright page."""

    text: str
    page: int
    box: tuple[float, float, float, float]


def pieces(words: Iterable[dict[str, Any]]) -> list[Piece]:
    """`words` ({text, page, box}) cut into lines, cleaned, empty ones left out."""
    found = []
    for word in words:
        x, y, width, height = (float(value) for value in word["box"])
        lines = [clean(line).strip() for line in str(word["text"]).split("\n")]
        for number, line in enumerate(lines):
            if line and width > 0 and height > 0:
                step = height / len(lines)
                found.append(Piece(line, int(word["page"]), (x, y + number * step, width, step)))
    return found


def layer(items: Sequence[Piece], font: TextFont, size: Size, matrix: Matrix, name: str) -> bytes:
    """The content stream that sets `items` on a page whose upright size is `size`.

    `matrix` takes upright points (origin at the lower left) to the page's own space; `name`: of the
    font among the page's resources. Rendering mode 3: neither filled nor stroked."""
    if not items:
        return b""
    page_width, page_height = size
    out = [b"q", _numbers(matrix) + b" cm", b"BT", b"3 Tr"]
    for piece in items:
        x, y, width, height = piece.box
        points = max(height * page_height * 0.8, 1.0)
        advance = font.width(piece.text) * points
        scale = min(100 * width * page_width / advance, _MAX_SCALE) if advance else 100.0
        baseline = (1 - y - height) * page_height + 0.2 * height * page_height
        out += [
            b"/%s %.2f Tf %.3f Tz" % (name.encode(), points, scale),
            b"1 0 0 1 %.3f %.3f Tm %s Tj" % (x * page_width, baseline, font.encode(piece.text)),
        ]
    out += [b"ET", b"Q"]
    return b"\n".join(out) + b"\n"


def draw_image(matrix: Sequence[float], name: str) -> bytes:
    return b"q " + _numbers(matrix) + b" cm /" + name.encode() + b" Do Q\n"


def _numbers(values: Sequence[float]) -> bytes:
    return b" ".join(b"%.4f" % value for value in values)


def upright_to_page(box: tuple[float, float, float, float], rotation: int) -> tuple[Size, Matrix]:
    """The upright size of a page shown turned clockwise by `rotation`, and the matrix from upright
    points to its own space. `box`: its visible x0, y0, x1, y1."""
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    match rotation:
        case 0:
            return (width, height), (1, 0, 0, 1, x0, y0)
        case 90:
            return (height, width), (0, 1, -1, 0, x1, y0)
        case 180:
            return (width, height), (-1, 0, 0, -1, x1, y1)
        case 270:
            return (height, width), (0, -1, 1, 0, x0, y1)
    raise ValueError(f"a rotation is 0, 90, 180 or 270, not {rotation}")


def image_upright(size: Size, rotation: int) -> Matrix:
    """The matrix that draws an image, turned clockwise by `rotation`, over an upright page."""
    width, height = size
    match rotation:
        case 0:
            return (width, 0, 0, height, 0, 0)
        case 90:
            return (0, -height, width, 0, 0, height)
        case 180:
            return (-width, 0, 0, -height, width, height)
        case 270:
            return (0, height, -width, 0, width, 0)
    raise ValueError(f"a rotation is 0, 90, 180 or 270, not {rotation}")
