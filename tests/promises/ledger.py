"""Which test keeps which promise, and what each counted when it was last run: docs/promises.md.

A test tells its count through the fixture `form` (conftest.py); `--record` writes it to counts.json, so
that no figure of the page is typed. `make docs` writes the page.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

KEPT = Path(__file__).with_name("counts.json")
FORMS = ("short", "long")
NOT_YET = "not counted yet"
HEAD = """\
# What Liasse promises, the test of each, and what it last counted

Each promise has a short test, which CI runs, and a long one, which `make promises` runs. A count below was
written by the test itself: `pytest tests/promises/FILE --record`, with `--long` for the long form. *Of what is
asked*: the share of the long form's numbers that was run, `--share 0.2` for a fifth; the whole where nothing is
said.
"""


@dataclass(frozen=True, slots=True)
class Promise:
    """`short`, `long`: how much is asked of each form."""

    name: str
    says: str
    short: str
    long: str


PROMISES = tuple(
    Promise(name, **told)
    for name, told in yaml.safe_load(Path(__file__).with_name("promises.yaml").read_text()).items()
)
NAMES = {promise.name: promise for promise in PROMISES}


def kept() -> dict[str, Any]:
    """{promise: {"short" or "long": {file: [{"said": text, "share": 0..1}]}}}."""
    return dict(json.loads(KEPT.read_text())) if KEPT.exists() else {}


def keep(told: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    """Writes what a run told over what was kept of the same files, and leaves the rest."""
    known = kept()
    for name, forms in told.items():
        for form, files in forms.items():
            known.setdefault(name, {}).setdefault(form, {}).update(files)
    ordered = {promise.name: known[promise.name] for promise in PROMISES if promise.name in known}
    KEPT.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n")


def as_markdown() -> str:
    counts = kept()
    rows = [HEAD, "| | promise | asked | counted | command |", "|---|---|---|---|---|"]
    for promise in PROMISES:
        both = promise.short == promise.long
        for form in FORMS[:1] if both else FORMS:
            files = counts.get(promise.name, {}).get(form, {})
            title = (f"**{promise.name}**", promise.says) if form == FORMS[0] else ("", "")
            asked = f"{'both' if both else form}: {getattr(promise, form)}"
            cells = (*title, asked, _counted(files) or NOT_YET, _commands(files, form))
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def of_what_is_asked(told: Mapping[str, Any]) -> str:
    return "" if told["share"] == 1 else f" ({told['share'] * 100:g} % of what is asked)"


def _counted(files: Mapping[str, Any]) -> str:
    return "<br>".join(
        each["said"] + of_what_is_asked(each) for _, told in sorted(files.items()) for each in told
    )


def _commands(files: Mapping[str, Any], form: str) -> str:
    return "<br>".join(f"`pytest tests/promises/{file}{_options(files[file], form)}`" for file in sorted(files))


def _options(told: Sequence[Mapping[str, Any]], form: str) -> str:
    share = min(each["share"] for each in told)
    return (" --long" if form == "long" else "") + ("" if share == 1 else f" --share {share:g}")
