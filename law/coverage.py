"""docs/law-coverage.md: article by article, what is implemented, since when, how surely, by which file.

Generated: what a page says of the law is what the files hold.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from law.book import Law, load
from law.values import CERTAINTIES, Gap, Parameter, Value

WORDS = {
    "lu": "lu dans le texte",
    "calcule": "calculé de valeurs lues",
    "secondaire": "source secondaire",
    "memoire": "de mémoire, à retrouver",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that is code: which article, what it does, the function, the test."""

    article: str
    what: str
    function: str
    test: str


def rules() -> tuple[Rule, ...]:
    """The table law/rules.csv."""
    with files("law").joinpath("rules.csv").open(encoding="utf-8") as file:
        next(file)
        return tuple(Rule(**row) for row in csv.DictReader(file, delimiter=";"))


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not computed: which article, what, and what happens instead."""

    article: str
    what: str
    instead: str


def gaps() -> tuple[Missing, ...]:
    """The table law/gaps.csv."""
    with files("law").joinpath("gaps.csv").open(encoding="utf-8") as file:
        return tuple(Missing(**row) for row in csv.DictReader(file, delimiter=";"))


def markdown(law: Law | None = None, refused: dict[str, tuple[str, str | None]] | None = None) -> str:
    """The page. `refused`: liquidation.reasons.REASONS, given by the caller (law knows no room above
    it): what goes to a person, and why."""
    law = law or load()
    return "\n".join(_page(law, refused or {})) + "\n"


def _page(law: Law, refused: dict[str, tuple[str, str | None]]) -> Iterator[str]:
    yield "# What Liasse knows of the law"
    yield ""
    yield "Generated from `law/` by `law.coverage.markdown()`: change the files, not this page."
    yield (
        f"Version `{law.version}`. Days answered for: {_day(law.horizon.first)} to "
        f"{_day(law.horizon.last)}. {law.horizon.reason.strip()}"
    )
    yield ""
    yield from _certainties(law)
    yield "## Rules"
    yield ""
    yield "| article | what | function | test |"
    yield "|---|---|---|---|"
    for rule in rules():
        yield f"| {rule.article} | {rule.what} | `{rule.function}` | {rule.test} |"
    yield ""
    yield "## Not computed"
    yield ""
    yield "| article | what | instead |"
    yield "|---|---|---|"
    for gap in gaps():
        yield f"| {gap.article} | {gap.what} | {gap.instead} |"
    yield ""
    yield "## Parameters"
    for theme in sorted({parameter.theme for parameter in law.parameters.values()}):
        yield ""
        yield f"### {theme}"
        yield ""
        yield "| parameter | article | from | value | reference | certainty |"
        yield "|---|---|---|---|---|---|"
        for parameter in law.parameters.values():
            if parameter.theme == theme:
                yield from _rows(parameter)
    yield from _doubts(law)
    if refused:
        yield ""
        yield "## What goes to a person"
        yield ""
        yield "| code | sentence | article |"
        yield "|---|---|---|"
        for code, (sentence, article) in refused.items():
            yield f"| `{code}` | {re.sub(r'{.*?}', '…', sentence)} | {article or ''} |"


def _certainties(law: Law) -> Iterator[str]:
    values = list(_values(law))
    yield f"{len(law.parameters)} parameters, {len(values)} dated values, each with its reference:"
    yield ""
    for certainty in CERTAINTIES:
        count = sum(value.certainty == certainty for value in values)
        yield f"- {count} {certainty} ({WORDS[certainty]})"
    yield ""


def _values(law: Law) -> Iterator[Value]:
    for parameter in law.parameters.values():
        for step in parameter.steps:
            if isinstance(step, Value):
                yield step


def _rows(parameter: Parameter) -> Iterator[str]:
    head = f"`{parameter.name}` {parameter.label} ({parameter.keyed_on})"
    for step in parameter.steps:
        if isinstance(step, Gap):
            kind = "sans objet" if step.without_object else "**refus déclaré**"
            yield f"| {head} | {parameter.articles} | {_day(step.since)} | {kind} | {step.missing} | |"
        else:
            mark = " (contesté)" if step.is_contested else ""
            yield (
                f"| {head} | {parameter.articles} | {_day(step.since)} | {step.shown}{mark} | "
                f"{step.reference} | {step.certainty} |"
            )
        head = ""


def _doubts(law: Law) -> Iterator[str]:
    yield ""
    yield "## Contested"
    yield ""
    yield "| parameter | chosen | the other reading |"
    yield "|---|---|---|"
    for value in _values(law):
        if value.is_contested:
            yield f"| `{value.parameter}` | {value.shown} ({value.reference}) | {value.contested} |"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
