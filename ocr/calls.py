"""What the cage may run of the reader, by name. `data`: the bytes of a whole file.

Each returns (a JSON-able mapping, blobs). Refusals are domain.errors.Refused.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any

from ocr import read as reader
from ocr import render as renderer
from ocr import take as taker
from ocr.files import open_file
from ocr.pages import MAX_PAGES, MAX_PIXELS, Buffer

Answer = tuple[dict[str, Any], list[bytes]]


def split(
    data: Buffer,
    *,
    max_pages: int = MAX_PAGES,
    max_pixels: int = MAX_PIXELS,
    forms_dir: str | None = None,
    progress: Callable[[int], object] | None = None,
) -> Answer:
    """Pages, and the documents, separators and blanks among them. Its `pages` are what `read` takes as
    `known`."""
    found = reader.split(
        data, max_pages=max_pages, max_pixels=max_pixels, forms_dir=forms_dir, progress=progress
    )
    return found, []


def read(
    data: Buffer,
    *,
    pages: list[int] | None = None,
    forms_dir: str | None = None,
    max_pages: int = MAX_PAGES,
    max_pixels: int = MAX_PIXELS,
    known: list[dict[str, Any]] | None = None,
    screen_dpi: float | None = None,
    progress: Callable[[int], object] | None = None,
) -> Answer:
    """A Reading as JSON: of `pages` as one document, or of the documents found.

    `known`: entries of `split`'s `pages`, of the pages that are to be read at least: what was found
    there is not looked for again. `screen_dpi`: the blobs are the pages read, upright, as JPEG or PNG,
    and `screens` tells of each its page, width, height and media_type."""
    at_work = reader.Reader(forms_dir, known or (), screen_dpi, progress)
    reading = at_work.read(data, pages=pages, max_pages=max_pages, max_pixels=max_pixels)
    told = reading.to_json()
    if screen_dpi is not None:
        told["screens"] = [facts for facts, _ in at_work.screens]
    return told, [shown for _, shown in at_work.screens]


@lru_cache(1)
def warm() -> None:
    """Loads models, tables and templates, which otherwise the first sheet would pay for; once, however
    many of these functions are warmed. What is missing here is told by the call that needs it."""
    with suppress(OSError, RuntimeError):
        reader.warm()


def zone(
    data: Buffer,
    *,
    page: int,
    box: tuple[float, float, float, float],
    kind: str,
    rotation: int = 0,
    max_pixels: int = MAX_PIXELS,
) -> Answer:
    """One box of a page (fractions of the upright page) read as `kind`."""
    return reader.zone(data, page=page, box=box, kind=kind, rotation=rotation, max_pixels=max_pixels), []


def render(
    data: Buffer,
    *,
    page: int,
    rotation: int = 0,
    box: tuple[float, float, float, float] | None = None,
    dpi: float = 150,
    max_pixels: int = MAX_PIXELS,
) -> Answer:
    """A page as PNG, turned clockwise by `rotation`, cut to `box`."""
    with open_file(data, max_pixels=max_pixels) as source:
        drawn = source.page(page)
    width, height, png = renderer.render(drawn, rotation=rotation, box=box, dpi=dpi)
    return {"width": width, "height": height}, [png]


def take(data: Buffer, *, pages: list[int]) -> Answer:
    """The pages alone as a file of the same type, not encoded anew."""
    media_type, content = taker.take(data, pages)
    return {"media_type": media_type}, [content]
