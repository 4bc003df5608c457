"""An indu: whether it is asked back, until when, how, and what the letter must say (R133-9-2)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING

from domain.claim import TraceLine
from domain.money import ZERO, Money, in_french, to_the_cent
from law import Law
from law.dates import add_months
from liquidation.traces import cite, note


@dataclass(frozen=True, slots=True)
class Indu:
    """What becomes of a sum paid in excess.

    `asked`: zero where it is prescribed or dropped. `costs`: of a fraud (L133-4-1). The dates run from
    the reception of the notification. `trace` is what the letter says, with its articles."""

    amount: Money
    asked: Money
    costs: Money
    prescribed: bool
    dropped: bool
    rectification_until: date | None
    retained_from: date | None
    schedule_until: date | None
    appeal_until: date | None
    trace: tuple[TraceLine, ...]


def examine(
    amount: Money,
    paid_on: date,
    notified_on: date,
    reason: str,
    law: Law,
    *,
    fraud: bool = False,
    participation: bool = False,
    professional: bool = False,
) -> Indu:
    """`reason`: in French, what the letter must name. `participation`: the sum is of participations
    forfaitaires or franchises, which may not be dropped (D160-7). Raises law.NotCovered.

    `professional`: asked of one under L133-4, who has another prescription. A fraud escapes it and the
    threshold, and bears costs of a tenth."""
    name, article = (
        ("delais.prescription_indu_professionnel", "CSS L133-4 III al. 3")
        if professional
        else ("delais.prescription_indu", "CSS L160-11 al. 2")
    )
    years = law.value(name, paid_on)
    end = add_months(paid_on, 12 * int(years.number))
    prescribed = not fraud and notified_on >= end
    threshold = law.value("indus.seuil_abandon", notified_on)
    monthly = law.value("plafond.mensuel", notified_on)
    least = (threshold.number * monthly.number).to_integral_value(ROUND_CEILING)
    dropped = not prescribed and not fraud and not participation and amount < least
    trace = [
        note("CSS L133-4-1 ; R133-9-2 I 1°", f"Versement du {paid_on:%d/%m/%Y} : {reason}", amount),
    ]
    if prescribed:
        trace.append(cite(article, f"Prescrit depuis le {end:%d/%m/%Y}.", years, ZERO))
    if dropped:
        sentence = f"Abandonné : inférieur à {in_french(to_the_cent(least))}."
        trace.append(cite("CSS L133-3 ; D133-2", sentence, threshold, ZERO))
    if prescribed or dropped:
        return Indu(amount, ZERO, ZERO, prescribed, dropped, None, None, None, None, tuple(trace))
    costs = ZERO
    if fraud:
        part = law.value("indus.frais_fraude", notified_on)
        costs = to_the_cent(amount * part.number)
        trace.append(cite("CSS L133-4-1 al. 1", "Fraude : indemnité de frais de gestion.", part, costs))
    return _asked(amount, costs, notified_on, trace, law)


def _asked(amount: Money, costs: Money, notified_on: date, trace: list[TraceLine], law: Law) -> Indu:
    days = law.value("delais.indu_rectification", notified_on)
    until = notified_on + timedelta(days=int(days.number))
    schedule = law.value("delais.indu_echeancier", notified_on)
    appeal = law.value("delais.cra_saisine", notified_on)
    trace += [
        cite(
            "CSS R133-9-2 I 2° a",
            f"Vous pouvez demander une rectification jusqu'au {until:%d/%m/%Y}.",
            days,
        ),
        note(
            "CSS R133-9-2 I 2° b",
            "Sans demande, ni remboursement, ni échéancier accepté d'ici là, la somme peut être retenue "
            "sur vos prestations à venir.",
        ),
        cite("CSS R133-9-2 I 2° b ; D133-2-3 1°", "Un échéancier est possible.", schedule),
        cite(
            "CSS R142-1 ; L142-4",
            f"Vous pouvez saisir la commission de recours amiable jusqu'au "
            f"{add_months(notified_on, int(appeal.number)):%d/%m/%Y}.",
            appeal,
        ),
    ]
    return Indu(
        amount,
        amount + costs,
        costs,
        False,
        False,
        until,
        until + timedelta(days=1),
        add_months(notified_on, int(schedule.number)),
        add_months(notified_on, int(appeal.number)),
        tuple(trace),
    )
