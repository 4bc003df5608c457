"""A field in words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldLabel:
    name: str
    section: str
    label: str
