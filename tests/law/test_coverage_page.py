"""The page of the law's coverage: every parameter is on it, every function and test that it names exists."""

import importlib
from pathlib import Path

from law import load
from law.coverage import gaps, markdown, rules
from liquidation.reasons import REASONS

ROOT = Path(__file__).parent.parent.parent


def test_every_parameter_doubt_and_reason_is_on_the_page():
    page = markdown(refused=REASONS)
    for parameter in load().parameters.values():
        assert f"`{parameter.name}`" in page
    assert "sans plafond (7,00\u00a0€" in page
    assert all(f"`{code}`" in page for code in REASONS)
    assert markdown(refused=REASONS) == page


def test_what_is_not_computed_is_on_the_page_and_its_codes_exist():
    page = markdown()
    for gap in gaps():
        assert gap.what in page
        if "_" in gap.instead:
            assert gap.instead.split(",")[0] in REASONS, gap.instead


def test_rules_name_functions_and_tests_that_exist():
    for rule in rules():
        for name in rule.function.split(", "):
            module, _, function = name.rpartition(".")
            found = importlib.import_module(name) if _is_module(name) else None
            assert found or hasattr(importlib.import_module(module), function), name
        for path in rule.test.split(", "):
            assert (ROOT / path).is_file(), path


def _is_module(name):
    return (ROOT / (name.replace(".", "/") + ".py")).is_file()
