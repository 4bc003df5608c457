"""«Que serai-je remboursé ?»: the situation of a person in a few words, for a case that names no dossier."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.claim import Rights, TraceLine
from law import Law
from law.dates import age_on, birthday

ACCIDENT = "simulation"
"""The number of the accident of a profile."""


@dataclass(frozen=True, slots=True)
class Profile:
    """`birth_date`: None for an adult. `medecin_traitant`: the one who was consulted, another, or
    none is declared. `ald`, `accident`: recognised, open that day; the claim still tells whether the care is
    in relation with them."""

    birth_date: date | None = None
    medecin_traitant: Literal["consulte", "autre", "aucun"] = "consulte"
    ald: bool = False
    c2s: Literal["non", "gratuite", "participation"] = "non"
    ame: bool = False
    maternity: bool = False
    regime_local: bool = False
    accident: bool = False
    invalidite: bool = False
    rente_at_66: bool = False
    aspa: bool = False


def rights_of(profile: Profile, day: date, consulted: str, law: Law) -> Rights:
    """The rights that the profile supposes on the day of care. Raises law.NotCovered.

    `consulted`: how the claim names the practitioner."""
    age = law.value("participation_forfaitaire.age_exemption", day)
    majority = int(law.value("droits.age_ayant_droit", day).number)
    born = profile.birth_date or date(day.year - 2 * majority, 1, 1)
    exempt = {
        name: "CSS R160-10" for name in ("invalidite", "rente_at_66") if getattr(profile, name)
    }  # the same names as in a dossier
    situations = tuple(name for name in (*exempt, "aspa") if getattr(profile, name))
    return Rights(
        day=day,
        is_open=day >= born,
        organisme=None,
        is_minor_for_participation=date(day.year, 1, 1) < birthday(born, int(age.number)),
        is_minor=day < birthday(born, majority),
        age=age_on(born, day),
        medecin_traitant={"consulte": consulted, "autre": "autre médecin", "aucun": None}[
            profile.medecin_traitant
        ],
        ald=(0,) if profile.ald else (),
        c2s=profile.c2s,
        ame=profile.ame,
        maternity=profile.maternity,
        regime_local=profile.regime_local,
        at_numbers=(ACCIDENT,) if profile.accident else (),
        exempt=exempt,
        trace=(TraceLine("CSS L160-1", "Simulation : la situation est déclarée, aucun dossier n'est lu."),),
        details={"situations": situations} | ({"ne_le": born} if age_on(born, day) < 1 else {}),
    )
