"""U3: every error code has a French sentence and a next step, in the docs and on screen."""

import re
from pathlib import Path

import pytest

from domain.errors import CATALOGUE
from store.house import Store
from tests.api.serving import caller, served

ROOT = Path(__file__).parents[2]


def test_every_code_is_on_its_page(store: Store) -> None:
    with served(store) as address, caller(address) as client:
        page = client.get("/errors").text.replace("&#39;", "'")
    for code, problem in CATALOGUE.items():
        assert f'id="{code}"' in page
        assert problem.sentence in page
        assert problem.next_step in page


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_speaks_french_sentences(code: str) -> None:
    problem = CATALOGUE[code]
    for said in (problem.sentence, problem.next_step):
        assert said[0].isupper()
        assert said.endswith(".")
        assert len(said) > 12
    assert 400 <= problem.status < 600
    assert re.fullmatch(r"[a-z_]+", code)


def test_every_code_is_in_the_docs() -> None:
    table = ROOT / "docs/errors.md"
    if not table.is_file():
        pytest.skip("docs/errors.md is not generated yet: make docs")
    text = table.read_text()
    assert [code for code in CATALOGUE if f"`{code}`" not in text] == []


def test_every_code_that_the_code_raises_is_declared() -> None:
    """A code that no table knows would be a KeyError where a refusal was meant."""
    raised = re.compile(r'(?:Refused|Unavailable|Failed)\(\s*"([a-z_]+)"')
    rooms = (
        "api",
        "archive",
        "cage",
        "checks",
        "dossiers",
        "ingest",
        "ocr",
        "outbound",
        "store",
        "validation",
        "workers",
    )
    unknown = {
        f"{file.relative_to(ROOT)}: {code}"
        for room in rooms
        for file in (ROOT / room).rglob("*.py")
        for code in raised.findall(file.read_text())
        if code not in CATALOGUE
    }
    assert unknown == set()
