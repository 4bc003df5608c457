"""Sheets that go straight through, quickly: the cage's answers are recorded, all else is real.

`ocr.split` answers what the real cage said of a real blank (test_r4 compares), `ocr.read` the fields that
the sheet was made with, all of them sure. What is tried here is what surrounds the reading: a reading of
some seconds would leave no time to try it.
"""

import io
import json
import os
import uuid
from datetime import date, timedelta
from typing import Any

from domain.identifiers import luhn_key
from domain.nir import key_of
from domain.people import Affiliation, Insured, MedecinTraitant, Practitioner
from domain.period import Period
from domain.reading import DocumentReading, FieldReading, PageReading, Reading, Value
from ingest.deposits import Receipt, deposit
from store import people
from store.house import Store
from store.senders import Sender, house_sender

LONG_AGO = Period(date(2000, 1, 1))
BLANK = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010100000000376ef9240000000a49444154789c63600000000200"
    "01e221bc330000000049454e44ae426082"
)
"""A PNG of one pixel: what stands behind it makes each sheet's bytes its own."""
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
        affiliations=(Affiliation(LONG_AGO, "017510000"),),
        medecins_traitants=(MedecinTraitant(LONG_AGO, RPPS),),
    )  # fmt: skip


def load_people(store: Store, number: int) -> None:
    with store.begin() as conn:
        people.load_insured(conn, [person(n) for n in range(number)])
        people.load_practitioners(conn, [DOCTOR])


def sheet(who: int, day: int, fee: str = "30.00", copy: int = 0) -> bytes:
    """The bytes of a sheet of the person `who`, for care on the `day`-th day. `copy`: other bytes."""
    return BLANK + json.dumps([who, day, fee, copy]).encode()


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


def split_of(width: int, height: int, dpi: float, **quality: Any) -> dict[str, Any]:
    page = {"page": 0, "width": width, "height": height, "dpi": dpi, "rotation": 0, "quality": quality,
            "blank": False, "barcodes": [], "form": "s3110j", "residual": 0.017, "placed": None}  # fmt: skip
    return {
        "media_type": "image/png", "pages": [page], "separators": [], "blanks": [],
        "documents": [{"type": "feuille_soins_medecin", "form": "s3110j", "pages": [0]}],
    }  # fmt: skip


SPLIT = split_of(858, 1192, 102.0, verdict="bonne", papier=255, encre=129, nettete=1.333)


class Recorded:
    """A cage that answers at once. Goes to other processes as it is."""

    sandbox = "enregistrée"

    def call(self, name: str, source: Any, /, **arguments: Any) -> tuple[dict[str, Any], list[bytes]]:
        if name == "ocr.split":
            return SPLIT, []
        if name == "ocr.render":
            return {"width": 1, "height": 1}, [BLANK]
        if name == "archive.pdfa.build":
            return {}, [b"%PDF-1.7 of " + arguments["title"].encode()]
        assert name == "ocr.read", name
        data = os.pread(source, os.fstat(source).st_size, 0)
        who, day, fee, _ = json.loads(data[len(BLANK) :])
        seen = SPLIT["pages"][0]
        page = PageReading(0, seen["width"], seen["height"], seen["dpi"])
        found = DocumentReading("feuille_soins_medecin", "s3110j", (0,), fields_of(who, day, fee))
        told: dict[str, Any] = json.loads(json.dumps(Reading((page,), (found,)).to_json()))
        told["screens"] = [{"page": 0, "width": 1, "height": 1, "media_type": "image/png"}]
        return told, [BLANK]
