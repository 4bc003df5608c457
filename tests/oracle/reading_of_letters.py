"""Biology, midwives, dentists: letters with a coefficient, read straight from the code, in whole cents.

One table says what a trade's letter is worth, what the caisse pays of it, and what is withheld besides."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tests.oracle.reading_of_the_law import Feuille, Patient, Seen, Taken, due, line_of
from tests.oracle.tables import DENTIST_RATE, LETTERS, known, nearest

BIOLOGY, MIDWIFE, DENTIST = "biologie", "sage-femme", "dentaire"


@dataclass(frozen=True)
class Written:
    """`times`: acts of the line. `coefficient`: of the letter. `beside`: letters that complete it."""

    day: date
    letter: str
    fee: int
    patient: Patient = field(default_factory=Patient)
    coefficient: Decimal = Decimal(1)
    times: int = 1
    beside: tuple[str, ...] = ()
    ground: str | None = None


@dataclass(frozen=True)
class Note:
    lines: tuple[Written, ...]
    trade: str
    decided_on: date
    professional: str = "30000000003"
    nature: str = "maladie"
    protocole_ticked: bool = False
    insured_paid: bool = True
    insured_paid_complement: bool = True


@dataclass(frozen=True)
class Given:
    base: int
    rate: int
    gross: int
    participation: int
    complement: int
    to_insured: int
    to_provider: int


# Trade -> percent on a day, with the ASPA (R160-9: 4° to 7° of R160-5, so not 3° and 3° bis), whether a
# participation forfaitaire is due (L160-13 II: a doctor's act, and any act of biology).
# R160-5 5°: 60. 3°: 70 of a midwife, who is a «praticien». 3° bis: of a dentist, 60 since 2023-10-15.
Percent = Callable[[date], int]
TRADES: dict[str, tuple[Percent, int | None, bool]] = {
    BIOLOGY: (lambda day: 60, 80, True),
    MIDWIFE: (lambda day: 70, None, False),
    DENTIST: (lambda day: known(DENTIST_RATE, day), None, False),
}
# The grounds that each may carry, and the age below which one holds.
# R160-17 I 2°, 3°, 4°, 5° b and f, 8°, 8° bis, 9°, II; R160-8 al. 1; D160-5; L160-9 1°.
GROUNDS: dict[str, dict[str, int | None]] = {
    BIOLOGY: {
        "infertilite": None, "donneur": None, "ivg": None, "contraception": 26, "depistage_vih": None,
        "depistage_hepatite_c": None, "amp": None, "sevices": None, "suivi_post_ald": None,
        "examen_maternite": None,
    },
    MIDWIFE: {"contraception": 26, "ivg": None, "sevices": None, "examen_maternite": None},
    DENTIST: {"sevices": None},
}  # fmt: skip
OF_OTHERS = ("samu", "transfert", "appareillage", "contraception_urgence")


def fits(trade: str, line: Written) -> bool:
    if line.ground is None:
        return True
    if line.ground not in GROUNDS[trade]:
        return False
    below = GROUNDS[trade][line.ground]
    return below is None or line.patient.age < below


def worth(line: Written) -> int:
    """SFG RG_VF640: letter x acts x coefficient, one product rounded once, and what stands beside it."""
    thousandths = int(line.coefficient * 1000)
    cents = nearest(known(LETTERS[line.letter], line.day) * line.times * thousandths, 1000)
    return cents + sum(known(LETTERS[each], line.day) for each in line.beside)


def for_a_person(note: Note) -> set[str]:
    codes = set()
    for line in note.lines:
        if not fits(note.trade, line):
            codes.add("motif_a_verifier")
        examined = line.ground == "examen_maternite"
        if note.nature == "maternite" and not (line.patient.in_maternity or examined):
            codes.add("maternite_hors_periode")
        if note.nature == "atmp" and not line.patient.has_at:
            codes.add("at_non_reconnu")
    return codes


def pay(note: Note, before: tuple[Taken, ...] = ()) -> tuple[list[Given], list[Taken]]:
    percent, aspa, bears = TRADES[note.trade]
    feuille = Feuille((), note.decided_on, note.professional, "30", note.nature, note.protocole_ticked)
    rows: dict[int, Given] = {}
    taken: list[Taken] = []
    for place, line in sorted(
        enumerate(note.lines), key=lambda each: (each[1].day, each[1].letter, each[1].fee)
    ):
        seen = Seen(line.day, line.letter, line.fee, 1, line.patient, line.ground)
        why, _, rate, _, _, participates = line_of(feuille, seen)
        if why in ("regime_local", "droit_commun"):
            rate = aspa if aspa and line.patient.aspa else percent(line.day)
        base = min(worth(line), line.fee)
        gross = nearest(base * rate, 100)
        complement = base - gross if line.patient.c2s else 0
        left, kept = gross, 0
        spared = line.patient.under_18_on_1_january or line.patient.c2s
        for _ in range(line.times if bears and participates and not spared else 0):
            cents = due(feuille, seen, (*before, *taken))
            if cents:
                now = min(cents, left) if note.insured_paid else 0
                left, kept = left - now, kept + now
                taken.append(Taken(cents, note.decided_on, line.day, note.professional, cents - now))
        insured = (left if note.insured_paid else 0) + (complement if note.insured_paid_complement else 0)
        rows[place] = Given(base, rate, gross, kept, complement, insured, left + complement - insured)
    return [rows[place] for place in sorted(rows)], taken
