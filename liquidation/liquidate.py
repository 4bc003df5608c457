"""liquidate(): one claim of one insured -> lines, shares, trace, total; or why it is not computed.

Order of a line: base, rate (exonerations), régime local, part complémentaire (C2S), parcours,
participation forfaitaire, payees. Each product is rounded to the cent at once, halves up
(SESAM-Vitale, RG_VF640 to VF682).
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

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
from domain.money import ZERO, Money, in_french, to_the_cent
from law import Law, NotCovered
from liquidation import parcours, participation, scope
from liquidation.exonerations import Exoneration, exoneration_of
from liquidation.reasons import because
from liquidation.traces import cite, note
from liquidation.version import CODE_VERSION

_HUNDRED = Decimal(100)


def liquidate(
    claim: Claim, rights: Mapping[date, Rights], history: History, decided_on: date, law: Law
) -> Decision:
    """Amounts and trace of a claim on the day `decided_on` (the day of reimbursement).

    `rights`: those of each day of care. `history`: what was decided before; what it holds of later
    days than `decided_on` is not looked at, nor its acts: doubles are judged before.
    Deterministic: the order of the claim's lines changes nothing. Never a partial payment: with one
    line that is not computed there is no line, no share, and every reason in `not_computed`."""
    reasons = scope.refusals(claim, rights, law)
    if reasons:
        return refused(reasons, decided_on, law)
    try:
        return _computed(claim, rights, history, decided_on, law)
    except NotCovered as refusal:
        return refused((because("droit_non_couvert", detail=f"{refusal}."),), decided_on, law)
    except _AskSomeone as doubt:
        return refused((because("parcours_a_verifier", doubt.line),), decided_on, law)


class _AskSomeone(Exception):
    """The majoration depends on a fact that only a person can tell."""

    def __init__(self, line: int) -> None:
        self.line = line


def refused(reasons: tuple[NotComputed, ...], decided_on: date, law: Law) -> Decision:
    """A decision without amounts: the reasons alone."""
    return Decision(decided_on, (), (), ZERO, (), reasons, law.version, CODE_VERSION)


def _order(act: Act) -> tuple[date, str, Money, int]:
    """Of the caps: by what the act is, not by where it stands on the sheet."""
    return act.day, act.code, act.fee, act.line


def _computed(
    claim: Claim, rights: Mapping[date, Rights], history: History, decided_on: date, law: Law
) -> Decision:
    counter = participation.Counter.of(history, decided_on)
    lines: list[DecisionLine] = []
    shares: list[Share] = []
    withheld: list[Withheld] = []
    for act in sorted(claim.acts, key=_order):
        line, owed = _line(act, claim, rights[act.day], counter, law)
        lines.append(line)
        shares.extend(_shares(line, claim))
        if owed:
            withheld.append(owed)
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


def _line(
    act: Act, claim: Claim, held: Rights, counter: participation.Counter, law: Law
) -> tuple[DecisionLine, Withheld | None]:
    trace: list[TraceLine] = []
    base = _base(act, claim, law, trace)
    exoneration = exoneration_of(claim, act, held)
    rate, gross = _part_obligatoire(base, claim, act, held, exoneration, law, trace)
    retained: dict[str, Money] = {}
    majoration = _majoration(base, claim, act, held, exoneration, law, trace)
    if majoration:
        retained[parcours.MAJORATION] = majoration
    complementary = _complementary(base, gross, majoration, act, held, law, trace)
    owed = _participation(act, claim, held, exoneration, base, gross - majoration, counter, law, trace)
    if owed and owed.amount > owed.outstanding:
        retained[participation.PARTICIPATION] = owed.amount - owed.outstanding
    paid = gross - sum(retained.values(), ZERO) + complementary
    return DecisionLine(
        act.line, act.code, act.day, act.fee, base, rate, gross, retained, paid, tuple(trace),
        complementary,
    ), owed  # fmt: skip


def _base(act: Act, claim: Claim, law: Law, trace: list[TraceLine]) -> Money:
    """The tarif de responsabilité, never above what was really paid."""
    tariff = law.tariff(act.code, act.day, claim.practitioner_specialty, claim.practitioner_sector)
    if tariff is None:
        raise AssertionError("scope lets through acts with a tariff only")
    price = to_the_cent(tariff.number)
    base = min(price, act.fee)
    label = law.act_label(act.code) or act.code
    trace.append(cite("CSS L162-14-1 I 1°", f"Tarif de « {label} » ({act.code}).", tariff, base))
    if act.fee > price:
        excess = in_french(act.fee - price)
        trace.append(note("CSS L162-14-1 I 1°", f"Dépassement de {excess} : il n'est pas remboursé."))
    elif act.fee < price:
        trace.append(note("CSS L160-8 1°", "Honoraires inférieurs au tarif : ils sont la base.", base))
    return base


def _part_obligatoire(
    base: Money,
    claim: Claim,
    act: Act,
    held: Rights,
    exoneration: Exoneration | None,
    law: Law,
    trace: list[TraceLine],
) -> tuple[Decimal, Money]:
    if exoneration:
        value = law.value("taux.exonere", act.day)
        gross = to_the_cent(base * value.number / _HUNDRED)
        trace.append(cite(exoneration.article, exoneration.sentence, value, gross))
        return value.number, gross
    value = law.value("taux.medecin", act.day)
    gross = to_the_cent(base * value.number / _HUNDRED)
    trace.append(cite("CSS L160-13 I ; R160-5 3°", _ordinary(claim, held), value, gross))
    if held.regime_local:
        local = law.value("taux.regime_local_medecin", act.day)
        whole = to_the_cent(base * local.number / _HUNDRED)
        sentence = f"Régime local d'Alsace-Moselle : {in_french(whole - gross)} de plus."
        trace.append(cite("CSS L325-1 I ; D325-6 1°", sentence, local, whole - gross))
        return local.number, whole
    return value.number, gross


def _ordinary(claim: Claim, held: Rights) -> str:
    if claim.ald and not held.ald:
        return "Taux ordinaire : aucun protocole d'ALD n'est ouvert ce jour-là, bien que la case soit cochée."
    if held.ald and not claim.ald:
        return "Taux ordinaire : l'acte n'est pas signalé en rapport avec l'ALD."
    return "Part de l'assurance maladie."


def _majoration(
    base: Money,
    claim: Claim,
    act: Act,
    held: Rights,
    exoneration: Exoneration | None,
    law: Law,
    trace: list[TraceLine],
) -> Money:
    free = parcours.why_free(claim, act, held, exoneration, law)
    if free:
        trace.append(free)
        return ZERO
    if parcours.recently_left(held, act, law):
        raise _AskSomeone(act.line)
    amount, line = parcours.majoration(base, act.day, law)
    trace.append(line)
    return amount


def _complementary(
    base: Money,
    gross: Money,
    majoration: Money,
    act: Act,
    held: Rights,
    law: Law,
    trace: list[TraceLine],
) -> Money:
    """What the complémentaire santé solidaire adds: the ticket modérateur, not the majoration."""
    if held.c2s == "non" or gross == base:
        return ZERO
    amount = base - gross
    if majoration:
        reading = law.value("parcours.majoration_c2s", act.day)
        if reading.text == "participation_entiere":
            sentence = "Hors du parcours, la C2S laisse toute la participation à votre charge."
            trace.append(cite("CSS L861-3 1°", sentence, reading, ZERO))
            return ZERO
        sentence = "Complémentaire santé solidaire : le reste du tarif, hors majoration."
        trace.append(cite("CSS L861-3 1°", sentence, reading, amount))
        return amount
    trace.append(note("CSS L861-3 1°", "Complémentaire santé solidaire : le reste du tarif est payé.", amount))
    return amount


def _participation(
    act: Act,
    claim: Claim,
    held: Rights,
    exoneration: Exoneration | None,
    base: Money,
    available: Money,
    counter: participation.Counter,
    law: Law,
    trace: list[TraceLine],
) -> Withheld | None:
    exempt = participation.not_due(held, exoneration, base)
    if exempt:
        trace.append(exempt)
        return None
    amount, line = participation.due(act, claim, counter, law)
    trace.append(line)
    if not amount:
        return None
    counter.take(act.day, claim.practitioner_rpps, amount)
    outstanding = amount - min(amount, available) if claim.paid_by_insured else amount
    if outstanding:
        why = (
            "Le remboursement ne suffit pas à retenir la participation"
            if claim.paid_by_insured
            else "Le praticien est payé directement : la participation n'est pas retenue sur sa part"
        )
        trace.append(
            note(
                "CSS L160-13 II al. 4 ; D160-7",
                f"{why} ; {in_french(outstanding)} seront récupérés plus tard auprès de l'assuré.",
                outstanding,
            )
        )
    return Withheld(
        participation.PARTICIPATION,
        amount,
        counter.decided_on,
        act.day,
        claim.practitioner_rpps,
        outstanding,
    )


def _shares(line: DecisionLine, claim: Claim) -> list[Share]:
    """Part obligatoire and part complémentaire, each to who advanced it; one share a payee."""
    amounts = {True: ZERO, False: ZERO}
    amounts[claim.paid_by_insured] += line.paid - line.complementary
    amounts[claim.complementary_paid_by_insured] += line.complementary
    shares = []
    if amounts[True]:
        shares.append(Share(line.line, "assure", claim.insured_id, amounts[True]))
    if amounts[False]:
        shares.append(Share(line.line, "praticien", claim.practitioner_rpps, amounts[False]))
    return shares


def _about_the_whole(claim: Claim, withheld: list[Withheld], total: Money) -> list[TraceLine]:
    trace = [note("CSS R362-1", "Total versé.", total)]
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
