"""What the text of a modifier asks beyond its letter: whose act, how old a patient, which day (CCAM, 19.03).

What no sheet tells (the hour, the block, the open fracture) is taken as the practitioner wrote it; so is
the Sunday or holiday of F, which is not always that of the metropole.
"""

from collections.abc import Callable

from domain.claim import Act, Claim, Rights
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
    "A": lambda act, claim, held: not 4 <= held.age < 80,
    "E": lambda act, claim, held: held.age < 5,
    "G": lambda act, claim, held: held.age < 3,
    "N": lambda act, claim, held: held.age < 13,
    "9": lambda act, claim, held: 1 <= held.age <= 26,
    "U": lambda act, claim, held: claim.practitioner_specialty not in _OWN_NIGHT,
    "S": lambda act, claim, held: "dentiste" not in MODIFICATEURS.get(claim.practitioner_specialty, ()),
    "Y": lambda act, claim, held: claim.practitioner_specialty in _RADIOGRAPHIES,
    "Z": lambda act, claim, held: claim.practitioner_specialty == _RADIOLOGUE,
    "K": lambda act, claim, held: "anesthesie" not in MODIFICATEURS.get(claim.practitioner_specialty, ()),
}
_ASKED["T"] = _ASKED["K"]
_APART = (frozenset("YZ"), frozenset("KT"), frozenset("45"))
"""Never together: «ne peut pas être facturé avec»; of two sectors; with and without a catheter."""


def doubtful(letters: str, activity: str, act: Act, claim: Claim, held: Rights) -> str | None:
    """The first letters that the sheet itself belies, or None."""
    for letter in letters:
        own = letter in _OF_THE_ANESTHESIA if activity == ANESTHESIA else letter in _OF_THE_ACT
        elsewhere = letter in _OF_THE_ANESTHESIA | _OF_THE_ACT and not own
        asked = _ASKED.get(letter)
        if elsewhere or (asked and not asked(act, claim, held)):
            return letter
    return next(
        ("".join(sorted(pair)) for pair in _APART if pair <= set(letters)),
        None,
    )
