"""What each act of a claim is worth: its base de remboursement, with its trace, or why it has none."""

from collections.abc import Mapping
from datetime import date

from domain.claim import Act, Claim, NotComputed, Rights
from domain.money import ZERO
from law import Law, NotCovered
from law.codes import ccam as ccam_table
from law.codes import medicaments
from liquidation import ccam, ngap, produits
from liquidation.grounds import why_not
from liquidation.priced import Priced, Unpriced
from liquidation.professions import FOURNISSEUR, PHARMACIE, TRANSPORTEUR, Profession
from liquidation.reasons import because


def price_all(
    claim: Claim, profession: Profession, rights: Mapping[date, Rights], law: Law
) -> tuple[dict[int, Priced], list[NotComputed]]:
    """Line -> what it is worth, and every reason why a line is not priced, in the order of lines.

    Lines of days without rights are left out: another reason tells of them."""
    priced: dict[int, Priced] = {}
    reasons: list[NotComputed] = []
    for act in sorted(claim.acts, key=_line):
        if act.fee < ZERO:
            reasons.append(because("montant_negatif", act.line, act=act.code))
        held = rights.get(act.day)
        if held is None or not law.horizon.first <= act.day <= law.horizon.last:
            continue
        try:
            priced[act.line] = _price(act, claim, profession, held, law)
        except Unpriced as fault:
            reasons += fault.reasons
        except NotCovered as refusal:
            reasons.append(because("droit_non_couvert", act.line, detail=f"{refusal}."))
    reasons += ccam.clashes(claim, law)
    return priced, reasons


def _line(act: Act) -> int:
    return act.line


def _price(act: Act, claim: Claim, profession: Profession, held: Rights, law: Law) -> Priced:
    if misfit := why_not(act, held, profession, law):
        raise Unpriced.by("motif_a_verifier", act, misfit)
    if profession is TRANSPORTEUR or profession is FOURNISSEUR:
        return produits.listed(act, profession, law)
    if profession is PHARMACIE and act.code in medicaments():
        return produits.medicament(act, held, law)
    if act.code in ccam_table().acts:
        return ccam.price(act, claim, profession, held, law)
    return ngap.price(act, claim, profession, held, law)
