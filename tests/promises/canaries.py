"""What must be in no technical log, and a cage through which it passes to a worker."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from domain.errors import Failed, Refused
from domain.reading import FieldReading
from tests.promises import feuilles

NIR, NAME, OCR = "1790675987654", "ZWINGLEBERTHE", "CANARITEXTELU"
PLANTED = frozenset((NIR, NAME, OCR))
TURNS = ("read", "refused", "failed", "crashed", "doubtful")


class Singing(feuilles.Recorded):
    """Reads canaries in every text, and fails in every way while it says them."""

    def call(self, name: str, source: Any, /, **arguments: Any) -> Any:
        answer = super().call(name, source, **arguments)
        if name != "ocr.read":
            return answer
        data = os.pread(source, os.fstat(source).st_size, 0)
        turn = TURNS[json.loads(data[len(feuilles.BLANK) :])[3] % len(TURNS)]
        if turn == "refused":
            raise Refused("fichier_illisible", f"lu : {OCR} {NIR}")
        if turn == "failed":
            raise Failed("lecteur_tombe", f"lu : {NAME} {NIR}")
        if turn == "crashed":
            raise ValueError(f"Key (nir)=({NIR}) of {NAME} already exists: {OCR}")
        told = answer[0]["documents"][0]["fields"]
        status = "accepted" if turn == "read" else "review"
        for field, value in (
            ("beneficiaire_nom_prenom", NAME),
            ("assure_adresse", OCR),
            ("beneficiaire_nir", NIR),
        ):
            told[field] = asdict(FieldReading(value, status, 0.9999))
        return answer


def heard(logs: Path) -> dict[str, list[str]]:
    """Which canary is in which file of a folder of logs."""
    return {
        path.name: found
        for path in logs.iterdir()
        if (found := [each for each in PLANTED if each in path.read_text(errors="replace")])
    }
