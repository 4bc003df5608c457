"""Mutants of rights/ and liquidation/: what each changes, and the tests that are run on it.

The tests are collected once and run once, to learn which lines each of them reaches. Each mutant is then a
fork of that process in which the code of one function is exchanged; the tests that reach the changed
statement are run on it, the quickest first, until one fails. A test that needs a server is not counted.

    python -m tests.promises.mutation [--count 1500] [--jobs 2] [--of FILE ...] [--tests FILE ...]
"""

import argparse
import ast
import copy
import gc
import os
import random
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import _lru_cache_wrapper
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
import yaml
from _pytest.runner import runtestprotocol

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("rights", "liquidation")
TESTS = ("tests/rights", "tests/liquidation", "tests/oracle", "tests/promises/test_l3_changes.py")
EQUIVALENT = Path(__file__).parent / "equivalents.yaml"
"""Mutants that no test can kill, by name, each with the reason."""
COUNT, SEED = 1500, 20261122
SECONDS = 120
"""A mutant still running after that long turns for ever: it counts as killed."""
COMPARE: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
ARITHMETIC: dict[type, type] = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
Change = Callable[[Any], None]


@dataclass(frozen=True)
class Mutant:
    """One change in one function. `lines`: those of the statement that it changes."""

    path: Path
    tree: ast.Module = field(repr=False)
    function: ast.FunctionDef = field(repr=False)
    place: int
    what: str
    change: Change = field(repr=False)
    node: ast.AST = field(repr=False)
    lines: range

    @property
    def name(self) -> str:
        """What stays when lines move."""
        told = " ".join(ast.unparse(self.node).split())
        return f"{self.path.relative_to(ROOT)} {self.function.name} {self.what}: {told[:100]}"

    def code(self) -> CodeType:
        """The module's code with the change."""
        changed = copy.deepcopy(self.tree)
        twin = next(n for n in ast.walk(changed) if isinstance(n, ast.FunctionDef)
                    and (n.name, n.lineno) == (self.function.name, self.function.lineno))  # fmt: skip
        self.change([n for part in twin.body for n in ast.walk(part)][self.place])
        return compile(ast.fix_missing_locations(changed), str(self.path), "exec")


def mutations(node: Any) -> Iterator[tuple[str, Change]]:
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


def _is_none(node: ast.AST) -> bool:
    """`return None`: to make it return None changes nothing."""
    return isinstance(node, ast.Constant) and node.value is None


def _text(node: ast.BinOp) -> bool:
    return any(isinstance(each, ast.JoinedStr | ast.Constant) and not isinstance(
        getattr(each, "value", None), int) for each in (node.left, node.right))  # fmt: skip


def mutants() -> Iterator[Mutant]:
    """Every mutant."""
    for path in sorted(found for room in ROOMS for found in (ROOT / room).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]:
            reach = _statements(function)
            inside = [n for part in function.body for n in ast.walk(part)]
            for place, node in enumerate(inside):
                for what, change in mutations(node):
                    yield Mutant(path, tree, function, place, what, change, node, reach[id(node)])


def _statements(function: ast.FunctionDef) -> dict[int, range]:
    """Node -> the lines of the innermost statement it is in, without the body of a compound one."""
    found: dict[int, range] = {}

    def visit(node: ast.AST, lines: range) -> None:
        if isinstance(node, ast.stmt | ast.match_case):
            body = getattr(node, "body", None)
            first = getattr(node, "lineno", lines.start)
            end = max(first + 1, body[0].lineno) if body else (getattr(node, "end_lineno", 0) or first) + 1
            lines = range(first, end)
        found[id(node)] = lines
        for child in ast.iter_child_nodes(node):
            visit(child, lines)

    visit(function, range(0))
    return found


def spread(rng: random.Random, count: int, of: Sequence[str] = ()) -> list[Mutant]:
    """A seeded choice that takes from each function in turn. `of`: how their names begin."""
    by_function: dict[tuple[Path, str], list[Mutant]] = {}
    for mutant in mutants():
        if of and not mutant.name.startswith(tuple(of)):
            continue
        by_function.setdefault((mutant.path, mutant.function.name), []).append(mutant)
    for each in by_function.values():
        rng.shuffle(each)
    chosen: list[Mutant] = []
    while by_function and len(chosen) < count:
        for key in list(by_function):
            chosen.append(by_function[key].pop())
            if not by_function[key]:
                del by_function[key]
    return chosen[:count]


class Trial:
    """A plugin of pytest: instead of running the tests once, runs them on each mutant."""

    def __init__(self, chosen: Sequence[Mutant], jobs: int) -> None:
        self.chosen, self.jobs = chosen, jobs
        self.survivors: list[Mutant] = []
        self.killed = 0
        self._reached: dict[tuple[str, int], list[tuple[float, Any]]] = defaultdict(list)
        self._caches: list[Any] = []
        self._functions: list[FunctionType] = []

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        items[:] = [item for item in items if "home" not in item.fixturenames]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        import hypothesis  # before pytest starts, it would be told to be unreadable

        if session.testsfailed:
            raise session.Failed("the tests cannot be collected")
        hypothesis.settings.register_profile("untimed", deadline=None)  # to be slow is not to be wrong
        hypothesis.settings.load_profile("untimed")
        self._caches = [each for each in gc.get_objects() if isinstance(each, _lru_cache_wrapper)
                        and each.__module__.split(".")[0] in (*ROOMS, "tests")]  # fmt: skip
        for item in session.items:
            self._learn(item)
        print(f"{len(session.items)} tests, {len(self.chosen)} mutants", flush=True)
        files = {str(mutant.path) for mutant in self.chosen}
        self._functions = [each for each in gc.get_objects() if isinstance(each, FunctionType)
                           and each.__code__.co_filename in files]  # fmt: skip
        gc.collect()
        gc.freeze()
        running: dict[int, tuple[Mutant, float]] = {}
        for mutant in self.chosen:
            while len(running) >= self.jobs:
                self._wait(running)
            running[self._start(mutant)] = mutant, time.monotonic()
        while running:
            self._wait(running)
        return True

    def _learn(self, item: Any) -> None:
        """Runs a test without any mutant, and keeps the lines of the rooms that it reaches."""
        lines: set[tuple[str, int]] = set()
        ours = tuple(f"{ROOT / room}{os.sep}" for room in ROOMS)

        def line(frame: Any, event: str, _: object) -> Any:
            if event == "line":
                lines.add((frame.f_code.co_filename, frame.f_lineno))
            return line

        def call(frame: Any, _event: str, _: object) -> Any:
            return line if frame.f_code.co_filename.startswith(ours) else None

        began = time.process_time()
        sys.settrace(call)
        try:
            passed = self._passes(item)
        finally:
            sys.settrace(None)
        if not passed:
            pytest.exit(f"fails without any mutant: {item.nodeid}", 1)
        for each in lines:
            self._reached[each].append((time.process_time() - began, item))

    def _passes(self, item: Any) -> bool:
        for cache in self._caches:
            cache.cache_clear()
        item._initrequest()
        return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=None))

    def _start(self, mutant: Mutant) -> int:
        """The process that tries a mutant: it ends with 0 where every test passed."""
        if child := os.fork():
            return child
        try:
            signal.alarm(SECONDS)
            with open(os.devnull, "w") as nowhere:
                os.dup2(nowhere.fileno(), 1)
                os.dup2(nowhere.fileno(), 2)
            self._exchange(mutant)
            times = {item: took for line in mutant.lines
                     for took, item in self._reached[str(mutant.path), line]}  # fmt: skip
            survived = all(self._passes(item) for item in sorted(times, key=lambda each: times[each]))
        except BaseException:  # a mutant that breaks the runner itself is seen
            os._exit(1)
        os._exit(0 if survived else 1)

    def _exchange(self, mutant: Mutant) -> None:
        """Gives every function made from the mutant's module the changed code."""
        codes = {(code.co_qualname, code.co_firstlineno): code for code in _codes(mutant.code())}
        for function in self._functions:
            was = function.__code__
            if was.co_filename == str(mutant.path) and (was.co_qualname, was.co_firstlineno) in codes:
                function.__code__ = codes[was.co_qualname, was.co_firstlineno]

    def _wait(self, running: dict[int, tuple[Mutant, float]]) -> None:
        child, status = os.wait()
        mutant, began = running.pop(child)
        if status:
            self.killed += 1
        else:
            self.survivors.append(mutant)
            print(f"survived {mutant.path.relative_to(ROOT)}:{mutant.lines.start}"
                  f" ({time.monotonic() - began:.0f} s) {mutant.name}", flush=True)  # fmt: skip
        if (done := self.killed + len(self.survivors)) % 50 == 0:
            print(f"{done} run, {self.killed} killed", flush=True)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)


def equivalent() -> dict[str, str]:
    """Name of a mutant -> why nobody could tell it from the code."""
    told: dict[str, str] = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8"))
    return told


def tried(chosen: Sequence[Mutant], jobs: int, tests: Sequence[str] = TESTS) -> Trial:
    """Raises SystemExit where the tests fail without any mutant."""
    trial = Trial(chosen, jobs)
    os.chdir(ROOT)
    options = ["-p", "no:cacheprovider", "-p", "no:xdist", "-s"]
    if code := pytest.main([*options, *tests], plugins=[trial]):
        raise SystemExit(int(code) or 1)
    return trial


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--of", nargs="*", default=(), help="only mutants whose names begin so")
    parser.add_argument("--tests", nargs="*", default=TESTS, help="only these tests")
    asked = parser.parse_args()
    known = equivalent()
    chosen = spread(random.Random(SEED), asked.count, asked.of)
    counted = [each for each in chosen if each.name not in known]
    trial = tried(counted, asked.jobs, asked.tests)
    survived = len(trial.survivors)
    print(f"{len(chosen)} mutants: {trial.killed} killed, {survived} survived, {len(chosen) - len(counted)} "
          f"equivalent ({trial.killed / max(1, len(counted)):.1%} killed)")  # fmt: skip


if __name__ == "__main__":
    main()
