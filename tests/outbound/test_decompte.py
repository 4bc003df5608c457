"""The décompte: right words and sums, a tagged PDF, nothing that a décompte must not show."""

import io
from dataclasses import replace
from datetime import date

import pikepdf
import pypdfium2
import pytest

from domain.people import ComplementaireSante, Practitioner
from domain.period import Period
from outbound.decompte import content, render
from tests.liquidation.cases import OTHER_DOCTOR, a_claim, an_act, an_insured, decide, euro

IBAN = "FR7630006000011234567890189"
INSURED = an_insured(address=("12 rue des Lilas", "75011 Paris"), iban=IBAN)
DOCTOR = Practitioner(OTHER_DOCTOR, "751234567", "Martin", "Claire")
CLAIM = a_claim(
    an_act(1, fee=euro("35.00")),
    an_act(2, code="VG", day=date(2026, 11, 5)),
    practitioner_rpps=OTHER_DOCTOR,
)


def made(claim=CLAIM, insured=INSURED):
    return render(decide(claim, insured), insured, DOCTOR, claim, reference="b9c7d1e2")


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return " ".join(" ".join(pages).split()).replace("\u202f", " ").replace("\u00a0", " ")


def test_what_it_tells():
    text = text_of(made())
    # two acts outside the parcours: 2 x (21,00 - 10,60 - 2,00) = 16,80 of 65,00 ; 48,20 left
    for words in (
        "Nous vous versons 16,80 €", "65,00 €", "48,20 €", "21,20 € de majoration",
        "18,00 € de ticket modérateur", "5,00 € de dépassement", "4,00 € de participation forfaitaire",
        "Dr Claire Martin", "2 novembre 2026", "compte finissant par 0189", "deux mois", "R142-1",
        "commission de recours amiable", "tribunal judiciaire", "Contesté",
    ):  # fmt: skip
        assert words in text, words


def test_the_parts_left_add_up():
    data = content(decide(CLAIM, INSURED), INSURED, DOCTOR, CLAIM)
    left = sum(
        euro(part["amount"].split("\u00a0")[0].replace(",", ".").replace("\u202f", "")) for part in data["rest"]
    )
    assert left == euro("48.20")


def test_a_tagged_accessible_pdf():
    with pikepdf.open(io.BytesIO(made())) as pdf:
        root = pdf.Root
        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang).startswith("fr")
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert "pdfuaid" in pdf.open_metadata().pdfa_status or "/StructTreeRoot" in root
        assert "pdfuaid:part" in str(root.Metadata.read_bytes())
        roles = set(_roles(root.StructTreeRoot))
        assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L"} <= roles


def _roles(node):
    stack = [node]
    while stack:
        each = stack.pop()
        if isinstance(each, pikepdf.Array):
            stack.extend(each)
        elif isinstance(each, pikepdf.Dictionary):
            if "/S" in each:
                yield str(each.S)
            if "/K" in each:
                stack.append(each.K)


def test_neither_the_number_nor_the_account_in_clear():
    pdf = made()
    text = text_of(pdf)
    for secret in (INSURED.nir, IBAN, IBAN[4:14]):
        assert secret not in text
        assert secret.encode() not in pdf


def test_the_same_bytes_again():
    assert made() == made()


def test_tiers_payant_and_c2s():
    claim = a_claim(paid_by_insured=False)
    text = text_of(made(claim, an_insured()))
    assert "Nous payons 21,00 € directement à votre médecin." in text
    assert "2,00 € de participation forfaitaire n'ont pas pu être retenus" in text.replace("’", "'")
    insured = an_insured(complementaires=(ComplementaireSante(Period(date(2020, 1, 1))),))
    claim = a_claim(complementary_paid_by_insured=False)
    text = text_of(made(claim, insured)).replace("’", "'")
    assert "Nous vous versons 21,00 € et nous payons 9,00 €" in text
    assert "envoyez-nous un RIB" in text


def test_hostile_names_stay_text():
    insured = replace(INSURED, birth_name='#panic("x") $x^2$ <script> *gras*', use_name=None)
    text = text_of(made(CLAIM, insured))
    assert '#panic("x") $x^2$ <script> *gras*' in text.replace("“", '"').replace("”", '"')


def test_no_decompte_of_what_was_not_computed():
    claim = a_claim(an_act(code="CS"))
    with pytest.raises(ValueError, match="not computed"):
        made(claim)


def test_a_childs_decompte_is_written_to_the_assure():
    child = an_insured(first_names="Zoé", birth_date=date(2016, 3, 1), quality="30", nir=None)
    claim = a_claim()
    pdf = render(decide(claim, child), child, DOCTOR, claim, addressee=INSURED)
    text = text_of(pdf)
    assert "Jean Dupont 12 rue des Lilas" in text
    assert "Zoé Dupont, née (né) le 1er mars 2016" in text
    assert "compte finissant par 0189" in text
