"""From pays to a daily amount: the months that count, their cap, the divisor, the last cent."""

from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from domain.claim import TraceLine
from domain.money import CENT, Money, in_french, to_the_cent
from law import Law
from law.dates import add_months
from liquidation.especes.types import Attestation
from liquidation.traces import cite, note

MONTHS = 3
YEAR = 12


class Missing(Exception):
    """What the attestation does not tell and the text needs, as a French sentence."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        self.detail = detail
        super().__init__(detail)


def month_before(day: date) -> date:
    """The last day of the civil month before."""
    return day.replace(day=1) - timedelta(days=1)


def months_before(day: date, count: int) -> list[date]:
    """First days of the civil months before that of `day`, the oldest first."""
    first = day.replace(day=1)
    return [add_months(first, -n) for n in range(count, 0, -1)]


def capped_sum(attestation: Attestation, since: date, count: int, cap: Decimal) -> Decimal:
    """The sum of the pays of the `count` months before, each within the cap. Raises Missing."""
    wanted = months_before(since, count)
    by_month: dict[date, Decimal] = {}
    for pay in attestation.pays:
        by_month[pay.month] = by_month.get(pay.month, Decimal(0)) + pay.gross
    absent = [month for month in wanted if month not in by_month]
    if absent:
        names = ", ".join(f"{month:%m/%Y}" for month in absent)
        raise Missing("paie_absente", names)
    return sum((min(by_month[month], cap) for month in wanted), Decimal(0))


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
    name, count, article = (
        ("ij_maladie.diviseur_annuel", YEAR, "CSS R323-4 3°")
        if attestation.discontinuous
        else ("ij_maladie.diviseur_mensuel", MONTHS, "CSS R323-4 1°")
    )
    total = capped_sum(attestation, since, count, cap)
    divisor = law.value(name, since)
    daily = total / divisor.number
    sentence = f"Revenu journalier : {in_french(to_the_cent(total))} de {count} mois, divisés."
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
