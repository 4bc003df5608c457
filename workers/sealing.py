"""Stage `archiver`: the original, a PDF/A with its words, the reading and the journal, locked and read back."""

from contextlib import suppress
from typing import Any, BinaryIO

from sqlalchemy import Connection

from archive.manifest import Facts, Part
from archive.package import MEDICAL, is_medical, key_owner, part_name, seal_document
from domain.errors import Failed, Refused
from domain.flow import MAX_ATTEMPTS, State
from domain.reading import Reading, document_from_json
from outbound import refus
from store import bodies, contents, crypt, lots, outbox
from store.documents import DocumentRow
from workers.files import plain
from workers.house import House
from workers.runner import Outcome

PRIVATE = ("identification", "findings", "values", "claim", "decision", "reprise")


def archiver(house: House, document: DocumentRow) -> Outcome:
    """Seal what was accepted, and what was refused too, with its reason."""
    with house.store.begin() as conn:
        kept = bodies.all_data(conn, document.id)
    with plain(house.store, document.content_sha256) as file:
        original, media_type = _own_pages(house, document, file)
        parts = {"original": Part(original, media_type)}
        if pdf := _pdfa(house, document, file, kept.get("reading")):
            parts["pdfa"] = Part(pdf, "application/pdf")
    with house.store.begin() as conn:
        other_side = lots.verso(conn, document.id) if document.lot_id else None
    if other_side is not None:
        with house.store.begin() as conn:
            back_type = contents.load(conn, other_side).media_type
        with plain(house.store, other_side) as file:
            parts["verso"] = Part(file.read(), back_type)
    if kept.get("reading"):
        parts["reading"] = Part(kept["reading"])
    facts = Facts(
        document_id=document.id,
        type=document.type or "inconnu",
        form=document.form,
        deposit_id=document.deposit_id,
        received_at=document.received_at,
        received_on=document.received_on,
        parent_id=document.parent_id,
        private={kind: kept[kind] for kind in PRIVATE if kind in kept},
        law=house.law.version,
    )
    if is_medical(document.type):
        _hide_images(house, document)
    named = {part_name(document.type, what): part for what, part in parts.items()}
    sealed = seal_document(house.store, facts, named)
    refused = (kept.get("decision") or {}).get("action") == "refuse"

    def write(conn: Connection) -> None:
        if refused and document.insured_id and refus.is_told(document.type):
            outbox.add(conn, "courrier", document_id=document.id, body={"refus": document.id})

    return Outcome(
        State.REFUSE if refused else State.ARCHIVE,
        write=write,
        hashes={"manifest_sha256": sealed.manifest_sha256},
        facts={
            "manifest_sha256": sealed.manifest_sha256,
            "retain_until": sealed.retain_until,
            "sealed_at": house.now,
        },
    )


def _own_pages(house: House, document: DocumentRow, file: BinaryIO) -> tuple[bytes, str]:
    """The document's own bytes: the whole file, or its pages taken out without encoding them anew."""
    if document.parent_id is None:
        with house.store.begin() as conn:
            media_type = contents.load(conn, document.content_sha256).media_type
        file.seek(0)
        return file.read(), media_type
    told, (data,) = house.cage.call("ocr.take", file.fileno(), pages=document.pages)
    return data, str(told["media_type"])


def _hide_images(house: House, document: DocumentRow) -> None:
    """What was drawn before anyone knew that the paper is medical goes under the key of such parts."""
    common = house.store.vault.new_key(document.id)
    apart = house.store.vault.new_key(key_owner(document.id, f"{MEDICAL}image"))
    for found in list(house.store.objects.list("work", f"{document.id}/")):
        with suppress(crypt.Tampered):  # drawn as such
            plain_image = crypt.decrypt(house.store.objects.get("work", found.key), common)
            house.store.objects.put("work", found.key, crypt.encrypt(plain_image, apart))


def _pdfa(house: House, document: DocumentRow, file: BinaryIO, reading: dict[str, Any] | None) -> bytes | None:
    """None where the builder cannot take these bytes, tried as often as anything is: the original is the
    record, and what a person accepted is not held up by its copy."""
    try:
        return _built(house, document, file, reading)
    except (Failed, Refused):
        if document.attempts < MAX_ATTEMPTS:
            raise
        return None


def _built(house: House, document: DocumentRow, file: BinaryIO, reading: dict[str, Any] | None) -> bytes:
    words: list[dict[str, Any]] = []
    rotations: list[int] = []
    if reading:
        whole = Reading.from_json(reading)
        words = _words(reading["documents"][0])
        rotations = [page.rotation for page in whole.pages]
    _, (pdf,) = house.cage.call(
        "archive.pdfa.build", file.fileno(), pages=document.pages, words=words, rotations=rotations,
        title=f"{document.type or 'document'} {document.id}", created=document.received_at.isoformat(),
    )  # fmt: skip
    return pdf


def _words(found: dict[str, Any]) -> list[dict[str, Any]]:
    """What was read with its place: the words, and the values of the form's fields."""
    document = document_from_json(found)
    words = [{"text": word.text, "page": word.page, "box": list(word.box)} for word in document.words]
    return words + [
        {"text": field.value, "page": field.page, "box": list(field.box)}
        for field in document.fields.values()
        if isinstance(field.value, str) and field.value
    ]
