"""What a form is: its page, the zones that are filled, the numbers that its blank is drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Box = tuple[float, float, float, float]

KINDS = {
    "comb": "peigne de chiffres : une boîte par case",
    "comb_date": "date en peigne, JJMMAAAA : huit boîtes",
    "comb_amount": "montant en peigne : une boîte par chiffre, les deux dernières pour les centimes",
    "cell": "une case où quelques capitales ou chiffres s'écrivent à la suite",
    "check": "case à cocher : une boîte, l'intérieur du cadre",
    "text": "texte libre ; plusieurs boîtes sont plusieurs lignes, jointes par des espaces",
    "text_block": "bloc de lignes (cachet, adresse), jointes par des retours à la ligne",
    "signature": "zone à signer : de l'encre, ou rien",
}
"""Kind of a zone -> what it is, as the operator's guide says it."""


@dataclass(frozen=True, slots=True)
class FormField:
    """A zone to fill. `boxes`: x, y, w, h in mm on the page, one a cell of a comb.

    `kind`: one of KINDS. A text of several boxes stands on several lines, joined by spaces (a block's by
    newlines). `groups`: how the cells of a comb are grouped in print. `letters`: white letters under a
    date.
    """

    name: str
    kind: str
    boxes: tuple[Box, ...]
    groups: tuple[int, ...] = ()
    letters: str = ""
    box: Box = field(init=False, repr=False, compare=False)
    """x, y, w, h in mm of all its cells together."""

    def __post_init__(self) -> None:
        left = min(x for x, _, _, _ in self.boxes)
        top = min(y for _, y, _, _ in self.boxes)
        right = max(x + w for x, _, w, _ in self.boxes)
        bottom = max(y + h for _, y, _, h in self.boxes)
        object.__setattr__(self, "box", (left, top, right - left, bottom - top))


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """`page_mm`: width and height of the page that all boxes refer to (the measured print has about
    4 x 3 mm of bleed a side). `scan`: an operator's own blank, upright, cut to the same page."""

    name: str
    type: str
    title: str
    cerfa: str
    edition: str
    page_mm: tuple[float, float]
    fields: Mapping[str, FormField]
    drawing: Mapping[str, Any] = field(repr=False)
    scan: Path | None = None
    follows: str = ""
    """The form whose next page this is."""
