"""What a field of a form is: its name, how it is typed, how much it holds."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "text", "block", "digits", "nir", "date", "birth", "amount", "code", "tick", "signature",
    "month", "number", "iban", "choice",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """`length`: of a comb, the most characters that it holds. `choices`: of a choice, its words."""

    name: str
    kind: Kind
    length: int | None = None
    choices: tuple[str, ...] = ()
