"""The words of a question: what each field is called, how it may be written, what is wrong with it.

Scalars are read as a person writes them: `30`, `30,50`, `1 234,50 €`, `02/11/2026` or `2026-11-02`, `oui`.
Whatever is wrong is told at once, every field of it, and never a value."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from domain.errors import Refused
from domain.money import CENT
from liquidation.simulation import limits

CODE = "simulation_mal_posee"
_FRENCH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MONTH = re.compile(r"\d{4}-\d{2}")
_BLANKS = re.compile(r"[\s\u00a0\u202f€]")
_YES, _NO = frozenset(("oui", "o", "vrai", "true", "yes")), frozenset(("non", "n", "faux", "false", "no"))


@dataclass(frozen=True, slots=True)
class Kind:
    """`what`: how such a field is written, in French. `read`: raises ValueError for what is not so."""

    what: str
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a question. `help`: what it means and what holds where it is absent, in French."""

    name: str
    kind: Kind
    help: str
    required: bool = False


def text_of(data: Any) -> str:
    """A scalar as it was written. Raises ValueError."""
    if isinstance(data, bool):
        return "oui" if data else "non"
    if isinstance(data, date):
        return data.isoformat()
    if isinstance(data, str | int | float | Decimal):
        return str(data).strip()
    raise ValueError("no scalar")


def _day(data: Any) -> date:
    written = text_of(data)
    if french := _FRENCH_DAY.fullmatch(written):
        day, month, year = map(int, french.groups())
        found = date(year, month, day)
    else:
        found = date.fromisoformat(written)
    if found.year not in limits.YEARS:
        raise ValueError("no day of anybody's")
    return found


def _number(data: Any) -> Decimal:
    try:
        number = Decimal(_BLANKS.sub("", text_of(data)).replace(",", "."))
    except InvalidOperation:
        raise ValueError("no number") from None
    if not number.is_finite() or abs(number) > limits.NUMBER:
        raise ValueError("no number")
    return number


def _amount(data: Any) -> Decimal:
    number = _number(data)
    cents = number.quantize(CENT)
    if number != cents or number < 0:
        raise ValueError("no amount")
    return cents


def _count(data: Any) -> int:
    number = _number(data)
    if number != number.to_integral_value() or number < 0:
        raise ValueError("no count")
    return int(number)


def _flag(data: Any) -> bool:
    written = text_of(data).lower()
    if written not in _YES | _NO:
        raise ValueError("neither yes nor no")
    return written in _YES


def _amounts(data: Any) -> tuple[Decimal, ...] | Mapping[date, Decimal]:
    """One amount, a list of them (on one line: 2000;2100;1900), or month -> amount."""
    found: tuple[Decimal, ...] | Mapping[date, Decimal]
    if isinstance(data, Mapping):
        found = {_month(text_of(month)): _amount(each) for month, each in data.items()}
    elif isinstance(data, Sequence) and not isinstance(data, str):
        found = tuple(_amount(each) for each in data)
    else:
        found = tuple(_amount(each) for each in text_of(data).split(";"))
    if not 0 < len(found) <= limits.ROWS:
        raise ValueError("too few, or too many")
    return found


def _month(written: str) -> date:
    """The first day of a month; the last of a week or of a fortnight is told whole."""
    return _day(f"{written}-01" if _MONTH.fullmatch(written) else written)


TEXT = Kind("un texte", text_of)
DAY = Kind("une date, 02/11/2026 ou 2026-11-02", _day)
AMOUNT = Kind("un montant en euros, 30 ou 30,50", _amount)
NUMBER = Kind("un nombre, 1 ou 1,5", _number)
COUNT = Kind("un nombre entier", _count)
FLAG = Kind("oui ou non", _flag)
AMOUNTS = Kind("un montant, une liste de montants (2000;2100;1900) ou des mois (2026-07: 2000)", _amounts)
AFFECTION = Kind("le numéro d'une affection, comme 8", _count)
OBJECTS = Kind("une liste d'objets", lambda data: _objects(data))


def _objects(data: Any) -> list[Mapping[str, Any]]:
    if (
        not isinstance(data, list)
        or not 0 < len(data) <= limits.ROWS
        or not all(isinstance(each, Mapping) for each in data)
    ):
        raise ValueError("no list of objects")
    return data


def one_of(words: Mapping[str, Any]) -> Kind:
    """One of the words, which stand for their values."""

    def read(data: Any) -> Any:
        written = text_of(data).lower()
        if written not in words:
            raise ValueError("no such word")
        return words[written]

    return Kind("l'un de " + ", ".join(words), read)


def read(question: Mapping[str, Any], fields: Iterable[Field], where: str = "") -> dict[str, Any]:
    """Name -> value of the fields that the question gives. Raises Refused(CODE) with all that is wrong."""
    known = {each.name: each for each in fields}
    faults, values = [], {}
    for name, data in question.items():
        field = known.get(str(name))
        if field is None:
            near = get_close_matches(str(name), known, 1)
            meant = f" ; vouliez-vous dire « {near[0]} » ?" if near else ""
            faults.append(f"un champ inconnu{meant}")
        elif data is not None:
            try:
                values[field.name] = field.kind.read(data)
            except (ValueError, OverflowError):
                faults.append(f"{where}{field.name} : {field.kind.what}")
    faults += [
        f"{where}{each.name} manque : {each.kind.what}"
        for each in known.values()
        if each.required and question.get(each.name) is None
    ]
    if faults:
        raise Refused(CODE, " ; ".join(faults) + ".")
    return values
