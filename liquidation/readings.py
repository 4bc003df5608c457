"""Where texts allow two readings, a case may ask for the other one, and every answer tells what it gives."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from domain.errors import Refused
from law import Law

Run = Callable[[Law], dict[str, Any]]
SUMS = ("total", "net", "paid", "monthly", "yearly", "capital")
"""Where each kind of decision tells its sum."""
SCHEMA = {
    "type": "object",
    "additionalProperties": {"type": "string"},
    "description": "Paramètre contesté -> la lecture voulue ; les autres restent celles de la maison",
}


def asked(readings: Any, law: Law) -> Law:
    """The law as the case wants it read. Raises Refused("cas_mal_forme")."""
    if not isinstance(readings, Mapping):
        raise Refused("cas_mal_forme", "readings : un objet.")
    try:
        return law.read_otherwise(readings)
    except ValueError:
        raise Refused("cas_mal_forme", "readings : un paramètre contesté et l'une de ses lectures.") from None


def with_the_others(run: Run, law: Law) -> dict[str, Any]:
    """The answer, and under `other_readings` each contested choice that would change its sum."""
    answer = run(law)
    others = []
    for name, chosen in sorted(set(_contested(answer, law))):
        for other in law.parameters[name].choices:
            if other == chosen:
                continue
            again = run(law.read_otherwise({name: other}))
            differing = [key for key in SUMS if key in answer and again[key] != answer[key]]
            if differing and not again["not_computed"]:
                told = {key: again[key] for key in differing}
                others.append({"parameter": name, "chosen": chosen, "other": other, **told})
    return {**answer, "other_readings": others}


def _contested(told: Any, law: Law) -> Iterator[tuple[str, str]]:
    """The choices that the traces of an answer cite, and those on which its contested steps rest."""
    if isinstance(told, Mapping):
        name = told.get("parameter")
        if isinstance(name, str) and told.get("contested") and name in law.parameters:
            for each in {name, *LEAN_ON.get(name, ())}:
                if law.parameters[each].unit == "choix":
                    yield each, _chosen(each, told, law)
        for each in told.values():
            yield from _contested(each, law)
    elif isinstance(told, list):
        for each in told:
            yield from _contested(each, law)


LEAN_ON = {
    "parcours.majoration_plafond": ("parcours.majoration_lecture",),
    "parcours.majoration_taux": ("parcours.majoration_lecture",),
}
"""A contested step cites the amount; the choice that led to it is another parameter."""


def _chosen(name: str, told: Mapping[str, Any], law: Law) -> str:
    """The choice in force: the one cited, else that of the last step of the parameter."""
    if told.get("parameter") == name:
        return str(told["value"])
    step = law.parameters[name].steps[-1]
    return str(getattr(step, "text", ""))
