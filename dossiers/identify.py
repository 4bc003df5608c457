"""Who a sheet speaks of: one posterior from the NIR, the names and the birth date.

Hypotheses: the beneficiary is candidate i; or a stranger to the base; or an absent relative of
candidate j (a newborn on his mother's number, a wife on her husband's). Each piece of evidence is a
log-likelihood ratio against «any person of the country», so candidates and absence compare on one
scale, and the size of the base counts (Fellegi and Sunter 1969; Copas and Hilton 1990).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.people import Insured
from domain.reading import FieldReading
from dossiers.lines import MOST_FIRST_NAME, MOST_SURNAME, LineMatch, compare
from dossiers.numbers import NirLine, nir_line
from dossiers.reasons import Facts, reasons
from dossiers.strings import NEVER, Evidence, evidence

CERTAIN = 0.999
"""From this posterior on, the person is known without asking."""

POPULATION = 1_000_000
"""Persons of the base when the caller does not say. More persons, more care."""

PRESENT, STRANGER, RELATIVE = 0.96, 0.03, 0.01
"""Before reading: the beneficiary is in the base; unknown to it; unknown, on a relative's number.
Yvelines 2019: 1.4 % of paper sheets could not be identified."""

LOG_DAYS = math.log(36_500)
LOG_YEARS = math.log(100)
WRONG_DATE = 0.006
"""The date on the sheet is not the person's (the day of care instead, a parent's)."""
TWIN = 0.03
"""An absent relative of a candidate is born the same day."""

BEHIND = 12.0
"""A candidate that cannot come closer than this to the best, whatever its names, is left out."""
MOST_NAMED = 80
KEPT = 10


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate with its posterior, and French sentences that explain it without any value."""

    insured: Insured
    probability: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identification:
    """`ranked`: most probable first. `absent`: the probability that the person is in no dossier."""

    ranked: tuple[Match, ...] = ()
    absent: float = 1.0

    @property
    def best(self) -> Match | None:
        return self.ranked[0] if self.ranked else None

    @property
    def certain(self) -> Insured | None:
        """The insured, where nothing needs to be asked."""
        best = self.best
        return best.insured if best is not None and best.probability >= CERTAIN else None


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the sheet says, ready to be compared."""

    beneficiary: NirLine | None
    holder: NirLine | None
    names: tuple[tuple[str, float], ...]
    holder_name: str
    born: Evidence | None
    lunar: tuple[int, int | None] | None
    rank: int | None


def identify(
    fields: Mapping[str, FieldReading], candidates: Sequence[Insured], population: int = POPULATION
) -> Identification:
    """The posterior of each candidate being the beneficiary, and of none being.

    `candidates`: what the base answers to queries(fields). `population`: persons of the base.
    """
    sheet = _sheet(fields)
    people = list({person.id: person for person in candidates}.values())
    if not people or not _says_something(sheet):
        return Identification((), 1.0)
    holders = {person.nir: person for person in people if person.nir is not None}
    scale = math.log(population)
    numbered = sorted(
        ((_of_numbers(sheet, person), person) for person in people),
        key=lambda item: -item[0].without_names,
    )
    gain = MOST_SURNAME + MOST_FIRST_NAME
    gain += 0.5 * gain if sheet.holder_name else 0.0
    leader = numbered[0][0].without_names - BEHIND
    scores: list[tuple[float, Insured, Facts]] = []
    absent = [math.log(STRANGER) + _stranger(sheet)]
    for facts, person in numbered[:MOST_NAMED]:
        if facts.without_names + gain < leader - BEHIND:
            break
        named = _of_names(sheet, person, holders, facts)
        leader = max(leader, named.total)
        prior = math.log(PRESENT) - scale
        scores.append((prior + named.total, person, named))
        absent.append(math.log(RELATIVE) - scale + _relative(sheet, person, named))
    return _posterior(scores, absent)


def _posterior(scores: list[tuple[float, Insured, Facts]], absent: list[float]) -> Identification:
    top = max(*(score for score, _, _ in scores), *absent)
    weights = [math.exp(score - top) for score, _, _ in scores]
    nobody = sum(math.exp(score - top) for score in absent)
    total = sum(weights) + nobody
    ranked = sorted(zip(weights, scores, strict=True), key=lambda item: -item[0])
    matches = tuple(
        Match(person, weight / total, reasons(facts, person)) for weight, (_, person, facts) in ranked[:KEPT]
    )
    return Identification(matches, nobody / total)


def _says_something(sheet: _Sheet) -> bool:
    return any((sheet.beneficiary, sheet.holder, sheet.names, sheet.born, sheet.lunar))


def _sheet(fields: Mapping[str, FieldReading]) -> _Sheet:
    born, lunar = _birth(fields.get("beneficiaire_date_naissance"))
    rank = fields.get("beneficiaire_rang")
    return _Sheet(
        nir_line(fields, "beneficiaire_nir"),
        nir_line(fields, "assure_nir"),
        _texts(fields.get("beneficiaire_nom_prenom")),
        _text(fields.get("assure_nom_prenom")),
        born,
        lunar,
        int(rank.value) if rank and isinstance(rank.value, str) and rank.value.isdigit() else None,
    )


def _text(field: FieldReading | None) -> str:
    return field.value if field is not None and isinstance(field.value, str) else ""


def _texts(field: FieldReading | None) -> tuple[tuple[str, float], ...]:
    """The line of names and its best alternatives, with what each costs."""
    if field is None or not isinstance(field.value, str) or not field.value.strip():
        return ()
    others = sorted(field.alternatives, key=lambda each: -each.probability)[:2]
    top = max(field.probability, 0.05)
    ranked = [(field.value, 0.0)]
    ranked += [(each.value, min(0.0, math.log(max(each.probability, 1e-4) / top))) for each in others]
    return tuple(ranked)


def _birth(field: FieldReading | None) -> tuple[Evidence | None, tuple[int, int | None] | None]:
    """The evidence over JJMMAAAA, or the year (and month) of a lunar date."""
    if field is None:
        return None, None
    if len(field.cells) == 8 and field.probability < 1.0:
        found = evidence(field, 8)
        if found is not None and found.cells:
            return found, None
    if not isinstance(field.value, str):
        return None, None
    parts = field.value.split("-")
    if len(parts) != 3 or not all(part.isdigit() for part in parts) or len(parts[0]) != 4:
        return None, None
    year, month = int(parts[0]), int(parts[1])
    try:
        date.fromisoformat(field.value)
    except ValueError:
        return None, (year, month if 1 <= month <= 12 else None)
    return evidence(field, 10), None


def _of_numbers(sheet: _Sheet, person: Insured) -> Facts:
    own, holder = person.nir, person.assure_nir
    beneficiary = line = 0.0
    ratios = {"own": NEVER, "holder": NEVER, "line_holder": NEVER, "line_own": NEVER}
    if sheet.beneficiary is not None:
        ratios["own"], ratios["holder"] = sheet.beneficiary.ratio(own), sheet.beneficiary.ratio(holder)
        mine, theirs = (0.0, 0.97) if own is None else (0.985, 0.0) if holder is None else (0.8, 0.18)
        beneficiary = _mix((mine, ratios["own"]), (theirs, ratios["holder"]))
    if sheet.holder is not None:
        ratios["line_holder"], ratios["line_own"] = sheet.holder.ratio(holder), sheet.holder.ratio(own)
        theirs, mine = (0.0, 0.9) if holder is None else (0.95, 0.02)
        line = _mix((theirs, ratios["line_holder"]), (mine, ratios["line_own"]))
    born, born_seen = _of_birth(sheet, person)
    return Facts(
        beneficiary=beneficiary,
        line=line,
        born=born,
        own=ratios["own"],
        holder=ratios["holder"],
        line_holder=ratios["line_holder"],
        line_own=ratios["line_own"],
        nir_read=sheet.beneficiary is not None,
        line_read=sheet.holder is not None,
        born_seen=born_seen,
        wrong_places=_wrong_places(sheet.beneficiary, own),
    )


def _mix(*parts: tuple[float, float]) -> float:
    """log of a mixture: the line shows one of these numbers, or a number from anywhere."""
    rest = 1.0 - sum(weight for weight, _ in parts)
    return math.log(max(rest, 1e-3) + sum(weight * math.exp(min(ratio, 60.0)) for weight, ratio in parts))


def _wrong_places(line: NirLine | None, nir: str | None) -> int:
    if line is None or nir is None:
        return 0
    read = line.body.best
    if len(read) != len(nir):
        return 13
    return sum(left != right for left, right in zip(read, nir, strict=True))


def _of_birth(sheet: _Sheet, person: Insured) -> tuple[float, str]:
    day = person.birth_date
    total, seen = 0.0, "non_lue"
    if sheet.lunar is not None:
        year, month = sheet.lunar
        agrees = day.year == year and (month is None or month == day.month or day.month == 1)
        total = math.log(WRONG_DATE + (1 - WRONG_DATE) * math.exp(LOG_YEARS) * agrees)
        seen = "annee" if agrees else "differente"
    elif sheet.born is not None:
        written = day.strftime("%d%m%Y") if sheet.born.cells else day.isoformat()
        ratio = sheet.born.likelihood(written) + LOG_DAYS
        total = _mix((1.0 - WRONG_DATE, ratio))
        seen = "egale" if sheet.born.best == written else "proche" if ratio > 0.0 else "differente"
    if sheet.rank is not None:
        total += 0.5 if sheet.rank == person.birth_rank else -4.0
    return total, seen


def _of_names(sheet: _Sheet, person: Insured, holders: Mapping[str, Insured], facts: Facts) -> Facts:
    best = LineMatch()
    score = 0.0
    for place, (text, cost) in enumerate(sheet.names):
        match = compare(text, person.birth_name, person.use_name, person.first_names)
        if place == 0 or match.total + cost > score:
            best, score = match, match.total + cost
    holder_score = 0.0
    holder = person if person.assure_nir is None else holders.get(person.assure_nir)
    if sheet.holder_name and holder is not None:
        # the line repeats what its number says: half of its weight
        found = compare(sheet.holder_name, holder.birth_name, holder.use_name, holder.first_names)
        holder_score = 0.5 * found.total
    return facts.with_names(best, score, holder_score)


def _relative(sheet: _Sheet, person: Insured, facts: Facts) -> float:
    """log-ratio of «someone of this person's family, unknown to the base»: the numbers, the surname
    and the assuré are the family's, the first name is anybody's, and the birth date too but for twins."""
    total = facts.holder_name
    if facts.born_seen != "non_lue":
        total += math.log(1.0 - TWIN + TWIN * math.exp(min(facts.born, 30.0)))
    if sheet.beneficiary is not None:
        total += _mix((0.3, facts.own), (0.3, facts.holder))
    if sheet.holder is not None:
        total += _mix((0.45, facts.line_own), (0.45, facts.line_holder))
    if facts.names.read:
        total += math.log(0.4 + 0.6 * math.exp(min(facts.names.surname, 30.0)))
    return total


def _stranger(sheet: _Sheet) -> float:
    """log-ratio of «someone unknown»: his number and his birth date agree with one another."""
    line, born = sheet.beneficiary, sheet.born
    if line is None or born is None:
        return 0.0
    number, day = line.body.best, born.best
    year, month = (day[6:8], day[2:4]) if born.cells else (day[2:4], day[5:7])
    if number[1:5] == year + month:
        return math.log(0.9 * 36_500 / 30.4)
    return math.log(0.1)
