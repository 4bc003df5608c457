"""What is asked of a simulation, and its answer."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.schema_base import Said
from liquidation.simulation import SUBJECTS


class Question(BaseModel):
    """`sujet`, and the fields of that subject, which are read as a person writes them."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [
        {"sujet": "soins", "acte": "G", "montant": "30", "age": 40},
        {"sujet": "arret_maladie", "debut": "2026-10-05", "duree": 14, "salaires": 2000},
    ]})  # fmt: skip

    sujet: str = Field(json_schema_extra={"enum": list(SUBJECTS)})


class Reason(Said):
    code: str
    message: str
    article: str | None


class Simulated(Said):
    """`calcule`: there is a sum; its parts depend on the subject. Else `motifs`: why there is none."""

    model_config = ConfigDict(extra="allow")

    sujet: str
    calcule: bool
    suppose: list[str]
    law_version: str
    motifs: list[Reason] | None = None
    explication: list[str] | None = None
    lignes: list[dict[str, Any]] | None = None
