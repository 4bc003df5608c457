"""L1: every day of the horizon, each benefit has exactly one rule or one declared refusal."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.claim import History
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
from law import NotCovered, load
from liquidation import liquidate
from liquidation.exonerations import IN_ORDER
from rights import open_rights
from tests.liquidation.cases import DOCTOR, a_claim, an_act, an_insured, euro

ALWAYS = Period(date(2010, 1, 1))
PRICES = ("tarif", "ccam.", "medicament.", "transport.")
HOUSE = {
    "affiliations": (Affiliation(ALWAYS, "017510000"),),
    "medecins_traitants": (MedecinTraitant(ALWAYS, DOCTOR),),
}
ACCIDENT = AccidentDuTravail(ALWAYS, "1", date(2010, 1, 1))
BENEFITS = {
    **{code: ({"code": code}, {}, {}) for code in ("G", "GS", "VG", "VGS", "APC", "CS", "C", "V", "HBLD038")},
    "specialiste": ({"code": "CS"}, {"practitioner_specialty": "03"}, {}),
    "psychiatre": ({"code": "CNP"}, {"practitioner_specialty": "33"}, {}),
    "avis_psychiatre": ({"code": "APY"}, {"practitioner_specialty": "33"}, {}),
    "non_conventionne": ({}, {"practitioner_sector": "0"}, {}),
    "honoraires_differents": ({"code": "C"}, {"practitioner_sector": "3", "practitioner_optam": False}, {}),
    "nuit": ({"others": ("MN",)}, {}, {}),
    "infirmier": ({"code": "AMI", "coefficient": Decimal(4)}, {"practitioner_specialty": "24"}, {}),
    "kinesitherapeute": ({"code": "AMK"}, {"practitioner_specialty": "26"}, {}),
    "pedicure": ({"code": "AMP"}, {"practitioner_specialty": "27"}, {}),
    "sage_femme": ({"code": "C"}, {"practitioner_specialty": "21"}, {}),
    "biologie": ({"code": "B", "coefficient": Decimal(20)}, {"practitioner_specialty": "30"}, {}),
    "medicament": ({"code": "3400921604696"}, {"practitioner_specialty": "50"}, {}),
    "transport": ({"code": "VSL", "tariff": euro("20.00")}, {"practitioner_specialty": "55"}, {}),
    "lpp": ({"code": "1234567", "tariff": euro("20.00")}, {"practitioner_specialty": "60"}, {}),
    "ald": ({}, {"ald": True}, {"alds": (Ald(ALWAYS, 8),)}),
    "atmp": ({}, {"nature": "atmp"}, {"accidents": (ACCIDENT,)}),
    "maternite": ({}, {}, {"grossesses": (Grossesse(ALWAYS, date(2024, 1, 1)),)}),
    "c2s": ({}, {}, {"complementaires": (ComplementaireSante(ALWAYS),)}),
    "regime_local": ({}, {}, {"situations": (Situation(ALWAYS, "regime_local"),)}),
    "invalidite": ({}, {}, {"situations": (Situation(ALWAYS, "invalidite"),)}),
    "rente": ({}, {}, {"situations": (Situation(ALWAYS, "rente_at_66"),)}),
    "ame": ({}, {}, {"situations": (Situation(ALWAYS, "ame"),)}),
    "mineur": ({}, {}, {"birth_date": date(2015, 5, 5), "quality": "30"}),
    "hors_parcours": ({}, {"practitioner_rpps": "10009876543"}, {}),
    "prevention": ({}, {"nature": "prevention"}, {}),
    "ivg": ({"ground": "ivg"}, {}, {}),
    "hospitalise": ({}, {"hospitalised": True}, {}),
    "vehicule_personnel": ({"code": "VP", "kilometres": 90}, {"practitioner_specialty": "55"}, {}),
}

FIRST = {
    "HBLD038": date(2026, 1, 1),
    "medicament": date(2026, 5, 15),
    "APC": date(2023, 11, 1),
    "psychiatre": date(2023, 11, 1),
    "biologie": date(2023, 2, 1),
}
"""Benefits whose tariff is known later than the first day of the horizon; before, a declared refusal."""


def every_day():
    horizon = load().horizon
    day = horizon.first - timedelta(days=1)
    while day <= horizon.last + timedelta(days=1):
        yield day
        day += timedelta(days=1)


@pytest.mark.parametrize("benefit", BENEFITS)
def test_one_rule_or_one_declared_refusal(benefit):
    act, claim, person = BENEFITS[benefit]
    law = load()
    insured = an_insured(**{**HOUSE, **person})
    computed = 0
    for day in every_day():
        given = a_claim(an_act(day=day, fee=euro("30.00"), **act), **claim)
        decision = liquidate(given, {day: open_rights(insured, day, law)}, History(), day, law)
        assert bool(decision.lines) != bool(decision.not_computed), day
        if decision.lines:
            computed += 1
            (line,) = decision.lines
            assert law.horizon.first <= day <= law.horizon.last
            tariffs = [step for step in line.trace if (step.parameter or "").startswith(PRICES)]
            rates = [step for step in line.trace if (step.parameter or "").startswith("taux.")]
            assert len(tariffs) == (0 if "tariff" in act else 2 if benefit == "medicament" else 1)
            assert len(rates) == 1 + (benefit == "regime_local")
        else:
            assert all(reason.code and reason.message for reason in decision.not_computed)
    refused = {"CS", "nuit"}
    first = FIRST.get(benefit, law.horizon.first)
    assert computed == (0 if benefit in refused else (law.horizon.last - first).days + 1)


def answer_of(law, name, day):
    """A value, None where the parameter is without object, or the words of the refusal."""
    try:
        return law.optional(name, day)
    except NotCovered as refusal:
        return refusal.missing


def test_every_parameter_has_one_answer_every_day():
    law = load()
    for name in law.parameters:
        for day in every_day():
            answer = answer_of(law, name, day)
            assert answer is None or isinstance(answer, str) or answer.since <= day
            assert answer != ""


def test_exonerations_have_different_names_and_an_article():
    assert len({rule.name for rule in IN_ORDER}) == len(IN_ORDER)
    assert all(rule.article.startswith(("CSS ", "CASF ")) for rule in IN_ORDER)
