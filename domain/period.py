"""Spans of civil days, open on the right."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days `start <= day < end`; `end` None means not closed yet."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"a period ends after it starts: {self.start} .. {self.end}")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


class Dated(Protocol):
    """Anything that holds for a period."""

    @property
    def period(self) -> Period: ...


T = TypeVar("T", bound=Dated)


def on_day(dated: Iterable[T], day: date) -> T | None:
    """The first of `dated` whose period holds `day`."""
    return next((item for item in dated if day in item.period), None)
