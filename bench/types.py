"""What a page is taken for: `python -m bench.types [--n 200] [--seed 1] [--shared ../shared]`.

Each known form, blank and filled, as we draw it and as its true blank shows it, and pages that are no known
form: other forms, letters, tables of empty cells, invoices. Each is scanned poorly at 200 or 300 dpi, in
colour, grey or black and white, askew, in one of four turns; then looked at as the reader does before it reads
any field. Right is the form (for other pages: none). An invoice is told by its words, later: not counted here.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ocr.files import open_file
from ocr.forms import Form, load_form
from ocr.read import examine, warm
from ocr.specimen import PROFILES, Sources
from ocr.specimen.declarations import make_declaration
from ocr.specimen.files import encode
from ocr.specimen.making import write_on
from ocr.specimen.names import LAST, PRACTICES, STREETS
from ocr.specimen.paper import Paper, Pixels, blank_paper
from ocr.specimen.population import Population, make_population
from ocr.specimen.scanning import A4, BLEED, scan_paper
from ocr.specimen.scoring import upper_bound
from ocr.specimen.vector import Page, invoice_page, write_pdf

NONE = "aucun"
DPIS, MODES = (200, 300), ("colour", "grey", "bilevel")
TRUE_BLANKS = {
    "s3110j": ("s3110j/blank.png", 0),
    "s3704b": ("s3704b/blank.png", 0),
    "s6200i": ("other/CERFA-14463-03_declaration_AT.pdf", 0),
    "s6200i_notice": ("other/CERFA-14463-03_declaration_AT.pdf", 1),
}
"""The file in shared/data/forms and its page."""

FILLING = (None, "printed", "handwritten")
FONT = "LiberationSans-Regular.ttf"


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of page. `make`: a sheet of it at some dpi. `form`: what it is to be taken for."""

    label: str
    form: str
    make: Callable[[int, random.Random], Paper]


def form_kinds(folder: Path | None, people: Population) -> Iterator[Kind]:
    """`folder`: of the true blanks; without it, our drawings alone."""
    for name, (file, page) in TRUE_BLANKS.items():
        form = load_form(name)
        for blank in (None, picture(folder / file, page)) if folder else (None,):
            for filling in FILLING if form.fields else (None,):
                label = f"{name}, {'drawn' if blank is None else 'true'}, {filling or 'blank'}"
                yield Kind(label, name, _filled(form, blank, filling, people))


def _filled(
    form: Form, blank: Pixels | None, filling: str | None, people: Population
) -> Callable[[int, random.Random], Paper]:
    def make(dpi: int, rng: random.Random) -> Paper:
        paper = blank_paper(form, dpi, blank)
        if filling:
            write_on(paper, make_declaration(form, people, rng), filling, Sources(), rng)
        return paper if form.page_mm[0] > A4[0] + BLEED[0] else on_sheet(paper.pixels, dpi)

    return make


def other_kinds(folder: Path | None) -> Iterator[Kind]:
    """Pages that are no form we know."""
    yield Kind("letter", NONE, lambda dpi, rng: drawn(letter(rng), dpi))
    yield Kind("table of cells", NONE, lambda dpi, rng: drawn(cells(rng), dpi))
    yield Kind("invoice", NONE, lambda dpi, rng: drawn(invoice(rng), dpi))
    known = {file for file, _ in TRUE_BLANKS.values()}
    files = sorted((folder / "other").iterdir()) if folder else []
    pages = [
        picture(file, page)
        for file in files
        if f"other/{file.name}" not in known
        for page in range(length(file))
    ]
    if pages:
        yield Kind("other form", NONE, lambda dpi, rng: on_sheet(rng.choice(pages), dpi))


def length(file: Path) -> int:
    with open_file(file.read_bytes()) as source:
        return len(source)


def picture(file: Path, page: int) -> Pixels:
    with open_file(file.read_bytes()) as source:
        found = source.page(page).image
    return np.asarray(found if found.ndim == 3 else cv2.cvtColor(found, cv2.COLOR_GRAY2BGR), np.uint8)


def on_sheet(image: Pixels, dpi: int) -> Paper:
    """A picture as large as a sheet of A4 takes it, with the bleed that scan_paper cuts off."""
    scale = dpi / 25.4
    size = [round((side + 2 * bleed) * scale) for side, bleed in zip(A4, BLEED, strict=True)]
    page = np.full((size[1], size[0], 3), 255, np.uint8)
    fit = min(A4[0] * scale / image.shape[1], A4[1] * scale / image.shape[0])
    how = cv2.INTER_AREA if fit < 1 else cv2.INTER_CUBIC
    shown = cv2.resize(image, None, fx=fit, fy=fit, interpolation=how)
    top, left = round(BLEED[1] * scale), round(BLEED[0] * scale)
    room = page[top : top + shown.shape[0], left : left + shown.shape[1]]
    room[:] = shown[: room.shape[0], : room.shape[1]]
    return Paper(load_form("s3110j"), page, scale)


def drawn(page: Page, dpi: int) -> Paper:
    with open_file(write_pdf([page], "page")) as source:
        return on_sheet(np.asarray(source.page(0).image, np.uint8), dpi)


def letter(rng: random.Random) -> Page:
    page, y = Page(*A4), 25.0
    page.colour((25, 25, 25))
    size = rng.uniform(3.2, 4.4)
    while y < rng.uniform(120, 280):
        words = [rng.choice(LAST + STREETS + PRACTICES) for _ in range(rng.randrange(2, 6))]
        page.text(FONT, size, 22, y, " ".join(words)[: int(330 / size)])
        y += size * rng.choice((1.5, 1.5, 1.5, 3))
    return page


def cells(rng: random.Random) -> Page:
    """Combs, boxes and captions like those of a form, but of none."""
    page, y = Page(*A4), rng.uniform(12, 25)
    page.colour(rng.choice(((25, 25, 25), (40, 80, 150), (150, 60, 40))))
    while y < 275:
        x, pitch, high = rng.uniform(10, 60), rng.uniform(3.5, 7), rng.uniform(3.5, 7)
        page.text(FONT, 2.6, x, y - 1, rng.choice(LAST + STREETS))
        count = rng.randrange(1, int((198 - x) / pitch))
        page.line([(x, y + high), (x + count * pitch, y + high)], 0.25)
        for place in range(0, count + 1, rng.choice((1, 1, count))):
            page.line([(x + place * pitch, y), (x + place * pitch, y + high)], 0.25)
        y += high + rng.uniform(4, 12)
    return page


def invoice(rng: random.Random) -> Page:
    lines = [
        (rng.choice(LAST), str(rng.randrange(1, 9)), f"{rng.randrange(5, 400)},00")
        for _ in range(rng.randrange(2, 18))
    ]
    return invoice_page(
        lines, ["FACTURE", rng.choice(PRACTICES), rng.choice(STREETS)], ["Total TTC", "Payable à 30 jours"]
    )


def taken_for(kind: Kind, dpi: int, number: int, seed: int) -> tuple[str, float]:
    """The form that one page is taken for, and the CPU seconds of the look."""
    rng = random.Random(f"types-{seed}-{kind.label}-{dpi}-{number}")
    mode, turn = MODES[number % len(MODES)], (number + dpi // 100) % 4
    scan = PROFILES["printed_hard"].scan(rng, dpi=dpi, mode=mode, turn=turn)
    seen, _ = scan_paper(kind.make(dpi, rng), scan)
    with open_file(encode([seen], scan.container, dpi, scan.quality)) as source:
        page = source.page(0)
    started = time.process_time()
    form = examine(0, page, None).form or NONE
    return form, time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=200, help="pages in all, as many of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="true blanks and other forms")
    given = parser.parse_args()
    folder = given.shared / "data/forms"
    if not folder.is_dir():
        print("Without true blanks and other forms: they are not here.")
    at = folder if folder.is_dir() else None
    kinds = [*form_kinds(at, make_population(given.seed, insured=500)), *other_kinds(at)]
    each = max(1, round(given.n / len(kinds)))
    warm()
    wrong: Counter[tuple[str, str]] = Counter()
    seconds: list[float] = []
    for kind in kinds:
        for place, dpi in enumerate(DPIS):
            for number in range((each + place) // len(DPIS)):
                form, took = taken_for(kind, dpi, number, given.seed)
                seconds.append(took)
                if form != kind.form:
                    wrong[kind.label, form] += 1
    pages, bad = len(seconds), wrong.total()
    print(
        f"{pages} pages, {each} of each of {len(kinds)} kinds: {pages - bad} right, {1 - bad / pages:.2%}; "
        f"wrong at most {upper_bound(bad, pages):.2%} (95 %); "
        f"a look takes {np.median(seconds) * 1e3:.0f} ms of CPU"
    )
    for (label, form), count in sorted(wrong.items()):
        print(f"  {label} taken for {form}: {count}")
    print("kinds: " + "; ".join(kind.label for kind in kinds))


if __name__ == "__main__":
    main()
