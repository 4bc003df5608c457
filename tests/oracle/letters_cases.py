"""Random notes of a laboratory, a midwife, a dentist, and what the oracle reads of the same note."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from domain.claim import Act, Claim, History, Withheld
from domain.people import Insured
from tests.oracle.care_cases import euros, past, patient_on, someone
from tests.oracle.reading_of_letters import (
    BIOLOGY,
    DENTIST,
    GROUNDS,
    MIDWIFE,
    OF_OTHERS,
    Note,
    Written,
    worth,
)
from tests.oracle.reading_of_the_law import Taken

SPECIALTY = {BIOLOGY: "30", MIDWIFE: "21", DENTIST: "19"}
LAST = date(2026, 11, 20)
# first day of care, and the days around which something changes
FIRST = {BIOLOGY: date(2024, 1, 8), MIDWIFE: date(2024, 2, 22), DENTIST: date(2023, 10, 10)}
TURNS = {
    BIOLOGY: [date(2024, 1, 15), date(2024, 5, 15), date(2025, 1, 1)],
    MIDWIFE: [date(2024, 2, 23), date(2025, 1, 1)],
    DENTIST: [date(2023, 10, 15)],
}
COEFFICIENTS = {"B": (5, 7, 12, 16, 40, 70, 200), "SF": (1, 9, "10.9", 15), "SP": (9, 7)}


@dataclass(frozen=True)
class LettersCase:
    insured: Insured
    claim: Claim
    history: History
    decided_on: date
    note: Note
    before: tuple[Taken, ...]


def a_line(r: Random, trade: str, on: date, insured: Insured, at_number: str | None) -> Written:
    letter = {BIOLOGY: "B", MIDWIFE: r.choice(("SF", "SF", "SP", "C")), DENTIST: "C"}[trade]
    coefficient = Decimal(r.choice(COEFFICIENTS.get(letter, (1,))))
    times = r.choice((1, 1, 1, 2, 5)) if letter == "B" else 1
    beside = ("MSF",) if letter == "C" and trade == MIDWIFE and r.random() < 0.6 else ()
    ground = None
    if r.random() < 0.15:
        ground = r.choice((*GROUNDS[trade], *GROUNDS[trade], r.choice(OF_OTHERS)))
    line = Written(on, letter, 0, patient_on(insured, on, at_number), coefficient, times, beside, ground)
    fee = worth(line) + r.choice((0, 0, 0, 1, -1, 700, -worth(line) // 3))
    return replace(line, fee=max(fee, 1))


def case(
    r: Random,
    insured: Insured | None = None,
    decided_on: date | None = None,
    before: tuple[Taken, ...] | None = None,
) -> LettersCase:
    """A note of somebody; or of a laboratory for who is given, decided on a given day after what is given."""
    trade = r.choice((BIOLOGY, BIOLOGY, MIDWIFE, DENTIST)) if insured is None else BIOLOGY
    first = FIRST[trade]
    if decided_on is None:
        day = first + timedelta(days=r.randint(0, (LAST - first).days))
        if r.random() < 0.35:
            day = max(r.choice(TURNS[trade]) + timedelta(days=r.choice((-1, 0, 1))), first)
        decided_on = min(max(day + timedelta(days=r.choice((0, 1, 3, 20, 100))), date(2024, 1, 2)), LAST)
    else:
        day = decided_on - timedelta(days=r.choice((0, 1, 3, 20)))
    insured = insured or someone(r, day)
    # what the régime local adds here is decided by its own board: no text says how much
    insured = replace(insured, situations=tuple(s for s in insured.situations if s.kind != "regime_local"))
    nature = "maladie"
    if insured.grossesses and r.random() < 0.5:
        nature = "maternite"
    if insured.accidents and r.random() < 0.6:
        nature = "atmp"
    at_number = r.choice(("AT1",) * 9 + ("AT9",)) if nature == "atmp" else None
    lines = tuple(
        a_line(r, trade, max(day - timedelta(days=r.choice((0, 0, 0, 1))), first), insured, at_number)
        for _ in range(r.choice((1, 1, 2, 3, 5)))
    )
    paid = r.random() < 0.6
    note = Note(
        lines, trade, decided_on,
        nature=nature,
        protocole_ticked=nature == "maladie" and r.random() < (0.7 if insured.alds else 0.03),
        insured_paid=paid,
        insured_paid_complement=paid if r.random() < 0.6 else not paid,
    )  # fmt: skip
    before = past(r, decided_on, day) if before is None else before
    claim = Claim(
        id="document",
        insured_id=insured.id,
        practitioner_rpps=note.professional,
        practitioner_specialty=SPECIALTY[trade],
        practitioner_sector="1",
        acts=tuple(
            Act(
                line=place, day=x.day, code=x.letter, fee=euros(x.fee), quantity=x.times,
                coefficient=x.coefficient, others=x.beside, ground=x.ground,  # type: ignore[arg-type]
            )
            for place, x in enumerate(lines, 1)
        ),
        total=euros(sum(x.fee for x in lines)),
        form_date=max(x.day for x in lines),
        received_on=decided_on,
        nature=nature,  # type: ignore[arg-type]
        ald=note.protocole_ticked,
        paid_by_insured=paid,
        complementary_paid_by_insured=note.insured_paid_complement,
        at_number=at_number,
        maternity_date=insured.grossesses[0].expected_birth if nature == "maternite" else None,
    )  # fmt: skip
    kept = tuple(
        Withheld(
            "participation_forfaitaire", euros(t.cents), t.reimbursed_on, t.care_day, t.doctor, euros(t.owed)
        )
        for t in before
    )
    return LettersCase(insured, claim, History(withheld=kept), decided_on, note, before)
