"""Claims of three lines liquidated a second on one core, with their traces; memory must stay flat.

    python -m bench.liquidation [--claims 300000]

`liquidate()` alone: no database, no reading. Prints one line; exit 1 where memory grew.
"""

import argparse
import resource
import time
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle

from domain.claim import Act, Claim, History, Rights, Withheld
from domain.people import Affiliation, Ald, ComplementaireSante, Insured, MedecinTraitant, Situation
from domain.period import Period
from law import load
from liquidation import liquidate
from rights import open_rights

LONG_AGO = Period(date(2000, 1, 1))
DOCTORS = ("10001234565", "10009876543")
TODAY = date(2026, 11, 22)
FLAT_KIB = 20 * 1024


def population() -> list[tuple[Insured, History]]:
    """Eight kinds of people, each with some participations already taken."""
    people = []
    for n in range(8):
        insured = Insured(
            id=f"assure-{n}",
            nir=None,
            birth_name="Essai",
            first_names="Camille",
            birth_date=date(1950 + 9 * n, 3, 1),
            affiliations=(Affiliation(LONG_AGO, "017510000"),),
            medecins_traitants=(MedecinTraitant(LONG_AGO, DOCTORS[n % 2]),),
            alds=(Ald(LONG_AGO, 8),) if n % 3 == 0 else (),
            complementaires=(ComplementaireSante(LONG_AGO),) if n == 5 else (),
            situations=(Situation(LONG_AGO, "regime_local"),) if n == 2 else (),
        )
        taken = tuple(
            Withheld(
                "participation_forfaitaire", Decimal("2.00"), date(2026, 3, 1),
                date(2026, 1, 1) + timedelta(days=day), DOCTORS[0],
            )
            for day in range(3 * n)
        )  # fmt: skip
        people.append((insured, History(taken)))
    return people


def a_claim(number: int, insured: Insured) -> Claim:
    day = date(2026, 1, 5) + timedelta(days=number % 300)
    acts = tuple(
        Act(line, day + timedelta(days=line), code, Decimal("30.00"))
        for line, code in enumerate(("G", "VG", "GS"), start=1)
    )
    return Claim(
        id=str(number),
        insured_id=insured.id,
        practitioner_rpps=DOCTORS[0],
        practitioner_specialty="01",
        practitioner_sector="1",
        acts=acts,
        total=Decimal("90.00"),
        form_date=acts[-1].day,
        received_on=TODAY,
        ald=number % 4 == 0,
        paid_by_insured=number % 5 != 0,
    )


def memory_kib() -> int:
    """Resident memory now (Linux)."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() // 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=300_000)
    count = parser.parse_args().claims
    law = load()
    people = population()
    opened: dict[tuple[str, date], Rights] = {}
    used, before, steps, paid = 0.0, 0, 0, Decimal("0.00")
    warm = min(5_000, count // 2)
    for number, (insured, history) in zip(range(count + warm), cycle(people), strict=False):
        claim = a_claim(number, insured)
        for act in claim.acts:
            key = (insured.id, act.day)
            if key not in opened:
                opened[key] = open_rights(insured, act.day, law)
        rights = {act.day: opened[insured.id, act.day] for act in claim.acts}
        if number == warm:
            used, before = 0.0, memory_kib()
        start = time.process_time()
        decision = liquidate(claim, rights, history, TODAY, law)
        used += time.process_time() - start
        steps += sum(len(line.trace) for line in decision.lines)
        paid += decision.total
    grown = memory_kib() - before
    print(
        f"{count} claims of three lines in {used:.1f} s of one core: {count / used:.0f} a second "
        f"({steps} steps of trace, {paid} EUR); memory {grown:+d} KiB"
    )
    return 1 if grown > FLAT_KIB else 0


if __name__ == "__main__":
    raise SystemExit(main())
