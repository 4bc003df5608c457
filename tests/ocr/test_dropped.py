"""Of a form of which only the ink is left, the place is told by what is written: or nothing is."""

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from ocr.dropped import register_dropped
from ocr.read import read, read_file
from ocr.register import MIDDLE
from ocr.specimen import make
from ocr.specimen.scoring import outcomes
from ocr.template import template

BLANK = template("s3110j")
FIELDS = BLANK.form.fields
FILLED = (
    "date_facture",
    "beneficiaire_nir",
    "beneficiaire_nir_cle",
    "beneficiaire_date_naissance",
    "acte1_date",
)
PX = 100 / 25.4


def written(places: np.ndarray, degrees: float = 0.0, shift: tuple[float, float] = (0, 0)) -> np.ndarray:
    """A sheet of A4 in grey at 100 dpi on which marks like digits stand at these places, mm on the form."""
    page = np.full((1169, 827), 255, np.uint8)
    turn = cv2.getRotationMatrix2D((413, 584), degrees, 1.0)
    middle = np.array(BLANK.form.page_mm) / 2
    for x, y in (places - middle + shift) * PX + (413, 584):
        at = turn @ (x, y, 1)
        cv2.rectangle(page, *(tuple(round(v) for v in at + off) for off in ((-3, -6), (3, 6))), 30, 2)
    return page


def cells(names: Sequence[str]) -> np.ndarray:
    return np.array([(x + w / 2, y + h / 2) for name in names for x, y, w, h in FIELDS[name].boxes])


@pytest.mark.parametrize(
    ("degrees", "shift", "turn"), [(0, (0, 0), 0), (1.8, (3, -4), 0), (5.0, (2, 1), 0), (-0.7, (-2, 5), 180)]
)
def test_the_place_is_told_by_the_ink(degrees: float, shift: tuple[float, float], turn: int) -> None:
    page = np.rot90(written(cells(FILLED), degrees, shift), turn // 90)
    found = register_dropped(np.ascontiguousarray(page), [BLANK])
    assert found is not None
    assert found.rotation == turn
    places = cells((*FILLED, "montant_total", "organisme_rattachement"))
    expected = (places - np.array(BLANK.form.page_mm) / 2 + shift) * PX + (413, 584)
    expected = expected @ cv2.getRotationMatrix2D((0, 0), degrees, 1.0)[:, :2].T
    centre = cv2.getRotationMatrix2D((413, 584), degrees, 1.0)[:, 2]
    seen = found.points(places) * (827, 1169) - MIDDLE[:2, 2]
    assert np.abs(seen - (expected + centre)).max() < 0.8 * PX


def test_too_little_or_too_much_tells_nothing() -> None:
    rows = np.array([(x, y) for y in np.arange(15, 280, 8.0) for x in np.arange(12, 205, 5.08)])
    askew = [
        np.column_stack([cells([name])[:, 0] - 5.1 * (n % 2), cells([name])[:, 1]])
        for n, name in enumerate(FILLED)
    ]
    beside = np.array([(x, 206.0) for x in np.arange(15, 200, 6.0)])  # where the form has no field
    crowded = np.concatenate([cells(FILLED), beside])
    for places in (cells(FILLED[:1]), cells(FILLED[1:4:2]), rows, np.concatenate(askew), crowded):
        assert register_dropped(written(places), [BLANK]) is None


def test_a_scan_of_the_ink_alone_is_read_and_each_value_is_asked_for(people: Path, tmp_path: Path) -> None:
    make(tmp_path, 2, 51, profiles=["printed_dropout"], population=people)
    for line in (tmp_path / "truth.jsonl").read_text("utf-8").splitlines():
        truth = json.loads(line)
        reading = read((tmp_path / truth["file"]).read_bytes())
        assert reading.documents[0].form == "s3110j"
        assert reading.pages[0].quality["verdict"] == "sans_imprime"
        assert {each.status for each in reading.documents[0].fields.values()} == {"review"}
        combs = [
            each
            for each in outcomes(truth, read_file(tmp_path / truth["file"]))
            if each.kind.startswith("comb")
        ]
        assert all(each.right for each in combs)
