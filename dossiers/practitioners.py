"""Which practitioner a stamp speaks of: RPPS, number of the assurance maladie, names."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.identifiers import rpps_is_valid
from domain.people import Practitioner
from domain.reading import FieldReading
from dossiers.lines import compare
from dossiers.strings import NEVER, evidence

PROFESSIONALS = 250_000
PRESENT = 0.98
"""Practitioners of the table when the caller does not say; and that the one of the sheet is in it."""
LOG_RPPS = math.log(1e6)
"""Registered numbers are one in a million of the valid ones at most: what chance would give."""
LOG_AM = math.log(2e6)
WRONG_NUMBER = 0.01
"""The number on the stamp is another's (a colleague of the practice, a replaced one)."""


@dataclass(frozen=True, slots=True)
class PractitionerMatch:
    practitioner: Practitioner
    probability: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PractitionerIdentification:
    """`ranked`: most probable first. `absent`: the probability that the table does not hold him."""

    ranked: tuple[PractitionerMatch, ...] = ()
    absent: float = 1.0

    @property
    def best(self) -> PractitionerMatch | None:
        return self.ranked[0] if self.ranked else None

    @property
    def certain(self) -> Practitioner | None:
        """The practitioner, where nothing needs to be asked."""
        best = self.best
        return best.practitioner if best is not None and best.probability >= CERTAIN else None


CERTAIN = 0.999


def match_practitioner(
    fields: Mapping[str, FieldReading],
    candidates: Sequence[Practitioner],
    population: int = PROFESSIONALS,
) -> PractitionerIdentification:
    """The posterior of each practitioner being the one of the stamp, and of none being."""
    stamp = fields.get("medecin_tampon")
    text = stamp.value if stamp is not None and isinstance(stamp.value, str) else ""
    if not any(_said(fields, name) for name in ("medecin_rpps", "medecin_am", "medecin_tampon")):
        return PractitionerIdentification()
    absent = math.log(1.0 - PRESENT)
    scores = []
    for each in {one.rpps: one for one in candidates}.values():
        score, why = _score(fields, text, each)
        scores.append((math.log(PRESENT) - math.log(population) + score, each, why))
    top = max([absent, *(score for score, _, _ in scores)])
    nobody = math.exp(absent - top)
    total = nobody + sum(math.exp(score - top) for score, _, _ in scores)
    ranked = sorted(scores, key=lambda item: -item[0])
    matches = (PractitionerMatch(each, math.exp(score - top) / total, why) for score, each, why in ranked[:10])
    return PractitionerIdentification(tuple(matches), nobody / total)


def _said(fields: Mapping[str, FieldReading], name: str) -> bool:
    field = fields.get(name)
    return field is not None and isinstance(field.value, str) and bool(field.value)


def _score(fields: Mapping[str, FieldReading], text: str, each: Practitioner) -> tuple[float, tuple[str, ...]]:
    total, why = 0.0, []
    for name, number, scale, called in (
        ("medecin_rpps", each.rpps, LOG_RPPS, "numéro RPPS"),
        ("medecin_am", each.am_number, LOG_AM, "numéro d'assurance maladie"),
    ):
        found = evidence(fields.get(name), len(number))
        if found is None:
            why.append(f"Le {called} n'a pas été lu.")
            continue
        ratio = found.likelihood(number) + scale
        # a valid key on another number says that the other number was meant
        read = found.best
        if name == "medecin_rpps" and read != number and rpps_is_valid(read):
            ratio -= math.log(10)
        total += math.log(WRONG_NUMBER + (1 - WRONG_NUMBER) * math.exp(max(NEVER, ratio)))
        same = read == number
        why.append(f"Le {called} est celui de la table." if same else f"Le {called} diffère de la table.")
    if text:
        # a stamp carries an address and a speciality too: only what is found counts, not the rest
        named = _named(text, each)
        total += named
        why.append("Le nom est sur le tampon." if named > 3.0 else "Le nom n'est pas sur le tampon.")
    return total, tuple(why)


def _named(text: str, each: Practitioner) -> float:
    best = -3.0
    for line in text.splitlines():
        found = compare(line, each.last_name, None, each.first_name)
        if "naissance" in found.kinds:
            first = found.first_name if "prenom" in found.kinds else -0.5
            best = max(best, max(found.surname, 0.0) + first)
    return best
