"""The form of a promise's test, short or long, and what it tells of itself (see ledger.py)."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.promises import ledger


@dataclass(frozen=True)
class Form:
    """`share`: how much of the long form's numbers is run, 0 to 1."""

    long: bool
    share: float
    _record: Callable[[str, object], None]

    def count(self, short: int, long: int) -> int:
        """How many are to be tried: of the long form never fewer than of the short one."""
        return max(short, round(long * self.share)) if self.long else short

    def tell(self, promise: str, said: str) -> None:
        """What was counted: a line of docs/promises.md, and of the end of this run."""
        assert promise in ledger.NAMES, promise
        self._record("promise", (promise, said))


@pytest.fixture
def form(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Form:
    long = bool(request.config.getoption("--long"))
    return Form(long, request.config.getoption("--share") if long else 1.0, record_property)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """What passed, beside what the other form counted when it last ran."""
    form = ledger.FORMS[bool(config.getoption("--long"))]
    share = config.getoption("--share") if form == "long" else 1.0
    told: Any = defaultdict(lambda: defaultdict(dict))
    for report in terminalreporter.stats.get("passed", ()):
        for name, value in report.user_properties if report.when == "call" else ():
            if name == "promise":
                promise, said = value
                file = told[promise][form].setdefault(
                    Path(report.location[0]).name, {"said": [], "share": share}
                )
                file["said"].append(said)
    if not told:
        return
    before = ledger.kept()
    terminalreporter.section("promises")
    for promise in (each.name for each in ledger.PROMISES if each.name in told):
        for column in ledger.FORMS:
            files = told[promise].get(column) or before.get(promise, {}).get(column, {})
            for each in files.values():
                for said in each["said"]:
                    terminalreporter.line(f"{promise} {column:5} {said}")
    if config.getoption("--record"):
        ledger.keep(told)
