"""The parent of H1: a process of its own, so that its memory is its own and not that of the tests run before.

Reads lines `{"file": path, "hasty": bool}`; answers each `{"code": ..., "parent": bytes, "cage": bytes}`.
"""

import io
import json
import sys
from pathlib import Path

import psutil

from api.logs import configure
from cage import Limits, Pool
from domain.errors import LiasseError
from ingest.deposits import deposit
from store.house import Store, open_store
from store.senders import Sender, house_sender
from store.settings import load_settings
from tests.promises.hostile import LU

NOTHING = "nothing was read"


def outcome(store: Store, sender: Sender, pool: Pool, data: bytes) -> str:
    """The whole way in: the deposit, the look at its pages, and reading and drawing the first."""
    try:
        deposit(store, sender, io.BytesIO(data), length=len(data))
        found, _ = pool.call("ocr.split", data, max_pages=500, max_pixels=120_000_000)
        if not found["pages"]:
            return NOTHING
        pool.call("ocr.render", data, page=0, dpi=100)
        pool.call("ocr.read", data, pages=[0])
    except LiasseError as error:
        return error.code
    return LU


def main() -> None:
    configure()  # lines on stderr: stdout is for the answers
    process, parent = psutil.Process(), 0
    store = open_store(load_settings())
    with store.begin() as conn:
        sender = house_sender(conn)
    hasty = Limits(seconds_a_page=2, max_seconds=2)  # for files that spend all the time that they get
    with Pool(1) as usual, Pool(2, limits=hasty) as quick:
        for line in sys.stdin:
            asked = json.loads(line)
            code = outcome(store, sender, quick if asked["hasty"] else usual, Path(asked["file"]).read_bytes())
            parent = max(parent, process.memory_info().rss)
            told = {"code": code, "parent": parent, "cage": max(usual.peak, quick.peak)}
            print(json.dumps(told), flush=True)
    store.close()


if __name__ == "__main__":
    main()
