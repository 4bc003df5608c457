"""Which task comes first, and which answers are looked at again."""

import hashlib
from datetime import date, datetime, timedelta

DAYS_TO_PAY = 15
"""CSS R362-1: benefits are paid within fifteen days of the receipt of the feuille de soins."""


def deadline(received_on: date) -> date:
    """The last day to pay."""
    return received_on + timedelta(days=DAYS_TO_PAY)


def days_left(received_on: date, today: date) -> int:
    """Days until the deadline; negative once it has passed."""
    return (deadline(received_on) - today).days


def priority(received_on: date, received_at: datetime, document_id: str) -> tuple[date, datetime, str]:
    """The key by which tasks are taken: oldest receipt first; the id settles what is left, so that
    two workers see one order."""
    return received_on, received_at, document_id


def sampled(document_id: str, share: float, purpose: str = "qualite") -> bool:
    """Whether a document falls into the sample of `share` (0 to 1) that is looked at again.

    By hash: the same document always does or never does, whoever asks and whenever; a larger share
    holds all of a smaller one; another purpose draws another sample."""
    if not 0.0 <= share <= 1.0:
        raise ValueError("a share lies between 0 and 1")
    digest = hashlib.sha256(f"{purpose}:{document_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64
