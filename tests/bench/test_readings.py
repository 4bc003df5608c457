"""The benches' cache: a reading is taken from it only where the same code reads the same bytes."""

from pathlib import Path

import pytest

from bench import escaped, readings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "CACHE", tmp_path / "cache")


def test_what_was_kept_is_not_made_again() -> None:
    made = []
    for _ in range(2):
        assert readings.kept("sheet", lambda: made.append(1) or {"seconds": 1.5}) == {"seconds": 1.5}
    assert len(made) == 1
    assert readings.kept("another", lambda: {"seconds": 2}) == {"seconds": 2}


def test_what_was_cut_short_is_made_again() -> None:
    readings.kept("sheet", lambda: {"fields": {}})
    (file,) = readings.CACHE.rglob("*.json")
    file.write_text('{"fie', "utf-8")
    assert readings.kept("sheet", lambda: {"fields": {"nir": "1"}}) == {"fields": {"nir": "1"}}


@pytest.mark.parametrize(
    "file", ["ocr/read.py", "ocr/models/lines.onnx", "ocr/thresholds.yaml", "requirements.txt"]
)
def test_another_reader_reads_anew(file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ocr/read.py", "ocr/models/lines.onnx", "ocr/thresholds.yaml", "requirements.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(readings, "ROOT", tmp_path)
    before = readings.hash_of.__wrapped__()
    assert before == readings.hash_of.__wrapped__()
    (tmp_path / file).write_text("changed")
    assert before != readings.hash_of.__wrapped__()


def test_how_specimens_are_made_is_no_part_of_a_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "requirements.txt").touch()
    monkeypatch.setattr(readings, "ROOT", tmp_path)
    before = readings.hash_of.__wrapped__()
    (tmp_path / "ocr" / "specimen").mkdir(parents=True)
    (tmp_path / "ocr" / "specimen" / "hands.py").touch()
    assert before == readings.hash_of.__wrapped__()


def test_more_sheets_go_on_from_those_that_were_counted() -> None:
    few = list(escaped.batches(("a", "b"), {"drawn": None, "true": None}, 50))
    many = list(escaped.batches(("a", "b"), {"drawn": None, "true": None}, 90))
    assert many[: len(few)] == few
    assert len(few) == 5
    assert len(set(many)) == len(many) == 9


def test_the_bound_is_of_all_profiles_together() -> None:
    told = [
        {
            "sheets": 10,
            "accepted": {"fields": 100, "flags": 200},
            "escaped": [["fields", "f", "nir", "1", "2"]],
        },
        {"sheets": 10, "accepted": {"fields": 150}, "escaped": [["flags", "f", "ald", "False", "True"]]},
    ]
    assert escaped.row("all", told) == "| all | 20 | 250 | 1 | 188.3 | 200 | 1 | 235.0 |"
