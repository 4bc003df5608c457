"""The whole law of the house, loaded once: `load().value(name, day)`."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from domain.money import Money, to_the_cent
from law import codes, tarifs
from law.groups import ALIASES, TARIFS
from law.prices import NO_PRICE, of_ccam, of_listed, of_medicament
from law.reader import BadLaw, parse, read_parameters
from law.values import Gap, NotCovered, Parameter, Value

KEPT = 10_000
"""Looked up values, and lines of trace, that are kept at most: some megabytes."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """The days between which the law was read. `reason`: why it stops."""

    first: date
    last: date
    reason: str


@dataclass(frozen=True)
class Law:
    """Parameters by name, code tables, and the version: a hash of all files that they come from."""

    parameters: Mapping[str, Parameter]
    horizon: Horizon
    version: str
    _tariffs: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    _letters: Mapping[str, str] = field(default_factory=dict)
    """Letters newer than the table of the NGAP -> label: those that only a parameter names."""
    _listed: Mapping[str, tuple[tarifs.Listed, ...]] = field(default_factory=dict)
    """The operator's own tariffs by code."""
    _memo: dict[tuple[str, date], Value] = field(default_factory=dict, init=False, compare=False, repr=False)
    """Values already looked up: a day of claims asks for the same few again and again."""

    def value(self, name: str, day: date) -> Value:
        """The value that holds on `day`.

        Raises NotCovered where none does or the day lies past the horizon, KeyError for a name
        that does not exist (a fault of the program)."""
        known = self._memo.get((name, day))
        if known is not None:
            return known
        step = self._step(name, day)
        if isinstance(step, Gap):
            raise NotCovered(name, day, step.missing, self.parameters[name].label)
        if len(self._memo) >= KEPT:
            self._memo.clear()
        self._memo[name, day] = step
        return step

    def read_otherwise(self, readings: Mapping[str, str]) -> "Law":
        """The law with some of its contested parameters read as asked: a choice by its name, an amount by
        its number. Raises ValueError for what is not contested, or is not such a reading."""
        changed = {name: _otherwise(self.parameters.get(name), text) for name, text in readings.items()}
        return replace(self, parameters={**self.parameters, **changed}) if changed else self

    def optional(self, name: str, day: date) -> Value | None:
        """As `value`, but None where the file says that the parameter is without object that day."""
        step = self._step(name, day)
        if isinstance(step, Gap):
            if step.without_object:
                return None
            raise NotCovered(name, day, step.missing, self.parameters[name].label)
        return step

    def _step(self, name: str, day: date) -> Value | Gap:
        parameter = self.parameters[name]
        if day > self.horizon.last:
            raise NotCovered(name, day, f"Le droit n'est pas vérifié après le {self.horizon.last:%d/%m/%Y}")
        step = parameter.on(day)
        if step is None:
            missing = f"Aucune valeur n'est connue avant le {parameter.starts[0]:%d/%m/%Y}"
            raise NotCovered(name, day, missing, parameter.label)
        return step

    # code tables

    def act_known(self, code: str, day: date) -> bool:
        """Whether `code` is a letter of the NGAP, a code of the CCAM or a CIP13 that is reimbursed."""
        return (
            ALIASES.get(code, code) in codes.ngap()
            or code in self._letters
            or code in codes.ccam().acts
            or code in codes.medicaments()
        )

    def known_codes(self, day: date) -> frozenset[str]:
        """Every code that may stand on a feuille de soins of a doctor that day."""
        return _known_codes() | frozenset(self._letters)

    def act_label(self, code: str) -> str | None:
        return (
            codes.ngap().get(ALIASES.get(code, code))
            or codes.ccam().labels.get(code)
            or self._letters.get(code)
        )

    def tariff(self, code: str, day: date, specialty: str, sector: str) -> Value | None:
        """The tarif de responsabilité of an NGAP letter at honoraires opposables.

        None: this house has no tariff for that letter, specialty and sector (yet). Raises
        NotCovered where it has one, but not for that day."""
        return None if sector != "1" else self.tariff_of("tarif", code, day, specialty)

    def tariff_of(self, kind: str, code: str, day: date, specialty: str) -> Value | None:
        """As `tariff`, of a kind: `tarif` (opposable) or `tarif_differents` (sector 2, no OPTAM)."""
        code = ALIASES.get(code, code)
        for group in TARIFS.get(specialty, ()):
            name = self._tariffs.get((kind, group, code))
            if name:
                return self.value(name, day)
        return None

    def ccam_price(self, code: str, activity: str, phase: str, day: date, sector: str) -> Money | None:
        """The tarif de base of a CCAM act, or None where the table has none.

        Raises NotCovered for a day before the table's own."""
        price = of_ccam(code, activity, phase, sector == "1", day)
        return None if price is None or price is NO_PRICE else to_the_cent(price.number)

    def ccam_value(self, code: str, activity: str, phase: str, day: date, opposable: bool) -> Value | None:
        """The same with its source; None where the act has no such activity or is not paid for."""
        price = of_ccam(code, activity, phase, opposable, day)
        return None if price is NO_PRICE else price

    def medicament(self, cip13: str, day: date) -> tuple[Value, Value, int] | None:
        """Price, fee of dispensing and percent of a presentation, or None: it is not reimbursed.

        Raises NotCovered for a day before the table's own."""
        return of_medicament(cip13, day)

    def listed(self, code: str, day: date) -> tuple[Value, tarifs.Listed] | None:
        """The operator's tariff of a product (LPP) or of a transport, or None: he loaded none that day."""
        return of_listed(self._listed.get(code, ()), day)

    def organisme(self, code: str) -> str | None:
        """The label of the caisse of a nine-digit code organisme, or None where it is unknown."""
        return codes.organisme(code)

    def ald_label(self, number: int) -> str | None:
        return codes.alds().get(number)

    def ald_admits(self, number: int) -> bool:
        """Whether a new protocole may be of this affection."""
        return number in codes.alds() and number not in codes.CLOSED_ALDS

    def specialty(self, code: str) -> str | None:
        return codes.specialties().get(code) or codes.professions().get(code)


def _otherwise(parameter: Parameter | None, text: str) -> Parameter:
    values = [step for step in parameter.steps if isinstance(step, Value)] if parameter else []
    if parameter is None or not any(step.is_contested for step in values):
        raise ValueError("not contested")
    if parameter.unit == "choix":
        if text not in parameter.choices:
            raise ValueError("no such choice")
        number = values[0].number
    else:
        try:
            number = Decimal(text)
        except (InvalidOperation, TypeError):
            raise ValueError("no number") from None
        if not number.is_finite():
            raise ValueError("no number")
    steps = tuple(
        replace(step, text=text, number=number) if isinstance(step, Value) and step.is_contested else step
        for step in parameter.steps
    )
    return replace(parameter, steps=steps)


@lru_cache(1)
def _known_codes() -> frozenset[str]:
    return frozenset(codes.ngap()) | frozenset(codes.ccam().acts)


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for item in sorted(folder.iterdir(), key=lambda each: each.name):
        if item.name.endswith((".yaml", ".csv")):
            yield f"{prefix}{item.name}", item.read_bytes()


def _sources() -> Iterator[tuple[str, bytes]]:
    """What amounts and codes rest on; other files of this package do not change the version."""
    here = files("law")
    yield "horizon.yaml", here.joinpath("horizon.yaml").read_bytes()
    for name in ("parameters", "tables"):
        yield from _walk(here.joinpath(name), f"{name}/")


def assemble(sources: Mapping[str, bytes]) -> Law:
    """A Law from named files. Raises BadLaw where one breaks the rules, BadTarifs for the operator's own."""
    digest = hashlib.sha256()
    parameters: dict[str, Parameter] = {}
    for name, content in sorted(sources.items()):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
        if not name.startswith("parameters/"):
            continue
        for parameter in read_parameters(name, content.decode()):
            if parameter.name in parameters:
                raise BadLaw(f"{name}: {parameter.name} est déjà déclaré ailleurs")
            parameters[parameter.name] = parameter
    tariffs, letters = {}, {}
    for name in parameters:
        kind, *rest = name.split(".")
        if kind in ("tarif", "tarif_differents") and len(rest) == 2:
            tariffs[kind, rest[0], rest[1]] = name
            if rest[1] not in codes.ngap():
                letters[rest[1]] = parameters[name].label
    horizon, version = _horizon(sources["horizon.yaml"]), digest.hexdigest()[:16]
    listed = tarifs.read(sources[tarifs.NAME]) if tarifs.NAME in sources else {}
    return Law(parameters, horizon, version, tariffs, letters, listed)


def _horizon(content: bytes) -> Horizon:
    data = parse(content.decode())
    if set(data) != {"first", "last", "reason"} or not data["first"] < data["last"]:
        raise BadLaw("horizon.yaml: first, last (après first) et reason")
    return Horizon(**data)


_added: dict[str, bytes] = {}


def add_tariffs(content: bytes | None) -> None:
    """From here on `load()` holds the operator's tariffs too, and its version tells them apart: called once,
    at the start of a process, by what knows his folder. None: he has none. Raises BadTarifs."""
    if content is not None:
        tarifs.read(content)
    _added.clear()
    if content is not None:
        _added[tarifs.NAME] = content
    load.cache_clear()


@lru_cache(1)
def load() -> Law:
    """The law of this package, with the operator's tariffs. Cached: the files are read once."""
    return assemble(dict(_sources()) | _added)
