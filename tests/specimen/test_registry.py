"""What a reader learned from never measures it: fonts and hands have one split each."""

import random
from pathlib import Path

import pytest

from ocr.specimen import hands, registry
from ocr.specimen.filling import Handwritten, Printed
from ocr.specimen.glyphs import can_write
from ocr.specimen.registry import SPLITS, Sources, WrongSplit


def test_each_split_has_printed_fonts_of_its_own() -> None:
    found = {split: set(Sources(split).printed_fonts()) for split in SPLITS}
    assert all(len(names) >= 3 for names in found.values())
    assert not found["train"] & found["test"]
    assert not found["train"] & found["fit"]
    assert not found["fit"] & found["test"]


def test_stroke_hands_and_mnist_digits_are_parted() -> None:
    numbers = [set(registry.STROKE_HANDS[split]) for split in SPLITS]
    assert sum(map(len, numbers)) == len(set().union(*numbers))
    parts = [registry.MNIST[split] for split in SPLITS]
    spans = [(file, range(first, end)) for file, first, end in parts]
    for i, (file, span) in enumerate(spans):
        for other, reach in spans[i + 1 :]:
            assert file != other or not set(span) & set(reach)


def test_a_font_or_hand_of_another_split_is_refused() -> None:
    with pytest.raises(WrongSplit):
        registry.check("LiberationSerif-Regular.ttf", "train", printed=True)
    with pytest.raises(WrongSplit):
        registry.check("strokes-3", "test", printed=False)
    with pytest.raises(WrongSplit):
        registry.check("kalam", "train", printed=False)
    with pytest.raises(WrongSplit):
        registry.check("strokes-100000", "train", printed=False)


def test_an_unknown_font_has_one_split_whatever_its_folder() -> None:
    assert registry.split_of_font("/a/Unknown.ttf") == registry.split_of_font("/b/Unknown.ttf")


@pytest.mark.parametrize("split", SPLITS)
def test_writers_are_drawn_from_their_split_alone(split: registry.Split) -> None:
    sources = Sources(split)
    for seed in range(40):
        rng = random.Random(seed)
        assert registry.split_of_font(Printed.choose(sources, rng, hard=False).source) == split
        assert registry.split_of_hand(Handwritten.choose(sources, rng).source) == split


def test_handwriting_fonts_and_mnist_keep_to_their_split(shared: Path) -> None:
    folder = shared / "data/handwriting"
    fonts = {split: Sources(split, written=folder / "fonts").written_fonts() for split in SPLITS}
    assert sum(map(len, fonts.values())) == len(list((folder / "fonts").glob("*.ttf")))
    assert all(fonts.values())
    sources = Sources("test", written=folder / "fonts", mnist=folder / "mnist")
    names = {hands.choose(sources, random.Random(seed)).name for seed in range(12)}
    assert any(name.startswith("mnist-test-") for name in names)


def test_a_hand_is_the_same_by_its_name_and_differs_from_the_next() -> None:
    def written(number: int) -> bytes:
        return hands.Strokes(number).line("LEFÈVRE Zoé 1747", 40, 4, random.Random(1)).tobytes()

    assert written(500) == written(500)
    assert written(500) != written(501)


def test_every_name_of_the_population_can_be_written() -> None:
    from ocr.specimen import names

    places = [town for _, _, town in names.HOMES]
    for text in (*names.WOMEN, *names.MEN, *names.LAST, *names.STREETS, *places, "0123456789 °:./,'-"):
        assert can_write(text), text
        assert can_write(text.upper()), text
