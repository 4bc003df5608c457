"""Which of two parents a sheet asks for: the one that it names, among those of the days of care."""

from dataclasses import replace
from datetime import date

from checks import answered_by_dossiers, run
from checks.claims import interpret, obstacles
from checks.parents import asking, to_be_named
from domain.people import Insured, Rattachement
from domain.period import Period
from tests.checks.sheet import CARE, INSURED, PRACTITIONER, case_with, fields_with

ONE, TWO = "2850175116001", "1700175056123"
BORN = date(2018, 5, 6)
ALWAYS = Period(BORN)
CHILD = replace(INSURED, id="enfant", nir=None, birth_date=BORN, quality="30", assure_nir=ONE)
OF_BOTH = replace(CHILD, rattachements=(Rattachement(ALWAYS, ONE), Rattachement(ALWAYS, TWO)))


def of_the_sheet(child: Insured, assure: str | None, own: str | None = None) -> tuple[str | None, bool]:
    fields = fields_with(assure_nir=assure, beneficiaire_nir=own)
    return asking(fields, child), to_be_named(fields, child)


def test_the_parent_that_the_sheet_names_is_paid_whichever_the_dossier_holds() -> None:
    assert of_the_sheet(OF_BOTH, TWO) == (TWO, False)
    assert of_the_sheet(OF_BOTH, ONE) == (ONE, False)
    # a child without a number of its own: its line has its parent's
    assert of_the_sheet(OF_BOTH, None, TWO) == (TWO, False)


def test_neither_named_is_nobody_s() -> None:
    assert of_the_sheet(OF_BOTH, None) == (None, True)
    other = "1850775116009"
    assert of_the_sheet(OF_BOTH, other) == (None, True)
    assert of_the_sheet(OF_BOTH, other, TWO) == (None, True)  # it names somebody, and not a parent


def test_a_child_of_one_is_the_dossier_s_affair() -> None:
    assert of_the_sheet(CHILD, TWO) == (None, False)
    alone = replace(CHILD, rattachements=(Rattachement(ALWAYS, ONE),))
    assert of_the_sheet(alone, None) == (None, False)
    # attached since to the other alone, while the dossier still bears the first
    moved = replace(CHILD, rattachements=(Rattachement(ALWAYS, TWO),))
    assert of_the_sheet(moved, None) == (TWO, False)


def test_the_days_of_care_say_to_whom_it_was_attached() -> None:
    until = Rattachement(Period(BORN, CARE), ONE)
    since = Rattachement(Period(CARE), TWO)
    assert of_the_sheet(replace(CHILD, rattachements=(until, since)), None) == (TWO, False)
    days = {"acte2_date": "2026-01-05", "acte2_c_v": "G", "acte2_honoraires": "30.00"}
    fields = fields_with(**days)
    assert date(2026, 1, 5) < CARE
    assert to_be_named(fields, replace(CHILD, rattachements=(until, since)))


def test_the_claim_bears_who_asks_or_is_not_made() -> None:
    def claim(assure: str | None):  # type: ignore[no-untyped-def]
        fields = fields_with(assure_nir=assure, beneficiaire_nir=None)
        return interpret(fields, OF_BOTH, PRACTITIONER, "d-1", CARE), obstacles(fields, OF_BOTH, PRACTITIONER)

    made, missing = claim(TWO)
    assert (made and made.holder_nir, missing) == (TWO, ())
    made, missing = claim(None)
    assert made is None
    assert [each.field for each in missing] == ["assure_nir"]


def test_the_number_of_either_parent_is_an_answer_and_no_difference() -> None:
    for parent in (ONE, TWO):
        case = case_with(case={"insured": OF_BOTH}, assure_nir=parent)
        assert not {each.code for each in run(case)} & {"assure_different", "parent_a_designer"}
        assert "assure_nir" in answered_by_dossiers(case)
    other = case_with(case={"insured": CHILD}, assure_nir=TWO)
    assert "assure_different" in {each.code for each in run(other)}
    assert "assure_nir" not in answered_by_dossiers(other)
