"""Sheets made once for the tests of the reader."""

import json
from pathlib import Path
from typing import Any

import pytest

from ocr.specimen import make


class Sheets:
    """A folder of specimens with their truth."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        lines = (folder / "truth.jsonl").read_text("utf-8").splitlines()
        self.truths: list[dict[str, Any]] = [json.loads(line) for line in lines]

    def data(self, truth: dict[str, Any]) -> bytes:
        return (self.folder / truth["file"]).read_bytes()


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("people") / "people.jsonl"


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory, people: Path) -> Sheets:
    folder = tmp_path_factory.mktemp("printed")
    make(folder, 6, 4001, profiles=["printed_clean", "printed_hard"], population=people)
    return Sheets(folder)


@pytest.fixture(scope="session")
def handwritten(tmp_path_factory: pytest.TempPathFactory, people: Path) -> Sheets:
    folder = tmp_path_factory.mktemp("handwritten")
    make(folder, 5, 4002, profiles=["handwritten"], population=people)
    return Sheets(folder)
