"""A page that is no known form: its full text with places, and a type where its words tell one."""

import os
import re
import shutil
import unicodedata
from collections.abc import Sequence

import numpy as np
import pytesseract
from PIL import Image as PillowImage

from domain.reading import Word
from ocr.engine import tessdata
from ocr.files import Image, Page
from ocr.prepare import grey, reduced, turned

TEXT_DPI = 200.0
TIMEOUT = 50
"""Seconds for one page, below the cage's own limit."""

MIN_CONFIDENCE = 20.0


def text_of(page: Page, index: int) -> tuple[tuple[Word, ...], int]:
    """Words of a page and the clockwise turn that makes it upright.

    A text layer is taken as it is; else Tesseract reads the whole page at 200 dpi.
    """
    if page.text:
        return tuple(Word(span.text, index, span.box) for span in page.text), page.turn
    look = reduced(grey(page.image), page.dpi, TEXT_DPI) if page.dpi > TEXT_DPI * 1.1 else grey(page.image)
    turn = page.turn or upright_turn(look)
    return _words(turned(look, turn), index), turn


def _setup() -> None:
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    found = shutil.which("tesseract", path=os.environ.get("PATH") or os.defpath)
    pytesseract.pytesseract.tesseract_cmd = found or "/usr/bin/tesseract"


def upright_turn(look: Image) -> int:
    """The clockwise turn that makes a page (grey, 200 dpi) upright: 0, 90, 180 or 270.

    0 where the text is too little to tell."""
    _setup()
    try:
        told = pytesseract.image_to_osd(
            PillowImage.fromarray(look),
            output_type=pytesseract.Output.DICT,
            config=f"--tessdata-dir {tessdata()}",
            timeout=TIMEOUT,
        )
    except (pytesseract.TesseractError, RuntimeError, OSError):
        return 0
    sure = float(told.get("orientation_conf", 0)) > 2.0
    return int(told.get("rotate", 0)) % 360 if sure else 0


def _words(look: Image, index: int) -> tuple[Word, ...]:
    _setup()
    height, width = look.shape
    try:
        table = pytesseract.image_to_data(
            PillowImage.fromarray(np.ascontiguousarray(look)),
            lang="fra",
            config=f"--tessdata-dir {tessdata()} --dpi {int(TEXT_DPI)}",
            output_type=pytesseract.Output.DICT,
            timeout=TIMEOUT,
        )
    except (pytesseract.TesseractError, RuntimeError, OSError):
        return ()
    words = []
    columns = ("text", "conf", "left", "top", "width", "height")
    for text, confidence, x, y, w, h in zip(*(table[name] for name in columns), strict=True):
        if str(text).strip() and float(confidence) >= MIN_CONFIDENCE:
            box = (x / width, y / height, w / width, h / height)
            words.append(Word(str(text).strip(), index, tuple(round(v, 5) for v in box)))  # type: ignore[arg-type]
    return tuple(words)


_FACTURE = re.compile(
    r"\b(facture|invoice)\b.{0,600}?\b(total|ttc|montant|net a payer|tva|amount|vat|payer)\b", re.DOTALL
)
_NOT_FACTURE = re.compile(r"\b(devis|bon de commande|pro ?forma|declaration|certificat|cerfa)\b")


def type_of(words: Sequence[Word]) -> str:
    """`facture` where the words say so plainly, else `inconnu`."""
    text = " ".join(word.text for word in words[:600]).lower()
    text = unicodedata.normalize("NFD", text)
    text = "".join(char for char in text if not unicodedata.combining(char))
    if _FACTURE.search(text) and not _NOT_FACTURE.search(text[:400]):
        return "facture"
    return "inconnu"
