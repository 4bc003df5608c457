"""S 3705: children attached to one of their parents, or to both (L160-2, L161-15-3)."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal
from uuid import uuid4

from domain.claim import NotComputed
from domain.people import Affiliation, Insured, Rattachement
from domain.period import Period, on_day
from law import Law
from law.dates import birthday
from rights.propositions import ASSURE, Change, Proposal, because, common, cut, refusal

MAJORITY = 18
CHILD = "30"
BOTH, ONE = "CSS L161-15-3", "CSS L160-2"


@dataclass(frozen=True, slots=True)
class Enfant:
    """A child as the form names it. `known`: its dossier, None where it has none yet."""

    birth_name: str
    first_names: str
    birth_date: date
    rank: int
    nir: str | None
    known: Insured | None

    @property
    def named(self) -> str:
        return f"{self.first_names} {self.birth_name}"


@dataclass(frozen=True, slots=True)
class Demande:
    """`other_nir`: of the other parent, an assuré of any caisse. `since`: as the form says, or None: a child
    without a dossier is attached from its birth, or from its parent's affiliation if that came later; another
    from the day of the form (`received_on`)."""

    mode: Literal["deux", "un"]
    children: tuple[Enfant, ...]
    received_on: date
    since: date | None = None
    other_nir: str | None = None
    signed: bool = False
    other_signed: bool = False


def rattachement(parent: Insured, asked: Demande, today: date, law: Law) -> Proposal:
    """What becomes of each child: its dossier changed or, where there is none, made beside its parent's."""
    reasons = [*common(parent, asked.received_on, today), *_missing(parent, asked)]
    plans = [(child, _since(parent, child, asked)) for child in asked.children]
    for child, since in plans:
        reasons.extend(_against(parent, child, since))
    if reasons:
        return refusal(parent, *reasons)
    changes: list[Change] = []
    others: list[Insured] = []
    for child, since in plans:
        after = _attached(parent, child, since, asked)
        if after == child.known:
            continue
        others.append(after)
        changes.extend(_changes(child, after, since, asked, law))
    return Proposal(parent, tuple(changes), others=tuple(others))


def _missing(parent: Insured, asked: Demande) -> list[NotComputed]:
    found = []
    if parent.nir is None:
        found.append(because("rubrique_justificatif", "numéro du parent"))
    if not asked.children:
        found.append(because("enfant_absent"))
    if not asked.signed:
        found.append(because("rubrique_justificatif", "signature du parent"))
    if asked.mode == "deux":
        if asked.other_nir is None or asked.other_nir == parent.nir:
            found.append(because("rubrique_justificatif", "numéro de l'autre parent"))
        if not asked.other_signed:
            found.append(because("rubrique_justificatif", "signature de l'autre parent"))
    return found


def _since(parent: Insured, child: Enfant, asked: Demande) -> date:
    if asked.since is not None:
        return asked.since
    if child.known is not None:
        return asked.received_on
    # not before the parent's own rights
    held = on_day(parent.affiliations, asked.received_on)
    return max(child.birth_date, held.period.start) if held is not None else child.birth_date


def _against(parent: Insured, child: Enfant, since: date) -> list[NotComputed]:
    found = []
    if since < child.birth_date:
        found.append(because("dates_justificatif", f"{child.named} est né le {_day(child.birth_date)}"))
    if since >= birthday(child.birth_date, MAJORITY):
        found.append(because("enfant_majeur", child.named))
    if child.known is not None and child.known.died_on is not None:
        found.append(because("assure_decede"))
    if parent.quality != ASSURE or on_day(parent.affiliations, since) is None:
        found.append(because("parent_non_assure", _day(since)))
    return found


def _attached(parent: Insured, child: Enfant, since: date, asked: Demande) -> Insured:
    """Until its eighteenth birthday. The former attachments are kept, ended where only one is asked for."""
    assert parent.nir is not None
    held = on_day(parent.affiliations, since)
    assert held is not None
    end = birthday(child.birth_date, MAJORITY)
    before = child.known or Insured(
        str(uuid4()), child.nir, child.birth_name, child.first_names, child.birth_date,
        birth_rank=child.rank, quality=CHILD, assure_nir=parent.nir, address=parent.address,
        affiliations=(Affiliation(Period(since), held.organisme),),
    )  # fmt: skip
    wanted = [parent.nir, asked.other_nir] if asked.mode == "deux" else [parent.nir]
    kept = history(before, since) if child.known else ()
    if asked.mode == "un":
        kept = (*(each for each in kept if each.nir == parent.nir),
                *cut([each for each in kept if each.nir != parent.nir], since))  # fmt: skip
    missing = [nir for nir in wanted if nir and not any(e.nir == nir and since in e.period for e in kept)]
    attached = (*kept, *(Rattachement(Period(since, end), nir) for nir in missing))
    if child.known and not missing and set(attached) == set(history(before, since)):
        return child.known
    holder = parent.nir if asked.mode == "un" else before.assure_nir
    return replace(before, rattachements=attached, assure_nir=holder)


def history(child: Insured, since: date) -> tuple[Rattachement, ...]:
    """Its attachments; of a dossier that only names an assuré, that one from the first affiliation on."""
    if child.rattachements or child.assure_nir is None or child.assure_nir == child.nir:
        return child.rattachements
    start = min((each.period.start for each in child.affiliations), default=child.birth_date)
    period = Period(min(start, since), birthday(child.birth_date, MAJORITY))
    return (Rattachement(period, child.assure_nir),)


def _changes(child: Enfant, after: Insured, since: date, asked: Demande, law: Law) -> list[Change]:
    article = BOTH if asked.mode == "deux" else ONE
    last = birthday(child.birth_date, MAJORITY) - timedelta(days=1)
    sentence = f"Ses frais de santé sont pris en charge comme ayant droit, jusqu'au {_day(last)}."
    made = [] if child.known else [
        Change("dossier", "Nouveau dossier", None, child.named, since, ONE,
               f"Un dossier est ouvert à l'organisme {after.affiliations[0].organisme}.", child.named)
    ]  # fmt: skip
    was = None
    if child.known is not None:
        count = len({each.nir for each in history(child.known, since) if since in each.period})
        was = "à ses deux parents" if count > 1 else "à un parent" if count else None
    now = "à ses deux parents" if asked.mode == "deux" else "à ce parent seul"
    return [*made, Change("rattachement", "Rattachement", was, now, since, article, sentence, child.named)]


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
