"""Which refusals a route may give, for OpenAPI: each status with its codes and one example."""

from typing import Any

from api.problems import MEDIA_TYPE, ProblemDocument, document
from domain.errors import CATALOGUE

_ALWAYS = ("jeton_refuse", "jeton_absent", "interdit", "origine_refusee", "hote_refuse", "requete_invalide",
           "base_indisponible", "interne")  # fmt: skip
_OPEN = ("jeton_refuse", "origine_refusee", "hote_refuse", "interne")
FILES = (
    "fichier_vide", "fichier_trop_gros", "type_inconnu", "fichier_illisible", "fichier_chiffre",
    "trop_de_pages", "page_trop_grande", "envoi_incomplet", "antivirus_muet", "virus",
    "magasin_indisponible", "magasin_refuse", "disque_plein", "relecture_differente",
)  # fmt: skip


def refusals(*codes: str, public: bool = False) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route: `codes` are its own, those that any route may give are added."""
    of_status: dict[int | str, list[str]] = {}
    for code in (*codes, *(_OPEN if public else _ALWAYS)):
        of_status.setdefault(CATALOGUE[code].status, []).append(code)
    return {
        status: {
            "model": ProblemDocument,
            "description": " ".join(CATALOGUE[code].sentence for code in found),
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/ProblemDocument"},
                    "examples": {code: {"value": document(code)} for code in found},
                }
            },
        }
        for status, found in of_status.items()
    }
