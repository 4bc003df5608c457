"""What a check says of a document, for a person to read."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    INFORMATION = "information"  # said, asks nothing
    A_VERIFIER = "a_verifier"  # a person must look
    REFUS_PROPOSE = "refus_propose"  # a person should refuse, and decides


@dataclass(frozen=True, slots=True)
class Finding:
    """`code`: stable, published in docs/errors.md. `message`: a French sentence. `article`: the text
    it rests on (`CSS R161-42 1°`), or None. `field`: the name of the field it speaks of, or None."""

    code: str
    severity: Severity
    message: str
    field: str | None = None
    article: str | None = None
