"""Properties over every profession: never more than what was paid, the order of lines is no matter."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.claim import History, Withheld
from domain.money import ZERO
from domain.people import Affiliation, Ald, ComplementaireSante, MedecinTraitant, Situation
from domain.period import Period
from law import load
from liquidation import liquidate
from tests.liquidation.cases import DOCTOR, OTHER_DOCTOR, TODAY, a_claim, an_act, an_insured, rights_of

ALWAYS = Period(date(2000, 1, 1))
CIP = "3400921604696"
PF = "participation_forfaitaire"
LETTERS = {
    "01": ("G", "GS", "VG", "C", "APC", "COB", "DEQP003"),
    "03": ("CS", "APC", "DEQP003", "MCS"),
    "49": ("CS", "HHFA009", "QZFA020", "QZFA029"),
    "06": ("ACQL007", "AEQH002", "CS"),
    "33": ("CNP", "CS", "APY"),
    "24": ("AMI", "AIS", "BSA"),
    "30": ("B",),
    "50": (CIP, "3400949497294"),
    "55": ("VSL", "TXI"),
    "19": ("HBLD038", "QZFA020"),
}

days = st.dates(date(2026, 5, 15), date(2026, 6, 15))
fees = st.integers(0, 60_000).map(lambda cents: Decimal(cents) / 100)


@st.composite
def claims(draw):
    specialty = draw(st.sampled_from(sorted(LETTERS)))
    counted = specialty in ("24", "30")
    acts = []
    for line in range(1, draw(st.integers(1, 5)) + 1):
        code = draw(st.sampled_from(LETTERS[specialty]))
        acts.append(
            an_act(
                line,
                day=draw(days),
                code=code,
                fee=draw(fees),
                coefficient=Decimal(draw(st.integers(1, 30))) if counted else Decimal(1),
                quantity=draw(st.integers(1, 6)) if specialty in ("24", "50", "55") else 1,
                association=draw(st.sampled_from(["1", "2", "4"])) if len(code) == 7 else None,
                tariff=draw(fees) if specialty == "55" else None,
            )
        )
    return a_claim(
        *acts,
        practitioner_specialty=specialty,
        practitioner_sector=draw(st.sampled_from(["1", "1", "3", "0"])),
        practitioner_optam=draw(st.sampled_from([None, True, False])),
        practitioner_rpps=draw(st.sampled_from([DOCTOR, OTHER_DOCTOR])),
        parcours=draw(st.sampled_from([None, "O", "D", "S", "U"])),
        ald=draw(st.booleans()),
        paid_by_insured=draw(st.booleans()),
        complementary_paid_by_insured=draw(st.booleans()),
    )


people = st.builds(
    lambda born, ald, c2s, kind, doctor: an_insured(
        birth_date=born,
        affiliations=(Affiliation(ALWAYS, "017510000"),),
        medecins_traitants=(MedecinTraitant(ALWAYS, DOCTOR),) if doctor else (),
        alds=(Ald(ALWAYS, 8),) if ald else (),
        complementaires=(ComplementaireSante(ALWAYS),) if c2s else (),
        situations=(Situation(ALWAYS, kind),) if kind else (),
    ),
    st.dates(date(1930, 1, 1), date(2023, 1, 1)),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, None, "regime_local", "aspa", "invalidite"]),
    st.booleans(),
)


@st.composite
def histories(draw):
    kinds = (PF, "franchise_auxiliaire", "franchise_medicament", "franchise_transport")
    rows = st.tuples(st.sampled_from(kinds), st.integers(0, 40), st.sampled_from(["1.00", "2.00", "8.00"]))
    return History(
        tuple(
            Withheld(kind, Decimal(amount), date(2026, 5, 20), date(2026, 5, 15) + timedelta(n), OTHER_DOCTOR)
            for kind, n, amount in draw(st.lists(rows, max_size=20))
        )
    )


def decided(claim, insured, history):
    return liquidate(claim, rights_of(claim, insured), history, TODAY, load())


def examples(test, number):
    settings(max_examples=number, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))(
        test
    )()


def test_never_more_than_was_paid_and_shares_add_up():
    computed = 0

    @given(claims(), people, histories())
    def holds(claim, insured, history):
        nonlocal computed
        decision = decided(claim, insured, history)
        assert bool(decision.lines) != bool(decision.not_computed)
        computed += bool(decision.lines)
        for line in decision.lines:
            assert ZERO <= line.paid <= line.base <= line.fee
            assert line.gross <= line.base
            assert all(amount > ZERO for amount in line.retained.values())
            assert line.paid == line.gross - sum(line.retained.values(), ZERO) + line.complementary
            shares = [share.amount for share in decision.shares if share.line == line.line]
            assert sum(shares, ZERO) == line.paid
            assert all(amount > ZERO for amount in shares)
        taken = [each for each in (*history.withheld, *decision.withheld) if each.kind == PF]
        assert len(taken) <= 25 or not any(each.kind == PF for each in decision.withheld)
        franchises = sum((each.amount for each in decision.withheld if each.kind.startswith("franchise")), ZERO)
        before = sum((each.amount for each in history.withheld if each.kind.startswith("franchise")), ZERO)
        assert franchises == ZERO or before + franchises <= 50

    examples(holds, 150)
    assert computed > 40


def test_the_order_of_lines_changes_nothing():
    @given(claims(), people, histories(), st.randoms(use_true_random=False))
    def holds(claim, insured, history, rng):
        shuffled = list(claim.acts)
        rng.shuffle(shuffled)
        first = decided(claim, insured, history)
        assert decided(replace(claim, acts=tuple(shuffled)), insured, history) == first
        renumbered = tuple(replace(act, line=line) for line, act in enumerate(shuffled, start=1))
        again = decided(replace(claim, acts=renumbered), insured, history)
        assert again.total == first.total
        assert sorted(each.code for each in again.not_computed) == sorted(
            each.code for each in first.not_computed
        )

    examples(holds, 150)
