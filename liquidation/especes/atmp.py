"""Indemnités journalières of an accident du travail: from the day after the stop, 60 then 80 %."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.claim import TraceLine
from domain.french import counted, is_plural
from domain.money import ZERO, Money, in_french, to_the_cent
from law import Law, NotCovered, Value
from liquidation.especes import salaire
from liquidation.especes.common import elapsed, line_of, paid, refused, runs
from liquidation.especes.types import Attestation, CashDecision, Stop
from liquidation.reasons import because
from liquidation.traces import cite, note

BENEFIT = "ij_atmp"
KINDS = {
    "employeur": ("CSS L433-1 al. 1", "Jour de l'accident, à la charge de l'employeur."),
    "debut": ("CSS L433-1 ; R433-1", "Premiers jours indemnisés, ouvrables ou non."),
    "suite": ("CSS L433-2 al. 2 ; R433-3", "Dès le vingt-neuvième jour après celui de l'arrêt."),
}


@dataclass(frozen=True, slots=True)
class Accident:
    """`recognised`: the caisse has taken it in charge (R441-7, R441-18)."""

    number: str
    occurred_on: date
    recognised: bool = True


@dataclass(frozen=True, slots=True)
class Relapse:
    """A new incapacity after an aggravation (L443-2). `earlier_days`: indemnified in the first
    interruption; `closed`: healing or consolidation had been fixed, so that they count no more.
    `least_begin`, `least_then`: what 60 and 80 % of the first interruption's wage gave a day, below
    which the new ones never fall (R433-7 al. 2)."""

    earlier_days: int
    least_begin: Money
    least_then: Money
    closed: bool = False

    def __post_init__(self) -> None:
        if self.earlier_days < 0:
            raise ValueError("a first interruption has no negative number of days")


def liquidate(
    accident: Accident,
    stop: Stop,
    attestation: Attestation,
    insured_id: str,
    decided_on: date,
    law: Law,
    relapse: Relapse | None = None,
    paid_until: date | None = None,
) -> CashDecision:
    """The indemnities of one stop after an accident or an occupational disease; of one that still runs, up to
    `paid_until`."""
    if not accident.recognised:
        return refused(BENEFIT, [because("at_non_reconnu")], decided_on, law)
    if stop.since < accident.occurred_on:
        reason = because("arret_avant_accident", detail=f"{accident.occurred_on:%d/%m/%Y}")
        return refused(BENEFIT, [reason], decided_on, law)
    if stop.part_time_loss is not None:
        return refused(BENEFIT, [because("temps_partiel_at")], decided_on, law)
    try:
        law.optional("ij_atmp.duree_max", accident.occurred_on)
        begin, then, trace = _amounts(stop, attestation, law)
        if relapse is not None:
            begin, then = _relapsed(relapse, begin, then, trace)
        earlier = relapse.earlier_days if relapse and not relapse.closed else 0
        days = elapsed(stop, paid_until)
        kinds = [_kind(day, accident, stop, earlier, law) for day in days]
    except NotCovered as refusal:
        reason = because("droit_non_couvert", detail=f"{refusal}.")
        return refused(BENEFIT, [reason], decided_on, law)
    except salaire.Missing as missing:
        return refused(BENEFIT, [because(missing.code, detail=missing.detail)], decided_on, law)
    amount = {"employeur": ZERO, "debut": begin, "suite": then}
    lines = [line_of(run, kind, amount[kind], KINDS, law) for kind, run in runs(days, kinds)]
    return paid(BENEFIT, lines, attestation, insured_id, trace, decided_on, law)


def _relapsed(relapse: Relapse, begin: Money, then: Money, trace: list[TraceLine]) -> tuple[Money, Money]:
    """Counted on from the first interruption, and never less than in it (R433-7)."""
    said = f"Rechute : {_already(relapse.earlier_days)}."
    if relapse.closed:
        said = "Rechute après guérison ou consolidation : les jours se comptent de nouveau."
    trace.append(note("CSS R433-7 al. 1", said))
    kept = max(begin, relapse.least_begin), max(then, relapse.least_then)
    if kept != (begin, then):
        said = f"Portée aux montants de la première interruption : {' puis '.join(map(in_french, kept))}."
        trace.append(note("CSS R433-7 al. 2", said))
    return kept


def _already(days: int) -> str:
    """What of a first interruption counts for the next one."""
    many = is_plural(days)
    return f"{counted(days, 'jour')} déjà indemnisé{'s' * many} {'comptent' if many else 'compte'}"


def _kind(day: date, accident: Accident, stop: Stop, earlier: int, law: Law) -> str:
    if day <= accident.occurred_on:
        return "employeur"
    # the first indemnified day is number one: the stop's own, or the morrow of the accident
    number = (day - stop.since).days + (0 if stop.since == accident.occurred_on else 1) + earlier
    return "debut" if number <= law.value("ij_atmp.jours_debut", day).number else "suite"


def _amounts(stop: Stop, attestation: Attestation, law: Law) -> tuple[Money, Money, list[TraceLine]]:
    """The two daily amounts: capped by the plafond annuel and by the net daily pay (R433-4)."""
    since = stop.since
    if attestation.discontinuous:
        total = salaire.capped_sum(attestation, since, salaire.YEAR, Decimal("Infinity"))
        divisor = law.value("ij_maladie.diviseur_annuel", since)
        article = "CSS R433-4 5°"
    elif attestation.frequency != "mois":
        count = int(law.value(f"ij_atmp.paies_{attestation.frequency}", since).number)
        total = sum((pay.gross for pay in salaire.last_pays(attestation, since, count)), Decimal(0))
        divisor = law.value("ij_atmp.diviseur_quinzaine", since)
        article = "CSS R433-4 2°"
    else:
        total = salaire.capped_sum(attestation, since, 1, Decimal("Infinity"))
        divisor = law.value("ij_atmp.diviseur_mensuel", since)
        article = "CSS R433-4 1°"
    daily = total / divisor.number
    sentence = f"Salaire journalier : {in_french(to_the_cent(total))} divisés par {divisor.shown}."
    trace = [cite(article, sentence, divisor, to_the_cent(daily))]
    part = law.value("ij_atmp.plafond", since)
    yearly = law.value("plafond.annuel", since)
    cap = yearly.number * part.number
    if daily > cap:
        trace.append(
            cite("CSS L433-2 al. 1 ; R433-2", "Plafond du salaire journalier.", part, to_the_cent(cap))
        )
    cut = law.value("ij_atmp.abattement_net", since)
    net = daily * (1 - cut.number)
    first = _amount(daily, cap, net, law.value("ij_atmp.taux_debut", since), since, law, trace)
    second = _amount(daily, cap, net, law.value("ij_atmp.taux_suite", since), since, law, trace)
    return first, second, trace


def _amount(
    daily: Decimal,
    cap: Decimal,
    net: Decimal,
    rate: Value,
    since: date,
    law: Law,
    trace: list[TraceLine],
) -> Money:
    amount = min(daily, cap) * rate.number
    if amount > net:
        trace.append(note("CSS R433-4 dernier al.", "Limitée au gain journalier net.", to_the_cent(net)))
        amount = net
    rounded, line = salaire.last_cent(amount, since, law)
    trace.append(cite("CSS L433-2 ; R433-1 ; R433-3", "Part du salaire journalier.", rate, rounded))
    trace.append(line)
    return rounded
