"""Types of the house to and from plain JSON, strictly: no unknown name, no float, nothing guessed.

Days are `YYYY-MM-DD`, amounts and coefficients are texts (`"30.00"`), tuples are lists.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

DAY = r"^\d{4}-\d{2}-\d{2}$"
NUMBER = r"^-?\d+(\.\d+)?$"


class Malformed(ValueError):
    """`where`: path of the field. `what`: what was expected there, in French. Never the value."""

    def __init__(self, where: str, what: str) -> None:
        self.where = where
        self.what = what
        super().__init__(f"{where or 'racine'} : {what}")


@lru_cache(64)
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


@lru_cache(64)
def _required(kind: Any) -> tuple[str, ...]:
    return tuple(
        each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING
    )


def from_plain(data: Any, kind: Any, where: str = "") -> Any:
    """`data` as a value of the annotated type `kind`. Raises Malformed."""
    if kind is Any:
        return data
    if kind is date:
        return _day(data, where)
    if kind is Decimal:
        return _number(data, where)
    if kind in (str, int, bool):
        if type(data) is not kind:
            raise Malformed(where, {str: "un texte", int: "un entier", bool: "vrai ou faux"}[kind])
        return data
    if is_dataclass(kind):
        return _object(data, kind, where)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        rest = [each for each in arguments if each is not NoneType]
        if data is None and len(rest) < len(arguments):
            return None
        return from_plain(data, rest[0], where)
    if origin is Literal:
        if data not in arguments:
            raise Malformed(where, "l'un de " + ", ".join(map(str, arguments)))
        return data
    if origin is tuple:
        if not isinstance(data, list):
            raise Malformed(where, "une liste")
        return tuple(from_plain(each, arguments[0], f"{where}[{n}]") for n, each in enumerate(data))
    if not isinstance(data, Mapping):
        raise Malformed(where, "un objet")
    return {str(name): from_plain(each, arguments[1], f"{where}.{name}") for name, each in data.items()}


def _day(data: Any, where: str) -> date:
    try:
        if isinstance(data, str) and len(data) == 10:
            return date.fromisoformat(data)
    except ValueError:
        pass
    raise Malformed(where, "une date AAAA-MM-JJ")


def _number(data: Any, where: str) -> Decimal:
    try:
        if isinstance(data, str) and data.strip() == data and (number := Decimal(data)).is_finite():
            return number
    except InvalidOperation:
        pass
    raise Malformed(where, 'un nombre entre guillemets, comme "30.00"')


def _object(data: Any, kind: Any, where: str) -> Any:
    hints = _hints(kind)
    if not isinstance(data, Mapping):
        raise Malformed(where, "un objet")
    prefix = f"{where}." if where else ""
    # a name that is not ours could carry anything: only counted, never repeated
    if unknown := sum(name not in hints for name in data):
        raise Malformed(where, f"{unknown} champ(s) inconnu(s) du schéma")
    for name in _required(kind):
        if name not in data:
            raise Malformed(prefix + name, "absent")
    values = {name: from_plain(value, hints[name], prefix + name) for name, value in data.items()}
    try:
        return kind(**values)
    except ValueError as fault:
        raise Malformed(where, "ces valeurs ne vont pas ensemble") from fault


def to_plain(value: Any) -> Any:
    """The same as lists, mappings, texts, integers and booleans, ready for JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: to_plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(to_plain(name)): to_plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(each) for each in value]
    return value


def schema_of(kind: Any) -> dict[str, Any]:
    """JSON Schema (2020-12) of what from_plain takes for `kind`."""
    simple = {str: "string", int: "integer", bool: "boolean"}
    if kind is Any:
        return {}
    if kind is date:
        return {"type": "string", "format": "date", "pattern": DAY}
    if kind is Decimal:
        return {"type": "string", "pattern": NUMBER}
    if kind in simple:
        return {"type": simple[kind]}
    if is_dataclass(kind):
        return _schema_of_object(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        rest = [schema_of(each) for each in arguments if each is not NoneType]
        return {"anyOf": [*rest, {"type": "null"}]} if len(rest) < len(arguments) else {"anyOf": rest}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        return {"type": "array", "items": schema_of(arguments[0])}
    return {"type": "object", "additionalProperties": schema_of(arguments[1])}


def _schema_of_object(kind: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: schema_of(each) for name, each in _hints(kind).items()},
        "required": sorted(_required(kind)),
        "additionalProperties": False,
    }
