"""The command line called as a person calls it: in this process where nothing is started."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from cli.__main__ import main
from cli.service import Service
from ocr.specimen import make


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Liasse = Callable[..., Said]


@pytest.fixture
def liasse(capfd: pytest.CaptureFixture[str]) -> Liasse:
    """`liasse("read", file)`: exit code and what was said. A traceback would come as an exception."""

    def call(*arguments: object) -> Said:
        capfd.readouterr()
        code = main([str(each) for each in arguments])
        told = capfd.readouterr()
        return Said(code, told.out, told.err)

    return call


@pytest.fixture(scope="session")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two clean printed sheets with their truth, people.jsonl and practitioners.jsonl."""
    folder = tmp_path_factory.mktemp("sheets")
    make(folder, 2, 5, profiles=["printed_clean"])
    return folder


def files_of(folder: Path) -> list[Path]:
    return sorted(folder.glob("feuille-*"))


@pytest.fixture(scope="package")
def service(home: Path) -> Iterator[Service]:
    """A worker and an api of their own processes over the session's servers, gone when this folder is done:
    they would take what the tests of other folders deposit."""
    with Service(home, port=0) as running:
        yield running
