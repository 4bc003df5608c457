"""L2: every parameter has its unit, its reference, the day it was checked, and how sure it is."""

import ast
from datetime import date
from importlib.resources import files
from pathlib import Path

from law import Value, load
from law.values import CERTAINTIES, UNITS, Gap

ROOT = Path(__file__).parent.parent.parent


def test_every_value_of_every_parameter():
    law = load()
    assert len(law.parameters) >= 20
    for parameter in law.parameters.values():
        assert parameter.unit in UNITS
        assert parameter.label
        assert parameter.articles
        for step in parameter.steps:
            if isinstance(step, Gap):
                assert step.missing
                continue
            assert isinstance(step, Value)
            assert step.reference.strip()
            assert date(2026, 1, 1) <= step.checked
            assert step.certainty in CERTAINTIES


def test_no_float_in_any_file():
    for item in files("law").joinpath("parameters").iterdir():
        if item.name.endswith(".yaml"):
            for line in item.read_text(encoding="utf-8").splitlines():
                if line.strip().startswith("value:"):
                    value = line.split("value:", 1)[1].strip()
                    assert value.startswith('"') or value.isidentifier(), (item.name, line)


def test_no_amount_is_written_in_the_code():
    """Rights and liquidation hold no tariff, rate, age or cap of their own: numbers live in law/."""
    allowed = {0, 1, 2, 3, 5, 6, 9, 12, 18, 100, 730}  # indices, months, majority, percent, R323-9
    for room in ("rights", "liquidation"):
        for path in (ROOT / room).rglob("*.py"):
            if path.name == "limits.py":  # of a question, not of the law
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            # where a code or a number is cut (`iban[-4:]`) is no amount
            cuts = {id(n) for each in ast.walk(tree) if isinstance(each, ast.Slice) for n in ast.walk(each)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
                    if id(node) in cuts:
                        continue
                    assert isinstance(node.value, int), (path, node.lineno)
                    assert node.value in allowed, (path.name, node.lineno, node.value)


def test_every_trace_that_holds_a_value_tells_since_when_and_how_sure():
    from tests.liquidation.cases import decide

    for step in decide().lines[0].trace:
        assert step.article
        if step.parameter:
            assert step.value
            assert step.since
            assert step.certainty in CERTAINTIES
