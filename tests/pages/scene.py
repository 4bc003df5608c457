"""An invented morning at a caisse: persons, a lot, sheets in every state. Nobody here exists."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import cv2
import numpy as np
from sqlalchemy import Connection

from archive.manifest import Facts, Part
from archive.package import seal_document
from domain.claim import Decision, DecisionLine, Share, TraceLine
from domain.flow import State
from domain.identifiers import luhn_key
from domain.nir import key_of
from domain.people import Affiliation, Insured, Practitioner
from domain.period import Period
from ocr.forms import draw, load_form
from store import clock, contents, crypt, deposits, documents, lots, money, payments, people, senders, tasks
from store.house import Store

S = State
CLAIRE_NIR, PAUL_NIR = "2850175116001", "1850175116013"
PERIOD = Period(date(2020, 1, 1))
CLAIRE = Insured(
    "6f1c9a52-7d1e-4f0a-9b1e-000000000001", CLAIRE_NIR, "MARTIN", "Claire Anne", date(1985, 1, 12),
    affiliations=(Affiliation(PERIOD, "017510000"),),
)  # fmt: skip
PAUL = Insured(
    "6f1c9a52-7d1e-4f0a-9b1e-000000000002", PAUL_NIR, "MARTIN", "Paul", date(1985, 1, 12),
    affiliations=(Affiliation(PERIOD, "017510000"),),
)  # fmt: skip
DOCTOR = Practitioner("1000345678" + luhn_key("1000345678"), "751234567", "LEROY", "Jeanne", active=PERIOD)

VALUES: dict[str, Any] = {
    "date_facture": "2026-11-03",
    "beneficiaire_nom_prenom": "MARTIN CLAIRE",
    "beneficiaire_nir": CLAIRE_NIR,
    "beneficiaire_nir_cle": key_of(CLAIRE_NIR),
    "beneficiaire_date_naissance": "1985-01-12",
    "assure_adresse": "12 RUE DES LILAS 75011 PARIS",
    "medecin_tampon": "DR LEROY JEANNE\nMEDECINE GENERALE\n4 PLACE DES FETES 75019 PARIS",
    "medecin_rpps": DOCTOR.rpps,
    "medecin_am": DOCTOR.am_number,
    "maladie": True,
    "acte1_date": "2026-11-03",
    "acte1_c_v": "G",
    "acte1_honoraires": "30.00",
    "montant_total": "30.00",
    "signature_medecin": True,
    "signature_assure": True,
}
NO_BOX = {"medecin_rpps": "medecin_tampon", "medecin_am": "medecin_tampon"}


@cache
def sheet(extra: str = "") -> bytes:
    """A filled sheet at 150 dpi, as PNG; `extra` makes other bytes of it."""
    form = load_form("s3110j")
    image = draw(form, 150).copy()
    scale = 150 / 25.4
    for name, value in VALUES.items():
        if name in NO_BOX:
            continue
        zone = form.fields[name]
        if value is True:
            x, y, w, h = (int(v * scale) for v in zone.box)
            cv2.line(image, (x + 3, y + 3), (x + w - 3, y + h - 3), (90, 40, 30), 2, cv2.LINE_AA)
            continue
        text = _printed(name, value)
        if len(zone.boxes) > 1:
            for box, char in zip(zone.boxes, text, strict=False):
                _write(image, char, box, scale)
        else:
            for n, line in enumerate(text.split("\n")):
                x, y, w, h = zone.box
                _write(image, line, (x + 2, y + 6 * n, w, min(h, 6)), scale)
    _write(image, extra, (12, 292, 100, 5), scale)
    return bytes(cv2.imencode(".png", image)[1])


def _printed(name: str, value: str) -> str:
    if len(value) == 10 and value[4] == "-":
        return value[8:] + value[5:7] + value[:4]
    if name in ("acte1_honoraires", "montant_total"):
        return value.replace(".", "").rjust(6)
    return value


def _write(image: np.ndarray, text: str, box: Any, scale: float) -> None:
    x, y, _, h = (v * scale for v in box)
    at = (int(x + 5), int(y + h * 0.82))
    cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.62, (90, 40, 30), 1, cv2.LINE_AA)


def fields(
    doubts: dict[str, tuple[float, list[tuple[str, float]]]] | None = None, **changes: Any
) -> dict[str, Any]:
    """The reading's fields; `doubts`: name -> (probability, alternatives)."""
    form = load_form("s3110j")
    width, height = form.page_mm
    told = {}
    for name, value in (VALUES | changes).items():
        x, y, w, h = form.fields[NO_BOX.get(name, name)].box
        probability, others = (doubts or {}).get(name, (0.9996, []))
        told[name] = {
            "value": value,
            "status": "empty" if value is None else "review" if name in (doubts or {}) else "accepted",
            "probability": probability,
            "alternatives": [{"value": v, "probability": p} for v, p in others],
            "page": 0,
            "box": [x / width, y / height, w / width, h / height],
            "form_box_mm": [x, y, w, h],
            "cells": [],
        }
    return told


DOUBTS = {
    "beneficiaire_nom_prenom": (0.91, []),
    "beneficiaire_nir": (0.62, [("2850175116007", 0.21), ("2850175116061", 0.09)]),
    "acte1_date": (0.71, [("2026-11-08", 0.24)]),
    "acte1_honoraires": (0.88, [("80.00", 0.1)]),
}
FINDINGS = [
    {
        "code": "nir_cle",
        "severity": "a_verifier",
        "message": "La clé ne correspond pas au numéro d'immatriculation lu.",
        "field": "beneficiaire_nir",
        "article": "Décret 82-103, art. 4",
    },
    {
        "code": "signature_assure_absente",
        "severity": "refus_propose",
        "message": "La feuille n'est pas signée par l'assuré, et l'impossibilité de signer n'est pas cochée.",
        "field": "signature_assure",
        "article": "CSS R161-43",
    },
    {
        "code": "meme_fichier",
        "severity": "information",
        "message": "Le même fichier a été reçu d'un autre expéditeur.",
        "field": None,
        "article": None,
    },
]
IDENTIFICATION = {
    "absent": 0.04,
    "insured_id": None,
    "ranked": [
        {
            "insured_id": CLAIRE.id,
            "probability": 0.93,
            "reasons": ["même date de naissance", "même nom", "numéro à un chiffre près"],
        },
        {
            "insured_id": PAUL.id,
            "probability": 0.03,
            "reasons": ["même nom", "même date de naissance", "autre prénom"],
        },
    ],
}


@dataclass
class Scene:
    """Ids of the documents by what they show."""

    ids: dict[str, str] = field(default_factory=dict)
    lot: str = ""


def build(store: Store) -> Scene:
    """Everything at once, as workers and agents would have left it."""
    scene = Scene()
    with store.begin() as conn:
        people.load_insured(conn, (CLAIRE, PAUL))
        people.load_practitioners(conn, (DOCTOR,))
        sender = senders.house_sender(conn)
        lot = lots.create(conn, sender.id, 6, False)
        scene.lot = lot.id
    for n, (name, ended) in enumerate(ENDINGS, 1):
        scene.ids[name] = document(store, name, ended, lot=(scene.lot, n, "r") if n <= 6 else None)
    with store.begin() as conn:
        for n in range(1, 7):
            lots.set_outcome(conn, scene.lot, n, "r", "blanc" if n == 4 else "document")
        lots.close(conn, scene.lot)
    return scene


ACTORS = {
    S.A_VALIDER: "liasse:lire",
    S.VALIDE: "liasse:lire",
    S.ARCHIVE: "liasse:archiver",
    S.REFUSE: "liasse:archiver",
    S.LIQUIDE: "liasse:liquider",
    S.A_LIQUIDER: "liasse:liquider",
    S.ORDONNANCE: "liasse:ordonnancer",
}
ENDINGS = (
    ("paid", S.ORDONNANCE),
    ("doubtful", S.A_VALIDER),
    ("unread", S.A_VALIDER),
    ("blank", S.ECARTE),
    ("refused", S.REFUSE),
    ("uncomputed", S.A_LIQUIDER),
    ("broken", S.REJETE),
    ("stuck", S.QUARANTAINE),
    ("reading", S.EN_LECTURE),
    ("second", S.A_VALIDER),
)
PATHS = {
    S.ORDONNANCE: (S.EN_LECTURE, S.VALIDE, S.ARCHIVE, S.LIQUIDE, S.ORDONNANCE),
    S.A_VALIDER: (S.EN_LECTURE, S.A_VALIDER),
    S.ECARTE: (S.ECARTE,),
    S.REFUSE: (S.EN_LECTURE, S.A_VALIDER, S.VALIDE, S.REFUSE),
    S.A_LIQUIDER: (S.EN_LECTURE, S.VALIDE, S.ARCHIVE, S.A_LIQUIDER),
    S.REJETE: (S.REJETE,),
    S.QUARANTAINE: (S.EN_LECTURE, S.QUARANTAINE),
    S.EN_LECTURE: (S.EN_LECTURE,),
}


def document(
    store: Store,
    name: str,
    ended: State,
    lot: tuple[str, int, str] | None = None,
    sender: senders.Sender | None = None,
    **changes: Any,
) -> str:
    """One deposit and its document, walked to `ended`; its id."""
    data = sheet(name)
    digest, deposit_id, key_id = hashlib.sha256(data).hexdigest(), str(uuid.uuid4()), str(uuid.uuid4())
    at = clock.now()
    store.objects.put("inbox", f"{digest}/{key_id}", crypt.encrypt(data, store.vault.new_key(key_id)))
    with store.begin() as conn:
        sender = sender or senders.house_sender(conn)
        contents.save(
            conn, sha256=digest, key_id=key_id, object_key=f"{digest}/{key_id}", size=len(data),
            media_type="image/png", cipher_sha256=digest,
        )  # fmt: skip
        made, _ = deposits.save(
            conn, id=deposit_id, sender_id=sender.id, sha256=digest, source="lot" if lot else "http",
            receipt="r", received_at=at, received_on=date(2026, 11, 20), lot=lot,
        )  # fmt: skip
        document_id = documents.create(
            conn, id=deposit_id, deposit_id=deposit_id, sender_id=sender.id, content_sha256=digest,
            received_at=at, received_on=date(2026, 11, 20), actor="local", lot=lot,
        )  # fmt: skip
        if lot:
            lots.add_image(conn, made, document_id=document_id)
    for state in PATHS[ended]:
        facts = seal(store, document_id, data) if state in (S.ARCHIVE, S.REFUSE) else {}
        with store.begin() as conn:
            _arrive(store, conn, document_id, name, state, changes, facts)
    if State.EN_LECTURE in PATHS[ended] and ended is not State.EN_LECTURE:
        key = store.vault.new_key(document_id)
        store.objects.put("work", f"{document_id}/0", crypt.encrypt(data, key))
    return document_id


def _arrive(
    store: Store,
    conn: Connection,
    id: str,
    name: str,
    state: State,
    changes: dict[str, Any],
    facts: dict[str, Any],
) -> None:
    now = documents.load(conn, id).status
    if state is S.EN_LECTURE and name != "unread":
        facts = {"type": "feuille_soins_medecin", "form": "s3110j", "pages": [0]}
    elif state is S.EN_LECTURE:
        facts = {"type": "inconnu", "pages": [0]}
    elif state is S.ECARTE:
        facts = {"reason": "blanc"}
    elif state is S.REJETE:
        facts = {"reason": "fichier_chiffre"}
    elif state is S.QUARANTAINE:
        facts = {"last_error": "lecteur_tombe"}
    hashes = {"manifest_sha256": facts["manifest_sha256"]} if "manifest_sha256" in facts else None
    documents.advance(conn, id, now, state, actor=ACTORS.get(state, "liasse:trier"), hashes=hashes, **facts)
    if state in (S.A_VALIDER, S.VALIDE) and documents.data(conn, id, "reading") is None:
        _read(conn, id, name, state, changes)
    if state is S.VALIDE:
        tasks.close_without(conn, id)
    if state is S.LIQUIDE:
        _decided(conn, id)
    if state is S.A_LIQUIDER:
        documents.save(conn, id, "not_computed", [NOT_COMPUTED])
    if state is S.REFUSE:
        documents.save(
            conn,
            id,
            "decision",
            {
                "action": "refuse",
                "reason": "Feuille non signée (CSS R161-43).",
                "by": "local",
                "at": "2026-11-20T09:00:00Z",
            },
        )


NOT_COMPUTED = {
    "code": "acte_non_calcule",
    "message": "L'acte CCAM de la ligne 2 n'est pas encore calculé.",
    "article": None,
    "line": 2,
}


def _read(conn: Connection, id: str, name: str, state: State, changes: dict[str, Any]) -> None:
    unread = name == "unread"
    told = {} if unread else fields(None if state is S.VALIDE else DOUBTS, **changes)
    documents.save(
        conn,
        id,
        "reading",
        {
            "pages": [{"rotation": 0, "width": 1240, "height": 1754, "dpi": 150.0, "quality": {}}],
            "documents": [
                {"type": "feuille_soins_medecin", "form": "s3110j", "pages": [0], "fields": told, "words": []}
            ],
            "seconds": 0.4,
        },
    )
    documents.save(conn, id, "findings", [] if unread or state is S.VALIDE else FINDINGS)
    documents.save(conn, id, "identification", {"absent": 1.0, "ranked": []} if unread else IDENTIFICATION)
    if state is S.VALIDE:
        documents.set_insured(conn, id, CLAIRE.id)
    if state is S.A_VALIDER:
        tasks.open_task(conn, id, "validation")


def _decided(conn: Connection, id: str) -> None:
    euros = Decimal
    trace = (
        TraceLine(
            "CCAM, NGAP",
            "Une consultation du généraliste en secteur 1 vaut 30,00 €.",
            "tarif.G",
            "30.00",
            date(2024, 12, 22),
            euros("30.00"),
            "lu",
        ),
        TraceLine(
            "CSS R160-5",
            "L'assurance maladie prend en charge 70 % du tarif.",
            "taux.consultation",
            "70",
            date(2019, 1, 1),
            euros("21.00"),
            "lu",
        ),
        TraceLine(
            "CSS D160-6",
            "La participation forfaitaire de 2,00 € est retenue.",
            "participation.consultation",
            "2.00",
            date(2024, 5, 15),
            euros("-2.00"),
            "lu",
        ),
    )
    line = DecisionLine(
        1, "G", date(2026, 11, 3), euros("30.00"), euros("30.00"), euros("70"), euros("21.00"),
        {"participation_forfaitaire": euros("2.00")}, euros("19.00"), trace,
    )  # fmt: skip
    overall = (TraceLine("CSS L162-5-3", "L'assuré est venu par son médecin traitant : parcours respecté."),)
    decision = Decision(
        date(2026, 11, 20), (line,), (Share(1, "assure", CLAIRE.id, euros("19.00")),), euros("19.00"), overall
    )
    payments.order_shares(conn, money.save_decision(conn, id, CLAIRE.id, DOCTOR.rpps, decision))


def seal(store: Store, id: str, data: bytes) -> dict[str, Any]:
    """Seals the original and the reading as the archive's stage does; what the row then knows."""
    with store.begin() as conn:
        row, told = documents.load(conn, id), documents.data(conn, id, "reading")
    facts = Facts(id, row.type or "inconnu", row.form, row.deposit_id, row.received_at, row.received_on)
    sealed = seal_document(store, facts, {"original": Part(data, "image/png"), "reading": Part(told)})
    return {
        "manifest_sha256": sealed.manifest_sha256,
        "retain_until": sealed.retain_until,
        "sealed_at": clock.now(),
    }
