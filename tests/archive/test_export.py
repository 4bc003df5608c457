"""The export: one ZIP that a stranger checks with a hash function and this page."""

import hashlib
import io
import json
import zipfile

import pytest

from archive import merkle
from archive.canonical import dumps
from archive.erase import erase
from archive.export import export
from archive.journal_seal import seal_pending
from domain.errors import Refused
from domain.flow import State
from store.vault import KeyErased
from tests.archive.making import NAME, NIR, archived, valid


def exported(store, id, **options):
    out = io.BytesIO()
    export(store, id, out, **options)
    return zipfile.ZipFile(io.BytesIO(out.getvalue()))


@pytest.fixture
def sealed(own_buckets):
    store = own_buckets
    archived(store, b"avant")
    seal_pending(store)
    id = archived(store)
    seal_pending(store)
    return store, id


def test_everything_in_it_agrees_by_hashes_alone(sealed):
    archive = exported(*sealed)
    manifests = [name for name in archive.namelist() if name.startswith("manifests/")]
    (name,) = manifests
    data = archive.read(name)
    assert name == f"manifests/manifest-{hashlib.sha256(data).hexdigest()}.json"
    for part in json.loads(data)["parts"]:
        held = archive.read("objets/" + part["key"].rsplit("/", 1)[1])
        assert hashlib.sha256(held).hexdigest() == part["sha256_cipher"]
    previous = "0" * 64
    roots = {}
    for seal in sorted(n for n in archive.namelist() if n.startswith("sceaux/")):
        raw = archive.read(seal)
        told = json.loads(raw)
        assert told["previous"] == previous
        previous = hashlib.sha256(raw).hexdigest()
        assert previous in seal
        roots[told["n"]] = told["root"]
    proofs = json.loads(archive.read("preuves.json"))["proofs"]
    assert [each["line"]["n"] for each in proofs] == [1, 2, 3, 4]
    for each in proofs:
        path = [bytes.fromhex(one) for one in each["path"]]
        leaf = merkle.leaf(dumps(each["line"]))
        assert merkle.root_from(leaf, each["index"], each["size"], path).hex() == roots[each["seal"]]
    assert json.loads(proofs[-1]["line"]["hashes"])["manifest_sha256"] in name


def test_without_clear_parts_it_tells_nothing_personal(sealed):
    archive = exported(*sealed)
    for name in archive.namelist():
        held = name.encode() + archive.read(name)
        assert NIR.encode() not in held
        assert NAME.encode() not in held


def test_with_clear_parts_they_open(sealed):
    archive = exported(*sealed, clear=True)
    assert archive.read("clair/original.png") == b"octets"
    assert NIR in archive.read("clair/reading.json").decode()
    assert "PREUVE D'ARCHIVAGE" in archive.read("LISEZ-MOI.txt").decode()


def test_the_same_twice_is_the_same_file(sealed):
    store, id = sealed
    one, two = io.BytesIO(), io.BytesIO()
    export(store, id, one)
    export(store, id, two)
    assert one.getvalue() == two.getvalue()


def test_what_is_not_sealed_or_no_longer_opens_is_refused(own_buckets):
    store = own_buckets
    with pytest.raises(Refused, match="introuvable"):
        exported(store, valid(store))
    id = archived(store, b"autre", State.REFUSE)
    assert exported(store, id).namelist()  # before any seal too
    erase(store, id, "local")
    with pytest.raises(KeyErased):
        exported(store, id, clear=True)
