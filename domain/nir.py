"""The numéro d'inscription au répertoire (NIR): 13 characters and a key of two digits.

Layout: sexe 1, année 2, mois 2, département 2 (3 overseas), commune 3 (2 overseas), ordre 3.
Key = 97 - (number mod 97), with 2A read as 19 and 2B as 18 (decree 82-103, service-public F33078).
"""

import re
from dataclasses import dataclass

_BODY = re.compile(r"[1-8]\d{4}(?:\d{2}|2[AB])\d{6}", re.ASCII)
_CORSICA = {"2A": "19", "2B": "18"}


def _digits(body: str) -> str:
    return body[:5] + _CORSICA.get(body[5:7], body[5:7]) + body[7:]


def key_of(body: str) -> str:
    """The two-digit key of 13 characters. Raises ValueError where they are no NIR."""
    if not _BODY.fullmatch(body):
        raise ValueError("un NIR a treize caractères : chiffres, ou 2A et 2B pour la Corse")
    return f"{97 - int(_digits(body)) % 97:02d}"


@dataclass(frozen=True, slots=True)
class Nir:
    """A well-formed number, without its key."""

    body: str

    def __post_init__(self) -> None:
        key_of(self.body)

    @property
    def key(self) -> str:
        return key_of(self.body)

    @property
    def is_provisional(self) -> bool:
        """First digit 3, 4 (numéro d'attente), 5, 6 (migrant), 7 or 8 (provisoire): table IR_NIR_V."""
        return self.body[0] not in "12"

    @property
    def month_is_fictive(self) -> bool:
        """Months 20 to 42 and 50 to 99 stand for an incomplete état civil: flagged, never refused."""
        return not 1 <= int(self.body[3:5]) <= 12

    def agrees_with(self, year: int, month: int) -> bool:
        """Whether a birth in that year and month is compatible with the number."""
        return int(self.body[1:3]) == year % 100 and (self.month_is_fictive or int(self.body[3:5]) == month)

    def masked(self) -> str:
        """For screens that must not show it: the first digit and the last two characters."""
        return f"{self.body[0]}{'•' * 10}{self.body[-2:]}"
