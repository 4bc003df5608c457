"""The two clocks: the machine's, and the civil day of law."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from store.settings import Settings

PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """The machine's clock, aware, UTC: leases, locks, tokens, seals, `received_at`."""
    return datetime.now(UTC)


def today(settings: Settings) -> date:
    """The civil day of law, dossiers, deadlines and `received_on`."""
    return settings.today or datetime.now(PARIS).date()
