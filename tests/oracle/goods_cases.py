"""Random bills of a pharmacist, a supplier, a carrier, an auxiliary, and what the oracle reads of them."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from domain.claim import Act, Claim, History, Withheld
from domain.people import Insured
from tests.oracle.care_cases import euros, patient_on, someone
from tests.oracle.reading_of_goods import (
    APPLIANCE,
    FITS,
    MEDICINE,
    NURSE,
    TRANSPORT,
    Bill,
    Delivered,
    Franchise,
)
from tests.oracle.tables import LETTERS, MEDICINES, OTHER_RATES, known, nearest

SPECIALTY = {MEDICINE: "50", APPLIANCE: "60", TRANSPORT: "55"}
AUXILIARIES = {"AMI": "24", "AMK": "26", "AMS": "26", "AMC": "26", "AMO": "28"}
"""Letter -> trade: nurse, masseur-kinésithérapeute, orthophoniste. One purse for their franchises (D160-11)."""
COEFFICIENTS = {
    "AMI": ("1", "1.5", "2", "4", "5.8"), "AMK": ("7.49", "8.5", "10", "2.25"), "AMS": ("7.49", "8.1", "9.51"),
    "AMC": ("6", "8"), "AMO": ("10", "11.1", "12.6", "26"),
}  # fmt: skip
KEPT_AS = {
    MEDICINE: "franchise_medicament", TRANSPORT: "franchise_transport", NURSE: "franchise_auxiliaire",
}  # fmt: skip
FIRST = {MEDICINE: date(2026, 5, 20), TRANSPORT: date(2024, 6, 1)}
LAST = date(2026, 11, 20)


@dataclass(frozen=True)
class GoodsCase:
    insured: Insured
    claim: Claim
    history: History
    decided_on: date
    bill: Bill
    before: tuple[Franchise, ...]


def past(r: Random, decided_on: date, day: date) -> tuple[Franchise, ...]:
    taken = []
    for _ in range(r.choice((0, 0, 1, 4, 12, 24, 48, 49, 50))):
        reimbursed = r.choice(
            (
                date(decided_on.year, 1, 1),
                date(decided_on.year - 1, 12, 31),
                decided_on - timedelta(days=r.randint(0, 250)),
            )
        )
        care = reimbursed - timedelta(days=r.randint(0, 60))
        if r.random() < 0.15:
            care, reimbursed = day, max(reimbursed, day)
        kind = r.choice((MEDICINE, MEDICINE, NURSE, TRANSPORT))
        cents = {MEDICINE: r.choice((100, 100, 37)), NURSE: 100, TRANSPORT: 400}[kind]
        taken.append(Franchise(kind, cents, reimbursed, care))
    return tuple(taken)


def drawn(r: Random, kind: str, letters: tuple[str, ...], on: date) -> tuple[str, int, int, int, Decimal]:
    """Code, cents of one unit, percent, units, coefficient."""
    units = r.choice((1, 1, 1, 2, 3, 6))
    if kind == MEDICINE:
        code, (rate, tariff, _) = r.choice(sorted(MEDICINES.items()))
        return code, tariff, rate, units, Decimal(1)
    if kind == NURSE:
        letter = r.choice(letters)
        coefficient = Decimal(r.choice(COEFFICIENTS[letter]))
        cents = nearest(known(LETTERS[letter], on) * int(coefficient * 100), 100)
        return letter, cents, OTHER_RATES[kind], 1, coefficient
    code = r.choice(("VSL", "ABA")) if kind == TRANSPORT else "2160154"
    tariff = r.choice((r.randint(300, 25000), 4000, 500, 100))
    return code, tariff, OTHER_RATES[kind], units, Decimal(1)


def case(r: Random) -> GoodsCase:
    kind = r.choice((MEDICINE, MEDICINE, TRANSPORT, NURSE, APPLIANCE))
    first = FIRST.get(kind, date(2024, 6, 1))
    decided_on = first + timedelta(days=r.randint(0, (LAST - first).days))
    day = max(decided_on - timedelta(days=r.choice((0, 1, 3, 20))), first)
    # the letters changed before the caps of the day were those that are known: one act then, and no other
    alone = kind == NURSE and r.random() < 0.1
    if alone:
        day = r.choice((date(2024, 2, 22), date(2024, 3, 31))) + timedelta(days=r.choice((-1, 0, 1)))
        first = day
    trade = r.choice(sorted(set(AUXILIARIES.values())))
    letters = tuple(letter for letter, specialty in AUXILIARIES.items() if specialty == trade)
    insured = someone(r, day)
    # what the régime local adds to goods is decided by its own board: no text says how much
    kept = tuple(s for s in insured.situations if s.kind != "regime_local")
    insured = replace(insured, situations=kept)
    nature = "maladie"
    if insured.grossesses and r.random() < 0.5:
        nature = "maternite"
    if insured.accidents and r.random() < 0.6:
        nature = "atmp"
    at_number = r.choice(("AT1",) * 9 + ("AT9",)) if nature == "atmp" else None
    lines, acts = [], []
    for place in range(1, 2 if alone else r.choice((2, 2, 3, 4))):
        on = max(day - timedelta(days=r.choice((0, 0, 0, 2))), first)
        code, tariff, rate, units, coefficient = drawn(r, kind, letters, on)
        dispensing = MEDICINES[code][2] if kind == MEDICINE else 0
        # under the price of a medicine no text says of which of its two parts less is paid
        fee = (tariff + dispensing) * units + r.choice(
            (0, 0, 0, 0, 250, *((-1, -50) if not dispensing else ()))
        )
        fee = max(fee, 1)
        ground = r.choice(sorted(FITS)) if r.random() < 0.12 else None
        urgent = kind == TRANSPORT and r.random() < 0.2
        lines.append(
            Delivered(
                on,
                kind,
                code,
                tariff,
                rate,
                fee,
                units,
                patient_on(insured, on, at_number),
                dispensing,
                ground,
                urgent,
            )
        )
        acts.append(
            Act(
                line=place, day=on, code=code, fee=euros(fee), quantity=units, coefficient=coefficient,
                tariff=euros(tariff) if kind in (TRANSPORT, APPLIANCE) else None,
                ground=ground, urgent=urgent,  # type: ignore[arg-type]
            )
        )  # fmt: skip
    paid = r.random() < 0.6
    bill = Bill(
        lines=tuple(lines),
        decided_on=decided_on,
        nature=nature,
        protocole_ticked=nature == "maladie" and r.random() < (0.7 if insured.alds else 0.03),
        insured_paid=paid,
        insured_paid_complement=paid if r.random() < 0.6 else not paid,
    )
    before = () if alone else past(r, decided_on, day)
    claim = Claim(
        id="document",
        insured_id=insured.id,
        practitioner_rpps="30000000003",
        practitioner_specialty=trade if kind == NURSE else SPECIALTY[kind],
        practitioner_sector="1",
        acts=tuple(acts),
        total=euros(sum(line.fee for line in lines)),
        form_date=max(line.day for line in lines),
        received_on=decided_on,
        nature=nature,  # type: ignore[arg-type]
        ald=bill.protocole_ticked,
        paid_by_insured=paid,
        complementary_paid_by_insured=bill.insured_paid_complement,
        at_number=at_number,
        maternity_date=insured.grossesses[0].expected_birth if nature == "maternite" else None,
    )
    kept_before = tuple(
        Withheld(KEPT_AS[one.kind], euros(one.cents), one.reimbursed_on, one.care_day, "40000000004")
        for one in before
    )
    return GoodsCase(insured, claim, History(withheld=kept_before), decided_on, bill, before)
