"""The décompte: right words and sums, a tagged PDF, nothing that a décompte must not show."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pikepdf
import pypdfium2
import pytest

from domain.people import ComplementaireSante, Practitioner
from domain.period import Period
from law import load
from liquidation import liquidate
from liquidation.franchise import ARTICLES as FRANCHISES
from liquidation.franchise import PREFIX
from liquidation.lourds import PARTICIPATION as HEAVY
from liquidation.parcours import MAJORATION
from liquidation.participation import PARTICIPATION
from outbound.decompte import RETAINED, content, render
from rights import open_rights
from tests.liquidation.cases import OTHER_DOCTOR, a_claim, an_act, an_insured, decide, euro
from tests.oracle import care_cases

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
    assert sum(amount(part["amount"]) for part in data["rest"]) == euro("48.20")


def amount(shown):
    return euro(shown.split("\u00a0")[0].replace(",", ".").replace("\u202f", ""))


KINDS = {
    PARTICIPATION, MAJORATION, HEAVY, *(f"{PREFIX}{kind}" for kind in FRANCHISES),
}  # fmt: skip
C2S = {"complementaires": (ComplementaireSante(Period(date(2020, 1, 1))),)}
NURSE, PHARMACY, TRIP = (
    {"practitioner_specialty": number, "practitioner_rpps": OTHER_DOCTOR} for number in ("24", "50", "55")
)
SURGEON = {"practitioner_specialty": "49", "practitioner_rpps": OTHER_DOCTOR, "parcours": "O"}
LEFT = {
    # fee, base, rate -> gross -> retained, paid: what is left
    "hors parcours": (CLAIM, {}),
    "acte lourd": (a_claim(an_act(code="HHFA009", fee=euro("600.00")), **SURGEON), {}),
    "acte lourd, c2s": (a_claim(an_act(code="HHFA009", fee=euro("600.00")), **SURGEON), C2S),
    "infirmier": (a_claim(an_act(code="AMI", fee=euro("15.00"), coefficient=Decimal(4)), **NURSE), {}),
    "medicament": (a_claim(an_act(code="3400921604696", fee=euro("4.59")), **PHARMACY), {}),
    "transport": (a_claim(an_act(code="VSL", fee=euro("50.00"), tariff=euro("40.00")), **TRIP), {}),
    "traitant, c2s": (a_claim(an_act(fee=euro("35.00"))), C2S),
}


def test_every_amount_that_is_kept_has_its_words_and_the_rest_adds_up():
    seen = set()
    for name, (claim, person) in LEFT.items():
        insured = replace(INSURED, **person)
        decision = decide(claim, insured)
        assert decision.not_computed == (), name
        data = content(decision, insured, DOCTOR, claim)
        parts = [amount(part["amount"]) for part in data["rest"]]
        assert sum(parts) == amount(data["remains"]), name
        assert all(part > 0 for part in parts), name
        for line, told in zip(decision.lines, data["lines"], strict=True):
            seen |= set(line.retained)
            assert all(RETAINED[kind] in told["sum"] for kind in line.retained), name
    assert seen == KINDS == set(RETAINED)


def test_the_words_of_what_is_kept():
    # 418,00 - 32,00 - 2,00 = 384,00 of 600,00: 216,00 left = 182,00 + 32,00 + 2,00
    claim, _ = LEFT["acte lourd"]
    rest = {part["what"].split(" :")[0]: amount(part["amount"]) for part in told(claim, INSURED)["rest"]}
    assert rest == {
        "de dépassement d'honoraires": euro("182.00"),
        "de participation forfaitaire aux actes lourds": euro("32.00"),
        "de participation forfaitaire": euro("2.00"),
    }
    # the C2S pays the 32,00 and takes away the 2,00
    rest = told(claim, replace(INSURED, **C2S))["rest"]
    assert [amount(part["amount"]) for part in rest] == [euro("182.00")]


def told(claim, insured):
    return content(decide(claim, insured), insured, DOCTOR, claim)


def test_random_sheets_add_up():
    for number in range(150):
        case = care_cases.case(Random(number))
        rights = {act.day: open_rights(case.insured, act.day, load()) for act in case.claim.acts}
        decision = liquidate(case.claim, rights, case.history, case.decided_on, load())
        if decision.not_computed:
            continue
        data = content(decision, case.insured, DOCTOR, case.claim)
        assert sum(amount(part["amount"]) for part in data["rest"]) == amount(data["remains"]), number


def test_what_is_owed_is_told_by_its_name():
    # VSL, tiers payant: 4,00 of franchise cannot be kept
    claim, _ = LEFT["transport"]
    data = told(replace(claim, paid_by_insured=False), INSURED)
    assert data["outstanding"].replace("\u00a0", " ").startswith("4,00 € de franchise n'ont pas pu")
    assert data["outstanding"].endswith("(CSS L160-13 III).")
    assert told(a_claim(paid_by_insured=False), an_insured())["outstanding"].endswith("(CSS L160-13 II).")


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
    assert "Zoé Dupont, né(e) le 1er mars 2016" in text
    assert "compte finissant par 0189" in text
