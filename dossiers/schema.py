"""The lines of a file of dossiers: one JSON object a line, the dataclass field for field.

Days are `YYYY-MM-DD`; a period is `{"start", "end"}`, open on the right, `end` null while it lasts.
A line that does not hold is refused by its number and the names of its fields, never by its values.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, asdict, fields, is_dataclass
from datetime import date
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from domain.errors import Refused
from domain.identifiers import am_number_is_well_formed, rpps_is_valid
from domain.nir import Nir
from domain.people import Insured, Practitioner

T = TypeVar("T", Insured, Practitioner)
_HINTS: dict[type, dict[str, Any]] = {}
_REQUIRED: dict[type, frozenset[str]] = {}


class _Bad(ValueError):
    """`where`: the path of the field; `what`: what was expected of it, in French."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where} : {what}")


def people_from_json(data: Mapping[str, Any], line: int | None = None) -> Insured:
    """An insured person. Raises Refused("dossier_mal_forme") with the line and the field."""
    return _read(data, Insured, line, _check_insured)


def practitioner_from_json(data: Mapping[str, Any], line: int | None = None) -> Practitioner:
    """A practitioner. Raises Refused("dossier_mal_forme") with the line and the field."""
    return _read(data, Practitioner, line, _check_practitioner)


def read_lines(lines: Iterable[str | bytes], kind: type[T]) -> Iterator[T]:
    """Each person of a JSON Lines file; blank lines are passed over. Raises as people_from_json."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except ValueError as error:
            raise _refused(number, "ce n'est pas un objet JSON") from error
        yield _read(data, kind, number, _check)


def to_json(person: Insured | Practitioner) -> dict[str, Any]:
    """The object that people_from_json or practitioner_from_json reads back as the same person."""
    plain: dict[str, Any] = _plain(asdict(person))
    if plain.get("optam", False) is None:
        del plain["optam"]  # a line that does not tell it stays as it was written
    return plain


def schema(kind: type[Insured] | type[Practitioner] = Insured) -> dict[str, Any]:
    """JSON Schema (2020-12) of one line."""
    document = _schema_of(kind)
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    document["title"] = "Une ligne du fichier des " + ("assurés" if kind is Insured else "praticiens")
    properties = document["properties"]
    if kind is Insured:
        properties["nir"]["pattern"] = r"^[1-8]\d{4}(\d{2}|2[AB])\d{6}$"
        properties["assure_nir"]["pattern"] = properties["nir"]["pattern"]
        properties["quality"]["pattern"] = r"^\d{2}$"
        properties["birth_rank"]["minimum"] = 1
    else:
        properties["rpps"]["pattern"] = r"^\d{11}$"
        properties["am_number"]["pattern"] = r"^\d{9}$"
    return document


def _read(data: Any, kind: type[T], line: int | None, check: Callable[[T], None]) -> T:
    try:
        person: T = _build(data, kind, "")
        check(person)
    except _Bad as error:
        raise _refused(line, str(error)) from None
    return person


def _refused(line: int | None, what: str) -> Refused:
    extra = {} if line is None else {"line": line}
    return Refused("dossier_mal_forme", f"Ligne {line} : {what}." if line else f"{what}.", **extra)


def _check(person: Insured | Practitioner) -> None:
    if isinstance(person, Insured):
        _check_insured(person)
    else:
        _check_practitioner(person)


def _check_insured(person: Insured) -> None:
    _need(bool(person.id.strip()), "id", "vide")
    _need(bool(person.birth_name.strip()), "birth_name", "vide")
    _need(person.birth_rank >= 1, "birth_rank", "un rang commence à 1")
    for name in ("nir", "assure_nir"):
        number = getattr(person, name)
        if number is not None:
            try:
                Nir(number)
            except ValueError:
                raise _Bad(name, "treize caractères d'un NIR, sans la clé") from None
    _need(
        person.nir is not None or person.assure_nir is not None,
        "nir",
        "sans NIR, il faut celui de l'assuré (assure_nir)",
    )
    for place, affiliation in enumerate(person.affiliations):
        code = affiliation.organisme
        well_formed = len(code) == 9 and code.isascii() and code.isdigit()
        _need(well_formed, f"affiliations[{place}].organisme", "neuf chiffres")


def _check_practitioner(person: Practitioner) -> None:
    _need(rpps_is_valid(person.rpps), "rpps", "onze chiffres et leur clé de Luhn")
    _need(am_number_is_well_formed(person.am_number), "am_number", "neuf chiffres")
    _need(bool(person.last_name.strip()), "last_name", "vide")


def _need(holds: bool, where: str, what: str) -> None:
    if not holds:
        raise _Bad(where, what)


def _hints(kind: type) -> dict[str, Any]:
    if kind not in _HINTS:
        _HINTS[kind] = get_type_hints(kind)
        _REQUIRED[kind] = frozenset(
            each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING
        )
    return _HINTS[kind]


def _build(data: Any, kind: Any, where: str) -> Any:
    """`data` as a value of the annotated type `kind`. Raises _Bad."""
    if kind is date:
        return _day(data, where)
    if kind in (str, int, bool):
        if type(data) is not kind:
            raise _Bad(where, {str: "un texte", int: "un entier", bool: "vrai ou faux"}[kind])
        return data
    if is_dataclass(kind):
        return _build_object(data, kind, where)  # type: ignore[arg-type]
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if data is None else _build(data, arguments[0], where)
    if origin is Literal:
        if data not in arguments:
            raise _Bad(where, "l'un de " + ", ".join(map(str, arguments)))
        return data
    if not isinstance(data, list):
        raise _Bad(where, "une liste")
    return tuple(_build(each, arguments[0], f"{where}[{place}]") for place, each in enumerate(data))


def _build_object(data: Any, kind: type, where: str) -> Any:
    hints = _hints(kind)
    if not isinstance(data, Mapping):
        raise _Bad(where or "la ligne", "un objet")
    prefix = f"{where}." if where else ""
    # a name that is not ours could carry anything: only counted, never repeated
    if unknown := sum(name not in hints for name in data):
        raise _Bad(where or "la ligne", f"{unknown} champ(s) inconnu(s) du schéma")
    for name in sorted(_REQUIRED[kind] - data.keys()):
        raise _Bad(prefix + name, "absent")
    values = {name: _build(value, hints[name], prefix + name) for name, value in data.items()}
    try:
        return kind(**values)
    except ValueError:
        raise _Bad(where, "une période finit après son début") from None


def _day(data: Any, where: str) -> date:
    try:
        if isinstance(data, str) and len(data) == 10:
            return date.fromisoformat(data)
    except ValueError:
        pass
    raise _Bad(where, "une date AAAA-MM-JJ")


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def _schema_of(kind: Any) -> dict[str, Any]:
    simple = {str: "string", int: "integer", bool: "boolean"}
    if kind is date:
        return {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    if kind in simple:
        return {"type": simple[kind]}
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        return {
            "type": "object",
            "properties": {name: _schema_of(each) for name, each in hints.items()},
            "required": sorted(_REQUIRED[kind]),  # type: ignore[index]
            "additionalProperties": False,
        }
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        inner = _schema_of(arguments[0])
        inner["type"] = [inner["type"], "null"]
        return inner
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    return {"type": "array", "items": _schema_of(arguments[0])}
