"""Rights of a day: each limit on its eve, its day and its morrow."""

from datetime import date

import pytest

from domain.people import (
    AccidentDuTravail,
    Affiliation,
    Ald,
    ComplementaireSante,
    Grossesse,
    MedecinTraitant,
    Situation,
)
from domain.period import Period
from law import load
from law.dates import add_months, age_on, birthday
from rights import open_rights
from tests.liquidation.cases import DOCTOR, an_insured

DAY = date(2026, 11, 2)
ALWAYS = Period(date(2020, 1, 1))


def rights(day=DAY, **changes):
    return open_rights(an_insured(**changes), day, load())


def articles(held):
    return " | ".join(step.article for step in held.trace)


def test_an_affiliated_adult():
    held = rights()
    assert (held.is_open, held.organisme, held.age, held.is_minor) == (True, "017510000", 46, False)
    assert held.medecin_traitant == DOCTOR
    assert "L160-1" in articles(held)
    assert "CPAM Paris" in held.trace[0].sentence


@pytest.mark.parametrize(("day", "is_open"), [
    (date(2024, 5, 31), False), (date(2024, 6, 1), True), (date(2026, 11, 2), True),
])  # fmt: skip
def test_no_affiliation_no_rights(day, is_open):
    since = Affiliation(Period(date(2024, 6, 1)), "017510000")
    assert rights(day, affiliations=(since,)).is_open is is_open


@pytest.mark.parametrize(("day", "is_open"), [
    (date(2026, 11, 1), True), (date(2026, 11, 2), True), (date(2026, 11, 3), False),
])  # fmt: skip
def test_death(day, is_open):
    assert rights(day, died_on=date(2026, 11, 2)).is_open is is_open


@pytest.mark.parametrize(("day", "is_open"), [
    (date(2026, 3, 14), True), (date(2026, 3, 15), False), (date(2026, 3, 16), False),
])  # fmt: skip
def test_an_ayant_droit_until_the_day_of_eighteen(day, is_open):
    held = rights(day, birth_date=date(2008, 3, 15), quality="30")
    assert held.is_open is is_open
    assert "D160-1" in articles(held) or is_open
    assert held.is_minor is is_open
    assert held.is_minor_for_participation  # under 18 on 1 January 2026
    assert rights(day, birth_date=date(2008, 3, 15), quality="10").is_open


def test_before_birth():
    assert rights(birth_date=date(2026, 11, 3), quality="30").is_open is False
    assert rights(birth_date=date(2026, 11, 2), quality="30").is_open is True


@pytest.mark.parametrize(("day", "numbers"), [
    (date(2026, 1, 31), ()), (date(2026, 2, 1), (8,)), (date(2026, 8, 31), (8,)), (date(2026, 9, 1), ()),
])  # fmt: skip
def test_ald_for_its_protocole(day, numbers):
    ald = Ald(Period(date(2026, 2, 1), date(2026, 9, 1)), 8)
    held = rights(day, alds=(ald,))
    assert held.ald == numbers
    assert ("ald" in held.exempt) is bool(numbers)


@pytest.mark.parametrize(("day", "held"), [
    (date(2026, 8, 14), False), (date(2026, 8, 15), True), (date(2026, 12, 27), True),
    (date(2026, 12, 28), False),
])  # fmt: skip
def test_maternity_from_four_months_before(day, held):
    # birth expected on 15/12/2026: from 15/08/2026, whatever earlier day the dossier holds
    grossesse = Grossesse(Period(date(2026, 5, 1), date(2026, 12, 28)), date(2026, 12, 15))
    assert rights(day, grossesses=(grossesse,)).maternity is held


def test_the_rest_of_the_day():
    held = rights(
        complementaires=(ComplementaireSante(ALWAYS, True),),
        situations=(Situation(ALWAYS, "regime_local"), Situation(ALWAYS, "invalidite")),
        accidents=(AccidentDuTravail(ALWAYS, "251234567", date(2026, 10, 5)),),
    )
    assert (held.c2s, held.regime_local, held.ame) == ("participation", True, False)
    assert held.at_numbers == ("251234567",)
    assert held.exempt["invalidite"] == "CSS L160-14 13° ; R160-10 al. 1"
    assert rights(situations=(Situation(ALWAYS, "ame"),)).ame


def test_no_accident_before_it_happened():
    accident = AccidentDuTravail(ALWAYS, "251234567", date(2026, 11, 3))
    assert rights(accidents=(accident,)).at_numbers == ()


def test_a_medecin_traitant_of_before():
    gone = MedecinTraitant(Period(date(2015, 1, 1), date(2026, 3, 1)), DOCTOR)
    held = rights(medecins_traitants=(gone,))
    assert held.medecin_traitant is None
    assert held.details["medecin_traitant_fini_le"] == date(2026, 3, 1)


def test_the_last_of_two_medecins_traitants_who_left():
    gone = [
        MedecinTraitant(Period(date(2015, 1, 1), date(2024, 3, 1)), DOCTOR),
        MedecinTraitant(Period(date(2024, 3, 1), date(2026, 6, 1)), DOCTOR),
    ]
    for order in (gone, gone[::-1]):
        held = rights(medecins_traitants=tuple(order))
        assert held.details["medecin_traitant_fini_le"] == date(2026, 6, 1)


def test_every_exemption_names_its_article():
    held = rights(alds=(Ald(ALWAYS, 8),), complementaires=(ComplementaireSante(ALWAYS),))
    assert held.exempt
    assert all(article.startswith("CSS ") for article in held.exempt.values())


@pytest.mark.parametrize(("born", "day", "age"), [
    (date(2008, 2, 29), date(2026, 2, 28), 17), (date(2008, 2, 29), date(2026, 3, 1), 18),
    (date(2008, 2, 29), date(2024, 2, 29), 16), (date(2026, 11, 3), date(2026, 11, 2), -1),
])  # fmt: skip
def test_ages(born, day, age):
    assert age_on(born, day) == age


def test_months_and_birthdays():
    assert add_months(date(2027, 1, 31), -2) == date(2026, 11, 30)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert birthday(date(2008, 2, 29), 16) == date(2024, 2, 29)


@pytest.mark.parametrize("day", [date(1999, 1, 1), date(2036, 1, 1)])
def test_a_day_that_the_law_does_not_cover_is_closed_and_says_so(day):
    held = rights(day, affiliations=(Affiliation(Period(date(1990, 1, 1)), "017510000"),))
    assert not held.is_open
    assert held.details["non_couvert"]


@pytest.mark.parametrize(("born", "minor"), [
    (date(2018, 1, 1), False), (date(2018, 1, 2), True), (date(2017, 12, 31), False),
])  # fmt: skip
def test_a_day_that_is_not_covered_still_tells_who_is_a_minor(born, minor):
    held = rights(date(2036, 1, 1), birth_date=born)
    assert (held.is_minor, held.is_minor_for_participation) == (minor, False)
    assert held.age == (17 if minor else 18)


def test_who_is_a_minor_is_among_the_exemptions_and_no_one_else():
    assert "mineur" in rights(birth_date=date(2015, 5, 5), quality="30").exempt
    assert "mineur" not in rights().exempt
