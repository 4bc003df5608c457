r"""Fits what decides acceptance, on the `fit` split alone, and writes ocr/thresholds.yaml.

    python -m ocr.train.fit --cells fit.npz --sheets DIR... --out ocr/thresholds.yaml

`--cells`: pictures made by ocr.train.data with --split fit: the network's temperature. `--sheets`:
folders made by ocr.specimen.make with Sources(split="fit"): the thresholds. A threshold lies above
every error seen, by a third of what remains to certainty, and never under its kind's floor.
"""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.scoring import Outcome, outcomes, truths
from ocr import engine
from ocr.cells import LABELS
from ocr.read import read_file

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
    parser.add_argument("--cells", type=Path, required=True)
    parser.add_argument("--sheets", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only-network", action="store_true", help="the temperature alone, thresholds kept")
    args = parser.parse_args()
    data = np.load(args.cells)
    heat, floor = temperature(engine.logits(data["pictures"]), data["labels"].astype(np.int64))
    print(f"temperature {heat}, floor {floor}, on {len(data['labels'])} cells")
    if args.only_network:
        return
    groups: dict[str, list[Outcome]] = {"printed": [], "handwritten": []}
    sheets = {"printed": 0, "handwritten": 0}
    for folder in args.sheets:
        for truth in truths(folder):
            by_hand = "handwritten" in truth["profile"]["name"]
            group = "handwritten" if by_hand else "printed"
            groups[group] += outcomes(truth, read_file(folder / truth["file"]))
            sheets[group] += 1
    tables = {group: _table(found) for group, found in groups.items()}
    args.out.write_text(_written(heat, floor, tables, sheets), "utf-8")
    print(json.dumps(tables, indent=1))


def _table(found: list[Outcome]) -> dict[str, float]:
    table = {"blank": blank_threshold(o for o in found if o.read is None and o.status != "missing")}
    for kind, floor in FLOORS.items():
        if kind != "blank":
            table[kind] = threshold((o for o in found if o.kind == kind and o.read is not None), floor)
    return table


def _written(heat: float, floor: float, tables: dict[str, dict[str, float]], sheets: dict[str, int]) -> str:
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
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
