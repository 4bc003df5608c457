"""A3: verification by a third party: no database, no key, one page of documentation.

The program printed on the page is run as it stands, by a bare Python, on a copy of the bucket. Short: 8
documents, one object of each kind spoilt, then lost; long: 200 documents, every object of them.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from archive import names
from archive.journal_seal import seal_pending
from domain.flow import State
from tests.archive.making import archived, corrupt

PAGE = Path(__file__).parents[2] / "docs" / "archive-verify.md"
VERIFY = """
import json, sys
import sqlalchemy
def refused(*_, **__): raise AssertionError("a database was asked for")
sqlalchemy.create_engine = refused
from archive.verify import verify
from store.objects import Objects
told = list(verify(Objects(*sys.argv[1:5])))
print(json.dumps(told))
"""


@pytest.fixture
def documents(form):
    return form.count(8, 200)


@pytest.fixture
def house(own_buckets, documents):
    for number in range(documents):
        archived(own_buckets, number.to_bytes(2, "big"), State.REFUSE if number % 3 == 0 else State.ARCHIVE)
        if number % 3 == 0:
            seal_pending(own_buckets)
    seal_pending(own_buckets)
    return own_buckets


@pytest.fixture
def copy(house, tmp_path):
    for stat in house.objects.list(names.BUCKET):
        path = tmp_path / "copy" / stat.key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(house.objects.get(names.BUCKET, stat.key))
    return tmp_path / "copy"


def run(copy, tmp_path, *noted):
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    script = tmp_path / "page.py"
    script.write_text(program)
    return subprocess.run(
        [sys.executable, "-I", "-S", str(script), str(copy), *noted],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_page_is_one_page_and_names_every_verdict():
    text = PAGE.read_text()
    assert len(text) < 9_500
    source = (PAGE.parents[1] / "archive").glob("*.py")
    used = set(re.findall(r'but\(\s*"([a-z_]+)"', "".join(path.read_text() for path in source)))
    assert used
    assert all(f"`{verdict}`" in text for verdict in used)


def test_the_program_of_the_page_finds_all_in_order(copy, tmp_path, documents):
    done = run(copy, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{documents} documents" in done.stdout


def test_and_any_one_file_changed_or_removed(copy, tmp_path, documents, form):
    """One byte in, then the loss of, one object of each kind, and the first seal; long: of every object."""
    files = sorted(each for each in copy.rglob("*") if each.is_file())
    kinds = {}
    for path in files:
        name = names.parse(str(path.relative_to(copy)))
        kinds[name.part or name.kind] = path
    assert {"original", "pdfa", "reading", "journal", "facts", "manifest", "seal"} <= set(kinds)
    seals = sorted((copy / "seals").iterdir())
    for path in files if form.long else [*kinds.values(), seals[0]]:
        data = path.read_bytes()
        path.write_bytes(corrupt(data))
        assert run(copy, tmp_path).returncode != 0, path
        path.unlink()
        # nothing names the last seal yet, but the note of whoever wrote it down
        assert run(copy, tmp_path, seals[-1].name).returncode != 0, path
        path.write_bytes(data)
    assert run(copy, tmp_path, seals[-1].name).returncode == 0
    tried = len(files) if form.long else len(kinds) + 1
    form.tell("A3", f"{documents} documents by the page's program; {tried} of {len(files)} objects spoilt, "
              "then lost: each seen")  # fmt: skip


def test_ours_asks_for_no_database_and_no_key(house, form):
    s = house.settings
    keys = (s.s3_endpoint, s.s3_access_key, s.s3_secret_key, house.objects.prefix)
    done = subprocess.run(
        [sys.executable, "-c", VERIFY, *keys], capture_output=True, text=True, check=False,
        cwd=PAGE.parents[1], env={"PATH": "/usr/bin:/bin", "PYTHONPATH": "."},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert len(told) == len(list(house.objects.list(names.BUCKET)))
    assert all(each["ok"] for each in told)
    form.tell("A3", f"{len(told)} of {len(told)} objects verified without database or key")
