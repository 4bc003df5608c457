"""Objects are read back, locks hold, keys are erased, and 200 MB pass in little memory."""

import subprocess
import sys
import time
from contextlib import nullcontext
from datetime import timedelta
from io import BytesIO

import pytest
from minio.deleteobjects import DeleteObject
from minio.error import S3Error
from minio.retention import Retention
from minio.versioningconfig import VersioningConfig

from domain.errors import Unavailable
from store import clock, crypt
from store.house import Store
from store.objects import Locked, Missing, Objects
from store.vault import KeyErased, Vault, make_master_key
from tests.conftest import ROOT


def soon(seconds: float):  # type: ignore[no-untyped-def]
    return clock.now() + timedelta(seconds=seconds)


def test_what_is_put_is_read_back(store: Store) -> None:
    assert store.objects.put("inbox", "a/b", b"octets") is None
    assert store.objects.get("inbox", "a/b") == b"octets"
    assert store.objects.stat("inbox", "a/b").size == 6
    assert [each.key for each in store.objects.list("inbox", "a/")] == ["a/b"]
    store.objects.delete("inbox", "a/b")
    store.objects.delete("inbox", "a/b")
    assert not store.objects.exists("inbox", "a/b")
    with pytest.raises(Missing):
        store.objects.get("inbox", "a/b")


def test_bytes_that_are_not_those_announced_are_refused(store: Store) -> None:
    with pytest.raises(Unavailable, match="relecture_differente"):
        store.objects.put("inbox", "x", b"octets", sha256="0" * 64)


def test_a_store_that_gives_back_other_bytes_is_found(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Objects, "sha256", lambda *_: "0" * 64)
    with pytest.raises(Unavailable, match="relecture_differente"):
        store.objects.put("inbox", "x", b"octets")


def test_a_store_that_is_away_is_said_so_quickly(store: Store) -> None:
    away = Objects("http://127.0.0.1:1", "a", "b")
    with pytest.raises(Unavailable, match="magasin_indisponible"):
        away.put("inbox", "x", b"octets")
    away.close()
    wrong = Objects(store.settings.s3_endpoint, store.settings.s3_access_key, "autre")
    with pytest.raises(Unavailable, match="magasin_refuse"):
        wrong.put("inbox", "x", b"octets")
    wrong.close()


def test_a_store_that_denies_access_is_not_taken_for_a_lock(
    own_buckets: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are one answer of S3, AccessDenied: the retention tells them apart."""
    store = own_buckets.objects
    locked = store.put("archive", "d/p", b"preuve", retain_until=soon(120))
    free = store.put("archive", "d/q", b"libre", retain_until=soon(1))
    time.sleep(2.1)  # a lock ends at a whole second

    def denied(bucket: str, key: str, **_: object) -> None:
        raise S3Error(None, "AccessDenied", "Access Denied.", f"/{key}", "r", "h", bucket, key)  # type: ignore[arg-type]

    monkeypatch.setattr(store._client, "remove_object", denied)
    with pytest.raises(Locked):
        store.delete("archive", "d/p", locked)
    for bucket, key, version in (("archive", "d/q", free), ("keys", "k", None)):
        with pytest.raises(Unavailable, match="magasin_refuse"):
            store.delete(bucket, key, version)


def test_a_locked_object_cannot_be_deleted_shortened_or_replaced(own_buckets: Store) -> None:
    store = own_buckets.objects
    version = store.put("archive", "d/p", b"preuve", retain_until=soon(120))
    assert version
    with pytest.raises(Locked):
        store.delete("archive", "d/p", version)
    client, bucket = store._client, store.bucket("archive")
    for mode in ("COMPLIANCE", "GOVERNANCE"):
        with pytest.raises(S3Error):
            client.set_object_retention(bucket, "d/p", Retention(mode, soon(5)), version_id=version)
    with pytest.raises(S3Error):
        client.remove_bucket(bucket)
    with pytest.raises(S3Error):
        client.set_bucket_versioning(bucket, VersioningConfig("Suspended"))
    bulk = client.remove_objects(bucket, [DeleteObject("d/p", version)], bypass_governance_mode=True)
    assert len(list(bulk)) == 1
    store.delete("archive", "d/p")  # a delete marker: the version stays
    store.put("archive", "d/p", b"autre", retain_until=soon(5))
    assert store.get("archive", "d/p", version) == b"preuve"
    held = store.retention("archive", "d/p", version)
    assert held is not None
    assert held > soon(100)


def test_a_lock_is_extended_and_never_shortened(own_buckets: Store) -> None:
    store = own_buckets.objects
    version = store.put("archive", "d/p", b"preuve", retain_until=soon(60))
    store.extend("archive", "d/p", version, soon(300))
    held = store.retention("archive", "d/p", version)
    assert held is not None
    assert held >= soon(298)
    store.extend("archive", "d/p", version, soon(10))
    assert store.retention("archive", "d/p", version) == held


def test_a_lock_that_has_run_out_lets_go(own_buckets: Store) -> None:
    """So that the refusals above are the lock's, and not of all deletions."""
    store = own_buckets.objects
    version = store.put("archive", "d/q", b"preuve", retain_until=soon(2))
    with pytest.raises(Locked):
        store.delete("archive", "d/q", version)
    time.sleep(3.2)
    store.delete("archive", "d/q", version)
    with pytest.raises(Missing):
        store.get("archive", "d/q", version)


def test_a_large_object_is_locked_too(own_buckets: Store) -> None:
    """In several parts: where some stores forget the lock."""
    store = own_buckets.objects
    data = bytes(11 * 2**20)
    version = store.put("archive", "d/grand", BytesIO(data), len(data), retain_until=soon(60))
    with pytest.raises(Locked):
        store.delete("archive", "d/grand", version)


def test_a_key_is_made_once_and_its_destruction_is_final(store: Store) -> None:
    key = store.vault.new_key("document-1")
    assert store.vault.new_key("document-1") == key
    assert store.vault.key("document-1") == key
    other = store.vault.new_key("document-1x")
    sealed = crypt.encrypt(b"texte", key)
    store.vault.erase("document-1")
    with pytest.raises(KeyErased):
        store.vault.key("document-1")
    assert store.vault.key("document-1x") == other
    with pytest.raises(crypt.Tampered):
        crypt.decrypt(sealed, store.vault.new_key("document-1"))


def test_a_wrapped_key_opens_for_its_owner_and_master_alone(store: Store, tmp_path) -> None:  # type: ignore[no-untyped-def]
    store.vault.new_key("a")
    wrapped = store.objects.get("keys", "a")
    store.objects.put("keys", "b", wrapped)
    with pytest.raises(crypt.Tampered):
        store.vault.key("b")
    make_master_key(tmp_path / "k")
    with pytest.raises(crypt.Tampered):
        Vault(store.objects, tmp_path / "k", nullcontext).key("a")
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o600


FLAT = """
import os, re, sys, tempfile
from store import crypt
from store.objects import Objects
objects, key = Objects(*sys.argv[1:4]), bytes(32)
def pass_through(size):
    with tempfile.TemporaryFile(dir=sys.argv[4]) as plain, tempfile.TemporaryFile(dir=sys.argv[4]) as sealed:
        for _ in range(size >> 20):
            plain.write(os.urandom(2**20))
        plain.seek(0)
        _, digest, _ = crypt.encrypt_stream(plain, sealed, key)
        length = sealed.tell()
        sealed.seek(0)
        objects.put("inbox", "grand", sealed, length, sha256=digest)
        sealed.seek(0)
        with objects.open("inbox", "grand") as stream:
            crypt.decrypt_stream(stream, sealed, key)
def peak():
    # not getrusage: its maximum is inherited from the process that started this one
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) / 1024
pass_through(1 << 20)
before = peak()
pass_through(200 << 20)
print(peak() - before)
"""


def test_200_mb_are_encrypted_stored_and_read_in_32_mb(store: Store, tmp_path) -> None:  # type: ignore[no-untyped-def]
    s = store.settings
    told = subprocess.run(
        [sys.executable, "-c", FLAT, s.s3_endpoint, s.s3_access_key, s.s3_secret_key, str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    grown = float(told.stdout)
    print(f"{grown:.1f} MB")
    assert grown <= 32
