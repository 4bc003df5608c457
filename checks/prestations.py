"""What was decided in cash before, which attestation goes with which stop, and the decision to be kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from checks.especes import Attested, Avis, Capital, Nature, Payee
from domain.claim import Decision, DecisionLine, NotComputed, Share, TraceLine
from domain.money import in_french
from domain.people import Insured
from law import Law, NotCovered
from law.dates import add_months
from liquidation.especes import deces, maternite
from liquidation.especes.case import (
    AdoptionCase,
    AtmpCase,
    CashCase,
    DecesCase,
    DeuilCase,
    MaladieCase,
    MaterniteCase,
    PaterniteCase,
)
from liquidation.especes.maladie import INDEMNISE, RETARD
from liquidation.especes.types import (
    Attestation,
    CashDecision,
    CashHistory,
    CashLine,
    PaidDays,
    Stop,
    days_of,
)
from liquidation.reasons import because
from liquidation.traces import cite, note
from rights.echeances import prescribed_on


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of a decision in cash, beside its lines and shares. `start`, `end`: the days that it
    decided. `late`: the notice of the stop came late. `event_on`: of a leave in parts, what it is given for.

    Of a stop that was paid while it ran, `paid_until`: the last day that each of its decisions paid, in their
    order; `whole`: all its days, those to come too; `decision`: the days paid so far."""

    decision: CashDecision
    start: date
    end: date
    nature: Nature | str
    stop: Stop | None = None
    born_on: date | None = None
    late: bool = False
    payees: tuple[Payee, ...] = ()
    event_on: date | None = None
    paid_until: tuple[date, ...] = ()
    whole: tuple[CashLine, ...] = ()


def history_of(records: Iterable[Record]) -> CashHistory:
    """What earlier decisions say to the next avis d'arrêt maladie."""
    ill = [each for each in records if each.nature == "maladie" and each.stop is not None]
    return CashHistory(
        paid=tuple(
            PaidDays(line.start, line.end, each.stop.ald if each.stop else None)
            for each in ill
            for line in each.whole or each.decision.lines
            if line.kind in (INDEMNISE, RETARD)
        ),
        stops=tuple(PaidDays(each.start, each.end, each.stop.ald if each.stop else None) for each in ill),
        late=tuple(each.stop.prescribed_on for each in ill if each.late and each.stop is not None),
    )


def span(avis: Avis, law: Law) -> tuple[date, date]:
    """First and last day asked for. Raises law.NotCovered where a leave cannot be told."""
    if avis.birth is None:
        assert avis.start is not None
        assert avis.end is not None
        return avis.start, avis.end
    first, last = maternite.leave(avis.birth, law)
    return avis.start or first, avis.end or last


def since_of(avis: Avis, law: Law) -> date:
    """The day on which work stopped: the first of the stop that is prolonged, or of the days asked for."""
    return avis.stop.since if avis.stop else span(avis, law)[0]


def undecided(avis: Avis, spans: Iterable[tuple[date, date]], law: Law) -> Avis | NotComputed:
    """The avis without the days that were decided before (`spans`: first and last ones).

    A prolongation that begins within the stop that it prolongs keeps the days after it; any other
    overlap is a person's."""
    start, end = span(avis, law)
    decided = [each for each in spans if each[0] <= end and each[1] >= start]
    if not decided:
        return avis
    last = max(each[1] for each in decided)
    stop = avis.stop if avis.stop and avis.stop.part_time_loss is None else None
    if stop is not None and stop.since < start and last < end and all(each[0] <= start for each in decided):
        later = last + timedelta(days=1)
        return replace(avis, start=later, stop=replace(stop, start=later, interrupted_on=stop.since))
    first = min(each[0] for each in decided)
    return because("arret_deja_liquide", detail=f"du {first:%d/%m/%Y} au {last:%d/%m/%Y}")


def fitting(attested: Sequence[Attested], since: date) -> Attested | NotComputed:
    """The attestation of a stop that began on `since`; the last given where an employer gave several."""
    found = [each for each in attested if _fits(each, since)]
    if not found:
        return because("attestation_absente")
    if len({each.attestation.employer for each in found}) > 1:
        return because("plusieurs_employeurs")
    latest = max(each.last_day for each in found)
    return [each for each in found if each.last_day == latest][-1]


def _fits(each: Attested, since: date) -> bool:
    """Work stopped in the month of the stop or in the one before, or that one's pay is told."""
    if each.last_day > since:
        return False
    before = add_months(since.replace(day=1), -1)
    return each.last_day >= before or before in {pay.month for pay in each.attestation.pays}


def obstacles(
    avis: Avis, attested: Attested, insured: Insured, received_on: date, law: Law
) -> list[NotComputed]:
    """Why the days are not one payment to one payee, or are no more due."""
    start, end = span(avis, law)
    found = []
    if avis.nature != "atmp":  # an accident's two years run from other days (L431-2): a person's
        prescribed, _ = prescribed_on(start, law, cash=True)
        if received_on >= prescribed:
            found.append(because("especes_prescrites", detail=f"{prescribed:%d/%m/%Y}"))
    if insured.died_on is not None and insured.died_on <= end:
        found.append(because("arret_apres_deces"))
    first, last = attested.subrogated_from or start, attested.subrogated_to or end
    if attested.attestation.subrogated and (first > start or last < end):
        found.append(because("subrogation_partielle", detail=f"du {first:%d/%m/%Y} au {last:%d/%m/%Y}"))
    return found


def case_of(
    avis: Avis, attested: Attested, records: Sequence[Record], insured: Insured, decided_on: date, law: Law
) -> CashCase:
    """What the indemnities of an avis with its attestation are computed from, whole."""
    attestation = attested.attestation
    if attestation.affiliated_since is None and insured.affiliations:
        known = min(each.period.start for each in insured.affiliations)
        attestation = replace(attestation, affiliated_since=known)
    if avis.birth is not None:
        return MaterniteCase(
            "ij_maternite", decided_on, avis.birth, attestation, avis.start, avis.end, insured.id
        )
    if avis.event_on is not None:
        return _leave(avis, attestation, records, insured.id, decided_on, law)
    assert avis.stop is not None
    if avis.accident is not None:
        return AtmpCase("ij_atmp", decided_on, avis.accident, avis.stop, attestation, insured.id)
    history = history_of(records)
    return MaladieCase("ij_maladie", decided_on, avis.stop, attestation, history, insured.id)


def _leave(
    avis: Avis, attestation: Attestation, records: Sequence[Record], insured_id: str, decided_on: date, law: Law
) -> CashCase:
    """A leave that is taken in parts, each of which has its own avis."""
    start, end = span(avis, law)
    taken = sum(
        (each.end - each.start).days + 1
        for each in records
        if each.nature == avis.nature and avis.event_on in (each.event_on, each.born_on)
    )
    if avis.adoption is not None:
        given = avis.adoption
        return AdoptionCase(
            "ij_adoption", decided_on, start, end, attestation, given.children, given.in_the_home, given.shared,
            given.by_other + taken, insured_id, taken,
        )  # fmt: skip
    if avis.deuil is not None:
        dead = avis.deuil
        return DeuilCase(
            "ij_deuil", decided_on, dead.died_on, start, end, attestation, dead.working, taken, insured_id,
            dead.born_on,
        )  # fmt: skip
    assert avis.born_on is not None
    return PaterniteCase(
        "ij_paternite", decided_on, avis.born_on, start, end, attestation, avis.babies, taken, insured_id
    )


def record_of(avis: Avis, attested: Attested, decision: CashDecision, law: Law) -> Record:
    start, end = span(avis, law)
    payees: tuple[Payee, ...] = ()
    if attested.attestation.subrogated:
        payees = (Payee("employeur", attested.attestation.employer, attested.name, attested.iban),)
    late = avis.stop is not None and _is_late(avis.stop, law)
    return Record(decision, start, end, avis.nature, avis.stop, avis.born_on, late, payees, avis.event_on)


def _is_late(stop: Stop, law: Law) -> bool:
    """D323-2: sent after the delay that runs from the first day."""
    if stop.sent_on is None:
        return False
    try:
        delay = law.value("ij_maladie.delai_avis", stop.prescribed_on)
    except NotCovered:
        return False
    return stop.sent_on > stop.start + timedelta(days=int(delay.number))


def priority_ends(died_on: date, law: Law) -> date:
    """The last day on which a priority may be claimed. Raises law.NotCovered."""
    return add_months(died_on, int(law.value("capital_deces.priorite", died_on).number))


def capital_case(capital: Capital, decided_on: date) -> DecesCase:
    """What the capital décès of a request is computed from."""
    return DecesCase("capital_deces", decided_on, capital.died_on, capital.entitled, capital.claimants)


def capital_record(capital: Capital, decision: CashDecision) -> Record:
    paid = {payment.payee_id for payment in decision.payments}
    payees = tuple(each for each in capital.payees if each.id in paid)
    return Record(decision, capital.died_on, capital.died_on, decision.benefit, payees=payees)


def to_decision(cash: CashDecision, law: Law) -> Decision:
    """As any decision is kept: a line a run of days, a share a payee. Of a line, `base` is the daily
    amount, `retained` the CSG and the CRDS, `paid` the net."""
    lines = tuple(_line(n, line, law) for n, line in enumerate(cash.lines, 1))
    if cash.benefit == deces.BENEFIT:
        shares = tuple(Share(1, "ayant_droit", each.payee_id, each.amount) for each in cash.payments)
    else:
        shares = tuple(
            Share(line.line, payee.payee_kind, payee.payee_id, line.paid)
            for payee in cash.payments
            for line in lines
            if line.paid
        )
    return Decision(
        cash.decided_on, lines, shares, cash.net, cash.trace, (), cash.law_version, cash.code_version
    )


def _line(n: int, line: CashLine, law: Law) -> DecisionLine:
    retained = {name: amount for name, amount in (("csg", line.csg), ("crds", line.crds)) if amount}
    return DecisionLine(
        n, line.kind, line.start, line.gross, line.daily, Decimal(100), line.gross, retained, line.net,
        tuple(_steps(line, law)),
    )  # fmt: skip


def _steps(line: CashLine, law: Law) -> list[TraceLine]:
    days = len(days_of(line.start, line.end))
    told = (
        f"{line.sentence} Du {line.start:%d/%m/%Y} au {line.end:%d/%m/%Y} : {days} à {in_french(line.daily)}."
    )
    steps = [note(line.article, told, line.gross)]
    for name, amount in (("csg", line.csg), ("crds", line.crds)):
        if amount:
            value = law.value(f"prelevements.{name}", line.start)
            steps.append(cite("CSS L136-8 II 1° b", f"{name.upper()}, retenue.", value, -amount))
    return steps
