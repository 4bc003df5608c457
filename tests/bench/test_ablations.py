"""What takes a part's place can be called as the part is."""

import inspect

import pytest

from bench.ablations import PARTS


@pytest.mark.parametrize("part", PARTS)
def test_what_takes_a_parts_place_is_called_alike(part: str) -> None:
    for place, name, instead in PARTS[part]:
        needed = [
            each for each in inspect.signature(getattr(place, name)).parameters.values()
            if each.default is inspect.Parameter.empty
        ]  # fmt: skip
        inspect.signature(instead).bind(*needed)
