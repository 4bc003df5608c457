"""What a set of sheets is like: who filled them, how they were scanned."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ocr.specimen.scanning import FAULTS, Scan


@dataclass(frozen=True, slots=True)
class Profile:
    """Weights of what may happen to a sheet; `skew` in degrees and `shift` in mm are the most.

    `evenly`: skew and stretch are as likely far as near. `any_pen`: pens of all colours and widths.
    `photo`: what was scanned flat is then photographed (ocr.specimen.photo). `harms`: what befalls the
    sheet before (ocr.specimen.damage), each with its probability. `print_left`: how much of the printed
    form's darkness the scanner sees, weights (0: it dropped out, ink alone remains). `thresholds`: of
    bilevel scans. `fax`: sent by fax, in standard or fine mode. `faults`: scans that are not fit.
    `pair`: a second sheet lies beside or below in the same scan.

    `described`: a line for tables of figures.
    """

    described: str
    filling: Literal["printed", "handwritten"]
    hard: bool = False
    modes: Mapping[str, float] = None  # type: ignore[assignment]
    dpis: Mapping[int, float] = None  # type: ignore[assignment]
    skew: float = 1.0
    stretch: float = 0.004
    shift: float = 1.0
    corners: float = 0.15
    noise: tuple[float, float] = (0.5, 4.0)
    blur: tuple[float, float] = (0.0, 0.5)
    quality: tuple[int, int] = (75, 92)
    contrast: tuple[float, float] = (0.95, 1.05)
    tint: float = 0.03
    salt: float = 0.0
    turned: float = 0.0
    gamma: tuple[float, float] = (1.0, 1.0)
    evenly: bool = False
    any_pen: bool = False
    photo: bool = False
    harms: Mapping[str, float] = field(default_factory=dict)
    print_left: Mapping[float, float] = field(default_factory=lambda: {1.0: 1.0})
    thresholds: tuple[int, int] = (150, 196)
    fax: bool = False
    faults: tuple[str, ...] = ()
    pair: bool = False

    def scan(self, rng: random.Random, **fixed: Any) -> Scan:
        """The accidents of one scan, drawn from `rng`; `fixed` overrides."""
        mode = rng.choices(list(self.modes), list(self.modes.values()))[0]
        dpi = rng.choices(list(self.dpis), list(self.dpis.values()))[0]
        values: dict[str, Any] = {
            "dpi": dpi,
            "mode": mode,
            "skew": self._far(rng, self.skew),
            "stretch": self._stretched(rng),
            "shift": (_bounded(rng, self.shift), _bounded(rng, self.shift)),
            "corners": tuple(_bounded(rng, self.corners) for _ in range(8)),
            "noise": rng.uniform(*self.noise),
            "blur": rng.uniform(*self.blur),
            "contrast": rng.uniform(*self.contrast),
            "brightness": rng.uniform(-8, 8) if self.hard else rng.uniform(-3, 3),
            "gamma": rng.uniform(*self.gamma) if self.gamma != (1.0, 1.0) else 1.0,
            "tint": tuple(1 - rng.uniform(0, self.tint) for _ in range(3)),
            "salt": rng.uniform(0, self.salt),
            "threshold": rng.randrange(*self.thresholds),
            "turn": rng.choice((1, 2, 2, 3)) if rng.random() < self.turned else 0,
            "ground": rng.choice((255, 250, 235, 205)) if rng.random() < 0.85 else rng.randrange(15, 60),
            "quality": rng.randrange(self.quality[0], self.quality[1] + 1),
            "seed": rng.getrandbits(32),
        }
        values.update(fixed)
        if self.fax:
            standard = rng.random() < 0.4
            values |= {"mode": "bilevel", "dpi": 204, "squeeze": 98 / 204 if standard else 196 / 204}
            values |= {"container": rng.choice(("tiff-g3", "tiff-g4", "pdf")), "lost": rng.choice((0, 0, 2, 6))}
        if self.faults:
            values |= {"fault": rng.choice(self.faults)}
        if self.photo:
            values |= {"container": "jpeg", "turn": 0}
        elif "container" not in fixed and not self.fax:
            values["container"] = _container(values["mode"], values["dpi"], rng)
        return Scan(**values)

    def _far(self, rng: random.Random, most: float) -> float:
        return rng.uniform(-most, most) if self.evenly else _bounded(rng, most)

    def _stretched(self, rng: random.Random) -> tuple[float, float]:
        if not self.evenly:
            return (1 + _bounded(rng, self.stretch), 1 + _bounded(rng, self.stretch))
        scale = 1 + rng.uniform(-self.stretch, self.stretch)
        return (scale, scale * (1 + _bounded(rng, 0.004)))


def _bounded(rng: random.Random, most: float) -> float:
    return max(-most, min(most, rng.gauss(0, most / 2))) if most else 0.0


def _container(mode: str, dpi: int, rng: random.Random) -> str:
    if mode == "bilevel":
        return rng.choice(("tiff-g4", "tiff-g4", "png", "pdf"))
    if mode == "colour" and dpi >= 300:  # what stations send: nobody sends 20 MB of PNG
        return rng.choice(("jpeg", "jpeg", "jpeg", "pdf", "tiff-jpeg"))
    return rng.choice(("jpeg", "jpeg", "jpeg", "png", "pdf", "tiff-lzw", "tiff-jpeg"))


_VARIED: dict[str, Any] = {
    "modes": {"colour": 0.45, "grey": 0.45, "bilevel": 0.1},
    "dpis": {150: 0.2, 200: 0.3, 300: 0.35, 400: 0.1, 600: 0.05},
    "skew": 10.0,
    "stretch": 0.03,
    "shift": 3.0,
    "corners": 0.7,
    "noise": (0.5, 9.0),
    "blur": (0.0, 0.9),
    "quality": (40, 95),
    "contrast": (0.75, 1.15),
    "tint": 0.1,
    "salt": 0.00008,
    "turned": 0.15,
    "gamma": (0.7, 1.6),
    "evenly": True,
    "any_pen": True,
}
_SAID = "skew to 10°, ±3 %, 150 to 600 dpi, light and dark, JPEG quality from 40, 15 % turned"
_CLEAN = {"colour": 0.45, "grey": 0.45, "bilevel": 0.10}
_HARD = {"colour": 0.35, "grey": 0.4, "bilevel": 0.25}
_PHONE = "photographed with a phone: curled on a desk, in perspective, 1.5 to 12 Mpx, in shadow"
_PHOTO: dict[str, Any] = {
    "modes": {"colour": 1.0},
    "dpis": {250: 0.6, 350: 0.4},
    "stretch": 0.002,
    "noise": (0.0, 1.0),
    "quality": (60, 93),
    "photo": True,
}
_WEAR = "folded, stained, stamped over, punched, torn at a corner, its back showing through"
_WORN: dict[str, Any] = {
    "modes": {"colour": 0.5, "grey": 0.4, "bilevel": 0.1},
    "dpis": {200: 0.5, 300: 0.5},
    "skew": 3.0,
    "stretch": 0.006,
    "shift": 2.0,
    "corners": 0.4,
    "noise": (0.5, 5.0),
    "quality": (60, 92),
    "harms": {
        "show_through": 0.35,
        "fold": 0.45,
        "stain": 0.35,
        "stamp_over": 0.5,
        "holes": 0.4,
        "torn": 0.35,
    },
}
_DROPPED = "scanned with a lamp of the print's colour: nothing or next to nothing of the form remains"
_DROPOUT: dict[str, Any] = {
    "modes": {"grey": 0.6, "bilevel": 0.4},
    "dpis": {200: 0.5, 300: 0.5},
    "skew": 2.0,
    "stretch": 0.006,
    "shift": 2.0,
    "corners": 0.2,
    "print_left": {0.0: 0.8, 0.06: 0.2},
}
PROFILES: dict[str, Profile] = {
    "printed_clean": Profile(
        "printed by software, a clean scan: skew to 1°, ±0.4 %, little noise",
        "printed",
        modes=_CLEAN,
        dpis={200: 0.4, 300: 0.6},
    ),
    "printed_hard": Profile(
        "printed by software off its place, a poor scan: skew to 3°, ±1 %, slight perspective, noise, blur,"
        " low JPEG quality, specks, a quarter black and white, 8 % turned",
        "printed",
        hard=True,
        modes=_HARD,
        dpis={200: 0.5, 300: 0.5},
        skew=3.0,
        stretch=0.01,
        shift=2.5,
        corners=0.7,
        noise=(2.0, 10.0),
        blur=(0.2, 0.9),
        quality=(45, 80),
        contrast=(0.78, 1.12),
        tint=0.09,
        salt=0.00012,
        turned=0.08,
    ),
    "handwritten": Profile(
        "filled by hand with a pen, scans between clean and poor: skew to 2°, ±0.7 %, some noise",
        "handwritten",
        modes={"colour": 0.45, "grey": 0.4, "bilevel": 0.15},
        dpis={200: 0.4, 300: 0.6},
        skew=2.0,
        stretch=0.007,
        shift=1.5,
        corners=0.4,
        noise=(1.0, 6.0),
        blur=(0.1, 0.7),
        quality=(60, 90),
        contrast=(0.88, 1.08),
        tint=0.06,
        salt=0.00004,
        turned=0.03,
    ),
    "printed_varied": Profile(f"printed by software, scanners of all kinds: {_SAID}", "printed", **_VARIED),
    "handwritten_varied": Profile(
        f"pens of all colours and widths, scanners of all kinds: {_SAID}", "handwritten", **_VARIED
    ),
    "printed_photo": Profile(f"printed by software, {_PHONE}", "printed", **_PHOTO),
    "handwritten_photo": Profile(f"filled by hand, {_PHONE}", "handwritten", **_PHOTO),
    "printed_worn": Profile(f"printed by software, then {_WEAR}", "printed", **_WORN),
    "handwritten_worn": Profile(f"filled by hand, then {_WEAR}", "handwritten", **_WORN),
    "printed_fax": Profile(
        "printed by software and sent by fax: 204 x 98 or 204 x 196, black and white, skew to 2°, specks,"
        " lost lines",
        "printed",
        modes={"bilevel": 1.0},
        dpis={204: 1.0},
        skew=2.0,
        stretch=0.01,
        shift=2.5,
        blur=(0.3, 0.9),
        salt=0.0001,
        thresholds=(140, 200),
        fax=True,
    ),
    "printed_dropout": Profile(f"printed by software, {_DROPPED}", "printed", **_DROPOUT),
    "handwritten_dropout": Profile(f"filled by hand, {_DROPPED}", "handwritten", **_DROPOUT),
    "printed_drowned": Profile(
        "printed by software, black and white with a threshold above the form's tint",
        "printed",
        modes={"bilevel": 1.0},
        dpis={200: 0.4, 300: 0.6},
        thresholds=(216, 242),
    ),
    "printed_pair": Profile(
        "printed by software, two sheets in one scan, beside or below each other",
        "printed",
        modes=_CLEAN,
        dpis={200: 1.0},
        pair=True,
    ),
    "printed_unfit": Profile(
        "printed by software, a scan that is not fit: too dark, without contrast, out of focus or cut off",
        "printed",
        modes={"colour": 0.5, "grey": 0.5},
        dpis={200: 0.5, 300: 0.5},
        faults=FAULTS,
    ),
}
