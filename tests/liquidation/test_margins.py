"""What lies at the edges of the rules: what a trace says, sums of nought, the last day, what is kept and read
again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.claim import Decision, NotComputed, Share, Withheld
from domain.errors import Refused
from domain.people import ComplementaireSante, Situation
from domain.period import Period
from law import load
from liquidation import case, hopital
from liquidation.corrections import correction, standing
from liquidation.especes import atmp
from liquidation.especes.types import PaidDays, Stop
from liquidation.recouvrement import Debt, Event, Owed, check, hold_back
from liquidation.recouvrement import standing as of_debt
from rights import open_rights
from tests.liquidation import test_ij_maladie as ij
from tests.liquidation.cases import CARE, DOCTOR, TODAY, a_claim, an_act, an_insured, decide, euro, rights_of

LAW = load()
ALWAYS = Period(date(2020, 1, 1))
EMPTY = Decision(TODAY, (), (), euro("0.00"), ())


def test_what_is_kept_of_a_claim_decides_it_again_on_its_own_day():
    claim = a_claim(received_on=date(2026, 11, 20))
    kept = case.of(claim, rights_of(claim, an_insured()), case.History(), TODAY)
    assert case.again(kept, LAW) == decide(claim)
    # without its day, that of the reception
    assert case.again({**kept, "decided_on": None}, LAW).decided_on == date(2026, 11, 20)


@pytest.mark.parametrize("given", [
    {"claim": {"acts": [{"day": "2026-11-02", "code": "G", "fee": "30.00"}]}, "rights": ["open"]},
    {"benefit": "urgences", "decided_on": "2026-11-02", "rights": "open",
     "passage": {"day": "2026-11-02", "tariff": "100.00"}},
])  # fmt: skip
def test_rights_that_are_none_are_refused(given):
    with pytest.raises(Refused, match="cas_mal_forme"):
        case.run(given)


def test_what_stands_is_the_sum_of_what_was_decided():
    def paid(*amounts, withheld=()):
        shares = tuple(Share(1, "assure", "a", euro(each)) for each in amounts)
        return replace(EMPTY, shares=shares, total=sum(map(euro, amounts), Decimal(0)), withheld=withheld)

    two = Withheld("participation_forfaitaire", euro("2.00"), TODAY, CARE, DOCTOR)
    back = replace(two, amount=euro("-2.00"))
    whole = standing(
        [paid("19.00", withheld=(two,)), paid("9.00", withheld=(back,)), paid(withheld=(two, two))]
    )
    assert [share.amount for share in whole.shares] == [euro("28.00")]
    assert whole.withheld == (two, two)
    assert standing([paid("19.00"), paid("-19.00")]).shares == ()
    # of another day nothing is given back
    other = replace(back, care_day=TODAY)
    assert standing([paid(withheld=(two, other))]).withheld == (two, other)


def test_a_line_that_is_paid_no_more_says_why():
    before = decide(a_claim(an_act(1), an_act(2, code="VG")))
    reason = NotComputed("x", "La ligne ne tient plus.", "CSS L160-1", 1)
    change = correction(before, replace(EMPTY, not_computed=(reason,)))
    assert [line.trace[0].sentence for line in change.lines] == [
        "La ligne ne tient plus.", "Cette ligne n'est plus prise en charge."
    ]  # fmt: skip


def test_only_a_nurse_among_the_auxiliaires_bills_a_journey():
    act = an_act(
        code="AMI", coefficient=Decimal(4), fee=euro("12.60"), travel_code="IFA", travel_fee=euro("2.75")
    )
    assert decide(a_claim(act, practitioner_specialty="24")).not_computed == ()
    reasons = decide(a_claim(replace(act, code="AMK"), practitioner_specialty="26")).not_computed
    assert "deplacement_non_calcule" in [each.code for each in reasons]


def test_a_relapse_says_which_days_count():
    for closed, said in ((False, "5\u00a0jours déjà indemnisés comptent"), (True, "se comptent de nouveau")):
        relapse = atmp.Relapse(5, euro("0.00"), euro("0.00"), closed=closed)
        given = Stop(date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 5))
        decision = atmp.liquidate(
            atmp.Accident("1", date(2026, 6, 1)),
            given,
            ij.attestation(date(2026, 10, 5)),
            "a",
            TODAY,
            LAW,
            relapse,
        )
        assert any(said in step.sentence for step in decision.trace)


def test_a_stop_of_a_day_that_is_its_own_beginning():
    day = date(2026, 10, 5)
    assert Stop(day, day, day, interrupted_on=day).since == day
    for wrong in ({"end": date(2026, 10, 4)}, {"interrupted_on": date(2026, 10, 6)}):
        with pytest.raises(ValueError, match="a stop ends"):
            Stop(**{"start": day, "end": day, "prescribed_on": day, **wrong})


def test_the_limit_of_three_years_is_told_where_it_plays():
    first = PaidDays(date(2025, 1, 1), date(2025, 12, 26))  # 360 days
    for history, told in (((first,), True), ((replace(first, end=date(2025, 12, 1)),), False)):
        decision = ij.decide(ij.stop(date(2026, 3, 2)), history=ij.CashHistory(paid=history))
        assert any(step.article == "CSS R323-1 4°" for step in decision.trace) is told


def test_a_stay_that_costs_nothing_and_whom_the_complementaire_pays():
    assert hopital.Stay(CARE, CARE, euro("0.00")).tariff == 0
    for people, told in (((), False), ((ComplementaireSante(ALWAYS),), True)):
        rights = open_rights(an_insured(complementaires=people), CARE, LAW)
        decision = hopital.stay(hopital.Stay(CARE, CARE, euro("500.00")), rights, CARE, LAW)
        assert any("Complémentaire" in step.sentence for step in decision.trace) is told


def test_what_the_aspa_adds_and_how_an_act_is_written():
    # 3,15 x 4 = 12,60 ; 60 % = 7,56 ; 80 % = 10,08
    old = an_insured(situations=(Situation(ALWAYS, "aspa"),))
    act = an_act(code="AMI", coefficient=Decimal(4), fee=euro("12.60"))
    (line,) = decide(a_claim(act, practitioner_specialty="24"), old).lines
    (step,) = [step for step in line.trace if step.article == "CSS R160-9"]
    assert (line.gross, step.amount) == (euro("10.08"), euro("2.52"))
    assert any("(AMI 4)" in each.sentence for each in line.trace)
    plain = replace(act, coefficient=Decimal(1), fee=euro("3.15"))
    (line,) = decide(a_claim(plain, practitioner_specialty="24"), old).lines
    assert any("(AMI)" in each.sentence for each in line.trace)


def test_an_act_that_costs_nothing_is_no_negative_sum():
    codes = [each.code for each in decide(a_claim(an_act(fee=euro("0.00")))).not_computed]
    assert "montant_negatif" not in codes
    assert "montant_negatif" in [each.code for each in decide(a_claim(an_act(fee=euro("-0.01")))).not_computed]


def test_the_other_reading_names_what_was_chosen():
    given = {
        "claim": {"acts": [{"day": "2026-11-02", "code": "G", "fee": "30.00"}]},
        "profile": {"medecin_traitant": "autre"},
    }
    (other,) = [
        each for each in case.run(given)["other_readings"] if each["parameter"] == "parcours.majoration_lecture"
    ]
    assert (other["chosen"], other["other"], other["total"]) == ("plafond", "sans_plafond", "7.00")


# --- an indu of an insured, day after day ------------------------------------------------------------

RECEIVED = (Event("notification", date(2026, 8, 1)), Event("reception", date(2026, 8, 3)))
OWED = Debt(euro("90.00"), None, RECEIVED)


def then(*events):
    return replace(OWED, events=(*RECEIVED, *events))


def test_an_indu_closed_paid_in_parts_or_waiting():
    day = date(2026, 8, 23)  # the twentieth
    assert of_debt(replace(OWED, events=()), day, LAW).state == "a_notifier"
    assert of_debt(replace(OWED, events=RECEIVED[:1]), day, LAW).state == "notifie"
    assert (of_debt(OWED, day, LAW).state, of_debt(OWED, date(2026, 8, 24), LAW).state) == (
        "delai",
        "a_retenir",
    )
    assert of_debt(OWED, day, LAW).held_from == date(2026, 8, 24)
    part = then(Event("versement", day, euro("30.00")), Event("versement", day, euro("20.00")))
    assert of_debt(part, day, LAW).left == euro("40.00")
    assert of_debt(replace(part, held=euro("40.00")), day, LAW).state == "solde"
    assert of_debt(then(Event("annulation", day)), day, LAW).state == "annule"
    assert of_debt(replace(OWED, outcome="prescrit"), day, LAW).state == "prescrit"
    assert OWED.last("accord") is None


def test_a_schedule_kept_then_late():
    agreed = Event("accord", date(2026, 8, 20))
    assert of_debt(then(agreed), date(2026, 9, 20), LAW).state == "accord"
    assert of_debt(then(agreed), date(2026, 9, 21), LAW).state == "a_retenir"
    dues = [["2026-10-01", "45.00"], ["2026-11-01", "45.00"]]
    plan = Event("echeancier", date(2026, 8, 25), body={"dues": dues})
    check(then(agreed), plan, date(2026, 8, 25), LAW)
    for wrong in (dues[:1], dues[::-1], [["2026-08-25", "45.00"], dues[1]], [dues[0], ["2027-08-21", "45.00"]]):
        with pytest.raises(Refused, match="indu_etat"):
            check(then(agreed), replace(plan, body={"dues": wrong}), date(2026, 8, 25), LAW)
    kept = then(agreed, plan)
    assert of_debt(kept, date(2026, 10, 1), LAW).state == "echeancier"
    late = of_debt(kept, date(2026, 10, 2), LAW)
    assert (late.state, "45,00" in late.sentence) == ("a_retenir", True)
    more = replace(kept, events=(*kept.events, Event("versement", date(2026, 9, 30), euro("50.00"))))
    assert of_debt(more, date(2026, 10, 2), LAW).state == "echeancier"
    assert "40,00" in of_debt(more, date(2026, 11, 2), LAW).sentence


def test_what_is_held_back_never_passes_what_is_paid():
    owed = [
        case_owed(euro("30.00"), date(2026, 5, 1)),
        case_owed(euro("-5.00"), date(2026, 6, 1)),
        case_owed(euro("4.00"), date(2026, 1, 1)),
    ]
    held, _ = hold_back(euro("20.00"), owed, (), euro("0.00"), TODAY, LAW)
    # what is given back comes first, then the oldest: -5,00, 4,00, and 21,00 of 30,00
    assert [each.amount for each in held] == [euro("-5.00"), euro("4.00"), euro("21.00")]


def case_owed(amount, since):
    return Owed("participation_forfaitaire", "a", since, DOCTOR, amount, since)
