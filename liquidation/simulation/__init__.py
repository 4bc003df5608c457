"""«Que serai-je remboursé, que toucherai-je ?»: a question in a few French words, without a dossier.

The same pure functions answer it as decide a document: a question becomes a case of `liasse liquidate`,
and what it does not tell is supposed, and said."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.errors import Refused
from law import NotCovered, load
from liquidation import case as room
from liquidation.simulation.answer import answer_of
from liquidation.simulation.fields import CODE
from liquidation.simulation.subjects import SUBJECTS, Subject

__all__ = ["SUBJECTS", "Subject", "case_of", "simulate"]


def case_of(question: Mapping[str, Any], today: date) -> tuple[str, dict[str, Any], list[str]]:
    """(subject, the case, what is supposed). Raises Refused: `simulation_mal_posee`, with every fault."""
    name = question.get("sujet")
    subject = SUBJECTS.get(name) if isinstance(name, str) else None
    if subject is None:
        raise Refused(CODE, f"sujet : l'un de {', '.join(SUBJECTS)}.")
    rest = {key: each for key, each in question.items() if key not in ("sujet", "lectures")}
    try:
        case, supposed = subject.build(rest, today, load())
    except NotCovered as missing:
        raise Refused(CODE, f"{missing.missing}.") from None
    if question.get("lectures"):
        case["readings"] = question["lectures"]
    return str(name), case, supposed


def simulate(question: Mapping[str, Any], today: date) -> dict[str, Any]:
    """The answer as plain JSON. Raises Refused.

    `question`: `sujet` and its fields (docs/simulation.md); `lectures`: contested parameter -> the reading
    wanted. `today`: the civil day on which it is asked."""
    try:
        name, case, supposed = case_of(question, today)
        return answer_of(name, room.run(case), supposed)
    except ArithmeticError:
        raise Refused(CODE, "Un nombre est trop grand.") from None
