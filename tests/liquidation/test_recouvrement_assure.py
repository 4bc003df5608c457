"""What may be done about a sum paid in excess to an insured, day after day (R133-9-2), to the cent."""

from dataclasses import replace
from datetime import date

import pytest

from domain.errors import Refused
from law import load
from liquidation.recouvrement import (
    Claimed,
    Debt,
    Event,
    Owed,
    check,
    hold_back,
    may_follow,
    monthly_limit,
    standing,
)
from tests.liquidation.cases import euro

LAW = load()
SENT, RECEIVED = Event("notification", date(2026, 9, 1)), Event("reception", date(2026, 9, 3))
LAST, HELD_FROM = date(2026, 9, 23), date(2026, 9, 24)  # twenty days from the reception
DEBT = Debt(euro("100.00"), None, (SENT, RECEIVED))
ASKED, REJECTED = Event("contestation", date(2026, 9, 20)), Event("rejet", date(2026, 10, 1))
AGREED = Event("accord", date(2026, 9, 15))
PLAN = Event("echeancier", date(2026, 9, 20), body={"dues": [["2026-10-05", "40.00"], ["2026-11-05", "60.00"]]})


def then(*events: Event, debt: Debt = DEBT) -> Debt:
    return replace(debt, events=(*debt.events, *events))


def paid(amount: str, day: date) -> Event:
    return Event("versement", day, euro(amount))


def refused(debt: Debt, event: Event, today: date) -> str:
    with pytest.raises(Refused) as found:
        check(debt, event, today, LAW)
    assert found.value.code == "indu_etat"
    return str(found.value)


@pytest.mark.parametrize(("debt", "state", "left"), [
    (Debt(euro("100.00")), "a_notifier", "100.00"),
    (Debt(euro("100.00"), None, (SENT,)), "notifie", "100.00"),
    (Debt(euro("100.00"), "prescrit"), "prescrit", "0.00"),
    (Debt(euro("20.00"), "abandonne"), "abandonne", "0.00"),
    (then(Event("annulation", LAST)), "annule", "0.00"),
    (replace(DEBT, held=euro("99.99")), "delai", "0.01"),
    (replace(DEBT, held=euro("100.00")), "solde", "0.00"),
    (then(paid("60.00", LAST), paid("40.00", LAST)), "solde", "0.00"),
    (replace(then(paid("60.00", LAST)), held=euro("39.00")), "delai", "1.00"),
])  # fmt: skip
def test_where_a_debt_stands_on_the_last_day_of_its_delay(debt: Debt, state: str, left: str) -> None:
    now = standing(debt, LAST, LAW)
    assert (now.state, now.left) == (state, euro(left))
    assert now.sentence.endswith(".")
    assert now.article


@pytest.mark.parametrize(("debt", "last", "held_from", "state", "words"), [
    (DEBT, LAST, HELD_FROM, "delai", "Le délai de l'assuré court ; retenue possible dès le 24/09/2026."),
    # R133-9-2 II: a month of silence, then two more
    (then(ASKED), date(2026, 12, 20), date(2026, 12, 21), "conteste",
     "Une rectification est demandée ; retenue possible dès le 21/12/2026."),
    # R133-9-2 III 2°: seven days after the rejection
    (then(ASKED, REJECTED), date(2026, 10, 8), date(2026, 10, 9), "delai",
     "Le délai de l'assuré court ; retenue possible dès le 09/10/2026."),
    # of the very day of the request
    (then(ASKED, Event("rejet", ASKED.on)), date(2026, 9, 27), date(2026, 9, 28), "delai",
     "Le délai de l'assuré court ; retenue possible dès le 28/09/2026."),
    # a rejection of an earlier request answers nothing
    (then(Event("rejet", date(2026, 9, 19)), ASKED), date(2026, 12, 20), date(2026, 12, 21), "conteste",
     "Une rectification est demandée ; retenue possible dès le 21/12/2026."),
])  # fmt: skip
def test_the_day_from_which_it_may_be_held_back(
    debt: Debt, last: date, held_from: date, state: str, words: str
) -> None:
    now = standing(debt, last, LAW)
    assert (now.state, now.until, now.held_from, now.sentence) == (state, last, held_from, words)
    now = standing(debt, held_from, LAW)
    assert (now.state, now.until, now.held_from) == ("a_retenir", None, held_from)


def test_a_schedule_that_was_agreed_upon_is_concluded_within_a_month() -> None:
    now = standing(then(AGREED), date(2026, 10, 15), LAW)
    assert (now.state, now.held_from, now.until) == ("accord", date(2026, 10, 16), date(2026, 10, 15))
    now = standing(then(AGREED), date(2026, 10, 16), LAW)
    assert (now.state, now.held_from) == ("a_retenir", date(2026, 10, 16))
    # a request for rectification that lasts longer holds
    now = standing(then(ASKED, Event("accord", ASKED.on)), date(2026, 11, 1), LAW)
    assert (now.state, now.held_from) == ("conteste", date(2026, 12, 21))


@pytest.mark.parametrize(("events", "day", "state", "late"), [
    ((), date(2026, 10, 5), "echeancier", None),  # the day of a due is not past
    ((), date(2026, 10, 6), "a_retenir", "40,00"),
    ((paid("39.99", date(2026, 10, 5)),), date(2026, 10, 6), "a_retenir", "0,01"),
    ((paid("40.00", date(2026, 10, 5)),), date(2026, 10, 6), "echeancier", None),
    ((paid("40.00", date(2026, 10, 5)),), date(2026, 11, 6), "a_retenir", "60,00"),
    ((paid("50.00", date(2026, 10, 5)),), date(2026, 11, 6), "a_retenir", "50,00"),
])  # fmt: skip
def test_a_schedule_is_kept_or_the_sum_may_be_held_back(
    events: tuple[Event, ...], day: date, state: str, late: str | None
) -> None:
    debt = then(AGREED, PLAN, *events)
    assert debt.dues == ((date(2026, 10, 5), euro("40.00")), (date(2026, 11, 5), euro("60.00")))
    now = standing(debt, day, LAW)
    assert now.state == state
    if late is not None:
        assert f"{late}\xa0€ en retard" in now.sentence
        assert now.held_from == HELD_FROM


def test_what_was_paid_before_a_schedule_does_not_count_for_it() -> None:
    before = then(AGREED, paid("40.00", date(2026, 9, 16)), PLAN)
    assert standing(before, date(2026, 10, 6), LAW).state == "a_retenir"


def test_an_event_of_another_state_is_refused() -> None:
    assert "dans cet état" in refused(DEBT, Event("echeancier", LAST), LAST)
    assert "dans cet état" in refused(DEBT, Event("mise_en_demeure", LAST), LAST)
    assert "dans cet état" in refused(Debt(euro("1.00")), paid("1.00", LAST), LAST)
    assert may_follow(DEBT, "delai") == ("contestation", "accord", "versement", "revenu", "annulation")
    doctor = replace(DEBT, debtor="praticien")
    assert may_follow(doctor, "delai") == ("contestation", "versement", "annulation")
    assert may_follow(replace(DEBT, debtor="employeur"), "delai") == may_follow(doctor, "delai")
    assert may_follow(DEBT, "solde") == ()


def test_an_event_is_not_to_come_nor_before_what_is_noted() -> None:
    told = "à venir, ou précède"
    check(DEBT, paid("1.00", LAST), LAST, LAW)
    assert told in refused(DEBT, paid("1.00", HELD_FROM), LAST)
    check(DEBT, paid("1.00", RECEIVED.on), LAST, LAW)
    assert told in refused(DEBT, paid("1.00", date(2026, 9, 2)), LAST)
    # a payment may be noted of a day before another payment, not before a request
    check(then(paid("1.00", LAST)), paid("1.00", date(2026, 9, 10)), LAST, LAW)
    assert told in refused(then(ASKED), Event("rejet", date(2026, 9, 19)), LAST)
    check(Debt(euro("1.00")), Event("annulation", LAST), LAST, LAW)  # nothing before


@pytest.mark.parametrize(("amount", "held"), [
    ("0.01", True), ("100.00", True), ("100.01", False), ("0.00", False), ("-1.00", False), (None, False),
])  # fmt: skip
def test_a_payment_is_of_something_and_at_most_of_what_is_left(amount: str | None, held: bool) -> None:
    event = Event("versement", LAST, None if amount is None else euro(amount))
    if held:
        check(DEBT, event, LAST, LAW)
    else:
        assert "au plus 100,00\xa0€" in refused(DEBT, event, LAST)


def test_an_income_is_told_and_may_be_nothing() -> None:
    check(DEBT, Event("revenu", LAST, euro("0.00")), LAST, LAW)
    assert "revenu mensuel" in refused(DEBT, Event("revenu", LAST), LAST)
    assert "revenu mensuel" in refused(DEBT, Event("revenu", LAST, euro("-0.01")), LAST)


def test_a_rectification_is_asked_within_twenty_days() -> None:
    check(DEBT, Event("contestation", LAST), LAST, LAW)
    assert "dans cet état" in refused(then(AGREED), Event("contestation", LAST), LAST)
    assert "dans cet état" in refused(DEBT, Event("contestation", HELD_FROM), HELD_FROM)


@pytest.mark.parametrize(("dues", "told"), [
    ([["2026-10-05", "40.00"], ["2026-11-05", "60.00"]], None),
    ([["2026-09-21", "40.00"], ["2027-09-15", "60.00"]], None),  # the morrow; twelve months from the accord
    ([["2026-09-20", "40.00"], ["2026-11-05", "60.00"]], "se suivent"),
    ([["2026-10-05", "40.00"], ["2027-09-16", "60.00"]], "au plus tard le 15/09/2027"),
    ([["2026-11-05", "40.00"], ["2026-10-05", "60.00"]], "se suivent"),
    ([["2026-10-05", "40.00"], ["2026-10-05", "60.00"]], "se suivent"),
    ([], "se suivent"),
    ([["2026-10-05", "40.00"], ["2026-11-05", "59.99"]], "en tout 100,00"),
    ([["2026-10-05", "0.00"], ["2026-11-05", "100.00"]], "en tout 100,00"),
    ([["2026-10-05", "-1.00"], ["2026-11-05", "101.00"]], "en tout 100,00"),
])  # fmt: skip
def test_a_schedule_pays_all_within_a_year(dues: list[list[str]], told: str | None) -> None:
    event = Event("echeancier", PLAN.on, body={"dues": dues})
    if told is None:
        check(then(AGREED), event, LAST, LAW)
    else:
        assert told in refused(then(AGREED), event, LAST)


def owed(amount: str, since: date, kind: str = "participation", care_day: date = date(2026, 1, 5)) -> Owed:
    return Owed(kind, "a", care_day, "p", euro(amount), since)


def test_participations_come_first_the_oldest_first_and_never_more_than_is_paid() -> None:
    new, old = owed("2.00", date(2026, 6, 1)), owed("1.00", date(2026, 5, 1))
    held, trace = hold_back(euro("2.50"), [new, old], (), euro("0.00"), LAST, LAW)
    assert [(each.owed, each.amount, each.on) for each in held] == [
        (old, euro("1.00"), LAST), (new, euro("1.50"), LAST),
    ]  # fmt: skip
    assert [each.amount for each in trace] == [euro("-2.50")]
    # what was given up comes back first, and makes room
    back = owed("-3.00", date(2026, 7, 1))
    held, trace = hold_back(euro("0.00"), [new, old, back], (), euro("0.00"), LAST, LAW)
    assert [each.amount for each in held] == [euro("-3.00"), euro("1.00"), euro("2.00")]
    assert hold_back(euro("0.00"), [new], (), euro("0.00"), LAST, LAW) == ((), ())


def test_a_participation_is_no_more_once_prescribed_but_is_given_back() -> None:
    # D160-7; L160-11: two years
    due = owed("2.00", date(2024, 9, 23))
    assert hold_back(euro("9.00"), [due], (), euro("0.00"), date(2026, 9, 22), LAW)[0]
    assert not hold_back(euro("9.00"), [due], (), euro("0.00"), date(2026, 9, 23), LAW)[0]
    back = owed("-2.00", date(2024, 9, 23))
    assert hold_back(euro("9.00"), [back], (), euro("0.00"), date(2026, 9, 23), LAW)[0]


def test_an_indu_takes_what_participations_left_within_the_limit_of_the_month() -> None:
    one, two = Claimed("1", "a", euro("20.00"), euro("231.00")), Claimed("2", "a", euro("60.00"))
    held, trace = hold_back(
        euro("100.00"), [owed("2.00", date(2026, 6, 1))], [one, two], euro("0.00"), LAST, LAW
    )
    assert [each.amount for each in held] == [euro("2.00"), euro("20.00"), euro("25.00")]  # 45,00 a month
    assert [each.amount for each in trace] == [euro("-2.00"), euro("45.00"), euro("-20.00"), euro("-25.00")]
    held, _ = hold_back(euro("30.00"), (), [one, two], euro("0.00"), LAST, LAW)
    assert [each.amount for each in held] == [euro("20.00"), euro("10.00")]  # not more than is paid
    held, trace = hold_back(euro("30.00"), (), [one], euro("46.00"), LAST, LAW)  # more than the limit taken
    assert (held, len(trace)) == ((), 1)
    held, trace = hold_back(euro("2.00"), [owed("2.00", date(2026, 6, 1))], [one], euro("0.00"), LAST, LAW)
    assert (len(held), len(trace)) == (1, 1)  # nothing is left for it, nor said of it


def test_the_lowest_income_that_was_told_is_that_of_the_household() -> None:
    low, high = (Claimed("1", "a", euro("500.00"), euro(income)) for income in ("231.00", "1000.00"))
    for claimed in ([low, high], [high, low]):
        held, _ = hold_back(euro("900.00"), (), claimed, euro("0.00"), LAST, LAW)
        assert sum(each.amount for each in held) == euro("45.00")


@pytest.mark.parametrize(("income", "most"), [("231.01", "45.00"), ("231.04", "45.01"), ("345.00", "73.50")])
def test_the_scale_begins_past_its_first_step(income: str, most: str) -> None:
    # D553-1 III: 45, then 25 % of what exceeds 231
    limit, step = monthly_limit(euro(income), LAST, LAW)
    assert (limit, step.amount) == (euro(most), euro(most))
    assert step.sentence.startswith("Revenu mensuel pondéré du ménage,")
    assert monthly_limit(None, LAST, LAW)[1].sentence.startswith("Revenu du ménage non connu, réputé 1")
