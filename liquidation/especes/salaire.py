"""From pays to a daily amount: the pays that count, their cap, the divisor, the last cent."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from domain.claim import TraceLine
from domain.money import CENT, Money, in_french, to_the_cent
from law import Law, Value
from law.dates import add_months
from liquidation.especes.reconstitue import whole_months
from liquidation.especes.types import Attestation, Missing, Pay
from liquidation.traces import cite, note

MONTHS = 3
YEAR = 12

__all__ = ["Missing"]


def month_before(day: date) -> date:
    """The last day of the civil month before."""
    return day.replace(day=1) - timedelta(days=1)


def months_before(day: date, count: int) -> list[date]:
    """First days of the civil months before that of `day`, the oldest first."""
    first = day.replace(day=1)
    return [add_months(first, -n) for n in range(count, 0, -1)]


def capped_sum(attestation: Attestation, since: date, count: int, cap: Decimal) -> Decimal:
    """The sum of the pays of the `count` months before, each within the cap. Raises Missing.

    A month that was not worked whole counts as its revenu reconstitué (R323-8)."""
    wanted = months_before(since, count)
    told = {pay.month for pay in attestation.pays}
    if absent := [month for month in wanted if month not in told]:
        raise Missing("paie_absente", ", ".join(f"{month:%m/%Y}" for month in absent))
    by_month = whole_months(attestation, wanted)
    return sum((min(by_month[month], cap) for month in wanted), Decimal(0))


def last_pays(attestation: Attestation, since: date, count: int) -> Sequence[Pay]:
    """The `count` last pays of a week or of a fortnight, of the months before. Raises Missing."""
    before = [pay for pay in attestation.pays if pay.month <= month_before(since)]
    before.sort(key=_day)
    if len(before) < count:
        raise Missing("paie_absente", f"{count} semaines ou quinzaines")
    return before[-count:]


def _day(pay: Pay) -> date:
    return pay.month


def last_cent(amount: Decimal, day: date, law: Law) -> tuple[Money, TraceLine]:
    """The cent, as the named rule of the day says, contested as it is."""
    rule = law.value("ij_maladie.arrondi", day)
    rounded = amount.quantize(CENT, ROUND_DOWN) if rule.text == "tronque" else to_the_cent(amount)
    return rounded, cite("CSS R323-5", "Dernier centime de l'indemnité.", rule, rounded)


def maladie(attestation: Attestation, since: date, law: Law) -> tuple[Money, list[TraceLine]]:
    """The daily indemnity of a stop that began on `since` (R323-4, R323-5, R323-9)."""
    before = month_before(since)
    smic = law.value("smic.mensuel", before)
    times = law.value("ij_maladie.plafond", since)
    cap = smic.number * times.number
    trace = [
        cite("CSS R323-4 al. 5", f"SMIC mensuel du {before:%d/%m/%Y}.", smic, to_the_cent(smic.number)),
        cite("CSS R323-4 al. 5", "Plafond du revenu d'un mois.", times, to_the_cent(cap)),
    ]
    total, divisor, article, told = basis(attestation, since, cap, law)
    daily = total / divisor.number
    sentence = f"Revenu journalier : {in_french(to_the_cent(total))} de {told}, divisés par {divisor.shown}."
    trace.append(cite(article, sentence, divisor, to_the_cent(daily)))
    part = law.value("ij_maladie.fraction", since)
    amount = daily * part.number
    trace.append(cite("CSS R323-5", "Indemnité : la moitié de ce revenu.", part))
    ceiling = cap * YEAR / 730
    if amount > ceiling:
        amount = ceiling
        trace.append(note("CSS R323-9", "Limitée au sept cent trentième du plafond annuel."))
    rounded, line = last_cent(amount, since, law)
    return rounded, [*trace, line]


def basis(attestation: Attestation, since: date, cap: Decimal, law: Law) -> tuple[Decimal, Value, str, str]:
    """(sum of the pays that count, divisor, article, what they are)."""
    if attestation.discontinuous:
        total = capped_sum(attestation, since, YEAR, cap)
        return total, law.value("ij_maladie.diviseur_annuel", since), "CSS R323-4 3°", f"{YEAR} mois"
    if attestation.frequency == "mois":
        total = capped_sum(attestation, since, MONTHS, cap)
        return total, law.value("ij_maladie.diviseur_mensuel", since), "CSS R323-4 1°", f"{MONTHS} mois"
    count = int(law.value(f"ij_maladie.paies_{attestation.frequency}", since).number)
    weeks = law.value("ij_maladie.semaines_par_an", since).number
    each = cap * YEAR / weeks * (1 if attestation.frequency == "semaine" else 2)
    total = sum((min(pay.gross, each) for pay in last_pays(attestation, since, count)), Decimal(0))
    divisor = law.value("ij_maladie.diviseur_quinzaine", since)
    return total, divisor, "CSS R323-4 2°", f"{count} paies"
