"""Stage `lire`: read in the cage, compare with the dossiers, and say whether a person must look."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from archive.package import key_owner, part_name
from checks import answered_by_dossiers, run, verdict
from domain.errors import Refused
from domain.findings import Finding
from domain.flow import State
from domain.reading import Reading
from store import bodies, cases, crypt, documents, lots, money, tasks
from store.documents import DocumentRow
from workers.files import forms_dir, plain
from workers.house import House
from workers.runner import Outcome
from workers.sorting import LOOK

SCREEN_DPI = 150
TASK = "validation"


def lire(house: House, document: DocumentRow) -> Outcome:
    with house.store.begin() as conn:
        look = bodies.data(conn, document.id, LOOK)
    with plain(house.store, document.content_sha256) as file:
        told, images = house.cage.call(
            "ocr.read", file.fileno(), pages=document.pages,
            forms_dir=forms_dir(house.store), known=look or [], screen_dpi=SCREEN_DPI,
        )  # fmt: skip
    drawn = [screen["page"] for screen in told.pop("screens")]
    reading = Reading.from_json(told)
    found = reading.documents[0]
    key = house.store.vault.new_key(key_owner(document.id, part_name(found.type, "image")))
    pages = list(document.pages if document.pages is not None else range(len(reading.pages)))
    for page, image in zip(drawn, images, strict=True):
        _keep_image(house, document, pages.index(page), image, key)
    _draw_verso(house, document, len(pages), key)
    with house.store.begin() as conn:
        gathered = cases.gather(conn, document, found.fields, house.law, house.today)
    findings = run(gathered.case)
    answered = answered_by_dossiers(gathered.case)
    goes_to = State(verdict(found.fields, findings, answered))

    def write(conn: Connection) -> None:
        bodies.save(conn, document.id, "reading", told)
        bodies.remove(conn, document.id, LOOK)
        bodies.save(conn, document.id, "findings", plain_findings(findings))
        bodies.save(conn, document.id, "identification", _plain_identification(gathered, answered))
        if gathered.insured:
            documents.set_insured(conn, document.id, gathered.insured.id)
        if gathered.case.claim:
            money.save_claim(conn, gathered.case.claim)
        if goes_to is State.A_VALIDER:
            tasks.open_task(conn, document.id, TASK)

    return Outcome(
        goes_to,
        write=write,
        said={"findings": plain_findings(findings)},
        hashes={"type": found.type},
        facts={"type": found.type, "form": found.form},
    )


def plain_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [asdict(finding) for finding in findings]


def _plain_identification(gathered: cases.Gathered, answered: frozenset[str]) -> dict[str, Any]:
    found = gathered.identification
    return {
        "absent": found.absent,
        "ranked": [
            {"insured_id": each.insured.id, "probability": each.probability, "reasons": list(each.reasons)}
            for each in found.ranked
        ],
        "insured_id": gathered.insured.id if gathered.insured else None,
        "rpps": gathered.practitioner.rpps if gathered.practitioner else None,
        "answered": sorted(answered),
    }


def _keep_image(house: House, document: DocumentRow, place: int, image: bytes, key: bytes) -> None:
    """A page upright, drawn once for screens: encrypted like the rest."""
    house.store.objects.put("work", f"{document.id}/{place}", crypt.encrypt(image, key))


def _draw_verso(house: House, document: DocumentRow, place: int, key: bytes) -> None:
    """After the sheet's own pages; a back that cannot be drawn is not shown."""
    with house.store.begin() as conn:
        sha256 = lots.verso(conn, document.id) if document.lot_id else None
    if sha256 is None:
        return
    with plain(house.store, sha256) as file, suppress(Refused):
        _, (png,) = house.cage.call("ocr.render", file.fileno(), page=0, rotation=0, dpi=SCREEN_DPI)
        _keep_image(house, document, place, png, key)
