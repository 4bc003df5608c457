"""`liasse rights CASE.json`: a person and a day in, rights with their trace out. No database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from domain.errors import Refused
from domain.people import Insured
from domain.plain import Malformed, from_plain, schema_of, to_plain
from law import load
from rights.ouverture import open_rights


@dataclass(frozen=True, slots=True)
class RightsCase:
    """`insured`: a line of the dossiers' file. `day`: the day of care."""

    insured: Insured
    day: date


def schema() -> dict[str, Any]:
    """JSON Schema of a case."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Cas de droits : une personne, un jour",
        **schema_of(RightsCase),
    }


def read(case: Mapping[str, Any]) -> RightsCase:
    """Raises Refused("cas_mal_forme")."""
    try:
        given: RightsCase = from_plain(case, RightsCase)
    except Malformed as fault:
        raise Refused("cas_mal_forme", f"{fault}.") from None
    return given


def run(case: Mapping[str, Any]) -> dict[str, Any]:
    """The rights of the case as plain JSON, or `not_computed` where the law's files do not cover the
    day. Raises Refused("cas_mal_forme")."""
    given = read(case)
    law = load()
    rights = open_rights(given.insured, given.day, law)
    not_covered = (rights.details or {}).get("non_couvert")
    reasons = (
        [{"code": "droit_non_couvert", "message": not_covered, "article": None, "line": None}]
        if not_covered
        else []
    )
    plain: dict[str, Any] = to_plain(rights)
    return {**plain, "not_computed": reasons, "law_version": law.version}
