"""What a sheet says twice makes it surer; it never overrules what is written."""

import numpy as np
import pytest

from domain.nir import key_of
from ocr import chronology, decode, redundancy
from ocr.cells import LABELS
from ocr.decode import Decoded


def cells(text: str, sure: float = 0.99) -> np.ndarray:
    table = np.full((len(text), len(LABELS)), (1 - sure) / (len(LABELS) - 1))
    for row, char in zip(table, text, strict=True):
        row[LABELS.index(char)] = sure
    return table


def between(table: np.ndarray, place: int, one: str, other: str, share: float) -> np.ndarray:
    table[place] = 0.0001
    table[place, LABELS.index(one)], table[place, LABELS.index(other)] = share, 1 - share
    return table


BORN = "beneficiaire_date_naissance"


def with_nir(table: np.ndarray, body: str) -> dict[str, Decoded]:
    answers = {
        BORN: decode.date(table, decode.BIRTH_YEARS),
        "beneficiaire_nir": Decoded(body, 0.995),
        "beneficiaire_nir_cle": Decoded(key_of(body), 0.995),
    }
    redundancy.apply(answers, {BORN: table})
    return answers


def test_a_month_in_doubt_is_told_by_the_nir() -> None:
    table = between(cells("12011985"), 3, "1", "7", 0.55)
    alone = decode.date(table, decode.BIRTH_YEARS)
    assert alone.probability < 0.7
    told = with_nir(table, "2850175116001")[BORN]
    assert told.value == "1985-01-12"
    assert told.probability > 0.98


def test_a_child_on_its_parents_nir_keeps_its_birth_date() -> None:
    told = with_nir(cells("03052019"), "2850175116001")[BORN]
    assert told.value == "2019-05-03"
    assert told.probability > 0.9


def test_a_day_in_doubt_stays_in_doubt() -> None:
    """The NIR has no day."""
    told = with_nir(between(cells("11011985"), 1, "1", "7", 0.6), "2850175116001")[BORN]
    assert told.probability < 0.7


def test_a_fee_at_the_tariff_is_surer_and_another_is_as_sure_as_it_was() -> None:
    def fee(value: str) -> float:
        answers = {
            "acte1_date": Decoded("2026-11-05", 0.99),
            "acte1_c_v": Decoded("G", 0.99),
            "acte1_honoraires": Decoded(value, 0.9),
            "montant_total": Decoded(value, 0.9),
        }
        redundancy.apply(answers, {})
        assert answers["acte1_honoraires"].value == answers["montant_total"].value == value
        return answers["acte1_honoraires"].probability

    assert fee("30.00") > 0.99
    assert fee("80.00") == 0.9


def dated(**tables: np.ndarray) -> dict[str, Decoded]:
    answers = {name: decode.date(table, decode.CARE_YEARS) for name, table in tables.items()}
    redundancy.apply(answers, tables)
    return answers


def test_dates_that_agree_confirm_each_other_within_bounds() -> None:
    doubtful = between(cells("05112026", 0.9999), 1, "5", "6", 0.8)
    alone = decode.date(doubtful, decode.CARE_YEARS)
    told = dated(acte1_date=cells("05112026", 0.9999), date_facture=doubtful)["date_facture"]
    assert told.value == alone.value == "2026-11-05"
    assert alone.probability + 0.1 < told.probability < 0.975


def test_dates_that_contradict_each_other_are_in_doubt() -> None:
    """Care after the form was signed: one of both was misread, or miswritten."""
    act = between(cells("09112026", 0.9999), 1, "9", "8", 0.97)
    form = between(cells("08112026", 0.9999), 1, "8", "9", 0.97)
    assert decode.date(act, decode.CARE_YEARS).probability > 0.95
    told = dated(acte1_date=act, date_facture=form)
    assert told["acte1_date"].probability < 0.8
    assert told["date_facture"].probability < 0.8


def test_dates_that_may_follow_each_other_are_let_be() -> None:
    told = dated(acte1_date=cells("30102026", 0.9999), acte2_date=cells("05112026", 0.9999))
    assert [each.value for each in told.values()] == ["2026-10-30", "2026-11-05"]
    assert all(each.probability > 0.99 for each in told.values())


def test_letters_that_have_the_fee_for_tariff_are_surer_and_no_more_than_their_marks_allow() -> None:
    answers = {
        "acte1_date": Decoded("2026-11-05", 0.99),
        "acte1_c_v": Decoded("G", 0.8, (("C", 0.15),)),
        "acte1_honoraires": Decoded("30.00", 0.99),
    }
    redundancy.apply(answers, {})
    assert answers["acte1_c_v"].value == "G"
    assert 0.9 < answers["acte1_c_v"].probability < 0.975


def test_a_caisse_that_exists_is_likelier_than_one_that_does_not() -> None:
    name = "organisme_rattachement"
    table = between(cells("015950000"), 1, "7", "1", 0.6)
    answers = {name: decode.comb(table)}
    assert answers[name].value == "075950000"
    redundancy.apply(answers, {name: table})
    assert answers[name].value == "015950000"
    assert answers[name].probability > 0.85
    unknown = cells("987650000", 0.9999)
    answers = {name: decode.comb(unknown)}
    redundancy.apply(answers, {name: unknown})
    assert answers[name].value == "987650000"


@pytest.mark.parametrize("signed", [False, True])
def test_dates_half_a_century_apart_are_weighed_without_overflow(signed: bool) -> None:
    days = [decode.days_of(cells(text), decode.CARE_YEARS) for text in ("01011990", "31122040")]
    for first, second in (days, days[::-1]):
        found = chronology.weighed({"first": first, "second": second}, signed)
        assert {each.value for each in found.values()} == {"1990-01-01", "2040-12-31"}


def test_a_mark_in_a_line_without_day_and_fee_is_in_doubt() -> None:
    line = {"acte2_date": None, "acte2_honoraires": None, "acte2_depassement": "A"}
    answers = {name: Decoded(value, 0.999) for name, value in line.items()}
    redundancy.apply(answers, {})
    assert answers["acte2_depassement"] == Decoded("A", 0.999 * redundancy.ALONE)
    assert answers["acte2_date"].probability == 0.999
    paid = {name: Decoded(value, 0.999) for name, value in {**line, "acte2_honoraires": "30.00"}.items()}
    redundancy.apply(paid, {})
    assert paid["acte2_depassement"].probability == 0.999


@pytest.mark.parametrize(
    ("name", "needed"), [("acte1_activite", "acte1_code"), ("assure_nir_cle", "assure_nir")]
)
def test_what_says_nothing_by_itself_is_in_doubt(name: str, needed: str) -> None:
    paid = {"acte1_date": Decoded("2026-11-09", 0.999), "acte1_honoraires": Decoded("30.00", 0.999)}
    alone = paid | {name: Decoded("1", 0.999), needed: Decoded(None, 0.999)}
    redundancy.apply(alone, {})
    assert alone[name].probability < 0.6
    both = paid | {name: Decoded("1", 0.999), needed: Decoded("filled", 0.999)}
    redundancy.apply(both, {})
    assert both[name].probability == 0.999
