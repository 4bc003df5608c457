"""`liasse simulate`: a question from a file or from the line, its answer for a person to read."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from cli.tarifs import add_to_law
from cli.voice import fail
from domain.errors import Refused
from domain.money import in_french
from liquidation.simulation import SUBJECTS, simulate
from store.clock import today
from store.settings import load_settings

FILES = (".yaml", ".yml", ".json")
SUMS = {
    "depense": "dépensé", "rembourse": "remboursé", "reste_a_charge": "reste à charge", "net": "net à payer",
    "brut": "brut", "par_mois": "par mois", "par_an": "par an", "capital": "capital",
    "dont_tierce_personne": "dont tierce personne", "participation": "participation", "forfait": "forfait",
    "salaire": "salaire compté", "recupere_plus_tard": "récupéré plus tard",
}  # fmt: skip
OTHERS = (
    "ouvre", "plafond", "plafond_avec_participation", "au_moins", "au_plus", "reclame", "dont_frais_de_fraude",
    "prescrit", "abandonne", "rectification_jusqu_au", "retenue_a_partir_du", "echeancier_jusqu_au",
    "recours_jusqu_au",
)  # fmt: skip
"""What the cases that are neither care nor a benefit tell, in the order of the answer."""
_AMOUNT = re.compile(r"\d+\.\d\d")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def described(subject: str | None) -> str:
    """The subjects, or the fields of one with an example."""
    if subject is None:
        names = "\n".join(f"  {name:22} {each.title}" for name, each in SUBJECTS.items())
        return (
            f"Les sujets :\n{names}\n\n"
            "./liasse simulate --fields SUJET   les champs d'un sujet, et un exemple\n"
            "./liasse simulate soins acte=G montant=30 age=40"
        )
    if subject not in SUBJECTS:
        raise fail(f"Sujet inconnu. Il y a : {', '.join(SUBJECTS)}.", 2)
    asked = SUBJECTS[subject]
    lines = [
        f"  {each.name:28} {'* ' if each.required else ''}{each.kind.what} — {each.help}"
        for each in asked.fields
    ]
    example = "\n".join(f"  {line}" for line in f"sujet: {subject}\n{asked.example}".splitlines())
    return f"{asked.title} (* : nécessaire)\n" + "\n".join(lines) + f"\n\nUn exemple :\n{example}"


def answered(words: Sequence[str]) -> dict[str, Any]:
    """The answer to a file, or to a subject followed by its fields. Raises Refused, SystemExit."""
    question, settings = _question(words), load_settings()
    add_to_law(settings)
    return simulate(question, today(settings))


def _question(words: Sequence[str]) -> dict[str, Any]:
    first, *pairs = words
    if first in SUBJECTS:
        if any("=" not in pair for pair in pairs):
            raise fail("Après le sujet, des champs : acte=G montant=30.", 2)
        return {"sujet": first} | dict(pair.split("=", 1) for pair in pairs)
    if pairs or (first != "-" and Path(first).suffix not in FILES):
        raise fail(f"Ni un fichier YAML ou JSON, ni un sujet. Il y a : {', '.join(SUBJECTS)}.", 2)
    try:
        # every scalar as it was written: no float is made of an amount, no date of a text
        given = sys.stdin.buffer.read() if first == "-" else Path(first).read_bytes()
        found = yaml.load(given.decode("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        raise Refused("simulation_mal_posee", f"{first} : ce n'est ni du YAML, ni du JSON.") from None
    if not isinstance(found, dict):
        raise Refused("simulation_mal_posee", f"{first} : il faut des champs, comme « sujet: soins ».")
    return {name: each for name, each in found.items() if each != ""}


def told(answer: Mapping[str, Any]) -> str:
    """The answer as a person reads it."""
    return "\n".join(_told(answer))


def _told(answer: Mapping[str, Any]) -> Iterator[str]:
    yield SUBJECTS[answer["sujet"]].title
    if not answer["calcule"]:
        yield "Aucun montant :"
        for each in answer["motifs"]:
            yield f"  - {each['message']}" + (f" ({each['article']})" if each["article"] else "")
    for name, word in SUMS.items():
        if name in answer:
            yield f"  {word:20} {in_french(Decimal(answer[name])):>14}"
    for name, value in answer.items():
        if name in OTHERS:
            yield f"  {name.replace('_', ' '):28} {_plainly(value)}"
    for line in answer.get("lignes", ()):
        yield f"  {_line(line)}"
    yield from _listed("Pourquoi", answer.get("explication", ()))
    yield from _listed("Supposé, faute de le dire", answer["suppose"])
    others = (
        ", ".join(
            f"{SUMS.get(name, name)} {in_french(Decimal(amount))}"
            for name, amount in each.items()
            if name not in ("parameter", "chosen", "other")
        )
        + f" si {each['parameter']} se lit « {each['other']} »"
        for each in answer.get("autres_lectures", ())
    )
    yield from _listed("Autre lecture possible des textes", others)


def _line(line: Mapping[str, Any]) -> str:
    if "acte" in line:
        paid = f"base {_euros(line['base'])}, remboursé {_euros(line['rembourse'])}"
        return f"{line['acte']} du {_plainly(line['date'])} : {paid}"
    if "qui" in line:
        return f"{line['qui']} : {_euros(line['par_an'])} par an, {_euros(line['par_trimestre'])} par trimestre"
    if line["nature"] == "capital_deces":
        return f"{_euros(line['brut'])} : {line['pourquoi']}"
    days = f"du {_plainly(line['du'])} au {_plainly(line['au'])}"
    return f"{days}, {_euros(line['par_jour'])} par jour : {line['pourquoi']}"


def _plainly(value: Any) -> str:
    """A yes, a day or an amount of the answer, as a person writes it; a word as it is."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if day := _DAY.fullmatch(value):
        return "/".join(reversed(day.groups()))
    return _euros(value) if _AMOUNT.fullmatch(value) else str(value)


def _euros(amount: str) -> str:
    return in_french(Decimal(amount))


def _listed(title: str, lines: Any) -> Iterator[str]:
    found = list(lines)
    if found:
        yield title
        yield from (f"  - {each}" for each in found)
