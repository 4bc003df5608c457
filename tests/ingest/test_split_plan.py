"""What becomes of a file: no page is ever lost between documents, separators and blanks."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Failed
from ingest.split_plan import Part, decide, outcome


def split(
    count: int, documents: list[list[int]], separators: tuple[int, ...] = (), blanks: tuple[int, ...] = ()
) -> dict[str, Any]:
    return {
        "media_type": "image/tiff",
        "pages": [{} for _ in range(count)],
        "documents": [{"type": "facture", "form": None, "pages": pages} for pages in documents],
        "separators": list(separators),
        "blanks": list(blanks),
    }


def test_one_document() -> None:
    plan = decide(split(2, [[0, 1]]))
    assert (plan.kind, plan.whole, plan.parts) == ("seul", True, (Part("facture", None, (0, 1)),))


def test_one_document_and_a_blank_verso_keeps_its_own_page() -> None:
    plan = decide(split(2, [[0]], blanks=(1,)))
    assert (plan.kind, plan.whole, plan.parts[0].pages) == ("seul", False, (0,))


def test_several_documents_become_children() -> None:
    plan = decide(split(5, [[0, 1], [3, 4]], separators=(2,)))
    assert plan.kind == "scinde"
    assert [part.pages for part in plan.parts] == [(0, 1), (3, 4)]


@pytest.mark.parametrize(
    ("separators", "blanks", "reason"),
    [((0,), (1,), "separateur"), ((), (0, 1), "blanc"), ((0, 1), (), "separateur")],
)
def test_a_file_without_a_document_is_set_aside(
    separators: tuple[int, ...], blanks: tuple[int, ...], reason: str
) -> None:
    plan = decide(split(2, [], separators, blanks))
    assert (plan.kind, plan.reason, plan.parts) == ("ecarte", reason, ())


def test_a_sheet_of_a_lot_has_one_page() -> None:
    assert decide(split(1, [[0]]), in_lot=True).kind == "seul"
    plan = decide(split(2, [[0, 1]]), in_lot=True)
    assert (plan.kind, plan.reason) == ("rejete", "une_image_par_feuille")


def test_a_page_that_was_forgotten_is_a_document_for_a_person() -> None:
    plan = decide(split(5, [[2]]))
    assert [(part.type, part.pages) for part in plan.parts] == [
        ("inconnu", (0, 1)),
        ("facture", (2,)),
        ("inconnu", (3, 4)),
    ]


@pytest.mark.parametrize(
    "broken",
    [
        split(0, []),
        split(2, [[0], [0]]),
        split(2, [[2]]),
        split(2, [[-1]]),
        split(2, [[0, 0]]),
        split(2, [["0"]]),  # type: ignore[list-item]
        split(1, [[0]], separators=(4,)),
        split(1, [[0]], blanks=(1, 1)),
    ],
)
def test_an_answer_that_cannot_be_true_is_a_fault(broken: dict[str, Any]) -> None:
    with pytest.raises(Failed, match="lecteur_tombe"):
        decide(broken)


@given(st.lists(st.sampled_from("dsbf"), min_size=1, max_size=30), st.booleans())
def test_no_page_is_lost_nor_doubled(kinds: list[str], in_lot: bool) -> None:
    """d: a document of one page, s: separator, b: blank, f: forgotten."""
    pages = {kind: [index for index, each in enumerate(kinds) if each == kind] for kind in "dsbf"}
    given_ = split(len(kinds), [[page] for page in pages["d"]], tuple(pages["s"]), tuple(pages["b"]))
    plan = decide(given_, in_lot=in_lot)
    if plan.kind == "rejete":
        return
    kept = [page for part in plan.parts for page in part.pages]
    assert sorted(kept) == sorted(pages["d"] + pages["f"])


def test_what_an_image_counts_as() -> None:
    seen = split(3, [[0]], separators=(1,), blanks=(2,))
    assert [outcome(seen, page) for page in range(3)] == ["document", "separateur", "blanc"]
