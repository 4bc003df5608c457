"""What is put before a person: the doubtful fields, those that a rule names, or the whole sheet."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from domain.findings import Finding, Severity
from domain.reading import FieldReading
from validation.sheets import S3110J, Entry, Kind

Mark = Literal["a_verifier", "doute", "sur", "vide"]
"""A rule asks about it; the reader doubts; read for sure; blank for sure."""

BLANK = FieldReading(value=None, status="empty", probability=1.0)
_FIRST: Sequence[Mark] = ("a_verifier", "doute", "sur", "vide")


@dataclass(frozen=True, slots=True)
class Shown:
    """One field on the screen. `findings`: those that name it."""

    name: str
    kind: Kind
    field: FieldReading
    mark: Mark
    findings: tuple[Finding, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether a person must look at it."""
        return self.mark in ("a_verifier", "doute")


def keyed_whole(fields: Mapping[str, FieldReading]) -> bool:
    """Whether nothing was read, so that the sheet is keyed from top to bottom."""
    return not any(isinstance(field.value, str) and field.value for field in fields.values())


def fields_to_show(
    fields: Mapping[str, FieldReading],
    findings: Iterable[Finding] = (),
    order: Sequence[Entry] = S3110J,
    doubtful_first: bool = False,
    answered: Collection[str] = (),
) -> tuple[Shown, ...]:
    """The fields of the screen, in the form's order with marks, or the doubtful ones before.

    `answered`: fields whose doubt asks nobody, since the dossiers say who it is.

    Blank fields that nothing asks about are left out, but for a sheet to be keyed whole: then every
    field of the form is there, to be filled."""
    said = tuple(findings)
    known = {entry.name for entry in order}
    entries = [*order, *(Entry(name, _kind(each)) for name, each in fields.items() if name not in known)]
    whole = keyed_whole(fields)
    shown = [
        each
        for entry in entries
        if (each := _shown(entry, fields.get(entry.name), said, whole, entry.name in answered)) is not None
    ]
    if doubtful_first and not whole:
        shown.sort(key=lambda each: _FIRST.index(each.mark))
    return tuple(shown)


def _kind(field: FieldReading) -> Kind:
    return "tick" if isinstance(field.value, bool) else "block"


def _shown(
    entry: Entry, field: FieldReading | None, findings: tuple[Finding, ...], whole: bool, answered: bool
) -> Shown | None:
    about = tuple(each for each in findings if each.field == entry.name)
    reading = field or BLANK
    blank = reading.value in (None, "", False)
    mark: Mark = "vide" if blank else "sur"
    if whole or (reading.status == "review" and not answered):
        mark = "doute"
    if any(each.severity is not Severity.INFORMATION for each in about):
        mark = "a_verifier"
    if mark == "vide" and not about:
        return None
    return Shown(entry.name, entry.kind, reading, mark, about)
