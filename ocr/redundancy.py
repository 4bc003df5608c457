"""What a sheet says twice: dates among themselves, the birth date and the NIR, a fee and its tariff.

A second statement that agrees makes a value likelier, by no more than it can be trusted; one that does
not agree changes nothing: what is on the paper is told, never what should be there. The birth date
alone is weighed against the NIR digit by digit, since both are the same person's."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

import numpy as np

from law import NotCovered, load
from law.codes import organisme
from ocr import chronology, decode
from ocr.decode import Decoded, Probabilities
from ocr.spelling import strings

TARIFF = 20.0
"""Odds gained by a fee that is the tariff of its act."""

LETTERS = 8.0
"""Odds that letters gain at most by a fee that is their tariff: many share one."""

SAME_PERSON = 0.7
"""How often the NIR and the birth date of a sheet are of one person (a child's NIR is its parent's)."""

UNKNOWN_CAISSE = 0.02
"""How often a code of nine digits on a sheet is of no caisse that our table knows."""

ALONE = 0.5
"""How likely a value is at most that says nothing without another which is blank."""

LINES = ("acte1", "acte2", "acte3", "acte4")


def confirmed(answer: Decoded, odds: float) -> Decoded:
    """The answer with its odds multiplied; its others lose what it gains."""
    before = min(max(answer.probability, 0.0), 1 - 1e-9)
    after = before * odds / (before * odds + 1 - before)
    left = (1 - after) / max(1 - before, 1e-9)
    return Decoded(answer.value, after, tuple((text, p * left) for text, p in answer.others))


def apply(answers: dict[str, Decoded], tables: Mapping[str, Probabilities]) -> None:
    """Everything that one field says of another, in place."""
    _caisse(answers, tables)
    _birth(answers, tables)
    _days(answers, tables)
    _fees(answers)
    _alone(answers)


def _alone(answers: dict[str, Decoded]) -> None:
    """What says nothing without another field that is blank is dust, or a slip of the pen: it is in doubt.

    A mark in a line of acts that has neither day nor fee, the activity of no CCAM code, the key of no NIR."""
    for line in LINES:
        day, fee = answers.get(f"{line}_date"), answers.get(f"{line}_honoraires")
        if day is not None and fee is not None and not day.value and not fee.value:
            _doubt(answers, [name for name in answers if name.startswith(f"{line}_")])
        else:
            _needs(answers, f"{line}_activite", f"{line}_code")
    for name in ("beneficiaire_nir", "assure_nir"):
        _needs(answers, f"{name}_cle", name)


def _needs(answers: dict[str, Decoded], name: str, other: str) -> None:
    if other in answers and not answers[other].value:
        _doubt(answers, [name])


def _doubt(answers: dict[str, Decoded], names: Iterable[str]) -> None:
    for name in names:
        if name in answers and answers[name].value:
            answers[name] = answers[name].scaled(ALONE)


def _caisse(answers: dict[str, Decoded], tables: Mapping[str, Probabilities]) -> None:
    """A code organisme begins with a régime and a caisse that exist: few misread ones do."""
    name = "organisme_rattachement"
    told = answers.get(name)
    if told is None or told.value is None or len(told.value) != 9 or told.probability <= 0:
        return
    likely = dict(strings(decode.digits_of(tables[name])))
    weights = {text: own * (1.0 if organisme(text) else UNKNOWN_CAISSE) for text, own in likely.items()}
    total = max(sum(weights.values()), 1e-12)
    (value, chance), *others = sorted(weights.items(), key=lambda each: -each[1])
    # cells that seem crowded or blank stay in doubt, whatever they spell
    full = min(1.0, told.probability / max(likely.get(told.value, 0.0), 1e-9))
    answers[name] = Decoded(value, full * chance / total, tuple((text, w / total) for text, w in others[:3]))


def _birth(answers: dict[str, Decoded], tables: Mapping[str, Probabilities]) -> None:
    """The birth date against the year and month of the beneficiary's NIR, its key held."""
    name = "beneficiaire_date_naissance"
    nir, key = answers.get("beneficiaire_nir"), answers.get("beneficiaire_nir_cle")
    born = answers.get(name)
    if nir is None or born is None or key is None or not (nir.value and born.value and key.value):
        return
    month = int(nir.value[3:5])
    if not 1 <= month <= 12 or name not in tables:
        return
    years = decode.BIRTH_YEARS
    months = decode.flat_months(years)
    same = np.zeros_like(months)
    for year in years:
        if year % 100 == int(nir.value[1:3]):
            same[month - 1, year - min(years)] = years[year]
    trust = SAME_PERSON * nir.probability
    answers[name] = decode.date(tables[name], years, (1 - trust) * months + trust * same / same.sum())


def _days(answers: dict[str, Decoded], tables: Mapping[str, Probabilities]) -> None:
    """The days of care and the form's date, weighed together."""
    names = [*(f"{line}_date" for line in LINES), "date_facture"]
    told = [name for name in names if name in tables and answers[name].value]
    if len(told) > 1:
        signed = told[-1] == "date_facture"
        alone = {name: decode.days_of(tables[name], decode.CARE_YEARS) for name in told}
        for name, after in chronology.weighed(alone, signed).items():
            answers[name] = chronology.tempered(after, alone[name], answers[name])


def _fees(answers: dict[str, Decoded]) -> None:
    """Each line's letter and fee, weighed together: most fees are the tariff of their act."""
    total = answers.get("montant_total")
    for line in LINES:
        code, fee, day = (answers.get(f"{line}_{what}") for what in ("c_v", "honoraires", "date"))
        if code is None or fee is None or day is None or not (code.value and fee.value and day.value):
            continue
        pairs = {
            (letters, amount): p * q * (TARIFF if amount in _tariffs(letters, day.value) else 1.0)
            for letters, p in _readings(code)
            for amount, q in _readings(fee)
        }
        whole = sum(pairs.values())
        answers[f"{line}_c_v"] = _within(code, _sums(pairs, 0, whole), LETTERS)
        answers[f"{line}_honoraires"] = fee = _within(fee, _sums(pairs, 1, whole), TARIFF)
        letters = str(answers[f"{line}_c_v"].value)
        if total is not None and total.value == fee.value and fee.value in _tariffs(letters, day.value):
            answers["montant_total"] = confirmed(total, TARIFF)


def _readings(told: Decoded) -> list[tuple[str, float]]:
    """With "" for whatever else it may be."""
    known = [(str(told.value), told.probability), *told.others]
    return [*known, ("", max(0.0, 1 - sum(chance for _, chance in known)))]


def _sums(pairs: Mapping[tuple[str, str], float], side: int, whole: float) -> dict[str, float]:
    found: dict[str, float] = {}
    for pair, weight in pairs.items():
        found[pair[side]] = found.get(pair[side], 0.0) + weight / max(whole, 1e-12)
    found.pop("", None)
    return found


def _within(before: Decoded, after: Mapping[str, float], most: float) -> Decoded:
    """The likeliest of `after`, its odds at most `most` times what they were."""
    (value, chance), *others = sorted(after.items(), key=lambda each: -each[1])
    own = min(dict(_readings(before))[value], 1 - 1e-9)
    odds = most * own / (1 - own)
    shown = tuple((text, p) for text, p in others[:3] if p > 1e-4)
    return Decoded(value, min(chance, odds / (1 + odds)), shown)


def warm() -> None:
    """Loads the tariffs."""
    load()
    organisme("000000000")


@lru_cache(256)
def _tariffs(code: str, day: str) -> frozenset[str]:
    """What a generalist or another doctor asks for that letter on that day, as amounts are read."""
    found = set()
    for specialty in ("01", "02"):
        try:
            value = load().tariff(code, date.fromisoformat(day), specialty, "1")
        except (NotCovered, ValueError):
            continue
        if value is not None:
            found.add(f"{value.number:.2f}")
    return frozenset(found)
