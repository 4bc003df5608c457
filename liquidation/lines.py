"""One line: rate, régime local, part complémentaire, majoration, participation or franchise.

Each product is rounded to the cent at once, halves up (SESAM-Vitale, RG_VF640 to VF682).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from domain.claim import Act, Claim, DecisionLine, History, Rights, TraceLine, Withheld
from domain.french import sum_is
from domain.money import ZERO, Money, in_french, to_the_cent
from law import Law, Value
from liquidation import franchise, parcours, participation
from liquidation.exonerations import Exoneration, exoneration_of, spared
from liquidation.lourds import PARTICIPATION as HEAVY
from liquidation.lourds import Heavy
from liquidation.priced import Priced
from liquidation.professions import Profession
from liquidation.traces import cite, note

_HUNDRED = Decimal(100)
ASPA = frozenset(("taux.auxiliaire_medical", "taux.biologie"))
TRANSPORT = "taux.transport"
LOCAL = {
    "taux.dentaire_medical": "taux.regime_local_praticien",
    "taux.medicament_smr_important": "taux.regime_local_medicament_important",
    "taux.medicament_smr_modere": "taux.regime_local_medicament_modere",
    "taux.medicament_smr_faible": "taux.regime_local_medicament_faible",
    "taux.medicament_irremplacable": "taux.medicament_irremplacable",
}
"""Rates that are not a whole profession's -> with the régime local."""
NOTHING = History()


class Doubt(Exception):
    """A line that depends on a fact, or a rate, that only a person can tell."""

    def __init__(self, code: str, act: Act) -> None:
        self.code = code
        self.act = act


@dataclass
class Counters:
    """What runs on from line to line. `room`: what the cap of a majoration leaves to the supplements
    of that day's acts."""

    decided_on: date
    participations: participation.Counter
    franchises: franchise.Franchises
    room: dict[date, Money] = field(default_factory=dict)

    @classmethod
    def of(cls, profession: Profession, history: History, decided_on: date) -> "Counters":
        """Counted from the history where the profession's acts bear them."""
        past = history if profession.participation else NOTHING
        borne = history if profession.franchise else NOTHING
        return cls(
            decided_on,
            participation.Counter.of(past, decided_on),
            franchise.Franchises.of(borne, decided_on),
        )


def line_of(
    act: Act,
    claim: Claim,
    held: Rights,
    worth: Priced,
    profession: Profession,
    heavy: Heavy | None,
    counters: Counters,
    law: Law,
) -> tuple[DecisionLine, tuple[Withheld, ...]]:
    """The line and what it adds to the insured's history. Raises Doubt, law.NotCovered."""
    trace = worth.trace
    base = worth.base
    ordinary = profession.rate if claim.hospitalised else worth.rate or profession.rate
    exoneration = exoneration_of(claim, act, held, ordinary)
    heavy = None if exoneration else heavy
    rate, gross = _part_obligatoire(
        act, claim, held, worth, profession, ordinary, exoneration, heavy, law, trace
    )
    retained: dict[str, Money] = {}
    participation_i = base - gross
    if heavy and heavy.amount and not held.regime_local:
        retained[HEAVY] = heavy.amount
        participation_i = heavy.amount
    majoration = ZERO
    if profession.parcours:
        available = gross - retained.get(HEAVY, ZERO)
        majoration = _majoration(act, claim, held, worth, exoneration, available, counters, law, trace)
    if majoration:
        retained[parcours.MAJORATION] = majoration
    complementary = _complementary(participation_i, majoration, act, held, law, trace)
    left = gross
    for amount in retained.values():
        left -= amount
    most = left
    if held.regime_local and rate < _HUNDRED:  # what it pays of the participation is no part of the tariff's
        most = min(left, _of(worth, law.value(ordinary, act.day)))
    owed = _owed(act, claim, held, worth, profession, exoneration, left, most, counters, law, trace)
    now = sum((each.amount - each.outstanding for each in owed), ZERO)
    if now:
        retained[owed[0].kind] = now
        left -= now
    paid = left + complementary
    return DecisionLine(
        act.line, act.code, act.day, worth.fee, base, rate, gross, retained, paid, tuple(trace), complementary
    ), owed


def _of(worth: Priced, rate: Value | Decimal) -> Money:
    """The rate of a base, part by part where it has several."""
    percent = rate.number if isinstance(rate, Value) else rate
    if not worth.parts:
        return to_the_cent(worth.base * percent / _HUNDRED)
    return sum((to_the_cent(part * percent / _HUNDRED) for part in worth.parts), ZERO)


def _part_obligatoire(
    act: Act,
    claim: Claim,
    held: Rights,
    worth: Priced,
    profession: Profession,
    name: str,
    exoneration: Exoneration | None,
    heavy: Heavy | None,
    law: Law,
    trace: list[TraceLine],
) -> tuple[Decimal, Money]:
    if exoneration:
        value = law.value("taux.exonere", act.day)
        trace.append(cite(exoneration.article, exoneration.sentence, value, worth.base))
        return value.number, worth.base
    if heavy:
        trace.append(cite(heavy.article, heavy.sentence, heavy.value, heavy.amount))
        if held.regime_local and heavy.amount:
            said = "Régime local d'Alsace-Moselle : il prend cette participation en charge."
            trace.append(note("CSS L325-1 I ; D325-6 1°", said, heavy.amount))
        return _HUNDRED, worth.base
    value = law.value(name, act.day)
    gross = _of(worth, value)
    article = worth.article if worth.article and not claim.hospitalised else profession.article
    trace.append(cite(article, _ordinary(claim, held), value, gross))
    aspa = "aspa" in (held.details or {}).get("situations", ())
    if held.regime_local and not (aspa and name == TRANSPORT):
        return _regime_local(act, worth, LOCAL.get(name, profession.regime_local), gross, law, trace)
    if aspa:
        return _aspa(act, worth, name, value, gross, law, trace)
    return value.number, gross


def _regime_local(
    act: Act, worth: Priced, name: str, gross: Money, law: Law, trace: list[TraceLine]
) -> tuple[Decimal, Money]:
    """What the régime local d'Alsace-Moselle adds, in the rate of both."""
    local = law.value(name, act.day)
    whole = _of(worth, local)
    sentence = f"Régime local d'Alsace-Moselle : {in_french(whole - gross)} de plus."
    trace.append(cite("CSS L325-1 I ; D325-6 1°", sentence, local, whole - gross))
    return local.number, whole


def _aspa(
    act: Act, worth: Priced, name: str, value: Value, gross: Money, law: Law, trace: list[TraceLine]
) -> tuple[Decimal, Money]:
    """R160-9: at most 20 % for auxiliaires and biology, nothing for transports."""
    if name == TRANSPORT:
        free = law.value("taux.exonere", act.day)
        trace.append(cite("CSS R160-9", "ASPA : aucune participation aux transports.", free, worth.base))
        return free.number, worth.base
    if name in ASPA:
        most = law.value("taux.aspa_plafond_participation", act.day)
        percent = _HUNDRED - most.number
        whole = _of(worth, percent)
        trace.append(cite("CSS R160-9", "ASPA : participation limitée.", most, whole - gross))
        return percent, whole
    return value.number, gross


def _ordinary(claim: Claim, held: Rights) -> str:
    if claim.ald and not held.ald:
        return "Taux ordinaire : aucun protocole d'ALD n'est ouvert ce jour-là, bien que la case soit cochée."
    if held.ald and not claim.ald:
        return "Taux ordinaire : l'acte n'est pas signalé en rapport avec l'ALD."
    return "Part de l'assurance maladie."


def _majoration(
    act: Act,
    claim: Claim,
    held: Rights,
    worth: Priced,
    exoneration: Exoneration | None,
    available: Money,
    counters: Counters,
    law: Law,
    trace: list[TraceLine],
) -> Money:
    free = parcours.why_free(claim, act, held, exoneration, law)
    if free:
        trace.append(free)
        return ZERO
    if parcours.recently_left(held, act, law):
        raise Doubt("parcours_a_verifier", act)
    room = counters.room.get(act.day) if worth.supplement else None
    amount, line, left = parcours.majoration(worth.base, act.day, law, room)
    counters.room[act.day] = left if worth.supplement else left + counters.room.get(act.day, ZERO)
    if amount > available:
        amount = available
        line = replace(line, amount=available)
    trace.append(line)
    return amount


def _complementary(
    ticket: Money, majoration: Money, act: Act, held: Rights, law: Law, trace: list[TraceLine]
) -> Money:
    """What the complémentaire santé solidaire adds: the ticket modérateur, not the majoration."""
    if held.c2s == "non" or not ticket:
        return ZERO
    if majoration:
        reading = law.value("parcours.majoration_c2s", act.day)
        if reading.text == "participation_entiere":
            sentence = "Hors du parcours, la C2S laisse toute la participation à votre charge."
            trace.append(cite("CSS L861-3 1°", sentence, reading, ZERO))
            return ZERO
        sentence = "Complémentaire santé solidaire : le reste du tarif, hors majoration."
        trace.append(cite("CSS L861-3 1°", sentence, reading, ticket))
        return ticket
    trace.append(note("CSS L861-3 1°", "Complémentaire santé solidaire : le reste du tarif est payé.", ticket))
    return ticket


def _owed(
    act: Act,
    claim: Claim,
    held: Rights,
    worth: Priced,
    profession: Profession,
    exoneration: Exoneration | None,
    available: Money,
    most: Money,
    counters: Counters,
    law: Law,
    trace: list[TraceLine],
) -> tuple[Withheld, ...]:
    """The participation forfaitaire, one an act, or the franchise of the line, retained now or later. `most`:
    of a franchise, the tariff less the participation of L160-13 I, whoever bears that one (D160-9)."""
    if worth.supplement or worth.untouched:
        return ()
    if profession.participation and act.sampling:
        said = "Prélèvement d'un examen de biologie : l'examen seul supporte une participation."
        trace.append(note("CSS D160-8 al. 2", said, ZERO))
        return ()
    if not (profession.participation or profession.franchise):
        return ()
    words = participation.SPARED if profession.participation else franchise.SPARED
    if why_not := spared(held, exoneration, worth.base):
        trace.append(words[why_not])
        return ()
    if profession.franchise and not profession.participation:
        return tuple(_franchise(act, claim, worth, profession.franchise, available, most, counters, law, trace))
    taken: list[Withheld] = []
    for _ in range(worth.units):
        amount, line = participation.due(act, claim, counters.participations, law)
        trace.append(line)
        if not amount:
            break
        counters.participations.take(act.day, claim.practitioner_rpps, amount)
        one = _withheld(participation.PARTICIPATION, amount, act, claim, available, counters, trace)
        available -= amount - one.outstanding
        taken.append(one)
    return tuple(taken)


def _franchise(
    act: Act,
    claim: Claim,
    worth: Priced,
    kind: str,
    available: Money,
    most: Money,
    counters: Counters,
    law: Law,
    trace: list[TraceLine],
) -> Iterator[Withheld]:
    amount, line = franchise.due(kind, worth.units, act.day, most, counters.franchises, law)
    trace.append(line)
    if amount:
        counters.franchises.take(act.day, kind, amount)
        yield _withheld(franchise.PREFIX + kind, amount, act, claim, available, counters, trace)


def _withheld(
    kind: str,
    amount: Money,
    act: Act,
    claim: Claim,
    available: Money,
    counters: Counters,
    trace: list[TraceLine],
) -> Withheld:
    """What of it waits: all under tiers payant, else what the reimbursement does not hold."""
    outstanding = amount - min(amount, available) if claim.paid_by_insured else amount
    if outstanding:
        what = "la participation" if kind == participation.PARTICIPATION else "la franchise"
        why = (
            f"Le remboursement ne suffit pas à retenir {what}"
            if claim.paid_by_insured
            else f"Le praticien est payé directement : {what} n'est pas retenue sur sa part"
        )
        later = sum_is(outstanding, "sera récupéré", "seront récupérés")
        said = f"{why} ; {later} plus tard auprès de l'assuré."
        trace.append(note("CSS L160-13 II al. 4 ; D160-7", said, outstanding))
    return Withheld(kind, amount, counters.decided_on, act.day, claim.practitioner_rpps, outstanding)
