"""Insured persons as JSON, quickly: a base has a million of them.

The schema and its words are dossiers.schema's; pydantic reads what holds, several times as fast, and
what does not hold is read again there, to be refused with its line and its field.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from itertools import chain, repeat
from typing import Any, get_args, get_type_hints

from pydantic import TypeAdapter

from domain.errors import LiasseError
from domain.people import Insured
from dossiers.schema import _check, read_lines

_JSON = TypeAdapter(Insured)
_HINTS = get_type_hints(Insured)
_DATED = {
    name: frozenset(field.name for field in fields(get_args(hint)[0]))
    for name, hint in _HINTS.items()
    if get_args(hint) and is_dataclass(get_args(hint)[0])
}
"""The fields that are lists of dated facts, and the names of theirs."""


def read(lines: Iterable[bytes]) -> Iterator[Insured]:
    """As dossiers.schema.read_lines. Raises Refused("dossier_mal_forme") with line and field."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            person = _JSON.validate_json(line, strict=True)
            _check(person)
            holds = _knows(json.loads(line))
        except (ValueError, AttributeError, TypeError, KeyError, LiasseError):
            holds = False
        if not holds:
            person = next(read_lines(chain(repeat(b"", number - 1), [line]), Insured))
        yield person


def dump(person: Insured) -> str:
    """Everything but the id, which has its own column."""
    return _JSON.dump_json(person, exclude={"id"}).decode()


def load(id: str, body: Mapping[str, Any]) -> Insured:
    return _JSON.validate_python({"id": id, **body})


def _knows(data: dict[str, Any]) -> bool:
    """Whether every name in a line is of the schema: pydantic passes over those that are not."""
    return data.keys() <= _HINTS.keys() and all(
        each.keys() <= names and each["period"].keys() <= {"start", "end"}
        for name, names in _DATED.items()
        for each in data.get(name, ())
    )
