"""What agents type becomes what the form's fields hold, or is refused by the field's name."""

import re
import string
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from domain.nir import Nir, key_of
from validation import S3110J, normalise

BY_KIND = {entry.kind: entry for entry in S3110J}


@pytest.mark.parametrize(
    "text",
    ["3/11/26", "03112026", "3/11/2026", "03-11-2026", "3.11.26", "03 11 2026", "2026-11-03", "031126"],
)
def test_a_day_is_written_in_many_ways(text: str) -> None:
    assert normalise("date_facture", "date", text) == "2026-11-03"


@pytest.mark.parametrize(
    "text", ["30/02/2026", "3/13/2026", "hier", "3112026", "1/1/1", "2026/11/03", "0/0/2026", "٣/11/2026"]
)
def test_no_day_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="valeur_invalide"):
        normalise("date_facture", "date", text)


def test_a_birth_date_may_be_lunar() -> None:
    assert normalise("beneficiaire_date_naissance", "birth", "00/00/1950") == "1950-00-00"
    assert normalise("beneficiaire_date_naissance", "birth", "31/02/1950") == "1950-02-31"


def test_the_century_of_a_birth_is_never_guessed() -> None:
    with pytest.raises(Refused, match="quatre chiffres"):
        normalise("beneficiaire_date_naissance", "birth", "12/01/18")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30", "30.00"),
        ("30,5", "30.50"),
        ("30.05", "30.05"),
        ("030,50", "30.50"),
        ("1 234,50 €", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1\u202f234,50\u00a0€", "1234.50"),
        ("30€50", "30.50"),
        ("30 euros", "30.00"),
        ("0", "0.00"),
    ],
)
def test_an_amount_is_written_in_many_ways(text: str, value: str) -> None:
    assert normalise("montant_total", "amount", text) == value


@pytest.mark.parametrize("text", ["-30", "30,555", "trente", "30,5,5", "1e3", "NaN", "٣٠", "1,234.50", "€"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="valeur_invalide"):
        normalise("montant_total", "amount", text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 85 01 75 116 001", "2850175116001"),
        ("2850175116001", "2850175116001"),
        ("285012a116001", "285012A116001"),
        ("2.85.01.75.116.001", "2850175116001"),
        ("2 85 01 75 116 001 " + key_of("2850175116001"), "2850175116001"),
    ],
)
def test_a_nir_is_written_with_spaces_and_with_its_key(text: str, value: str) -> None:
    assert normalise("beneficiaire_nir", "nir", text) == value


@pytest.mark.parametrize("text", ["285017511600", "2850175116001 00", "28501751160O1", "28501 2C116001"])
def test_what_has_not_the_shape_of_a_nir_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="valeur_invalide"):
        normalise("beneficiaire_nir", "nir", text)


@pytest.mark.parametrize(("text", "value"), [("x", True), ("Oui", True), ("non", False), ("", False)])
def test_a_tick_is_yes_or_no(text: str, value: bool) -> None:
    assert normalise("maladie", "tick", text) is value


def test_a_tick_left_blank_is_no_and_a_field_left_blank_is_none() -> None:
    assert normalise("signature_assure", "signature", None) is False
    assert normalise("montant_total", "amount", "  ") is None
    assert normalise("montant_total", "amount", None) is None


@pytest.mark.parametrize(("name", "kind"), [("maladie", "tick"), ("montant_total", "amount")])
def test_a_value_of_the_wrong_sort_is_refused(name: str, kind: str) -> None:
    wrong = "peut-être" if kind == "tick" else True
    with pytest.raises(Refused, match="valeur_invalide"):
        normalise(name, kind, wrong)  # type: ignore[arg-type]


def test_a_comb_holds_no_more_than_its_cells() -> None:
    assert normalise("medecin_rpps", "digits", "101 0012 3453") == "10100123453"
    with pytest.raises(Refused, match="11 chiffres"):
        normalise("medecin_rpps", "digits", "101001234530")


def test_codes_are_capitals() -> None:
    assert normalise("acte1_c_v", "code", " gs ") == "GS"
    assert normalise("acte1_autres_actes_1", "code", "k 20,5") == "K 20,5"
    with pytest.raises(Refused):
        normalise("acte1_c_v", "code", "<b>")


def test_direction_marks_cannot_hide_what_is_stored() -> None:
    assert normalise("beneficiaire_nom_prenom", "text", "MARTIN\u202e Claire\x00") == "MARTIN Claire"


def test_a_block_keeps_its_lines() -> None:
    assert normalise("medecin_tampon", "block", "Dr  LEROY \r\n\r\n 75002 PARIS") == "Dr LEROY\n75002 PARIS"


def test_a_refusal_names_the_field_and_never_the_value() -> None:
    with pytest.raises(Refused) as caught:
        normalise("beneficiaire_nir", "nir", "secret 42")
    assert caught.value.extra == {"field": "beneficiaire_nir"}
    assert "secret" not in str(caught.value)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from("/ .-"), st.booleans())
def test_every_day_comes_back(day: date, separator: str, long: bool) -> None:
    year = f"{day:%Y}" if long else f"{day:%y}"
    text = separator.join((str(day.day), str(day.month), year))
    assert normalise("date_facture", "date", text) == day.isoformat()


@given(st.decimals(0, 999999, places=2))
def test_every_amount_comes_back(amount: Decimal) -> None:
    text = f"{amount:,.2f}".replace(",", " ").replace(".", ",")
    assert normalise("montant_total", "amount", text) == f"{amount:.2f}"


@given(
    st.from_regex(r"[1-8][0-9]{4}([0-9]{2}|2[AB])[0-9]{6}", fullmatch=True),
    st.booleans(),
    st.booleans(),
)
def test_every_nir_comes_back(body: str, spaced: bool, keyed: bool) -> None:
    typed = body + (Nir(body).key if keyed else "")
    if spaced:
        typed = " ".join((typed[:1], typed[1:3], typed[3:5], typed[5:7], typed[7:10], typed[10:]))
    assert normalise("beneficiaire_nir", "nir", typed.lower()) == body


SHAPES = {
    "digits": r"\d+",
    "nir": r"\d{5}(\d\d|2[AB])\d{6}",
    "date": r"\d{4}-\d\d-\d\d",
    "birth": r"\d{4}-\d\d-\d\d",
    "amount": r"\d+\.\d\d",
    "code": r"[A-Z0-9].*",
    "text": r".+",
    "block": r"(?s).+",
}


@given(st.sampled_from(sorted(SHAPES)), st.text(alphabet=string.printable + "éàœ€\u202e\u00a0", max_size=30))
def test_any_text_gives_the_shape_or_the_published_refusal(kind: str, text: str) -> None:
    entry = BY_KIND[kind]  # type: ignore[index]
    value, code = None, "valeur_invalide"
    try:
        value = normalise(entry.name, entry.kind, text)
    except Refused as refused:
        code = refused.code
    assert code == "valeur_invalide"
    assert value is None or re.fullmatch(SHAPES[kind], str(value), re.ASCII if kind != "text" else 0)


@given(st.sampled_from(sorted(SHAPES)), st.text(max_size=30))
def test_a_value_once_normal_stays_the_same(kind: str, text: str) -> None:
    entry = BY_KIND[kind]  # type: ignore[index]
    try:
        once = normalise(entry.name, entry.kind, text)
    except Refused:
        return
    assert normalise(entry.name, entry.kind, once) == once
