"""The lines of a file of dossiers: one JSON object a line, the dataclass field for field.

Days are `YYYY-MM-DD`; a period is `{"start", "end"}`, open on the right, `end` null while it lasts.
A line that does not hold is refused by its number and the names of its fields, never by its values.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from domain.errors import Refused
from domain.identifiers import am_number_is_well_formed, rpps_is_valid
from domain.nir import Nir
from domain.people import Insured, Practitioner
from domain.plain import Malformed, from_plain, schema_of, to_plain

T = TypeVar("T", Insured, Practitioner)


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
    plain: dict[str, Any] = to_plain(person)
    if plain.get("optam", False) is None:
        del plain["optam"]  # a line that does not tell it stays as it was written
    return plain


def schema(kind: type[Insured] | type[Practitioner] = Insured) -> dict[str, Any]:
    """JSON Schema (2020-12) of one line."""
    document = schema_of(kind)
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
        person: T = from_plain(data, kind)
        check(person)
    except Malformed as error:
        raise _refused(line, f"{error.where or 'la ligne'} : {error.what}") from None
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
                raise Malformed(name, "treize caractères d'un NIR, sans la clé") from None
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
        raise Malformed(where, what)
