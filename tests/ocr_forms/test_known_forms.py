"""No known form is taken for another; the pages of one make one document."""

import random

import numpy as np
import pytest

from ocr.blanks import templates
from ocr.coarse import Guess, Levelled, coarse_places
from ocr.forms import draw, forms, load_form
from ocr.read import read
from ocr.register import register
from ocr.specimen import PROFILES, Sources
from ocr.specimen.declarations import make_declaration
from ocr.specimen.files import encode
from ocr.specimen.making import compose
from ocr.specimen.population import make_population
from ocr.template import Template


@pytest.mark.parametrize("name", forms())
def test_each_blank_is_itself(name: str) -> None:
    (document,) = read(encode([np.array(draw(load_form(name), 150))], "png", 150)).documents
    assert (document.form, document.type) == (name, load_form(name).type)


@pytest.mark.parametrize("name", forms())
def test_forms_that_a_page_is_not_are_not_placed_on_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    placed: list[str] = []

    def places(page: Levelled, blanks: list[Template], rotation: int) -> list[Guess]:
        placed.extend(blank.form.name for blank in blanks)
        return coarse_places(page, blanks, rotation)

    monkeypatch.setattr("ocr.register.coarse_places", places)
    found = register(np.array(draw(load_form(name), 100, colour=False)), templates())
    assert found is not None
    assert (found.form, placed) == (name, [name])


def test_a_declaration_and_its_notice_are_one_document() -> None:
    pages = [np.array(draw(load_form(name), 150)) for name in ("s6200i", "s6200i_notice", "s6200i")]
    found = read(encode(pages, "pdf", 150)).documents
    assert [(each.form, each.pages) for each in found] == [("s6200i", (0, 1)), ("s6200i", (2,))]


def test_a_printed_choice_of_doctor_is_read() -> None:
    form, rng = load_form("s3704b"), random.Random(5)
    case = make_declaration(form, make_population(1, insured=100), rng)
    scan = PROFILES["printed_clean"].scan(rng, mode="grey", dpi=200)
    made = compose(form, case, "printed", scan, Sources(), rng)
    (document,) = read(encode([made.picture], "png", scan.dpi)).documents
    for name in ("assure_nir", "medecin_rpps", "beneficiaire_date_naissance"):
        assert document.fields[name].value == case.fields[name], name
