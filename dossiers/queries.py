"""What to look up so that the right person is among the candidates, whatever was misread."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from domain.reading import FieldReading
from dossiers.names import PARTICLES, sound, words
from dossiers.numbers import key_or_none
from dossiers.strings import best_strings

HEAD = 7
"""A NIR is looked up whole, and by its first seven and last six characters: one wrong character
leaves one of the two halves right."""


@dataclass(frozen=True, slots=True)
class Queries:
    """`nirs`: whole numbers, as own number or as the assuré's. `nir_heads`, `nir_tails`: halves, for
    when no whole number is known. `birth_dates`: days, which a million persons share by about
    thirty. `names`: words in capitals; `sounds`: their keys (names.sound), for a surname and a first
    name together."""

    nirs: tuple[str, ...] = ()
    nir_heads: tuple[str, ...] = ()
    nir_tails: tuple[str, ...] = ()
    birth_dates: tuple[date, ...] = ()
    names: tuple[str, ...] = ()
    sounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PractitionerQueries:
    rpps: tuple[str, ...] = ()
    am_numbers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def queries(fields: Mapping[str, FieldReading]) -> Queries:
    """What to ask of the base for the beneficiary and the assuré of a sheet."""
    read = [
        text
        for name in ("beneficiaire_nir", "assure_nir")
        for text in best_strings(fields.get(name))
        if len(text) == 13
    ]
    names = tuple(dict.fromkeys(_words_of(fields, "beneficiaire_nom_prenom")))
    return Queries(
        nirs=_unique(text for text in read if key_or_none(text)),
        nir_heads=_unique(text[:HEAD] for text in read),
        nir_tails=_unique(text[HEAD:] for text in read),
        birth_dates=_birth_dates(fields),
        names=names,
        sounds=_unique(sound(word) for word in names),
    )


def practitioner_queries(fields: Mapping[str, FieldReading]) -> PractitionerQueries:
    """What to ask of the table of practitioners."""
    return PractitionerQueries(
        rpps=best_strings(fields.get("medecin_rpps")),
        am_numbers=best_strings(fields.get("medecin_am")),
        names=tuple(dict.fromkeys(_words_of(fields, "medecin_tampon"))),
    )


def _words_of(fields: Mapping[str, FieldReading], name: str) -> list[str]:
    field = fields.get(name)
    if field is None or not isinstance(field.value, str):
        return []
    texts = [field.value, *(each.value for each in field.alternatives)]
    return [
        word
        for text in texts[:3]
        for word in words(text)
        if len(word) > 2 and word not in PARTICLES and not word.isdigit()
    ]


def _birth_dates(fields: Mapping[str, FieldReading]) -> tuple[date, ...]:
    found: dict[date, None] = {}
    for text in best_strings(fields.get("beneficiaire_date_naissance")):
        for form in (text, f"{text[4:8]}-{text[2:4]}-{text[:2]}" if len(text) == 8 else text):
            try:
                found[date.fromisoformat(form)] = None
            except ValueError:
                continue  # a lunar date, or a misread one: the other keys find the person
    return tuple(found)


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
