"""The clock of stages: each millisecond is put down once, to whatever is at work."""

import time

import pytest

from bench.milliseconds import FLOOR, REST, STAGES, Clock, watched
from ocr import engine


def busy(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_a_stage_within_another_counts_as_its_own() -> None:
    clock = Clock()
    inner = clock.within("network of lines", lambda: busy(0.02))
    outer = clock.within("lay flat", lambda: (busy(0.01), inner(), busy(0.01)))
    before = time.thread_time()
    outer()
    clock.turn_to(REST)
    whole = time.thread_time() - before
    assert clock.spent["network of lines"] == pytest.approx(0.02, abs=0.005)
    assert clock.spent["lay flat"] == pytest.approx(0.02, abs=0.005)
    assert sum(clock.spent.values()) == pytest.approx(whole, abs=0.005)


def test_an_error_gives_the_time_back_to_whom_it_belongs() -> None:
    clock = Clock()
    with pytest.raises(ZeroDivisionError):
        clock.within("network of lines", lambda: 1 / 0)()
    assert clock.turn_to(REST) == REST


def test_the_reader_is_left_as_it_was() -> None:
    before = engine.line_table
    with watched():
        assert engine.line_table is not before
    assert engine.line_table is before
    assert set(FLOOR) < set(STAGES)
