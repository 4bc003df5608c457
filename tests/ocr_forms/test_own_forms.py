"""An operator adds a form of his own: a YAML file in his folder, counted from the next page on."""

import random
import shutil
from pathlib import Path

import numpy as np
import pytest
import yaml

from domain.errors import Refused
from ocr.blanks import templates
from ocr.coarse import Guess, Levelled, coarse_places
from ocr.forms import draw, forms, load_file, load_form, own_forms
from ocr.forms.tools.overlay import overlay
from ocr.forms.written import read_form
from ocr.pages import MAX_PIXELS
from ocr.read import read, split
from ocr.register import register
from ocr.specimen import PROFILES, Sources
from ocr.specimen.declarations import make_declaration
from ocr.specimen.files import encode
from ocr.specimen.making import compose
from ocr.specimen.population import make_population
from ocr.template import Template

NAME = "declaration_perte"
FILE = Path(__file__).parent / f"{NAME}.yaml"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("forms")
    shutil.copy(FILE, made)
    return made


def blank(name: str, folder: Path) -> bytes:
    return encode([np.array(draw(load_form(name, folder), 150))], "png", 150)


def test_a_specimen_of_it_is_known_and_read(folder: Path) -> None:
    form, rng = load_form(NAME, folder), random.Random(5)
    case = make_declaration(form, make_population(1, insured=100), rng)
    scan = PROFILES["printed_clean"].scan(rng, mode="grey", dpi=200)
    data = encode([compose(form, case, "printed", scan, Sources(), rng).picture], "png", scan.dpi)
    (document,) = read(data, forms_dir=str(folder)).documents
    assert (document.form, document.type) == (NAME, "declaration_perte")
    for name, field in form.fields.items():
        if field.kind in ("comb", "comb_date", "check", "signature"):
            assert document.fields[name].value == case.fields[name], name
    (without,) = read(data).documents  # nobody has told the reader of it
    assert (without.form, without.fields) == (None, {})


@pytest.mark.parametrize("name", [*forms(), NAME])
def test_no_form_is_taken_for_another(folder: Path, name: str) -> None:
    found = split(blank(name, folder), max_pages=1, max_pixels=MAX_PIXELS, forms_dir=str(folder))
    assert [each["form"] for each in found["documents"]] == [name]


def test_it_is_not_placed_on_a_feuille_de_soins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    placed: list[str] = []

    def places(page: Levelled, blanks: list[Template], rotation: int) -> list[Guess]:
        placed.extend(each.form.name for each in blanks)
        return coarse_places(page, blanks, rotation)

    monkeypatch.setattr("ocr.register.coarse_places", places)
    known = templates(str(folder))
    assert NAME in {each.form.name for each in known}
    register(np.array(draw(load_form("s3110j"), 100, colour=False)), known)
    assert placed == ["s3110j"]


def test_what_is_put_there_counts_at_once_and_what_is_no_form_is_passed_over(tmp_path: Path) -> None:
    def names() -> set[str]:
        return {each.form.name for each in templates(str(tmp_path))}

    assert names() == set(forms())
    (tmp_path / "faux.yaml").write_text("name: faux\n", "utf-8")
    (tmp_path / "s3110j.yaml").write_text(FILE.read_text("utf-8"), "utf-8")
    assert names() == set(forms())
    shutil.copy(FILE, tmp_path)
    assert names() == {*forms(), NAME}
    assert own_forms(tmp_path) == (NAME, "faux", "s3110j")


def test_the_name_of_a_shipped_form_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "s3110j.yaml"
    file.write_text(FILE.read_text("utf-8"), "utf-8")
    with pytest.raises(Refused) as refused:
        load_file(file)
    assert refused.value.code == "formulaire_livre"


def test_the_zones_are_drawn_in_their_place(folder: Path) -> None:
    form = load_form(NAME, folder)
    shown, bare = overlay(form, dpi=100), draw(form, 100) // 2 + 127
    x, y, w, h = (v * 100 / 25.4 for v in form.fields["signature_declarant"].box)
    inside = np.s_[round(y) + 3 : round(y + h) - 3, round(x) + 3 : round(x + w) - 3]
    assert (shown[inside] != bare[inside]).mean() > 0.9
    assert shown.shape[0] > bare.shape[0]  # the kinds stand below


GOOD = {
    "name": "essai", "type": "facture", "title": "essai", "cerfa": "", "edition": "", "page_mm": [210, 297],
    "fields": {"numero": {"kind": "comb", "boxes": [[10, 10, 5, 5], [15, 10, 5, 5]]}},
    "drawing": {
        "colours": {"white": [255, 255, 255], "ink1": [0, 0, 0]},
        "fills": [["ink1", 10, 15, 10, 0.3]],
        "polygons": [["ink1", [[1, 1], [2, 1], [2, 2]]]],
        "captions": [
            {"font": "sans", "colour": "ink1", "em": 3, "baseline": 9, "words": [["Numéro", 10, 12]]}
        ],
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("name",), "autre", "name"),
        (("type",), "Une facture", "type"),
        (("page_mm",), [2100, 2970], "page_mm"),
        (("page_mm",), [210], "page_mm"),
        (("titre",), "essai", "titre"),
        (("title",), None, "title"),
        (("fields",), [], "fields"),
        (("fields", "numéro"), {}, "fields.numéro"),
        (("fields", "numero", "kind"), "peigne", "fields.numero.kind"),
        (("fields", "numero", "kind"), "comb_date", "fields.numero.boxes : il en faut 8, il y en a 2"),
        (("fields", "numero", "boxes"), [], "fields.numero.boxes"),
        (("fields", "numero", "boxes"), [[10, 10, 5]], "fields.numero.boxes, boîte 1"),
        (("fields", "numero", "boxes"), [[10, 10, 5, 5], [208, 10, 5, 5]], "fields.numero.boxes, boîte 2"),
        (("fields", "numero", "boxes"), [[10, 10, 5, float("nan")]], "fields.numero.boxes, boîte 1"),
        (("fields", "assure_nir"), {"kind": "comb", "boxes": [[1, 1, 5, 5]]}, "il en faut 13"),
        (("drawing", "colours", "ink1"), [0, 0], "drawing.colours.ink1"),
        (("drawing", "fills"), [["ink2", 1, 1, 1, 1]], "drawing.fills, ligne 1"),
        (("drawing", "fills"), [["ink1", 1, 1, 1e9, 1]], "drawing.fills, ligne 1"),
        (("drawing", "polygons"), [["ink1", [1, 1]]], "drawing.polygons, ligne 1"),
        (("drawing", "captions"), [{}], "drawing.captions, ligne 1"),
        (("drawing", "captions", 0, "font"), "comic", "drawing.captions, ligne 1, font"),
        (("drawing", "captions", 0, "words"), [["Numéro"]], "drawing.captions, ligne 1"),
    ],
)
def test_each_mistake_is_told_by_its_place(path: tuple[object, ...], value: object, place: str) -> None:
    data = yaml.safe_load(yaml.safe_dump(GOOD))
    assert read_form(yaml.safe_dump(data), "essai").fields["numero"].kind == "comb"
    part = data
    for key in path[:-1]:
        part = part[key]
    if value is None:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    with pytest.raises(Refused) as refused:
        read_form(yaml.safe_dump(data, allow_unicode=True), "essai")
    assert refused.value.code == "formulaire_mal_forme"
    assert place in refused.value.detail


@pytest.mark.parametrize("text", ["a: [", "", "[]", "- 1"])
def test_what_is_no_yaml_of_a_form(text: str) -> None:
    with pytest.raises(Refused):
        read_form(text, "essai")
