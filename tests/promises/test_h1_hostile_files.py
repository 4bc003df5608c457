"""H1: a named corpus of hostile files; each a coded refusal or a quarantine, the parent at 512 MB at
most, the cage at 1 GiB at most. Long: 500 files (mutants of good ones besides)."""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cage import Pool
from domain.errors import CATALOGUE, Refused
from domain.flow import State
from ingest.hotfolder import HotFolder
from store import documents
from store.house import Store
from tests.promises.conftest import Form
from tests.promises.hostile import CORPUS, LU, drawn
from tests.promises.mutants import mutants

PARENT, CAGE = 512_000_000, 1 << 30


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """As in production."""
    with Pool(1) as made:
        made.warm()
        yield made


@pytest.fixture
def way_in(home: Path, store: Store, tmp_path: Path) -> Iterator[Callable[[bytes, bool], dict[str, Any]]]:
    """What becomes of bytes, in a process of its own (see way_in.py)."""
    command = [sys.executable, "-m", "tests.promises.way_in"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout

        def ask(data: bytes, hasty: bool) -> dict[str, Any]:
            (tmp_path / "file").write_bytes(data)
            print(json.dumps({"file": str(tmp_path / "file"), "hasty": hasty}), file=process.stdin, flush=True)
            answer: dict[str, Any] = json.loads(process.stdout.readline())
            return answer

        yield ask
        process.stdin.close()
        assert process.wait(60) == 0


@pytest.mark.timeout(7200)
def test_h1_every_hostile_file_ends_in_a_coded_answer(
    way_in: Callable[[bytes, bool], dict[str, Any]], pool: Pool, form: Form
) -> None:
    wrong, seen, answer = [], Counter[str](), {"parent": 0, "cage": 0}
    began = time.monotonic()
    for each in CORPUS:
        if each.long and not form.long:
            continue
        data = each.make()
        start = time.monotonic()
        answer = way_in(data, each.spends)
        code = answer["code"]
        seen[code] += 1
        print(f"{each.name:45} {code:22} {len(data):>9} {time.monotonic() - start:6.2f} s")
        if code not in each.expected:
            wrong.append((each.name, code, each.expected))
    if form.long:
        for name, data in mutants(form.count(0, 600 - len(CORPUS)), seed=20261120):
            answer = way_in(data, False)
            code = answer["code"]
            seen[code] += 1
            if code != LU and code not in CATALOGUE:
                wrong.append((name, code, ()))
    number = seen.total()
    refused = number - seen[LU]
    form.tell(
        "H1",
        f"{number} files, {refused} refused or quarantined, {seen[LU]} read as what they are, none uncoded; "
        f"parent {answer['parent'] >> 20} MiB, cage {answer['cage'] >> 20} MiB, "
        f"{time.monotonic() - began:.0f} s",
    )
    assert wrong == [], dict(seen)
    assert refused >= (200 if form.long and form.share == 1 else 40)
    assert answer["parent"] <= PARENT
    assert answer["cage"] <= CAGE
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
