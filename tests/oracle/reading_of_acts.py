"""Technical acts of the CCAM, read straight from the nomenclature and the code, in whole cents.

What a line costs is one table of modifiers (CCAM 19.03) and one of associations (livre III, III-3 B); who
bears what is the table of the doctors (`reading_of_the_law.BEARS`), before which one rule passes, that of
the actes lourds (R160-16): it is found by laying the acts of a day side by side.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.oracle.reading_of_the_law import (
    AS_THE_HOUSE_CHOSE,
    GROUNDS_OF_A_DOCTOR,
    Feuille,
    Patient,
    Seen,
    Taken,
    due,
    is_majored,
    line_of,
    out_of_parcours,
)
from tests.oracle.tables import HEAVY_FROM, HEAVY_SUM, MAJORATION_CAP, at, known, nearest

GENERALISTS = ("01", "22", "23")
DENTISTS = ("19", "36", "54")
PAEDIATRICIAN, MIDWIFE, STOMATOLOGIST = "12", "21", "18"
RADIOLOGIST = "06"
# IR_SPE_V. The surgeons, and those whom 19.03.01 puts beside them: anaesthetists, gynaecologists
# obstetricians, ORL, stomatologists, ophthalmologists.
SURGEONS = ("04", "10", "16", "41", "43", "44", "45", "46", "47", "48", "49")
BESIDE_SURGEONS = (*SURGEONS, "02", "07", "11", STOMATOLOGIST, "15")
DIRECT_ACCESS = ("07", "15", "17", "33", "70", "75", "79")
"""D162-1-7: gynécologie médicale, gynécologie obstétrique, ophtalmologie, psychiatrie, neuro-psychiatrie."""

ASSOCIATED = {None: 100, "1": 100, "2": 50, "3": 75, "4": 100, "5": 100}
"""III-3 B: percent of the tariff with its modifiers in percent; 5: at another moment of the same day."""


@dataclass(frozen=True)
class Done:
    """One act of one line. `tariff`: that of the practitioner's column, with no modifier. `exo`: the column
    «Exo. TM» (1 an act of surgery or that invades, 2 one that does not, 5 none, 7 prevention besides)."""

    day: date
    code: str
    activity: str
    tariff: int
    exo: str
    group: str
    fee: int
    patient: Patient = field(default_factory=Patient)
    admits: str = ""
    conditions: str = ""  # AP: an entente préalable first; RC: reimbursed under conditions
    modifiers: str = ""
    association: str | None = None
    ground: str | None = None


@dataclass(frozen=True)
class Sheet:
    acts: tuple[Done, ...]
    decided_on: date
    doctor: str = "20000000002"
    specialty: str = "04"
    sector: str = "1"
    optam: bool | None = None
    nature: str = "maladie"
    protocole_ticked: bool = False
    box: str | None = None
    insured_paid: bool = True
    insured_paid_complement: bool = True
    in_hospital: bool = False


@dataclass(frozen=True)
class Line:
    base: int
    rate: int
    gross: int
    heavy: int
    majoration: int
    participation: int
    complement: int
    to_insured: int
    to_doctor: int


def easter(year: int) -> date:
    """The Sunday after the first full moon of spring, as the computus of Gauss finds it."""
    a, b, c = year % 19, year % 4, year % 7
    d = (19 * a + 24) % 30
    e = (2 * b + 4 * c + 6 * d + 5) % 7
    found = date(year, 3, 22) + timedelta(days=d + e)
    return found - timedelta(days=7) if (found.month, found.day) in {(4, 26)} else found


def is_sunday_or_holiday(day: date) -> bool:
    fixed = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
    moved = {easter(day.year) + timedelta(days=n) for n in (1, 39, 50)}
    return day.weekday() == 6 or (day.month, day.day) in fixed or day in moved


def operates(sheet: "Sheet", act: "Done") -> bool:
    """K, T: of surgeons (and deliveries), not of the anaesthesia beside."""
    return act.activity == "1" and sheet.specialty in BESIDE_SURGEONS and sheet.specialty != "02"


# Letter -> (who may write it, thousandths of the tariff, cents), first line that fits. 19.03.01 urgency,
# 19.03.02 age, 19.03.03 and 19.03.04. What is not on the sheet (the hour, the block, the open fracture) is
# taken as written.
When = Callable[[Sheet, Done], bool]
MODIFIERS: dict[str, list[tuple[When, int, int]]] = {
    "U": [
        (lambda s, a: s.specialty in BESIDE_SURGEONS, 0, 5000),
        (lambda s, a: s.specialty not in (*GENERALISTS, PAEDIATRICIAN, MIDWIFE), 0, 2515),
    ],
    "P": [
        (lambda s, a: s.specialty in (*GENERALISTS, MIDWIFE), 0, 3500),
        (lambda s, a: s.specialty == PAEDIATRICIAN, 0, 5000),
    ],
    "S": [
        (lambda s, a: s.specialty in (*GENERALISTS, MIDWIFE), 0, 4000),
        (lambda s, a: s.specialty in (*BESIDE_SURGEONS, PAEDIATRICIAN), 0, 8000),
        (lambda s, a: s.specialty not in DENTISTS, 0, 4000),  # «sous anesthésie», that no sheet tells
    ],
    "F": [
        (
            lambda s, a: is_sunday_or_holiday(a.day) and s.specialty in (*BESIDE_SURGEONS, PAEDIATRICIAN),
            0,
            4000,
        ),
        (lambda s, a: is_sunday_or_holiday(a.day), 0, 1906),
    ],
    "O": [(lambda s, a: s.specialty in BESIDE_SURGEONS, 0, 8000)],
    "M": [(lambda s, a: s.specialty in (*GENERALISTS, PAEDIATRICIAN, MIDWIFE), 0, 2688)],
    "A": [(lambda s, a: a.activity == "4" and not 4 <= a.patient.age < 80, 0, 2300)],
    "E": [(lambda s, a: a.activity == "1" and a.patient.age < 5, 490, 0)],
    "N": [(lambda s, a: a.activity == "1" and s.specialty in DENTISTS and a.patient.age < 13, 157, 0)],
    "9": [(lambda s, a: a.activity == "1" and s.specialty in DENTISTS and 1 <= a.patient.age <= 26, 300, 0)],
    "R": [(lambda s, a: a.activity == "1", 500, 0)],
    "L": [(lambda s, a: a.activity == "1", 200, 0)],
    "B": [(lambda s, a: a.activity == "1", 490, 0)],
    "D": [(lambda s, a: a.activity == "1", 240, 0)],
    "Y": [
        (
            lambda s, a: (
                a.activity == "1" and s.specialty in (RADIOLOGIST, "13", "14") and "Z" not in a.modifiers
            ),
            130,
            0,
        )
    ],
    "Z": [(lambda s, a: a.activity == "1" and s.specialty == RADIOLOGIST and "Y" not in a.modifiers, 130, 0)],
    "J": [(lambda s, a: a.activity == "1", 65, 0)],
    "K": [
        (
            lambda s, a: (operates(s, a) and (s.sector == "1" or bool(s.optam))) or s.specialty in DENTISTS,
            300,
            0,
        )
    ],
    "T": [(lambda s, a: operates(s, a) and bool(s.optam) and s.sector != "1", 215, 0)],
    "6": [(lambda s, a: a.activity == "1", 250, 0)],
    "8": [(lambda s, a: a.activity == "4", 200, 0)],
    "G": [(lambda s, a: a.patient.age < 3, 250, 0)],
    "3": [
        (lambda s, a: a.activity == "4" and s.sector == "1", 120, 0),
        (lambda s, a: a.activity == "4" and bool(s.optam), 80, 0),
    ],
    "4": [(lambda s, a: a.activity == "4", 60, 0)],
    "5": [(lambda s, a: a.activity == "4", 80, 0)],
    "7": [(lambda s, a: a.activity == "4", 60, 0)],
}


def modifiers(sheet: Sheet, act: Done) -> list[tuple[int, int]] | None:
    """Thousandths and cents of each; None where one of them may not be written there."""
    found = []
    for letter in act.modifiers:
        lines = [(rate, sum_) for when, rate, sum_ in MODIFIERS.get(letter, []) if when(sheet, act)]
        if letter not in act.admits or not lines:
            return None
        found.append(lines[0])
    return found


def price(sheet: Sheet, act: Done) -> tuple[int, int]:
    """The base, and what of it is laid beside the threshold (SFG RG_VF640: without the modifiers in sums)."""
    given = modifiers(sheet, act)
    if given is None:
        raise LookupError(f"modifiers {act.modifiers} of {act.code}")
    thousandths = 1000 + sum(rate for rate, _ in given)
    tested = nearest(act.tariff * thousandths * ASSOCIATED[act.association], 1000 * 100)
    return tested + sum(cents for _, cents in given), tested


def lourds(sheet: Sheet, acts: Sequence[Done]) -> set[int]:
    """The places of the acts of one day that reach 120 euros (R160-16 I).

    Those of «Exo. TM» 1 add up when they are of the same moment (I last al.), so not those of association 5;
    those of 2 count alone (II last al. for the imaging). IV: none of 5."""
    tested = {place: price(sheet, act)[1] for place, act in enumerate(acts)}
    together = [p for p, act in enumerate(acts) if act.exo[0] == "1" and act.association != "5"]
    found = set(together) if sum(tested[p] for p in together) >= HEAVY_FROM else set()
    alone = [p for p, act in enumerate(acts) if act.exo[0] in "12" and p not in together]
    return found | {p for p in alone if tested[p] >= HEAVY_FROM}


def is_imaging(act: Done) -> bool:
    """R160-16 II 1: radiology, IRM, scanner, scintigraphy, TEP; the ultrasounds are not in the list."""
    return act.group == "ADI"


def own_rate(sheet: Sheet, act: Done) -> int:
    """R160-5 3° and 3° bis: 70, or 60 of a dentist and of dental care, but for the acts that doctors do."""
    of_doctors = act.group in ("ATM", "ADI", "ADC", "ADE", "ADA", "ACO")
    return 70 if of_doctors else 60


def as_feuille(sheet: Sheet, heavy_stay: bool = False) -> Feuille:
    return Feuille(
        seen=(),
        decided_on=sheet.decided_on,
        doctor=sheet.doctor,
        specialty=sheet.specialty,
        nature=sheet.nature,
        protocole_ticked=sheet.protocole_ticked,
        box=sheet.box,
        insured_paid=sheet.insured_paid,
        insured_paid_complement=sheet.insured_paid_complement,
        in_hospital=sheet.in_hospital,
        heavy_stay=heavy_stay,
    )


def outside(sheet: Sheet, patient: Patient) -> bool:
    if sheet.specialty in DENTISTS:
        return False  # L162-5-3: a doctor
    # D162-1-7: «sans prescription de son médecin traitant», whatever is ticked; he must have one
    direct = sheet.specialty in DIRECT_ACCESS and patient.declared_doctor is not None
    return not direct and out_of_parcours(as_feuille(sheet), patient)


def for_a_person(sheet: Sheet) -> set[str]:
    """What the sheet alone does not decide, by the names of the command."""
    codes = set()
    days: dict[date, list[Done]] = {}
    for act in sheet.acts:
        days.setdefault(act.day, []).append(act)
    for act in sheet.acts:
        if act.day < date(2026, 1, 1):
            codes.add("droit_non_couvert")  # version 81 of the CCAM is the one we have
        if "AP" in act.conditions:
            codes.add("accord_prealable")
        if "RC" in act.conditions:
            codes.add("remboursement_sous_conditions")
        if modifiers(sheet, act) is None:
            codes |= {"modificateur_a_verifier", "modificateur_inconnu"}
        below = GROUNDS_OF_A_DOCTOR.get(act.ground) if act.ground else None
        fits = act.ground in (None, *GROUNDS_OF_A_DOCTOR) and (below is None or act.patient.age < below)
        if not fits:
            codes.add("motif_a_verifier")
        examined = act.ground == "examen_maternite"
        if sheet.nature == "maternite" and not (act.patient.in_maternity or examined):
            codes.add("maternite_hors_periode")
        if sheet.nature == "atmp" and not act.patient.has_at:
            codes.add("at_non_reconnu")
        left = act.patient.doctor_left_on
        seen = Seen(act.day, act.code, act.fee, 1, act.patient, act.ground)
        if (
            left is not None
            and left > act.day.replace(year=act.day.year - 1, day=min(act.day.day, 28))
            and is_majored(as_feuille(sheet), seen, AS_THE_HOUSE_CHOSE)
            and outside(sheet, act.patient)
        ):
            codes.add("parcours_a_verifier")
    if not codes & {"modificateur_a_verifier"}:
        for acts in days.values():
            if any(acts[place].activity == "4" for place in lourds(sheet, acts)):
                codes.add("anesthesie_lourde")  # no text says which of the two fees bears the sum
    if any(len(acts) > 1 and any(a.association is None for a in acts) for acts in days.values()):
        codes.add("association_absente")
    return codes


def pay(sheet: Sheet, before: tuple[Taken, ...] = ()) -> tuple[list[Line], list[Taken]]:
    days: dict[date, list[int]] = {}
    for place, act in enumerate(sheet.acts):
        days.setdefault(act.day, []).append(place)
    heavy: set[int] = set()
    for places in days.values():
        heavy |= {places[p] for p in lourds(sheet, [sheet.acts[place] for place in places])}
    lines: dict[int, Line] = {}
    taken: list[Taken] = []
    # R160-16 I 2: of a stay the sum is due on the costs of the stay, for all that is done in it
    feuille = as_feuille(sheet, any(not is_imaging(sheet.acts[place]) for place in heavy))
    # R160-16 I: one sum for all of a day, on the dearest, and on the next what it cannot hold
    borne: dict[int, int] = {}
    still = {day: at(HEAVY_SUM, day) or 0 for day in days}
    bases = {place: min(price(sheet, act)[0], act.fee) for place, act in enumerate(sheet.acts)}
    for place in sorted(heavy, key=lambda p: (-bases[p], sheet.acts[p].code, p)):
        act = sheet.acts[place]
        if not is_imaging(act):
            borne[place] = min(still[act.day], bases[place])
            still[act.day] -= borne[place]
    lines: dict[int, Line] = {}
    taken: list[Taken] = []
    bearer: dict[date, int] = {}  # R160-16 I: one sum for all of a day: on the dearest, which holds it
    for place in sorted(heavy, key=lambda p: (-price(sheet, sheet.acts[p])[0], p)):
        if not is_imaging(sheet.acts[place]):
            bearer.setdefault(sheet.acts[place].day, place)
    for place, act in sorted(enumerate(sheet.acts), key=lambda each: (each[1].day, each[1].code, each[1].fee)):
        seen = Seen(act.day, act.code, act.fee, 1, act.patient, act.ground)
        base = bases[place]
        why, _, rate, local, _, bears_participation = line_of(feuille, seen)
        common = why in ("regime_local", "droit_commun")
        if common:
            rate = own_rate(sheet, act)
        if (common or why == "sejour") and place in heavy:
            rate, local = 100, 0
        gross = nearest(base * (rate + local), 100)
        sum_ = borne.get(place, 0) if common and why != "regime_local" else 0
        majoration = 0
        if outside(sheet, act.patient) and is_majored(feuille, seen, AS_THE_HOUSE_CHOSE):
            majoration = min(nearest(base * 40, 100), known(MAJORATION_CAP, act.day), gross - sum_)  # R160-6
        complement = base - gross + sum_ if act.patient.c2s else 0
        left = gross - sum_ - majoration
        participation = 0
        spared = act.patient.under_18_on_1_january or act.patient.c2s or sheet.specialty in DENTISTS
        if bears_participation and not (spared or sheet.in_hospital) and gross:
            cents = due(feuille, seen, (*before, *taken))
            if cents:
                participation = min(cents, left) if sheet.insured_paid else 0
                taken.append(Taken(cents, sheet.decided_on, act.day, sheet.doctor, cents - participation))
        obligatory = left - participation
        insured = (obligatory if sheet.insured_paid else 0) + (
            complement if sheet.insured_paid_complement else 0
        )
        lines[place] = Line(
            base, rate + local, gross, sum_, majoration, participation, complement, insured,
            obligatory + complement - insured,
        )  # fmt: skip
    return [lines[place] for place in sorted(lines)], taken


def total(lines: Iterable[Line]) -> int:
    return sum(line.to_insured + line.to_doctor for line in lines)
