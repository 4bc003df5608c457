"""Thresholds and calibration: no single sheet decides, and what is not proven is not accepted."""

from ocr.specimen.scoring import Outcome
from ocr.train import fit


def outcome(chance: float, right: bool = True, file: str = "a", kind: str = "comb") -> Outcome:
    return Outcome(file, "assure_nir", kind, True, right, "review", chance, "1", "1" if right else "2")


def test_a_threshold_lies_above_the_last_error_by_its_margin() -> None:
    found = [outcome(0.999) for _ in range(200)]
    assert fit.threshold(found, 0.5) == fit.LEAST_THRESHOLD
    assert fit.threshold([*found, outcome(0.97, right=False)], 0.5) == 0.985


def test_one_error_of_many_fields_is_within_the_budget_and_its_echo_on_the_sheet_with_it() -> None:
    found = [outcome(0.999) for _ in range(4000)]
    echo = [outcome(0.99, right=False, file="b"), outcome(0.985, right=False, file="b")]
    assert fit.threshold([*found, *echo], 0.5, fit.BUDGET) == fit.LEAST_THRESHOLD
    assert fit.threshold([*found, *echo], 0.5) == 0.995
    other = outcome(0.98, right=False, file="c")
    assert fit.threshold([*found, *echo, other], 0.5, fit.BUDGET) == 0.99


def test_a_few_right_ones_prove_nothing() -> None:
    few = [outcome(0.999) for _ in range(fit.LEAST - 1)]
    assert fit.threshold(few, 0.5) == fit.NEVER
    assert fit.threshold(few * 4, 0.5, least=150) == fit.NEVER


def test_errors_of_one_kind_on_one_sheet_weigh_as_one() -> None:
    found = [outcome(0.9, right=False, file="b") for _ in range(4)] + [outcome(0.9)]
    assert fit.shares(found).tolist() == [0.25, 0.25, 0.25, 0.25, 1.0]


def test_a_curve_leans_on_that_of_all_kinds_where_its_own_kind_is_rare() -> None:
    common = (1.1, 0.5)
    assert fit.calibration([outcome(0.9)], common, fit.LEANED) == common
    sure = [outcome(0.9) for _ in range(300)]
    assert fit.calibration(sure, common, fit.LEANED)[1] > 0.5
