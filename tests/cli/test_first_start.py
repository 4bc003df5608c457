"""The first start of a home: refused in words, cut short, begun again."""

import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.demo import Sheet, feed
from cli.service import NotStarted, refuse_a_taken_port
from cli.show import is_empty
from tests.conftest import ROOT


def test_a_taken_port_is_told_with_the_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(NotStarted, match=f"LIASSE_PORT={port + 1} make run"):
            refuse_a_taken_port(port)
    refuse_a_taken_port(port)
    refuse_a_taken_port(0)


def test_a_home_in_use_is_not_fed_a_demonstration(tmp_path: Path) -> None:
    assert is_empty(tmp_path / "none")
    (tmp_path / "forms").mkdir()  # the operator's own blanks may lie there beforehand
    assert is_empty(tmp_path)
    (tmp_path / "postgres" / "data").mkdir(parents=True)
    assert not is_empty(tmp_path)


class Station:
    """A client that is cut after `sheets` sheets."""

    def __init__(self, sheets: int) -> None:
        self.left = sheets
        self.lots: list[int] = []
        self.put: list[tuple[str, int]] = []

    def open_lot(self, declared: int) -> str:
        self.lots.append(declared)
        return "a-lot"

    def put_sheet(self, lot: str, n: int, image: bytes) -> dict[str, Any]:
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1
        self.put.append((lot, n))
        return {}

    def close_lot(self, lot: str) -> dict[str, Any]:
        return {"documents": [f"of {lot}, {n}" for _, n in sorted(set(self.put))]}


def test_feeding_cut_short_takes_up_the_same_lot(tmp_path: Path) -> None:
    sheets = []
    for n in (1, 2, 3):
        image = tmp_path / f"{n}.png"
        image.write_bytes(b"%d" % n)
        sheets.append(Sheet({"file": image.name, "how": "lot"}, image))
    station = Station(2)
    with pytest.raises(KeyboardInterrupt):
        feed(station, tmp_path, sheets)  # type: ignore[arg-type]
    station.left = 3
    feed(station, tmp_path, sheets)  # type: ignore[arg-type]
    assert station.lots == [3]
    assert [sheet.id for sheet in sheets] == ["of a-lot, 1", "of a-lot, 2", "of a-lot, 3"]


@pytest.mark.parametrize("nohup", [False, True])
def test_a_closed_terminal_ends_a_command_unless_nohup(nohup: bool) -> None:
    code = (
        "import os, signal, sys, time\n"
        f"signal.signal(signal.SIGHUP, signal.SIG_IGN if {nohup} else signal.SIG_DFL)\n"
        "import cli.__main__ as command\n"
        "def app(*_, **__):\n"
        "    try:\n"
        "        os.kill(os.getpid(), signal.SIGHUP)\n"
        "        time.sleep(0.1)\n"
        "    except KeyboardInterrupt:\n"
        "        return 130\n"
        "    return 0\n"
        "command.app = app\n"
        "sys.exit(command.main([]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == (0 if nohup else 128 + signal.SIGHUP)
