"""What opens, moves, prolongs or ends rights: day of effect, old periods kept, each limit on both sides."""

from dataclasses import replace
from datetime import date

import pytest

from domain.people import Affiliation, Ald, ComplementaireSante, Insured, Rattachement, TitreSejour
from domain.period import Period
from law import load
from rights import affiliation, open_rights, protocole, rattachement, sejour, solidaire
from rights.propositions import Proposal

LAW = load()
TODAY = date(2026, 11, 20)
LONG_AGO = Period(date(2020, 1, 1))
PARIS, LYON = "017510000", "016910000"
PERSON = Insured("a-1", "2850175116001", "MARTIN", "Claire", date(1985, 1, 12),
                 affiliations=(Affiliation(LONG_AGO, PARIS),))  # fmt: skip


def codes(found: Proposal) -> list[str]:
    assert not found.changes
    return [each.code for each in found.reasons]


def is_open(person: Insured, day: date) -> bool:
    return open_rights(person, day, LAW).is_open


class TestProtocole:
    DONE = protocole.Protocole(8, "admission", date(2026, 11, 2), date(2036, 11, 1), True, date(2026, 11, 2))

    def ask(self, person: Insured = PERSON, **changes: object) -> Proposal:
        return protocole.protocole(person, replace(self.DONE, **changes), TODAY, LAW)  # type: ignore[arg-type]

    def test_an_admission_holds_from_its_first_to_its_last_day(self) -> None:
        found = self.ask(last_day=date(2026, 11, 30))
        held = {day: open_rights(found.after, date(2026, 11, day), LAW).ald for day in (1, 2, 30)}
        assert held == {1: (), 2: (8,), 30: (8,)}
        assert open_rights(found.after, date(2026, 12, 1), LAW).ald == ()
        (change,) = found.changes
        assert (change.old, change.effect, change.article) == (
            None, date(2026, 11, 2), "CSS L324-1 ; R160-11"
        )  # fmt: skip

    @pytest.mark.parametrize(("last", "over"), [(date(2036, 11, 1), False), (date(2036, 11, 2), True)])
    def test_more_than_the_ten_years_of_the_annex_is_told(self, last: date, over: bool) -> None:
        assert any("annexe" in note for note in self.ask(last_day=last).notes) is over

    def test_the_answer_is_due_within_a_month(self) -> None:
        assert any("02/12/2026" in note for note in self.ask().notes)

    def test_what_keeps_it_from_being_applied(self) -> None:
        assert codes(self.ask(favourable=False)) == ["avis_absent"]
        assert codes(self.ask(number=12)) == ["ald_inconnue"]  # left the list in 2011
        assert codes(self.ask(number=33)) == ["ald_inconnue"]
        assert codes(self.ask(last_day=None)) == ["rubrique_justificatif"]
        assert codes(self.ask(last_day=date(2026, 11, 1))) == ["dates_justificatif"]
        assert codes(self.ask(nature="renouvellement")) == ["ald_absente"]
        held = replace(PERSON, alds=(Ald(Period(date(2016, 1, 1), date(2027, 1, 1)), 8),))
        assert codes(self.ask(held)) == ["ald_deja"]
        assert self.ask(held, number=30).changes  # another affection

    def test_a_renewal_follows_without_a_day_between(self) -> None:
        held = replace(PERSON, alds=(Ald(Period(date(2016, 11, 3), date(2026, 11, 3)), 8),))
        found = self.ask(held, nature="renouvellement", start=None)
        assert found.after.alds == (
            Ald(Period(date(2016, 11, 3), date(2026, 11, 3)), 8),
            Ald(Period(date(2026, 11, 3), date(2036, 11, 2)), 8),
        )
        assert found.changes[0].old == "ALD 8 jusqu'au 02/11/2026"

    def test_a_renewal_of_twelve_is_still_one(self) -> None:
        held = replace(PERSON, alds=(Ald(Period(date(2010, 1, 1), date(2026, 12, 1)), 12),))
        assert self.ask(held, number=12, nature="renouvellement", start=None).changes

    def test_an_end_cuts_its_affection_alone(self) -> None:
        held = replace(PERSON, alds=(Ald(LONG_AGO, 8), Ald(LONG_AGO, 30)))
        found = self.ask(held, nature="fin", last_day=date(2026, 10, 31), favourable=False)
        assert open_rights(found.after, date(2026, 10, 31), LAW).ald == (8, 30)
        assert open_rights(found.after, date(2026, 11, 1), LAW).ald == (30,)
        again = self.ask(found.after, nature="fin", last_day=date(2026, 10, 31))
        assert (again.changes, again.reasons) == ((), ())

    def test_the_same_protocole_changes_nothing(self) -> None:
        assert self.ask(self.ask().after) == Proposal(self.ask().after)


class TestComplementaire:
    ASKED = solidaire.Demande(date(2026, 10, 5), "gratuite", date(2026, 10, 30))
    CHILD = replace(PERSON, id="c-1", nir="1150175116001", first_names="Léo", quality="30",
                    birth_date=date(2015, 3, 1), assure_nir=PERSON.nir)  # fmt: skip

    def ask(self, person: Insured = PERSON, family: tuple[Insured, ...] = (), **changes: object) -> Proposal:
        asked = replace(self.ASKED, **changes)  # type: ignore[arg-type]
        return solidaire.complementaire(person, family, asked, TODAY, LAW)

    @pytest.mark.parametrize(("decided", "start"), [
        (date(2026, 10, 30), date(2026, 11, 1)), (date(2026, 10, 31), date(2026, 11, 1)),
        (date(2026, 11, 1), date(2026, 12, 1)),
    ])  # fmt: skip
    def test_a_year_from_the_first_day_of_the_month_that_follows(self, decided: date, start: date) -> None:
        (change,) = self.ask(decided_on=decided).changes
        (held,) = self.ask(decided_on=decided).after.complementaires
        assert (change.effect, held.period) == (start, Period(start, start.replace(year=start.year + 1)))

    def test_with_a_participation_the_later_of_decision_and_elements_counts(self) -> None:
        assert codes(self.ask(kind="participation")) == ["c2s_elements"]
        found = self.ask(kind="participation", elements_on=date(2026, 11, 3))
        assert found.changes[0].effect == date(2026, 12, 1)
        assert found.after.complementaires[0].participation
        early = self.ask(kind="participation", elements_on=date(2026, 10, 6))
        assert early.changes[0].effect == date(2026, 11, 1)

    def test_an_urgent_situation_has_the_month_of_the_request(self) -> None:
        assert self.ask(urgent=True).changes[0].effect == date(2026, 10, 1)
        opened = replace(PERSON, affiliations=(Affiliation(Period(date(2026, 10, 4)), PARIS),))
        assert self.ask(opened, urgent=True).changes[0].effect == date(2026, 10, 4)

    @pytest.mark.parametrize(("today", "told"), [
        (date(2026, 12, 5), "c2s_sans_decision"), (date(2026, 12, 6), None),
    ])  # fmt: skip
    def test_two_months_of_silence_accept(self, today: date, told: str | None) -> None:
        asked = replace(self.ASKED, decided_on=None)
        found = solidaire.complementaire(PERSON, (), asked, today, LAW)
        assert [each.code for each in found.reasons] == ([told] if told else [])
        assert told or found.changes[0].effect == date(2027, 1, 1)

    def test_a_renewal_follows_the_year_that_ends(self) -> None:
        held = replace(PERSON, complementaires=(
            ComplementaireSante(Period(date(2025, 12, 1), date(2026, 12, 1)), True),))  # fmt: skip
        on_time = self.ask(held, renewal=True, received_on=date(2026, 10, 1))
        late = self.ask(held, renewal=True, received_on=date(2026, 10, 2))
        for found, notes in ((on_time, 0), (late, 1)):
            assert [each.period.start for each in found.after.complementaires] == [
                date(2025, 12, 1), date(2026, 12, 1)
            ]  # fmt: skip
            assert len(found.notes) == notes
        # asked once it had ended, it is a new right: from the month that follows the decision
        over = replace(
            PERSON, complementaires=(ComplementaireSante(Period(date(2025, 10, 1), date(2026, 10, 1))),)
        )
        assert self.ask(over, renewal=True).changes[0].effect == date(2026, 11, 1)

    def test_the_whole_foyer_has_it(self) -> None:
        found = self.ask(family=(self.CHILD,))
        assert [each.person for each in found.changes] == [None, "Léo MARTIN"]
        (child,) = found.others
        assert open_rights(child, date(2026, 11, 1), LAW).c2s == "gratuite"
        assert open_rights(child, date(2026, 10, 31), LAW).c2s == "non"
        again = solidaire.complementaire(found.after, found.others, self.ASKED, TODAY, LAW)
        assert (again.changes, again.reasons) == ((), ())

    def test_a_former_right_is_interrupted_on_the_eve(self) -> None:
        held = replace(
            PERSON, complementaires=(ComplementaireSante(Period(date(2026, 3, 1), date(2027, 3, 1))),)
        )
        found = self.ask(held, kind="participation", elements_on=date(2026, 10, 30))
        assert found.after.complementaires[0].period == Period(date(2026, 3, 1), date(2026, 11, 1))

    def test_the_resources_of_the_foyer_contradict_the_decision(self) -> None:
        assert codes(self.ask(opens="non")) == ["c2s_ressources"]
        assert codes(self.ask(opens="participation")) == ["c2s_nature"]
        assert self.ask(opens="gratuite").changes

    def test_what_else_keeps_it_from_being_applied(self) -> None:
        assert codes(self.ask(kind=None)) == ["rubrique_justificatif"]
        assert codes(self.ask(unpaid=True)) == ["c2s_impayes"]
        assert codes(self.ask(decided_on=date(2026, 10, 4))) == ["dates_justificatif"]

    @pytest.mark.parametrize("given_up", [date(2026, 11, 1), date(2026, 11, 20)])
    def test_given_up_it_ends_with_the_month(self, given_up: date) -> None:
        held = self.ask().after
        found = solidaire.renouncement(held, given_up, TODAY)
        assert found.after.complementaires[0].period.end == date(2026, 12, 1)
        assert codes(solidaire.renouncement(PERSON, given_up, TODAY)) == ["c2s_absente"]


class TestTitre:
    def test_rights_close_on_the_evening_of_the_sixth_month(self) -> None:
        found = sejour.titre(PERSON, date(2025, 3, 16), date(2026, 3, 15), TODAY, LAW)
        assert "30/09/2026" in found.changes[0].sentence
        days = date(2026, 3, 15), date(2026, 9, 30), date(2026, 10, 1)
        assert [is_open(found.after, day) for day in days] == [True, True, False]
        assert is_open(found.after, date(2024, 1, 1))  # before any titre was asked for
        closed = open_rights(found.after, date(2026, 10, 1), LAW)
        assert ("CSS R111-4", "delais.titre_sejour") in {
            (step.article, step.parameter) for step in closed.trace
        }

    def test_a_next_titre_opens_them_again_from_its_first_day(self) -> None:
        first = sejour.titre(PERSON, date(2025, 3, 16), date(2026, 3, 15), TODAY, LAW).after
        found = sejour.titre(first, date(2026, 11, 2), date(2027, 11, 1), TODAY, LAW)
        assert [is_open(found.after, day) for day in (date(2026, 11, 1), date(2026, 11, 2))] == [False, True]
        assert found.changes[0].old == "jusqu'au 15/03/2026"
        assert sejour.titre(found.after, date(2026, 11, 2), date(2027, 11, 1), TODAY, LAW).changes == ()

    def test_a_final_removal_leaves_two_months(self) -> None:
        found = sejour.titre(PERSON, date(2025, 3, 16), date(2026, 3, 15), TODAY, LAW, removal=True)
        assert [is_open(found.after, day) for day in (date(2026, 5, 31), date(2026, 6, 1))] == [True, False]

    def test_removal_replaces_the_titre_that_it_ends(self) -> None:
        held = replace(PERSON, titres=(TitreSejour(Period(date(2025, 3, 16), date(2026, 3, 16))),))
        found = sejour.titre(held, date(2025, 3, 16), date(2026, 3, 15), TODAY, LAW, removal=True)
        assert found.after.titres == (TitreSejour(Period(date(2025, 3, 16), date(2026, 3, 16)), True),)
        assert found.since == date(2026, 3, 16)

    def test_dates_that_do_not_follow(self) -> None:
        assert codes(sejour.titre(PERSON, date(2026, 3, 2), date(2026, 3, 1), TODAY, LAW)) == [
            "dates_justificatif"
        ]


class TestOuverture:
    ASKED = affiliation.Demande("residence", date(2026, 10, 5), PARIS, resident_since=date(2026, 7, 4))
    NOBODY = replace(PERSON, affiliations=())

    def ask(self, person: Insured = NOBODY, **changes: object) -> Proposal:
        return affiliation.opening(person, replace(self.ASKED, **changes), TODAY, LAW)  # type: ignore[arg-type]

    @pytest.mark.parametrize(("since", "ready"), [(date(2026, 7, 4), True), (date(2026, 7, 5), False)])
    def test_residence_of_more_than_three_months_opens_them_on_the_day_of_the_request(
        self, since: date, ready: bool
    ) -> None:
        """From 4 July, three months end with 4 October: on the 5th there are more."""
        found = self.ask(resident_since=since)
        if not ready:
            assert codes(found) == ["residence_trop_courte"]
            assert "06/10/2026" in found.reasons[0].message
            assert self.ask(resident_since=since, no_wait=True).changes[0].effect == date(2026, 10, 5)
            return
        assert [is_open(found.after, date(2026, 10, day)) for day in (4, 5)] == [False, True]
        assert found.changes[0].article == "CSS L160-1 ; L160-5 ; D160-2"

    def test_work_opens_them_from_its_first_day(self) -> None:
        found = self.ask(motif="activite", working_since=date(2026, 9, 14))
        assert [is_open(found.after, date(2026, 9, day)) for day in (13, 14)] == [False, True]

    def test_a_stay_is_judged_on_the_day_of_the_request_alone(self) -> None:
        to = lambda last: Period(date(2025, 10, 6), last)  # noqa: E731
        assert codes(self.ask(regular=False)) == ["sejour_irregulier"]
        assert codes(self.ask(regular=False, titre=to(date(2026, 10, 5)))) == ["sejour_irregulier"]
        found = self.ask(regular=False, titre=to(date(2026, 10, 6)))  # its last day is that of the request
        assert found.after.titres == (TitreSejour(to(date(2026, 10, 6))),)
        assert is_open(found.after, date(2026, 12, 31))

    def test_what_keeps_it_from_being_applied(self) -> None:
        assert codes(self.ask(motif=None)) == ["rubrique_justificatif"]
        assert codes(self.ask(motif="activite")) == ["rubrique_justificatif"]
        assert codes(self.ask(resident_since=None)) == ["rubrique_justificatif"]
        assert codes(self.ask(organisme="019990000")) == ["organisme_inconnu"]
        elsewhere = replace(PERSON, affiliations=(Affiliation(LONG_AGO, LYON),))
        assert codes(self.ask(elsewhere)) == ["deja_affilie"]
        assert (self.ask(PERSON).changes, self.ask(PERSON).reasons) == ((), ())

    def test_it_never_overlaps_what_comes_later(self) -> None:
        later = replace(PERSON, affiliations=(Affiliation(Period(date(2026, 11, 1)), LYON),))
        found = self.ask(later)
        assert [each.period for each in found.after.affiliations] == [
            Period(date(2026, 10, 5), date(2026, 11, 1)), Period(date(2026, 11, 1))
        ]  # fmt: skip


class TestInTheirOwnName:
    def child(self, born: date) -> Insured:
        return replace(PERSON, quality="30", birth_date=born, assure_nir="1750175116001")

    def ask(self, born: date) -> Proposal:
        asked = affiliation.Demande("personnel", date(2026, 10, 5), PARIS)
        return affiliation.opening(self.child(born), asked, TODAY, LAW)

    def test_from_sixteen_on_request_and_not_before(self) -> None:
        assert codes(self.ask(date(2010, 10, 6))) == ["trop_jeune"]
        (change,) = self.ask(date(2010, 10, 5)).changes
        assert (change.effect, change.article) == (date(2026, 10, 5), "CSS L160-2 al. 3 ; D160-1")

    def test_from_the_eighteenth_birthday_without_a_day_between(self) -> None:
        found = self.ask(date(2008, 3, 15))
        assert found.changes[0].effect == date(2026, 3, 15)
        assert not is_open(self.child(date(2008, 3, 15)), date(2026, 3, 15))
        assert [is_open(found.after, date(2026, 3, day)) for day in (14, 15)] == [True, True]
        assert found.after.quality == "10"

    def test_who_holds_their_own_rights_changes_nothing(self) -> None:
        asked = affiliation.Demande("personnel", date(2026, 10, 5), PARIS)
        assert affiliation.opening(PERSON, asked, TODAY, LAW).changes == ()


class TestMutation:
    CHILD = replace(PERSON, id="c-1", nir=None, quality="30", birth_date=date(2015, 3, 1),
                    assure_nir=PERSON.nir, first_names="Léo")  # fmt: skip

    def ask(self, *family: Insured, to: str = LYON, since: date = date(2026, 11, 2)) -> Proposal:
        return affiliation.mutation(PERSON, family, to, since, TODAY, LAW)

    def test_the_former_caisse_pays_until_the_eve(self) -> None:
        found = self.ask()
        caisse = [open_rights(found.after, date(2026, 11, day), LAW).organisme for day in (1, 2)]
        assert caisse == [PARIS, LYON]
        assert "jusqu'au 01/11/2026" in found.changes[0].sentence
        assert any("02/12/2026" in note for note in found.notes)
        assert self.ask(since=date(2027, 1, 1)).changes  # told ahead

    def test_children_come_along_unless_both_parents_hold_them(self) -> None:
        shared = replace(self.CHILD, rattachements=(
            Rattachement(LONG_AGO, "2850175116001"), Rattachement(LONG_AGO, "1750175116001")))  # fmt: skip
        elsewhere = replace(self.CHILD, affiliations=(Affiliation(LONG_AGO, "017710000"),))
        found = self.ask(self.CHILD, shared, elsewhere)
        assert [each.affiliations[-1].organisme for each in found.others] == [LYON]
        assert [each.person for each in found.changes] == [None, "Léo MARTIN"]

    def test_what_keeps_it_from_being_applied(self) -> None:
        assert codes(self.ask(to="019990000")) == ["organisme_inconnu"]
        assert codes(self.ask(since=date(2019, 1, 1))) == ["non_affilie", "changement_depasse"]
        assert self.ask(to=PARIS).changes == ()


class TestRattachement:
    OTHER = "1750175116001"
    ZOE = rattachement.Enfant("MARTIN", "Zoé", date(2026, 10, 20), 1, None, None)

    def ask(self, *children: rattachement.Enfant, mode: str = "deux", **changes: object) -> Proposal:
        asked = rattachement.Demande(
            mode, children or (self.ZOE,), date(2026, 11, 2), other_nir=self.OTHER, signed=True,  # type: ignore[arg-type]
            other_signed=True,
        )  # fmt: skip
        return rattachement.rattachement(PERSON, replace(asked, **changes), TODAY, LAW)  # type: ignore[arg-type]

    def known(self, **changes: object) -> rattachement.Enfant:
        child = Insured("c-1", None, "MARTIN", "Léo", date(2015, 3, 1), quality="30", assure_nir=self.OTHER,
                        affiliations=(Affiliation(Period(date(2015, 3, 1)), PARIS),))  # fmt: skip
        child = replace(child, **changes)  # type: ignore[arg-type]
        return rattachement.Enfant("MARTIN", "Léo", child.birth_date, 1, None, child)

    def test_a_newborn_is_of_both_from_its_birth_to_its_majority(self) -> None:
        found = self.ask()
        (zoe,) = found.others
        span = Period(date(2026, 10, 20), date(2044, 10, 20))
        assert zoe.rattachements == (Rattachement(span, "2850175116001"), Rattachement(span, self.OTHER))
        assert (zoe.quality, zoe.assure_nir, zoe.nir) == ("30", "2850175116001", None)
        assert [is_open(zoe, date(2026, 10, day)) for day in (19, 20)] == [False, True]
        assert [change.part for change in found.changes] == ["dossier", "rattachement"]
        assert "19/10/2044" in found.changes[1].sentence
        assert "CSS L161-15-3" in [step.article for step in open_rights(zoe, date(2026, 11, 2), LAW).trace]

    def test_a_second_parent_is_added_from_the_day_of_the_form(self) -> None:
        found = self.ask(self.known())
        (leo,) = found.others
        assert leo.rattachements == (
            Rattachement(Period(date(2015, 3, 1), date(2033, 3, 1)), self.OTHER),
            Rattachement(Period(date(2026, 11, 2), date(2033, 3, 1)), "2850175116001"),
        )
        assert found.changes[0].old == "à un parent"
        assert leo.assure_nir == self.OTHER
        again = self.ask(rattachement.Enfant("MARTIN", "Léo", date(2015, 3, 1), 1, None, leo))
        assert (again.changes, again.reasons) == ((), ())

    def test_one_parent_alone_ends_the_other_s(self) -> None:
        both = self.ask(self.known()).others[0]
        found = self.ask(replace(self.known(), known=both), mode="un", since=date(2026, 11, 10))
        (leo,) = found.others
        assert open_rights(leo, date(2026, 11, 9), LAW).details["rattachements"] == (
            self.OTHER,
            "2850175116001",
        )
        assert open_rights(leo, date(2026, 11, 10), LAW).details["rattachements"] == ("2850175116001",)
        assert leo.assure_nir == "2850175116001"

    def test_a_child_attached_to_nobody_has_no_rights_that_day(self) -> None:
        until = Rattachement(Period(date(2015, 3, 1), date(2026, 11, 2)), self.OTHER)
        leo = self.known(rattachements=(until,)).known
        assert leo is not None
        assert [is_open(leo, date(2026, 11, day)) for day in (1, 2)] == [True, False]

    @pytest.mark.parametrize(("since", "told"), [
        (date(2033, 2, 28), []), (date(2033, 3, 1), ["enfant_majeur"]),
        (date(2015, 2, 28), ["dates_justificatif"]),
    ])  # fmt: skip
    def test_not_before_birth_nor_from_eighteen(self, since: date, told: list[str]) -> None:
        found = self.ask(self.known(), since=since)
        assert [each.code for each in found.reasons if each.code != "parent_non_assure"] == told

    def test_what_keeps_it_from_being_applied(self) -> None:
        assert codes(self.ask(children=())) == ["enfant_absent"]
        assert codes(self.ask(signed=False)) == ["rubrique_justificatif"]
        assert codes(self.ask(other_signed=False)) == ["rubrique_justificatif"]
        assert codes(self.ask(other_nir=None)) == ["rubrique_justificatif"]
        assert codes(self.ask(other_nir="2850175116001")) == ["rubrique_justificatif"]
        assert self.ask(mode="un", other_signed=False, other_nir=None).changes
        assert codes(self.ask(since=date(2019, 1, 1))) == ["dates_justificatif", "parent_non_assure"]
