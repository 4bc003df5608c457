r"""Fits what decides acceptance, on the `fit` split alone, and writes ocr/thresholds.yaml.

    python -m ocr.train.fit --cells fit.npz --sheets DIR... --out ocr/thresholds.yaml

`--cells`: pictures made by ocr.train.data with --split fit: the network's temperature; many of them can
be told by nobody, so `--network` may say what was found on cells of sheets instead. `--sheets`: folders
made by ocr.specimen.make with Sources(split="fit"): calibration and thresholds. The curve of a kind leans
on that of all kinds; errors of one kind on one sheet have one cause and count as one. One threshold on
calibrated probabilities for what the network reads, as low as BUDGET allows; numbers without a key have
their own, above every error seen; lines of text are never accepted by the reading alone.
"""

import argparse
import json
import pickle
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr import decode, engine, extract
from ocr.cells import LABELS
from ocr.read import read_file
from ocr.specimen.scoring import Outcome, outcomes, truths
from ocr.thresholds import thresholds

FLOORS = {"check": 0.97, "signature": 0.95, "blank": 0.95}
"""These are not calibrated: their probability is a measure of ink."""

READ = ("comb", "comb_date", "comb_amount", "cell", "stamp", "text", "text_block")
LEANING = ("comb", "comb_date", "comb_amount", "cell", "stamp")
"""Kinds whose curves lean on each other's: the network of cells reads them."""

LEAST_THRESHOLD = 0.985
"""Whatever was observed: among some hundred sheets the rarest errors are not seen."""

BUDGET = 3e-4
"""Errors among the values accepted of a group."""

STAMPED = ("stamp", "text_block")

UNKEYED = ("numero_facture", "at_mp_numero")
"""Numbers that no key, no table and no other statement of the sheet confirms: each has a threshold of its
own, in print, and by hand, where each writer slips in his own way, only if many prove it."""

TOLD_BY_ANOTHER = "medecin_am"
"""Without a key, and told by the RPPS beside it through the register: never accepted by the reading alone."""

MANY = 150

MARGINS = {"printed": 1 / 3, "handwritten": 3 / 4}
"""How far above the last error a threshold lies, of what remains to certainty: hands differ more than
fonts, and others than these are to come."""

KEYED = "medecin_rpps"
"""Its key makes it surer than its probability, where the network does not part its digits."""

NEVER = 1.1
LETTERED = ("text", "text_block")
"""Never accepted by the reading alone: an accent lost is an error, and what the dossiers confirm is settled
there."""

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
ALONE, LEANED = (4.0, 0.4), (12.0, 1.2)
"""How strongly slope and offset are drawn: towards doing nothing, and towards the curve of all kinds."""


def shares(found: Sequence[Outcome]) -> NDArray[np.float64]:
    """What each field weighs: those of a kind that are wrong on one sheet weigh one together."""
    wrong = Counter((each.file, each.kind) for each in found if not each.right)
    return np.array([1.0 if each.right else 1 / wrong[each.file, each.kind] for each in found])


def calibration(
    found: Iterable[Outcome],
    towards: tuple[float, float] = (1.0, 0.0),
    drawn: tuple[float, float] = ALONE,
) -> tuple[float, float]:
    """Slope and offset of the log-odds that make what was observed likeliest.

    Drawn towards a curve, and by an error where fields begin to be accepted: where none was seen,
    one is still to come."""
    listed = [each for each in found if each.probability > DOUBTED]
    if len(listed) < LEAST:
        return towards
    chance = np.clip(np.array([each.probability for each in listed]), 1e-5, 1 - 1e-5)
    odds = np.log(chance / (1 - chance))
    right = np.array([each.right for each in listed], float)
    doubt = float(np.log(DOUBT / (1 - DOUBT)))
    odds, right = np.append(odds, [doubt, doubt]), np.append(right, [1.0, 0.0])
    weight = np.append(shares(listed), [1.0, 1.0])
    best = (np.inf, *towards)
    for slope in SLOPES:
        for offset in OFFSETS:
            told = slope * odds + offset
            loss = float((weight * (np.logaddexp(0, told) - right * told)).sum())
            loss += drawn[0] * (slope - towards[0]) ** 2 + drawn[1] * (offset - towards[1]) ** 2
            if loss < best[0]:
                best = (loss, float(slope), float(offset))
    return round(best[1], 2), round(best[2], 2)


def worth(each: Outcome, table: Mapping[str, tuple[float, float]]) -> float:
    slope, offset = table.get("blank" if each.read is None else each.kind, (1.0, 0.0))
    kept = min(max(each.probability, 1e-6), 1 - 1e-6)
    return float(1 / (1 + np.exp(-(slope * np.log(kept / (1 - kept)) + offset))))


def threshold(found: Sequence[Outcome], margin: float, budget: float = 0.0, least: int = LEAST) -> float:
    """The calibrated probability from which values are accepted: above the errors that `budget` does not
    allow, by a margin. Never, where fewer than `least` right ones are left to prove it."""
    allowed = int(budget * len(found))
    worst: dict[tuple[str, str], float] = {}
    for each in found:
        if not each.right:
            place = (each.file, each.kind)
            worst[place] = max(worst.get(place, 0.0), each.probability)
    last = ([0.0] * (allowed + 1) + sorted(worst.values()))[len(worst) :][0]
    level = max(LEAST_THRESHOLD, last + (1 - last) * margin)
    kept = sum(each.right and each.probability >= level for each in found)
    return round(level, 4) if kept >= least else NEVER


def blank_threshold(found: Iterable[Outcome]) -> float:
    """For fields read as blank: above every filled one that was so read."""
    worst = max((each.probability for each in found if each.filled), default=0.0)
    return round(max(FLOORS["blank"], worst + (1 - worst) / 2), 4)


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
            found = outcomes(truth, read_file(folder / truth["file"]))
            groups[group] += [replace(each, file=f"{folder.name}/{each.file}") for each in found]
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
    tables = {group: _table(found, group) for group, found in told.items()}
    args.out.write_text(_written(heat, floor, tables, curves, sheets), "utf-8")
    print(json.dumps({"thresholds": tables, "calibration": curves}, indent=1))


def _curves(found: list[Outcome]) -> dict[str, tuple[float, float]]:
    read = [each for each in found if each.read is not None and each.kind in READ]
    common = calibration(each for each in read if each.kind in LEANING)
    table = {}
    for kind in READ:
        own = (each for each in read if each.kind == kind)
        table[kind] = calibration(own, common, LEANED) if kind in LEANING else calibration(own)
    return table


def _table(found: list[Outcome], group: str) -> dict[str, float]:
    margin, by_hand = MARGINS[group], group == "handwritten"
    read = [each for each in found if each.read is not None and each.kind in READ]
    aside = (*UNKEYED, TOLD_BY_ANOTHER)
    common = [each for each in read if each.kind in LEANING and each.name not in aside]
    # a pale stamp that a scanner's threshold took away leaves nothing: that it is missed is a finding
    blank = (o for o in found if o.read is None and o.status != "missing" and o.kind not in STAMPED)
    table = {"blank": blank_threshold(blank)}
    table |= {kind: floor for kind, floor in FLOORS.items() if kind != "blank"}
    table |= dict.fromkeys(LEANING, threshold(common, margin, BUDGET))
    table |= dict.fromkeys((*LETTERED, TOLD_BY_ANOTHER), NEVER)
    table[KEYED] = threshold([each for each in read if each.name == KEYED], margin)
    for name in UNKEYED:
        own = [each for each in read if each.name == name]
        table[name] = max(table["comb"], threshold(own, margin, least=MANY if by_hand else LEAST))
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
