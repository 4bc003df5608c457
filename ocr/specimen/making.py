"""Sheets with their exact truth, the same bytes for the same seed."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ocr.forms import Form, load_form
from ocr.specimen import people_files
from ocr.specimen.cases import Case, make_case
from ocr.specimen.damage import wear
from ocr.specimen.files import EXTENSIONS, encode
from ocr.specimen.filling import Handwritten, Printed, fill
from ocr.specimen.paper import Paper, Pixels, blank_paper
from ocr.specimen.photo import photographed
from ocr.specimen.population import TODAY, Population, make_population
from ocr.specimen.profiles import PROFILES, Profile
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
    harms: tuple[str, ...] = ()
    hidden: Mapping[str, float] = field(default_factory=dict)

    def page(self) -> dict[str, Any]:
        """What the truth tells of a page: how it lies, where ink is, in mm of the form's page. `hidden`:
        of a field's ink, the share that damage took, where a person would doubt."""
        return {
            "rotation": (-90 * self.scan.turn) % 360,
            "dpi": self.scan.dpi,
            "mode": self.scan.mode,
            "width": int(self.picture.shape[1]),
            "height": int(self.picture.shape[0]),
            "mm_to_px": [[round(float(v), 9) for v in row] for row in self.matrix],
            "inked_mm": {name: [round(v, 3) for v in box] for name, box in self.inked.items()},
            **({"harms": list(self.harms), "hidden": dict(self.hidden)} if self.harms else {}),
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
    print_left: float = 1.0,
    harms: Mapping[str, float] | None = None,
) -> Made:
    """A case written on a sheet (`printed` or `handwritten`) and scanned.

    `print_left`: how much of the form's darkness the scanner sees. `harms`: as of a profile."""
    paper = blank_paper(form, scan.dpi, blank)
    if print_left < 1:
        paper.pixels[:] = cv2.convertScaleAbs(paper.pixels, alpha=print_left, beta=255 * (1 - print_left))
    writer = write_on(paper, case, filling, sources, rng, hard=hard, any_pen=any_pen)
    done, hidden = wear(paper, harms, scan.ground, rng) if harms else ((), {})
    picture, matrix = scan_paper(paper, scan)
    return Made(picture, matrix, scan, paper.inked, writer, done, hidden)


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


def _sheet(
    form: Form,
    case: Case,
    profile: Profile,
    scan: Scan,
    sources: Sources,
    rng: random.Random,
    blank: Pixels | None,
) -> Made:
    """One sheet as its profile has it."""
    left = 1.0
    if len(profile.print_left) > 1:
        left = rng.choices(list(profile.print_left), list(profile.print_left.values()))[0]
    made = compose(
        form, case, profile.filling, scan, sources, rng,
        hard=profile.hard, any_pen=profile.any_pen, blank=blank, print_left=left, harms=profile.harms,
    )  # fmt: skip
    if profile.photo:
        picture, onto = photographed(made.picture, rng)
        made = replace(made, picture=picture, matrix=onto @ made.matrix)
    return made


def _together(one: Made, other: Made, rng: random.Random) -> tuple[Pixels, Made]:
    """Two sheets as one scan shows them, the second to the right of the first or below; the second as it
    lies there."""
    axis = rng.choice((0, 1))
    gap = round(rng.uniform(0, 12) * one.scan.dpi / 25.4)
    sizes = [one.picture.shape[:2], other.picture.shape[:2]]
    shape = [max(sizes[0][i], sizes[1][i]) for i in range(2)]
    shape[axis] = sizes[0][axis] + gap + sizes[1][axis]
    whole = np.full((*shape, *one.picture.shape[2:]), one.scan.ground, np.uint8)
    whole[: sizes[0][0], : sizes[0][1]] = one.picture
    y, x = (sizes[0][0] + gap, 0) if axis == 0 else (0, sizes[0][1] + gap)
    whole[y : y + sizes[1][0], x : x + sizes[1][1]] = other.picture
    if one.scan.mode == "bilevel":
        whole = np.where(whole > 127, np.uint8(255), np.uint8(0))
    moved = np.array([[1, 0, x], [0, 1, y], [0, 0, 1]]) @ other.matrix
    return whole, replace(other, picture=whole, matrix=moved)


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
            made = _sheet(form, case, profile, scan, sources, rng, blank)
            more: dict[str, Any] = {}
            if profile.pair:
                other = make_case(form, pop, rng, today=today)
                beside = _sheet(form, other, profile, replace(scan, seed=scan.seed + 1), sources, rng, blank)
                picture, second = _together(made, beside, rng)
                made = replace(made, picture=picture)
                more = {"second": {"fields": dict(other.fields), "page": second.page()}}
            file = f"feuille-{number:0{width}d}{EXTENSIONS[scan.container]}"
            data = encode([made.picture], scan.container, scan.dpi, scan.quality, squeeze=scan.squeeze)
            (out / file).write_bytes(data)
            described = {"name": name, "written_with": made.written_with, **scan.to_json()}
            line = truth_line(file, case, [made], profile=described, **more)
            truth.write(json.dumps(line, ensure_ascii=False) + "\n")
