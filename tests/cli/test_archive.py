"""`liasse archive`: what is proved, what is found wrong, and what is refused."""

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from archive.journal_seal import seal_pending
from domain.flow import State
from store.house import Store
from store.tables import deposits, metadata
from store.vault import KeyErased
from tests.archive.making import archived, corrupt
from tests.cli.conftest import Liasse
from tests.promises.test_a1_tampering import receipt

NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def house(own_buckets: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("LIASSE_BUCKET_PREFIX", own_buckets.objects.prefix)
    shutil.rmtree(own_buckets.settings.home / "sortie", ignore_errors=True)  # orders of other tests' bases
    return own_buckets


def test_a_sound_archive_is_told_object_by_object(liasse: Liasse, house: Store) -> None:
    one, other = archived(house, b"one"), archived(house, b"other")
    with house.begin() as conn:
        for deposit in conn.execute(select(deposits.c.id)).scalars().all():
            receipt(house, deposit)
    seal_pending(house)
    said = liasse("archive", "verify", "--all")
    assert said.code == 0, said.err
    assert all(line["ok"] and line["object"] for line in said.lines)
    assert {line["document"] for line in said.lines} >= {one, other}
    alone = liasse("archive", "verify", one)
    assert alone.code == 0
    assert {line["document"] for line in alone.lines} <= {one, None}
    assert liasse("archive", "compare").code == 0


def test_verification_asks_for_the_object_store_alone(
    liasse: Liasse, house: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an auditor runs it: an address and a pair of keys, no home, no database, no master key."""
    archived(house)
    s = house.settings
    for name in ("s3_endpoint", "s3_access_key", "s3_secret_key"):
        monkeypatch.setenv(f"LIASSE_{name.upper()}", getattr(s, name))
    monkeypatch.setenv("LIASSE_HOME", str(tmp_path / "elsewhere"))
    said = liasse("archive", "verify")
    assert said.code == 0, said.err
    assert len(said.lines) >= 4
    assert not (tmp_path / "elsewhere").exists()


def test_a_manifest_written_over_is_found(liasse: Liasse, house: Store) -> None:
    id = archived(house)
    seal_pending(house)
    (key,) = [each.key for each in house.objects.list("archive", f"documents/{id}/manifest-")]
    house.objects.put("archive", key, corrupt(house.objects.get("archive", key)))
    for arguments in (("--all",), (id,), ()):
        said = liasse("archive", "verify", *arguments)
        assert said.code == 1
        assert key in [line["object"] for line in said.lines if not line["ok"]]
    assert liasse("archive", "verify", id, "--all").code == 2


def test_a_row_changed_in_the_database_is_found(
    liasse: Liasse, house: Store, superuser: psycopg.Connection
) -> None:
    id = archived(house)
    seal_pending(house)
    superuser.execute("UPDATE journal SET actor = 'un autre' WHERE document_id = %s AND n = 2", (id,))
    said = liasse("archive", "compare")
    assert said.code == 1
    assert any(line["document"] == id and not line["ok"] for line in said.lines)


@pytest.mark.parametrize("id", [NOBODY, "../../x", "é"])
def test_what_is_not_there(
    liasse: Liasse, house: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, id: str
) -> None:
    monkeypatch.chdir(tmp_path)
    verified = liasse("archive", "verify", id)
    assert verified.code == 1
    assert not any(line["ok"] for line in verified.lines if line["document"])
    exported = liasse("archive", "export", id)
    assert exported.code == 2
    assert "introuvable" in exported.err
    assert not list(tmp_path.iterdir())


def test_an_export_proves_itself(liasse: Liasse, house: Store, tmp_path: Path) -> None:
    id = archived(house)
    seal_pending(house)
    out = tmp_path / "preuve.zip"
    said = liasse("archive", "export", id, "--out", out)
    assert (said.code, said.out) == (0, f"{out}\n")
    with zipfile.ZipFile(out) as found:
        manifests = [name for name in found.namelist() if name.startswith("manifests/")]
        assert manifests
        for name in manifests:
            assert hashlib.sha256(found.read(name)).hexdigest() in name
        assert json.loads(found.read("preuves.json"))["document"] == id
    assert [each.name for each in tmp_path.iterdir()] == ["preuve.zip"]


def test_a_lost_database_is_rebuilt_and_one_that_is_there_is_not(
    liasse: Liasse, house: Store, superuser: psycopg.Connection
) -> None:
    archived(house)
    seal_pending(house)
    refused = liasse("archive", "rebuild")
    assert refused.code == 2
    assert "La base n'est pas vide." in refused.err
    for table in metadata.tables:
        superuser.execute(f"DELETE FROM {table}")
    said = liasse("archive", "rebuild")
    assert set(said.json) >= {"sealed", "queued", "lost"}
    assert said.code == (1 if said.json["lost"] else 0)


def test_an_ended_document_is_erased_for_good(liasse: Liasse, house: Store) -> None:
    id = archived(house, to=State.REFUSE)
    assert liasse("archive", "erase", NOBODY, "--oui").code == 2
    assert liasse("archive", "erase", id, "--oui").out.split() == [id]
    with pytest.raises(KeyErased):
        house.vault.key(id)
    assert liasse("archive", "verify", id).code == 0  # what is locked stays, and proves what it proved
