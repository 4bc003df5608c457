"""The cage: what it lets out, what it holds in, and that others do not feel it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
import structlog

from cage import Limits, Pool, landlock
from cage.process import family
from domain.errors import Failed, Refused, Unavailable

SLOW = Limits(seconds_a_page=60.0)
FAST = Limits(seconds_a_page=1.0, max_seconds=3.0)
FAULTS = {"calls": "tests.cage.faults:CALLS", "rooms": ("cage", "domain", "tests")}


@pytest.fixture(scope="module", params=["bubblewrap", "landlock", "rlimits"])
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    with Pool(1, limits=SLOW, holds=(request.param,), **FAULTS) as made:
        if made.sandbox != request.param:
            pytest.skip(f"{request.param} does not work on this machine")
        yield made


@pytest.fixture
def sandboxed() -> Iterator[Pool]:
    with Pool(1, limits=SLOW, **FAULTS) as made:
        if made.sandbox != "bubblewrap":
            pytest.skip("bubblewrap does not work on this machine")
        yield made


@pytest.mark.parametrize("kind", ["bytes", "path", "descriptor", "empty", "none"])
def test_a_call_sees_the_bytes_whatever_their_source(pool: Pool, tmp_path: Path, kind: str) -> None:
    data = b"%PDF-" + bytes(200_000)
    file = tmp_path / "document"
    file.write_bytes(data)
    with open(file, "rb") as opened:
        opened.seek(77)  # the child sees the whole file wherever the descriptor stands
        sources = {"bytes": data, "path": file, "descriptor": opened.fileno(), "empty": b"", "none": None}
        result, blobs = pool.call("echo", sources[kind], page=3, box=[0.1, 0.2], name="é")
    size = 0 if kind in ("empty", "none") else len(data)
    assert result == {"size": size, "arguments": {"page": 3, "box": [0.1, 0.2], "name": "é"}}
    assert blobs == [data[:100] if size else b"", b""]


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("crash", {}, "lecteur_tombe"),
        ("abort", {}, "lecteur_tombe"),
        ("leave", {}, "lecteur_tombe"),
        ("eat", {"mib": 2000}, "lecture_trop_lourde"),
        ("reserve", {}, "lecture_trop_lourde"),
        ("fork_bomb", {}, "lecture_trop_lourde"),
        ("huge_blob", {}, "lecture_trop_lourde"),
        ("huge_result", {}, "lecture_trop_lourde"),
        ("bomb_result", {}, "lecture_trop_lourde"),
        ("garbage", {}, "lecteur_tombe"),
        ("fail", {}, "lecture_trop_lourde"),
        ("broken", {}, "lecteur_tombe"),
        ("recurse", {}, "lecteur_tombe"),
        ("unpicklable", {}, "lecteur_tombe"),
        ("absent", {}, "lecteur_tombe"),
    ],
)
def test_a_fault_is_a_coded_result_and_the_next_call_works(
    pool: Pool, name: str, arguments: dict[str, int], code: str
) -> None:
    began = time.monotonic()
    with pytest.raises(Failed) as caught:
        pool.call(name, b"x", **arguments)
    assert caught.value.code == code
    assert time.monotonic() - began < SLOW.seconds_a_page
    assert pool.call("echo", b"abc")[0]["size"] == 3


def test_memory_stays_under_its_limit_while_it_is_eaten(pool: Pool) -> None:
    peaks: list[int] = []
    with structlog.testing.capture_logs() as lines, pytest.raises(Failed):
        pool.call("eat", b"x", mib=2000)
    peaks = [line["peak"] for line in lines if line["event"] == "cage_fault"]
    assert FAST.resident // 2 < peaks[0] <= FAST.resident


def test_a_refusal_of_the_file_travels_by_its_code_and_keeps_the_child(pool: Pool) -> None:
    before = pool.call("pid", b"x")[0]
    with pytest.raises(Refused) as caught:
        pool.call("refuse", b"x")
    assert caught.value.code == "fichier_chiffre"
    assert len(caught.value.detail) <= 200
    assert not set(caught.value.detail) & set("<>\x1b\n")
    assert pool.call("pid", b"x")[0]["born"] > before["born"]  # the same process, older


def test_the_closed_list_is_closed(pool: Pool) -> None:
    for name in ("os:system", "tests.cage.faults:crash", "nothing", "ocr.split"):
        with pytest.raises(Failed) as caught:
            pool.call(name, b"x")
        assert caught.value.code == "appel_inconnu"


def test_nothing_that_was_read_reaches_the_log_or_the_error(
    pool: Pool, capfd: pytest.CaptureFixture[str]
) -> None:
    with structlog.testing.capture_logs() as lines, pytest.raises(Failed) as caught:
        pool.call("secrets_in_error", b"x")
    told = f"{lines}{caught.value}{''.join(capfd.readouterr())}"
    assert "DUPONT" not in told
    assert any("faults.py" in place for line in lines for place in line["where"])


def test_a_crash_leaves_the_place_in_the_code(pool: Pool) -> None:
    with structlog.testing.capture_logs() as lines, pytest.raises(Failed):
        pool.call("crash", b"x")
    assert lines[0]["signal"] == signal.SIGSEGV
    assert any(place.endswith(" crash") for place in lines[0]["where"])


def test_numbers_of_numpy_come_out_plain(pool: Pool) -> None:
    assert pool.call("numbers", b"x") == ({"f": 0.5, "i": 7, "b": True}, [b"\0\0\0"])


@pytest.fixture(scope="module")
def hasty() -> Iterator[Pool]:
    with Pool(1, limits=FAST, **FAULTS) as made:
        made.warm()
        yield made


def test_an_endless_loop_is_ended_in_time(hasty: Pool) -> None:
    began = time.monotonic()
    with pytest.raises(Failed, match="lecture_trop_longue"):
        hasty.call("loop", b"x")
    assert 1 <= time.monotonic() - began < 60  # just over the second it has, on an idle machine


def test_time_counts_from_the_last_page_told(hasty: Pool) -> None:
    pool = hasty
    assert pool.call("ticks", b"x", pages=5, seconds=0.3)[0] == {"pages": 5}
    assert pool.call("pages_named", b"x", pages=[0, 1, 2], seconds=1.5)[0] == {"pages": [0, 1, 2]}
    with pytest.raises(Failed, match="lecture_trop_longue"):
        pool.call("pages_named", b"x", pages=[0], seconds=1.5)
    with pytest.raises(Failed, match="lecture_trop_longue"):  # telling pages for ever does not help
        pool.call("ticks", b"x", pages=1000, seconds=0.05)


def test_the_file_given_cannot_be_written(pool: Pool, tmp_path: Path) -> None:
    file = tmp_path / "document"
    file.write_bytes(b"original")
    with open(file, "r+b") as opened:
        for source in (opened.fileno(), file, b"original"):
            assert pool.call("change_file", source)[0] == {"ways": []}
    assert file.read_bytes() == b"original"


def test_what_is_no_file_is_refused(pool: Pool, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with open(tmp_path / "sparse", "wb") as sparse:
        sparse.truncate(257 << 20)
    with pytest.raises(Refused, match="fichier_trop_gros"):
        pool.call("echo", tmp_path / "sparse")
    for path in (tmp_path / "fifo", tmp_path, Path("/dev/zero")):
        with pytest.raises(Refused) as caught:
            pool.call("echo", path)
        assert caught.value.code == "type_inconnu"


def test_the_disk_is_bounded(pool: Pool) -> None:
    assert pool.call("disk", b"x")[0]["mib"] <= 256


def test_its_environment_holds_nothing_of_ours(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIASSE_TOKEN", "canary")
    environment = pool.call("look", b"x", paths=[])[0]["environment"]
    assert not [name for name in environment if name.startswith("LIASSE")]
    assert environment["OMP_THREAD_LIMIT"] == "1"


def test_in_bubblewrap_no_network_no_other_file_no_other_process(sandboxed: Pool, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not sandboxed.call("network", b"x", port=server.getsockname()[1])[0]["reached"]
    secret = tmp_path / "secret"
    secret.write_text("canary")
    root = Path(__file__).parents[2]
    paths = [str(secret), "/etc/passwd", str(root / "pyproject.toml"), str(root / "domain/errors.py")]
    seen = sandboxed.call("look", b"x", paths=paths)[0]
    assert list(seen["seen"].values()) == [False, False, False, True]
    assert seen["processes"] <= 4
    folders = [str(tmp_path), "/", "/usr", "/etc", str(root), str(root / "domain"), "/tmp", "/dev/shm"]
    written = sandboxed.call("write_files", b"x", folders=folders)[0]["written"]
    # a checkout below /tmp is a folder of the child's own, empty /tmp but for the rooms
    own = {"/tmp", "/dev/shm", *([str(root)] if root.is_relative_to("/tmp") else [])}
    assert "/tmp" in written
    assert set(written) <= own


def test_under_landlock_no_network_no_other_file_no_signal(tmp_path: Path) -> None:
    """What a container gives us: its own default forbids the namespaces that bubblewrap needs."""
    if landlock.abi() < 6:
        pytest.skip("this kernel's Landlock is too old for the whole of it")
    with Pool(1, limits=SLOW, holds=("landlock",), **FAULTS) as pool:
        with socket.create_server(("127.0.0.1", 0)) as server:
            assert not pool.call("network", b"x", port=server.getsockname()[1])[0]["reached"]
        secret = tmp_path / "secret"
        secret.write_text("canary")
        root = Path(__file__).parents[2]
        of_another = f"/proc/{os.getpid()}/environ"
        paths = [
            str(secret),
            "/etc/passwd",
            str(root / "pyproject.toml"),
            of_another,
            str(root / "domain/errors.py"),
        ]
        seen = pool.call("look", b"x", paths=paths)[0]["seen"]
        assert list(seen.values()) == [False, False, False, False, True]
        folders = [str(tmp_path), "/", "/usr", "/etc", "/tmp", "/dev/shm", str(root), str(root / "domain")]
        assert pool.call("write_files", b"x", folders=folders)[0]["written"] == []
        assert not pool.call("signal_parent", b"x")[0]["reached"]


def test_a_grandchild_does_not_outlive_the_call(sandboxed: Pool) -> None:
    before = set(psutil.pids())
    with pytest.raises(Failed):
        sandboxed.call("spawn", b"x")
    assert sandboxed.call("echo", b"x")
    ours = set(family(os.getpid()))
    left = [pid for pid in set(psutil.pids()) - before - ours if _sleeps_for_us(pid)]
    assert left == []


def _sleeps_for_us(pid: int) -> bool:
    try:
        return "tests.cage.faults" in " ".join(psutil.Process(pid).cmdline())
    except psutil.Error:
        return False


def test_a_child_is_recycled_after_its_share_of_documents() -> None:
    with Pool(1, limits=replace(FAST, documents=3), **FAULTS) as pool:
        for _ in range(7):
            pool.call("echo", b"x")
        assert pool.started in (3, 2)  # the third may still be starting
        assert pool.faults == {}


def test_a_child_that_keeps_much_is_recycled() -> None:
    with Pool(1, limits=SLOW, **FAULTS) as pool:
        pool.call("hold", b"x", mib=600)
        pool.call("echo", b"x")
        assert pool.started == 2


def test_a_child_that_died_idle_costs_no_document() -> None:
    with Pool(1, limits=FAST, **FAULTS) as pool:
        pool.call("echo", b"x")
        for process in psutil.Process().children(recursive=True):
            # the cage's own alone: the servers of the whole session are children too
            with contextlib.suppress(psutil.NoSuchProcess):
                if "cage.child" in process.cmdline():
                    process.kill()
        time.sleep(0.2)
        assert pool.call("echo", b"x")[0]["size"] == 1
        assert pool.faults == {}


def test_those_who_wait_are_served_in_order() -> None:
    order: list[int] = []
    with Pool(1, limits=replace(FAST, seconds_a_page=10), **FAULTS) as pool:
        pool.warm()
        blocker = threading.Thread(target=pool.call, args=("sleep", b"x"), kwargs={"seconds": 0.5})
        blocker.start()
        time.sleep(0.1)

        def wait(number: int) -> None:
            pool.call("sleep", b"x", seconds=0.01)
            order.append(number)

        threads = [threading.Thread(target=wait, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
            time.sleep(0.02)
        for thread in [blocker, *threads]:
            thread.join()
    assert order == sorted(order)


def test_closing_ends_the_call_in_progress_and_those_who_wait() -> None:
    pool = Pool(1, limits=replace(FAST, seconds_a_page=30, max_seconds=30), **FAULTS)
    pool.warm()
    ended: list[type[Exception]] = []

    def call() -> None:
        try:
            pool.call("loop", b"x")
        except Exception as error:
            ended.append(type(error))

    threads = [threading.Thread(target=call) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    pool.close()
    for thread in threads:
        thread.join(5)
    assert ended == [Unavailable] * 3
    with pytest.raises(Unavailable):
        pool.call("echo", b"x")
    pool.close()


def test_where_no_child_starts_the_caller_hears_so() -> None:
    limits = replace(FAST, open_files=1)
    with Pool(1, limits=limits, **FAULTS) as pool, pytest.raises(Unavailable):
        pool.call("echo", b"x")


def test_children_die_with_their_parent() -> None:
    script = (
        "import sys, threading, time\n"
        "from cage import Limits, Pool\n"
        "pool = Pool(2, calls='tests.cage.faults:CALLS', rooms=('cage', 'domain', 'tests'))\n"
        "pool.warm()\n"
        "threading.Thread(target=lambda: pool.call('loop', b'x'), daemon=True).start()\n"
        "time.sleep(0.2)\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=root) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        children = family(parent.pid)[1:]
        assert len(children) >= 2
        parent.kill()
    deadline = time.monotonic() + 5
    while any(map(psutil.pid_exists, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(psutil.pid_exists, children))


def test_a_child_outlives_the_thread_that_first_used_it() -> None:
    with Pool(1, limits=FAST, **FAULTS) as pool:
        first = threading.Thread(target=pool.call, args=("echo", b"x"))
        first.start()
        first.join()
        time.sleep(0.2)
        pool.call("echo", b"x")
        assert pool.started == 1


def test_health_tells_which_walls_stand(pool: Pool) -> None:
    health = pool.health()
    assert health["sandbox"] == pool.sandbox
    assert health["size"] == 1
