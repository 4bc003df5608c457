"""The PDF/A-2b of a document: pictures kept, sheets upright, words behind them, then validated.

An image file becomes one page a picture. A PDF is converted: its pages are kept as they are, but a
scanned page is reduced to its picture and our words. What the validator refuses is drawn again,
with its own text behind. The original stays the record in every case.
"""

import warnings
from collections.abc import Iterable, Sequence
from typing import Any

from archive.pdfa.sheets import Job, converted, from_images, redrawn
from archive.pdfa.text import pieces
from archive.pdfa.write import FLAVOUR, Refusal, finish
from domain.errors import Failed


def build(
    data: bytes | memoryview,
    *,
    pages: Sequence[int] | None = None,
    words: Iterable[dict[str, Any]] = (),
    title: str = "",
    rotations: Sequence[int] | None = None,
    dpis: Sequence[float] | None = None,
    created: str | None = None,
    max_pixels: int = 120_000_000,
) -> tuple[dict[str, Any], list[bytes]]:
    """The same inputs give the same bytes.

    `pages`: indices in the file, from 0 (all by default). `rotations`, `dpis`: one a page, in the
    order of `pages`; clockwise degrees that turn it upright, and its resolution where the file does
    not tell. Without `rotations` an image is turned as its EXIF says; with them they say it all.
    `words`: {text, page (index in the file), box [x, y, w, h] in fractions of the upright
    page}. `created`: ISO 8601 instant, written into the metadata.

    Returns ({method: image|conversion|rendu, verdict, flavour, refused: rules that forbade the
    conversion, pages}, [pdf]). Raises Refused (fichier_illisible, fichier_chiffre,
    page_trop_grande) and Failed (interne)."""
    job = Job(
        data=bytes(data),
        pages=None if pages is None else tuple(pages),
        lines=tuple(pieces(words)),
        rotations=tuple(rotations or ()),
        dpis=tuple(dpis or ()),
        max_pixels=max_pixels,
    )
    methods = [("image", from_images)]
    if b"%PDF-" in job.data[:1024]:
        methods = [("conversion", converted), ("rendu", redrawn)]
    refused: list[str] = []
    for method, make in methods:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the verdict says what matters
                with make(job) as pdf:
                    count = len(pdf.pages)
                    result = finish(pdf, title, created)
        except Refusal as refusal:
            refused += refusal.rules
            continue
        report = {
            "method": method,
            "verdict": "pass",
            "flavour": FLAVOUR,
            "refused": refused,
            "pages": count,
        }
        return report, [result]
    raise Failed("interne", f"PDF/A refusé : {', '.join(refused[:3])}.")
