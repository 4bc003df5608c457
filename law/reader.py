"""Strict reading of the parameters' YAML: what is missing, doubtful or out of order is refused."""

import re
from collections.abc import Hashable, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import yaml

from domain.french import together
from law.values import CERTAINTIES, UNITS, WORDS, Gap, Parameter, Value

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_NAN = Decimal("NaN")
_PARAMETER = {"label", "unit", "keyed_on", "articles", "values", "choices"}
_STEP = {"from", "value", "reference", "checked", "certainty", "contested", "note"}
_GAP = {"from", "missing", "without_object"}


class BadLaw(ValueError):
    """A file of parameters breaks the rules; the message names the file, the parameter and the fault."""


class _Loader(yaml.SafeLoader):
    """Refuses a key written twice, which YAML would silently let win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise BadLaw(f"clé écrite deux fois : {', '.join(map(str, sorted(twice)))}")
        return super().construct_mapping(node, deep)


def parse(text: str) -> Any:
    """YAML without duplicate keys."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader


def read_parameters(name: str, text: str) -> list[Parameter]:
    """The parameters of one file. Raises BadLaw."""
    try:
        data = parse(text)
        if set(data) != {"theme", "parameters"}:
            raise BadLaw("le fichier a deux clés : theme et parameters")
        return [_parameter(key, data["theme"], each) for key, each in data["parameters"].items()]
    except BadLaw as fault:
        raise BadLaw(f"{name}: {fault}") from fault
    except (yaml.YAMLError, TypeError, AttributeError) as fault:
        raise BadLaw(f"{name}: {fault}") from fault


def _text(where: str, data: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = data.get(key, default)
    if not isinstance(value, str) or not value.strip():
        raise BadLaw(f"{where}: {key} manque ou n'est pas un texte")
    return value


def _day(where: str, data: Mapping[str, Any], key: str) -> date:
    value = data.get(key)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise BadLaw(f"{where}: {key} n'est pas une date AAAA-MM-JJ")
    return value


def _parameter(name: str, theme: str, data: Mapping[str, Any]) -> Parameter:
    if unknown := set(data) - _PARAMETER:
        raise BadLaw(f"{name}: clés inconnues {sorted(unknown)}")
    unit = _text(name, data, "unit")
    if unit not in UNITS:
        raise BadLaw(f"{name}: unité inconnue {unit}")
    choices = tuple(data.get("choices", ()))
    if (unit == "choix") != bool(choices):
        raise BadLaw(f"{name}: les choix se déclarent avec l'unité choix, et elle seule")
    steps = tuple(_step(name, unit, choices, each) for each in data.get("values") or ())
    if not steps:
        raise BadLaw(f"{name}: aucune valeur")
    starts = tuple(step.since for step in steps)
    if any(later <= earlier for earlier, later in pairwise(starts)):
        raise BadLaw(f"{name}: dates en désordre ou superposées")
    return Parameter(
        name=name,
        label=_text(name, data, "label"),
        unit=unit,
        keyed_on=_text(name, data, "keyed_on"),
        theme=theme,
        articles=_text(name, data, "articles"),
        steps=steps,
        choices=choices,
        starts=starts,
    )


def _step(name: str, unit: str, choices: tuple[str, ...], data: Mapping[str, Any]) -> Value | Gap:
    since = _day(name, data, "from")
    where = f"{name} au {since}"
    if "missing" in data:
        if unknown := set(data) - _GAP:
            raise BadLaw(f"{where}: clés inconnues {sorted(unknown)}")
        return Gap(since, together(_text(where, data, "missing")), bool(data.get("without_object", False)))
    if unknown := set(data) - _STEP:
        raise BadLaw(f"{where}: clés inconnues {sorted(unknown)}")
    text = data.get("value")
    if not isinstance(text, str):
        raise BadLaw(f"{where}: la valeur s'écrit entre guillemets (jamais un flottant)")
    if unit == "choix" and text not in choices:
        raise BadLaw(f"{where}: {text} n'est pas l'un des choix")
    if unit not in WORDS and not _NUMBER.fullmatch(text):
        raise BadLaw(f"{where}: {text!r} n'est pas un nombre")
    certainty = _text(where, data, "certainty")
    if certainty not in CERTAINTIES:
        raise BadLaw(f"{where}: certitude inconnue {certainty}")
    return Value(
        parameter=name,
        text=text,
        number=_NAN if unit in WORDS else Decimal(text),
        unit=unit,
        reference=_text(where, data, "reference"),
        since=since,
        certainty=certainty,
        checked=_day(where, data, "checked"),
        contested=together(_text(where, data, "contested")) if "contested" in data else None,
        note=_text(where, data, "note") if "note" in data else None,
    )
