"""What may be asked: each subject with its fields and the function that turns them into a case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from law import Law
from liquidation.simulation import caisse, care, cash, family, hospital, pensions
from liquidation.simulation.fields import Field

Build = Callable[[Mapping[str, Any], date, Law], tuple[dict[str, Any], list[str]]]


@dataclass(frozen=True, slots=True)
class Subject:
    """`title`: in French. `example`: a question that has an answer, as YAML."""

    title: str
    fields: tuple[Field, ...]
    build: Build
    example: str


SUBJECTS: dict[str, Subject] = {
    "soins": Subject(
        "Une consultation, un acte, des médicaments, un transport",
        care.FIELDS,
        care.case,
        "acte: G\nmontant: 30\ndate: 02/11/2026\nage: 40",
    ),
    "arret_maladie": Subject(
        "Les indemnités journalières d'un arrêt maladie",
        cash.ILL,
        cash.ill,
        "debut: 05/10/2026\nfin: 18/10/2026\nsalaires: 2000",
    ),
    "accident_travail": Subject(
        "Les indemnités journalières d'un accident du travail",
        cash.HURT,
        cash.hurt,
        "accident_le: 07/09/2026\nduree: 40\nsalaires: 2000",
    ),
    "maternite": Subject(
        "Les indemnités journalières d'un congé de maternité",
        cash.BIRTH,
        cash.mother,
        "date_prevue: 20/11/2026\nenfants_avant: 0\nsalaires: [2000, 2000, 2100]",
    ),
    "paternite": Subject(
        "Les indemnités journalières d'un congé de paternité",
        cash.FATHER,
        cash.father,
        "ne_le: 01/10/2026\nsalaires: 2000",
    ),
    "adoption": Subject(
        "Les indemnités journalières d'un congé d'adoption",
        family.ADOPTING,
        family.adopting,
        "debut: 05/10/2026\nduree: 112\nsalaires: 2000",
    ),
    "deuil": Subject(
        "Les indemnités journalières d'un congé de deuil",
        family.MOURNING,
        family.mourning,
        "deces_le: 01/10/2026\ndebut: 05/10/2026\nduree: 8\nsalaires: 2000",
    ),
    "hospitalisation": Subject(
        "Ce qu'un séjour à l'hôpital laisse à payer",
        hospital.STAY,
        hospital.stay,
        "entree: 02/11/2026\nsortie: 06/11/2026\ntarif: 2000",
    ),
    "urgences": Subject(
        "Ce qu'un passage aux urgences laisse à payer",
        hospital.PASSAGE,
        hospital.passage,
        "date: 02/11/2026\ntarif: 120",
    ),
    "invalidite": Subject(
        "Une pension d'invalidité",
        pensions.INVALID,
        pensions.invalid,
        "categorie: 2\ndate_effet: 01/10/2026\nsalaires_annuels: 24000",
    ),
    "incapacite_permanente": Subject(
        "Le capital ou la rente d'un accident du travail",
        pensions.INCAPABLE,
        pensions.incapable,
        "taux: 20\nsalaire_annuel: 24000\nconsolidation: 01/10/2026",
    ),
    "ayants_droit": Subject(
        "Les rentes après un accident du travail mortel",
        family.LEFT,
        family.left,
        "deces_le: 15/04/2026\nsalaire_annuel: 30000\nenfants: 2",
    ),
    "capital_deces": Subject(
        "Le capital décès d'un salarié",
        pensions.DEAD,
        pensions.dead,
        "deces_le: 15/04/2026\nbeneficiaire: conjoint",
    ),
    "c2s": Subject(
        "La complémentaire santé solidaire d'un foyer",
        caisse.HOUSEHOLD,
        caisse.household,
        "personnes: 3\nressources: 18000\ndate: 05/10/2026",
    ),
    "indu": Subject(
        "Une somme versée en trop : ce qui est réclamé, et jusqu'à quand",
        caisse.EXCESS,
        caisse.excess,
        "montant: 150\nverse_le: 02/03/2026\nnotifie_le: 05/10/2026",
    ),
    "penalite": Subject(
        "Une pénalité financière : au moins, au plus",
        caisse.PENALTY,
        caisse.penalty,
        "qui: assure\nfaits: fraude\nsommes: 1000\ndate: 05/10/2026",
    ),
}
