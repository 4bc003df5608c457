"""Random cases, drawn by a seed: the oracle and liquidate() agree to the cent."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.claim import History, Withheld
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
from liquidation import liquidate
from tests.liquidation.cases import DOCTOR, OTHER_DOCTOR, a_claim, an_act, an_insured, rights_of
from tests.oracle.cents import answer

ALWAYS = Period(date(2000, 1, 1))
FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)


def draw(rng):
    """A case as the oracle takes it."""
    days = [FIRST + timedelta(days=rng.randrange((LAST - FIRST).days + 1)) for _ in range(2)]
    if rng.random() < 0.3:
        days[0] = rng.choice([date(2024, 5, 14), date(2024, 5, 15), date(2024, 12, 21), date(2024, 12, 22)])
    decided_on = min(LAST, max(days) + timedelta(days=rng.choice([0, 5, 40, 200])))
    fees = [0, 1, 5, 100, 200, 285, 286, 2648, 2649, 2650, 2999, 3000, 3001, 4500, 6000, 12345]
    acts = [
        (rng.choice(days), rng.choice(["G", "G", "GS", "VG", "VGS", "APC"]), rng.choice(fees))
        for _ in range(rng.choice([1, 1, 2, 3, 6]))
    ]
    declared = rng.choice([DOCTOR, OTHER_DOCTOR, None])
    nature = rng.choice(["maladie"] * 5 + ["atmp"])
    return {
        "acts": acts,
        "born": rng.choice([
            date(1950, 2, 28), date(2008, 2, 29), date(2007, 1, 1), date(2009, 6, 1), date(2015, 1, 1),
            days[0].replace(year=days[0].year - 16, day=min(days[0].day, 28)),
        ]),
        "nature": nature,
        "maternity": nature == "maladie" and rng.random() < 0.15,
        "invalid": rng.random() < 0.1,
        "ald_ticked": rng.random() < 0.3,
        "ald_open": rng.random() < 0.4,
        "regime_local": rng.random() < 0.2,
        "c2s": rng.random() < 0.15,
        "doctor": DOCTOR,
        "declared": declared,
        "ticked": rng.choice([None, None, "N", "O", "D", "U", "H", "R", "S"]),
        "insured_paid": rng.random() < 0.7,
        "decided_on": decided_on,
        "history": [
            {
                "care_day": rng.choice([*days, date(2024, 2, 2)]),
                "doctor": rng.choice([DOCTOR, OTHER_DOCTOR]),
                "paid_on": decided_on - timedelta(days=rng.choice([0, 10, 400])),
                "cents": rng.choice([100, 200]),
            }
            for _ in range(rng.choice([0, 0, 1, 3, 5, 24, 26, 49]))
        ],
    }  # fmt: skip


def ours(case):
    """The same case through rights and liquidation."""
    insured = an_insured(
        birth_date=case["born"],
        affiliations=(Affiliation(ALWAYS, "017510000"),),
        medecins_traitants=(MedecinTraitant(ALWAYS, case["declared"]),) if case["declared"] else (),
        alds=(Ald(ALWAYS, 8),) if case["ald_open"] else (),
        complementaires=(ComplementaireSante(ALWAYS),) if case["c2s"] else (),
        grossesses=(Grossesse(ALWAYS, FIRST),) if case["maternity"] else (),
        accidents=(AccidentDuTravail(ALWAYS, "1", ALWAYS.start),),
        situations=(
            *((Situation(ALWAYS, "regime_local"),) if case["regime_local"] else ()),
            *((Situation(ALWAYS, "invalidite"),) if case["invalid"] else ()),
        ),
    )
    claim = a_claim(
        *(
            an_act(line, day=day, code=code, fee=Decimal(fee) / 100)
            for line, (day, code, fee) in enumerate(case["acts"], start=1)
        ),
        nature=case["nature"],
        ald=case["ald_ticked"],
        parcours=case["ticked"],
        paid_by_insured=case["insured_paid"],
    )
    history = History(
        tuple(
            Withheld(
                "participation_forfaitaire", Decimal(each["cents"]) / 100, each["paid_on"],
                each["care_day"], each["doctor"],
            )
            for each in case["history"]
        )
    )  # fmt: skip
    return liquidate(claim, rights_of(claim, insured), history, case["decided_on"], load())


@pytest.mark.parametrize("seed", range(4))
def test_agreement_to_the_cent(seed, request):
    rng = random.Random(seed)
    for number in range(25_000 if request.config.getoption("--long", default=False) else 1_000):
        case = draw(rng)
        decision = ours(case)
        assert decision.not_computed == (), (seed, number)
        assert sorted(int(line.paid * 100) for line in decision.lines) == answer(case), (seed, number)
