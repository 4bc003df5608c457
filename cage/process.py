"""One child, seen from its parent: started, called, watched, stopped."""

import contextlib
import fcntl
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

import psutil

from cage.frames import Channel, Closed, Garbled, Oversized
from cage.limits import Limits
from domain.errors import CATALOGUE, Failed, Refused

_FAULTS_BYTES = 16 * 1024
_FAULT_FRAME = re.compile(rb'File "([^"\n]+)", line (\d+) in (\S+)')
_SEALS = fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
_UNPRINTABLE = re.compile(r"[^\w\s.,;:'’«»()/%-]")


class _Stop(Exception):
    """The watch says that the call has gone too far."""

    def __init__(self, code: str) -> None:
        self.code = code


class Fault(Failed):
    """A call that cost the child its life. `facts` go to the log; they hold nothing that was read."""

    def __init__(self, code: str, detail: str = "", **facts: object) -> None:
        super().__init__(code, detail)
        self.facts = facts


def family(pid: int) -> list[int]:
    """A process and all that descend from it, from /proc: 50 µs, where psutil reads every process."""
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{each}/task"):
                with open(f"/proc/{each}/task/{task}/children", "rb") as children:
                    found.extend(int(number) for number in children.read().split())
    return found


def resident(pids: Sequence[int]) -> int:
    """Bytes in memory of these processes."""
    total = 0
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            total += psutil.Process(pid).memory_info().rss
    return total


def _tame(detail: object) -> str:
    """A sentence from a child is foreign text: short, on one line, without markup or escapes."""
    return " ".join(_UNPRINTABLE.sub("", detail).split())[:200] if isinstance(detail, str) else ""


class Child:
    """A running `python -m cage.child`. Used by one thread at a time.

    To be made by a thread that lives as long as the child: the kernel's die-with-parent means the
    thread that forked."""

    def __init__(
        self,
        prefix: list[str],
        environment: dict[str, str],
        calls: str,
        limits: Limits,
        within: str | None = None,
    ) -> None:
        self.limits = limits
        self.documents = 0
        self.peak = 0
        self.warm = False
        self._deadline = self._last = 0.0
        ours, theirs = socket.socketpair()
        self._faults = os.memfd_create("faults", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(self._faults, _FAULTS_BYTES)
        fcntl.fcntl(self._faults, fcntl.F_ADD_SEALS, _SEALS)
        command = [*prefix, sys.executable, "-s", "-B", "-m", "cage.child", "--calls", calls]
        command += ["--limits", limits.to_json(), "--faults", str(self._faults)]
        with theirs:
            self._process = subprocess.Popen(
                command + (["--alone"] if prefix else ["--within", within] if within else []),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
                cwd="/",
                pass_fds=(self._faults,),
                start_new_session=True,
            )
        self._channel = Channel(ours, self._watch)
        self._begin(limits.start_seconds)
        try:
            self._channel.receive(1024, 0)
        except (Closed, Garbled, Oversized, _Stop) as error:
            where = self.describe_faults()
            self.stop()
            raise OSError(f"the child does not start: {where}") from error

    def call(self, name: str, file: int | None, arguments: dict[str, Any], seconds: float) -> Any:
        """The (result, blobs) of a call. Raises Refused, or Fault: the child is then to be stopped."""
        self.documents += 1
        self._begin(seconds)
        message = {"kind": "call", "call": name, "arguments": arguments, "seconds": seconds}
        try:
            self._channel.send(message, file=file)
            while True:
                answer, blobs = self._channel.receive(self.limits.result_bytes, self.limits.blob_bytes)
                if answer.get("kind") != "tick":
                    return self._judge(answer, blobs)
                self._deadline = time.monotonic() + self.limits.seconds_a_page
        except _Stop as stop:
            raise Fault(stop.code, peak=self.peak) from None
        except Oversized:
            raise Fault("lecture_trop_lourde", "Le résultat est trop grand.", peak=self.peak) from None
        except Garbled:
            raise Fault("lecteur_tombe", peak=self.peak) from None
        except Closed:
            raise self._death() from None

    def prepare(self) -> list[str]:
        """Loads all that calls need; the names of those that cannot be loaded."""
        self._begin(self.limits.start_seconds)
        try:
            self._channel.send({"kind": "warm"})
            answer, _ = self._channel.receive(self.limits.result_bytes, 0)
        except _Stop as stop:
            raise Fault(stop.code, peak=self.peak) from None
        except (Closed, Garbled, Oversized):
            raise self._death() from None
        self.warm = True
        return [str(each) for each in answer.get("missing", ())]

    def spent(self) -> bool:
        """Whether it has served enough, or keeps too much: another one is then fresher."""
        return self.documents >= self.limits.documents or self._resident() > self.limits.resident // 2

    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """Ends it with all that it started; safe while another thread is in a call of it."""
        pids = family(self._process.pid)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        for pid in pids[1:]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        """Kills it, waits for its end, and closes what was open for it. By its only user."""
        self.kill()
        self._process.wait()
        self._channel.close()
        if self._faults >= 0:
            os.close(self._faults)
            self._faults = -1

    def describe_faults(self) -> list[str]:
        """Places in the code, from the last words of a crashed child; never a message."""
        words = os.pread(self._faults, _FAULTS_BYTES, 0)
        frames = _FAULT_FRAME.findall(words)[:6]
        return [
            f"{os.path.basename(file).decode(errors='replace')}:{line.decode()} {name.decode(errors='replace')}"
            for file, line, name in frames
        ]

    def _begin(self, seconds: float) -> None:
        now = time.monotonic()
        self._deadline = now + seconds
        self._last = now + max(seconds, self.limits.max_seconds)
        self.peak = 0

    def _resident(self) -> int:
        return resident(family(self._process.pid))

    def _watch(self) -> None:
        if time.monotonic() > min(self._deadline, self._last):
            raise _Stop("lecture_trop_longue")
        pids = family(self._process.pid)
        size = resident(pids)
        self.peak = max(self.peak, size)
        if size > self.limits.resident - self.limits.margin or len(pids) > self.limits.processes:
            raise _Stop("lecture_trop_lourde")

    def _judge(self, answer: dict[str, Any], blobs: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
        kind, code = answer.get("kind"), answer.get("code")
        if kind == "done" and isinstance(answer.get("result"), dict):
            return answer["result"], blobs
        if kind == "refused" and code in CATALOGUE:
            raise Refused(code, _tame(answer.get("detail")))
        if kind == "failed" and code in CATALOGUE:
            raise Fault(code, _tame(answer.get("detail")), peak=self.peak)
        places = answer.get("where")
        raise Fault(
            "lecteur_tombe",
            type=_tame(answer.get("type")),
            where=[_tame(each) for each in places[:6]] if isinstance(places, list) else [],
            peak=self.peak,
        )

    def _death(self) -> Fault:
        """What its end tells. Bubblewrap says 128 + n where a signal n ended what it runs."""
        try:
            status = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return Fault("lecteur_tombe", peak=self.peak)
        number = -status if status < 0 else status - 128 if status > 128 else 0
        code = "lecteur_tombe"
        if number == signal.SIGXCPU:
            code = "lecture_trop_longue"
        elif number in (signal.SIGKILL, signal.SIGABRT) and self.peak > self.limits.resident // 2:
            code = "lecture_trop_lourde"
        return Fault(code, signal=number, status=status, where=self.describe_faults(), peak=self.peak)
