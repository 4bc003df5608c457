"""How long things are locked: docs/adr/0002-retention-and-erasure.md says why."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

from store.settings import Settings

_ACCESS_YEARS = 4  # after the current civil year: décret 2015-390, art. 4
_AT_LEAST = timedelta(days=1)


def months_after(moment: datetime, months: int) -> datetime:
    """The same day of the month and hour, or the month's last day."""
    years, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + years, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def document_lock(settings: Settings, start: datetime, now: datetime) -> datetime:
    """Until when a document received (or paid) at `start` is locked. Whole seconds, UTC: what S3 keeps.

    Whole months end with the month, so that a payment within the month of the reception asks for no
    other lock. In trials a lock of minutes counts from `now`: a specimen may say that it was received
    last year."""
    if settings.retention_minutes is not None:
        until = now + timedelta(minutes=settings.retention_minutes)
    else:
        until = max(_next_month(months_after(start, settings.retention_months)), now + _AT_LEAST)
    return _whole(until)


def seal_lock(settings: Settings, now: datetime) -> datetime:
    """A seal holds access events, and proves documents: the longer of the two."""
    if settings.retention_minutes is not None:
        return _whole(now + timedelta(minutes=settings.retention_minutes))
    logs = datetime(now.year + _ACCESS_YEARS + 1, 1, 1, tzinfo=UTC)
    return _whole(max(logs, months_after(now, settings.retention_months)))


def _next_month(moment: datetime) -> datetime:
    first = moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return months_after(first, 1)


def _whole(moment: datetime) -> datetime:
    up = timedelta(seconds=1) if moment.microsecond else timedelta()
    return moment.astimezone(UTC).replace(microsecond=0) + up
