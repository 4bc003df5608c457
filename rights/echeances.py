"""Civil dates that the code gives from another date: when a right ends, when an action is prescribed."""

from datetime import date, timedelta

from domain.claim import TraceLine
from law import Law, Value
from law.dates import add_months


def _told(article: str, sentence: str, value: Value) -> TraceLine:
    return TraceLine(
        article,
        sentence,
        value.parameter,
        value.shown,
        value.since,
        None,
        value.certainty,
        value.is_contested,
    )


def last_day_after_titre(expired_on: date, law: Law, *, removal: bool = False) -> tuple[date, TraceLine]:
    """The last day of rights after a titre de séjour that expired on `expired_on` (R111-4).

    The end of the sixth civil month that follows; of the second where a measure of removal is final
    (`removal`). Rights may end before for other reasons (residence, another legislation, fraud)."""
    name = "delais.titre_sejour_eloignement" if removal else "delais.titre_sejour"
    months = law.value(name, expired_on)
    last = add_months(expired_on.replace(day=1), int(months.number) + 1) - timedelta(days=1)
    article = "CSS R111-4 4°" if removal else "CSS R111-4"
    sentence = f"Titre expiré le {expired_on:%d/%m/%Y} : droits maintenus jusqu'au {last:%d/%m/%Y}."
    return last, _told(article, sentence, months)


def next_quarter(day: date) -> date:
    """The first day of the civil quarter after that of `day`."""
    return add_months(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), 3)


def prescribed_on(care_day: date, law: Law, *, cash: bool = False) -> tuple[date, TraceLine]:
    """The first day on which the action for a prestation is prescribed (L160-11; L332-1 in cash)."""
    name, article = (
        ("delais.prescription_especes", "CSS L332-1") if cash else ("delais.prescription_nature", "CSS L160-11")
    )
    years = law.value(name, care_day)
    start = next_quarter(care_day)
    end = add_months(start, 12 * int(years.number))
    sentence = f"{years.shown} du {start:%d/%m/%Y}, trimestre suivant : prescrit le {end:%d/%m/%Y}."
    return end, _told(article, sentence, years)


def kept_cash_rights_until(ended_on: date, law: Law) -> tuple[date, TraceLine]:
    """The last day of cash rights kept after their conditions ended on `ended_on` (L161-8, R161-3)."""
    months = law.value("delais.maintien_especes", ended_on)
    last = add_months(ended_on, int(months.number))
    sentence = f"Droit aux prestations en espèces maintenu jusqu'au {last:%d/%m/%Y}."
    return last, _told("CSS L161-8 ; R161-3", sentence, months)
