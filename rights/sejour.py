"""A titre de séjour, and the six months for which rights outlive it (R111-3, R111-4)."""

from dataclasses import replace
from datetime import date, timedelta

from domain.claim import TraceLine
from domain.people import Insured, TitreSejour
from domain.period import Period
from law import Law, NotCovered
from rights.echeances import last_day_after_titre
from rights.propositions import Change, Proposal, because, common, refusal

ARTICLE = "CSS R111-3 ; R111-4"


def last_day(insured: Insured, day: date, law: Law) -> tuple[date | None, TraceLine | None]:
    """The last day of rights by the titre that ends last of those begun by `day`; (None, None) where none was
    ever asked for, or one has no end. Raises NotCovered where it expired before the text."""
    begun = [each for each in insured.titres if each.period.start <= day]
    if not begun or any(each.period.end is None for each in begun):
        return None, None
    last = max(begun, key=lambda each: each.period.end or date.max)
    assert last.period.end is not None
    return last_day_after_titre(last.period.end - timedelta(days=1), law, removal=last.removal)


def titre(
    insured: Insured, start: date, expires_on: date, today: date, law: Law, *, removal: bool = False
) -> Proposal:
    """The titre, valid from `start` to `expires_on` inclusive. `removal`: a measure of removal is final."""
    reasons = common(insured, start, today, ahead=True)
    if expires_on < start:
        reasons.append(because("dates_justificatif", f"du {start:%d/%m/%Y} au {expires_on:%d/%m/%Y}"))
    if reasons:
        return refusal(insured, *reasons)
    made = TitreSejour(Period(start, expires_on + timedelta(days=1)), removal)
    if made in insured.titres:
        return Proposal(insured)
    held = max(insured.titres, key=lambda each: each.period.end or date.max, default=None)
    others = tuple(each for each in insured.titres if each.period != made.period)
    after = replace(insured, titres=tuple(sorted((*others, made), key=lambda each: each.period)))
    try:
        until, _ = last_day_after_titre(expires_on, law, removal=removal)
        kept = f"Droits maintenus jusqu'au {until:%d/%m/%Y}, sauf autre cause de fermeture."
    except NotCovered:
        kept = "La durée du maintien après son expiration n'est pas connue pour cette date."
    new = f"du {start:%d/%m/%Y} au {expires_on:%d/%m/%Y}" + (", éloignement définitif" if removal else "")
    old = f"jusqu'au {held.period.end - timedelta(days=1):%d/%m/%Y}" if held and held.period.end else None
    # a measure of removal shortens what follows the titre; a titre lengthens what followed the former one
    effect = expires_on + timedelta(days=1) if removal else start
    change = Change("titre", "Titre de séjour", old, new, effect, ARTICLE, kept)
    return Proposal(after, (change,))
