"""A child that reads a page keeps within the memory that it is given, in the container that needs most."""

from pathlib import Path

import pytest

from bench.memory import MOST_MIB, peak, write_page


@pytest.mark.parametrize("dpi", MOST_MIB)
def test_a_child_keeps_within_its_memory(dpi: int, tmp_path: Path) -> None:
    page = tmp_path / "page.tif"
    write_page(dpi, "tiff-lzw", page)
    assert peak(page) <= MOST_MIB[dpi]
