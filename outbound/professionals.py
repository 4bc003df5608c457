"""How a letter names who gave the care: by the profession, as an assuré says it."""

from dataclasses import dataclass

from domain.people import Practitioner
from liquidation.professions import MEDECIN, profession_of


@dataclass(frozen=True, slots=True)
class Words:
    """`label`: heads the line that names them. `to`: to whom the caisse pays. `of`: whose share it is."""

    label: str
    to: str
    title: str = ""


DOCTOR = Words("Médecin", "à votre médecin", "Dr ")
_BY_CODE: dict[str, Words] = {
    **dict.fromkeys(("19", "36", "53", "54"), Words("Chirurgien-dentiste", "à votre chirurgien-dentiste")),
    "21": Words("Sage-femme", "à votre sage-femme"),
    "24": Words("Infirmière ou infirmier", "à votre infirmière ou infirmier"),
    "26": Words("Masseur-kinésithérapeute", "à votre masseur-kinésithérapeute"),
    "27": Words("Pédicure-podologue", "à votre pédicure-podologue"),
    "28": Words("Orthophoniste", "à votre orthophoniste"),
    "29": Words("Orthoptiste", "à votre orthoptiste"),
    **dict.fromkeys(("30", "38", "39"), Words("Laboratoire", "au laboratoire")),
    **dict.fromkeys(("50", "51"), Words("Pharmacie", "à la pharmacie")),
    **dict.fromkeys(("55", "56", "57"), Words("Transporteur", "au transporteur")),
}
SUPPLIER = Words("Fournisseur", "au fournisseur")


def words_of(specialty: str) -> Words:
    """`specialty`: tables IR_SPE_V and IR_ACT_V."""
    if profession_of(specialty) is MEDECIN:
        return DOCTOR
    return _BY_CODE.get(specialty, SUPPLIER)


def named(practitioner: Practitioner, specialty: str) -> str:
    """`Dr Claire Martin`; nobody else is called a doctor."""
    return f"{words_of(specialty).title}{practitioner.first_name} {practitioner.last_name}".strip()
