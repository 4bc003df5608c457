"""What each profession's acts follow: their rate, participation, franchise, parcours."""

from dataclasses import dataclass, replace
from functools import lru_cache

from law.groups import MEDECINS


@dataclass(frozen=True, slots=True)
class Profession:
    """`rate`: parameter of the ordinary rate. `participation`: the forfaitaire one is due (L160-13 II).
    `parcours`: the majoration hors parcours is (R160-6: doctors alone). `franchise`: its name, or None.
    `regime_local`: parameter of the rate in Alsace-Moselle. `costs`: what it bills, as a sentence says it."""

    name: str
    costs: str
    rate: str
    article: str
    regime_local: str
    participation: bool = False
    parcours: bool = False
    franchise: str | None = None


MEDECIN = Profession(
    "médecin", "les honoraires d'un médecin", "taux.medecin", "CSS L160-13 I ; R160-5 3°",
    participation=True, parcours=True, regime_local="taux.regime_local_medecin",
)  # fmt: skip
DENTISTE = Profession(
    "chirurgien-dentiste", "les soins dentaires", "taux.dentiste", "CSS L160-13 I ; R160-5 3° bis",
    regime_local="taux.regime_local_praticien",
)  # fmt: skip
SAGE_FEMME = Profession(
    "sage-femme",
    "les honoraires d'une sage-femme",
    "taux.sage_femme",
    "CSS L160-13 I ; R160-5 3°",
    regime_local="taux.regime_local_praticien",
)
AUXILIAIRE = Profession(
    "auxiliaire médical", "les actes d'un auxiliaire médical", "taux.auxiliaire_medical",
    "CSS L160-13 I ; R160-5 4°",
    franchise="auxiliaire", regime_local="taux.regime_local_auxiliaire_medical",
)  # fmt: skip
LABORATOIRE = Profession(
    "laboratoire", "les analyses d'un laboratoire", "taux.biologie", "CSS L160-13 I ; R160-5 5°",
    participation=True, regime_local="taux.regime_local_biologie",
)  # fmt: skip
PHARMACIE = Profession(
    "pharmacie", "les produits d'une pharmacie", "taux.medicament_smr_important", "CSS L160-13 I ; R160-5 11°",
    franchise="medicament", regime_local="taux.regime_local_medicament_important",
)  # fmt: skip
TRANSPORTEUR = Profession(
    "transporteur", "les transports", "taux.transport", "CSS L160-13 I ; R160-5 9°",
    franchise="transport", regime_local="taux.regime_local_prescription",
)  # fmt: skip
FOURNISSEUR = Profession(
    "fournisseur",
    "les appareils et produits d'un fournisseur",
    "taux.lpp",
    "CSS L160-13 I ; R160-5 8°",
    regime_local="taux.regime_local_prescription",
)
AT_THE_BEDSIDE = (MEDECIN, DENTISTE, SAGE_FEMME, AUXILIAIRE, LABORATOIRE)
"""Whose fees are billed apart from a stay (R160-5 1°)."""

_BY_CODE: dict[str, Profession] = {
    **dict.fromkeys(MEDECINS, MEDECIN),
    **dict.fromkeys(("19", "36", "53", "54"), DENTISTE),
    "21": SAGE_FEMME,
    **dict.fromkeys(("24", "26", "27", "28", "29"), AUXILIAIRE),
    **dict.fromkeys(("30", "38", "39"), LABORATOIRE),
    **dict.fromkeys(("50", "51"), PHARMACIE),
    **dict.fromkeys(("55", "56", "57"), TRANSPORTEUR),
    **dict.fromkeys(("60", "61", "62", "63", "64", "65", "66", "67", "68"), FOURNISSEUR),
}


def profession_of(specialty: str) -> Profession | None:
    """Tables IR_SPE_V and IR_ACT_V; None where this house does not know what it may bill."""
    return _BY_CODE.get(specialty)


@lru_cache
def in_hospital(profession: Profession) -> Profession:
    """What its acts follow during a stay: the rate of the stay (R160-5 1°), neither participation
    forfaitaire nor franchise (L160-13 II and III), the majoration once, on the stay (R160-6 al. 4)."""
    return replace(
        profession,
        rate="taux.hospitalisation",
        article="CSS L160-13 I ; R160-5 1°",
        participation=False,
        parcours=False,
        franchise=None,
        regime_local="taux.regime_local_hospitalisation",
    )
