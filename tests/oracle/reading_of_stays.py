"""A stay in hospital, a visit to its urgences: what the patient bears, day after day, in whole cents."""

from dataclasses import dataclass
from datetime import date, timedelta

from tests.oracle.reading_of_the_law import Patient
from tests.oracle.tables import (
    EMERGENCY,
    FORFAIT,
    HEAVY_FROM,
    HEAVY_SUM,
    MAJORATION_CAP,
    known,
    nearest,
)

ONE = timedelta(days=1)


@dataclass(frozen=True)
class StayRead:
    """`late`: of `tariff`, the cents of the days from the thirty-first on. `act`: tariff of its dearest act."""

    first: date
    last: date
    tariff: int
    patient: Patient
    psychiatry: bool = False
    act: int = 0
    nature: str = "maladie"
    in_relation_with_ald: bool = False
    late: int | None = None
    outside: bool = False
    ground: str | None = None


@dataclass(frozen=True)
class VisitRead:
    day: date
    tariff: int
    patient: Patient
    nature: str = "maladie"
    ground: str | None = None


@dataclass(frozen=True)
class Borne:
    """`forfait`: as it is due, before it is imputed. `by_patient`: before the complémentaire santé
    solidaire pays `complement` of it."""

    participation: int
    forfait: int
    by_patient: int
    complement: int


# Grounds of R160-17 and others that reach a stay: all of its care is of the cause.
GROUNDS_OF_A_STAY = ("nouveau_ne", "donneur", "ivg", "amp", "infertilite", "sevices")


def why_free(stay: StayRead | VisitRead, ald: bool) -> str | None:
    """The first reason why no participation of L160-13 I is due, in the order of SFG VF34."""
    p = stay.patient
    if p.ame:
        return "ame"
    if stay.nature == "atmp" and p.has_at:
        return "atmp"
    if p.in_maternity or stay.ground == "examen_maternite":
        return "maternite"
    if p.pension:
        return "pension"
    if stay.ground:
        return stay.ground
    if ald and p.has_protocole:
        return "ald"
    return None


def of_a_stay(stay: StayRead) -> Borne:
    free = why_free(stay, stay.in_relation_with_ald)
    days: list[date] = []
    day = stay.first
    while day <= stay.last:  # the day of leaving is one of the stay
        days.append(day)
        day += ONE
    table = FORFAIT["psychiatrie" if stay.psychiatry else "mco"]
    # L174-4 al. 1: borne by the caisse for AT/MP, maternité, donors; CASF L251-2 2°: and the AME
    spared_forfait = free in ("ame", "atmp", "maternite") or stay.ground == "donneur"
    forfaits = [0 if spared_forfait else known(table, each) for each in days]
    early, late = sum(forfaits[:30]), sum(forfaits[30:])

    heavy = stay.act >= HEAVY_FROM
    if free:
        participation = 0
    elif heavy:  # R160-16 I 2
        participation = min(known(HEAVY_SUM, stay.first), stay.tariff)
    else:  # R160-5 2°, 80 %; R160-16 V 3: nothing from the thirty-first day on
        participation = nearest((stay.tariff - (stay.late or 0)) * 20, 100)
    # L174-4 al. 3: the greater of the two, but where the participation is itself limited
    forfait = early + late
    borne = participation + forfait if heavy or free else max(participation, early) + late
    majoration = 0
    # R160-6 al. 2 and 4: one for the whole stay, also where the participation is suppressed by L160-14
    sixteen = stay.patient.age >= 16
    exempt = free in ("ame", "atmp", "maternite") or (stay.in_relation_with_ald and stay.patient.has_protocole)
    if stay.outside and sixteen and not exempt:
        majoration = known(MAJORATION_CAP, stay.first)
    # L861-3 1° and 2°: the participation and the forfait, not the majoration
    complement = borne if stay.patient.c2s else 0
    return Borne(participation, forfait, borne + majoration, complement)


def of_a_visit(visit: VisitRead) -> Borne:
    """L160-13 I al. 4: one sum, less for the ALD and for the victims of an accident du travail whatever brings
    them, none for the maternité, the newborn, the pensioners, and care after sévices or of a donor."""
    full, less = known(EMERGENCY, visit.day)
    p = visit.patient
    if p.ame or p.in_maternity or p.pension or visit.ground in ("nouveau_ne", "sevices", "donneur"):
        due = 0
    elif p.has_protocole or p.has_at or visit.nature == "atmp":
        due = less
    else:
        due = full
    due = min(due, visit.tariff)
    return Borne(0, due, due, due if p.c2s else 0)
