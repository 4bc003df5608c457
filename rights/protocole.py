"""The protocole de soins of an affection de longue durée: admission, renewal, end (L324-1, R160-11)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from domain.claim import NotComputed
from domain.people import Ald, Insured
from domain.period import Period
from law import Law
from law.dates import add_months
from rights.propositions import Change, Proposal, because, common, cut, refusal

DECISION, END = "CSS L324-1 ; R160-11", "CSS R160-11 al. 2"


@dataclass(frozen=True, slots=True)
class Protocole:
    """`start` may be unsaid by a renewal: it then follows the protocole before. `last_day`: of the duration,
    which the decision says where the protocole does not (R160-11 al. 4). `favourable`: the contrôle médical
    agreed, or said nothing in its time."""

    number: int | None
    nature: Literal["admission", "renouvellement", "fin"]
    start: date | None
    last_day: date | None
    favourable: bool
    received_on: date


def protocole(insured: Insured, asked: Protocole, today: date, law: Law) -> Proposal:
    """What the decision changes. The care of the protocole is at 100 % from the first to the last day."""
    held = sorted((each for each in insured.alds if each.number == asked.number), key=lambda ald: ald.period)
    reasons = [*common(insured, asked.received_on, today, ahead=True), *_missing(asked, held, law)]
    if reasons or asked.number is None or asked.last_day is None:
        return refusal(insured, *reasons)
    end = asked.last_day + timedelta(days=1)
    if asked.nature == "fin":
        return _ended(insured, held, asked.number, end)
    last = held[-1] if held else None
    start = asked.start or (last.period.end if last is not None else None)
    if start is None:
        return refusal(insured, because("rubrique_justificatif", "début du protocole"))
    if start >= end:
        return refusal(insured, because("dates_justificatif", f"du {_day(start)} au {_day(asked.last_day)}"))
    wanted = Ald(Period(start, end), asked.number)
    if wanted in held:
        return Proposal(insured)
    overlapping = [each for each in held if _overlap(each.period, wanted.period)]
    if asked.nature == "admission" and overlapping:
        return refusal(insured, because("ald_deja", _last_day(overlapping[-1])))
    kept = (*_but(insured, overlapping), *cut(overlapping, start))
    after = replace(insured, alds=(*kept, wanted))
    old = f"ALD {asked.number} jusqu'au {_last_day(last)}" if last is not None else None
    new = f"ALD {asked.number}, du {_day(start)} au {_day(asked.last_day)}"
    change = Change(
        "ald", "Protocole de soins", old, new, start, DECISION,
        "Les actes du protocole sont pris en charge à 100 % ; participation et franchises restent dues.",
    )  # fmt: skip
    return Proposal(after, (change,), notes=tuple(_notes(asked, start, end, law)))


def _missing(asked: Protocole, held: list[Ald], law: Law) -> list[NotComputed]:
    found = []
    if asked.number is None:
        found.append(because("rubrique_justificatif", "numéro de l'affection"))
    elif asked.nature == "admission" and not law.ald_admits(asked.number):
        found.append(because("ald_inconnue", str(asked.number)))
    if asked.last_day is None:
        found.append(because("rubrique_justificatif", "fin du protocole, que la décision dit"))
    if asked.nature != "fin" and not asked.favourable:
        found.append(because("avis_absent"))
    if asked.nature != "admission" and asked.number is not None and not held:
        found.append(because("ald_absente"))
    return found


def _ended(insured: Insured, held: list[Ald], number: int, end: date) -> Proposal:
    """The exoneration ends with the day before `end`; later periods of the same affection never begin."""
    running = [each for each in held if end in each.period or each.period.start >= end]
    if not running:
        return Proposal(insured)
    kept = (*_but(insured, held), *cut(held, end))
    change = Change(
        "ald", "Protocole de soins", f"ALD {number} jusqu'au {_last_day(running[-1])}",
        f"ALD {number} jusqu'au {_day(end - timedelta(days=1))}", end, END,
        "Les soins donnés après ce jour ne sont plus exonérés à ce titre.",
    )  # fmt: skip
    return Proposal(replace(insured, alds=kept), (change,))


def _notes(asked: Protocole, start: date, end: date, law: Law) -> list[str]:
    found = []
    name = f"ald_duree.{asked.number}"
    longest = law.optional(name, asked.received_on) if name in law.parameters else None
    if longest is not None and end > add_months(start, 12 * int(longest.number)):
        found.append(
            f"L'annexe donne au plus {longest.shown} à l'exonération initiale de cette affection (D160-4)."
        )
    months = law.optional("delais.ald_reponse", asked.received_on)
    if months is not None:
        answer = add_months(asked.received_on, int(months.number))
        found.append(
            f"Demandée par l'assuré, la réponse est due au {_day(answer)} ; son silence la rejette (R160-13)."
        )
    return found


def _but(insured: Insured, taken: list[Ald]) -> tuple[Ald, ...]:
    return tuple(each for each in insured.alds if each not in taken)


def _overlap(one: Period, other: Period) -> bool:
    return (one.end is None or other.start < one.end) and (other.end is None or one.start < other.end)


def _last_day(held: Ald) -> str:
    return _day(held.period.end - timedelta(days=1)) if held.period.end else "sans terme"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
