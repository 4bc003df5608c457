"""What the text of a modifier asks beyond its letter: whose act, how old a patient, which day (CCAM, 19.03).

What no sheet tells (the hour, the block, the open fracture) is taken as the practitioner wrote it; so is
the Sunday or holiday of F, which is not always that of the metropole.
"""

from collections.abc import Callable

from domain.claim import Act, Claim, Rights
from law import Law
from law.groups import GENERALISTES, MODIFICATEURS, PEDIATRES

SURGERY, ANESTHESIA = "1", "4"
_OF_THE_ANESTHESIA = frozenset("A34578")
_OF_THE_ACT = frozenset("JKTRL6BDEYZN9")
"""The others are written on either fee."""
_OWN_NIGHT = (*GENERALISTES, *PEDIATRES, "21")
"""They have P and S for the night (19.03.01)."""
_RADIOLOGUE, _RADIOGRAPHIES = "06", ("06", "13", "14")
"""Radiologists; and with them pneumologists and rhumatologists."""

Test = Callable[[Act, Claim, Rights], bool]
_ASKED: dict[str, Test] = {
    "U": lambda act, claim, held: claim.practitioner_specialty not in _OWN_NIGHT,
    "S": lambda act, claim, held: "dentiste" not in MODIFICATEURS.get(claim.practitioner_specialty, ()),
    "Y": lambda act, claim, held: claim.practitioner_specialty in _RADIOGRAPHIES,
    "Z": lambda act, claim, held: claim.practitioner_specialty == _RADIOLOGUE,
    "K": lambda act, claim, held: "anesthesie" not in MODIFICATEURS.get(claim.practitioner_specialty, ()),
}
_ASKED["T"] = _ASKED["K"]
_APART = (frozenset("YZ"), frozenset("KT"), frozenset("45"))
"""Never together: «ne peut pas être facturé avec»; of two sectors; with and without a catheter."""


EITHER = "A"
"""Of the very young or of the old; the others are between two ages."""


def doubtful(letters: str, activity: str, act: Act, claim: Claim, held: Rights, law: Law) -> str | None:
    """The first letters that the sheet itself belies, or None."""
    for letter in letters:
        own = letter in _OF_THE_ANESTHESIA if activity == ANESTHESIA else letter in _OF_THE_ACT
        elsewhere = letter in _OF_THE_ANESTHESIA | _OF_THE_ACT and not own
        asked = _ASKED.get(letter)
        if elsewhere or (asked and not asked(act, claim, held)) or not _of_age(letter, act, held, law):
            return letter
    return next(
        ("".join(sorted(pair)) for pair in _APART if pair <= set(letters)),
        None,
    )


def _of_age(letter: str, act: Act, held: Rights, law: Law) -> bool:
    """Whether the patient is of the age that the letter is for."""
    names = {limit: f"{limit}.modificateur_{letter}" for limit in ("age_des", "age_avant")}
    kept = {limit: law.value(name, act.day).number for limit, name in names.items() if name in law.parameters}
    old = "age_des" not in kept or held.age >= kept["age_des"]
    young = "age_avant" not in kept or held.age < kept["age_avant"]
    return old or young if letter == EITHER else old and young
