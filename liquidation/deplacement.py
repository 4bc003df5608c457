"""Frais de déplacement: the indemnity of a visit and the kilometres that are counted."""

from domain.claim import Act, Claim, TraceLine
from domain.french import counted
from domain.money import ZERO, Money, in_french, to_the_cent
from law import Law
from liquidation.priced import Unpriced
from liquidation.professions import AUXILIAIRE, MEDECIN, Profession
from liquidation.traces import cite, note

VISITS = frozenset(("V", "VG", "VGS", "VS", "VL", "VSP", "COD", "COB", "COE"))
DOCTORS = {"MD": "majoration.MD", "ID": "majoration.ID"}
NURSES = {"IFA": "majoration.IFA", "IFD": "majoration.IFA"}
NURSE = "24"


def travel(act: Act, claim: Claim, profession: Profession, law: Law, trace: list[TraceLine]) -> Money:
    """What was asked for the déplacement of a line, which is then its base too. Raises Unpriced,
    law.NotCovered.

    Above the tariff it may be a mountain's kilometre or a count that was not given: a person tells."""
    asked = act.travel_fee or ZERO
    letters = act.travel_code or ""
    fixed = DOCTORS if profession is MEDECIN else NURSES
    allowed = (profession is MEDECIN and act.code in VISITS) or (
        profession is AUXILIAIRE and claim.practitioner_specialty == NURSE
    )
    if not allowed or not asked or (letters not in fixed and letters != "IK"):
        raise Unpriced.by("deplacement_non_calcule", act)
    due = ZERO
    if act.kilometres:
        each = law.value("majoration.IK" if profession is MEDECIN else "majoration.IK_infirmier", act.day)
        due = to_the_cent(each.number * act.kilometres)
        trace.append(cite("CSS L162-14-1 I 1°", f"{counted(act.kilometres, 'kilomètre')}.", each, due))
    if profession is MEDECIN and letters != "MD" and asked == due + _md(act, law):
        letters = "MD"  # the cell of the paper held an amount, which is that one's to the cent
    if letters in fixed:
        value = law.value(fixed[letters], act.day)
        due += to_the_cent(value.number)
        trace.append(cite("CSS L162-14-1 I 1°", f"Déplacement ({letters}).", value, to_the_cent(value.number)))
    if asked > due:
        raise Unpriced.by("deplacement_non_calcule", act)
    if asked < due:
        said = f"Déplacement demandé pour {in_french(asked)} seulement."
        trace.append(note("CSS L160-8 1°", said, asked))
    return asked


def _md(act: Act, law: Law) -> Money:
    return to_the_cent(law.value(DOCTORS["MD"], act.day).number)
