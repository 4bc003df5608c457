"""`form new` measures a blank, `form check` tells whether a form is fit."""

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

from ocr.forms.tools import check
from ocr.pages import Image
from ocr.specimen.files import encode
from tests.cli.conftest import Liasse

OWN = Path(__file__).parent.parent / "ocr_forms" / "declaration_perte.yaml"
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
    _, first, *kinds = said.out.splitlines()
    assert first.startswith("reconnu 1 fois sur 1, à 0,0")
    assert [line.split(" : ")[0] for line in kinds][:2] == ["peignes", "dates"]
    assert (tmp_path / "zones.png").read_bytes().startswith(b"\x89PNG")


def test_a_form_that_is_not_fit_ends_with_one(liasse: Liasse, monkeypatch: pytest.MonkeyPatch) -> None:
    missed = {"assure_nir": check.Miss("comb", "2850175116001", None)}
    found = check.Score(1, 1, 0.031, {"comb": (3, 4), "check": (2, 2)}, (5, 6), missed)
    monkeypatch.setattr(check, "score", lambda form, n, forms_dir: found)
    said = liasse("form", "check", "s6200i")
    assert said.code == 1
    assert said.out.splitlines() == [
        "reconnu 1 fois sur 1, à 0,03 mm près",
        "peignes : 3 justes sur 4",
        "cases à cocher : 2 justes sur 2",
        "textes : 5 à la lettre sur 6 (ne comptent pas)",
        "à revoir : assure_nir (comb) : écrit « 2850175116001 », lu rien",
        "Regardez ces zones sur l'image (--out) : une boîte tient sa case, sans le cadre ni la légende.",
    ]
    assert liasse("form", "check", "s9999").code == 2


def test_a_form_that_is_not_known_again_says_what_it_was_taken_for(
    liasse: Liasse, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = check.Score(2, 1, 0.031, {}, (0, 0), {}, ("s3704b",))
    monkeypatch.setattr(check, "score", lambda form, n, forms_dir: found)
    said = liasse("form", "check", "s6200i")
    assert said.code == 1
    assert "pris pour s3704b" in said.out


def test_an_operators_own_form_is_listed_and_checked(
    liasse: Liasse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIASSE_HOME", str(tmp_path))
    (tmp_path / "forms").mkdir()
    shutil.copy(OWN, tmp_path)
    fit = check.Score(1, 1, 0.031, {"check": (2, 2)}, (0, 0), {})
    seen: list[str | None] = []

    def score(form: object, n: int, forms_dir: str | None) -> check.Score:
        seen.append(forms_dir)
        assert forms_dir is not None
        assert (Path(forms_dir) / OWN.name).is_file()
        return fit

    monkeypatch.setattr(check, "score", score)
    said = liasse("form", "check", tmp_path / OWN.name)
    assert said.code == 0, said.err
    assert f"prêt : copiez {tmp_path / OWN.name} dans {tmp_path / 'forms'}" in said.out
    assert "type « declaration_perte » : le vôtre" in said.out
    shutil.copy(OWN, tmp_path / "forms")
    assert liasse("form", "check", OWN.stem).code == 0
    assert seen[1] == str(tmp_path / "forms")
    listed = liasse("form", "list")
    assert (listed.code, "le vôtre" in listed.out) == (0, True)
    (tmp_path / "forms" / "faux.yaml").write_text("name: faux\n", "utf-8")
    listed = liasse("form", "list")
    assert listed.code == 1
    assert "faux\tn'est pas lu : formulaire_mal_forme" in listed.out


def test_a_mistake_in_the_file_is_told_by_code_and_place(liasse: Liasse, tmp_path: Path) -> None:
    file = tmp_path / "essai.yaml"
    file.write_text(OWN.read_text("utf-8").replace('name: "declaration_perte"', 'name: "essai"'), "utf-8")
    file.write_text(file.read_text("utf-8").replace('kind: "check"', 'kind: "case"', 1), "utf-8")
    said = liasse("form", "check", file)
    assert said.code != 0
    assert "formulaire_mal_forme" in said.err
    assert "fields.perte_carte.kind : il y a : comb," in said.err
