"""Where a blank seems to be filled: what is proposed from its printed marks alone."""

from ocr.forms.tools.zones import Label, propose

PAGE = (0.0, 0.0, 210.0, 297.0)


def dashes(
    first: float, last: float, foot: float, step: float = 2.8
) -> list[tuple[float, float, float, float]]:
    count = int((last - first) / step)
    return [(first + step * place, foot, 2.2, 0.25) for place in range(count)]


def test_a_line_of_dashes_is_written_on_after_its_caption() -> None:
    printed = [*dashes(40.0, 100.0, 50.0), *dashes(125.0, 190.0, 50.0)]
    labels = [Label("Né le", (10.0, 47.0, 20.0, 3.0)), Label("Lieu de naissance", (102.0, 47.0, 22.0, 3.0))]
    first, second = propose(PAGE, printed, [], labels)
    assert (first.kind, first.name, second.kind, second.name) == ("text", "ne", "text", "lieu_naissance")
    assert first.box[0] < 41.0 < 95.0 < first.box[0] + first.box[2] < 102.0
    assert second.box[0] < 126.0
    assert second.box[1] + second.box[3] <= 50.5


def test_a_few_short_marks_are_no_line() -> None:
    assert propose(PAGE, dashes(40.0, 48.9, 50.0), [], []) == []
