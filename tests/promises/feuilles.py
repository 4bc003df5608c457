"""Sheets that go straight through, quickly: the cage's answers are recorded, all else is real.

`ocr.split`, `ocr.render` and `archive.pdfa.build` answer what the real cage once said of a real blank;
`ocr.read` says the fields that the sheet was made with, all of them sure. What is tried here is what
surrounds the reading, and a reading of some seconds would leave no time to try it.
"""

import io
import json
import os
import uuid
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

import cv2

from dossiers import to_json
from domain.identifiers import luhn_key
from domain.nir import key_of
from domain.people import Affiliation, Insured, MedecinTraitant, Practitioner
from domain.period import Period
from domain.reading import DocumentReading, FieldReading, PageReading, Reading, Value
from ingest.deposits import Receipt, deposit
from ocr.forms import draw, load_form
from store import people
from store.house import Store
from store.senders import Sender, house_sender

LONG_AGO = Period(date(2000, 1, 1))
FIRST_DAY = date(2026, 9, 1)
RPPS = "1010012345" + luhn_key("1010012345")
DOCTOR = Practitioner(
    RPPS, "751012345", "LEROY", "Hélène", active=LONG_AGO, iban="FR7630006000011234567890189"
)  # fmt: skip
NAMES = ("MARTIN", "BERNARD", "PETIT", "DURAND", "ROBERT", "SIMON", "LEFEBVRE", "MOREAU", "GARNIER", "FAURE",
         "ROUSSEL", "CHEVALIER", "LAMBERT", "FONTAINE", "MERCIER", "BLANCHARD", "GUERIN", "BOYER", "COLIN",
         "VIDAL")  # fmt: skip
FIRST_NAMES = ("CLAIRE", "PAUL", "SOPHIE", "HENRI", "LUCIE", "MARC", "ODETTE")


def person(number: int) -> Insured:
    born = date(1950 + number % 45, 1 + number % 12, 1 + number % 28)
    nir = f"2{born:%y%m}75{100 + number % 800:03d}{1 + number // 800:03d}"
    return Insured(
        str(uuid.UUID(int=(4 << 76) + number + 1)), nir, NAMES[number % len(NAMES)],
        FIRST_NAMES[number % len(FIRST_NAMES)], born, iban="FR7630006000011234567890189",
        affiliations=(Affiliation(LONG_AGO, "017510000"),), medecins_traitants=(MedecinTraitant(LONG_AGO, RPPS),),
    )  # fmt: skip


def load_people(store: Store, number: int) -> None:
    with store.begin() as conn:
        people.load_insured(conn, [person(n) for n in range(number)])
        people.load_practitioners(conn, [DOCTOR])


def sheet(who: int, day: int, fee: str = "30.00", copy: int = 0) -> bytes:
    """The bytes of a sheet of the person `who`, for care on the `day`-th day. `copy`: other bytes."""
    return _blank() + json.dumps([who, day, fee, copy]).encode()


def fields_of(who: int, day: int, fee: str) -> dict[str, FieldReading]:
    insured, care = person(who), (FIRST_DAY + timedelta(days=day)).isoformat()
    assert insured.nir
    values: dict[str, Value] = {
        "date_facture": care,
        "beneficiaire_nom_prenom": f"{insured.birth_name} {insured.first_names}",
        "beneficiaire_nir": insured.nir,
        "beneficiaire_nir_cle": key_of(insured.nir),
        "organisme_rattachement": "017510000",
        "beneficiaire_date_naissance": insured.birth_date.isoformat(),
        "medecin_tampon": "Dr Hélène LEROY\nMédecine générale\n12 rue de la Paix\n75002 PARIS",
        "medecin_rpps": RPPS,
        "medecin_am": DOCTOR.am_number,
        "maladie": True,
        "ald": False,
        "maternite": False,
        "at_mp": False,
        "accident_tiers_oui": False,
        "accident_tiers_non": True,
        "urgence": False,
        "acte1_date": care,
        "acte1_c_v": "G",
        "acte1_honoraires": fee,
        "montant_total": fee,
        "non_paye_part_obligatoire": False,
        "signature_medecin": True,
        "signature_assure": True,
        "impossibilite_signer": False,
    }  # fmt: skip
    return {name: FieldReading(value, "accepted", 0.9999) for name, value in values.items()}


def put(store: Store, data: bytes, sender: Sender | None = None) -> Receipt:
    if sender is None:
        with store.begin() as conn:
            sender = house_sender(conn)
    return deposit(store, sender, io.BytesIO(data))


@dataclass
class Recorded:
    """A cage that answers what the real one said. Goes to other processes as it is."""

    answers: dict[str, tuple[dict[str, Any], list[bytes]]] = field(default_factory=dict)
    sandbox = "enregistrée"

    def call(self, name: str, source: Any, /, **arguments: Any) -> tuple[dict[str, Any], list[bytes]]:
        if name != "ocr.read":
            return self.answers[name]
        data = os.pread(source, os.fstat(source).st_size, 0)
        who, day, fee, _ = json.loads(data[len(_blank()) :])
        seen = self.answers["ocr.split"][0]["pages"][0]
        page = PageReading(0, seen["width"], seen["height"], seen["dpi"])
        found = DocumentReading("feuille_soins_medecin", "s3110j", (0,), fields_of(who, day, fee))
        return json.loads(json.dumps(asdict(Reading((page,), (found,))))), []


def record(cage: Any) -> Recorded:
    """What the real cage says of a blank form."""
    blank = _blank()
    return Recorded(
        {
            "ocr.split": cage.call("ocr.split", blank, max_pages=1),
            "ocr.render": cage.call("ocr.render", blank, page=0, rotation=0, dpi=50),
            "archive.pdfa.build": cage.call("archive.pdfa.build", blank, pages=[0], title="feuille"),
        }
    )


_made: list[bytes] = []


def _blank() -> bytes:
    """A blank form as PNG, small: nothing here reads its pixels but the recording."""
    if not _made:
        done, data = cv2.imencode(".png", draw(load_form("s3110j"), 100))
        assert done
        _made.append(data.tobytes())
    return _made[0]
