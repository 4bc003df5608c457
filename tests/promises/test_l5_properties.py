"""L5: reimbursed <= paid; the order of lines changes nothing; a past décompte recomputes equal."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.claim import History
from domain.money import ZERO
from domain.people import Affiliation, Ald, ComplementaireSante, Situation
from domain.period import Period
from law import load
from liquidation import case, liquidate
from rights import open_rights
from tests.liquidation.cases import (
    DOCTOR,
    OTHER_DOCTOR,
    TODAY,
    a_claim,
    an_act,
    an_insured,
    rights_of,
    withheld,
)

ALWAYS = Period(date(2000, 1, 1))
PAST = Path(__file__).parent.parent / "liquidation" / "past"

days = st.dates(date(2024, 1, 1), date(2026, 11, 22))
fees = st.integers(0, 20_000).map(lambda cents: Decimal(cents) / 100)
acts = st.lists(st.tuples(days, st.sampled_from(["G", "GS", "VG", "VGS", "APC"]), fees), min_size=1, max_size=7)
people = st.builds(
    lambda born, ald, c2s, local: an_insured(
        birth_date=born,
        affiliations=(Affiliation(ALWAYS, "017510000"),),
        alds=(Ald(ALWAYS, 8),) if ald else (),
        complementaires=(ComplementaireSante(ALWAYS),) if c2s else (),
        situations=(Situation(ALWAYS, "regime_local"),) if local else (),
    ),
    st.dates(date(1930, 1, 1), date(2023, 1, 1)),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
claims = st.builds(
    lambda rows, doctor, ald, parcours, paid, complementary: a_claim(
        *(an_act(n, day=day, code=code, fee=fee) for n, (day, code, fee) in enumerate(rows, start=1)),
        practitioner_rpps=doctor,
        ald=ald,
        parcours=parcours,
        paid_by_insured=paid,
        complementary_paid_by_insured=complementary,
    ),
    acts,
    st.sampled_from([DOCTOR, OTHER_DOCTOR]),
    st.booleans(),
    st.sampled_from([None, "N", "O", "U", "S"]),
    st.booleans(),
    st.booleans(),
)
histories = st.integers(0, 30).map(lambda count: History(withheld(count)))


def examples(form, what, test):
    number = form.count(500, 10_000)
    settings(max_examples=number, deadline=None, suppress_health_check=list(HealthCheck))(test)()
    form.tell("L5", f"{what}: {number} of {number}")


def decided(claim, insured, history):
    return liquidate(claim, rights_of(claim, insured), history, TODAY, load())


def test_never_more_than_was_paid_and_shares_add_up(form):
    @given(claims, people, histories)
    def holds(claim, insured, history):
        decision = decided(claim, insured, history)
        assert decision.not_computed == ()
        for line in decision.lines:
            assert ZERO <= line.paid <= line.base <= line.fee
            assert line.paid == line.gross - sum(line.retained.values(), ZERO) + line.complementary
            shares = [share for share in decision.shares if share.line == line.line]
            assert sum((share.amount for share in shares), ZERO) == line.paid
            assert all(share.amount > ZERO for share in shares)
            assert len({(share.payee_kind, share.payee_id) for share in shares}) == len(shares)
        assert decision.total == sum((line.paid for line in decision.lines), ZERO)

    examples(form, "reimbursed <= paid, shares add up", holds)


def test_the_order_of_lines_changes_nothing(form):
    @given(claims, people, histories, st.randoms(use_true_random=False))
    def holds(claim, insured, history, rng):
        shuffled = list(claim.acts)
        rng.shuffle(shuffled)
        assert decided(replace(claim, acts=tuple(shuffled)), insured, history) == decided(
            claim, insured, history
        )
        renumbered = tuple(replace(act, line=line) for line, act in enumerate(shuffled, start=1))
        again = decided(replace(claim, acts=renumbered), insured, history)
        of = lambda decision: sorted((x.day, x.code, x.fee, x.paid) for x in decision.lines)  # noqa: E731
        assert of(again) == of(decided(claim, insured, history))

    examples(form, "order of lines irrelevant", holds)


def test_what_came_after_changes_nothing(form):
    @given(claims, people, histories)
    def holds(claim, insured, history):
        first = decided(claim, insured, history)
        later = tuple(replace(each, reimbursed_on=TODAY + timedelta(days=1)) for each in first.withheld)
        grown = replace(history, withheld=history.withheld + later)
        assert decided(claim, insured, grown) == first

    examples(form, "what came after changes nothing", holds)


def test_more_participations_before_never_pays_less(form):
    @given(claims, people, st.integers(0, 30))
    def holds(claim, insured, count):
        less = decided(claim, insured, History(withheld(count)))
        more = decided(claim, insured, History(withheld(count + 1)))
        assert more.total >= less.total

    examples(form, "more participations never pay less", holds)


@pytest.mark.parametrize("path", sorted(PAST.glob("*.json")), ids=lambda path: path.stem)
def test_a_past_decompte_recomputes_equal(path):
    """Décomptes kept with the version that made them: same rules, same amounts and traces."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    again = case.run(kept["case"], open_rights)
    assert again["not_computed"] == []
    if (again["code_version"], again["law_version"]) == (
        kept["decision"]["code_version"],
        kept["decision"]["law_version"],
    ):
        assert again == kept["decision"]
    for name in ("total", "shares", "withheld"):
        assert again[name] == kept["decision"][name]
    for name in ("base", "rate", "gross", "retained", "complementary", "paid"):
        assert [x[name] for x in again["lines"]] == [x[name] for x in kept["decision"]["lines"]]


def test_there_are_past_decomptes():
    assert len(list(PAST.glob("*.json"))) >= 8
