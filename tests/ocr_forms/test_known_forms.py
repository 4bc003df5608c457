"""No known form is taken for another; the pages of one make one document."""

import random

import numpy as np
import pytest

from ocr.forms import draw, forms, load_form
from ocr.read import read
from ocr.specimen import PROFILES, Sources
from ocr.specimen.declarations import make_declaration
from ocr.specimen.files import encode
from ocr.specimen.making import compose
from ocr.specimen.population import make_population


@pytest.mark.parametrize("name", forms())
def test_each_blank_is_itself(name: str) -> None:
    (document,) = read(encode([np.array(draw(load_form(name), 150))], "png", 150)).documents
    assert (document.form, document.type) == (name, load_form(name).type)


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
