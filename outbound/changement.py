"""The letter that tells what a justificatif changed in a dossier: from when, by which text, what recourse."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from domain.french import in_words
from law import Law
from outbound import recours
from outbound.decompte_especes import CAISSE
from outbound.pdf import make
from rights.propositions import Change


def render(
    changes: Sequence[Change], name: str, address: tuple[str, ...], *, reference: str, day: date, law: Law
) -> bytes:
    """The PDF. The same arguments give the same bytes."""
    return make("changement.typ", content(changes, name, address, reference=reference, day=day, law=law), day)


def content(
    changes: Sequence[Change], name: str, address: tuple[str, ...], *, reference: str, day: date, law: Law
) -> dict[str, Any]:
    """Every word of the letter."""
    return {
        "caisse": CAISSE,
        "name": name,
        "address": list(address),
        "day": in_words(day),
        "reference": reference,
        "changes": [_change(each) for each in changes],
        "ways": recours.ways(day, law),
    }


def _change(change: Change) -> dict[str, Any]:
    for_whom = f", {change.person}" if change.person else ""
    return {
        "what": f"{change.label}{for_whom} : {change.new}",
        "facts": [["Avant", change.old or "rien"], ["À partir du", in_words(change.effect)]],
        "sentence": change.sentence,
        "article": change.article,
    }
