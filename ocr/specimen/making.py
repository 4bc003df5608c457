"""Sheets with their exact truth, the same bytes for the same seed."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from ocr.forms import Form, load_form
from ocr.specimen import people_files
from ocr.specimen.cases import Case, make_case
from ocr.specimen.files import EXTENSIONS, encode
from ocr.specimen.filling import Handwritten, Printed, fill
from ocr.specimen.paper import Paper, Pixels, blank_paper
from ocr.specimen.photo import photographed
from ocr.specimen.population import TODAY, Population, make_population
from ocr.specimen.profiles import PROFILES
from ocr.specimen.registry import Sources
from ocr.specimen.scanning import Scan, scan_paper

FORM = "s3110j"
DEFAULT_MIX = {"printed_clean": 0.4, "printed_hard": 0.3, "handwritten": 0.3}


@dataclass(frozen=True, slots=True)
class Made:
    """One page as scanned. `matrix`: 3 x 3, from mm of the form's page to px of `picture`."""

    picture: Pixels
    matrix: Any
    scan: Scan
    inked: Mapping[str, tuple[float, float, float, float]]
    written_with: str

    def page(self) -> dict[str, Any]:
        """What the truth tells of a page: how it lies, where ink is, in mm of the form's page."""
        return {
            "rotation": (-90 * self.scan.turn) % 360,
            "dpi": self.scan.dpi,
            "mode": self.scan.mode,
            "width": int(self.picture.shape[1]),
            "height": int(self.picture.shape[0]),
            "mm_to_px": [[round(float(v), 9) for v in row] for row in self.matrix],
            "inked_mm": {name: [round(v, 3) for v in box] for name, box in self.inked.items()},
        }


def compose(
    form: Form,
    case: Case,
    filling: str,
    scan: Scan,
    sources: Sources,
    rng: random.Random,
    *,
    hard: bool = False,
    any_pen: bool = False,
    blank: Pixels | None = None,
) -> Made:
    """A case written on a sheet (`printed` or `handwritten`) and scanned."""
    paper = blank_paper(form, scan.dpi, blank)
    writer = write_on(paper, case, filling, sources, rng, hard=hard, any_pen=any_pen)
    picture, matrix = scan_paper(paper, scan)
    return Made(picture, matrix, scan, paper.inked, writer)


def write_on(
    paper: Paper,
    case: Case,
    filling: str,
    sources: Sources,
    rng: random.Random,
    *,
    hard: bool = False,
    any_pen: bool = False,
) -> str:
    """Fills `paper`; the name of the font or hand."""
    writer: Printed | Handwritten
    if filling == "printed":
        writer = Printed.choose(sources, rng, hard=hard)
    else:
        writer = Handwritten.choose(sources, rng, hard=hard, any_pen=any_pen)
    fill(paper, case, writer, sources, rng)
    return Path(writer.source).name


def truth_line(file: str, case: Case, made: Sequence[Made], **more: Any) -> dict[str, Any]:
    """One line of truth.jsonl for a file of one document."""
    return {
        "file": file,
        "expected": "ordonnance",
        "type": "feuille_soins_medecin",
        "form": FORM,
        "fields": dict(case.fields),
        "profile": {},
        "note": case.note,
        "pages": [each.page() for each in made],
        **more,
    }


def population_for(seed: int, path: Path | None, out: Path, today: date = TODAY) -> Population:
    """The population of `path` (`people.jsonl`, with `practitioners.jsonl` beside it) where it is there;
    else one made from `seed` and written there, by default into `out`."""
    where = Path(path) if path is not None else Path(out) / "people.jsonl"
    if path is not None and where.is_file():
        return people_files.read(where)
    made = make_population(seed, today=today)
    people_files.write(made, where)
    return made


def make(
    out: Path | str,
    n: int,
    seed: int,
    *,
    profiles: Sequence[str] | Mapping[str, float] | None = None,
    population: Path | str | None = None,
    sources: Sources | None = None,
    blank: Pixels | None = None,
    today: date = TODAY,
) -> None:
    """Writes `n` sheets, `truth.jsonl` and the population into `out`.

    `profiles`: names of PROFILES, or their weights. `population`: the file of insured persons: read
    where it is there, made and written where not. `sources`: which fonts and hands (default: the
    `test` split of what is installed). `blank`: a picture of a blank form to write on instead of our
    drawing. The same arguments give the same bytes.
    """
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    sources = sources or Sources()
    weights = dict(profiles) if isinstance(profiles, Mapping) else dict.fromkeys(profiles or (), 1.0)
    weights = weights or DEFAULT_MIX
    pop = population_for(seed, Path(population) if population else None, out, today)
    form = load_form(FORM)
    if blank is not None:
        blank = np.asarray(blank, np.uint8)
    width = len(str(max(n, 1000)))
    with (out / "truth.jsonl").open("w", encoding="utf-8") as truth:
        for number in range(1, n + 1):
            rng = random.Random(f"sheet-{seed}-{number}")
            name = rng.choices(list(weights), list(weights.values()))[0]
            profile = PROFILES[name]
            case = make_case(form, pop, rng, today=today)
            scan = profile.scan(rng)
            habits = {"hard": profile.hard, "any_pen": profile.any_pen}
            made = compose(form, case, profile.filling, scan, sources, rng, **habits, blank=blank)
            if profile.photo:
                picture, onto = photographed(made.picture, rng)
                made = replace(made, picture=picture, matrix=onto @ made.matrix)
            file = f"feuille-{number:0{width}d}{EXTENSIONS[scan.container]}"
            data = encode([made.picture], scan.container, scan.dpi, scan.quality)
            (out / file).write_bytes(data)
            described = {"name": name, "written_with": made.written_with, **scan.to_json()}
            line = truth_line(file, case, [made], profile=described)
            truth.write(json.dumps(line, ensure_ascii=False) + "\n")
