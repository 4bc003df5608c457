"""What the cash benefits share: runs of days, contributions, refusals."""

from collections.abc import Mapping, Sequence
from datetime import date

from domain.claim import NotComputed, TraceLine
from domain.money import ZERO, Money, to_the_cent
from law import Law
from liquidation.especes.types import Attestation, CashDecision, CashLine, Payment, Stop, days_of
from liquidation.traces import note
from liquidation.version import CODE_VERSION


def refused(benefit: str, reasons: Sequence[NotComputed], decided_on: date, law: Law) -> CashDecision:
    """No line, no payment: the reasons alone."""
    return CashDecision(benefit, decided_on, (), (), ZERO, ZERO, (), tuple(reasons), law.version, CODE_VERSION)


def paid(
    benefit: str,
    lines: Sequence[CashLine],
    attestation: Attestation,
    insured_id: str,
    trace: Sequence[TraceLine],
    decided_on: date,
    law: Law,
) -> CashDecision:
    """The lines, their sums, and the one payee: the insured, or the employer who kept up the pay."""
    gross = sum((line.gross for line in lines), ZERO)
    net = sum((line.net for line in lines), ZERO)
    said = list(trace)
    payee = Payment("assure", insured_id, net)
    if attestation.subrogated:
        payee = Payment("employeur", attestation.employer, net)
        said.append(note("CSS R323-11", "Salaire maintenu : l'employeur est subrogé, il est payé.", net))
    return CashDecision(
        benefit,
        decided_on,
        tuple(lines),
        (payee,) if net else (),
        gross,
        net,
        tuple(said),
        (),
        law.version,
        CODE_VERSION,
    )


def elapsed(stop: Stop, paid_until: date | None) -> list[date]:
    """The days of a stop that are to be decided: all, or, where it still runs, those up to `paid_until`."""
    return days_of(stop.start, stop.end if paid_until is None else min(stop.end, paid_until))


def runs(days: Sequence[date], kinds: Sequence[str]) -> list[tuple[str, list[date]]]:
    """Days in a row of one kind."""
    found: list[tuple[str, list[date]]] = []
    for day, kind in zip(days, kinds, strict=True):
        if found and found[-1][0] == kind:
            found[-1][1].append(day)
        else:
            found.append((kind, [day]))
    return found


def line_of(
    days: Sequence[date], kind: str, amount: Money, words: Mapping[str, tuple[str, str]], law: Law
) -> CashLine:
    """`amount` a day, less CSG and CRDS (L136-8 II 1° b), each rounded over the line."""
    gross = amount * len(days)
    csg = to_the_cent(gross * law.value("prelevements.csg", days[0]).number)
    crds = to_the_cent(gross * law.value("prelevements.crds", days[0]).number)
    article, sentence = words[kind]
    return CashLine(days[0], days[-1], kind, amount, gross, csg, crds, gross - csg - crds, article, sentence)
