"""A deposit: durable before its receipt, once whatever is repeated, flat in memory."""

import errno
import io
import json
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import psutil
import pytest

from archive.erase import erase
from domain.errors import Refused, Unavailable
from domain.flow import State
from ingest import deposits, keeping, receipts, spool, sweeping
from ingest.deposits import deposit, reject
from store import clock, contents, documents, journal, sidecars
from store.crypt import decrypt
from store.house import Store
from store.objects import Objects
from store.senders import Sender
from tests.ingest.conftest import pdf


def all_documents(store: Store) -> list[documents.DocumentRow]:
    with store.begin() as conn:
        return documents.find(conn)


def inbox(store: Store) -> list[str]:
    return [found.key for found in store.objects.list("inbox")]


def sidecars_of(store: Store, id: str) -> list[str]:
    return [found.key for found in store.objects.list("archive", f"{sidecars.PREFIX}{id}")]


def stored(store: Store, digest: str) -> bytes:
    with store.begin() as conn:
        content = contents.load(conn, digest)
    return decrypt(store.objects.get("inbox", content.object_key), store.vault.key(content.key_id))


def test_the_bytes_are_kept_encrypted_and_the_document_waits(store: Store, sender: Sender) -> None:
    data = pdf()
    before = datetime.now(UTC)
    receipt = deposit(store, sender, io.BytesIO(data), length=len(data), type_hint="facture")
    assert receipt.created
    assert receipt.sha256 == sha256(data).hexdigest()
    assert before <= receipt.received_at <= datetime.now(UTC)
    (document,) = all_documents(store)
    assert (document.id, document.status, document.type_hint) == (receipt.id, State.RECU, "facture")
    assert document.received_on == clock.today(store.settings)
    (key,) = inbox(store)
    assert key.startswith(receipt.sha256)
    assert data not in store.objects.get("inbox", key)
    assert stored(store, receipt.sha256) == data
    assert list((store.settings.home / "tmp").iterdir()) == []
    with store.begin() as conn:
        (line,) = journal.lines(conn, receipt.id)
    assert (line.to_state, line.actor) == ("recu", "local")


def test_the_receipt_is_ours_and_no_other(store: Store, sender: Sender) -> None:
    receipt = deposit(store, sender, io.BytesIO(pdf()))
    assert receipts.recognise(store.settings, receipt.receipt) == (receipt.id, receipt.sha256)
    for spoilt in (
        receipt.receipt.replace(receipt.sha256[:8], "0" * 8),
        receipt.receipt[:-1] + ("A" if receipt.receipt[-1] != "A" else "B"),
        receipt.receipt.replace("LR1", "LR2"),
        "",
        "é" * 20,
        "a.b.c.d.e",
    ):
        assert receipts.recognise(store.settings, spoilt) is None


def test_the_sidecar_is_locked_and_tells_enough_to_rebuild(store: Store, sender: Sender) -> None:
    data = pdf()
    receipt = deposit(store, sender, io.BytesIO(data), type_hint="rib")
    (name,) = sidecars_of(store, receipt.id)
    raw = store.objects.get("archive", name)
    assert name == f"receipts/{receipt.id}-{sha256(raw).hexdigest()}.json"
    body = json.loads(raw)
    assert body["deposit"] == body["document"] == receipt.id
    assert (body["sender"], body["sha256"], body["size"]) == (sender.id, receipt.sha256, len(data))
    assert store.objects.retention("archive", name) >= receipt.received_at + timedelta(minutes=2)
    key = store.vault.key(body["content"]["key_id"])
    assert decrypt(store.objects.get("inbox", body["content"]["key"]), key) == data


def test_the_same_sender_and_bytes_are_the_same_deposit(store: Store, sender: Sender, other: Sender) -> None:
    data = pdf()
    first = deposit(store, sender, io.BytesIO(data))
    again = deposit(store, sender, io.BytesIO(data), idempotency_key="k", type_hint="x")
    assert (again.id, again.receipt, again.created) == (first.id, first.receipt, False)
    elsewhere = deposit(store, other, io.BytesIO(data))
    assert elsewhere.created
    assert elsewhere.id != first.id
    assert len(inbox(store)) == 1
    assert len(all_documents(store)) == 2
    assert len(sidecars_of(store, first.id)) == 1


def test_a_key_is_for_the_same_bytes(store: Store, sender: Sender, other: Sender) -> None:
    data = pdf()
    first = deposit(store, sender, io.BytesIO(data), idempotency_key="k1")
    assert deposit(store, sender, io.BytesIO(data), idempotency_key="k1").id == first.id
    with pytest.raises(Refused, match="cle_reutilisee"):
        deposit(store, sender, io.BytesIO(pdf()), idempotency_key="k1")
    assert deposit(store, other, io.BytesIO(pdf()), idempotency_key="k1").created
    assert len(all_documents(store)) == 2


def test_every_key_is_for_the_bytes_it_came_with(store: Store, sender: Sender) -> None:
    """Also one that came with bytes that were there."""
    data = pdf()
    first = deposit(store, sender, io.BytesIO(data))
    assert deposit(store, sender, io.BytesIO(data), idempotency_key="k1").id == first.id
    assert deposit(store, sender, io.BytesIO(data), idempotency_key="k2").id == first.id
    for key in ("k1", "k2"):
        with pytest.raises(Refused, match="cle_reutilisee"):
            deposit(store, sender, io.BytesIO(pdf()), idempotency_key=key)


def test_what_was_erased_and_is_sent_again_is_another_deposit(store: Store, sender: Sender) -> None:
    data = pdf()
    first = deposit(store, sender, io.BytesIO(data), idempotency_key="k")
    with store.begin() as conn:
        documents.advance(conn, first.id, State.RECU, State.REJETE, actor="test", reason="type_inconnu")
    erase(store, first.id, "test")
    again = deposit(store, sender, io.BytesIO(data))
    assert (again.created, again.id != first.id) == (True, True)
    with store.begin() as conn:
        assert store.vault.key(contents.load(conn, again.sha256).key_id)


def test_a_hint_may_come_after_the_file(store: Store, sender: Sender) -> None:
    stream = io.BytesIO(pdf())
    deposit(store, sender, stream, type_hint=lambda: f"read to {'the end' if not stream.read(1) else '...'}")
    assert all_documents(store)[0].type_hint == "read to the end"


@pytest.mark.parametrize(
    ("data", "length", "code"),
    [
        (b"", None, "fichier_vide"),
        (b"hello", None, "type_inconnu"),
        (b"%PDF-1.4", 9, "envoi_incomplet"),
        (b"%PDF-1.4" + bytes(10_000), None, "fichier_trop_gros"),
    ],
)
def test_what_is_refused_leaves_nothing(
    store: Store, sender: Sender, data: bytes, length: int | None, code: str
) -> None:
    house = replace(store, settings=store.settings.model_copy(update={"max_file_bytes": 10_000}))
    with pytest.raises(Refused) as caught:
        deposit(house, sender, io.BytesIO(data), length=length)
    assert caught.value.code == code
    assert all_documents(store) == []
    assert inbox(store) == list(store.objects.list("keys")) == []
    assert list((store.settings.home / "tmp").iterdir()) == []


def test_what_cannot_be_taken_is_kept_when_it_must_be(store: Store, sender: Sender) -> None:
    data = b"no document at all"
    first = reject(store, sender, io.BytesIO(data), "type_inconnu", source="dossier_surveille")
    again = reject(store, sender, io.BytesIO(data), "type_inconnu", source="dossier_surveille")
    assert (again.id, again.created) == (first.id, False)
    (document,) = all_documents(store)
    assert (document.status, document.reason) == (State.REJETE, "type_inconnu")
    assert stored(store, first.sha256) == data
    with pytest.raises(Refused, match="fichier_vide"):
        reject(store, sender, io.BytesIO(b""), "type_inconnu", source="dossier_surveille")


class Failing:
    """Objects of which the n-th put to a bucket fails."""

    def __init__(self, objects: Objects, bucket: str, error: Exception) -> None:
        self._objects, self._bucket, self._error = objects, bucket, error

    def put(self, bucket: str, *arguments: Any, **named: Any) -> Any:
        if bucket == self._bucket:
            raise self._error
        return self._objects.put(bucket, *arguments, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._objects, name)


@pytest.mark.parametrize("bucket", ["inbox", "archive"])
@pytest.mark.parametrize("code", ["magasin_indisponible", "disque_plein", "relecture_differente"])
def test_a_store_that_fails_gives_no_receipt_and_the_next_try_works(
    store: Store, sender: Sender, bucket: str, code: str
) -> None:
    data = pdf()
    broken = replace(store, objects=Failing(store.objects, bucket, Unavailable(code)))  # type: ignore[arg-type]
    with pytest.raises(Unavailable) as caught:
        deposit(broken, sender, io.BytesIO(data))
    assert caught.value.code == code
    assert all_documents(store) == []
    receipt = deposit(store, sender, io.BytesIO(data))
    assert receipt.created
    assert stored(store, receipt.sha256) == data


def test_a_commit_whose_answer_is_lost_is_found_again(
    store: Store, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = pdf()
    real = Store.begin
    calls = []

    def lost(house: Store) -> Any:
        calls.append(1)
        return LostAfterCommit(real, house) if len(calls) == 2 else real(house)

    monkeypatch.setattr(Store, "begin", lost)
    with pytest.raises(Unavailable):
        deposit(store, sender, io.BytesIO(data))
    monkeypatch.undo()
    (document,) = all_documents(store)
    receipt = deposit(store, sender, io.BytesIO(data))
    assert (receipt.id, receipt.created) == (document.id, False)
    assert sweeping.sweep_orphans(store, timedelta(0)) == 0


class LostAfterCommit:
    def __init__(self, begin: Any, house: Store) -> None:
        self._inner = begin(house)

    def __enter__(self) -> Any:
        return self._inner.__enter__()

    def __exit__(self, *error: Any) -> None:
        self._inner.__exit__(*error)
        raise Unavailable("base_indisponible")


def test_what_was_never_named_is_swept_and_what_is_named_stays(store: Store, sender: Sender) -> None:
    kept = deposit(store, sender, io.BytesIO(pdf()))
    broken = replace(store, objects=Failing(store.objects, "archive", Unavailable("disque_plein")))  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        deposit(broken, sender, io.BytesIO(pdf()))
    assert len(inbox(store)) == 2
    assert sweeping.sweep_orphans(store) == 0  # too young: a deposit may be about to name it
    assert sweeping.sweep_orphans(store, timedelta(0)) == 1
    (left,) = inbox(store)
    assert left.startswith(kept.sha256)
    assert [found.key for found in store.objects.list("keys")] == [left.partition("/")[2]]


def test_a_full_disk_is_said(store: Store, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spool, "encrypt_stream", full)
    with pytest.raises(Unavailable, match="disque_plein"):
        deposit(store, sender, io.BytesIO(pdf()))


def test_a_silent_antivirus_takes_nothing(store: Store, sender: Sender) -> None:
    house = replace(store, settings=store.settings.model_copy(update={"clamd_url": "tcp://127.0.0.1:1"}))
    with pytest.raises(Unavailable, match="antivirus_muet"):
        deposit(house, sender, io.BytesIO(pdf()))
    assert all_documents(store) == []


def test_two_processes_at_once_keep_one_object_that_opens(
    store: Store, sender: Sender, other: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the turns of one process, as two processes would: both store, one object is named."""
    monkeypatch.setattr(keeping, "one_at_a_time", lambda _: threading.Semaphore(8))
    data = pdf(1000)
    start = threading.Barrier(8)
    done: list[deposits.Receipt] = []

    def post(who: Sender) -> None:
        start.wait()
        done.append(deposit(store, who, io.BytesIO(data)))

    threads = [threading.Thread(target=post, args=(who,)) for who in [sender, other] * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 8
    assert len({receipt.id for receipt in done}) == len(all_documents(store)) == 2
    assert sum(receipt.created for receipt in done) == 2
    assert stored(store, done[0].sha256) == data
    (left,) = inbox(store)
    assert [found.key for found in store.objects.list("keys")] == [left.partition("/")[2]]
    for id in {receipt.id for receipt in done}:
        (name,) = sidecars_of(store, id)
        assert json.loads(store.objects.get("archive", name))["content"]["key"] == left


class Long(io.RawIOBase):
    """So many bytes that begin as a PDF and do not compress, made as they are read."""

    def __init__(self, size: int) -> None:
        self._left, self._block = size, b"%PDF-1.4" + bytes(i * 7 % 256 for i in range(65_528))

    def read(self, size: int = -1) -> bytes:
        data = self._block[: min(size, self._left, len(self._block))]
        self._left -= len(data)
        return data


def test_200_megabytes_grow_the_process_by_32_at_most(store: Store, sender: Sender) -> None:
    deposit(store, sender, io.BytesIO(pdf()))  # what is loaded once is loaded
    process = psutil.Process()
    before, peak, ended = process.memory_info().rss, 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not ended.wait(0.01):
            peak = max(peak, process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.monotonic()
    deposit(store, sender, Long(200_000_000))  # type: ignore[arg-type]
    seconds = time.monotonic() - began
    ended.set()
    watcher.join()
    print(f"200 MB: +{(peak - before) / 1e6:.1f} MB, {seconds:.1f} s")
    assert peak - before <= 32_000_000
