"""Indemnités journalières of the assurance maladie: is it open, which days, how much, to whom.

Each civil day of the stop is of exactly one kind: carence, indemnified, reduced for a late notice,
past the days for which the right is open, or past what may be paid. Runs of one kind are the lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.claim import NotComputed, TraceLine
from domain.money import ZERO, Money, in_french
from law import Law, NotCovered, Value
from law.dates import add_months
from liquidation.especes import salaire
from liquidation.especes.carence import carence
from liquidation.especes.common import elapsed, line_of, paid, refused, runs
from liquidation.especes.ouverture import LONG, long_opening, short_opening
from liquidation.especes.types import (
    Attestation,
    CashDecision,
    CashHistory,
    PaidDays,
    Stop,
    days_of,
)
from liquidation.reasons import because
from liquidation.traces import cite, note

BENEFIT = "ij_maladie"
INDEMNISE, CARENCE, RETARD, EPUISE, FIN_ALD = "indemnise", "carence", "retard", "epuise", "fin_ald"
DROITS, RETRAITE, A_DISTANCE = "droits", "retraite", "teleconsultation"
KINDS = {
    INDEMNISE: ("CSS L323-1 ; L323-4", "Jours indemnisés, ouvrables ou non."),
    CARENCE: ("CSS L323-1 ; R323-1 1°", "Délai de carence : ces jours ne sont pas indemnisés."),
    RETARD: ("CSS D323-2 al. 2", "Nouvel envoi tardif de l'avis : indemnité réduite de moitié."),
    DROITS: (LONG, "Au-delà de six mois d'arrêt, le droit n'est pas ouvert."),
    EPUISE: ("CSS L323-1 2° ; R323-1 4°", "Le nombre maximal d'indemnités en trois ans est atteint."),
    RETRAITE: ("CSS L323-2 ; R323-2", "Retraité : le nombre maximal d'indemnités est atteint."),
    A_DISTANCE: (
        "CSS L321-1 ; CSP L6316-1",
        "Prescrit à distance, par un autre que le médecin traitant : trois jours au plus.",
    ),
    FIN_ALD: ("CSS L323-1 1° ; R323-1 2°", "Les années d'indemnités de cette affection sont écoulées."),
}


def liquidate(
    stop: Stop,
    attestation: Attestation,
    history: CashHistory,
    insured_id: str,
    decided_on: date,
    law: Law,
    paid_until: date | None = None,
) -> CashDecision:
    """The indemnities of one avis d'arrêt, decided on `decided_on`. Never a partial payment.

    `paid_until`: of a stop that still runs, the last day to pay; every day is of the same kind and amount as
    in the whole stop, so that what is paid in several times is what is paid at once."""
    try:
        return _computed(stop, attestation, history, insured_id, decided_on, law, paid_until)
    except NotCovered as refusal:
        reason = because("droit_non_couvert", detail=f"{refusal}.")
    except salaire.Missing as missing:
        reason = because(missing.code, detail=missing.detail)
    return refused(BENEFIT, [reason], decided_on, law)


def _computed(
    stop: Stop,
    attestation: Attestation,
    history: CashHistory,
    insured_id: str,
    decided_on: date,
    law: Law,
    paid_until: date | None,
) -> CashDecision:
    opened: list[TraceLine] = []
    reasons = [*_form(stop, law), *short_opening(stop.since, attestation, law, opened)]
    closed_from, closed = _closed_from(stop, attestation, law, opened)
    if reasons := [*reasons, *closed]:
        return refused(BENEFIT, reasons, decided_on, law)
    daily, trace = salaire.maladie(attestation, stop.since, law)
    if stop.part_time_loss is not None:
        daily = _part_time(daily, stop, law, trace)
    kinds, said = _kinds(stop, history, closed_from, law)
    days = elapsed(stop, paid_until)
    lines = [
        line_of(run, kind, _amount(kind, daily, run[0], law), KINDS, law)
        for kind, run in runs(days, kinds[: len(days)])
    ]
    return paid(BENEFIT, lines, attestation, insured_id, (*opened, *trace, *said), decided_on, law)


def _part_time(daily: Money, stop: Stop, law: Law, trace: list[TraceLine]) -> Money:
    """Never more than what a day of part time loses (R323-3 al. 1)."""
    days = (stop.end - stop.start).days + 1
    lost = (stop.part_time_loss or ZERO) / days
    if daily <= lost:
        said = "Temps partiel thérapeutique : dans la limite du gain perdu."
        trace.append(note("CSS L323-3 ; R323-3 al. 1", said, daily))
        return daily
    limited, line = salaire.last_cent(lost, stop.since, law)
    said = f"Temps partiel thérapeutique : limitée au gain perdu, {in_french(limited)} par jour."
    trace += [note("CSS L323-3 ; R323-3 al. 1", said, limited), line]
    return limited


def _amount(kind: str, daily: Money, day: date, law: Law) -> Money:
    if kind == INDEMNISE:
        return daily
    if kind == RETARD:
        less = law.value("ij_maladie.reduction_retard", day)
        return salaire.last_cent(daily * (1 - less.number), day, law)[0]
    return ZERO


def _form(stop: Stop, law: Law) -> list[NotComputed]:
    """Refusals that rest on the avis alone."""
    reasons = []
    if stop.received_on and stop.received_on > stop.end:
        reasons.append(because("avis_apres_la_fin"))
    name, months = ("initiale", 1) if stop.since == stop.start else ("prolongation", 2)
    if stop.end >= add_months(stop.start, months):
        # below that length the decree, whatever it says, allows the prescription
        law.optional(f"ij_maladie.prescription_{name}", stop.prescribed_on)
    return reasons


def _closed_from(
    stop: Stop, attestation: Attestation, law: Law, said: list[TraceLine]
) -> tuple[date | None, list[NotComputed]]:
    """The first day past the sixth month, where what R313-3 2° asks for then is lacking: the days before
    it are due all the same. With a reason where no day is."""
    limit = add_months(stop.since, int(law.value("ij_maladie.limite_courte", stop.since).number))
    if stop.end < limit:
        return None, []
    lacking = long_opening(stop.since, attestation, law, said)
    if lacking is None:
        return None, []
    if stop.start >= limit:
        return limit, [because("ij_droits_fermes", detail=lacking)]
    said.append(note(LONG, f"Rien à partir du {limit:%d/%m/%Y} : il faut {lacking}."))
    return limit, []


def _kinds(
    stop: Stop, history: CashHistory, closed_from: date | None, law: Law
) -> tuple[list[str], list[TraceLine]]:
    """The kind of each day of the stop, in order, and why."""
    said: list[TraceLine] = []
    waits = carence(stop, history, law, said)
    late = _late(stop, history, law, said)
    years = int(law.value("ij_maladie.periode", stop.since).number)
    most = law.value("ij_maladie.max_trois_ans", stop.since)
    end_of_ald = _end_of_ald(stop, history, years, law)
    paid = sorted(day for each in history.paid if each.ald is None for day in days_of(each.start, each.end))
    pensioner = _Pensioner.of(stop, history, law)
    remote = law.value("ij_maladie.teleconsultation", stop.prescribed_on) if stop.teleconsulted else None
    kinds = []
    for day in days_of(stop.start, stop.end):
        kind = INDEMNISE
        if remote and (day - stop.start).days >= remote.number:
            kind = A_DISTANCE
        elif (day - stop.since).days < waits:
            kind = CARENCE
        elif pensioner.spent(day):
            kind = RETRAITE
        elif closed_from and day >= closed_from:
            kind = DROITS
        elif end_of_ald and day >= end_of_ald:
            kind = FIN_ALD
        elif stop.ald is None and _in_window(paid, day, years) >= most.number:
            kind = EPUISE
        elif late and stop.prescribed_on <= day < late:
            kind = RETARD
        if kind in (INDEMNISE, RETARD) and stop.ald is None:
            paid.append(day)
        if kind in (INDEMNISE, RETARD):
            pensioner.took(day)
        kinds.append(kind)
    if pensioner.most is not None and RETRAITE in kinds:
        said.append(cite("CSS R323-2 al. 2", "Nombre maximal d'indemnités d'un retraité.", pensioner.most))
    if remote and A_DISTANCE in kinds:
        said.append(
            cite("CSS L321-1 ; CSP L6316-1", f"Arrêt prescrit à distance : {remote.shown} au plus.", remote)
        )
    if EPUISE in kinds:
        said.append(cite("CSS R323-1 4°", "Nombre maximal d'indemnités en trois ans.", most))
    return kinds, said


@dataclass
class _Pensioner:
    """What an old-age pension leaves of the indemnities: a number of them for as long as it lasts."""

    since: date | None
    most: Value | None
    count: int

    @classmethod
    def of(cls, stop: Stop, history: CashHistory, law: Law) -> "_Pensioner":
        since = history.pensioner_since
        if since is None:
            return cls(None, None, 0)
        most = law.value("ij_maladie.max_retraite", stop.since)
        days = (day for each in history.paid for day in days_of(each.start, each.end))
        return cls(since, most, sum(since <= day < stop.start for day in days))

    def spent(self, day: date) -> bool:
        return (
            self.since is not None
            and day >= self.since
            and self.most is not None
            and (self.count >= self.most.number)
        )

    def took(self, day: date) -> None:
        if self.since is not None and day >= self.since:
            self.count += 1


def _in_window(paid: Sequence[date], day: date, years: int) -> int:
    """Days paid in the period of `years` that ends with `day`."""
    start = add_months(day, -salaire.YEAR * years)
    return sum(start < each < day for each in paid)


def _late(stop: Stop, history: CashHistory, law: Law, said: list[TraceLine]) -> date | None:
    """The day of sending, where the lateness is a second one; a first one only warns (D323-2).

    The months run from the earlier late prescription to this sending, its last day included."""
    if stop.sent_on is None:
        return None
    delay = law.value("ij_maladie.delai_avis", stop.prescribed_on)
    if stop.sent_on <= stop.start + timedelta(days=int(delay.number)):
        return None
    months = law.value("ij_maladie.recidive_retard", stop.prescribed_on)
    until = int(months.number)
    earlier = [day for day in history.late if day < stop.prescribed_on]
    before = [day for day in earlier if stop.sent_on <= add_months(day, until)]
    if not before:
        said.append(
            cite("CSS D323-2 al. 1", "Avis envoyé en retard : premier retard, un avertissement.", delay)
        )
        return None
    said.append(cite("CSS D323-2 al. 2", f"Retard après celui du {max(before):%d/%m/%Y}.", months))
    return stop.sent_on


def _end_of_ald(stop: Stop, history: CashHistory, years: int, law: Law) -> date | None:
    """The day on which three years of this affection end, counted anew after a year of work."""
    if stop.ald is None:
        return None
    gap = int(law.value("ij_maladie.reprise", stop.since).number)
    start = stop.since
    for each in sorted(history.stops, key=_by_end, reverse=True):
        if each.ald != stop.ald or each.start >= start:
            continue
        if add_months(each.end + timedelta(days=1), salaire.YEAR * gap) <= start:
            break
        start = each.start
    if stop.part_time_loss is not None:
        years += int(law.value("ij_maladie.temps_partiel_annees", stop.since).number)
    return add_months(start, salaire.YEAR * years)


def _by_end(each: PaidDays) -> date:
    return each.end
