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

Each promise has a short test, which CI runs, and a long one, which `make promises` runs: *in CI* and *in
full* say how much each asks. A count was written by the test itself, by the command beside it with
`--record`. *Of what is asked in full*: the share of the long form's numbers that was run, `--share 0.2` for
a fifth; the whole where nothing is said. *In CI:* before a count: the long form of that file was not run, or
it has none.
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
    """A row a promise: what the long form of each of its files counted, or else the short one."""
    counts = kept()
    rows = [HEAD, "| | promise | in CI | in full | last counted | command |", "|---|---|---|---|---|---|"]
    for promise in PROMISES:
        known = counts.get(promise.name, {})
        same = promise.short == promise.long
        # the long form, where it says more than the short one
        forms = {file: form for form in (FORMS[::-1] if same else FORMS) for file in known.get(form, {})}
        told = [(file, forms[file], known[forms[file]][file]) for file in sorted(forms)]
        cells = (
            f"**{promise.name}**",
            promise.says,
            promise.short,
            "the same" if same else promise.long,
            "<br>".join(_counted(lines, form, same) for _, form, lines in told) or NOT_YET,
            "<br>".join(f"`pytest tests/promises/{file}{_options(lines, form)}`" for file, form, lines in told),
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def _counted(told: Sequence[Mapping[str, Any]], form: str, same: bool) -> str:
    said = "<br>".join(each["said"] + of_what_is_asked(each) for each in told)
    return said if same or form == "long" else f"in CI: {said}"


def of_what_is_asked(told: Mapping[str, Any]) -> str:
    return "" if told["share"] == 1 else f" ({told['share'] * 100:g} % of what is asked in full)"


def _options(told: Sequence[Mapping[str, Any]], form: str) -> str:
    share = min(each["share"] for each in told)
    return (" --long" if form == "long" else "") + ("" if share == 1 else f" --share {share:g}")
