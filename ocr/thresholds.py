"""What a probability is worth, and from which one a field is accepted without a person: fitted, kept in
thresholds.yaml."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

POOR = 0.9997
"""From which probability at least a value is accepted on a page that is seen poorly (ocr.fitness.is_poor):
there what one field gains by another proves less, since one cause spoils them all. Set by counting errors."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`printed`, `handwritten`: by kind of field, or by its name where that is there.

    `calibration`: for each of both, by kind, slope and offset of the log-odds."""

    printed: Mapping[str, float]
    handwritten: Mapping[str, float]
    temperature: float
    floor: float
    calibration: Mapping[str, Mapping[str, tuple[float, float]]]

    def of(self, name: str, kind: str, by_hand: bool, poor: bool = False) -> float:
        """The least probability at which the field is accepted; above 1: never. `poor`: it is a value of a page
        that is seen poorly."""
        table = self.handwritten if by_hand else self.printed
        if kind == "blank":
            return table["blank"]
        plain = re.sub(r"^acte\d_", "", name)
        return max(table.get(plain, table.get(kind, 1.1)), POOR if poor else 0.0)

    def worth(self, kind: str, chance: float, by_hand: bool) -> float:
        """The probability observed where `chance` was computed."""
        table = self.calibration.get("handwritten" if by_hand else "printed", {})
        if kind not in table:
            return chance
        slope, offset = table[kind]
        kept = min(max(chance, 1e-6), 1 - 1e-6)
        return 1 / (1 + math.exp(-(slope * math.log(kept / (1 - kept)) + offset)))


@lru_cache(1)
def thresholds() -> Thresholds:
    data = yaml.safe_load((files("ocr") / "thresholds.yaml").read_text("utf-8"))
    network = data["network"]
    return Thresholds(
        data["printed"],
        data["handwritten"],
        network["temperature"],
        network["floor"],
        data.get("calibration", {}),
    )
