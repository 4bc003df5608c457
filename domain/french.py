"""Numbers, names and days as a French sentence holds them: the plural begins at two, an h may be mute."""

import re
from datetime import date
from decimal import Decimal

from domain.money import Money, in_french

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
    "octobre", "novembre", "décembre",
)  # fmt: skip
_UNITS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze",
    "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf", "vingt",
)  # fmt: skip
SPACE = "\u00a0"
"""Between a number and what it counts: they stay on one line."""


def is_plural(number: int | Decimal) -> bool:
    """`1,99 €` and `0 jour` are singular."""
    return not -2 < number < 2


def counted(number: int | Decimal, one: str, many: str | None = None) -> str:
    """`1 jour`, `2 jours`, `1,5 kilomètre`. `many`: where it is not `one` with an s."""
    shown = f"{Decimal(number).normalize():f}".replace(".", ",")
    return f"{shown}{SPACE}{(many or f'{one}s') if is_plural(number) else one}"


def sum_is(amount: Money, one: str, many: str) -> str:
    """`1,00 € est versé`, `2,00 € sont versés`."""
    return f"{in_french(amount)} {many if is_plural(amount) else one}"


def spelled(number: int, one: str, many: str | None = None) -> str:
    """`un mois`, `deux mois`, `quinze jours`: as a letter tells a delay; in figures past twenty."""
    if number >= len(_UNITS):
        return counted(number, one, many)
    return f"{_UNITS[number]}{SPACE}{(many or f'{one}s') if is_plural(number) else one}"


def of(words: str) -> str:
    """`d'un mois`, `de deux mois`: before a vowel, but for `onze`."""
    mute = words[:1].lower() in "aeiouyàâéèêîôû" and not words.startswith("onze")
    return f"d'{words}" if mute else f"de {words}"


def percent(fraction: Decimal) -> str:
    """`0.834` -> `83,4 %`."""
    return f"{(fraction * 100).normalize():f}".replace(".", ",") + f"{SPACE}%"


_SUMS = re.compile(r"(?<=\d) (?=[€%])")
_BREAKS = re.compile(r"(?<=\d) (?=[€%])|(?<=«) | (?=[»:;!?])|(?<=n°) ")


def together(text: str) -> str:
    """The text, each number held to its sign: `8,40 €`, `100 %`."""
    return _SUMS.sub(SPACE, text)


def unbroken(text: str) -> str:
    """The text with the spaces at which French typography breaks no line made unbreakable."""
    return _BREAKS.sub(SPACE, text)


def in_words(day: date) -> str:
    """`1er mars 2026`."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"


def lowered(sentence: str) -> str:
    """The sentence to follow a colon: its first letter small, but for an acronym or a reference (D160-6)."""
    second = sentence[1:2]
    return sentence if second.isupper() or second.isdigit() else sentence[:1].lower() + sentence[1:]
