"""Random deaths: who gets the capital, and how much of it."""

from datetime import date, timedelta
from random import Random

from tests.oracle.cash_cases import CashCase, any_day
from tests.oracle.reading_of_daily_benefits import Rounding, capital, same_day
from tests.oracle.tables import nearest


def death_case(r: Random, rounding: Rounding = nearest) -> CashCase:
    died = any_day(r, date(2024, 12, 1), date(2026, 9, 30))
    month = same_day(died, months=1)
    claimants = []
    for number in range(r.randint(1, 4)):
        link = r.choice(("conjoint", "descendant", "descendant", "ascendant", "autre"))
        if link == "conjoint" and any(c["link"] == "conjoint" for c in claimants):
            link = "descendant"
        claimants.append(
            {
                "id": f"c{number}",
                "link": link,
                "claimed_on": (month + timedelta(days=r.choice((-10, -1, 0, 1, 20)))).isoformat(),
                "dependent": r.random() < 0.4,
            }
        )
    case = {
        "benefit": "capital_deces",
        "decided_on": (month + timedelta(days=30)).isoformat(),
        "died_on": died.isoformat(),
        "entitled": True,
        "claimants": claimants,
    }
    # L361-4 al. 1: in charge, and said so within the month (R361-5), in the order of R361-3; al. 2: else
    # the others, degree by degree
    order = ("conjoint", "descendant", "ascendant", "autre")
    first = [c for c in claimants if c["dependent"] and c["claimed_on"] <= month.isoformat()]
    pool = first or [c for c in claimants if c["link"] != "autre"]
    whole = capital(died)
    for link in order:
        chosen = [c for c in pool if c["link"] == link]
        if chosen:
            share, rest = divmod(whole, len(chosen))
            payees = {c["id"]: share + (place < rest) for place, c in enumerate(chosen)}
            return CashCase(case, {died: whole}, payees)
    return CashCase(case, {}, {})
