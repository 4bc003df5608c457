"""The population's two files: JSON lines, the dataclass field for field, as the dossiers load them."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from domain.people import (
    AccidentDuTravail,
    Affiliation,
    Ald,
    ComplementaireSante,
    FormerAccount,
    FormerAddress,
    Grossesse,
    Insured,
    MedecinTraitant,
    Practitioner,
    Rattachement,
    Situation,
    TitreSejour,
)
from domain.period import Period
from ocr.specimen.population import Population


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def to_line(person: Insured | Practitioner) -> str:
    """One JSON line, the dataclass field for field, days as `YYYY-MM-DD`; `optam` where it is known."""
    data = _plain(asdict(person))
    if data.get("optam", False) is None:
        del data["optam"]
    return json.dumps(data, ensure_ascii=False)


def write(population: Population, people: Path, practitioners: Path | None = None) -> None:
    """Two files of JSON lines; the practitioners beside the people where no path is given."""
    others = practitioners or people.with_name("practitioners.jsonl")
    _write_lines(people, population.insured)
    _write_lines(others, population.practitioners)


def _write_lines(path: Path, people: Iterable[Insured | Practitioner]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(to_line(person) + "\n" for person in people), "utf-8")


def read(people: Path, practitioners: Path | None = None) -> Population:
    """The population of two files written by `write`."""
    others = practitioners or people.with_name("practitioners.jsonl")
    insured = tuple(_insured(json.loads(line)) for line in people.read_text("utf-8").splitlines() if line)
    doctors = tuple(_doctor(json.loads(line)) for line in others.read_text("utf-8").splitlines() if line)
    return Population(insured, doctors)


def _period(data: dict[str, Any]) -> Period:
    end = data.get("end")
    return Period(date.fromisoformat(data["start"]), date.fromisoformat(end) if end else None)


def _insured(data: dict[str, Any]) -> Insured:
    kinds: dict[str, Any] = {
        "affiliations": Affiliation,
        "alds": Ald,
        "medecins_traitants": MedecinTraitant,
        "complementaires": ComplementaireSante,
        "grossesses": Grossesse,
        "accidents": AccidentDuTravail,
        "situations": Situation,
        "former_accounts": FormerAccount,
        "former_addresses": FormerAddress,
        "rattachements": Rattachement,
        "titres": TitreSejour,
    }
    values = dict(data)
    for name, kind in kinds.items():
        values[name] = tuple(kind(**_dated(each)) for each in data.get(name, ()))
    values["birth_date"] = date.fromisoformat(data["birth_date"])
    values["died_on"] = date.fromisoformat(data["died_on"]) if data.get("died_on") else None
    values["address"] = tuple(data.get("address", ()))
    return Insured(**values)


def _dated(data: dict[str, Any]) -> dict[str, Any]:
    values = {**data, "period": _period(data["period"])}
    for name in ("expected_birth", "occurred_on"):
        if name in values:
            values[name] = date.fromisoformat(values[name])
    if "lines" in values:
        values["lines"] = tuple(values["lines"])
    return values


def _doctor(data: dict[str, Any]) -> Practitioner:
    active = data.get("active")
    return Practitioner(
        **{**data, "active": _period(active) if active else None, "address": tuple(data.get("address", ()))}
    )
