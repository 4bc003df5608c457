"""L4: mutants of rights/ and liquidation/, seeded, spread over the functions: at least 90 % are killed.

The long form alone (`--long`): each mutant is a copy of the tree with one thing changed, on which the
tests of its module, then those of both rooms and the oracle are run. Survivors are printed, to be explained.
"""

import ast
import copy
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("rights", "liquidation")
NEEDED = ("domain", "law", "rights", "liquidation", "tests/liquidation", "tests/rights", "tests/oracle")
TESTS = ("tests/liquidation", "tests/rights", "tests/oracle")
CARE = ("worked_examples", "scope", "participation", "parcours", "medecins", "ccam", "autres_professions")
CASH = ("arrets", "ij_maladie", "especes", "paies", "pensions")
FIRST = {
    "ccam": ("ccam",), "lourds": ("ccam",), "ngap": ("medecins", "autres_professions"),
    "deplacement": ("medecins",), "franchise": ("autres_professions",), "produits": ("autres_professions",),
    "hopital": ("hopital",), "indus": ("corrections",), "corrections": ("corrections",),
    "case": ("case", "hopital"),
}  # fmt: skip
"""Module -> the tests that look at it most: run before all the others, so that a mutant dies soon."""
COUNT = 1500
COMPARE = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}


def mutations(node):
    """(what, change) for a node; `change` edits it in place."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARE:
        yield "compare", lambda n: n.ops.__setitem__(0, COMPARE[type(n.ops[0])]())
    if isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC and not _text(node):
        yield "arithmetic", lambda n: setattr(n, "op", ARITHMETIC[type(n.op)]())
    if isinstance(node, ast.AugAssign) and type(node.op) in ARITHMETIC:
        yield "arithmetic", lambda n: setattr(n, "op", ARITHMETIC[type(n.op)]())
    if isinstance(node, ast.BoolOp):
        yield "logic", lambda n: setattr(n, "op", ast.Or() if isinstance(n.op, ast.And) else ast.And())
    if isinstance(node, ast.If | ast.IfExp):
        yield "negate", lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test))
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield "number", lambda n: setattr(n, "value", n.value + 1)
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        yield "boolean", lambda n: setattr(n, "value", not n.value)
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("min", "max"):
        yield "extreme", lambda n: setattr(n.func, "id", "max" if n.func.id == "min" else "min")
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "return", lambda n: setattr(n, "value", ast.Constant(None))
    if isinstance(node, ast.Yield):
        yield "yield", lambda n: setattr(n, "value", ast.Constant(None))


def _is_none(node):
    """`return None`: to make it return None changes nothing."""
    return isinstance(node, ast.Constant) and node.value is None


def _text(node):
    return any(isinstance(each, ast.JoinedStr | ast.Constant) and not isinstance(
        getattr(each, "value", None), int) for each in (node.left, node.right))  # fmt: skip


def mutants():
    """Every mutant: (path, line, function, what, source)."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for function in [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]:
                inside = [n for part in function.body for n in ast.walk(part)]
                for place, node in enumerate(inside):
                    for what, change in mutations(node):
                        yield (
                            path,
                            getattr(node, "lineno", 0),
                            function.name,
                            what,
                            (tree, function, place, change),
                        )


def source_of(recipe):
    tree, function, place, change = recipe
    changed = copy.deepcopy(tree)
    twin = next(n for n in ast.walk(changed) if isinstance(n, ast.FunctionDef)
                and (n.name, n.lineno) == (function.name, function.lineno))  # fmt: skip
    change([n for part in twin.body for n in ast.walk(part)][place])
    return ast.unparse(ast.fix_missing_locations(changed))


def spread(rng, count):
    """A seeded choice that takes from each function in turn."""
    by_function = {}
    for mutant in mutants():
        by_function.setdefault((mutant[0], mutant[2]), []).append(mutant)
    for each in by_function.values():
        rng.shuffle(each)
    chosen = []
    while by_function and len(chosen) < count:
        for key in list(by_function):
            chosen.append(by_function[key].pop())
            if not by_function[key]:
                del by_function[key]
    return chosen[:count]


def test_mutants_are_killed(form, tmp_path):
    if not form.long:
        pytest.skip("the long form alone: --long")
    for name in NEEDED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests/__init__.py").touch()
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n")
    assert run(tmp_path, TESTS), "the tests fail without any mutant"
    survivors, chosen = [], spread(random.Random(20261122), form.count(1, COUNT))
    for path, line, function, what, recipe in chosen:
        target = tmp_path / path.relative_to(ROOT)
        kept = target.read_text(encoding="utf-8")
        target.write_text(source_of(recipe), encoding="utf-8")
        if run(tmp_path, first(path)) and run(tmp_path, TESTS):
            survivors.append(f"{path.relative_to(ROOT)}:{line} {function} {what}")
        target.write_text(kept, encoding="utf-8")
    killed = 1 - len(survivors) / len(chosen)
    print(f"\n{len(chosen)} mutants, {killed:.1%} killed; survivors:", *survivors, sep="\n  ")
    assert killed >= 0.9
    form.tell("L4", f"{len(chosen)} mutants, {len(chosen) - len(survivors)} killed ({killed:.1%})")


def first(path):
    """The tests to run first for a mutant of that module."""
    if path.relative_to(ROOT).parts[0] == "rights":
        return ("tests/rights",)
    names = FIRST.get(path.stem, CASH if path.parent.name == "especes" else CARE)
    return tuple(f"tests/liquidation/test_{name}.py" for name in names)


def run(directory, tests):
    """Whether every one of these tests passes there."""
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    try:
        bare = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        return (
            subprocess.run(command, cwd=directory, capture_output=True, timeout=120, env=bare).returncode == 0
        )
    except subprocess.TimeoutExpired:
        return False
