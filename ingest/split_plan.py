"""What becomes of a file, from what the cage saw of its pages. Pure.

The cage's answer is foreign: page numbers are checked, and a page that it forgot is not lost but
becomes part of a document of its own, for a person to see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from domain.errors import Failed

Outcome = Literal["document", "separateur", "blanc"]
UNKNOWN_TYPE = "inconnu"


@dataclass(frozen=True, slots=True)
class Part:
    """One document in a file. `pages`: indices in the file, from 0, in order."""

    type: str
    form: str | None
    pages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """`kind`: seul (one document), scinde (several: its children), ecarte or rejete (`reason` says
    why). `parts` is empty for ecarte and rejete. `whole`: the one document holds every page."""

    kind: Literal["seul", "scinde", "ecarte", "rejete"]
    media_type: str
    parts: tuple[Part, ...] = ()
    reason: str | None = None
    whole: bool = False


def decide(split: Mapping[str, Any], *, in_lot: bool = False) -> Plan:
    """The plan for the result of `ocr.split`. `in_lot`: the file is one side of a sheet, so one page.

    Raises Failed("lecteur_tombe") where the result cannot be true.
    """
    media_type = str(split["media_type"])
    count = len(split["pages"])
    if count == 0:
        raise Failed("lecteur_tombe")
    if in_lot and count > 1:
        return Plan("rejete", media_type, reason="une_image_par_feuille")
    separators = _indices(split["separators"], count)
    blanks = _indices(split["blanks"], count)
    parts = [
        Part(str(each["type"]), each["form"], tuple(sorted(_indices(each["pages"], count))))
        for each in split["documents"]
        if each["pages"]
    ]
    seen = [page for part in parts for page in part.pages]
    if len(seen) != len(set(seen)):
        raise Failed("lecteur_tombe")
    parts += [
        Part(UNKNOWN_TYPE, None, tuple(run)) for run in _runs(set(range(count)) - {*seen, *separators, *blanks})
    ]
    parts.sort(key=lambda part: part.pages)
    if not parts:
        return Plan("ecarte", media_type, reason="separateur" if separators else "blanc")
    kind: Literal["seul", "scinde"] = "seul" if len(parts) == 1 else "scinde"
    return Plan(kind, media_type, tuple(parts), whole=len(parts) == 1 and len(parts[0].pages) == count)


def outcome(split: Mapping[str, Any], page: int = 0) -> Outcome:
    """What one image of a lot is: the lot's balance counts it so."""
    if page in split["separators"]:
        return "separateur"
    if page in split["blanks"]:
        return "blanc"
    return "document"


def _indices(pages: Sequence[Any], count: int) -> set[int]:
    found = set(pages)
    if len(found) != len(pages) or not all(isinstance(page, int) and 0 <= page < count for page in found):
        raise Failed("lecteur_tombe")
    return found


def _runs(pages: set[int]) -> list[list[int]]:
    """Consecutive pages together."""
    runs: list[list[int]] = []
    for page in sorted(pages):
        if runs and runs[-1][-1] == page - 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    return runs
