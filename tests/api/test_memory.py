"""A large upload passes through: it is never held."""

import http.client
import os
import threading
from pathlib import Path

import psutil

from store.house import Store
from tests.api.process import process

MIB = 2**20


def test_200_mib_grow_the_process_by_32_at_most(store: Store, home: Path, tmp_path: Path) -> None:
    with process(home, tmp_path) as (address, _, pid):
        assert send(address, 1) == 201  # everything that is loaded once is loaded
        service, peak, done = psutil.Process(pid), [0], threading.Event()
        before = service.memory_info().rss

        def watch() -> None:
            while not done.wait(0.02):
                peak[0] = max(peak[0], service.memory_info().rss)

        watching = threading.Thread(target=watch)
        watching.start()
        status = send(address, 200)
        done.set()
        watching.join()
    assert status == 201
    assert (peak[0] - before) / MIB <= 32


def send(address: str, mib: int) -> int:
    """Streams that many MiB of noise as the file of a form; the status."""
    noise = os.urandom(MIB)
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n\x89PNG\r\n\x1a\n'
    end = b"\r\n--b--\r\n"
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=120)
    connection.putrequest("POST", "/api/v1/documents")
    connection.putheader("Content-Type", "multipart/form-data; boundary=b")
    connection.putheader("Content-Length", str(len(head) + mib * MIB + len(end)))
    connection.endheaders(head)
    for _ in range(mib):
        connection.send(noise)
    connection.send(end)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status
