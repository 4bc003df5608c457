"""The hot folder: nothing is taken too early, nothing is removed too soon, nothing is followed."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import structlog

from domain.errors import Unavailable
from domain.flow import State
from ingest import deposits, hotfolder
from ingest.hotfolder import HotFolder
from store import contents, documents
from store.crypt import decrypt
from store.house import Store, open_store
from store.settings import load_settings
from tests.ingest.conftest import pdf

HOSTILE = [
    "-rf", "; rm -rf .", "$(id).pdf", "a\nb.pdf", "\u202efdp.exe", "é" * 100, "x" * 250, "%00.pdf",
    "<script>alert(1)<script>.pdf", "con", "name with spaces .pdf", "🩺.pdf", "=cmd|' C calc'!A0",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "hot"
    made.mkdir()
    return made


def watcher(store: Store, folder: Path) -> HotFolder:
    made = HotFolder(store, folder, quiet=0.0)
    made.scan()  # what is there is seen a first time
    return made


def kept(store: Store) -> dict[bytes, documents.DocumentRow]:
    """Every document by its plain bytes."""
    with store.begin() as conn:
        rows = {row: contents.load(conn, row.content_sha256) for row in documents.find(conn)}
    return {
        decrypt(store.objects.get("inbox", content.object_key), store.vault.key(content.key_id)): row
        for row, content in rows.items()
    }


def test_a_file_is_taken_then_removed(store: Store, folder: Path) -> None:
    data = pdf()
    (folder / "scan.bin").write_bytes(data)
    (folder / "station 1").mkdir()
    inner = pdf()
    (folder / "station 1" / "scan.pdf").write_bytes(inner)
    scan = HotFolder(store, folder, quiet=0.0).scan()
    assert (scan.taken, scan.waiting) == (2, 0)
    assert {data: State.RECU, inner: State.RECU} == {key: row.status for key, row in kept(store).items()}
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_file_that_grows_is_waited_for(store: Store, folder: Path) -> None:
    hot = HotFolder(store, folder, quiet=0.15)
    file = folder / "growing.pdf"
    data = pdf()
    for part in range(4):
        with open(file, "ab") as out:
            out.write(data[part * 40 : (part + 1) * 40])
        assert hot.scan().waiting == 1
        time.sleep(0.08)
    assert kept(store) == {}
    time.sleep(0.1)
    assert hot.scan().taken == 1
    assert list(kept(store)) == [data]


def test_a_file_held_open_by_a_writer_is_waited_for(store: Store, folder: Path) -> None:
    data = pdf()
    script = "import sys; f = open(sys.argv[1], 'ab'); print('open', flush=True); sys.stdin.read()"
    (folder / "held.pdf").write_bytes(data)
    with subprocess.Popen(
        [sys.executable, "-c", script, folder / "held.pdf"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        hot = watcher(store, folder)
        assert (hot.scan().waiting, kept(store)) == (1, {})
        writer.kill()
    assert hot.scan().taken == 1


def test_a_reader_does_not_hold_it_back(store: Store, folder: Path) -> None:
    (folder / "read.pdf").write_bytes(pdf())
    with open(folder / "read.pdf", "rb"):
        assert HotFolder(store, folder, quiet=0.0).scan().taken == 1


def test_no_link_is_followed_and_no_special_file_opened(store: Store, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.pdf"
    outside.write_bytes(pdf())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "inner.pdf").write_bytes(pdf())
    (folder / "link.pdf").symlink_to(outside)
    (folder / "broken.pdf").symlink_to(tmp_path / "nowhere")
    (folder / "loop").symlink_to(folder)
    (folder / "folder").symlink_to(elsewhere)
    (folder / "hard.pdf").hardlink_to(outside)
    os.mkfifo(folder / "fifo.pdf")
    os.mknod(folder / "device.pdf", 0o600 | 0o020000, os.makedev(1, 5)) if os.geteuid() == 0 else None
    scan = watcher(store, folder).scan()
    assert (scan.taken, scan.rejected, kept(store)) == (0, 0, {})
    assert outside.exists()
    assert (elsewhere / "inner.pdf").exists()
    assert (folder / "link.pdf").is_symlink()


@pytest.mark.parametrize(
    "name", [".hidden.pdf", "~$word.pdf", "a.part", "a.PART", "a.pdf.crdownload", "b.tmp", "c~"]
)
def test_what_is_unfinished_is_left_alone(store: Store, folder: Path, name: str) -> None:
    (folder / name).write_bytes(pdf())
    (folder / ".git").mkdir()
    (folder / ".git" / "x.pdf").write_bytes(pdf())
    (folder / "empty.pdf").touch()
    scan = watcher(store, folder).scan()
    assert (scan.taken, scan.rejected) == (0, 0)
    assert (folder / name).exists()
    assert (folder / "empty.pdf").exists()


def test_hostile_names_are_bytes_like_any_other_and_never_logged(store: Store, folder: Path) -> None:
    for name in HOSTILE:
        (folder / name).write_bytes(pdf())
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.pdf")).write_bytes(pdf())
    (folder / "Dupont 1850578006084.pdf").write_bytes(b"no document")
    with structlog.testing.capture_logs() as lines:
        scan = HotFolder(store, folder, quiet=0.0).scan()
    assert (scan.taken, scan.rejected) == (len(HOSTILE) + 1, 1)
    assert list(folder.iterdir()) == []
    assert "Dupont" not in str(lines)
    assert "185" not in str(lines)


def test_what_cannot_be_taken_is_kept_with_its_reason(store: Store, folder: Path) -> None:
    house = replace(store, settings=store.settings.model_copy(update={"max_file_bytes": 1000}))
    (folder / "note.pdf").write_bytes(b"plain text")
    large = pdf(2000)
    (folder / "large.pdf").write_bytes(large)
    scan = HotFolder(house, folder, quiet=0.0).scan()
    assert (scan.taken, scan.rejected, scan.kept) == (0, 2, 0)
    found = kept(store)
    assert {key: (row.status, row.reason) for key, row in found.items()} == {
        b"plain text": (State.REJETE, "type_inconnu"),
        large: (State.REJETE, "fichier_trop_gros"),
    }
    assert list(folder.iterdir()) == []


def test_what_is_too_large_even_to_keep_stays_where_it_is(store: Store, folder: Path) -> None:
    house = replace(store, settings=store.settings.model_copy(update={"max_file_bytes": 100}))
    (folder / "huge.pdf").write_bytes(pdf(1600))
    scan = HotFolder(house, folder, quiet=0.0).scan()
    assert (scan.kept, kept(store)) == (1, {})
    assert (folder / "huge.pdf").exists()


@pytest.mark.parametrize("failing", ["clamd", "store"])
def test_while_the_house_cannot_take_it_the_file_stays(
    store: Store, folder: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "scan.pdf").write_bytes(pdf())
    house = store
    if failing == "clamd":
        house = replace(store, settings=store.settings.model_copy(update={"clamd_url": "tcp://127.0.0.1:1"}))
    else:

        def away(*_: Any, **__: Any) -> None:
            raise Unavailable("magasin_indisponible")

        monkeypatch.setattr(store.objects, "put", away)
    assert HotFolder(house, folder, quiet=0.0).scan().kept == 1
    assert (folder / "scan.pdf").exists()
    monkeypatch.undo()
    assert HotFolder(store, folder, quiet=0.0).scan().taken == 1


@pytest.mark.parametrize("change", ["append", "replace", "touch"])
def test_a_source_that_changed_meanwhile_is_not_removed(
    store: Store, folder: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "scan.pdf"
    first = pdf()
    file.write_bytes(first)
    real = hotfolder.deposit

    def meanwhile(*arguments: Any, **named: Any) -> deposits.Receipt:
        receipt = real(*arguments, **named)
        if change == "append":
            with open(file, "ab") as out:
                out.write(b"more")
        elif change == "replace":
            (folder / ".new").write_bytes(pdf())
            (folder / ".new").rename(file)
        else:
            os.utime(file, ns=(1, 1))
        return receipt

    monkeypatch.setattr(hotfolder, "deposit", meanwhile)
    scan = HotFolder(store, folder, quiet=0.0).scan()
    assert (scan.taken, scan.kept) == (1, 1)
    assert file.exists()
    monkeypatch.undo()
    again = HotFolder(store, folder, quiet=0.0).scan()
    assert (again.taken, again.again) == ((0, 1) if change == "touch" else (1, 0))
    assert not file.exists()
    assert first in kept(store)


def test_a_file_cut_short_while_it_is_read_is_not_what_was_dropped(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "scan.pdf"
    file.write_bytes(pdf(3_000_000))
    real = hotfolder.deposit

    def meanwhile(*arguments: Any, **named: Any) -> deposits.Receipt:
        os.truncate(file, 1_000_000)
        return real(*arguments, **named)

    monkeypatch.setattr(hotfolder, "deposit", meanwhile)
    assert HotFolder(store, folder, quiet=0.0).scan().kept == 1
    assert kept(store) == {}
    assert file.exists()


def _watch_and_die(home: Path, folder: Path) -> None:
    store = open_store(load_settings(home, retention_minutes=2), migrate=False)
    hotfolder._remove = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment,return-value]
    HotFolder(store, folder, quiet=0.0).scan()


def _watch(home: Path, folder: Path, start: Any) -> None:
    store = open_store(load_settings(home, retention_minutes=2), migrate=False)
    hot = HotFolder(store, folder, quiet=0.0)
    start.wait(30)
    while any(folder.iterdir()):
        hot.scan()


def test_killed_between_receipt_and_removal_it_is_the_same_document(store: Store, folder: Path) -> None:
    data = pdf()
    (folder / "scan.pdf").write_bytes(data)
    process = multiprocessing.get_context("spawn").Process(
        target=_watch_and_die, args=(store.settings.home, folder)
    )
    process.start()
    process.join(30)
    assert process.exitcode == -signal.SIGKILL
    assert (folder / "scan.pdf").exists()
    before = kept(store)
    assert list(before) == [data]
    scan = HotFolder(store, folder, quiet=0.0).scan()
    assert (scan.taken, scan.again, scan.kept) == (0, 1, 0)
    assert {key: row.id for key, row in kept(store).items()} == {data: before[data].id}
    assert list(folder.iterdir()) == []


def test_two_watchers_at_once_never_double(store: Store, folder: Path) -> None:
    files = [pdf() for _ in range(12)]
    for number, data in enumerate(files):
        (folder / f"{number}.pdf").write_bytes(data)
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(3)
    processes = [context.Process(target=_watch, args=(store.settings.home, folder, start)) for _ in range(2)]
    for process in processes:
        process.start()
    start.wait(30)
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    with store.begin() as conn:
        rows = documents.find(conn)
    assert sorted(row.content_sha256 for row in rows) == sorted(sha256(data).hexdigest() for data in files)


def test_two_threads_on_the_same_folder_never_double(store: Store, folder: Path) -> None:
    for number in range(6):
        (folder / f"{number}.pdf").write_bytes(pdf())
    watchers = [HotFolder(store, folder, quiet=0.0) for _ in range(3)]
    scans: list[hotfolder.Scan] = []
    threads = [threading.Thread(target=lambda each=each: scans.append(each.scan())) for each in watchers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(scan.taken for scan in scans) == 6
    assert len(kept(store)) == 6


def test_a_folder_that_is_away_is_said_and_nothing_breaks(store: Store, tmp_path: Path) -> None:
    with structlog.testing.capture_logs() as lines:
        assert HotFolder(store, tmp_path / "nowhere").scan().taken == 0
    assert lines[0]["event"] == "hot_folder_away"


def test_what_is_too_big_even_to_be_kept_is_read_once(store: Store, folder: Path) -> None:
    small = replace(store, settings=store.settings.model_copy(update={"max_file_bytes": 10}))
    watch = HotFolder(small, folder, quiet=0.0)
    (folder / "huge.pdf").write_bytes(b"%PDF-1.4" + bytes(200))
    assert (watch.scan().kept, len(watch._refused)) == (1, 1)
    (folder / "huge.pdf").chmod(0o000)
    again = watch.scan()
    assert (again.kept, again.rejected, len(watch._refused)) == (1, 0, 1)
    assert (folder / "huge.pdf").exists()
    (folder / "huge.pdf").unlink()
    watch.scan()
    assert not watch._refused
