"""`form new` measures a blank, `form check` tells whether a form is fit."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

from ocr.files import Image
from ocr.forms.tools import check
from ocr.specimen.files import encode
from tests.cli.conftest import Liasse

DPI = 200
PX = DPI / 25.4
COMB = [(60.0 + 6 * cell, 100.0, 6.0, 6.0) for cell in range(9)]


def a_form() -> Image:
    """A sheet of A5 with captions and a comb of nine cells; words enough to tell what is up."""
    page = np.full((round(210 * PX), round(148 * PX), 3), 255, np.uint8)
    for line, text in enumerate(
        ("DEMANDE DE CARTE", "Numero de la carte", "Ecrivez en capitales dans les cases")
    ):
        at = (round(30 * PX), round((60 + 14 * line) * PX))
        cv2.putText(page, text, at, cv2.FONT_HERSHEY_COMPLEX, 1.2, (60, 30, 20), 2, cv2.LINE_AA)
    left, top, right, bottom = (round(v * PX) for v in (60, 100, 60 + 9 * 6, 106))
    cv2.line(page, (left, bottom), (right, bottom), (60, 30, 20), 2)
    for x, *_ in (*COMB, (60.0 + 54,)):
        cv2.line(page, (round(x * PX), top), (round(x * PX), bottom), (60, 30, 20), 2)
    return page


def skewed(page: Image, degrees: float) -> Image:
    height, width = page.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(page, matrix, (width, height), borderValue=(255, 255, 255)), np.uint8)


BLANK_FILES = {
    "png": lambda: (encode([a_form()], "png", DPI), ()),
    "jpeg, askew": lambda: (encode([skewed(a_form(), 2.5)], "jpeg", DPI, 85), ()),
    "pdf, page 2": lambda: (encode([np.full((400, 300), 255, np.uint8), a_form()], "pdf", DPI), ("--page", 2)),
}


@pytest.mark.parametrize("how", BLANK_FILES)
def test_the_comb_of_a_blank_is_found_in_its_place(liasse: Liasse, tmp_path: Path, how: str) -> None:
    scan, out = tmp_path / "blank", tmp_path / "carte.yaml"
    data, more = BLANK_FILES[how]()
    scan.write_bytes(data)
    said = liasse("form", "new", scan, "--out", out, *more)
    assert said.code == 0, said.err
    assert "zones proposées" in said.out
    form = yaml.safe_load(out.read_text("utf-8"))
    combs = [each["boxes"] for each in form["fields"].values() if each["kind"] == "comb"]
    assert [len(boxes) for boxes in combs] == [9]
    assert np.allclose(np.array(combs[0])[:, 0], [x for x, *_ in COMB], atol=1.0)
    again = liasse("form", "new", scan, "--out", out, *more)
    assert (again.code, again.out) == (2, "")  # what a person has corrected is not overwritten


@pytest.mark.parametrize(
    ("data", "page", "word"),
    [
        (b"not a picture", 1, "ni un PDF"),
        (b"", 1, "vide"),
        (encode([np.zeros((99, 70), np.uint8)], "png", 72), 3, "page"),
    ],
)
def test_what_is_no_blank_is_said(liasse: Liasse, tmp_path: Path, data: bytes, page: int, word: str) -> None:
    scan, out = tmp_path / "blank", tmp_path / "carte.yaml"
    scan.write_bytes(data)
    said = liasse("form", "new", scan, "--out", out, "--page", page)
    assert (said.code, said.out) == (2, "")
    assert word in said.err
    assert not out.exists()


def test_a_blank_that_is_nowhere(liasse: Liasse, tmp_path: Path) -> None:
    said = liasse("form", "new", tmp_path / "nowhere.png", "--out", tmp_path / "carte.yaml")
    assert (said.code, said.err) == (2, f"{tmp_path / 'nowhere.png'} : ne se lit pas.\n")


def test_a_fit_form_is_read_back(liasse: Liasse, tmp_path: Path) -> None:
    said = liasse("form", "check", "s6200i", "--n", 1, "--out", tmp_path / "zones.png")
    assert said.code == 0, said.out
    first, *kinds = said.out.splitlines()
    assert first.startswith("reconnu 1 fois sur 1, à 0,0")
    assert [line.split(" : ")[0] for line in kinds][:2] == ["peignes", "dates"]
    assert (tmp_path / "zones.png").read_bytes().startswith(b"\x89PNG")


def test_a_form_that_is_not_fit_ends_with_one(liasse: Liasse, monkeypatch: pytest.MonkeyPatch) -> None:
    found = check.Score(1, 1, 0.031, {"comb": (3, 4), "check": (2, 2)}, ("assure_nir",))
    monkeypatch.setattr(check, "score", lambda form, n: found)
    said = liasse("form", "check", "s6200i")
    assert said.code == 1
    assert said.out.splitlines() == [
        "reconnu 1 fois sur 1, à 0,03 mm près",
        "peignes : 3 justes sur 4",
        "cases à cocher : 2 justes sur 2",
        "à revoir : assure_nir",
    ]
    assert liasse("form", "check", "s9999").code == 2
