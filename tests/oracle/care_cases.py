"""Random feuilles of a generalist, and what the oracle makes of the same person and the same sheet."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from domain.claim import Act, Claim, History, Withheld
from domain.people import (
    AccidentDuTravail,
    Affiliation,
    Ald,
    ComplementaireSante,
    Grossesse,
    Insured,
    MedecinTraitant,
    Situation,
)
from domain.period import Period
from tests.oracle.reading_of_daily_benefits import same_day
from tests.oracle.reading_of_the_law import Feuille, Patient, Seen, Taken
from tests.oracle.tables import PARTICIPATION, TARIFF, at, known

ONE = timedelta(days=1)
DOCTORS = ("10000000001", "20000000002", "30000000003")
ALWAYS = Period(date(2010, 1, 1))
FIRST, LAST = date(2024, 6, 1), date(2026, 11, 20)


@dataclass(frozen=True)
class CareCase:
    insured: Insured
    claim: Claim
    history: History
    decided_on: date
    feuille: Feuille
    before: tuple[Taken, ...]


def euros(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def holds(period: Period, day: date) -> bool:
    return period.start <= day and (period.end is None or day < period.end)


def patient_on(insured: Insured, day: date, at_number: str | None) -> Patient:
    """Who the person is on a day of care, read by the oracle from the dossier itself."""
    born = insured.birth_date
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    doctors = [d.rpps for d in insured.medecins_traitants if holds(d.period, day)]
    ends = [d.period.end for d in insured.medecins_traitants if d.period.end and d.period.end <= day]
    kinds = {s.kind for s in insured.situations if holds(s.period, day)}
    return Patient(
        age=age,
        # R160-20: not yet eighteen on 1 January of the civil year
        under_18_on_1_january=(born.year + 18, born.month, born.day) > (day.year, 1, 1),
        declared_doctor=doctors[0] if doctors else None,
        doctor_left_on=max(ends) if ends and not doctors else None,
        has_protocole=any(holds(a.period, day) for a in insured.alds),
        c2s=any(holds(c.period, day) for c in insured.complementaires),
        in_maternity=any(holds(g.period, day) for g in insured.grossesses),
        has_at=any(holds(a.period, day) and a.number == at_number for a in insured.accidents),
        regime_local="regime_local" in kinds,
        pension=bool(kinds & {"invalidite", "rente_at_66"}),
        ame="ame" in kinds,
        aspa="aspa" in kinds,
    )


def around(r: Random, day: date) -> Period:
    """A period that often begins or ends close to `day`."""
    start = day - timedelta(days=r.choice((0, 1, 30, 400, 2000)))
    if r.random() < 0.2:
        start = day + timedelta(days=r.choice((1, 10)))
    end = r.choice((None, None, start + timedelta(days=r.choice((1, 40, 700, 3000)))))
    if start < day and r.random() < 0.2:
        end = day + timedelta(days=r.choice((0, 1)))  # the day itself is the first outside, or the last inside
    return Period(start, end)


def someone(r: Random, day: date) -> Insured:
    years = r.choice((3, 9, 15, 16, 17, 18, 19, 30, 41, 62, 80))
    # days that count: a birthday on the day of care, on 1 January, or anywhere
    born = date(day.year - years, r.randint(1, 12), r.randint(1, 28))
    if r.random() < 0.15:
        born = date(day.year - years, *r.choice(((1, 1), (1, 2), (day.month, min(day.day, 28)))))
        born = min(born + timedelta(days=r.choice((-1, 0, 0, 1))), day)
    situations = [
        Situation(around(r, day), kind)
        for kind, odds in (
            ("regime_local", 0.15),
            ("invalidite", 0.06),
            ("rente_at_66", 0.04),
            ("ame", 0.05),
            ("aspa", 0.05),
        )
        if r.random() < odds
    ]
    expecting = day + timedelta(days=r.randint(-30, 150))
    # D160-3: four months before the expected birth, twelve days after
    pregnancy = Period(same_day(expecting, months=-4), expecting + timedelta(days=13))
    return Insured(
        id="assure",
        nir="2850175116001",
        birth_name="MARTIN",
        first_names="Claire",
        birth_date=born,
        affiliations=(Affiliation(ALWAYS if born <= ALWAYS.start else Period(born), "017510000"),),
        alds=(Ald(around(r, day), r.randint(1, 30)),) if r.random() < 0.25 else (),
        medecins_traitants=(MedecinTraitant(around(r, day), r.choice(DOCTORS[:2])),)
        if r.random() < 0.8
        else (),
        complementaires=(ComplementaireSante(around(r, day), r.random() < 0.5),) if r.random() < 0.15 else (),
        grossesses=(Grossesse(pregnancy, expecting),) if years > 17 and r.random() < 0.12 else (),
        accidents=(AccidentDuTravail(Period(day - timedelta(days=200)), "AT1", day - timedelta(days=200)),)
        if r.random() < 0.15
        else (),
        situations=tuple(situations),
    )


def past(r: Random, decided_on: date, day: date) -> tuple[Taken, ...]:
    how_many = r.choice((0, 0, 1, 3, 10, 22, 24, 25, 26, 35, 48, 50))
    taken = []
    for _ in range(how_many):
        reimbursed = r.choice(
            (
                date(decided_on.year, 1, 1),
                date(decided_on.year - 1, 12, 31),
                decided_on - timedelta(days=r.randint(0, 300)),
            )
        )
        care = reimbursed - timedelta(days=r.randint(0, 90))
        if r.random() < 0.1:
            care = day
            reimbursed = max(reimbursed, day)
        taken.append(Taken(known(PARTICIPATION, care), reimbursed, care, r.choice(DOCTORS)))
    return tuple(taken)


# what a prescriber may write; the last ones are of other goods than a consultation
GROUNDS = (
    "infertilite", "donneur", "ivg", "contraception", "contraception", "prevention", "amp", "sevices",
    "suivi_post_ald", "examen_maternite", "examen_maternite",
    "samu", "transfert", "appareillage", "contraception_urgence",
)  # fmt: skip


# tariffs, participation, majoration, years
TURNS = (date(2023, 11, 1), date(2024, 5, 15), date(2024, 12, 22), date(2025, 1, 1), date(2026, 1, 1))


def acts(r: Random, decided_on: date) -> list[tuple[date, str, int, int]]:
    last = decided_on - timedelta(days=r.choice((0, 1, 3, 20, 100)))
    if r.random() < 0.12:
        last = r.choice(TURNS) + timedelta(days=r.choice((-1, 0, 1)))
        last = min(last, decided_on)
    lines = []
    for _ in range(r.choice((1, 1, 1, 2, 3, 5))):
        day = last - timedelta(days=r.choice((0, 0, 0, 1, 7, 45)))
        code = r.choice(("G", "G", "G", "GS", "VG", "VGS", "APC"))
        price = at(TARIFF[code], day)
        if price is None:
            continue
        times = r.choice((1,) * 200 + (2,))
        fee = price * times
        fee += r.choice((0, 0, 0, 0, 0, 500, 1, r.randint(0, 6000)))
        if r.random() < 0.08:
            fee = r.choice((fee * 9 // 10, price * 7 // 10, 100, 1, r.randint(1, price)))
        lines.append((day, code, fee, times))
    return lines


def case(
    r: Random,
    insured: Insured | None = None,
    decided_on: date | None = None,
    before: tuple[Taken, ...] | None = None,
) -> CareCase:
    """A sheet of somebody, decided on some day after some others; or of who is given, on a given day, after
    what is given."""
    if decided_on is None:
        decided_on = FIRST + timedelta(days=r.randint(0, (LAST - FIRST).days))
    lines: list[tuple[date, str, int, int]] = []
    while not lines:
        lines = acts(r, decided_on)
    day = lines[0][0]
    insured = insured or someone(r, day)
    nature = "maladie"
    if insured.grossesses and r.random() < 0.7:
        nature = "maternite"
    if insured.accidents and r.random() < 0.7:
        nature = "atmp"
    in_hospital = not insured.situations and r.random() < 0.06
    heavy = in_hospital and r.random() < 0.4
    if nature == "maladie" and r.random() < 0.04:
        nature = "prevention"
    grounds = [r.choice(GROUNDS) if r.random() < 0.08 else None for _ in lines]
    box = r.choice((None, None, None, "T", "N", "O", "U", "H", "R", "S", "S"))
    ald = nature == "maladie" and r.random() < (0.7 if insured.alds else 0.03)
    doctor = r.choice(DOCTORS[:2])
    insured_paid = r.random() < 0.7
    complement = insured_paid if r.random() < 0.6 else not insured_paid
    before = past(r, decided_on, day) if before is None else before
    at_number = r.choice(("AT1",) * 12 + ("AT9",)) if nature == "atmp" else None
    feuille = Feuille(
        seen=tuple(
            Seen(d, c, fee, n, patient_on(insured, d, at_number), ground)
            for (d, c, fee, n), ground in zip(lines, grounds, strict=True)
        ),
        decided_on=decided_on,
        doctor=doctor,
        nature=nature,
        protocole_ticked=ald,
        box=box,
        insured_paid=insured_paid,
        insured_paid_complement=complement,
        in_hospital=in_hospital,
        heavy_stay=heavy,
    )
    form_date = max(d for d, *_ in lines)
    claim = Claim(
        id="document",
        insured_id=insured.id,
        practitioner_rpps=doctor,
        practitioner_specialty="01",
        practitioner_sector="1",
        acts=tuple(
            Act(line=i, day=d, code=c, fee=euros(fee), quantity=n, ground=ground)  # type: ignore[arg-type]
            for i, ((d, c, fee, n), ground) in enumerate(zip(lines, grounds, strict=True), 1)
        ),
        total=euros(sum(fee for _, _, fee, _ in lines)),
        form_date=form_date,
        received_on=decided_on,
        nature=nature,  # type: ignore[arg-type]
        ald=ald,
        parcours=box,  # type: ignore[arg-type]
        paid_by_insured=insured_paid,
        complementary_paid_by_insured=complement,
        at_number=at_number,
        hospitalised=in_hospital,
        heavy_stay=heavy,
        maternity_date=insured.grossesses[0].expected_birth if nature == "maternite" else None,
    )
    history = History(
        withheld=tuple(
            Withheld(
                "participation_forfaitaire",
                euros(t.cents),
                t.reimbursed_on,
                t.care_day,
                t.doctor,
                euros(t.owed),
            )
            for t in before
        )
    )
    return CareCase(insured, claim, history, decided_on, feuille, before)
