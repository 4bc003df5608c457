"""liquidate(): one claim of one insured -> lines, shares, trace, total; or why it is not computed.

Order: the claim and its rights (scope), what each act is worth (pricing), the acts lourds of each day,
then line by line the rate and what is retained (lines), and the payees.
"""

from collections.abc import Callable, Mapping
from datetime import date

from domain.claim import (
    Act,
    Claim,
    Decision,
    DecisionLine,
    History,
    NotComputed,
    Rights,
    Share,
    TraceLine,
    Withheld,
)
from domain.money import ZERO, Money
from law import Law, NotCovered
from liquidation import pricing, scope
from liquidation.lines import Counters, Doubt, line_of
from liquidation.lourds import heavy_lines, within_a_stay
from liquidation.priced import Priced
from liquidation.professions import Profession, in_hospital, profession_of
from liquidation.reasons import because
from liquidation.traces import note
from liquidation.version import CODE_VERSION


def liquidate(
    claim: Claim, rights: Mapping[date, Rights], history: History, decided_on: date, law: Law
) -> Decision:
    """Amounts and trace of a claim on the day `decided_on` (the day of reimbursement).

    `rights`: those of each day of care. `history`: what was decided before; what it holds of later
    days than `decided_on` is not looked at, nor its acts: doubles are judged before.
    Deterministic: the order of the claim's lines changes nothing. Never a partial payment: with one
    line that is not computed there is no line, no share, and every reason in `not_computed`."""
    reasons = scope.refusals(claim, rights, law)
    profession = profession_of(claim.practitioner_specialty)
    if profession is None:
        return refused(reasons, decided_on, law)
    try:
        priced, more = pricing.price_all(claim, profession, rights, law)
        if reasons or more:
            return refused((*reasons, *more), decided_on, law)
        return _computed(claim, profession, rights, priced, history, decided_on, law)
    except NotCovered as refusal:
        return refused((*reasons, because("droit_non_couvert", detail=f"{refusal}.")), decided_on, law)
    except Doubt as doubt:
        return refused((because(doubt.code, doubt.act.line, act=doubt.act.code),), decided_on, law)


def refused(reasons: tuple[NotComputed, ...], decided_on: date, law: Law) -> Decision:
    """A decision without amounts: the reasons alone."""
    return Decision(decided_on, (), (), ZERO, (), reasons, law.version, CODE_VERSION)


def _order(priced: Mapping[int, Priced]) -> Callable[[Act], tuple[date, bool, str, Money, int]]:
    """Of the caps: by what the act is, not by where it stands on the sheet; supplements follow."""
    return lambda act: (act.day, priced[act.line].supplement, act.code, act.fee, act.line)


def _computed(
    claim: Claim,
    profession: Profession,
    rights: Mapping[date, Rights],
    priced: Mapping[int, Priced],
    history: History,
    decided_on: date,
    law: Law,
) -> Decision:
    heavy = heavy_lines(claim, priced, law)
    for act in claim.acts:
        if act.line in heavy and priced[act.line].anesthesia:
            raise Doubt("anesthesie_lourde", act)
    if claim.hospitalised:
        profession = in_hospital(profession)
        heavy = within_a_stay(claim, heavy, law)
    counters = Counters.of(profession, history, decided_on)
    lines: list[DecisionLine] = []
    shares: list[Share] = []
    withheld: list[Withheld] = []
    for act in sorted(claim.acts, key=_order(priced)):
        line, owed = line_of(
            act, claim, rights[act.day], priced[act.line], profession, heavy.get(act.line), counters, law
        )
        lines.append(line)
        shares.extend(_shares(line, claim))
        withheld.extend(owed)
    lines.sort(key=_by_line)
    shares.sort(key=_by_line_and_payee)
    total = sum((line.paid for line in lines), ZERO)
    return Decision(
        decided_on,
        tuple(lines),
        tuple(shares),
        total,
        tuple(_about_the_whole(claim, withheld, total)),
        (),
        law.version,
        CODE_VERSION,
        tuple(withheld),
    )


def _by_line(line: DecisionLine) -> int:
    return line.line


def _by_line_and_payee(share: Share) -> tuple[int, str]:
    return share.line, share.payee_kind


def _shares(line: DecisionLine, claim: Claim) -> list[Share]:
    """Part obligatoire and part complémentaire, each to who advanced it; one share a payee."""
    to_insured = line.paid - line.complementary if claim.paid_by_insured else ZERO
    if claim.complementary_paid_by_insured:
        to_insured += line.complementary
    to_practitioner = line.paid - to_insured
    shares = []
    if to_insured:
        shares.append(Share(line.line, "assure", claim.insured_id, to_insured))
    if to_practitioner:
        shares.append(Share(line.line, "praticien", claim.practitioner_rpps, to_practitioner))
    return shares


def _about_the_whole(claim: Claim, withheld: list[Withheld], total: Money) -> list[TraceLine]:
    trace = [note("CSS R362-1", "Total versé.", total)]
    if claim.holder_nir is not None:
        trace.append(
            note(
                "CSS R161-8 al. 1 ; L161-15-3",
                "Soins d'un enfant : le remboursement va à celui de ses parents qui le demande, l'assuré que "
                "nomme la feuille.",
            )
        )
    if claim.accident_by_third_party:
        trace.append(
            note(
                "CSS L376-1",
                "Accident causé par un tiers : les soins sont payés, la caisse exerce son recours.",
            )
        )
    outstanding = sum((each.outstanding for each in withheld), ZERO)
    if outstanding:
        trace.append(
            note("CSS L160-13 II al. 4 ; D160-7", "À récupérer plus tard auprès de l'assuré.", outstanding)
        )
    return trace
