"""Cases that are neither care nor a cash benefit: a sum paid in excess, a penalty, the ceilings of the C2S."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from domain.errors import Refused
from domain.money import Money
from domain.plain import Malformed, from_plain, schema_of, to_plain
from law import Law, NotCovered
from liquidation import indus, penalites, ressources
from liquidation.reasons import because


@dataclass(frozen=True, slots=True)
class InduCase:
    """As indus.examine."""

    benefit: Literal["indu"]
    amount: Money
    paid_on: date
    notified_on: date
    reason: str = "Versement indu."
    fraud: bool = False
    participation: bool = False

    def decide(self, law: Law) -> Mapping[str, Any]:
        told = {"benefit": self.benefit, "not_computed": [], "law_version": law.version}
        try:
            found = indus.examine(
                self.amount, self.paid_on, self.notified_on, self.reason, law,
                fraud=self.fraud, participation=self.participation,
            )  # fmt: skip
        except NotCovered as refusal:
            reason = because("droit_non_couvert", detail=f"{refusal}.")
            return {**told, "trace": [], "not_computed": [to_plain(reason)]}
        return {**told, **to_plain(found)}


@dataclass(frozen=True, slots=True)
class PenaltyCase:
    """As penalites.bounds."""

    benefit: Literal["penalite"]
    who: penalites.Who
    facts: penalites.Facts
    on: date
    concerned: Money | None = None
    again: bool = False

    def decide(self, law: Law) -> Mapping[str, Any]:
        found = penalites.bounds(self.who, self.facts, self.concerned, self.on, self.again, law)
        plain: dict[str, Any] = to_plain(found)
        return plain


LARGEST = 100
"""People of a household: more is a mistake of the hand."""


@dataclass(frozen=True, slots=True)
class CeilingCase:
    """As ressources.ceilings."""

    benefit: Literal["c2s"]
    people: int
    asked_on: date
    resources: Money | None = None

    def __post_init__(self) -> None:
        if not 0 < self.people <= LARGEST:
            raise ValueError("a household has somebody")

    def decide(self, law: Law) -> Mapping[str, Any]:
        plain: dict[str, Any] = to_plain(ressources.ceilings(self.people, self.resources, self.asked_on, law))
        return plain


KINDS: dict[str, Any] = {"indu": InduCase, "penalite": PenaltyCase, "c2s": CeilingCase}


def schemas() -> list[dict[str, Any]]:
    """One JSON Schema a case."""
    return [schema_of(kind) for kind in KINDS.values()]


def run(case: Mapping[str, Any], law: Law) -> dict[str, Any]:
    """The answer of a case whose `benefit` is one of KINDS. Raises Refused("cas_mal_forme")."""
    try:
        return dict(from_plain(case, KINDS[case["benefit"]]).decide(law))
    except Malformed as fault:
        raise Refused("cas_mal_forme", f"{fault}.") from None
