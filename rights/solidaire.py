"""The complémentaire santé solidaire: decision, day of effect, year, renewal, end (L861-1 to L861-5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from domain.claim import NotComputed
from domain.money import ZERO, Money, in_french
from domain.people import ComplementaireSante, Insured
from domain.period import Period, on_day
from law import Law
from law.dates import add_months
from rights.propositions import Change, Proposal, because, common, cut, refusal

Kind = Literal["gratuite", "participation"]
YEAR = 12
DECISION, RENOUNCED = "CSS L861-5 al. 5 et 6", "CSS L861-5 al. 7"
SAID: dict[Kind, str] = {"gratuite": "sans participation", "participation": "avec participation"}


@dataclass(frozen=True, slots=True)
class Demande:
    """`received_on`: of the whole file. `decided_on`: None where nobody decided. `elements_on`: when what the
    payment of a participation needs was received. `urgent`: the situation asks for the month of the request.
    `opens`: what the resources of the foyer open, None where they are not told or not counted; `free`: its
    ceiling for 1°."""

    received_on: date
    kind: Kind | None
    decided_on: date | None = None
    elements_on: date | None = None
    urgent: bool = False
    renewal: bool = False
    unpaid: bool = False
    opens: Kind | Literal["non"] | None = None
    free: Money = ZERO


def complementaire(
    insured: Insured, household: Sequence[Insured], asked: Demande, today: date, law: Law
) -> Proposal:
    """The right of the foyer: of who asked, and of `household`, for a year from the day of effect."""
    decided, late = _decided(asked, today, law)
    reasons = [*common(insured, asked.received_on, today), *late, *_refused(asked)]
    if reasons or decided is None or asked.kind is None:
        return refusal(insured, *reasons)
    held = _latest(insured)
    start, notes = _effect(asked, decided, held, insured, law)
    right = ComplementaireSante(Period(start, add_months(start, YEAR)), asked.kind == "participation")
    if right in insured.complementaires and all(right in each.complementaires for each in household):
        return Proposal(insured)
    changes = [_change(each, right, None if each is insured else each) for each in (insured, *household)]
    after = [_held_by(each, right) for each in (insured, *household)]
    return Proposal(after[0], tuple(changes), notes=tuple(notes), others=tuple(after[1:]))


def renouncement(insured: Insured, received_on: date, today: date) -> Proposal:
    """The right ends with the last day of the month in which its beneficiary gives it up."""
    if reasons := common(insured, received_on, today):
        return refusal(insured, *reasons)
    end = _next_month(received_on)
    held = on_day(insured.complementaires, received_on)
    if held is None:
        return refusal(insured, because("c2s_absente"))
    kept = cut(insured.complementaires, end)
    if kept == insured.complementaires:
        return Proposal(insured)
    change = Change(
        "c2s", "Complémentaire santé solidaire", _shown(held), f"jusqu'au {_day(end - timedelta(days=1))}", end,
        RENOUNCED, "Le ticket modérateur et le forfait journalier ne sont plus pris en charge ; le tiers "
        "payant de la part obligatoire reste un an.",
    )  # fmt: skip
    return Proposal(replace(insured, complementaires=kept), (change,))


def _decided(asked: Demande, today: date, law: Law) -> tuple[date | None, list[NotComputed]]:
    """The day of the decision; of one that was never notified, the end of its delay, which accepts."""
    if asked.decided_on is not None:
        if asked.decided_on < asked.received_on:
            return None, [because("dates_justificatif", "la décision précède la demande")]
        return asked.decided_on, []
    months = law.optional("delais.c2s_decision", asked.received_on)
    if months is None:
        return None, [because("rubrique_justificatif", "date de la décision")]
    silence = add_months(asked.received_on, int(months.number))
    if today <= silence:
        return None, [because("c2s_sans_decision", _day(silence))]
    return silence, []


def _refused(asked: Demande) -> list[NotComputed]:
    found = []
    if asked.kind is None:
        found.append(because("rubrique_justificatif", "avec ou sans participation"))
    if asked.kind == "participation" and asked.elements_on is None:
        found.append(because("c2s_elements"))
    if asked.unpaid:
        found.append(because("c2s_impayes"))
    if asked.opens == "non":
        found.append(because("c2s_ressources", f"plafond du foyer {in_french(asked.free)}"))
    elif asked.opens is not None and asked.kind is not None and asked.opens != asked.kind:
        found.append(because("c2s_nature", f"elle est {SAID[asked.opens]}"))
    return found


def _effect(
    asked: Demande, decided: date, held: ComplementaireSante | None, insured: Insured, law: Law
) -> tuple[date, list[str]]:
    end = held.period.end if held is not None else None
    if asked.urgent:
        opened = on_day(insured.affiliations, asked.received_on)
        first = asked.received_on.replace(day=1)
        return (max(first, opened.period.start) if opened else first), []
    if asked.renewal and end is not None and asked.received_on < end:
        start = end if end.day == 1 else _next_month(end)
        months = law.optional("delais.c2s_renouvellement", asked.received_on)
        late = months is not None and asked.received_on > add_months(end, -int(months.number))
        told = (
            "Demandé moins de deux mois avant l'échéance : le renouvellement sans interruption est à titre "
            "exceptionnel (R861-18 I al. 2)."
        )
        return start, [told] if late else []
    ready = max(decided, asked.elements_on) if asked.kind == "participation" and asked.elements_on else decided
    return _next_month(ready), []


def _held_by(person: Insured, right: ComplementaireSante) -> Insured:
    """The former right is interrupted on the eve of the new one (R861-16-5 II, R861-18 III)."""
    kept = cut(person.complementaires, right.period.start)
    return replace(person, complementaires=(*kept, right))


def _change(person: Insured, right: ComplementaireSante, other: Insured | None) -> Change:
    held = _latest(person)
    return Change(
        "c2s", "Complémentaire santé solidaire", _shown(held) if held else None, _shown(right),
        right.period.start, DECISION,
        "Le ticket modérateur et le forfait journalier sont pris en charge, en tiers payant ; la majoration "
        "hors parcours reste due.",
        f"{other.first_names} {other.birth_name}" if other else None,
    )  # fmt: skip


def _latest(person: Insured) -> ComplementaireSante | None:
    return max(person.complementaires, key=lambda each: each.period.start, default=None)


def _shown(held: ComplementaireSante) -> str:
    kind = SAID["participation" if held.participation else "gratuite"]
    end = f" au {_day(held.period.end - timedelta(days=1))}" if held.period.end else ""
    return f"{kind}, du {_day(held.period.start)}{end}"


def _next_month(day: date) -> date:
    return add_months(day.replace(day=1), 1)


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
