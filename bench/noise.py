"""What a reader might make of a person's sheet: cells whose probabilities are honest, names misread
and written in every order, dates left out, numbers copied wrong. For benches and tests."""

import math
import random
import string
from collections.abc import Mapping
from dataclasses import dataclass

from domain.nir import key_of
from domain.people import Insured
from domain.reading import FieldReading

DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class Noise:
    """`sure`: share of cells read beyond doubt; `doubt`: the range of the best digit's probability in
    the others. `letter`: a letter misread. `copied`: a number copied with one digit wrong or two
    swapped by the hand that wrote. `no_date`, `no_first`, `no_nir`: left blank."""

    sure: float = 0.97
    doubt: tuple[float, float] = (0.5, 0.99)
    letter: float = 0.02
    copied: float = 0.005
    no_date: float = 0.10
    no_first: float = 0.01
    no_nir: float = 0.02
    cells: bool = True


PRINTED = Noise(sure=0.995, letter=0.005)
HANDWRITTEN = Noise(sure=0.93, letter=0.04)
POOR = Noise(sure=0.75, doubt=(0.35, 0.98), letter=0.12, no_date=0.2)


def sheet_of(
    person: Insured, rng: random.Random, noise: Noise = PRINTED, holder: Insured | None = None
) -> dict[str, FieldReading]:
    """The identity fields of a sheet about `person`; `holder`: the assuré, for an ayant droit."""
    fields: dict[str, FieldReading] = {"beneficiaire_nom_prenom": _text(_names(person, rng, noise), rng, noise)}
    number = person.nir
    if person.assure_nir is not None:
        by_holder = rng.random() < 0.4
        if number is None and by_holder:
            number = person.assure_nir  # the family's card in the practitioner's hand
        else:
            fields |= _comb("assure_nir", person.assure_nir, rng, noise)
            if holder is not None:
                fields["assure_nom_prenom"] = _text(_names(holder, rng, noise), rng, noise)
    if number is not None and rng.random() >= noise.no_nir:
        fields |= _comb("beneficiaire_nir", number, rng, noise)
    if rng.random() >= noise.no_date:
        written = person.birth_date.strftime("%d%m%Y")
        cells, read = _read(written, rng, noise)
        value = f"{read[4:]}-{read[2:4]}-{read[:2]}"
        fields["beneficiaire_date_naissance"] = _field(value, cells, noise)
    return fields


def _names(person: Insured, rng: random.Random, noise: Noise) -> str:
    last = person.birth_name
    if person.use_name is not None:
        last = rng.choice(
            (
                person.use_name,
                person.birth_name,
                f"{person.birth_name} {person.use_name}",
                f"{person.birth_name} ép. {person.use_name}",
                f"{person.use_name}-{person.birth_name}",
            )
        )
    first = person.first_names if rng.random() < 0.3 else person.first_names.split()[0]
    if rng.random() < noise.no_first:
        first = ""
    parts = [last.upper() if rng.random() < 0.7 else last, first]
    if rng.random() < 0.2:
        parts.reverse()
    return " ".join(part for part in parts if part)


def _text(text: str, rng: random.Random, noise: Noise) -> FieldReading:
    read = []
    for char in text:
        draw = rng.random()
        if draw >= noise.letter:
            read.append(char)
        elif draw < noise.letter * 0.7:
            read.append(rng.choice(string.ascii_uppercase))
        elif draw < noise.letter * 0.85:
            read += [char, rng.choice(string.ascii_uppercase)]
    value = "".join(read)
    return FieldReading(value, "accepted" if value == text else "review", 0.9)


def _comb(name: str, number: str, rng: random.Random, noise: Noise) -> dict[str, FieldReading]:
    body, key = number, key_of(number)
    if rng.random() < noise.copied:
        place = rng.choice([0, 1, 2, 3, 7, 8, 9, 10, 11])
        if rng.random() < 0.5:
            body = body[:place] + rng.choice(DIGITS) + body[place + 1 :]
        else:
            body = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    cells, read = _read(body, rng, noise)
    key_cells, key_read = _read(key, rng, noise)
    return {name: _field(read, cells, noise), f"{name}_cle": _field(key_read, key_cells, noise)}


def _field(value: str, cells: list[Mapping[str, float]], noise: Noise) -> FieldReading:
    probability = math.exp(sum(max(cell.values()) for cell in cells))
    status = "accepted" if probability > 0.98 else "review"
    return FieldReading(value, status, probability, cells=tuple(cells) if noise.cells else ())


def _read(text: str, rng: random.Random, noise: Noise) -> tuple[list[Mapping[str, float]], str]:
    """Cells whose probabilities are honest: where the best digit is announced with probability c, it
    is right c times in a hundred."""
    cells: list[Mapping[str, float]] = []
    read = []
    for char in text:
        best = 0.9995 if rng.random() < noise.sure else rng.uniform(*noise.doubt)
        alphabet = DIGITS if char in DIGITS else "AB"
        others = [each for each in alphabet if each != char]
        rng.shuffle(others)
        # the second choice takes most of what is left
        shares = [0.7, *([0.3 / (len(others) - 1)] * (len(others) - 1))] if len(others) > 1 else [1.0]
        if rng.random() < best:
            ranked = [char, *others]
        else:
            place = rng.choices(range(len(others)), shares)[0]
            ranked = [others[0], *others[1:]]
            ranked.insert(place + 1, char)
        table = [best, *((1.0 - best) * share for share in shares)]
        cells.append({each: math.log(share) for each, share in zip(ranked, table, strict=True)})
        read.append(ranked[0])
    return cells, "".join(read)
