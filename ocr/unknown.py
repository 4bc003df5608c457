"""A page that is no known form: its full text with places, and a type where its words tell one."""

import re
import unicodedata
from collections.abc import Sequence

from domain.reading import Word
from ocr import tesseract
from ocr.pages import Image, Page
from ocr.prepare import grey, reduced, turned

TEXT_DPI = 200.0
MIN_CONFIDENCE = 20.0


def text_of(page: Page, index: int) -> tuple[tuple[Word, ...], int]:
    """Words of a page and the clockwise turn that makes it upright.

    A text layer is taken as it is; else Tesseract reads the whole page at 200 dpi.
    """
    if page.text:
        return tuple(Word(span.text, index, span.box) for span in page.text), page.turn
    look = reduced(grey(page.image), page.dpi, TEXT_DPI) if page.dpi > TEXT_DPI * 1.1 else grey(page.image)
    turn = page.turn or tesseract.upright_turn(look)
    return _words(turned(look, turn), index), turn


def _words(look: Image, index: int) -> tuple[Word, ...]:
    height, width = look.shape
    told = []
    for found in tesseract.words(look, TEXT_DPI):
        if found.confidence >= MIN_CONFIDENCE:
            x, y, w, h = found.box
            box = (round(x / width, 5), round(y / height, 5), round(w / width, 5), round(h / height, 5))
            told.append(Word(found.text, index, box))
    return tuple(told)


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
