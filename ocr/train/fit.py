r"""Fits what decides acceptance, on the `fit` split alone, and writes ocr/thresholds.yaml.

    python -m ocr.train.fit --cells fit.npz --sheets DIR... --out ocr/thresholds.yaml

`--cells`: pictures made by ocr.train.data with --split fit: the network's temperature; many of them can
be told by nobody, so `--network` may say what was found on cells of sheets instead. `--sheets`: folders
made by ocr.specimen.make with Sources(split="fit"): calibration and thresholds. A threshold lies above
every error seen, by a third of what remains to certainty, and never under its kind's floor.
"""

import argparse
import json
import pickle
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.scoring import Outcome, outcomes, truths
from ocr import decode, engine, extract
from ocr.cells import LABELS
from ocr.read import read_file
from ocr.thresholds import thresholds

FLOORS = {
    "check": 0.97,
    "signature": 0.95,
    "comb": 0.97,
    "comb_date": 0.97,
    "comb_amount": 0.97,
    "cell": 0.97,
    "text": 0.85,
    "text_block": 0.85,
    "stamp": 0.95,
    "blank": 0.95,
}
NEVER = 1.1
LEAST = 25
"""Fewer right answers than this above a threshold prove nothing: the kind goes to a person."""


def temperature(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> tuple[float, float]:
    """The temperature and the floor of probability that make the labels likeliest."""
    best = (np.inf, 1.0, 0.001)
    for heat in np.arange(0.4, 1.61, 0.05):
        scaled = logits / heat
        scaled -= scaled.max(axis=1, keepdims=True)
        table = np.exp(scaled)
        chosen = (table / table.sum(axis=1, keepdims=True))[np.arange(len(labels)), labels]
        for floor in (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02):
            loss = float(-np.log((1 - floor) * chosen + floor / len(LABELS)).mean())
            if loss < best[0]:
                best = (loss, float(heat), floor)
    return round(best[1], 2), best[2]


DOUBTED = 0.6
"""What is less likely goes to a person anyway: it must not bend the curve where it counts."""

DOUBT = 0.96

SLOPES, OFFSETS = np.arange(0.4, 2.01, 0.05), np.arange(-3.0, 4.01, 0.1)


def calibration(found: Iterable[Outcome]) -> tuple[float, float]:
    """Slope and offset of the log-odds that make what was observed likeliest, for one kind.

    Drawn towards doing nothing, and by half an error where fields begin to be accepted: where none was
    seen, one is still to come."""
    listed = [each for each in found if each.probability > DOUBTED]
    if len(listed) < LEAST:
        return (1.0, 0.0)
    chance = np.clip(np.array([each.probability for each in listed]), 1e-5, 1 - 1e-5)
    odds = np.log(chance / (1 - chance))
    right = np.array([each.right for each in listed], float)
    doubt = float(np.log(DOUBT / (1 - DOUBT)))
    odds, right = np.append(odds, [doubt, doubt]), np.append(right, [1.0, 0.0])
    weight = np.append(np.ones(len(listed)), [0.5, 0.5])
    best = (np.inf, 1.0, 0.0)
    for slope in SLOPES:
        for offset in OFFSETS:
            told = slope * odds + offset
            loss = float((weight * (np.logaddexp(0, told) - right * told)).sum())
            loss += 4.0 * (slope - 1) ** 2 + 0.4 * offset**2
            if loss < best[0]:
                best = (loss, float(slope), float(offset))
    return round(best[1], 2), round(best[2], 2)


def worth(each: Outcome, table: Mapping[str, tuple[float, float]]) -> float:
    slope, offset = table.get("blank" if each.read is None else each.kind, (1.0, 0.0))
    kept = min(max(each.probability, 1e-6), 1 - 1e-6)
    return float(1 / (1 + np.exp(-(slope * np.log(kept / (1 - kept)) + offset))))


def threshold(found: Iterable[Outcome], floor: float) -> float:
    """For one kind: `found` are its fields with a value read, filled or not."""
    listed = list(found)
    worst = max((each.probability for each in listed if not each.right), default=0.0)
    level = max(floor, worst + (1 - worst) / 3)
    kept = sum(each.right and each.probability >= level for each in listed)
    return round(level, 4) if kept >= LEAST else NEVER


def blank_threshold(found: Iterable[Outcome]) -> float:
    """For fields read as blank: above every filled one that was so read."""
    worst = max((each.probability for each in found if each.filled), default=0.0)
    return round(max(FLOORS["blank"], worst + (1 - worst) / 3), 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", type=Path)
    parser.add_argument("--sheets", type=Path, nargs="*", default=[])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only-network", action="store_true", help="the temperature alone, thresholds kept")
    parser.add_argument("--network", type=float, nargs=2, help="temperature and floor, not to be fitted")
    parser.add_argument("--keep", type=Path, help="what was read, kept in this file or taken from it")
    args = parser.parse_args()
    if args.network:
        heat, floor = args.network
    else:
        data = np.load(args.cells)
        heat, floor = temperature(engine.logits(data["pictures"]), data["labels"].astype(np.int64))
        print(f"temperature {heat}, floor {floor}, on {len(data['labels'])} cells")
    if args.only_network:
        return
    plain = replace(thresholds(), temperature=heat, floor=floor, calibration={})
    for module in (decode, extract):
        setattr(module, "thresholds", lambda: plain)  # noqa: B010
    groups: dict[str, list[Outcome]] = {"printed": [], "handwritten": []}
    sheets = {"printed": 0, "handwritten": 0}
    if args.keep and args.keep.is_file():
        groups, sheets = pickle.loads(args.keep.read_bytes())
        args.sheets = []
    for folder in args.sheets:
        for truth in truths(folder):
            by_hand = "handwritten" in truth["profile"]["name"]
            group = "handwritten" if by_hand else "printed"
            groups[group] += outcomes(truth, read_file(folder / truth["file"]))
            sheets[group] += 1
    if args.keep:
        args.keep.write_bytes(pickle.dumps((groups, sheets)))
    curves = {group: _curves(found) for group, found in groups.items()}
    told = {
        group: [replace(each, probability=worth(each, curves[group])) for each in found]
        for group, found in groups.items()
    }
    worst = sorted((o for found in told.values() for o in found if not o.right), key=lambda o: -o.probability)
    for each in worst[:25]:
        print(f"{each.probability:.4f} {each.status} {each.file} {each.name}: {each.read!r} for {each.truth!r}")
    tables = {group: _table(found) for group, found in told.items()}
    args.out.write_text(_written(heat, floor, tables, curves, sheets), "utf-8")
    print(json.dumps({"thresholds": tables, "calibration": curves}, indent=1))


def _curves(found: list[Outcome]) -> dict[str, tuple[float, float]]:
    read = [each for each in found if each.read is not None and each.kind not in ("check", "signature")]
    table = {kind: calibration(o for o in read if o.kind == kind) for kind in sorted({o.kind for o in read})}
    return {kind: curve for kind, curve in table.items() if curve != (1.0, 0.0)}


def _table(found: list[Outcome]) -> dict[str, float]:
    table = {"blank": blank_threshold(o for o in found if o.read is None and o.status != "missing")}
    for kind, floor in FLOORS.items():
        if kind != "blank":
            table[kind] = threshold((o for o in found if o.kind == kind and o.read is not None), floor)
    for name in ("medecin_rpps", "medecin_am"):  # the one has a key, the other has none
        table[name] = threshold((o for o in found if o.name == name and o.read is not None), FLOORS["stamp"])
    return table


def _written(
    heat: float,
    floor: float,
    tables: dict[str, dict[str, float]],
    curves: dict[str, dict[str, tuple[float, float]]],
    sheets: dict[str, int],
) -> str:
    lines = [
        "# From which probability a field is accepted without a person: above 1, never.",
        "# Fitted by ocr/train/fit.py on specimens whose fonts, writers and digits neither the weights have",
        f"# seen nor the figures use: {sheets['printed']} printed, {sheets['handwritten']} by hand.",
        "# Keys: kinds of fields; a field's own name (without acteN_) goes first.",
        "network:",
        f"  temperature: {heat}",
        f"  floor: {floor}",
    ]
    for group, table in tables.items():
        lines += [f"{group}:", *(f"  {name}: {value}" for name, value in table.items())]
    lines += ["calibration: # slope and offset of the log-odds"]
    for group, curve in curves.items():
        lines += [f"  {group}:", *(f"    {kind}: [{a}, {b}]" for kind, (a, b) in curve.items())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
