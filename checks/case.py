"""All that the rules may look at, and how a field is asked what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from domain.claim import Claim, PaidAct, Rights
from domain.money import Money, euros
from domain.people import Insured, Practitioner
from domain.reading import FieldReading
from dossiers import Identification
from law import Law

LINES = (1, 2, 3, 4)
"""The lines of acts of the form."""

FEUILLE = "feuille_soins_medecin"
KEYED_APART = frozenset(
    (
        "avis_arret_travail",
        "attestation_salaire",
        "demande_capital_deces",
        "declaration_medecin_traitant",
        "declaration_accident_travail",
        "rib",
        "changement_situation",
        "demande_ouverture_droits",
        "rattachement_enfant",
        "protocole_soins",
        "demande_c2s",
        "titre_sejour",
    )
)
"""Types that an agent keys by a form of their own: their rubriques are judged where they are liquidated."""


def is_judged(document_type: str) -> bool:
    """Whether the paper says who it is about and what is asked, on a form of ours. An invoice, a devis, a
    page that nobody has named yet are no feuille that lacks its rubriques."""
    return document_type == FEUILLE or document_type in KEYED_APART


@dataclass(frozen=True, slots=True)
class Case:
    """One sheet before its checks.

    `identification`: None where a person has designated the insured. `rights_by_day`: of the insured,
    for each day of care. `same_acts`: acts of the same insured, decided or in flight, other documents'.
    `same_bytes_elsewhere`: another sender has deposited the same file. `today`: the civil day.
    """

    fields: Mapping[str, FieldReading]
    law: Law
    received_on: date
    today: date
    reading_type: str = FEUILLE
    identification: Identification | None = None
    insured: Insured | None = None
    practitioner: Practitioner | None = None
    rights_by_day: Mapping[date, Rights] = field(default_factory=dict)
    claim: Claim | None = None
    same_acts: tuple[PaidAct, ...] = ()
    same_bytes_elsewhere: bool = False

    def days_of_care(self) -> tuple[tuple[int, date], ...]:
        """(line, day) of each line of acts with a date, as read."""
        return dated_lines(self.fields)


def dated_lines(fields: Mapping[str, FieldReading]) -> tuple[tuple[int, date], ...]:
    """(line, day) of each line of acts with a date."""
    found = ((line, day_of(fields, f"acte{line}_date")) for line in LINES)
    return tuple((line, day) for line, day in found if day is not None)


def days_of_care(fields: Mapping[str, FieldReading]) -> tuple[date, ...]:
    """The days on which rights must be open, each once, in order."""
    return tuple(sorted({day for _, day in dated_lines(fields)}))


def text_of(fields: Mapping[str, FieldReading], name: str) -> str:
    """The text of a field without spaces at its ends; '' where it is blank, unread or a tick."""
    found = fields.get(name)
    return found.value.strip() if found is not None and isinstance(found.value, str) else ""


def ticked(fields: Mapping[str, FieldReading], name: str) -> bool:
    """Whether a box is ticked, or a signature there."""
    found = fields.get(name)
    return found is not None and found.value is True


def day_of(fields: Mapping[str, FieldReading], name: str) -> date | None:
    """The day of a field, or None where it is blank or no day of the calendar."""
    try:
        return date.fromisoformat(text_of(fields, name))
    except ValueError:
        return None


def amount_of(fields: Mapping[str, FieldReading], name: str) -> Money | None:
    """The amount of a field in euros, or None where it is blank or no amount."""
    text = text_of(fields, name)
    try:
        return euros(text.replace(",", ".")) if text else None
    except ValueError:
        return None


def filled(fields: Mapping[str, FieldReading], name: str) -> bool:
    """Whether something was read there: a text, a tick, a signature."""
    return bool(text_of(fields, name)) or ticked(fields, name)


def doubtful(fields: Mapping[str, FieldReading], *names: str) -> bool:
    """Whether one of these readings waits for a person: what rests on it is no proof."""
    return any(name in fields and fields[name].status == "review" for name in names)


def line_fields(line: int) -> tuple[str, ...]:
    """The names of the fields of one line of acts, in the form's order."""
    return tuple(f"acte{line}_{part}" for part in LINE_PARTS)


LINE_PARTS = (
    "date",
    "code",
    "activite",
    "c_v",
    "autres_actes_1",
    "autres_actes_2",
    "honoraires",
    "depassement",
    "deplacement_id_md",
    "ik_nombre",
    "ik_montant",
)


def line_in_use(fields: Mapping[str, FieldReading], line: int) -> bool:
    """Whether anything stands on a line of acts."""
    return any(filled(fields, name) for name in line_fields(line))
