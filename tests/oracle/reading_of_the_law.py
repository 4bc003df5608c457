"""Care by a generalist of sector 1, read straight from the code, as tables and by replaying days.

Everything is a whole number of cents. Who bears what is one decision table; the caps of the
participation forfaitaire are found by walking through the civil year from its first day, as a clerk
with a calendar would.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.oracle.tables import (
    DAILY,
    GENERALISTS,
    MAJORATION_CAP,
    PARTICIPATION,
    TARIFF,
    YEARLY,
    at,
    known,
    nearest,
)


@dataclass(frozen=True)
class Patient:
    """What is true of the person on the day of care."""

    age: int = 40
    under_18_on_1_january: bool = False
    declared_doctor: str | None = "10000000001"
    doctor_left_on: date | None = None  # the first day without him, where no one came after
    has_protocole: bool = False
    c2s: bool = False
    in_maternity: bool = False
    has_at: bool = False
    regime_local: bool = False
    pension: bool = False  # invalidité, or rente of 66,66 % and more
    ame: bool = False
    aspa: bool = False


@dataclass(frozen=True)
class Seen:
    """One line of the feuille, and the patient as he was that day."""

    day: date
    code: str
    fee: int
    times: int = 1
    patient: Patient = field(default_factory=Patient)
    ground: str | None = None  # why its participation is suppressed, as the prescriber wrote it


@dataclass(frozen=True)
class Feuille:
    seen: tuple[Seen, ...]
    decided_on: date
    doctor: str = "10000000001"
    specialty: str = "01"
    nature: str = "maladie"
    protocole_ticked: bool = False
    box: str | None = None
    insured_paid: bool = True
    insured_paid_complement: bool = True
    in_hospital: bool = False
    heavy_stay: bool = False


@dataclass(frozen=True)
class Taken:
    """One participation forfaitaire: what it is, what of it is still owed, and when it counts."""

    cents: int
    reimbursed_on: date
    care_day: date
    doctor: str
    owed: int = 0


@dataclass(frozen=True)
class Row:
    base: int
    rate: int
    gross: int
    majoration: int
    participation: int
    complement: int
    paid: int
    to_insured: int
    to_doctor: int


@dataclass(frozen=True)
class Readings:
    """Where the texts leave two readings. `capped`: the majoration stops at the sum of R160-6 al. 3
    (else «30 %» is paid). `c2s_keeps_all`: out of the parcours, «cette participation» of L861-3 1° is
    all of it (else the majoration alone stays with the insured). `maternity`, `accident`: R160-6
    al. 2 reaches them too."""

    capped: bool = True
    c2s_keeps_all: bool = False
    maternity: bool = False
    accident: bool = False


AS_THE_HOUSE_CHOSE = Readings()


@dataclass(frozen=True)
class Result:
    rows: tuple[Row, ...]
    taken: tuple[Taken, ...]

    @property
    def total(self) -> int:
        return sum(row.paid for row in self.rows)


# What may be written beside an act of a doctor to suppress its participation, and the age of the patient
# below which it holds. What is of medicines, of transports, of appliances or of laboratories alone
# (R160-17 I 5° bis, 8° bis, 10°, 11°, R160-8, R160-16 V) is no ground of a consultation.
GROUNDS_OF_A_DOCTOR: dict[str, int | None] = {
    "infertilite": None,  # R160-17 I 2°
    "donneur": None,  # 3°
    "ivg": None,  # 4°
    "contraception": 26,  # 5° a
    "prevention": None,  # 7° and 8°
    "amp": None,  # 9°
    "sevices": None,  # II: for the whole of the treatment, past the majority too
    "suivi_post_ald": None,  # D160-5 II
    "examen_maternite": None,  # L160-9 1°
}

# Who is paid what, first line that fits: (why, when, rate of the general scheme, rate of the régime
# local besides, does the majoration reach him, does the participation forfaitaire). The order is that of
# the exonerations (SFG VF34): AME, nature of the insurance, beneficiary, act.
#
# AME        CASF L251-2: all of the tariff, nothing left to the person; out of the parcours by RG_CF640.
# AT/MP      L431-1 pays all of the tariff; L432-1 al. 2 lets in II and III of L160-13, not I: so no
#            majoration, which is part of I. Before the maternité: its «frais prévus au présent article»
#            are those of the livre I.
# maternité  L160-9, D160-3: all care of the period, «aucune participation»: neither that of L160-13 I
#            nor that of II; the majoration of L162-5-3 is one of L160-13 I. Its examinations (1°) too,
#            when they fall outside the period.
# prévention nature 90: nothing of I (L160-14 16°), so R160-6 al. 2 speaks of it too.
# pension    R160-10 (L160-14 13°); R160-6 al. 2: the majoration stays.
# ALD        R160-11: acts of the protocole only; D162-1-6 3°: for them no majoration.
# grounds    R160-17, D160-5: L160-14 again, the majoration stays.
# stay       R160-5 1°: 80 %; R160-16 I 2: of a heavy stay, one sum, due as a cost of the stay itself.
#            R160-6 al. 4: the majoration is one for the whole stay. L160-13 II: no participation.
# C2S, minors: L160-15: no participation forfaitaire; nothing said about the majoration.
Test = Callable[[Feuille, Patient, Seen], bool]
Line = tuple[str, Test, int, int, bool, bool]
BEARS: list[Line] = [
    ("ame", lambda f, p, s: p.ame, 100, 0, False, False),
    ("atmp", lambda f, p, s: f.nature == "atmp" and p.has_at, 100, 0, False, True),
    ("maternite", lambda f, p, s: p.in_maternity or s.ground == "examen_maternite", 100, 0, False, False),
    ("prevention", lambda f, p, s: f.nature == "prevention", 100, 0, True, True),
    ("pension", lambda f, p, s: p.pension, 100, 0, True, True),
    ("ald", lambda f, p, s: f.protocole_ticked and p.has_protocole, 100, 0, False, True),
    ("motif", lambda f, p, s: s.ground is not None, 100, 0, True, True),
    ("sejour_lourd", lambda f, p, s: f.in_hospital and f.heavy_stay, 100, 0, False, False),
    ("sejour", lambda f, p, s: f.in_hospital, 80, 0, False, False),
    # L325-1, D325-7: twenty points more, the insured keeps ten at least
    ("regime_local", lambda f, p, s: p.regime_local, 70, 20, True, True),
    ("droit_commun", lambda f, p, s: True, 70, 0, True, True),
]


def fits(seen: Seen) -> bool:
    """Is the ground, if there is one, that of a consultation of this patient?"""
    if seen.ground is None:
        return True
    if seen.ground not in GROUNDS_OF_A_DOCTOR:
        return False
    below = GROUNDS_OF_A_DOCTOR[seen.ground]
    return below is None or seen.patient.age < below


# Boxes of the feuille that put the visit in the parcours: the box, and whether a médecin traitant
# must be declared for it to mean anything.
# N L162-5-3 al. 1 (chosen that day); U and H R160-6 1° and 2°, L162-5-3 1° and 2°: no condition of a
# doctor declared; O L162-5-3 al. 6, R D162-1-6 4°: they speak of the doctor who was declared.
IN_PARCOURS = {"N": False, "U": False, "H": False, "O": True, "R": True}


def out_of_parcours(feuille: Feuille, patient: Patient) -> bool:
    if patient.age < 16:  # L162-5-3 al. 6
        return False
    if patient.declared_doctor == feuille.doctor:  # he consults no «autre médecin», whatever is ticked
        return False
    if feuille.box in IN_PARCOURS:
        return IN_PARCOURS[feuille.box] and patient.declared_doctor is None
    # S; no box; T that the dossier belies; D, a direct access of five specialties, none his (D162-1-7)
    return True


def line_of(feuille: Feuille, seen: Seen) -> Line:
    return next(line for line in BEARS if line[1](feuille, seen.patient, seen))


def is_majored(feuille: Feuille, seen: Seen, readings: Readings) -> bool:
    """Does a majoration of the participation reach him, should he be out of the parcours?"""
    if feuille.in_hospital:
        return False
    if feuille.protocole_ticked and seen.patient.has_protocole:
        return False  # D162-1-6 3° speaks of the act: no matter who else would pay it
    why, _, _, _, bears, _ = line_of(feuille, seen)
    return bears or (why == "maternite" and readings.maternity) or (why == "atmp" and readings.accident)


def read(feuille: Feuille, before: tuple[Taken, ...] = (), readings: Readings = AS_THE_HOUSE_CHOSE) -> Result:
    """The feuille paid. `before`: participations already taken."""
    if feuille.specialty not in GENERALISTS:
        raise LookupError("only a generalist is read here")
    rows: dict[int, Row] = {}
    taken: list[Taken] = []
    # A cap that is reached spares the later day (no article says so), and of one day the later code:
    # the place on the sheet must change nothing.
    for place, seen in sorted(
        enumerate(feuille.seen), key=lambda each: (each[1].day, each[1].code, each[1].fee)
    ):
        rows[place], new = one_row(feuille, seen, (*before, *taken), readings)
        taken.extend(new)
    return Result(tuple(rows[place] for place in sorted(rows)), tuple(taken))


def one_row(
    feuille: Feuille, seen: Seen, before: tuple[Taken, ...], readings: Readings
) -> tuple[Row, list[Taken]]:
    patient = seen.patient
    price = known(TARIFF[seen.code], seen.day)
    # R160-5 3°: a share «des frais d'honoraires», and L160-13 I: of the tariff at most
    base = min(price * seen.times, seen.fee)
    _, _, rate, local, _, bears_participation = line_of(feuille, seen)
    bears_participation = bears_participation and not feuille.in_hospital
    bears_majoration = is_majored(feuille, seen, readings)
    # One product, rounded once: round2(BR x taux) (SFG RG_VF640). The régime local is billed at 90
    # (nature d'assurance 13): it completes the part of the general scheme (D325-7), whatever the cent.
    gross = nearest(base * (rate + local), 100)
    outside = out_of_parcours(feuille, patient)

    majoration = 0
    if outside and bears_majoration:
        majoration = nearest(base * 40, 100)  # R160-6 al. 1, décision UNCAM: 40 %
        if readings.capped:
            majoration = min(majoration, known(MAJORATION_CAP, seen.day))  # al. 3
        majoration = min(majoration, gross)

    complement = 0
    if patient.c2s and not (outside and bears_majoration and readings.c2s_keeps_all):
        # L861-3 1°: the participation of L160-13 I, except in the case of L162-5-3: there «cette
        # participation» stays with the insured, all of it or what the majoration adds
        complement = base - gross

    left = gross - majoration
    participations: list[Taken] = []
    if bears_participation and not patient.under_18_on_1_january and not patient.c2s:  # L160-15, R160-20
        for _ in range(seen.times):
            cents = due(feuille, seen, (*before, *participations))
            if not cents:
                continue
            now = min(cents, left) if feuille.insured_paid else 0  # L160-13 II last al.: later
            left -= now
            participations.append(Taken(cents, feuille.decided_on, seen.day, feuille.doctor, cents - now))
    participation = sum(one.cents - one.owed for one in participations)

    obligatory = gross - majoration - participation
    insured = (obligatory if feuille.insured_paid else 0) + (
        complement if feuille.insured_paid_complement else 0
    )
    paid = obligatory + complement
    return (
        Row(
            base=base,
            rate=rate + local,
            gross=gross,
            majoration=majoration,
            participation=participation,
            complement=complement,
            paid=paid,
            to_insured=insured,
            to_doctor=paid - insured,
        ),
        participations,
    )


def due(feuille: Feuille, seen: Seen, before: tuple[Taken, ...]) -> int:
    """Cents of one more participation, nought where a cap is reached."""
    # D160-8: by day of care and professional, whenever they were reimbursed
    same_day = [one for one in before if one.care_day == seen.day and one.doctor == feuille.doctor]
    if len(same_day) >= DAILY:
        return 0
    # D160-6 al. 2: by day of reimbursement. The calendar of that year is turned day by day.
    calendar: dict[date, list[Taken]] = {}
    for one in before:
        calendar.setdefault(one.reimbursed_on, []).append(one)
    day = date(feuille.decided_on.year, 1, 1)
    count = cents = 0
    while day <= feuille.decided_on:
        for one in calendar.get(day, ()):
            count += 1
            cents += one.cents
        day += timedelta(days=1)
    most, ceiling = known(YEARLY, feuille.decided_on)
    if count >= most:
        return 0
    amount = known(PARTICIPATION, seen.day)
    if ceiling is not None:
        amount = min(amount, ceiling - cents)
    return max(amount, 0)


def has_tariff(code: str, day: date) -> bool:
    return code in TARIFF and at(TARIFF[code], day) is not None


def prescribed(care: date, asked: date) -> bool:
    """L160-11: two years from the first day of the quarter after the care."""
    day = care + timedelta(days=1)
    while (day.month, day.day) not in {(1, 1), (4, 1), (7, 1), (10, 1)}:
        day += timedelta(days=1)
    return asked >= date(day.year + 2, day.month, 1)
