"""A decision in cash as the API and its page tell it: its days, beside the lines that all decisions have."""

from datetime import date
from typing import Any

from pydantic import Field

from api.schema_base import Euros, Said
from checks.prestations import Record
from domain.money import euros
from liquidation.especes.types import CashLine


class CashLineOut(Said):
    start: date
    end: date
    days: int
    kind: str = Field(description="Ce que sont ces jours : `indemnise`, `carence`, `retard`...")
    daily: Euros
    gross: Euros
    csg: Euros
    crds: Euros
    net: Euros
    article: str
    sentence: str


class CashOut(Said):
    """Jours décidés, du premier au dernier, et ce qu'ils donnent."""

    benefit: str
    start: date
    end: date
    gross: Euros
    net: Euros
    lines: list[CashLineOut]


def cash_out(record: Record | None) -> dict[str, Any] | None:
    if record is None:
        return None
    decision = record.decision
    return {
        "benefit": decision.benefit,
        "start": record.start,
        "end": record.end,
        "gross": str(euros(decision.gross)),
        "net": str(euros(decision.net)),
        "lines": [_line(line) for line in decision.lines],
    }


def _line(line: CashLine) -> dict[str, Any]:
    amounts = {name: str(getattr(line, name)) for name in ("daily", "gross", "csg", "crds", "net")}
    return amounts | {
        "start": line.start,
        "end": line.end,
        "days": line.days,
        "kind": line.kind,
        "article": line.article,
        "sentence": line.sentence,
    }
