"""Counts fields right, accepted and escaped of readings against their truth."""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ocr.forms import load_form

FLAGS = ("check", "signature")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One field of one sheet. `right`: the value read is the truth (null for null)."""

    file: str
    name: str
    kind: str
    filled: bool
    right: bool
    status: str
    probability: float
    truth: Any
    read: Any

    @property
    def accepted(self) -> bool:
        return self.status == "accepted"

    @property
    def escaped(self) -> bool:
        """Accepted and wrong; a value where the paper is blank counts."""
        return self.accepted and not self.right


def kind_of(name: str, form: str = "s3110j") -> str:
    if name in ("medecin_rpps", "medecin_am"):
        return "stamp"
    return load_form(form).fields[name].kind


def plain(value: Any) -> Any:
    """White space apart, a text is compared to the letter."""
    if not isinstance(value, str):
        return value
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", value).split("\n"))
    return "\n".join(line for line in lines if line)


def outcomes(truth: Mapping[str, Any], reading: Mapping[str, Any]) -> Iterator[Outcome]:
    """`truth`: a line of truth.jsonl; `reading`: a line of `liasse read`."""
    documents = reading.get("documents", ())
    fields = next((d["fields"] for d in documents if d["form"] == truth["form"]), {})
    for name, value in truth["fields"].items():
        kind = kind_of(name)
        seen = fields.get(name)
        filled = value is not None and value is not False
        if seen is None:
            yield Outcome(truth["file"], name, kind, filled, not filled, "missing", 0.0, value, None)
            continue
        right = plain(seen["value"]) == plain(value)
        yield Outcome(
            truth["file"], name, kind, filled, right, seen["status"], seen["probability"], value, seen["value"]
        )


@dataclass(slots=True)
class Tally:
    filled: int = 0
    right: int = 0
    accepted: int = 0
    accepted_filled: int = 0
    escaped: int = 0
    wrong: list[Outcome] = field(default_factory=list)

    def add(self, each: Outcome) -> None:
        self.filled += each.filled
        self.right += each.filled and each.right
        self.accepted += each.accepted
        self.accepted_filled += each.accepted and each.filled
        if each.escaped:
            self.escaped += 1
            self.wrong.append(each)


def tally(found: Iterable[Outcome], flags: bool) -> Tally:
    """Of ticks and signatures alone (`flags`), or of everything else."""
    total = Tally()
    for each in found:
        if (each.kind in FLAGS) == flags:
            total.add(each)
    return total


def by_kind(found: Iterable[Outcome]) -> dict[str, Tally]:
    kinds: dict[str, Tally] = {}
    for each in found:
        kinds.setdefault(each.kind, Tally()).add(each)
    return kinds


def upper_bound(wrong: int, of: int, confidence: float = 0.95) -> float:
    """Of the rate behind `wrong` in `of` (Clopper-Pearson, one-sided), by bisection."""
    if of == 0 or wrong >= of:
        return 1.0
    from math import exp, lgamma, log, log1p

    def at_most(rate: float) -> float:
        if rate <= 0:
            return 1.0
        terms = (
            lgamma(of + 1) - lgamma(k + 1) - lgamma(of - k + 1) + k * log(rate) + (of - k) * log1p(-rate)
            for k in range(wrong + 1)
        )
        return sum(exp(term) for term in terms)

    low, high = wrong / of, 1.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if at_most(middle) > 1 - confidence else (low, middle)
    return high


def stoppers(sheet: Iterable[Outcome]) -> tuple[str, ...]:
    """What keeps a sheet from going straight through, of: NIR and key, birth date or name, each act's
    date, code and amount, the total, the form's date, the practitioner, the ticks of exoneration and of
    parcours, both signatures. Each must be accepted (or surely blank) and right."""
    of = {each.name: each for each in sheet}

    def fine(name: str) -> bool:
        each = of.get(name)
        return each is None or (each.right and each.status in ("accepted", "empty"))

    needed = [name for name in of if name.startswith("acte") or of[name].kind in FLAGS or "_nir" in name]
    stopping = [name for name in (*needed, "montant_total", "date_facture") if not fine(name)]
    if not fine("beneficiaire_date_naissance") and not fine("beneficiaire_nom_prenom"):
        stopping.append("beneficiaire_date_naissance")
    numbers = [of[name] for name in ("medecin_rpps", "medecin_am") if name in of]
    if any(each.escaped for each in numbers) or not any(each.accepted for each in numbers):
        stopping.append("medecin_rpps")
    return tuple(stopping)


def by_sheet(found: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    sheets: dict[str, list[Outcome]] = {}
    for each in found:
        sheets.setdefault(each.file, []).append(each)
    return sheets


def truths(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "truth.jsonl").read_text("utf-8").splitlines()]
