"""What befalls a sheet is known to the field, and the same for the same seed."""

import io
import json
import random
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from ocr.forms import load_form
from ocr.specimen import make
from ocr.specimen.damage import HARMS, wear
from ocr.specimen.files import encode
from ocr.specimen.paper import BLACK, blank_paper
from ocr.specimen.photo import photographed

FORM = load_form("s3110j")


def _truth(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "truth.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", HARMS)
def test_each_harm_changes_the_paper_and_the_same_seed_does_the_same(name: str) -> None:
    worn = []
    for seed in (1, 1, 2):
        paper = blank_paper(FORM, 75)
        before = paper.pixels.copy()
        done, _ = wear(paper, {name: 1.0}, 30, random.Random(seed))
        assert done == (name,)
        assert 0.0003 < float((paper.pixels != before).any(axis=2).mean()) < 0.999
        worn.append(paper.pixels)
    assert np.array_equal(worn[0], worn[1])
    assert not np.array_equal(worn[0], worn[2])


def test_what_was_torn_off_is_told_and_what_was_not_is_not() -> None:
    paper = blank_paper(FORM, 75)
    for name, (x, y) in {"corner": (6, 6), "middle": (105, 150)}.items():
        paper.ink(np.ones((12, 12), np.float32), x * paper.scale, y * paper.scale, BLACK, name)
    for seed in range(40):  # whichever corner goes, sometime it is this one
        _, hidden = wear(paper, {"torn": 1.0}, 250, random.Random(seed))
        assert "middle" not in hidden
        if "corner" in hidden:
            assert hidden["corner"] > 0.9
            return
    raise AssertionError("no corner was ever torn off")


def test_a_fax_has_fewer_lines_than_columns_and_says_so() -> None:
    page = np.where(np.arange(1144)[:, None] % 40 < 4, 0, 255).astype(np.uint8).repeat(1728, axis=1)
    for container, way in (("tiff-g3", "group3"), ("tiff-g4", "group4")):
        data = encode([page], container, 204, squeeze=98 / 204)
        with Image.open(io.BytesIO(data)) as image:
            assert image.info["compression"] == way
            assert [round(float(v)) for v in image.info["dpi"]] == [204, 98]


def test_profiles_of_damage_keep_an_exact_truth(tmp_path: Path) -> None:
    make(tmp_path, 3, 5, profiles=["printed_worn", "printed_pair", "printed_fax"])
    names = [line["profile"]["name"] for line in _truth(tmp_path)]
    assert len(set(names)) > 1
    for line in _truth(tmp_path):
        page = line["pages"][0]
        assert ("second" in line) == (line["profile"]["name"] == "printed_pair")
        assert ("hidden" in page) == bool(page.get("harms"))
        ends = np.array([(x, y) for x, y, _, _ in page["inked_mm"].values()])
        seen = cv2.perspectiveTransform(ends.reshape(-1, 1, 2), np.array(page["mm_to_px"])).reshape(-1, 2)
        assert (seen > -60).all()
        assert (seen < (page["width"] + 60, page["height"] + 60)).all()


def test_the_matrix_of_a_photograph_tells_where_the_sheet_is_seen() -> None:
    sheet = np.full((1170, 827, 3), 255, np.uint8)
    dots = [(150, 200), (700, 180), (420, 600), (160, 1000), (690, 980)]
    for dot in dots:
        cv2.circle(sheet, dot, 9, (255, 0, 255), -1)
    for seed in range(4):
        picture, matrix = photographed(sheet, random.Random(seed))
        purple = picture.astype(int)
        marked = (purple[..., 0] - purple[..., 1] > 50) & (purple[..., 2] - purple[..., 1] > 50)
        scale = picture.shape[1] / 827
        for x, y in cv2.perspectiveTransform(np.array(dots, float).reshape(-1, 1, 2), matrix).reshape(-1, 2):
            ys, xs = np.nonzero(
                marked[int(y - 40 * scale) : int(y + 40 * scale), int(x - 40 * scale) : int(x + 40 * scale)]
            )
            assert len(xs), seed
            off = np.hypot(xs.mean() - 40 * scale, ys.mean() - 40 * scale)
            assert off < 25 * scale, (seed, off)  # a bent sheet is no plane: some millimetres
