"""Sheets: the same bytes for a seed, a truth that holds together, ink where the form wants it."""

import hashlib
import json
import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pytest
from PIL import Image

from domain.identifiers import rpps_is_valid
from domain.nir import key_of
from ocr.forms import draw, load_form
from ocr.specimen import PROFILES, Sources, cases, make, marks
from ocr.specimen.__main__ import main
from ocr.specimen.files import encode
from ocr.specimen.filling import Handwritten, Printed, cells_of, fill
from ocr.specimen.paper import blank_paper
from ocr.specimen.population import Population, make_population
from ocr.specimen.scanning import Scan, scan_paper
from ocr.specimen.vector import filled_page, write_pdf

FORM = load_form("s3110j")


@pytest.fixture(scope="module")
def people() -> Population:
    return make_population(3)


def _truth(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "truth.jsonl").read_text("utf-8").splitlines()]


def _digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    people_file = tmp_path / "shared-people.jsonl"
    make(tmp_path / "a", 2, 5, population=people_file)
    main(["--out", str(tmp_path / "b"), "--n", "2", "--seed", "5", "--population", str(people_file)])
    make(tmp_path / "c", 1, 6, population=people_file)
    first, second, other = (_digests(tmp_path / name) for name in "abc")
    assert first == second
    assert first != other
    assert len(_truth(tmp_path / "a")) == 2
    assert (tmp_path / "practitioners.jsonl").is_file()


def test_cases_hold_together(people: Population) -> None:
    for seed in range(150):
        case = cases.make_case(FORM, people, random.Random(seed))
        values = case.fields
        assert set(values) == set(FORM.fields) | {"medecin_rpps", "medecin_am"}
        for name in ("beneficiaire", "assure"):
            if values[f"{name}_nir_cle"]:
                assert key_of(str(values[f"{name}_nir"])) == values[f"{name}_nir_cle"]
        assert rpps_is_valid(str(values["medecin_rpps"]))
        stamp = str(values["medecin_tampon"]).replace(" ", "")
        assert str(values["medecin_rpps"]) in stamp
        assert str(values["medecin_am"]) in stamp
        fees = [
            Decimal(str(values[f"acte{i}_honoraires"])) for i in range(1, 5) if values[f"acte{i}_honoraires"]
        ]
        assert fees
        assert sum(fees) == Decimal(str(values["montant_total"]))
        days = [str(values[f"acte{i}_date"]) for i in range(1, 5) if values[f"acte{i}_date"]]
        assert days == sorted(days)
        assert days[-1] == values["date_facture"]
        assert date.fromisoformat(days[-1]) < date(2026, 11, 20)
        for name, field in FORM.fields.items():
            assert isinstance(values[name], bool) == (field.kind in ("check", "signature"))


def test_what_does_not_fit_the_cells_is_refused() -> None:
    assert cells_of(FORM.fields["montant_total"], "30.00") == ["", "", "3", "0", "0", "0"]
    assert cells_of(FORM.fields["acte1_date"], "2026-11-03") == list("03112026")
    with pytest.raises(ValueError, match="does not fit"):
        cells_of(FORM.fields["montant_total"], "12345.00")


@pytest.mark.parametrize("by_hand", [False, True])
def test_every_value_is_drawn_inside_its_box_and_nothing_else_is(people: Population, by_hand: bool) -> None:
    sources = Sources()
    for seed in range(4):
        rng = random.Random(seed)
        case = cases.make_case(FORM, people, rng)
        paper = blank_paper(FORM, 150)
        writer = Handwritten.choose(sources, rng) if by_hand else Printed.choose(sources, rng, hard=True)
        fill(paper, case, writer, sources, rng)
        written = {name for name, value in case.fields.items() if value and name in FORM.fields}
        assert set(paper.inked) == written
        for name, (x, y, w, h) in paper.inked.items():
            left, top, width, height = FORM.fields[name].box
            loose = 4.5 if FORM.fields[name].kind == "check" else 1.2  # ticks overshoot, as they do
            assert x >= left - loose, name
            assert y >= top - loose, name
            assert x + w <= left + width + loose, name
            assert y + h <= top + height + loose, name
            if FORM.fields[name].kind == "check":  # whatever its style, it crosses the box
                assert min(x + w, left + width) - max(x, left) > 0.8, name


def test_each_style_of_tick_darkens_its_box() -> None:
    for style in marks.TICKS:
        for seed in range(10):
            cover, dx, dy = marks.tick(style, 40, 28, 3, random.Random(seed))
            inside = cover[int(dy) : int(dy) + 28, int(dx) : int(dx) + 40]
            assert inside.mean() > 0.03, style


def test_a_stamp_keeps_the_accents_of_its_first_line_and_its_slanted_ends() -> None:
    face = "LiberationSans-Italic.ttf"
    plain, accented = (
        marks.stamp((line, "f"), face, 400, 80, random.Random(1), rubber=False) for line in ("ECf", "ÉÇf")
    )
    assert accented.shape[0] > plain.shape[0] + 3, "the accent stands above what stood highest"
    assert max(accented[:, 0].max(), accented[:, -1].max()) < 0.95, "nothing is cut through"


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_the_matrix_tells_where_each_millimetre_went(turn: int) -> None:
    paper = blank_paper(FORM, 200)
    dots = [(30.0, 40.0), (190.0, 45.0), (110.0, 150.0), (25.0, 280.0), (185.0, 270.0)]
    centres = [(round(x * paper.scale), round(y * paper.scale)) for x, y in dots]
    for centre in centres:
        cv2.circle(paper.pixels, centre, 7, (255, 0, 255), -1)
    scan = Scan(
        dpi=200, skew=2.3, stretch=(1.008, 0.993), shift=(1.5, -0.8), turn=turn,
        corners=(0.4, 0, -0.3, 0.5, 0, 0.2, -0.5, 0.1), ground=200,
    )  # fmt: skip
    picture, matrix = scan_paper(paper, scan)
    for x, y in centres:  # of pixels: half a px further
        px, py, w = matrix @ ((x + 0.5) / paper.scale, (y + 0.5) / paper.scale, 1)
        column, row = px / w, py / w
        near = picture[int(row) - 14 : int(row) + 15, int(column) - 14 : int(column) + 15].astype(int)
        purple = (near[:, :, 0] > 200) & (near[:, :, 1] < 90) & (near[:, :, 2] > 200)
        ys, xs = np.nonzero(purple)
        assert abs(xs.mean() + int(column) - 14 + 0.5 - column) < 0.3
        assert abs(ys.mean() + int(row) - 14 + 0.5 - row) < 0.3


def test_no_corner_of_a_skewed_sheet_is_lost() -> None:
    paper = blank_paper(FORM, 100)
    for skew in (-3.0, 3.0):
        picture, matrix = scan_paper(paper, Scan(dpi=100, skew=skew))
        for x, y in ((10.9, 9.0), (207.9, 9.0), (10.9, 299.0), (207.9, 299.0)):
            px, py, w = matrix @ (x, y, 1)
            assert 0 <= px / w < picture.shape[1]
            assert 0 <= py / w < picture.shape[0]


def test_containers_hold_what_was_put_in(tmp_path: Path) -> None:
    colour = draw(FORM, 60)
    grey = draw(FORM, 60, colour=False)
    black = np.where(grey > 170, 255, 0).astype(np.uint8)
    for container, page in (
        ("png", colour), ("jpeg", colour), ("tiff-lzw", grey), ("tiff-jpeg", colour), ("tiff-g4", black),
    ):  # fmt: skip
        path = tmp_path / "page"
        path.write_bytes(encode([page], container, 200))
        with Image.open(path) as image:
            assert image.size == (page.shape[1], page.shape[0])
            assert round(float(image.info["dpi"][0])) == 200
            if container == "tiff-g4":
                assert image.info["compression"] == "group4"
                assert np.array_equal(np.asarray(image.convert("L")), black)
    for page in (colour, black):
        with pypdfium2.PdfDocument(encode([page, page], "pdf", 200)) as pdf:
            assert len(pdf) == 2
            assert round(pdf[0].get_width() / 72 * 200) == page.shape[1]
    with Image.open(tmp_path / "page") as image:
        assert getattr(image, "n_frames", 1) == 1
    (tmp_path / "page").write_bytes(encode([black, black], "tiff-g4", 200))
    with Image.open(tmp_path / "page") as image:
        assert image.n_frames == 2
    with pytest.raises(ValueError, match="one page"):
        encode([black, black], "png", 200)


def test_a_born_digital_sheet_is_text_in_its_place(people: Population) -> None:
    case = cases.make_case(FORM, people, random.Random(2), plain=True)
    page = filled_page(FORM, case, "LiberationMono-Regular.ttf", random.Random(1))
    data = write_pdf([page], "Feuille de soins")
    with pypdfium2.PdfDocument(data) as pdf:
        text = pdf[0].get_textpage().get_text_range()
        assert str(case.fields["beneficiaire_nom_prenom"]) in text
        assert str(case.fields["medecin_tampon"]).split("\n")[0] in text
        assert not list(pdf[0].get_objects(filter=[3]))  # 3: an image
        drawn = pdf[0].render(scale=100 / 72).to_numpy()
    ours = draw(FORM, 100, colour=False)
    seen = cv2.cvtColor(drawn, cv2.COLOR_BGR2GRAY)[: ours.shape[0], : ours.shape[1]]
    band = slice(0, 120)  # the head, where little is filled in
    assert np.corrcoef(ours[band, : seen.shape[1]].ravel(), seen[band].ravel())[0, 1] > 0.9


def test_sheets_can_be_made_on_a_given_blank(people: Population, tmp_path: Path) -> None:
    blank = np.full((600, 431, 3), 240, np.uint8)
    make(tmp_path, 1, 1, profiles=["printed_clean"], blank=blank)
    line = _truth(tmp_path)[0]
    assert line["profile"]["name"] == "printed_clean"
    assert line["pages"][0]["inked_mm"]


def test_profiles_of_the_benches_are_there_and_described() -> None:
    assert {"printed_clean", "printed_hard", "handwritten"} <= set(PROFILES)
    for name, profile in PROFILES.items():
        assert profile.described
        wide = name.endswith("_varied")
        for seed in range(50):
            scan = profile.scan(random.Random(seed))
            assert abs(scan.skew) <= (10 if wide else 3), name
            assert 150 <= scan.dpi <= 600 if wide or "photo" in name else scan.dpi in (200, 204, 300), name
            assert all(abs(s - 1) <= (0.035 if wide else 0.0101) for s in scan.stretch), name
