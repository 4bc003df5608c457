"""Random stays and visits to the urgences."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from domain.people import Insured
from liquidation import hopital
from tests.oracle.care_cases import euros, patient_on, someone
from tests.oracle.reading_of_stays import StayRead, VisitRead


@dataclass(frozen=True)
class HospitalCase:
    insured: Insured
    given: hopital.Stay | hopital.Passage
    read: StayRead | VisitRead
    day: date


def case(r: Random) -> HospitalCase:
    day = date(2024, 6, 1) + timedelta(days=r.randint(0, (date(2026, 10, 1) - date(2024, 6, 1)).days))
    if r.random() < 0.1:
        day = date(2026, 3, 1) + timedelta(days=r.choice((-40, -3, -1, 0)))
    insured = someone(r, day)
    # what the régime local pays of a stay is decided by its own board: no text says how much
    insured = replace(insured, situations=tuple(s for s in insured.situations if s.kind != "regime_local"))
    if r.random() < 0.1:
        born = day - timedelta(days=r.choice((0, 5, 29, 30, 31, 100)))
        insured = replace(
            insured, birth_date=born, quality="30", situations=(), alds=(), grossesses=(), accidents=()
        )
    nature = "maladie"
    if insured.grossesses and r.random() < 0.5:
        nature = "maternite"
    if insured.accidents and r.random() < 0.6:
        nature = "atmp"
    at_number = "AT1" if nature == "atmp" else None
    p = patient_on(insured, day, at_number or "AT1")
    ground = None
    if (day - insured.birth_date).days <= 30:
        ground = r.choice((None, "nouveau_ne", "nouveau_ne"))
    elif r.random() < 0.1:
        ground = r.choice(("donneur", "ivg", "amp", "sevices"))
    tariff = r.choice((r.randint(100, 900000), 20000, 10000, 40000, 1000, 500))
    if r.random() < 0.3:
        visit = VisitRead(day, tariff, p, nature, ground)
        given = hopital.Passage(day, euros(tariff), nature, at_number, ground)  # type: ignore[arg-type]
        return HospitalCase(insured, given, visit, day)
    nights = r.choice((0, 1, 2, 5, 12, 29, 30, 31, 60))
    last = day + timedelta(days=nights)
    tariff = max(tariff, 4000 * (nights + 1))  # no day costs less than what is asked for its board
    psychiatry = r.random() < 0.2
    act = r.choice((0, 0, 0, 11999, 12000, 45000))
    tariff += act  # which is one of its costs
    late = tariff * (nights - 29) // (nights + 1) if nights >= 30 else None
    ald, outside = r.random() < (0.6 if insured.alds else 0.05), r.random() < 0.2
    stay = StayRead(day, last, tariff, p, psychiatry, act, nature, ald, late, outside, ground)
    stay_given = hopital.Stay(
        admitted_on=day,
        left_on=last,
        tariff=euros(tariff),
        service="psychiatrie" if psychiatry else "mco",
        act_tariff=euros(act),
        nature=nature,  # type: ignore[arg-type]
        at_number=at_number,
        ald=ald,
        late_tariff=None if late is None else euros(late),
        outside_parcours=outside,
        ground=ground,  # type: ignore[arg-type]
    )
    return HospitalCase(insured, stay_given, stay, day)
