"""H1: a named corpus of hostile files; each a coded refusal or a quarantine, the parent at 512 MB at
most, the cage at 1 GiB at most. Long: 500 files (mutants of good ones besides)."""

import io
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from cage import Limits, Pool
from domain.errors import CATALOGUE, LiasseError, Refused
from domain.flow import State
from ingest.deposits import deposit
from ingest.hotfolder import HotFolder
from store import documents
from store.house import Store
from store.senders import Sender, house_sender
from tests.promises.hostile import CORPUS, LU, drawn
from tests.promises.mutants import mutants

PARENT, CAGE = 512_000_000, 1 << 30


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """As in production."""
    with Pool(1) as made:
        made.warm()
        yield made


@pytest.fixture(scope="module")
def hasty() -> Iterator[Pool]:
    """For files that spend all the time that they get: two seconds rather than sixty."""
    with Pool(2, limits=Limits(seconds_a_page=2, max_seconds=2)) as made:
        made.warm()
        yield made


def outcome(store: Store, sender: Sender, pool: Pool, data: bytes) -> str:
    """The whole way in: the deposit, the look at its pages, and reading and drawing the first."""
    try:
        deposit(store, sender, io.BytesIO(data), length=len(data))
        found, _ = pool.call("ocr.split", data, max_pages=500, max_pixels=120_000_000)
        if not found["pages"]:
            return "nothing was read"
        pool.call("ocr.render", data, page=0, dpi=100)
        pool.call("ocr.read", data, pages=[0])
    except LiasseError as error:
        return error.code
    return LU


@pytest.mark.timeout(600)
def test_h1_every_hostile_file_ends_in_a_coded_answer(
    store: Store, pool: Pool, hasty: Pool, request: pytest.FixtureRequest
) -> None:
    with store.begin() as conn:
        sender = house_sender(conn)
    long = request.config.getoption("--long", default=False)
    process, parent, wrong, seen = psutil.Process(), 0, [], Counter[str]()
    began = time.monotonic()
    for each in CORPUS:
        if each.long and not long:
            continue
        data = each.make()
        start = time.monotonic()
        code = outcome(store, sender, hasty if each.spends else pool, data)
        parent = max(parent, process.memory_info().rss)
        seen[code] += 1
        print(f"{each.name:45} {code:22} {len(data):>9} {time.monotonic() - start:6.2f} s")
        if code not in each.expected:
            wrong.append((each.name, code, each.expected))
    if long:
        for name, data in mutants(600 - len(CORPUS), seed=20261120):
            code = outcome(store, sender, pool, data)
            parent = max(parent, process.memory_info().rss)
            seen[code] += 1
            if code != LU and code not in CATALOGUE:
                wrong.append((name, code, ()))
    number, cage = seen.total(), max(pool.peak, hasty.peak)
    refused = number - seen[LU]
    print(
        f"H1: {number} files, {refused} refused or quarantined, {seen[LU]} read as what they are; "
        f"parent {parent >> 20} MiB, cage {cage >> 20} MiB, {time.monotonic() - began:.0f} s; {dict(seen)}"
    )
    assert wrong == []
    assert refused >= (200 if long else 40)
    assert parent <= PARENT
    assert cage <= CAGE
    assert pool.call("ocr.split", drawn(b"100 100 300 300 re f"))[0]["pages"]  # and the cage still reads


def test_h1_hostile_names_and_wrong_extensions_change_nothing(store: Store, tmp_path: Path) -> None:
    """Each refused file of the corpus, dropped in the hot folder under a name made to hurt."""
    names = "%{}.pdf", "-{}.jpg", "$({}).tiff", "{}\n.png", "\u202e{}.fdp", "{}.pdf.exe", "'; {} --", "{} "
    refused = []
    for each in CORPUS:
        if each.expected != ("type_inconnu",):
            continue
        name = names[len(refused) % len(names)].format(each.name)
        (tmp_path / name).write_bytes(each.make())
        refused.append(each.name)
    scan = HotFolder(store, tmp_path, quiet=0.0).scan()
    assert (scan.rejected, scan.taken, scan.kept) == (len(refused), 0, 0)
    with store.begin() as conn:
        rows = documents.find(conn)
    assert {(row.status, row.reason) for row in rows} == {(State.REJETE, "type_inconnu")}
    assert len(rows) == len(refused) >= 15


def test_h1_a_refusal_tells_no_more_than_its_code(pool: Pool) -> None:
    for each in CORPUS:
        if each.expected == ("fichier_chiffre",):
            with pytest.raises(Refused) as caught:
                pool.call("ocr.split", each.make())
            assert "secret" not in str(caught.value)
