"""Technical acts: price of the day by activity and phase, modifiers, association (CCAM, livre III).

base = round(price x (1 + percents) x association) + forfaits; percents add up (RG_VF640 to VF682).
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from domain.claim import Act, Claim, NotComputed, Rights, TraceLine
from domain.money import ZERO, Money, to_the_cent
from law import Law, Value
from law.codes import CcamAct, Modifier, ccam, modifiers
from law.groups import MODIFICATEURS
from liquidation.modificateurs import ANESTHESIA, SURGERY, doubtful
from liquidation.priced import Priced, Unpriced, within
from liquidation.professions import AUXILIAIRE, DENTISTE, MEDECIN, Profession
from liquidation.reasons import because
from liquidation.traces import cite, note

ARTICLE = "CSS L162-1-7 ; R162-52"
ASSOCIATIONS = frozenset(("1", "2", "3", "4", "5"))
APART = "5"
"""Association of the acts that were not done at the same moment of the day."""
IMAGING = "ADI"
"""Regroupement of radiology, scanography, IRM and scintigraphy (R160-16 II 1)."""
MEDICAL = frozenset(("ATM", "ADI", "ADC"))
"""Acts of a dentist that doctors mostly do: the rate of doctors (R160-5 3° bis)."""
DENTAL = frozenset((
    "ASC", "AXI", "BR1", "CM0", "CT0", "CT1", "CZ0", "DEN", "END", "IC0", "IC1", "ICO", "IN1", "INO", "PA0",
    "PA1", "PAM", "PAR", "PDT", "PF0", "PF1", "PFC", "PFM", "PT0", "RA0", "RE1", "RF0", "RPN", "RS0", "SDE",
    "SU0", "SU1", "TDS",
))  # fmt: skip
"""«Actes de soins dentaires», at their rate when a doctor does them too (R160-5 3° bis)."""
NEVER_HEAVY, ALONE = "5", "2"
"""Codes of exonération: the participation is never reduced (R160-16 IV: prothèses...); the act, that does not
invade, is compared with the threshold alone. Those of code 1 add up."""
_HUNDRED = Decimal(100)
_ONE = Decimal(1)


def price(act: Act, claim: Claim, profession: Profession, held: Rights, law: Law) -> Priced:
    """The worth of a CCAM act. Raises Unpriced, law.NotCovered."""
    row = _row(act)
    _billable(act, claim, profession, row)
    letters, association = _written(act)
    opposable, other = (_price(act, row, law, each) for each in (True, False))
    value = _of_sector(act, claim, opposable, other)
    trace: list[TraceLine] = []
    label = law.act_label(act.code) or act.code
    said = f"Tarif de « {label} » ({act.code}, activité {row.activity})."
    trace.append(cite(ARTICLE, said, value, to_the_cent(value.number)))
    percents, forfaits = _modifiers(act, claim, letters, trace)
    if belied := doubtful(letters, row.activity, act, claim, held, law):
        raise Unpriced.by("modificateur_a_verifier", act, belied)
    amount = value.number * (_ONE + percents / _HUNDRED)
    if association:
        part = law.value(f"ccam.association_{association}", act.day)
        amount *= part.number
        said = f"Acte associé, code {association}."
        trace.append(cite("CCAM, livre III, III-3 B", said, part, to_the_cent(amount)))
    main = to_the_cent(amount)
    base = within(act, main + forfaits, trace, law)
    if act.travel_code or act.travel_fee or act.kilometres:
        raise Unpriced.by("deplacement_non_calcule", act)
    counts = NEVER_HEAVY not in row.exo
    rate, article = _own_rate(row, profession)
    return Priced(
        base,
        act.fee,
        trace,
        rate=rate,
        article=article,
        counted=main if counts else None,
        imaging=row.group == IMAGING,
        alone=ALONE in row.exo or association == APART,
        anesthesia=row.activity == ANESTHESIA,
    )


def _own_rate(row: CcamAct, profession: Profession) -> tuple[str | None, str | None]:
    """The rate of the act, and its article, where it is not that of who does it."""
    if profession is DENTISTE and row.group in MEDICAL:
        return "taux.dentaire_medical", "CSS L160-13 I ; R160-5 3°"
    if profession is MEDECIN and row.group in DENTAL:
        return DENTISTE.rate, DENTISTE.article
    return None, None


def _row(act: Act) -> CcamAct:
    activity = act.activity or SURGERY
    for row in ccam().acts[act.code]:
        if (row.activity, row.phase) == (activity, act.phase):
            return row
    raise Unpriced.by("activite_inconnue", act, activity)


def _billable(act: Act, claim: Claim, profession: Profession, row: CcamAct) -> None:
    if act.quantity != 1 or act.coefficient != 1:
        raise Unpriced.by("quantite_non_calculee", act)
    if profession is AUXILIAIRE:
        raise Unpriced.by("acte_d_une_autre_profession", act)
    if claim.practitioner_sector == "0":
        raise Unpriced.by("tarif_autorite_absent", act)
    if row.conditions:
        raise Unpriced.by("remboursement_sous_conditions", act)
    if row.accord:
        raise Unpriced.by("accord_prealable", act)


def _price(act: Act, row: CcamAct, law: Law, opposable: bool) -> Value:
    value = law.ccam_value(act.code, row.activity, row.phase, act.day, opposable)
    if value is None:
        raise Unpriced.by("acte_non_pris_en_charge", act)
    return value


def _of_sector(act: Act, claim: Claim, opposable: Value, other: Value) -> Value:
    """Secteur 1 and OPTAM have one price, the others another, often the same."""
    if claim.practitioner_sector == "1" or claim.practitioner_optam or opposable.number == other.number:
        return opposable
    if claim.practitioner_optam is None:
        raise Unpriced.by("optam_inconnu", act)
    return other


def _written(act: Act) -> tuple[str, str | None]:
    """(modifiers, association): from their own fields, else from the paper's two cells.

    A lone 3, 4 or 5 is both a modifier and an association: where the act admits it as a modifier, a
    person tells."""
    letters, association = act.modifiers, act.association
    if act.others:
        if letters or association or len(act.others) > 2:
            raise Unpriced.by("quantite_non_calculee", act)
        cells = [each.replace(" ", "") for each in act.others]
        if len(cells) == 2:
            letters, association = cells
        elif cells[0] not in ASSOCIATIONS:
            letters = cells[0]
        elif cells[0] in ccam().modifiers.get(act.code, ""):
            raise Unpriced.by("modificateur_a_verifier", act, cells[0])
        else:
            association = cells[0]
    if association and association not in ASSOCIATIONS:
        raise Unpriced.by("association_inconnue", act, association)
    return letters, association or None


def _modifiers(act: Act, claim: Claim, letters: str, trace: list[TraceLine]) -> tuple[Decimal, Money]:
    """(percents added up, forfaits added up)."""
    percents, forfaits = Decimal(0), ZERO
    admitted = ccam().modifiers.get(act.code, "")
    if len(set(letters)) < len(letters):
        raise Unpriced.by("modificateur_a_verifier", act, letters)
    for letter in letters:
        found = _modifier(letter, claim.practitioner_specialty)
        if letter not in admitted or found is None:
            raise Unpriced.by("modificateur_inconnu", act, letter)
        value = _of_modifier(found, claim)
        if value is None:
            raise Unpriced.by("modificateur_a_verifier", act, letter)
        if found.kind == "forfait":
            forfaits += to_the_cent(value)
            trace.append(note("CCAM, 19.03", f"Modificateur {letter} : {found.label}.", to_the_cent(value)))
        else:
            percents += value
            shown = f"{value.normalize():f}".replace(".", ",")
            trace.append(note("CCAM, 19.03", f"Modificateur {letter} : {found.label}, + {shown} %."))
    return percents, forfaits


def _modifier(letter: str, specialty: str) -> Modifier | None:
    table = modifiers()
    for group in (*MODIFICATEURS.get(specialty, ()), ""):
        if found := table.get((letter, group)):
            return found
    return None


def _of_modifier(found: Modifier, claim: Claim) -> Decimal | None:
    if claim.practitioner_sector == "1":
        return found.value
    if found.value == found.optam == found.other:
        return found.value
    return (
        found.optam if claim.practitioner_optam else found.other if claim.practitioner_optam is False else None
    )


def clashes(claim: Claim, law: Law) -> Iterator[NotComputed]:
    """Acts of one day that may not simply be added: several technical acts without their association
    codes, a technical act beside a consultation."""
    table = ccam().acts
    by_day: dict[date, list[Act]] = {}
    for act in claim.acts:
        if act.code in table:
            by_day.setdefault(act.day, []).append(act)
    if not by_day:
        return
    for day, technical in sorted(by_day.items()):
        if not law.horizon.first <= day <= law.horizon.last:
            continue
        technical.sort(key=_line)
        allowed = law.value("ccam.cumuls", day).text.split()
        letters = [act for act in claim.acts if act.day == day and act.code not in table]
        lone = [act for act in technical if act.code not in allowed]
        if letters and lone:
            yield because("cumul_a_verifier", lone[0].line, act=lone[0].code)
        doubtful = [act for act in technical if not _associated(act)]
        if len(technical) > 1 and doubtful:
            yield because("association_absente", doubtful[0].line, act=doubtful[0].code)


def _associated(act: Act) -> bool:
    try:
        return _written(act)[1] is not None
    except Unpriced:
        return True  # its own reason is given


def _line(act: Act) -> int:
    return act.line
