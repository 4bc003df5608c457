"""What a line of a form or of a stamp may say."""

from collections.abc import Sequence

import numpy as np

from ocr.specimen import names
from ocr.wording import LABELS, USUAL, WAYS

Draw = np.random.Generator

_TITLES = ("Dr", "Docteur", "DOCTEUR", "Pr", "M.", "Mme", "Mlle", "Monsieur", "Madame", "SCM", "SELARL")
_PHONES = ("Tél.", "Tél :", "Tel", "TÉL.", "Fax", "Portable", "T.")


def _one(options: Sequence[str], rng: Draw) -> str:
    return str(options[int(rng.integers(len(options)))])


def _digits(count: int, rng: Draw) -> str:
    return "".join(map(str, rng.integers(0, 10, count)))


def _grouped(text: str, sizes: Sequence[int], mark: str = " ") -> str:
    out, at = [], 0
    for size in sizes:
        out.append(text[at : at + size])
        at += size
    return mark.join(out)


def _cased(text: str, rng: Draw) -> str:
    draw = rng.random()
    return text.upper() if draw < 0.35 else text.title() if draw < 0.45 else text


def _name(words: Sequence[str], rng: Draw) -> str:
    first = _one((*names.WOMEN, *names.MEN), rng) if rng.random() < 0.5 else _one(words, rng).split()[0].title()
    last = _one(names.LAST, rng) if rng.random() < 0.4 else " ".join(_one(words, rng).split()[:2])
    last = last.upper() if rng.random() < 0.7 else last.title()
    pair = [last, first] if rng.random() < 0.6 else [first, last]
    title = [_one(_TITLES, rng)] if rng.random() < 0.25 else []
    return " ".join([*title, *pair])


def _address(words: Sequence[str], rng: Draw) -> str:
    number = str(rng.integers(1, 300)) + ("" if rng.random() < 0.85 else _one((" bis", " ter", "B", ","), rng))
    way = f"{_one(WAYS, rng)} {_one(('de la', 'du', 'des', 'de', '', '', 'd’'), rng)} {_one(words, rng)}"
    street = f"{number} {way if rng.random() < 0.6 else _one(names.STREETS, rng)}"
    town = f"{_digits(5, rng)} {_one(words, rng).upper()}"
    if rng.random() < 0.15:
        town += " CEDEX"
    return " ".join((street, town, f"{street} {town}")[int(rng.integers(3))].split())


def number(rng: Draw) -> str:
    """A number as stamps bear them: with its label, parted or not; a date, an amount."""
    draw = rng.random()
    if draw < 0.35:
        rpps = "10" + _digits(9, rng)
        rpps = _grouped(rpps, (2, 3, 3, 3)) if rng.random() < 0.4 else rpps
        return _one(LABELS[11], rng) + _one((" ", " : ", ": "), rng) + rpps
    if draw < 0.65:
        am = _digits(9, rng)
        am = _grouped(am, (2, 1, 5, 1)) if rng.random() < 0.5 else am
        return _one((*LABELS[9], "FINESS", "Finess", "N° AM"), rng) + _one((" ", " : ", ": "), rng) + am
    if draw < 0.8:
        phone = "0" + _digits(9, rng)
        phone = _grouped(phone, (2, 2, 2, 2, 2), _one((" ", ".", "-"), rng))
        return f"{_one(_PHONES, rng)} {phone}" if rng.random() < 0.7 else phone
    if draw < 0.9:
        day = f"{rng.integers(1, 32):02d}/{rng.integers(1, 13):02d}/{rng.integers(1930, 2031)}"
        return day if rng.random() < 0.6 else f"le {day}"
    return f"{rng.integers(0, 999)},{_digits(2, rng)}" + _one(("", " €", " EUR"), rng)


def _random(rng: Draw) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZÉÈÀÇabcdefghijklmnopqrstuvwxyzéèàç0123456789-'./ "
    return " ".join("".join(rng.choice(list(letters), int(rng.integers(2, 14)))).split())


_ACCENTED = {
    **dict.fromkeys("Ee", "éèêë"),
    **dict.fromkeys("Aa", "àâ"),
    **dict.fromkeys("Ii", "îï"),
    **dict.fromkeys("Oo", "ôö"),
    **dict.fromkeys("Uu", "ùûü"),
    **dict.fromkeys("Cc", "ç"),
}

ACCENTED = 0.12
"""Lines whose letters get accents by chance: what is seen must decide, not what is usual."""


def _accented(text: str, rng: Draw) -> str:
    def letter(char: str) -> str:
        choice = _ACCENTED.get(char)
        if choice is None or rng.random() > 0.35:
            return char
        new = _one(choice, rng)
        return new.upper() if char.isupper() else new

    return "".join(map(letter, text))


def phrase(words: Sequence[str], rng: Draw) -> str:
    """`words`: names, places, phrases to draw from."""
    text = _plain_phrase(words, rng)
    return _accented(text, rng) if rng.random() < ACCENTED else text


def _plain_phrase(words: Sequence[str], rng: Draw) -> str:
    draw = rng.random()
    if draw < 0.25:
        return _name(words, rng)
    if draw < 0.47:
        return _address(words, rng)
    if draw < 0.64:
        return number(rng)
    if draw < 0.72:
        return _cased(_one(USUAL, rng), rng)
    if draw < 0.92:
        return _cased(" ".join(_one(words, rng) for _ in range(int(rng.integers(1, 3))))[:40].strip(), rng)
    return _random(rng)
