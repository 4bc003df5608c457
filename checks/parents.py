"""Which of two parents asks for a child's care: he whom the sheet names as the assuré (R161-8 al. 1).

A child is attached to one parent or to both, who may live apart: what is paid to the wrong one is lost to the
other. Where the sheet names neither, a person says who; nobody is chosen.
"""

from collections.abc import Mapping

from checks.case import days_of_care, text_of
from domain.people import Insured
from domain.reading import FieldReading

Fields = Mapping[str, FieldReading]
FIELD = "assure_nir"
OF_THE_CHILD = "beneficiaire_nir"
"""Of a child without a number of its own the sheet has its parent's there (R161-42 1° b)."""


def attached(fields: Fields, insured: Insured) -> frozenset[str]:
    """The numbers of those to whom the child was attached on every day of the sheet."""
    held = [insured.attached_to(day) for day in days_of_care(fields)]
    return frozenset.intersection(*held) if held else frozenset()


def asking(fields: Fields, insured: Insured) -> str | None:
    """The number of the parent who asks, where the child is attached to two, or to another than the dossier's
    one; None where the dossier alone says it, or where nothing does: `to_be_named`."""
    parents = attached(fields, insured)
    if len(parents) > 1:
        number = _named(fields)
        return number if number in parents else None
    return next((number for number in parents if number != insured.assure_nir), None)


def to_be_named(fields: Fields, insured: Insured) -> bool:
    """Attached to two, of whom the sheet names neither; or not to the same on all its days."""
    parents = attached(fields, insured)
    ever = frozenset[str]().union(*(insured.attached_to(day) for day in days_of_care(fields)))
    return len(ever) > 1 and _named(fields) not in parents


def _named(fields: Fields) -> str:
    return (text_of(fields, FIELD) or text_of(fields, OF_THE_CHILD)).upper()
