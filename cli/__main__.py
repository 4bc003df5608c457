"""The one place where what went wrong becomes a French sentence and an exit code.

0: done. 1: done, and something in it is not as it should be. 2: what was asked cannot be done.
129, 130, 143: interrupted, after stopping whatever was started.
"""

import signal
import sys
from collections.abc import Sequence
from types import FrameType

from cli.main import app
from cli.usage import sentence

_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Interrupted:
    """Ctrl-C, SIGTERM and a closed terminal end a command once: what comes while it stops is not heard."""

    number = signal.SIGINT

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.number = signal.Signals(number)
        for each in _ENDS:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of one command."""
    interrupted = _Interrupted()
    heard = {each: signal.getsignal(each) for each in _ENDS}
    if heard[signal.SIGHUP] == signal.SIG_IGN:
        del heard[signal.SIGHUP]  # under nohup, a closed terminal ends nothing
    for each in heard:
        signal.signal(each, interrupted)
    try:
        code = app(arguments, prog_name="liasse", standalone_mode=False) or 0
        return 128 + interrupted.number if code == 130 else int(code)
    except Exception as error:
        told = sentence(error)
        if told is None:
            raise
        sys.stderr.write(told + "\n")
        return 2
    finally:
        for each, former in heard.items():
            signal.signal(each, former)


if __name__ == "__main__":
    sys.exit(main())
