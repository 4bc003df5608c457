"""What the API says and takes of lots."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from api.problems import ProblemDocument
from api.schema_base import Asked, Said, Sha256
from ingest.lots import MOST_IMAGES


class SheetReceipt(Said):
    sha256: Sha256
    receipt: str
    received_at: datetime


class Balance(Said):
    documents: int
    separators: int
    blanks: int
    rejected: int
    duplicates: int


class LotIn(Asked):
    declared_images: int = Field(ge=1, le=MOST_IMAGES)
    duplex: bool = False


class SettlementIn(Asked):
    reason: str = Field(min_length=1, max_length=500)


class Settlement(Said):
    by: str
    at: datetime
    reason: str


class LotCreated(Said):
    id: str


class LotOut(Said):
    id: str
    status: Literal["ouvert", "clos", "equilibre", "desequilibre"]
    declared_images: int
    received: int
    balance: Balance
    documents: list[str]
    settlement: Settlement | None


class LotLine(Said):
    id: str
    status: str
    declared_images: int
    received: int
    opened: str
    balance: Balance
    balance_sentence: str


class Missing(ProblemDocument):
    """A lot that cannot close yet."""

    missing: list[dict[str, Any]] = Field(default_factory=list)
