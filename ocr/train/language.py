r"""Counts what names, addresses and stamps are made of, and writes it for ocr.language.

    python -m ocr.train.language --communes communes.json --people people.csv --names names.txt \
        --out ocr/models/language.npz

`--communes`: of @etalab/decoupage-administratif (name, postal codes, population); `--people`: first names in
the first column of a table parted by semicolons; `--names`: `first<TAB>name` or `last<TAB>name` or
`street<TAB>name` or `phrase<TAB>words`, a line each; `--without`: words that must not be counted, one a line,
to see what the counts are worth on words that they do not hold.
"""

import argparse
import json
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ocr.language import EDGE, ORDER, Language, Table, folded, write
from ocr.train.phrases import number
from ocr.wording import USUAL, WAYS

LEAST = 3
"""How often a run must have been seen to be kept."""

BARE = 0.04
"""Of the lines, those whose accents are left out. More typists leave them out, of capitals, and then they are
seen to be missing; where that is not seen, they are there."""

TITLES = ("Dr", "Docteur", "DOCTEUR", "Pr", "M.", "Mme", "Monsieur", "Madame")
HOUSES = ("Cabinet", "Cabinet médical", "Centre médical", "Maison de santé", "Centre de santé", "SCM", "SELARL")


class Words:
    """What lines are drawn from."""

    def __init__(self, args: argparse.Namespace) -> None:
        without = set(args.without.read_text("utf-8").split("\n")) if args.without else set()
        communes = json.loads(args.communes.read_text("utf-8"))
        found = [c for c in communes if c.get("codesPostaux") and c["nom"].upper() not in without]
        self.towns = [(c["nom"], c["codesPostaux"]) for c in found]
        weight = np.sqrt([c.get("population", 1) + 50 for c in found])
        self.shares = weight / weight.sum()
        lists = defaultdict(list)
        for line in args.names.read_text("utf-8").splitlines():
            kind, _, word = line.partition("\t")
            if word not in without:
                lists[kind].append(word)
        accented = {bare(word): word for word in _parts([*lists["first"], *lists["last"], *map(_name, found)])}
        table = args.people.read_text("latin-1").splitlines()[2:]
        given = (
            "-".join(accented.get(part, part) for part in row.split(";")[0].title().split("-")) for row in table
        )
        seen = Counter(name for name in given if name not in without)
        self.given = list(seen)
        often = np.sqrt(list(seen.values()))
        self.often = often / often.sum()
        self.first, self.last = lists["first"], lists["last"]
        self.streets, self.phrases = lists["street"], lists["phrase"]


def _name(commune: dict[str, Any]) -> str:
    return str(commune["nom"])


def _parts(names: Iterable[str]) -> Iterator[str]:
    """The words of names that bear an accent: tables of people have none."""
    for name in names:
        yield from (part for part in re.split(r"[ '-]", name) if part[:1].isupper() and bare(part) != part)


def _one(options: Sequence[str], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]


def _town(words: Words, rng: np.random.Generator) -> tuple[str, str]:
    name, codes = words.towns[int(rng.choice(len(words.towns), p=words.shares))]
    return _one(codes, rng), name


def _first(words: Words, rng: np.random.Generator) -> str:
    def one() -> str:
        if rng.random() < 0.6:
            return _one(words.first, rng)
        return words.given[int(rng.choice(len(words.given), p=words.often))]

    return f"{one()}-{one()}" if rng.random() < 0.12 else one()


def _last(words: Words, rng: np.random.Generator) -> str:
    draw = rng.random()
    if draw < 0.65:
        return _one(words.last, rng)
    if draw < 0.8:
        return _first(words, rng)
    if draw < 0.92:
        return _town(words, rng)[1]
    return f"{_one(words.last, rng)}{_one(('-', ' '), rng)}{_one(words.last, rng)}"


def _street(words: Words, rng: np.random.Generator) -> str:
    house = str(rng.integers(1, 200)) + ("" if rng.random() < 0.85 else _one((" bis", " ter", "B", ","), rng))
    draw = rng.random()
    if draw < 0.5:
        named = _one(words.streets, rng)
    elif draw < 0.75:
        named = f"{_first(words, rng)} {_last(words, rng)}"
    else:
        named = f"{_one(('de ', 'du ', 'des ', 'de la ', ''), rng)}{_town(words, rng)[1]}"
    named = named.replace(" ", "-") if rng.random() < 0.3 and not named.startswith("d") else named
    return f"{house} {_one((*WAYS, 'rue', 'rue', 'rue', 'avenue', 'résidence'), rng)} {named}"


def line(words: Words, rng: np.random.Generator) -> str:
    """One line, without regard to capitals."""
    draw = rng.random()
    if draw < 0.4:
        pair = [_first(words, rng), _last(words, rng)]
        title = [_one(TITLES, rng)] if rng.random() < 0.35 else []
        return " ".join([*title, *(pair if rng.random() < 0.5 else pair[::-1])])
    if draw < 0.7:
        place = " ".join(_town(words, rng)) + (" CEDEX" if rng.random() < 0.05 else "")
        return (f"{_street(words, rng)} {place}", _street(words, rng), place)[int(rng.integers(3))]
    if draw < 0.83:
        return number(rng)
    if draw < 0.9:
        return _one(USUAL, rng)
    if draw < 0.95:
        return f"{_one(HOUSES, rng)} {_one(('', 'de ', 'du ', 'des ', 'de la '), rng)}{_last(words, rng)}"
    return _one(words.phrases, rng)


def bare(text: str) -> str:
    """Without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")


def counted(words: Words, lines: int, rng: np.random.Generator) -> Counter[str]:
    """How often each run of up to ORDER characters was seen."""
    runs: Counter[str] = Counter()
    for _ in range(lines):
        text = folded(line(words, rng))
        text = EDGE + (bare(text) if rng.random() < BARE else text) + EDGE
        for end in range(2, len(text) + 1):
            runs.update(text[start:end] for start in range(max(0, end - ORDER), end))
    return runs


def weighed(runs: Counter[str]) -> Language:
    """Chances of characters after others, each leaning on what it has after a shorter run (Witten and Bell,
    1991)."""
    total: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for run, count in runs.items():
        total[run[:-1]] += count
        kinds[run[:-1]] += 1
    chances: dict[str, float] = {}
    for run in sorted(runs, key=len):
        before = run[:-1]
        shorter = chances.get(run[1:], 0.0) if before else 1 / 120
        chances[run] = (runs[run] + kinds[before] * shorter) / (total[before] + kinds[before])
    kept = {run for run, count in runs.items() if count >= LEAST or len(run) == 1}
    contexts = {run[:-1] for run in kept if len(run) > 1}

    def hundredths(chance: float) -> int:
        return round(-100 * math.log(chance))

    return Language(
        Table({run: hundredths(chances[run]) for run in kept}),
        Table({run: hundredths(kinds[run] / (total[run] + kinds[run])) for run in contexts}),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--communes", type=Path, required=True)
    parser.add_argument("--people", type=Path, required=True)
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--without", type=Path)
    parser.add_argument("--lines", type=int, default=150_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    rng = np.random.default_rng(args.seed)
    told = weighed(counted(Words(args), args.lines, rng))
    write(told, args.out)
    print(f"{args.out}: {len(told.chances.keys)} runs, {args.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
