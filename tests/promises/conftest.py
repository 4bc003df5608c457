"""The form of a promise's test, short or long, and what it tells of itself (see ledger.py)."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.promises import ledger

OF_A_PROMISE = re.compile(r"test_([a-z]\d)_")


@dataclass
class Form:
    """`share`: how much of the long form's numbers is run, 0 to 1."""

    long: bool
    share: float
    _record: Callable[[str, object], None]
    _ran: float = 1.0

    def count(self, short: int, long: int) -> int:
        """How many are to be tried: of the long form never fewer than of the short one."""
        if not self.long:
            return short
        number = max(short, round(long * self.share))
        self._ran = min(self._ran, number / long)
        return number

    def tell(self, promise: str, said: str) -> None:
        """What was counted: a line of docs/promises.md, and of the end of this run."""
        assert promise in ledger.NAMES, promise
        self._record("promise", (promise, said, round(self._ran, 3)))


@pytest.fixture
def form(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Form:
    long = bool(request.config.getoption("--long"))
    return Form(long, request.config.getoption("--share") if long else 1.0, record_property)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """What passed, beside what the other form counted when it last ran."""
    form = ledger.FORMS[bool(config.getoption("--long"))]
    told: Any = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    silent: Counter[tuple[str, str]] = Counter()
    for report in terminalreporter.stats.get("passed", ()):
        file = Path(report.location[0]).name
        if (of := OF_A_PROMISE.match(file)) and report.when == "call":
            silent[of[1].upper(), file] += 1
        for name, value in report.user_properties if report.when == "call" else ():
            if name == "promise":
                promise, said, share = value
                told[promise][form][file].append({"said": said, "share": share})
    for (promise, file), passed in silent.items():
        if file not in told[promise][form]:
            told[promise][form][file].append({"said": f"{passed} tests", "share": 1.0})
    if not told:
        return
    before = ledger.kept()
    terminalreporter.section("promises")
    for promise in (each.name for each in ledger.PROMISES if each.name in told):
        for column in ledger.FORMS:
            files = told[promise].get(column) or before.get(promise, {}).get(column, {})
            for each in (told for file in files.values() for told in file):
                terminalreporter.line(f"{promise} {column:5} {each['said']}{ledger.of_what_is_asked(each)}")
    if config.getoption("--record"):
        ledger.keep(told)
