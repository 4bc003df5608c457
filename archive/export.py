"""All that proves one document, in one ZIP that needs nothing of the house to be checked.

`objets/` as they lie in the store (encrypted), the manifests, every seal up to the last that speaks of
the document, a Merkle proof of each of its journal lines, `clair/` if asked and allowed, and a note.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from archive import canonical, merkle, names
from archive.journal_seal import Seal
from archive.manifest import Manifest
from archive.package import key_owner
from domain.errors import Refused
from store import crypt
from store.house import Store
from store.objects import PIECE, Objects
from store.vault import Vault

_DATE = (1980, 1, 1, 0, 0, 0)  # the same archive gives the same ZIP
_SUFFIX = {"application/pdf": "pdf", "application/json": "json", "image/jpeg": "jpg", "image/png": "png",
           "image/tiff": "tif"}  # fmt: skip

NOTE = """\
PREUVE D'ARCHIVAGE DU DOCUMENT {document}

Ce dossier se vérifie sans la maison qui l'a produit : ni base de données, ni clé.

  manifests/   ce qui a été scellé : pour chaque pièce, l'empreinte SHA-256 de l'objet chiffré et du
               clair, le verrou, la tête du journal. Le nom d'un manifeste porte son empreinte.
  objets/      les objets chiffrés, tels qu'ils sont dans le magasin verrouillé (WORM).
  sceaux/      les sceaux du journal, chaînés : chacun nomme l'empreinte du précédent.
  preuves.json pour chaque ligne du journal de ce document : son sceau, sa place, et le chemin de
               Merkle (RFC 6962) jusqu'à la racine du sceau.
  clair/       les pièces déchiffrées, si l'export les comprend.

Pour vérifier :
  1. l'empreinte SHA-256 de chaque fichier de manifests/ et de sceaux/ est celle de son nom ;
  2. l'empreinte de chaque objet est `sha256_cipher` de sa ligne au manifeste ; celle de la pièce en
     clair est `sha256` ;
  3. `previous` de chaque sceau est l'empreinte du précédent ; sa racine est celle de ses lignes ;
  4. une ligne du journal porte `manifest_sha256` : c'est l'empreinte du manifeste en vigueur.
docs/archive-verify.md donne les formats au bit près.

Type : {type}. Reçu le {received_on}. Scellé le {sealed_at}. Verrou : au moins jusqu'au {lock_until}.
Horodatage : {timestamp}. Une autorité locale n'est jamais « qualifiée » au sens du règlement eIDAS.
"""


def export(store: Store, document_id: str, out: BinaryIO, *, clear: bool = False) -> Manifest:
    """Write the ZIP into `out`; gives the manifest that holds. `clear`: with the opened parts.

    Raises Refused("introuvable") where nothing is sealed, KeyErased if clear parts can be no more."""
    return export_from(store.objects, document_id, out, store.vault if clear else None)


def export_from(objects: Objects, document_id: str, out: BinaryIO, vault: Vault | None) -> Manifest:
    manifests = _manifests(objects, document_id)
    if not manifests:
        raise Refused("introuvable")
    seals, told = _seals(objects, document_id)
    key = _true(manifests, told)
    manifest = manifests[key]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, each in sorted(manifests.items()):
            _write(archive, f"manifests/{name.rsplit('/', 1)[1]}", each.dumps())
        for part in manifest.parts:
            with objects.open(names.BUCKET, part.key, part.version) as stream:
                _copy(archive, f"objets/{part.key.rsplit('/', 1)[1]}", stream)
        for name, data in seals:
            _write(archive, f"sceaux/{name.rsplit('/', 1)[1]}", data)
        _write(archive, "preuves.json", _proofs(seals, document_id))
        if vault is not None:
            for part in manifest.parts:
                key_bytes = vault.key(key_owner(document_id, part.name))
                suffix = _SUFFIX.get(part.media_type, "bin")
                with objects.open(names.BUCKET, part.key, part.version) as stream:
                    _copy_chunks(
                        archive, f"clair/{part.name}.{suffix}", crypt.decrypt_chunks(stream, key_bytes)
                    )
        _write(archive, "LISEZ-MOI.txt", _note(manifest, seals).encode())
    return manifest


def _manifests(objects: Objects, document_id: str) -> dict[str, Manifest]:
    found = {}
    for stat in objects.list(names.BUCKET, names.folder(document_id)):
        name = names.parse(stat.key)
        if name.kind == "manifest":
            data = objects.get(names.BUCKET, stat.key)
            if canonical.sha256(data) == name.sha256:
                found[stat.key] = Manifest.loads(data)
    return found


def _true(manifests: dict[str, Manifest], told: list[str]) -> str:
    for sha256 in reversed(told):
        for key in manifests:
            if names.parse(key).sha256 == sha256:
                return key
    replaced = {each.previous for each in manifests.values()}
    return min(key for key in manifests if key not in replaced)


def _seals(objects: Objects, document_id: str) -> tuple[list[tuple[str, bytes]], list[str]]:
    """All seals from the first to the last that holds a line of the document (a chain has no holes),
    and the manifests that its lines tell."""
    found: list[tuple[str, bytes]] = []
    told: list[str] = []
    last = 0
    for stat in objects.list(names.BUCKET, "seals/"):
        data = objects.get(names.BUCKET, stat.key)
        found.append((stat.key, data))
        for line in _own(Seal.loads(data), document_id):
            last = len(found)
            sha256 = json.loads(line["hashes"]).get("manifest_sha256")
            told += [sha256] if sha256 else []
    return found[:last], told


def _own(seal: Seal, document_id: str) -> Iterator[dict[str, Any]]:
    return (line for line in seal.lines if line["kind"] == "journal" and line["document"] == document_id)


def _proofs(seals: list[tuple[str, bytes]], document_id: str) -> bytes:
    told = []
    for _, data in seals:
        seal = Seal.loads(data)
        leaves = seal.leaves()
        for index, line in enumerate(seal.lines):
            if line["kind"] == "journal" and line["document"] == document_id:
                told.append(
                    {
                        "seal": seal.n,
                        "index": index,
                        "size": len(leaves),
                        "root": seal.root,
                        "line": line,
                        "path": [each.hex() for each in merkle.proof(leaves, index)],
                    }
                )
    return canonical.dumps({"format": canonical.FORMAT, "document": document_id, "proofs": told})


def _note(manifest: Manifest, seals: list[tuple[str, bytes]]) -> str:
    authority = Seal.loads(seals[-1][1]).timestamp["authority"] if seals else "none"
    said = {"none": "aucun jeton RFC 3161", "autorite_locale": "autorité locale"}.get(authority, authority)
    return NOTE.format(
        document=manifest.document, type=manifest.type, received_on=manifest.received_on,
        sealed_at=manifest.sealed_at, lock_until=manifest.lock_until, timestamp=said,
    )  # fmt: skip


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    _copy(archive, name, io.BytesIO(data))


def _copy(archive: zipfile.ZipFile, name: str, stream: BinaryIO) -> None:
    _copy_chunks(archive, name, iter(lambda: stream.read(PIECE), b""))


def _copy_chunks(archive: zipfile.ZipFile, name: str, chunks: Iterator[bytes]) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.external_attr = 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as file:
        for chunk in chunks:
            file.write(chunk)
