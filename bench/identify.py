"""Recognising persons: `python -m bench.identify [--people 100000] [--sheets 2000]`.

Counts over sheets of persons who are in the base and of persons who are not, in memory: right and
certain, certain and wrong, left to a person; and the time of one identification with its look-up.
"""

import argparse
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.noise import HANDWRITTEN, POOR, PRINTED, Noise, sheet_of
from domain.people import Insured
from dossiers import Directory, identify, queries


@dataclass
class Result:
    """`outcomes`: certain_right, certain_wrong, asked_right (first of the list), asked_wrong, absent.
    `bins`: for each announced probability of the best, how many and how many right."""

    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    bins: dict[str, list[int]] = field(default_factory=dict)

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(share * len(self.seconds)))] * 1e3


BINS = (0.5, 0.9, 0.99, 0.999, 0.9999)


def measure(
    directory: Directory,
    sheets: Sequence[Insured],
    holders: dict[str | None, Insured],
    noise: Noise,
    seed: int,
    population: int,
) -> Result:
    """One sheet a person, in the base (`known`) or not."""
    rng, result = random.Random(seed), Result()
    for person in sheets:
        fields = sheet_of(person, rng, noise, holders.get(person.assure_nir))
        start = time.thread_time()
        found = identify(fields, directory.candidates(queries(fields)), population)
        result.seconds.append(time.thread_time() - start)
        best = found.best
        right = best is not None and best.insured.id == person.id
        if found.certain is not None:
            outcome = "certain_right" if right else "certain_wrong"
        elif found.absent >= 0.5:
            outcome = "absent"
        else:
            outcome = "asked_right" if right else "asked_wrong"
        result.outcomes[outcome] += 1
        if best is not None:
            name = next((f"<{bound}" for bound in BINS if best.probability < bound), ">=0.9999")
            counts = result.bins.setdefault(name, [0, 0])
            counts[0] += 1
            counts[1] += right
    return result


def split(people: Sequence[Insured], share: float, seed: int) -> tuple[list[Insured], list[Insured]]:
    """(base, absent): persons taken out one by one, so that most absent ones have relatives left."""
    rng = random.Random(seed)
    out = set(rng.sample(range(len(people)), int(len(people) * share)))
    inside = [person for place, person in enumerate(people) if place not in out]
    return inside, [people[place] for place in sorted(out)]


def main() -> None:
    from ocr.specimen.population import make_population

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--sheets", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    everyone = make_population(asked.seed, asked.people).insured
    base, absent = split(everyone, 0.05, asked.seed)
    start = time.perf_counter()
    directory = Directory(base)
    print(f"{len(base)} personnes, index en {time.perf_counter() - start:.1f} s")
    holders: dict[str | None, Insured] = {person.nir: person for person in everyone}
    rng = random.Random(asked.seed)
    groups = (
        ("présents", rng.sample(base, min(asked.sheets, len(base)))),
        ("absents", rng.sample(absent, min(asked.sheets, len(absent)))),
    )
    for label, noise in (("imprimé", PRINTED), ("manuscrit", HANDWRITTEN), ("mauvais", POOR)):
        for group, sheets in groups:
            result = measure(directory, sheets, holders, noise, asked.seed, len(base))
            counts = ", ".join(f"{name} {count}" for name, count in sorted(result.outcomes.items()))
            print(f"{label:10} {group:9} {len(sheets)} : {counts}")
            times = ", ".join(f"p{int(s * 100)} {result.percentile(s):.2f}" for s in (0.5, 0.95, 0.99))
            print(f"{'':20} ms : {times}")
            if group == "présents":
                bins = ", ".join(f"{name}: {n[1]}/{n[0]}" for name, n in sorted(result.bins.items()))
                print(f"{'':20} annoncé -> juste : {bins}")


if __name__ == "__main__":
    main()
