"""What a proposal says, word for word, and the days on which one period touches another."""

from dataclasses import replace
from datetime import date

import pytest

from domain.people import (
    Affiliation,
    Ald,
    ComplementaireSante,
    FormerAddress,
    Grossesse,
    Insured,
    Rattachement,
    TitreSejour,
)
from domain.period import Period
from law import load
from rights import affiliation, open_rights, protocole, rattachement, sejour, solidaire
from rights.propositions import adresse, medecin_traitant
from tests.rights.test_periods import LONG_AGO, LYON, PARIS, PERSON, TODAY, codes
from tests.rights.test_propositions import DOCTOR, INSURED, choose

LAW = load()
FIRST, END = date(2024, 3, 1), date(2025, 3, 1)
"""A protocole held until the eve of END."""
HELD = replace(PERSON, alds=(Ald(Period(FIRST, END), 8),))


def said(person: Insured, day: date) -> str:
    return " | ".join(step.sentence for step in open_rights(person, day, LAW).trace)


def admission(person: Insured, start: date, last: date):
    asked = protocole.Protocole(8, "admission", start, last, True, date(2026, 11, 2))
    return protocole.protocole(person, asked, TODAY, LAW)


@pytest.mark.parametrize(("start", "last", "taken"), [
    (END, date(2026, 2, 28), False),  # on the morrow of the last day
    (date(2025, 2, 28), date(2026, 2, 28), True),  # on the last day itself
    (date(2023, 1, 1), date(2024, 2, 29), False),  # until the eve of the first
    (date(2023, 1, 1), FIRST, True),
])  # fmt: skip
def test_two_protocoles_of_one_affection_do_not_share_a_day(start: date, last: date, taken: bool) -> None:
    found = admission(HELD, start, last)
    assert ([each.code for each in found.reasons] == ["ald_deja"]) is taken
    if not taken:
        assert len(found.after.alds) == 2
    else:
        assert "28/02/2025" in found.reasons[0].message


def test_a_protocole_without_an_end_is_met_by_every_later_one() -> None:
    endless = replace(PERSON, alds=(Ald(Period(FIRST), 8),))
    assert codes(admission(endless, date(2026, 1, 1), date(2026, 2, 1))) == ["ald_deja"]
    before = admission(endless, date(2023, 1, 1), date(2024, 2, 29))
    assert before.reasons == ()


def test_the_end_of_a_protocole_that_has_not_begun_takes_it_away() -> None:
    ahead = replace(PERSON, alds=(Ald(Period(date(2026, 12, 1), date(2036, 12, 1)), 8),))
    asked = protocole.Protocole(8, "fin", None, date(2026, 11, 30), True, date(2026, 11, 2))
    found = protocole.protocole(ahead, asked, TODAY, LAW)
    assert found.after.alds == ()
    (change,) = found.changes
    assert (change.old, change.new) == ("ALD 8 jusqu'au 30/11/2036", "ALD 8 jusqu'au 30/11/2026")


def right(start: date, end: date | None, participation: bool) -> ComplementaireSante:
    return ComplementaireSante(Period(start, end), participation)


@pytest.mark.parametrize(("held", "shown"), [
    (right(date(2026, 6, 1), date(2027, 6, 1), False), "sans participation, du 01/06/2026 au 31/05/2027"),
    (right(date(2025, 12, 1), None, True), "avec participation, du 01/12/2025"),
])  # fmt: skip
def test_a_right_that_is_given_up_is_told_as_it_was(held: ComplementaireSante, shown: str) -> None:
    older = right(date(2024, 12, 1), date(2025, 12, 1), True)
    found = solidaire.renouncement(replace(PERSON, complementaires=(held, older)), date(2026, 11, 2), TODAY)
    (change,) = found.changes
    assert (change.old, change.new, change.effect) == (shown, "jusqu'au 30/11/2026", date(2026, 12, 1))


def test_a_right_that_ends_with_the_month_is_given_up_without_a_change() -> None:
    ending = replace(PERSON, complementaires=(right(date(2025, 12, 1), date(2026, 12, 1), False),))
    found = solidaire.renouncement(ending, TODAY, TODAY)
    assert (found.after, found.changes, found.reasons) == (ending, (), ())


def test_the_last_right_is_the_old_one_of_a_new() -> None:
    several = (
        right(date(2023, 1, 1), date(2024, 1, 1), True),
        right(date(2025, 1, 1), date(2026, 1, 1), False),
    )
    asked = solidaire.Demande(date(2026, 9, 1), "participation", date(2026, 9, 15), date(2026, 10, 2))
    found = solidaire.complementaire(replace(PERSON, complementaires=several), (), asked, TODAY, LAW)
    # the elements came after the decision: the first day of the month that follows them
    assert found.changes[0].old == "sans participation, du 01/01/2025 au 31/12/2025"
    assert found.changes[0].new == "avec participation, du 01/11/2026 au 31/10/2027"
    free = replace(asked, kind="gratuite")
    assert solidaire.complementaire(PERSON, (), free, TODAY, LAW).changes[0].effect == date(2026, 10, 1)


def test_a_mutation_names_both_caisses_and_the_last_of_what_came_after() -> None:
    found = affiliation.mutation(PERSON, (), LYON, date(2026, 11, 2), TODAY, LAW)
    (change,) = found.changes
    assert change.old == f"{PARIS} ({LAW.organisme(PARIS)})"
    assert change.new == f"{LYON} ({LAW.organisme(LYON)})"
    days = (date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16))
    later = tuple(Affiliation(Period(each), PARIS) for each in days)
    moved = replace(PERSON, affiliations=(*PERSON.affiliations, *later))
    refused = affiliation.mutation(moved, (), LYON, days[0], TODAY, LAW).reasons
    assert [each.code for each in refused] == ["changement_depasse"]  # that of the very day is replaced
    assert "16/11/2026" in refused[0].message
    first = replace(PERSON, affiliations=(*PERSON.affiliations[:0], Affiliation(LONG_AGO, PARIS), later[0]))
    assert affiliation.mutation(first, (), LYON, days[0], TODAY, LAW).reasons == ()


def test_before_the_text_nothing_is_told_of_the_month_to_inform() -> None:
    early = replace(PERSON, affiliations=(Affiliation(Period(date(2000, 1, 1)), PARIS),))
    told = {day: affiliation.mutation(early, (), LYON, day, TODAY, LAW) for day in (date(2026, 11, 2),)}
    assert all(len(each.notes) == 1 for each in told.values())


@pytest.mark.parametrize(("count", "words"), [(1, "un assuré"), (2, "ses deux parents")])
def test_a_child_is_told_whose_it_is(count: int, words: str) -> None:
    parents = ("2850175116001", "1750175116001")[:count]
    child = replace(PERSON, quality="30", birth_date=date(2015, 3, 1),
                    rattachements=tuple(Rattachement(LONG_AGO, nir) for nir in parents))  # fmt: skip
    assert f"Rattaché à {words} ce jour-là." in said(child, date(2026, 11, 2))


def test_a_child_of_one_parent_moves_with_him() -> None:
    child = replace(PERSON, id="c", nir=None, quality="30", birth_date=date(2015, 3, 1), assure_nir=PERSON.nir,
                    rattachements=(Rattachement(LONG_AGO, str(PERSON.nir)),))  # fmt: skip
    found = affiliation.mutation(PERSON, (child,), LYON, date(2026, 11, 2), TODAY, LAW)
    assert len(found.others) == 1


def test_the_last_day_of_a_titre() -> None:
    stays = replace(PERSON, titres=(TitreSejour(Period(date(2025, 1, 1), date(2026, 1, 16))),))
    assert "valable jusqu'au 15/01/2026" in said(stays, date(2026, 1, 15))
    assert "valable." in said(replace(PERSON, titres=(TitreSejour(LONG_AGO),)), date(2026, 1, 15))
    # expired on the last day of January: until the end of July
    month = replace(PERSON, titres=(TitreSejour(Period(date(2025, 1, 1), date(2026, 2, 1))),))
    assert sejour.last_day(month, date(2026, 8, 1), LAW)[0] == date(2026, 7, 31)
    # one that begins that very day counts
    one = replace(PERSON, titres=(TitreSejour(Period(date(2026, 3, 1), date(2026, 3, 2))),))
    assert sejour.last_day(one, date(2026, 3, 1), LAW)[0] == date(2026, 9, 30)
    assert sejour.last_day(one, date(2026, 2, 28), LAW)[0] is None


def test_before_the_fourth_month_it_is_no_maternity() -> None:
    expected = date(2026, 12, 20)
    mother = replace(PERSON, grossesses=(Grossesse(Period(date(2026, 7, 1), date(2027, 1, 2)), expected),))
    early = open_rights(mother, date(2026, 8, 19), LAW)
    assert (early.maternity, "maternite" in (early.exempt or {})) == (False, False)
    assert "ne commence que le 20/08/2026" in said(mother, date(2026, 8, 19))
    assert open_rights(mother, date(2026, 8, 20), LAW).maternity is True
    assert open_rights(mother, date(2026, 6, 30), LAW).maternity is False  # not in the dossier's period


def test_a_maternity_whose_birth_was_never_told_ends_twelve_days_after_its_date() -> None:
    mother = replace(PERSON, grossesses=(Grossesse(Period(date(2025, 1, 1)), date(2025, 5, 10)),))
    assert open_rights(mother, date(2025, 5, 22), LAW).maternity is True
    assert open_rights(mother, date(2025, 5, 23), LAW).maternity is False
    assert "n'est pas au dossier" in said(mother, date(2025, 5, 23))
    born_late = replace(
        mother, grossesses=(Grossesse(Period(date(2025, 1, 1), date(2025, 6, 2)), date(2025, 5, 10)),)
    )
    assert open_rights(born_late, date(2025, 6, 1), LAW).maternity is True  # born on the 20th: until the 1st


@pytest.mark.parametrize(("born", "words"), [
    (date(2010, 11, 3), "Avant 16 ans, les soins hors parcours ne sont pas majorés."),
    (date(2010, 11, 2), "Les soins donnés ou orientés par ce médecin sont dans le parcours de soins à partir "
     "de ce jour."),
])  # fmt: skip
def test_what_the_choice_of_a_doctor_changes(born: date, words: str) -> None:
    found = choose(replace(INSURED, birth_date=born), parental=True)
    assert found.changes[0].sentence == words
    free = replace(INSURED, medecins_traitants=())
    early = medecin_traitant(free, replace(DOCTOR, active=None), date(2004, 1, 2), TODAY, LAW)
    assert early.changes[0].sentence == "Les soins de ce jour-là et d'après suivent ce choix."


def test_the_first_day_on_which_something_changes() -> None:
    found = affiliation.mutation(PERSON, (), LYON, date(2026, 11, 2), TODAY, LAW)
    two = replace(found, changes=(*found.changes, replace(found.changes[0], effect=date(2026, 12, 1))))
    assert two.since == date(2026, 11, 2)


@pytest.mark.parametrize(("line", "told"), [
    ("69003 LYON", True), ("6900 LYON", False), ("69A03 LYON", False), ("６９００３ LYON", False),
    ("690033 LYON", False),
])  # fmt: skip
def test_a_postcode_has_five_digits(line: str, told: bool) -> None:
    found = adresse(INSURED, ("1 rue du Port", line), date(2026, 11, 2), TODAY)
    assert bool(found.notes) is told


def test_an_address_that_was_kept_before_runs_from_the_last_change() -> None:
    former = (FormerAddress(Period(date(2022, 1, 1), date(2024, 1, 1)), ("3 rue du Bac",)),)
    found = adresse(replace(INSURED, former_addresses=former), ("1 rue du Port", "75001 PARIS"),
                    date(2026, 11, 2), TODAY)  # fmt: skip
    assert found.after.former_addresses[-1].period == Period(date(2024, 1, 1), date(2026, 11, 2))


def test_a_child_is_named_by_first_names_then_name() -> None:
    child = rattachement.Enfant("MARTIN", "Zoé Anne", date(2026, 10, 20), 1, None, None)
    asked = rattachement.Demande("un", (child,), date(2026, 11, 2), signed=True)
    found = rattachement.rattachement(PERSON, asked, TODAY, LAW)
    assert {each.person for each in found.changes} == {"Zoé Anne MARTIN"}


@pytest.mark.parametrize(("organisme", "words"), [("019990000", "019990000"), ("", "non dit")])
def test_an_organisme_of_no_table_is_named(organisme: str, words: str) -> None:
    asked = affiliation.Demande("activite", date(2026, 10, 5), organisme, working_since=date(2026, 9, 14))
    reasons = affiliation.opening(replace(PERSON, affiliations=()), asked, TODAY, LAW).reasons
    assert [each.code for each in reasons] == ["organisme_inconnu"]
    assert words in reasons[0].message
