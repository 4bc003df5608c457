"""What a pharmacist, a supplier, a carrier or a nurse delivers, read straight from the code, in whole cents.

One table says who is paid what of each kind of goods; the caps of the franchise are found by adding up, purse
by purse, what was taken before: a purse for the day of care of each kind, one for the year of reimbursement.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tests.oracle.reading_of_the_law import Patient
from tests.oracle.tables import DAILY_FRANCHISE, FRANCHISE, YEARLY_FRANCHISE, at, known, nearest

MEDICINE, APPLIANCE, TRANSPORT, NURSE = "medicament", "appareil", "transport", "infirmier"


@dataclass(frozen=True)
class Delivered:
    """`tariff`: cents of one unit. `rate`: percent of the general scheme. `own_means`, `urgent`: of a
    transport (L160-13 III 3°)."""

    day: date
    kind: str
    code: str
    tariff: int
    rate: int
    fee: int
    units: int
    patient: Patient
    dispensing: int = 0  # of a box of medicines, besides its price (L162-16-1 7°), at its rate
    ground: str | None = None
    urgent: bool = False


@dataclass(frozen=True)
class Bill:
    lines: tuple[Delivered, ...]
    decided_on: date
    nature: str = "maladie"
    protocole_ticked: bool = False
    insured_paid: bool = True
    insured_paid_complement: bool = True


@dataclass(frozen=True)
class Franchise:
    kind: str
    cents: int
    reimbursed_on: date
    care_day: date
    owed: int = 0


@dataclass(frozen=True)
class Paid:
    base: int
    rate: int
    gross: int
    franchise: int
    complement: int
    to_insured: int
    to_provider: int


# The kinds for which a ground holds, and the age below which it does.
FITS: dict[str, tuple[tuple[str, ...], int | None]] = {
    "infertilite": ((MEDICINE, APPLIANCE, NURSE), None),  # R160-17 I 2°: «investigations … traitement»
    "ivg": ((MEDICINE, NURSE), None),  # 4°: «soins, surveillance»
    "contraception": ((MEDICINE, APPLIANCE, NURSE), 26),  # 5° b, c, f: the sample of an examination too
    "contraception_urgence": ((MEDICINE,), None),  # 5° bis: «médicaments»
    "samu": ((TRANSPORT,), None),  # 10°
    "vaccin": ((MEDICINE,), None),  # 11°
    "sevices": ((MEDICINE, APPLIANCE, NURSE), None),  # II: «soins consécutifs»
    "transfert": ((TRANSPORT,), None),  # R160-8 al. 4
    "appareillage": ((APPLIANCE,), None),  # R160-16 V 1
    "depistage_hepatite_c": ((), None),  # R160-8 al. 1: biology
    "suivi_post_ald": ((NURSE,), None),  # L160-14 10°: «actes et examens»
}
NOT_OF_R160_18 = ("sevices", "suivi_post_ald", "transfert", "depistage_hepatite_c")


def fits(line: Delivered) -> bool:
    if line.ground is None:
        return True
    kinds, below = FITS[line.ground]
    return line.kind in kinds and (below is None or line.patient.age < below)


def modest(line: Delivered) -> bool:
    """R160-18: the medicines of 6° and 14° of R160-5, which R160-10, R160-16 and R160-17 I leave out."""
    return line.kind == MEDICINE and line.rate in (30, 15)


# (why, when, rate, is the franchise due). The order of the exonerations, as for a doctor.
# ASPA: R160-9: at most 20 % of the fees of an auxiliary, nothing of a transport.
When = Callable[[Bill, Delivered], bool]
BEARS: list[tuple[str, When, int, bool]] = [
    ("ame", lambda b, x: x.patient.ame, 100, False),
    ("atmp", lambda b, x: b.nature == "atmp" and x.patient.has_at, 100, True),
    ("maternite", lambda b, x: x.patient.in_maternity, 100, False),
    ("pension", lambda b, x: x.patient.pension and not modest(x), 100, True),
    ("ald", lambda b, x: b.protocole_ticked and x.patient.has_protocole, 100, True),
    ("motif", lambda b, x: bool(x.ground) and (x.ground in NOT_OF_R160_18 or not modest(x)), 100, True),
    ("aspa", lambda b, x: x.patient.aspa and x.kind == TRANSPORT, 100, True),
    ("aspa", lambda b, x: x.patient.aspa and x.kind == NURSE, 80, True),
]


def pay(bill: Bill, before: tuple[Franchise, ...] = ()) -> tuple[list[Paid], list[Franchise]]:
    """Every line, in the order of the bill, and what is taken as franchise."""
    rows: dict[int, Paid] = {}
    taken: list[Franchise] = []
    for place, line in sorted(enumerate(bill.lines), key=lambda each: (each[1].day, each[1].code, each[1].fee)):
        rate, due = next(((rate, due) for _, when, rate, due in BEARS if when(bill, line)), (line.rate, True))
        box, dispensing = line.tariff * line.units, line.dispensing * line.units
        base = min(box + dispensing, line.fee)
        # two products, two roundings: R160-5 6° names the honoraire apart from the medicine
        gross = nearest(min(box, base) * rate, 100) + nearest(max(base - box, 0) * rate, 100)
        franchise = 0
        spared = line.patient.under_18_on_1_january or line.patient.c2s  # L160-15, D160-12
        # L160-13 III 3°: not of an emergency, which a journey that the SAMU asks for is
        emergency = line.kind == TRANSPORT and (line.urgent or line.ground == "samu")
        if due and not spared and not emergency and line.kind != APPLIANCE:
            franchise = purse(bill, line, gross, (*before, *taken))
        now = min(franchise, gross) if bill.insured_paid else 0
        if franchise:
            taken.append(Franchise(line.kind, franchise, bill.decided_on, line.day, franchise - now))
        complement = base - gross if line.patient.c2s else 0  # L861-3 1°
        obligatory = gross - now
        insured = (obligatory if bill.insured_paid else 0) + (complement if bill.insured_paid_complement else 0)
        rows[place] = Paid(base, rate, gross, now, complement, insured, obligatory + complement - insured)
    return [rows[place] for place in sorted(rows)], taken


def purse(bill: Bill, line: Delivered, gross: int, before: tuple[Franchise, ...]) -> int:
    """D160-9: so much a unit, never more than the tariff less the participation; D160-11: of one day of
    care; D160-10: of one year of reimbursement, all kinds together."""
    left = min(known(FRANCHISE[line.kind], line.day) * line.units, gross)
    most = at(DAILY_FRANCHISE.get(line.kind, []), line.day)
    if most is not None:
        for one in before:
            if (one.kind, one.care_day) == (line.kind, line.day):
                most -= one.cents
        left = min(left, max(most, 0))
    year = YEARLY_FRANCHISE
    for one in before:
        if date(bill.decided_on.year, 1, 1) <= one.reimbursed_on <= bill.decided_on:
            year -= one.cents
    return min(left, max(year, 0))
