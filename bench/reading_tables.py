"""Tables of what a set of sheets gave: fields right, escaped, sheets straight through, calibration."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ocr.specimen.scoring import FLAGS, Outcome, by_kind, by_sheet, stoppers, tally, truths, upper_bound


@dataclass(frozen=True, slots=True)
class Set:
    """A folder of sheets, and what was read of each field."""

    title: str
    folder: Path
    found: list[Outcome]


def percent(part: float, whole: float, digits: int = 1) -> str:
    return f"{100 * part / max(whole, 1):.{digits}f} %"


def accuracy(sets: Sequence[Set]) -> list[str]:
    lines = [
        "| | filled | right | accepted and filled | accepted | escaped | per 10,000 | 95 % upper bound |",
        "|---|---|---|---|---|---|---|---|",
    ]
    everything = [each for one in sets for each in one.found]
    rows = [(one.title, one.found) for one in sets] + [("all together", everything)]
    for title, found in rows:
        for flags, what in ((False, "fields"), (True, "ticks and signatures")):
            t = tally(found, flags)
            bound = 1e4 * upper_bound(t.escaped, t.accepted)
            lines.append(
                f"| {title}: {what} | {t.filled} | {percent(t.right, t.filled, 2)} "
                f"| {percent(t.accepted_filled, t.filled)} | {t.accepted} | {t.escaped} "
                f"| {1e4 * t.escaped / max(t.accepted, 1):.1f} | {bound:.0f} |"
            )
    return lines


def straight(sets: Sequence[Set]) -> list[str]:
    """Sheets straight through, fields of combs right, and what stops most sheets."""
    lines = [
        "| | sheets | straight through | comb fields right | what stops sheets most |",
        "|---|---|---|---|---|",
    ]
    for one in sets:
        sheets = by_sheet(one.found)
        stops = [stoppers(found) for found in sheets.values()]
        through = sum(not each for each in stops)
        combs = [each for each in one.found if each.kind.startswith("comb") and each.filled]
        most = Counter(name for each in stops for name in set(each)).most_common(6)
        told = ", ".join(f"{name} {count}" for name, count in most)
        right = f"{percent(sum(each.right for each in combs), len(combs), 2)} of {len(combs)}"
        lines.append(f"| {one.title} | {len(sheets)} | {percent(through, len(sheets))} | {right} | {told} |")
    return lines


def kinds(one: Set) -> list[str]:
    lines = [f"| {one.title} | filled | right | accepted and filled | escaped |", "|---|---|---|---|---|"]
    for kind, t in sorted(by_kind(one.found).items()):
        lines.append(
            f"| {kind} | {t.filled} | {percent(t.right, t.filled)} "
            f"| {percent(t.accepted_filled, t.filled)} | {t.escaped} |"
        )
    return lines


def reliability(sets: Sequence[Set]) -> list[str]:
    """Announced (0.5 to 0.999) and observed, in five bins of equal count; ticks and signatures apart."""
    read = [o for one in sets for o in one.found if o.kind not in FLAGS and o.read is not None]
    sure = [o for o in read if o.probability > 0.999]
    middle = sorted((o for o in read if 0.5 <= o.probability <= 0.999), key=lambda o: o.probability)
    lines = ["| announced | mean | observed | 95 % interval | fields |", "|---|---|---|---|---|"]
    parts = [[middle[i] for i in part] for part in np.array_split(np.arange(len(middle)), 5)]
    for inside in (*parts, sure):
        if inside:
            low, high = inside[0].probability, inside[-1].probability
            span = "above 0.999" if inside is sure else f"{low:.3f} to {high:.3f}"
            mean = float(np.mean([o.probability for o in inside]))
            right = sum(o.right for o in inside)
            least, most = interval(right, len(inside))
            seen = f"{right / len(inside):.4f} | {least:.3f} to {most:.3f}"
            lines.append(f"| {span} | {mean:.4f} | {seen} | {len(inside)} |")
    return lines


def interval(right: int, of: int) -> tuple[float, float]:
    """Of a share, 95 %, two-sided (Clopper-Pearson)."""
    return 1 - upper_bound(of - right, of, 0.975), upper_bound(right, of, 0.975)


def fonts_of(one: Set) -> str:
    """How many different fonts or hands a set is written with."""
    used = {truth["profile"]["written_with"] for truth in truths(one.folder)}
    return f"{len(used)} {'hands' if 'hand' in one.title else 'fonts'}"
