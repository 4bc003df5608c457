"""`python -m tests.oracle --n 100000`: the command and the oracle on as many random cases, to the cent."""

import argparse
import sys
import time
from collections import Counter

from tests.oracle.agreement import READINGS, acts, care, chains, letters
from tests.oracle.agreement_of_cash import cash, pensions
from tests.oracle.agreement_of_goods import goods, hospital


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--n", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--show", type=int, default=5, help="disagreements to print")
    given = options.parse_args()
    cash_cases = pension_cases = given.n // 20
    other_readings = given.n // 100 * len(READINGS)
    goods_cases = stays = technical = given.n * 3 // 20
    trades = chained = given.n // 10
    start = time.process_time()
    found = [
        *care(
            given.n
            - (cash_cases + pension_cases + other_readings)
            - (goods_cases + stays + technical + trades + chained),
            given.seed,
        ),
        *chains(chained, given.seed),
        *acts(technical, given.seed),
        *letters(trades, given.seed),
        *goods(goods_cases, given.seed),
        *hospital(stays, given.seed),
        *pensions(pension_cases, given.seed),
    ]
    for name in READINGS:
        found += care(given.n // 100, given.seed, reading=name)
    found += cash(cash_cases - cash_cases // 5, given.seed)
    found += cash(cash_cases // 5, given.seed, truncated=True)
    counts = Counter(each.verdict for each in found)
    for each in [f for f in found if f.verdict == "differ"][: given.show]:
        print(each.kind, "seed", each.seed, each.why)
    for kind, number in sorted(Counter(each.kind for each in found).items()):
        of = Counter(each.verdict for each in found if each.kind == kind)
        print(f"{kind:24} {number:6} ({number / len(found):5.1%})  {dict(of)}")
    seconds = time.process_time() - start
    print(f"{len(found)} cases: {dict(counts)}, {seconds:.0f} s of CPU")
    return 1 if counts["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
