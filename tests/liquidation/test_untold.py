"""What a sheet leaves untold, what it may not carry, what its trace says: each limit on both sides."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.claim import Rights
from domain.errors import Refused
from domain.people import ComplementaireSante
from domain.period import Period
from domain.plain import to_plain
from law import add_tariffs, load
from liquidation import case, liquidate
from liquidation.especes.ayants_droit import Death
from liquidation.grounds import GROUNDS
from liquidation.lourds import PARTICIPATION as HEAVY
from liquidation.simulation import simulate
from rights import open_rights
from tests.liquidation import test_ij_maladie as ij
from tests.liquidation.cases import (
    CARE,
    OTHER_DOCTOR,
    TODAY,
    a_claim,
    an_act,
    an_insured,
    decide,
    euro,
    rights_of,
)

LAW = load()
NEWBORN = an_insured(birth_date=date(2026, 9, 1), quality="30", assure_nir="1800175116001")


def only(decision):
    assert decision.not_computed == ()
    (line,) = decision.lines
    return line


def why(decision):
    return [reason.code for reason in decision.not_computed]


def said(line):
    return [step.sentence for step in line.trace]


def test_without_a_day_of_decision_it_is_that_of_the_last_act():
    days = ("2026-11-02", "2026-10-01")
    acts = [{"day": day, "code": "G", "fee": "30.00"} for day in days]
    assert case.run({"claim": {"acts": acts}})["decided_on"] == "2026-11-02"


def test_an_amount_with_a_fraction_of_a_cent_is_named_by_its_place():
    acts = [{"day": "2026-11-02", "code": "G", "fee": fee} for fee in ("30.00", "30.005")]
    with pytest.raises(Refused) as fault:
        case.run({"claim": {"acts": acts}})
    assert "claim.acts[1].fee" in fault.value.detail


def test_rights_as_they_were_printed_keep_the_day_of_birth():
    # thirty days from the 1st of September: the 1st of October still, the 2nd no more
    for day, codes in ((date(2026, 10, 1), []), (date(2026, 10, 2), ["motif_a_verifier"])):
        held = to_plain(open_rights(NEWBORN, day, LAW))
        act = {"day": day.isoformat(), "code": "G", "fee": "30.00", "ground": "nouveau_ne"}
        told = case.run({"claim": {"acts": [act], "hospitalised": True}, "rights": [held]})
        assert [each["code"] for each in told["not_computed"]] == codes


def test_a_claim_without_an_act_says_so():
    empty = replace(a_claim(), acts=())
    decision = liquidate(empty, {}, (decide().withheld and None) or case.History(), TODAY, LAW)
    assert why(decision) == ["sans_acte"]


def test_what_is_not_reimbursed_bears_nothing():
    decision = decide(a_claim(an_act(depassement="N")))
    assert (only(decision).base, only(decision).paid, decision.withheld) == (euro("0.00"), euro("0.00"), ())
    assert "Rien n'est pris en charge : pas de participation forfaitaire." in said(only(decision))


@pytest.mark.parametrize("ground", [name for name, each in GROUNDS.items() if not each.only])
def test_a_ground_frees_an_act_of_its_participation_and_of_the_rest_where_it_says_so(ground):
    young = an_insured(birth_date=date(2004, 1, 1)) if ground == "contraception" else an_insured()
    if ground == "nouveau_ne":
        young = replace(NEWBORN, birth_date=CARE)
    line = only(decide(a_claim(an_act(ground=ground)), young))
    assert (line.rate, line.gross) == (100, euro("30.00"))
    assert f"{GROUNDS[ground].sentence} : participation supprimée." in said(line)
    free = GROUNDS[ground].free or ground == "nouveau_ne"
    assert line.paid == euro("30.00" if free else "28.00")  # less 2,00


def test_nothing_of_a_plain_person_is_contested():
    held = open_rights(an_insured(), CARE, LAW)
    assert [step for step in held.trace if step.contested] == []


def test_less_than_the_kilometres_was_asked_for():
    # 4 x 0,61 = 2,44 and 10,00 of MD are due; 12,00 are asked for
    act = an_act(code="VG", fee=euro("30.00"), travel_code="MD", travel_fee=euro("12.00"), kilometres=4)
    line = only(decide(a_claim(act)))
    assert line.base == euro("42.00")
    assert "Déplacement demandé pour 12,00\u00a0€ seulement." in said(line)
    all_of_it = replace(act, travel_fee=euro("12.44"))
    assert not any("seulement" in each for each in said(only(decide(a_claim(all_of_it)))))


@pytest.mark.parametrize(("code", "article"), [
    ("LBQK005", "CSS L160-13 I ; R160-5 3°"), ("C", "CSS L160-13 I ; R160-5 3° bis"),
])  # fmt: skip
def test_a_dentist_s_medical_act_is_paid_as_a_doctor_s(code, article):
    act = an_act(code=code, fee=euro("8.00"))
    line = only(decide(a_claim(act, practitioner_specialty="19", practitioner_rpps=OTHER_DOCTOR)))
    assert article in [step.article for step in line.trace]


@pytest.mark.parametrize(("given", "specialty", "code"), [
    ({"kilometres": 10}, "50", "3400921604696"), ({"travel_fee": euro("3.00")}, "50", "3400921604696"),
    ({"travel_code": "IK"}, "50", "3400921604696"),
    ({"kilometres": 10}, "55", "ATP"), ({"kilometres": 0}, "55", "VP"), ({"kilometres": -1}, "55", "VP"),
])  # fmt: skip
def test_kilometres_where_none_are_counted(given, specialty, code):
    act = an_act(code=code, fee=euro("30.00"), day=date(2026, 6, 1), **given)
    assert why(decide(a_claim(act, practitioner_specialty=specialty))) == ["deplacement_non_calcule"]


def test_one_kilometre_of_the_own_car():
    # 1 x 0,30 = 0,30; 55 % = 0,165 -> 0,17
    act = an_act(code="VP", fee=euro("0.30"), kilometres=1)
    line = only(decide(a_claim(act, practitioner_specialty="55")))
    assert (line.base, line.paid) == (euro("0.30"), euro("0.17"))


@pytest.mark.parametrize(("kilometres", "base"), [
    (10, "16.00"),  # within the ten that are included
    (11, "16.97"), (30, "35.40"),  # 16,00 + 20 x 0,97 = 35,40
])  # fmt: skip
def test_the_kilometres_beyond_those_of_the_forfait(kilometres, base):
    add_tariffs(b"code,since,until,tariff,limit,per_km,included_km,accord,source,label\n"
                b"VSL,2026-01-01,2026-12-31,16.00,,0.97,10,,convention,\n")  # fmt: skip
    try:
        act = an_act(code="VSL", fee=euro("90.00"), kilometres=kilometres)
        claim = a_claim(act, practitioner_specialty="55")
        line = only(decide(claim, law=load()))
        assert line.base == euro(base)
        bare = a_claim(replace(act, kilometres=None), practitioner_specialty="55")
        assert why(decide(bare, law=load())) == ["deplacement_non_calcule"]
    finally:
        add_tariffs(None)


def test_an_avis_that_came_on_the_last_day_of_the_stop_is_paid():
    start = date(2026, 10, 5)
    last = start + timedelta(days=9)
    assert ij.kinds(ij.decide(ij.stop(start, received_on=last))) == [("carence", 3), ("indemnise", 7)]
    assert ij.reasons(ij.decide(ij.stop(start, received_on=last + timedelta(days=1)))) == ["avis_apres_la_fin"]


@pytest.mark.parametrize(("days", "told"), [(3, False), (4, True)])
def test_a_stop_prescribed_at_a_distance_says_its_three_days_where_they_are_passed(days, told):
    decision = ij.decide(ij.stop(date(2026, 10, 5), days, teleconsulted=True))
    assert any("à distance" in step.sentence for step in decision.trace) is told


def test_the_first_of_two_acts_without_an_association_is_named():
    acts = [
        an_act(n, code=code, fee=euro("30.00")) for n, code in ((1, "DEQP003"), (2, "HHFA009"), (3, "QZFA020"))
    ]
    refused = [each for each in decide(a_claim(*acts)).not_computed if each.code == "association_absente"]
    assert [each.line for each in refused] == [1]


def test_the_c2s_is_told_as_it_is_on_the_day():
    covered = an_insured(complementaires=(ComplementaireSante(Period(date(2026, 1, 1)), True),))
    held: Rights = rights_of(a_claim(), covered)[CARE]
    assert held.c2s == "participation"
    assert Decimal(only(decide(None, covered)).paid) == euro("30.00")


@pytest.mark.parametrize(("last", "paid"), [
    (date(2026, 3, 1), 0),  # the sixty days of R323-2: 31 + 28 + 1, the first that of the pension itself
    (date(2026, 2, 28), 1),
])  # fmt: skip
def test_the_day_of_the_pension_is_one_of_its_sixty(last, paid):
    history = ij.CashHistory(paid=(ij.PaidDays(date(2026, 1, 1), last),), pensioner_since=date(2026, 1, 1))
    decision = ij.decide(ij.stop(date(2026, 10, 5), 10), history=history)
    assert sum(days for kind, days in ij.kinds(decision) if kind == "indemnise") == paid


def test_a_victim_who_earned_nothing_leaves_rentes_of_the_minimum_salary():
    day = date(2026, 4, 15)
    assert Death(day, day, day, euro("0.00"), ()).earned == 0
    with pytest.raises(ValueError, match="an accident"):
        Death(day, day, day, euro("-0.01"), ())
    with pytest.raises(ValueError, match="an accident"):
        Death(day, day - timedelta(days=1), day, euro("1.00"), ())


def test_yes_as_json_writes_it():
    # a protocole ticked and held: 30,00 at 100 %, less 2,00
    asked = {"sujet": "soins", "acte": "G", "montant": 30, "date": "2026-11-02"}
    assert simulate({**asked, "ald": True}, TODAY)["rembourse"] == "28.00"
    assert simulate({**asked, "ald": False}, TODAY)["rembourse"] == "19.00"


def test_the_dearest_act_of_a_day_is_said_to_bear_the_participation():
    codes = ("HHFA009", "QZFA020")
    acts = [an_act(n, code=code, fee=euro("900.00"), association=str(n)) for n, code in enumerate(codes, 1)]
    lines = decide(a_claim(*acts, practitioner_specialty="04", practitioner_rpps=OTHER_DOCTOR)).lines
    assert [
        "Acte au-dessus du seuil : participation forfaitaire." in " ".join(said(each)) for each in lines
    ] == [HEAVY in each.retained for each in lines]
    assert sum(HEAVY in each.retained for each in lines) == 1
