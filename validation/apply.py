"""What a person's answer makes of a reading."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.errors import Refused
from domain.reading import FieldReading, Status, Value
from validation.normalise import normalise
from validation.sheets import Entry, entry_of

SURE = 1.0


def apply(
    fields: Mapping[str, FieldReading],
    decision: Mapping[str, Value],
    order: Sequence[Entry] = (),
) -> dict[str, FieldReading]:
    """The fields after a person has looked: all of them sure.

    `decision`: the values that were typed, None where the paper is blank. A field that is not named
    is confirmed as it was shown. `order`: of a sheet that was keyed whole; its fields that were not
    typed are blank. Raises Refused("champ_inconnu"), Refused("valeur_invalide")."""
    kept = {entry.name: _typed(None, _blank(entry)) for entry in order}
    kept |= {name: _confirmed(name, field) for name, field in fields.items()}
    for name, typed in decision.items():
        entry = entry_of(name)
        if entry is None and name not in fields:
            raise Refused("champ_inconnu", field=_shown(name))
        if entry is not None:
            value = normalise(name, entry.kind, typed)
        elif isinstance(typed, bool) or isinstance(fields[name].value, bool):
            value = normalise(name, "tick", typed)
        else:
            value = normalise(name, "block", typed)
        kept[name] = _typed(fields.get(name), value)
    return kept


def _blank(entry: Entry | None) -> Value:
    return False if entry is not None and entry.kind in ("tick", "signature") else None


def _confirmed(name: str, field: FieldReading) -> FieldReading:
    return _typed(field, _blank(entry_of(name)) if field.value in ("", None) else field.value)


def _typed(field: FieldReading | None, value: Value) -> FieldReading:
    before = field or FieldReading(value=None, status="empty", probability=SURE)
    status: Status = "empty" if value is None else "accepted"
    return replace(
        before,
        value=value,
        status=status,
        probability=SURE,
        alternatives=(),
        cells=(),
    )


def _shown(name: str) -> str:
    """A name that is ours to repeat: a caller's free text could carry anything."""
    return name if name.isidentifier() and len(name) <= 60 else "?"


def differences(first: Mapping[str, FieldReading], second: Mapping[str, FieldReading]) -> tuple[str, ...]:
    """The names of the fields that two persons keyed differently; spaces and case do not count."""
    return tuple(
        name for name in dict.fromkeys((*first, *second)) if _said(first.get(name)) != _said(second.get(name))
    )


def _said(field: FieldReading | None) -> Value:
    if field is None or field.value in ("", None, False):
        return None
    return field.value if isinstance(field.value, bool) else " ".join(field.value.upper().split())
