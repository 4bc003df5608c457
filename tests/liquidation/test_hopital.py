"""Stays and passages through the urgences: each sum in its comment."""

from datetime import date

import jsonschema
import pytest

import liquidation.case
from domain.errors import Refused
from domain.people import AccidentDuTravail, Ald, ComplementaireSante, Grossesse, Situation
from domain.period import Period
from domain.plain import to_plain
from law import load
from liquidation.hopital import Passage, Stay, stay, urgences
from rights import open_rights
from tests.liquidation.cases import TODAY, an_insured, euro

LAW = load()
ALWAYS = Period(date(2020, 1, 1))
IN = date(2026, 11, 2)
PEOPLE = {
    "adulte": an_insured(),
    "ald": an_insured(alds=(Ald(ALWAYS, 8),)),
    "c2s": an_insured(complementaires=(ComplementaireSante(ALWAYS),)),
    "invalidite": an_insured(situations=(Situation(ALWAYS, "invalidite"),)),
    "local": an_insured(situations=(Situation(ALWAYS, "regime_local"),)),
    "ame": an_insured(situations=(Situation(ALWAYS, "ame"),)),
    "accident": an_insured(accidents=(AccidentDuTravail(ALWAYS, "25", date(2026, 10, 5)),)),
    "enfant": an_insured(birth_date=date(2011, 3, 1), quality="30"),
    "rente": an_insured(situations=(Situation(ALWAYS, "rente_at_66"),)),
    "maternite": an_insured(grossesses=(Grossesse(ALWAYS, date(2026, 12, 1)),)),
}


def stayed(tariff, who="adulte", start=IN, end=date(2026, 11, 6), **given):
    held = open_rights(PEOPLE[who], start, LAW)
    return stay(Stay(start, end, euro(tariff), **given), held, TODAY, LAW)


def sums(decision):
    assert decision.not_computed == ()
    assert decision.paid == decision.tariff - decision.borne + decision.complementary
    return str(decision.participation), str(decision.forfait), str(decision.borne), str(decision.paid)


@pytest.mark.parametrize(("tariff", "given", "expected"), [
    # five days: 5 x 23,00 = 115,00 ; 20 % of 5 000,00 = 1 000,00, on which the forfait is counted
    ("5000.00", {}, ("1000.00", "115.00", "1000.00", "4000.00")),
    ("575.00", {}, ("115.00", "115.00", "115.00", "460.00")),
    ("574.95", {}, ("114.99", "115.00", "115.00", "459.95")),
    # 20 % of 400,00 = 80,00 is counted on the forfait of 115,00
    ("400.00", {}, ("80.00", "115.00", "115.00", "285.00")),
    ("5000.00", {"service": "psychiatrie"}, ("1000.00", "85.00", "1000.00", "4000.00")),  # 5 x 17,00
    # an act of 120,00: 32,00 and the forfait, which is not counted on it
    ("5000.00", {"act_tariff": euro("120.00")}, ("32.00", "115.00", "147.00", "4853.00")),
    ("5000.00", {"act_tariff": euro("119.99")}, ("1000.00", "115.00", "1000.00", "4000.00")),
])  # fmt: skip
def test_a_stay(tariff, given, expected):
    assert sums(stayed(tariff, **given)) == expected


@pytest.mark.parametrize(("who", "given", "expected"), [
    ("ald", {"ald": True}, ("0.00", "115.00", "115.00", "4885.00")),
    ("ald", {}, ("1000.00", "115.00", "1000.00", "4000.00")),
    ("invalidite", {}, ("0.00", "115.00", "115.00", "4885.00")),
    ("maternite", {}, ("0.00", "0.00", "0.00", "5000.00")),
    ("accident", {"nature": "atmp"}, ("0.00", "0.00", "0.00", "5000.00")),
    ("accident", {}, ("1000.00", "115.00", "1000.00", "4000.00")),
    ("c2s", {}, ("1000.00", "115.00", "1000.00", "5000.00")),
    # the régime local bears the participation of 1 000,00 and the forfait, or both of an acte lourd
    ("local", {}, ("1000.00", "115.00", "0.00", "5000.00")),
    ("local", {"act_tariff": euro("200.00")}, ("32.00", "115.00", "0.00", "5000.00")),
    ("ame", {}, ("0.00", "0.00", "0.00", "5000.00")),
    ("adulte", {"ground": "donneur"}, ("0.00", "0.00", "0.00", "5000.00")),
    ("adulte", {"ground": "ivg"}, ("0.00", "115.00", "115.00", "4885.00")),
    # R160-6 al. 4: 1 000,00 + 10,60 ; the C2S does not bear the majoration
    ("adulte", {"outside_parcours": True}, ("1000.00", "115.00", "1010.60", "3989.40")),
    ("c2s", {"outside_parcours": True}, ("1000.00", "115.00", "1010.60", "4989.40")),
    # D162-1-6 3°: an act of the protocole, also of a pensioner
    ("ald", {"ald": True, "outside_parcours": True}, ("0.00", "115.00", "115.00", "4885.00")),
    ("invalidite", {"outside_parcours": True}, ("0.00", "115.00", "125.60", "4874.40")),
    ("maternite", {"outside_parcours": True}, ("0.00", "0.00", "0.00", "5000.00")),
    ("enfant", {"outside_parcours": True}, ("1000.00", "115.00", "1000.00", "4000.00")),
])  # fmt: skip
def test_who_is_in_hospital(who, given, expected):
    assert sums(stayed("5000.00", who, **given)) == expected


@pytest.mark.parametrize(("start", "end", "forfait"), [
    (date(2026, 2, 27), date(2026, 2, 28), "40.00"),  # 2 x 20,00
    (date(2026, 2, 28), date(2026, 3, 1), "43.00"),  # 20,00 + 23,00
    (date(2026, 3, 1), date(2026, 3, 2), "46.00"),
    (IN, IN, "23.00"),
])  # fmt: skip
def test_the_forfait_of_each_day(start, end, forfait):
    assert stayed("5000.00", start=start, end=end).forfait == euro(forfait)


@pytest.mark.parametrize(("day", "kept"), [(date(2026, 3, 31), "24.00"), (date(2026, 4, 1), "32.00")])
def test_the_participation_of_the_day_of_admission(day, kept):
    assert stayed("5000.00", start=day, end=day, act_tariff=euro("200.00")).participation == euro(kept)


@pytest.mark.parametrize(("who", "given", "reason"), [
    ("adulte", {"end": date(2026, 12, 2)}, "sejour_long"),  # 31 days
    ("adulte", {"nature": "atmp"}, "at_non_reconnu"),
    ("adulte", {"start": date(2021, 12, 31), "end": date(2021, 12, 31)}, "droit_non_couvert"),
    ("adulte", {"start": date(2026, 12, 31), "end": date(2027, 1, 2)}, "droit_non_couvert"),
])  # fmt: skip
def test_what_goes_to_a_person(who, given, reason):
    decision = stayed("5000.00", who, **given)
    assert reason in [each.code for each in decision.not_computed]
    assert (decision.paid, decision.borne, decision.trace) == (0, 0, ())


def test_thirty_days_are_not_yet_long():
    assert sums(stayed("5000.00", end=date(2026, 12, 1)))[0] == "1000.00"
    # past them, who bears no participation anyway is computed: 31 x 23,00
    assert sums(stayed("5000.00", "ald", end=date(2026, 12, 2), ald=True))[1] == "713.00"


def test_a_long_stay_whose_tariff_is_given_by_period():
    # 40 days: 20 % of 30 000,00 = 6 000,00 against 30 x 23,00 = 690,00, then 10 x 23,00 alone = 6 230,00
    given = {"end": date(2026, 12, 11), "late_tariff": euro("10000.00")}
    assert sums(stayed("40000.00", **given)) == ("6000.00", "920.00", "6230.00", "33770.00")
    # 20 % of 1 000,00 is counted on the thirty days' forfait: 690,00 + 230,00
    given["late_tariff"] = euro("39000.00")
    assert sums(stayed("40000.00", **given)) == ("200.00", "920.00", "920.00", "39080.00")


def test_never_more_than_the_tariff():
    assert sums(stayed("50.00")) == ("10.00", "115.00", "50.00", "0.00")


@pytest.mark.parametrize(("who", "day", "given", "borne"), [
    ("adulte", date(2026, 2, 28), {}, "19.61"), ("adulte", date(2026, 3, 1), {}, "23.00"),
    ("adulte", date(2026, 3, 2), {}, "23.00"),
    ("ald", date(2026, 2, 28), {}, "8.49"), ("ald", date(2026, 3, 1), {}, "9.96"),
    ("accident", IN, {"nature": "atmp"}, "9.96"), ("accident", IN, {}, "9.96"),  # whatever the motive
    ("rente", IN, {}, "0.00"), ("ame", IN, {}, "0.00"), ("adulte", IN, {"ground": "donneur"}, "0.00"),
    ("invalidite", IN, {}, "0.00"), ("maternite", IN, {}, "0.00"),
])  # fmt: skip
def test_urgences(who, day, given, borne):
    held = open_rights(PEOPLE[who], day, LAW)
    decision = urgences(Passage(day, euro("150.00"), **given), held, TODAY, LAW)
    assert decision.not_computed == ()
    assert (decision.borne, decision.paid) == (euro(borne), euro("150.00") - euro(borne))
    told = {"19.61": "plein", "23.00": "plein", "8.49": "minoré", "9.96": "minoré", "0.00": "supprimé"}
    assert told[borne] in decision.trace[0].sentence


def test_urgences_of_c2s_and_of_who_has_no_right():
    held = open_rights(PEOPLE["c2s"], IN, LAW)
    decision = urgences(Passage(IN, euro("150.00")), held, TODAY, LAW)
    assert (decision.borne, decision.complementary, decision.paid) == (
        euro("23.00"),
        euro("23.00"),
        euro("150.00"),
    )
    closed = open_rights(an_insured(died_on=date(2026, 1, 1)), IN, LAW)
    assert [r.code for r in urgences(Passage(IN, euro("1.00")), closed, TODAY, LAW).not_computed] == [
        "droits_fermes"
    ]


def test_what_is_no_stay():
    for end, tariff in ((date(2026, 11, 1), "1.00"), (IN, "-1.00")):
        with pytest.raises(ValueError, match="stay"):
            Stay(IN, end, euro(tariff))


def test_as_a_case():
    insured = to_plain(an_insured())
    case = {
        "benefit": "hospitalisation", "decided_on": "2026-11-22", "insured": insured,
        "stay": {"admitted_on": "2026-11-02", "left_on": "2026-11-06", "tariff": "5000.00"},
    }  # fmt: skip
    jsonschema.validate(case, liquidation.case.schema())
    out = liquidation.case.run(case, open_rights)
    assert (out["borne"], out["paid"]) == ("1000.00", "4000.00")
    again = liquidation.case.run({**case, "insured": None, "rights": out["rights"][0]})
    assert again["paid"] == "4000.00"
    passage = {"day": "2026-11-02", "tariff": "150.00"}
    out = liquidation.case.run({**case, "benefit": "urgences", "stay": None, "passage": passage}, open_rights)
    assert out["borne"] == "23.00"
    for wrong in ({"stay": None}, {"benefit": "urgences"}):
        with pytest.raises(Refused, match="un "):
            liquidation.case.run({**case, **wrong}, open_rights)
