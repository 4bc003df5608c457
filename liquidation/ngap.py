"""The letters of the NGAP: tariff by specialty and conventionnement, majorations, déplacements."""

from datetime import date

from domain.claim import Act, Claim, Rights, TraceLine
from domain.money import ZERO, Money, to_the_cent
from law import KEPT, Law, Value
from law.groups import ACCES_DIRECT, GENERALISTES
from liquidation.deplacement import travel
from liquidation.parcours import in_parcours
from liquidation.priced import Priced, Unpriced, within
from liquidation.professions import AUXILIAIRE, LABORATOIRE, MEDECIN, SAGE_FEMME, Profession
from liquidation.traces import cite

GENERALIST = "MCG"
COORDINATION = frozenset(("MCS", GENERALIST, "MCC"))
"""Majorations of the médecin correspondant."""
OWN = {
    MEDECIN.name: COORDINATION | {"MPC", "MEG", "MUT", "MN", "MM", "F", "MRT", "SNP"},
    AUXILIAIRE.name: frozenset(("MAU", "MCI")),
    SAGE_FEMME.name: frozenset(("MSF",)),
}
"""What each profession may add to a letter, or write on a line of its own."""
NONE: frozenset[str] = frozenset()
REMOTE = "TCG"
UNPLANNED = "SNP"
"""Surcote of who sees, sent by the service d'accès aux soins, a patient that is not his own."""
TREATING = frozenset(("GL", "MUT", "IMT", "VSP"))
"""Letters of the médecin traitant alone."""
CHILDREN = frozenset(("COB", "COD", "COE", "COG", "COH", "COK"))
"""Examinations of a child of an age."""
CONDITIONED = CHILDREN | frozenset(("MEG", "CEH", "CEK", "CEG", REMOTE, UNPLANNED)) | COORDINATION | TREATING
"""Letters that ask for an age or a role."""
AUTORITE = frozenset(("C", "G", "GS", "CS"))
"""Letters that a tarif d'autorité was found for."""


def price(act: Act, claim: Claim, profession: Profession, held: Rights, law: Law) -> Priced:
    """The worth of a letter with what is added to it. Raises Unpriced, law.NotCovered."""
    own = OWN.get(profession.name, NONE)
    _plain(act, profession, own)
    trace: list[TraceLine] = []
    if act.code in CONDITIONED:
        _conditions(act.code, act, claim, held, law)
    added = _added(act, claim, held, law) if act.others else []
    if act.code in own:
        tariff = law.value(f"majoration.{act.code}", act.day)
    else:
        more = sum((each.number for each in added), ZERO) if added else ZERO
        tariff = _tariff(act, claim, profession, more, law)
    one = tariff.number
    if act.quantity != 1 or act.coefficient != 1:
        one *= act.quantity * act.coefficient
    one = to_the_cent(one)
    trace.append(_line(act, tariff, one, law))
    total = one
    for each in added:
        amount = to_the_cent(each.number)
        total += amount
        letters = each.parameter.removeprefix("majoration.")
        trace.append(cite("CSS L162-14-1 I 1°", f"Majoration {letters}.", each, amount))
    base = within(act, total, trace, law)
    asked = act.fee
    if act.travel_code or act.travel_fee or act.kilometres:
        moved = travel(act, claim, profession, law, trace)
        base += moved
        asked += moved
    return Priced(
        base,
        asked,
        trace,
        supplement=act.code in own,
        units=act.quantity,
    )


_LINES: dict[tuple[str, str, str, date, Money], TraceLine] = {}
"""A day of claims repeats the same few lines of trace."""


def _line(act: Act, tariff: Value, amount: Money, law: Law) -> TraceLine:
    written = _written(act)
    key = (written, tariff.parameter, tariff.text, tariff.since, amount)
    line = _LINES.get(key)
    if line is None:
        label = law.act_label(act.code) or act.code
        line = cite("CSS L162-14-1 I 1°", f"Tarif de « {label} » ({written}).", tariff, amount)
        if len(_LINES) >= KEPT:
            _LINES.clear()
        _LINES[key] = line
    return line


def _written(act: Act) -> str:
    """`AMI 4`, `B 20`, `G`."""
    if act.quantity == 1 and act.coefficient == 1:
        return act.code
    factor = act.coefficient * act.quantity
    return act.code if factor == 1 else f"{act.code} {factor.normalize():f}".replace(".", ",")


def _plain(act: Act, profession: Profession, own: frozenset[str]) -> None:
    """Quantities and coefficients belong to the auxiliaires, the laboratory and the sages-femmes."""
    counted = profession is not MEDECIN and profession in (AUXILIAIRE, LABORATOIRE, SAGE_FEMME)
    if act.quantity < 1 or act.coefficient <= 0:
        raise Unpriced.by("quantite_non_calculee", act)
    if not counted and (act.quantity != 1 or act.coefficient != 1):
        raise Unpriced.by("quantite_non_calculee", act)
    if act.activity or act.modifiers or act.association:
        raise Unpriced.by("quantite_non_calculee", act)
    if act.others and not own.issuperset(act.others):
        raise Unpriced.by("quantite_non_calculee", act)


def _added(act: Act, claim: Claim, held: Rights, law: Law) -> list[Value]:
    found: list[Value] = []
    for letters in act.others:
        if letters in CONDITIONED:
            _conditions(letters, act, claim, held, law)
        found.append(law.value(f"majoration.{letters}", act.day))
    return found


def _conditions(letters: str, act: Act, claim: Claim, held: Rights, law: Law) -> None:
    """Ages and roles that the nomenclature asks for. Raises Unpriced."""
    for name, kept in (("age_des", _not_younger), ("age_avant", _younger)):
        parameter = f"{name}.{letters}"
        if parameter in law.parameters and not kept(held.age, law.value(parameter, act.day)):
            raise Unpriced.by("condition_d_age", act, letters)
    own = held.medecin_traitant is not None and held.medecin_traitant == claim.practitioner_rpps
    if letters in TREATING and not own:
        raise Unpriced.by("condition_medecin_traitant", act, letters)
    if letters == UNPLANNED and own:
        raise Unpriced.by("condition_autre_medecin", act, letters)
    if letters == REMOTE and in_parcours(claim, held) is None:
        raise Unpriced.by("teleconsultation_hors_parcours", act, letters)
    if letters in COORDINATION and not _correspondant(letters, act, claim, held, law):
        raise Unpriced.by("condition_correspondant", act, letters)


def _younger(age: int, limit: Value) -> bool:
    return age < limit.number


def _not_younger(age: int, limit: Value) -> bool:
    return age >= limit.number


def _correspondant(letters: str, act: Act, claim: Claim, held: Rights, law: Law) -> bool:
    """Sent by the médecin traitant, or seen in direct access where there is one; a specialist's patient under
    sixteen needs none (NGAP, livre III, III-4-I, article 2 bis)."""
    if held.medecin_traitant is None:
        young = held.age < law.value("parcours.age", act.day).number
        return young and letters != GENERALIST
    if held.medecin_traitant == claim.practitioner_rpps:
        return False
    return claim.parcours == "O" or claim.practitioner_specialty in ACCES_DIRECT


def _tariff(act: Act, claim: Claim, profession: Profession, added: Money, law: Law) -> Value:
    """The tariff of the letter for this conventionnement. Raises Unpriced, law.NotCovered."""
    specialty, sector = claim.practitioner_specialty, claim.practitioner_sector
    if sector == "0":
        if profession is not MEDECIN or act.code not in AUTORITE:
            raise Unpriced.by("tarif_autorite_absent", act)
        group = "generaliste" if specialty in GENERALISTES else "specialiste"
        return law.value(f"tarif_autorite.{group}", act.day)
    opposable = law.tariff_of("tarif", act.code, act.day, specialty)
    if opposable is None:
        if not law.act_known(act.code, act.day):
            raise Unpriced.by("acte_inconnu", act)
        raise Unpriced.by("acte_non_calcule", act, law.specialty(specialty) or specialty)
    if profession is not MEDECIN or sector == "1" or claim.practitioner_optam:
        return opposable
    if act.fee <= to_the_cent(opposable.number) + added:
        return opposable
    other = law.tariff_of("tarif_differents", act.code, act.day, specialty)
    if claim.practitioner_optam is None and (other is None or other.number != opposable.number):
        raise Unpriced.by("optam_inconnu", act)
    if other is None or act.others:
        raise Unpriced.by("lettre_sans_depassement", act)
    return other
