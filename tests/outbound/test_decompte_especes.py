"""The letter of a cash benefit: days, amounts, why, and where to appeal; the same bytes each time."""

import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pikepdf
import pypdfium2

from checks.especes import Attested, Avis, Capital, Payee
from checks.prestations import Record, capital_case, capital_record, case_of, record_of
from domain.people import Insured
from law import load
from liquidation.especes.deces import Claimant
from liquidation.especes.types import Attestation, Pay, Stop
from outbound.decompte_especes import capital, indemnites, render

LAW = load()
TODAY = date(2026, 11, 20)
IBAN = "FR7630006000011234567890189"
INSURED = Insured("a-1", "2850175116001", "MARTIN", "Claire Anne", date(1985, 1, 12), iban=IBAN)
SIRET = "73282932000074"


def record(days: int = 10, subrogated: bool = False) -> Record:
    start = date(2026, 9, 1)
    stop = Stop(start, start + timedelta(days=days - 1), start)
    pays = tuple(Pay(date(2026, month, 1), Decimal("2000.00")) for month in (6, 7, 8))
    attestation = Attestation(pays, SIRET, hours_3_months=Decimal(455), subrogated=subrogated)
    attested = Attested(attestation, date(2026, 8, 31), "Boulangerie Martin", IBAN)
    avis = Avis("maladie", stop.start, stop.end, stop)
    return record_of(avis, attested, case_of(avis, attested, [], INSURED, TODAY, LAW).decide(LAW), LAW)


def bequeathed() -> Record:
    claimants = tuple(Claimant(n, "descendant", date(2026, 4, 20)) for n in ("1", "2"))
    payees = (Payee("ayant_droit", "1", "MARTIN Paul", IBAN), Payee("ayant_droit", "2", "MARTIN Luc"))
    asked = Capital(date(2026, 4, 1), True, claimants, payees)
    return capital_record(asked, capital_case(asked, TODAY).decide(LAW))


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def plain(told: Any) -> Any:
    return str(told).replace("\\u202f", " ").replace("\\xa0", " ").replace("\u202f", " ").replace("\u00a0", " ")


def test_days_amounts_and_why() -> None:
    # 7 x 32,88 = 230,16; CSG 14,27; CRDS 1,15; net 214,74
    told = indemnites(record(), INSURED, iban=IBAN)
    assert plain(told["headline"]) == "Nous vous versons 214,74 €."
    assert "10 jours, dont 7 indemnisés" in plain(told["summary"])
    assert [plain(cell) for cell in told["lines"][1]] == [
        "04/09/2026", "10/09/2026", "7", "indemnisés", "32,88 €", "230,16 €", "14,27 €", "1,15 €", "214,74 €",
    ]  # fmt: skip
    assert [plain(cell) for cell in told["total"]] == ["230,16 €", "14,27 €", "1,15 €", "214,74 €"]
    assert plain(told["kinds"][0]["what"]) == "3 jours : délai de carence"
    assert "R323-1" in told["kinds"][0]["source"]


def test_the_letter_says_where_to_appeal_and_hides_the_numbers() -> None:
    pdf = render(record(), INSURED, order_amount=Decimal("214.74"), iban=IBAN, reference="A1B2")
    said = " ".join(text_of(pdf).split())
    for words in ("commission de recours amiable", "deux mois", "tribunal judiciaire", "CSS R142-1", "A1B2",
                  "finissant par 0189", "SMIC mensuel"):  # fmt: skip
        assert words in said, words
    assert IBAN not in said.replace(" ", "")
    assert "2850175116001" not in said.replace(" ", "")
    again = render(record(), INSURED, order_amount=Decimal("214.74"), iban=IBAN, reference="A1B2")
    assert pdf == again


def test_tagged_for_who_listens() -> None:
    for pdf in (
        render(record(), INSURED, order_amount=Decimal("214.74"), iban=IBAN),
        render(bequeathed(), INSURED, order_amount=Decimal("2004.50"), payee=bequeathed().payees[0], iban=IBAN),
    ):
        with pikepdf.open(io.BytesIO(pdf)) as file:
            assert file.Root.MarkInfo.Marked
            assert file.Root.Lang == "fr-FR"
            assert file.Root.StructTreeRoot


def test_the_insured_is_told_that_the_employer_is_paid() -> None:
    subrogated = record(subrogated=True)
    told = indemnites(subrogated, INSURED, subrogated.payees[0], IBAN)
    assert "à votre employeur" in told["headline"]
    assert "Boulangerie Martin" in told["payments"]
    assert "0189" not in told["payments"]  # the employer's account is not the insured's to know


def test_days_that_pay_nothing() -> None:
    short = record(days=3)
    told = indemnites(short, INSURED, iban=IBAN)
    assert (told["headline"], told["payments"]) == (
        "Rien n'est à verser pour ces jours.",
        "Aucun paiement n'est fait.",
    )
    assert render(short, INSURED, order_amount=Decimal(0)).startswith(b"%PDF-")


def test_an_ayant_droit_reads_of_his_own_share_alone() -> None:
    kept = bequeathed()
    told = capital(kept, INSURED, kept.payees[0], Decimal("2004.50"), IBAN)
    assert plain(told["headline"]) == "Nous vous versons 2 004,50 € sur un capital de 4 009,00 €."
    assert "Luc" not in str(told)
    said = text_of(render(kept, INSURED, order_amount=Decimal("2004.50"), payee=kept.payees[0], iban=IBAN))
    assert "Luc" not in said
    assert "2 parts égales" in " ".join(said.split())


def test_hostile_names_stay_text() -> None:
    hostile = replace(INSURED, birth_name="#panic()", first_names="$x$ *y*")
    assert render(record(), hostile, order_amount=Decimal("214.74"), iban=IBAN).startswith(b"%PDF-")
