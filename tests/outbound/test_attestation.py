"""The attestation de droits: who, since when, which exemptions, until when; a tagged PDF."""

import io
from datetime import date

import pikepdf
import pytest

from domain.people import Ald, ComplementaireSante
from domain.period import Period
from law import load
from outbound.attestation import Beneficiary, content, render
from rights import open_rights
from tests.liquidation.cases import an_insured
from tests.outbound.test_decompte import text_of

DAY = date(2026, 11, 22)
CAISSE = "Caisse primaire d'assurance maladie de Paris"


def held(**changes):
    person = an_insured(**changes)
    return Beneficiary(person, open_rights(person, DAY, load()))


FAMILY = (
    held(
        alds=(Ald(Period(date(2024, 1, 1), date(2027, 1, 1)), 8),),
        complementaires=(ComplementaireSante(Period(date(2026, 1, 1))),),
        address=("12 rue des Lilas", "75011 Paris"),
    ),
    held(first_names="Zoé", birth_date=date(2016, 3, 1), quality="30", nir=None),
)


def test_what_it_tells():
    text = text_of(render(FAMILY, DAY, caisse=CAISSE)).replace("’", "'")
    for words in (
        "1 80 01 75 116 001 46", "01 751 0000 (CPAM Paris)", "22 novembre 2026", "21 novembre 2027",
        "Zoé Dupont", "1er mars 2016", "jusqu'au 31 décembre 2026", "Complémentaire santé solidaire",
        "Médecin traitant déclaré", "Mineur", "R160-20",
    ):  # fmt: skip
        assert words in text, words


def test_an_open_ended_right_has_no_end():
    people = content(FAMILY, DAY, caisse=CAISSE)["people"]
    c2s = next(each for each in people[0]["exemptions"] if "solidaire" in each["what"])
    assert "jusqu'au" not in c2s["what"]


def test_tagged():
    with pikepdf.open(io.BytesIO(render(FAMILY, DAY, caisse=CAISSE))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert "pdfuaid:part" in str(pdf.Root.Metadata.read_bytes())


def test_closed_rights_are_not_attested():
    closed = held(affiliations=())
    with pytest.raises(ValueError, match="closed"):
        render((closed,), DAY, caisse=CAISSE)
    grown = held(first_names="Léo", birth_date=date(2007, 3, 1), quality="30")
    names = [each["name"] for each in content((FAMILY[0], grown), DAY, caisse=CAISSE)["people"]]
    assert names == ["Jean Dupont"]
