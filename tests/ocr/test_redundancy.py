"""What a sheet says twice makes it surer; it never overrules what is written."""

import numpy as np

from domain.nir import key_of
from ocr import decode, redundancy
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


def test_dates_that_agree_confirm_each_other_and_others_are_let_be() -> None:
    answers = {
        "date_facture": Decoded("2026-11-05", 0.9, (("2026-11-06", 0.08),)),
        "acte1_date": Decoded("2026-11-05", 0.95),
        "acte2_date": Decoded("2026-11-01", 0.8),
    }
    redundancy.apply(answers, {})
    assert 0.92 < answers["date_facture"].probability < 0.97
    assert answers["date_facture"].others[0][1] < 0.08
    assert answers["acte2_date"] == Decoded("2026-11-01", 0.8)


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
