"""What becomes of an indu that is asked for: when it may be held back, how much a month, what is left.

The way of L133-4-1 and R133-9-2: notified, received, twenty days to ask for a rectification, then held back
from later benefits, unless it is paid or a schedule is kept. What cannot be held back gets a mise en demeure.
A professional has two months and may make observations, which bar the retenue (L133-4 III, R133-9-1); an
employer who was paid by subrogation owes under the code civil, and nothing is held back of him.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from domain.claim import TraceLine
from domain.errors import Refused
from domain.money import ZERO, Money, euros, in_french, to_the_cent
from law import Law
from law.dates import add_months
from liquidation.traces import cite, note

What = Literal["notification", "reception", "contestation", "rejet", "accord", "echeancier", "versement",
               "revenu", "mise_en_demeure", "contrainte", "opposition", "annulation"]  # fmt: skip
State = Literal[
    "a_notifier", "notifie", "delai", "conteste", "accord", "echeancier", "a_retenir", "a_mettre_en_demeure",
    "mise_en_demeure", "contrainte", "solde", "annule", "abandonne", "prescrit",
]  # fmt: skip
Debtor = Literal["assure", "ayant_droit", "praticien", "employeur"]
_MAY_FOLLOW: dict[State, tuple[What, ...]] = {
    "a_notifier": ("annulation",),
    "notifie": ("reception", "versement", "annulation"),
    "delai": ("contestation", "accord", "versement", "revenu", "annulation"),
    "conteste": ("rejet", "versement", "revenu", "annulation"),
    "accord": ("echeancier", "versement", "revenu", "annulation"),
    "echeancier": ("versement", "revenu", "annulation"),
    "a_retenir": ("accord", "versement", "revenu", "mise_en_demeure", "annulation"),
    "a_mettre_en_demeure": ("versement", "mise_en_demeure", "annulation"),
    "mise_en_demeure": ("reception", "contrainte", "versement", "annulation"),
    "contrainte": ("opposition", "versement", "annulation"),
}  # fmt: skip
"""What a person may note in each state; the notification is noted by the letter that leaves."""
AFTER_A_DEMAND: tuple[What, ...] = ("reception", "contrainte")
OF_A_HOUSEHOLD: tuple[What, ...] = ("accord", "echeancier", "revenu")
"""R133-9-2 alone: what depends on the household of an insured."""


@dataclass(frozen=True, slots=True)
class Event:
    """`on`: the civil day on which it was. `amount`: of a versement, or the household's weighted monthly
    income of a `revenu`, or the majoration that a contrainte adds. `body`: of an échéancier, {"dues": [[day,
    amount], ...]}; of a contrainte, {"court": [its name, its address...], "director": who signs it}."""

    what: What
    on: date
    amount: Money | None = None
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Debt:
    """`asked`: with the costs of a fraud. `held`: what later orders held back of it."""

    asked: Money
    outcome: Literal["prescrit", "abandonne"] | None = None
    events: tuple[Event, ...] = ()
    held: Money = ZERO
    debtor: Debtor = "assure"

    def last(self, what: What) -> Event | None:
        return next((each for each in reversed(self.events) if each.what == what), None)

    @property
    def received(self) -> Event | None:
        """Of the notification."""
        return next((each for each in self.events if each.what == "reception"), None)

    @property
    def demand_received(self) -> Event | None:
        """Of the last mise en demeure; None where none was sent, or its reception is not known."""
        sent = self.last("mise_en_demeure")
        later = self.events[self.events.index(sent) :] if sent else ()
        return next((each for each in later if each.what == "reception"), None)

    @property
    def constrained(self) -> Event | None:
        return self.last("contrainte")

    @property
    def income(self) -> Money | None:
        found = self.last("revenu")
        return found.amount if found else None

    @property
    def dues(self) -> tuple[tuple[date, Money], ...]:
        found = self.last("echeancier")
        told = found.body["dues"] if found else ()
        return tuple((date.fromisoformat(day), euros(amount)) for day, amount in told)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a debt stands on a day. `held_from`: the first day on which it may be held back, once that is
    known. `until`: the day that the present state lasts to, where it ends by itself."""

    state: State
    left: Money
    sentence: str
    article: str
    held_from: date | None = None
    until: date | None = None


def standing(debt: Debt, today: date, law: Law) -> Standing:
    """Raises law.NotCovered before the texts that this rests on."""
    if debt.outcome is not None:
        words = {"prescrit": ("Prescrit : il n'est pas demandé.", "CSS L160-11 al. 2 ; L332-1 al. 3"),
                 "abandonne": ("Abandonné : au-dessous du seuil.", "CSS L133-3 ; D133-2")}  # fmt: skip
        return Standing(debt.outcome, ZERO, *words[debt.outcome])
    if debt.last("annulation"):
        return Standing("annule", ZERO, "Annulé : la somme n'est plus demandée.", "CSS L133-4-1 al. 4")
    forced = debt.constrained
    left = debt.asked + ((forced.amount if forced else None) or ZERO) - debt.held - _paid(debt)
    if left <= ZERO:
        return Standing("solde", left, "Soldé.", "CSS L133-4-1 al. 1")
    if forced is not None:
        return _constrained(debt, forced, left, law)
    received = debt.received
    if received is None:
        if debt.last("notification") is None:
            return Standing("a_notifier", left, "La notification va partir.", "CSS R133-9-2 I")
        told = "Notifié ; le délai court du jour de la réception, qui n'est pas encore connu."
        return Standing("notifie", left, told, "CSS R133-9-2 I")
    if debt.debtor in ("praticien", "employeur"):
        return _by_a_professional(debt, received.on, left, today, law)
    return _received(debt, received.on, left, today, law)


def _constrained(debt: Debt, forced: Event, left: Money, law: Law) -> Standing:
    """R133-3: days to oppose it from its notification; then it has the effects of a judgment."""
    against = debt.last("opposition")
    days = law.value("delais.opposition", forced.on).shown
    told = f"Contrainte délivrée le {forced.on:%d/%m/%Y} : sans opposition dans un délai de {days} à compter "
    told += "de sa notification, elle a les effets d'un jugement."
    if against is not None:
        told = f"Opposition formée le {against.on:%d/%m/%Y} : le tribunal statue."
    return Standing("contrainte", left, told, f"CSS {CONSTRAINT[debt.debtor == 'praticien']} ; R133-3")


CONSTRAINT = {True: "L133-4 III al. 6", False: "L161-1-5"}
"""Whether a professional owes under L133-4 -> the text under which a contrainte is delivered."""


def _paid(debt: Debt) -> Money:
    return sum((each.amount or ZERO for each in debt.events if each.what == "versement"), ZERO)


def _received(debt: Debt, received: date, left: Money, today: date, law: Law) -> Standing:
    state: State
    state, until, article = _delay(debt, received, law)
    held_from = until + timedelta(days=1)
    promised = debt.last("accord")
    if debt.dues:
        late = _late(debt, today)
        if not late:
            return Standing("echeancier", left, "Un échéancier est tenu.", "CSS R133-9-2 I 2° b")
        told = f"Échéancier non tenu : {in_french(late)} en retard ; la somme peut être retenue."
        return Standing("a_retenir", left, told, "CSS R133-9-2 I 2° b", held_from)
    if promised is not None:
        months = law.value("recouvrement.conclusion_echeancier", promised.on)
        last = add_months(promised.on, int(months.number))
        if today <= last:
            told = f"Échéancier accepté, à conclure avant le {last:%d/%m/%Y}."
            return Standing("accord", left, told, "CSS R133-9-2 I 2° b", last + timedelta(days=1), last)
        held_from = max(held_from, last + timedelta(days=1))
    if today < held_from:
        told = "Une rectification est demandée" if state == "conteste" else "Le délai de l'assuré court"
        return Standing(state, left, f"{told} ; retenue possible dès le {held_from:%d/%m/%Y}.", article,
                        held_from, until)  # fmt: skip
    return Standing("a_retenir", left, "La somme peut être retenue sur les prestations à venir.", article,
                    held_from)  # fmt: skip


def _by_a_professional(debt: Debt, received: date, left: Money, today: date, law: Law) -> Standing:
    """R133-9-1 I: two months; then a retenue where nothing was said (L133-4 III al. 4), else a mise en
    demeure."""
    practitioner = debt.debtor == "praticien"
    sent = debt.last("mise_en_demeure")
    if sent is not None:
        last = demand_ends(debt, sent, law)
        told = f"Mis en demeure le {sent.on:%d/%m/%Y} : un mois pour payer, de sa réception."
        if today > last:
            told = "La mise en demeure est restée sans effet : une contrainte peut être délivrée."
            if practitioner:
                rate = law.value("recouvrement.majoration", sent.on).shown
                told += f" Majoration de {rate} : {in_french(increase(left, sent.on, law))}."
        return Standing("mise_en_demeure", left, told, "CSS L133-4 III ; R133-9-1 I al. 4", None, last)
    months = law.value("recouvrement.delai_professionnel" if practitioner else "delais.cra_saisine", received)
    last = add_months(received, int(months.number))
    said, refused = debt.last("contestation"), debt.last("rejet")
    if said is not None:
        if refused is None or refused.on < said.on:
            told = "Des observations sont présentées : rien n'est retenu, une réponse est due."
            return Standing("conteste", left, told, "CSS L133-4 III al. 4 et 5")
        told = "Observations rejetées : une mise en demeure peut partir."
        return Standing("a_mettre_en_demeure", left, told, "CSS L133-4 III al. 5")
    if today <= last:
        told = f"Le délai pour payer ou présenter des observations court jusqu'au {last:%d/%m/%Y}."
        return Standing("delai", left, told, "CSS R133-9-1 I al. 2" if practitioner else "CSS R142-1",
                        last + timedelta(days=1) if practitioner else None, last)  # fmt: skip
    if practitioner:
        told = "La somme peut être retenue sur les versements à venir."
        return Standing("a_retenir", left, told, "CSS L133-4 III al. 4", last + timedelta(days=1))
    told = "Le délai de recours a pris fin sans paiement : une mise en demeure peut partir."
    return Standing("a_mettre_en_demeure", left, told, "Code civil, 1302-1 et 1344")


def demand_ends(debt: Debt, sent: Event, law: Law) -> date:
    """The last day of the month that a mise en demeure leaves to pay: from its reception; from its sending as
    long as that is not known."""
    since = (debt.demand_received or sent).on
    return add_months(since, int(law.value("recouvrement.mise_en_demeure", since).number))


def increase(left: Money, day: date, law: Law) -> Money:
    """The majoration of what a professional left unpaid after a mise en demeure of `day` (L133-4 III al. 6)."""
    return to_the_cent(left * law.value("recouvrement.majoration", day).number / Decimal(100))


def _delay(debt: Debt, received: date, law: Law) -> tuple[State, date, str]:
    """(state, last day without a retenue, article)."""
    asked = debt.last("contestation")
    if asked is None:
        days = law.value("delais.indu_rectification", received)
        return "delai", received + timedelta(days=int(days.number)), "CSS R133-9-2 I 2° b"
    refused = debt.last("rejet")
    if refused is not None and refused.on >= asked.on:
        days = law.value("recouvrement.apres_rejet", refused.on)
        return "delai", refused.on + timedelta(days=int(days.number)), "CSS R133-9-2 III 2°"
    silence = add_months(asked.on, int(law.value("recouvrement.rejet_implicite", asked.on).number))
    after = law.value("recouvrement.apres_rejet_implicite", silence)
    return "conteste", add_months(silence, int(after.number)), "CSS R133-9-2 II"


def _late(debt: Debt, today: date) -> Money:
    """What a schedule asked for by now and did not get. What was paid before it does not count for it."""
    agreed = debt.last("echeancier")
    assert agreed is not None
    at = debt.events.index(agreed)
    paid = sum((each.amount or ZERO for each in debt.events[at:] if each.what == "versement"), ZERO)
    due = sum((amount for day, amount in debt.dues if day < today), ZERO)
    return max(ZERO, due - paid)


def may_follow(debt: Debt, state: State) -> tuple[What, ...]:
    """What a person may note of the debt in that state."""
    known = _MAY_FOLLOW.get(state, ())
    if state == "a_retenir" and debt.last("mise_en_demeure"):  # nothing was left to hold back of
        known = (*known, *AFTER_A_DEMAND)
    if debt.demand_received:
        known = tuple(each for each in known if each != "reception")
    if debt.debtor in ("praticien", "employeur"):
        return tuple(each for each in known if each not in OF_A_HOUSEHOLD)
    return known


def check(debt: Debt, event: Event, today: date, law: Law) -> None:
    """Raises Refused("indu_etat") where `event` cannot be noted of the debt as it stands, with why."""
    now = standing(debt, today, law)
    if event.what not in may_follow(debt, now.state):
        raise Refused("indu_etat", f"Cela ne se note pas d'un indu dans cet état. {now.sentence}")
    before = [each.on for each in debt.events if each.what in ("notification", "reception", "contestation")]
    if event.on > today or (before and event.on < max(before)):
        raise Refused("indu_etat", "Ce jour est à venir, ou précède ce qui est déjà noté.")
    if event.what == "mise_en_demeure" and event.on != today:
        raise Refused("indu_etat", "La lettre part le jour où la mise en demeure est notée.")
    if event.what == "contrainte":
        _check_constraint(debt, event, now.left, today, law)
    if event.what == "versement" and not (event.amount and ZERO < event.amount <= now.left):
        raise Refused("indu_etat", f"Un versement est d'au plus {in_french(now.left)}.")
    if event.what == "revenu" and (event.amount is None or event.amount < ZERO):
        raise Refused("indu_etat", "Le revenu mensuel pondéré du ménage manque.")
    if event.what == "contestation":
        received = debt.received
        assert received is not None
        last = _last_to_contest(debt, received.on, law)
        if event.on > last:
            told = f"Le délai a pris fin le {last:%d/%m/%Y} : c'est un recours (CSS R133-9-2 IV ; R142-1)."
            raise Refused("indu_etat", told)
    if event.what == "echeancier":
        _check_schedule(Debt(debt.asked, None, (*debt.events, event), debt.held), now.left, law)


def _check_constraint(debt: Debt, event: Event, left: Money, today: date, law: Law) -> None:
    """R133-3: a month after the notification of a mise en demeure that had no effect; what it must tell."""
    sent, received = debt.last("mise_en_demeure"), debt.demand_received
    if sent is None or received is None:
        raise Refused("indu_etat", "La réception de la mise en demeure est à noter d'abord : le mois en court.")
    last = demand_ends(debt, sent, law)
    if today <= last:
        raise Refused("indu_etat", f"Le mois de la mise en demeure court jusqu'au {last:%d/%m/%Y}.")
    if event.on != today:
        raise Refused("indu_etat", "La contrainte est délivrée le jour où elle est notée.")
    most = increase(left, sent.on, law) if debt.debtor == "praticien" else ZERO
    if not ZERO <= (event.amount or ZERO) <= most:
        raise Refused("indu_etat", f"La majoration est d'au plus {in_french(most)}.")
    if not event.body.get("court") or not event.body.get("director"):
        raise Refused("indu_etat", "Le tribunal, son adresse ou le directeur manque : elle serait nulle.")


def _last_to_contest(debt: Debt, received: date, law: Law) -> date:
    if debt.debtor in ("praticien", "employeur"):
        return add_months(received, int(law.value("recouvrement.delai_professionnel", received).number))
    return received + timedelta(days=int(law.value("delais.indu_rectification", received).number))


def _check_schedule(debt: Debt, left: Money, law: Law) -> None:
    promised = debt.last("accord")
    start = promised.on if promised else debt.events[-1].on
    last = add_months(start, int(law.value("delais.indu_echeancier", start).number))
    days = [day for day, _ in debt.dues]
    if not days or days != sorted(set(days)) or days[0] <= debt.events[-1].on or days[-1] > last:
        raise Refused("indu_etat", f"Les échéances se suivent, la dernière au plus tard le {last:%d/%m/%Y}.")
    if any(amount <= ZERO for _, amount in debt.dues) or sum(amount for _, amount in debt.dues) != left:
        raise Refused("indu_etat", f"Les échéances font en tout {in_french(left)}.")


def monthly_limit(income: Money | None, day: date, law: Law) -> tuple[Money, TraceLine]:
    """The most that may be held back in a civil month (D133-2-2, by the scale of D553-1 III).

    `income`: of the household, monthly and weighted, euros; None where it is not known: it is then
    deemed to be that of D553-1."""
    deemed = law.value("recouvrement.revenu_repute", day)
    weighted = deemed.number if income is None else income
    limit = law.value("recouvrement.retenue_forfaitaire", day).number
    names = sorted(name for name in law.parameters if name.startswith("recouvrement.tranche_"))
    steps = [law.value(name, day).number for name in names]
    for n, (low, high) in enumerate(zip(steps, [*steps[1:], None], strict=True), 1):
        top = weighted if high is None else min(weighted, high)
        if top > low:
            limit += (top - low) * law.value(f"recouvrement.taux_{n}", day).number / Decimal(100)
    most = to_the_cent(limit)
    told = "Revenu du ménage non connu, réputé" if income is None else "Revenu mensuel pondéré du ménage,"
    sentence = f"{told} {in_french(to_the_cent(weighted))} : au plus {in_french(most)} de retenue dans le mois."
    return most, cite("CSS D133-2-2 ; D553-1 III", sentence, deemed, most)


@dataclass(frozen=True, slots=True)
class Owed:
    """A participation or a franchise that tiers payant left to be recovered; negative where what was held
    back of it has been given up since. `since`: the day of reimbursement it was counted on."""

    kind: str
    insured_id: str
    care_day: date
    professional: str
    amount: Money
    since: date


@dataclass(frozen=True, slots=True)
class Claimed:
    """An indu that may be held back now, and its household's income."""

    indu_id: str
    insured_id: str
    left: Money
    income: Money | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What an order holds back `on` a day: of an Owed or of a Claimed."""

    amount: Money
    on: date
    owed: Owed | None = None
    claimed: Claimed | None = None


def hold_back(
    amount: Money, owed: Iterable[Owed], claimed: Sequence[Claimed], this_month: Money, day: date, law: Law
) -> tuple[tuple[Held, ...], tuple[TraceLine, ...]]:
    """What an order of `amount` to an insured holds back, and why; never more than it.

    Participations and franchises first, the oldest first: they come back from benefits of every kind
    (L160-13 II last al.), but once prescribed they are no more (D160-7). Then indus, within the month's
    limit, of which `this_month` is already taken."""
    found: list[Held] = []
    trace: list[TraceLine] = []
    room = amount
    for each in sorted(owed, key=lambda one: (one.amount > ZERO, one.since, one.care_day, one.kind)):
        if each.amount > ZERO and day >= prescribed_from(each.since, law):
            continue
        taken = min(each.amount, room)
        if taken:
            found.append(Held(taken, day, owed=each))
            room -= taken
    if found:
        taken = sum((each.amount for each in found), ZERO)
        trace.append(
            note("CSS L160-13 II et III ; D160-7", "Participations et franchises dues, retenues.", -taken)
        )
    if claimed and room > ZERO:
        limit, step = monthly_limit(
            min((c.income for c in claimed if c.income is not None), default=None), day, law
        )
        room = min(room, max(ZERO, limit - this_month))
        trace.append(step)
        for one in claimed:
            taken = min(one.left, room)
            if taken > ZERO:
                found.append(Held(taken, day, claimed=one))
                trace.append(note("CSS L133-4-1 al. 1 ; R133-9-2", "Indu retenu sur ce paiement.", -taken))
                room -= taken
    return tuple(found), tuple(trace)


def hold_back_of_professional(amount: Money, claimed: Sequence[Claimed], day: date) -> tuple[Held, ...]:
    """What an order of `amount` to a professional holds back of the indus that he left unanswered, the oldest
    first: all of it, of payments of every kind (L133-4 III al. 4)."""
    found: list[Held] = []
    for one in claimed:
        taken = min(one.left, amount)
        if taken > ZERO:
            found.append(Held(taken, day, claimed=one))
            amount -= taken
    return tuple(found)


def prescribed_from(reimbursed_on: date, law: Law) -> date:
    """The first day on which a participation left owing is annulled (L160-11, D160-7)."""
    years = law.value("delais.prescription_indu", reimbursed_on)
    return add_months(reimbursed_on, 12 * int(years.number))
