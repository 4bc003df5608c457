"""What a justificatif changes: the day, the article, the old value kept; or why a person must look."""

from dataclasses import replace
from datetime import date

import pytest

from domain.people import Affiliation, FormerAccount, FormerAddress, Insured, MedecinTraitant, Practitioner
from domain.period import Period, on_day
from law import load
from rights import open_rights
from rights.propositions import Proposal, adresse, compte, medecin_traitant

LAW = load()
TODAY = date(2026, 11, 20)
SIGNED = date(2026, 11, 2)
LONG_AGO = Period(date(2020, 1, 1))
OLD, NEW = "10100123451", "10100123469"
DOCTOR = Practitioner(NEW, "751012345", "LEROY", "Hélène", active=LONG_AGO)
IBAN, OTHER = "FR7630006000011234567890189", "DE89370400440532013000"
INSURED = Insured(
    "a-1", "2850175116001", "MARTIN", "Claire", date(1985, 1, 12), address=("12 rue des Lilas", "75011 Paris"),
    iban=IBAN, affiliations=(Affiliation(LONG_AGO, "017510000"),),
    medecins_traitants=(MedecinTraitant(LONG_AGO, OLD),),
)  # fmt: skip


def codes(proposal: Proposal) -> list[str]:
    assert not proposal.changes
    return [each.code for each in proposal.reasons]


def choose(insured: Insured = INSURED, doctor: Practitioner | None = DOCTOR, day: date = SIGNED,
           parental: bool = False) -> Proposal:  # fmt: skip
    return medecin_traitant(insured, doctor, day, TODAY, LAW, parental=parental)


def test_a_choice_holds_from_the_day_it_was_signed() -> None:
    found = choose()
    (change,) = found.changes
    assert (change.old, change.effect, change.article) == (f"RPPS {OLD}", SIGNED, "CSS L162-5-3")
    assert NEW in change.new
    assert found.after.medecins_traitants == (
        MedecinTraitant(Period(LONG_AGO.start, SIGNED), OLD),
        MedecinTraitant(Period(SIGNED), NEW),
    )
    eve = date(2026, 11, 1)
    assert open_rights(found.after, eve, LAW).medecin_traitant == OLD
    assert open_rights(found.after, SIGNED, LAW).medecin_traitant == NEW
    assert INSURED.medecins_traitants == (MedecinTraitant(LONG_AGO, OLD),)


def test_the_same_choice_changes_nothing() -> None:
    found = choose(replace(INSURED, medecins_traitants=(MedecinTraitant(LONG_AGO, NEW),)))
    assert (found.changes, found.reasons) == ((), ())


def test_a_first_choice_has_no_old_value() -> None:
    found = choose(replace(INSURED, medecins_traitants=()))
    assert found.changes[0].old is None
    assert found.after.medecins_traitants == (MedecinTraitant(Period(SIGNED), NEW),)


def test_a_choice_of_the_very_day_is_replaced() -> None:
    found = choose(replace(INSURED, medecins_traitants=(MedecinTraitant(Period(SIGNED), OLD),)))
    assert found.after.medecins_traitants == (MedecinTraitant(Period(SIGNED), NEW),)


def test_what_keeps_a_choice_from_being_applied() -> None:
    assert codes(choose(doctor=None)) == ["medecin_inconnu"]
    gone = replace(DOCTOR, active=Period(date(2020, 1, 1), SIGNED))
    assert codes(choose(doctor=gone)) == ["medecin_inactif"]
    assert codes(choose(day=date(2026, 11, 21))) == ["changement_a_venir"]
    later = replace(INSURED, medecins_traitants=(MedecinTraitant(Period(date(2026, 11, 3)), OLD),))
    assert codes(choose(later)) == ["changement_depasse"]
    assert codes(choose(replace(INSURED, died_on=date(2026, 1, 1)))) == ["assure_decede"]


@pytest.mark.parametrize(("born", "parental", "held"), [
    (date(2008, 11, 2), False, True), (date(2008, 11, 3), False, False), (date(2008, 11, 3), True, True),
    (date(2015, 1, 1), False, False), (date(2015, 1, 1), True, True),
])  # fmt: skip
def test_a_minor_needs_a_parent(born: date, parental: bool, held: bool) -> None:
    found = choose(replace(INSURED, birth_date=born), parental=parental)
    assert bool(found.changes) is held
    assert held or codes(found) == ["accord_parental_absent"]
    if born.year == 2015 and held:
        assert "16 ans" in found.changes[0].sentence


def account(insured: Insured = INSURED, iban: str = OTHER, agrees: bool = True) -> Proposal:
    return compte(insured, iban, SIGNED, TODAY, holder_agrees=agrees)


def test_an_account_keeps_the_former_one() -> None:
    found = account()
    (change,) = found.changes
    assert (change.old, change.new) == ("FR76 •••• 0189", "DE89 •••• 3000")
    assert found.after.iban == OTHER
    assert found.after.former_accounts == (FormerAccount(Period(LONG_AGO.start, SIGNED), IBAN),)
    again = compte(found.after, IBAN, date(2026, 11, 10), TODAY, holder_agrees=True)
    assert again.after.former_accounts[1] == FormerAccount(Period(SIGNED, date(2026, 11, 10)), OTHER)
    # nobody's account is shown whole
    assert IBAN not in str(change)
    assert OTHER not in str(change)


def test_accounts_that_wait_for_a_person_or_change_nothing() -> None:
    assert codes(account(agrees=False)) == ["titulaire_different"]
    assert codes(account(replace(INSURED, quality="30"))) == ["compte_de_l_assure"]
    assert account(iban=IBAN).changes == account(iban=IBAN).reasons == ()
    assert account(replace(INSURED, iban=None)).changes[0].old is None


def test_an_address_from_the_day_of_the_move() -> None:
    moved = date(2026, 10, 1)
    found = adresse(INSURED, ("3 place du Marché", "75012 PARIS"), moved, TODAY)
    (change,) = found.changes
    assert (change.old, change.effect, change.article) == ("12 rue des Lilas, 75011 Paris", moved, "CSS R115-7")
    assert found.after.address == ("3 place du Marché", "75012 PARIS")
    assert found.after.former_addresses == (FormerAddress(Period(LONG_AGO.start, moved), INSURED.address),)
    assert found.notes == ()
    back = adresse(found.after, ("1 rue Neuve", "75011 PARIS"), date(2026, 9, 1), TODAY)
    assert codes(back) == ["changement_depasse"]


def test_the_same_address_written_otherwise_changes_nothing() -> None:
    assert adresse(INSURED, ("12 RUE DES LILAS  75011", "PARIS"), SIGNED, TODAY).changes == ()


def test_another_department_is_told_and_moves_no_caisse() -> None:
    found = adresse(INSURED, ("3 place Bellecour", "69002 LYON"), SIGNED, TODAY)
    assert "département 69" in found.notes[0]
    assert found.after.affiliations == INSURED.affiliations


def test_periods_never_overlap() -> None:
    person = INSURED
    for day, rpps in ((2, NEW), (9, OLD), (16, NEW)):
        doctor = replace(DOCTOR, rpps=rpps)
        person = medecin_traitant(person, doctor, date(2026, 11, day), TODAY, LAW).after
    for day in range(1, 21):
        on = date(2026, 11, day)
        assert sum(on in each.period for each in person.medecins_traitants) == 1
    assert on_day(person.medecins_traitants, TODAY) == MedecinTraitant(Period(date(2026, 11, 16)), NEW)
