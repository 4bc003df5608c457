"""What lies at the edges of a proposal: today itself, a day that changes twice, the last of several changes."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from domain.people import AccidentDuTravail, Ald, ComplementaireSante, FormerAddress
from domain.period import Period
from law import load
from rights import open_rights
from rights.propositions import adresse
from tests.rights.test_propositions import INSURED, TODAY, account

HERE, THERE = ("1 rue du Port", "75011 PARIS"), ("2 rue du Bac", "75007 PARIS")


def test_a_change_of_today_is_not_to_come() -> None:
    assert adresse(INSURED, HERE, TODAY, TODAY).reasons == ()
    (reason,) = adresse(INSURED, HERE, TODAY + timedelta(days=1), TODAY).reasons
    assert reason.code == "changement_a_venir"


def test_a_second_change_of_the_same_day_leaves_no_period_of_no_day() -> None:
    once = account().after
    twice = account(once, iban="FR1420041010050500013M02606").after
    assert twice.iban != once.iban
    assert twice.former_accounts == once.former_accounts
    moved = adresse(INSURED, HERE, TODAY, TODAY).after
    again = adresse(moved, THERE, TODAY, TODAY).after
    assert (again.address, again.former_addresses) == (THERE, moved.former_addresses)


def test_the_last_of_the_changes_that_came_after_is_named() -> None:
    days = date(2026, 3, 1), date(2026, 5, 1), date(2026, 7, 1)
    former = tuple(FormerAddress(Period(start, end), HERE) for start, end in pairwise(days))
    changed = replace(INSURED, former_addresses=former)
    (reason,) = adresse(changed, THERE, date(2026, 4, 1), TODAY).reasons
    assert "01/07/2026" in reason.message


def test_what_the_trace_says_of_a_protocole_a_complementaire_and_an_accident() -> None:
    always = Period(date(2020, 1, 1))
    for participation, kind in ((True, "avec participation"), (False, "sans participation")):
        held = replace(
            INSURED,
            alds=(Ald(always, 8),),
            complementaires=(ComplementaireSante(always, participation),),
            accidents=(
                AccidentDuTravail(always, "25", TODAY),
                AccidentDuTravail(always, "26", date(2026, 12, 1)),
            ),
        )
        rights = open_rights(held, TODAY, load())
        said = " ".join(step.sentence for step in rights.trace)
        assert f"Complémentaire santé solidaire {kind}" in said
        assert "ALD 8, Diabète" in said
        assert rights.at_numbers == ("25",)  # of that very day; the other is to come
