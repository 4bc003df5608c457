"""An invented population: insured persons and practitioners, the same for the same seed.

Numbers are well-formed (keys of NIR, Luhn of RPPS, keys of RIB and IBAN) and of no one: the bank code
99999 exists nowhere.
"""

import random
import uuid
from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.identifiers import luhn_key
from domain.nir import Nir
from domain.people import (
    AccidentDuTravail,
    Affiliation,
    Ald,
    ComplementaireSante,
    Grossesse,
    Insured,
    MedecinTraitant,
    Practitioner,
    Situation,
)
from domain.period import Period
from ocr.specimen import names

TODAY = date(2026, 11, 20)
CAISSE = "01595"  # régime général, CPAM de Lille-Douai
CENTRES = ("0000", "0101", "0102", "0203")
ALSACE = "016710000"


@dataclass(frozen=True, slots=True)
class Population:
    insured: tuple[Insured, ...]
    practitioners: tuple[Practitioner, ...]

    def by_nir(self, nir: str) -> Insured | None:
        return next((person for person in self.insured if person.nir == nir), None)


def iban(rng: random.Random) -> str:
    """A French IBAN with valid keys at a bank that does not exist."""
    bank, branch, account = "99999", f"{rng.randrange(10**5):05d}", f"{rng.randrange(10**11):011d}"
    rib = 97 - (89 * int(bank) + 15 * int(branch) + 3 * int(account)) % 97
    body = f"{bank}{branch}{account}{rib:02d}"
    check = 98 - int(f"{body}152700") % 97  # F = 15, R = 27
    return f"FR{check:02d}{body}"


def _nir(rng: random.Random, sex: int, born: date, fictive: bool = False) -> str:
    kind = rng.random()
    if kind < 0.80:
        place = rng.choice(names.BIRTHPLACES)
    elif kind < 0.85:
        place = rng.choice(names.CORSICA)
        if born.year < 1976:
            place = "20" + place[2:]
    elif kind < 0.90:
        place = rng.choice(names.OVERSEAS)
    else:
        place = rng.choice(names.ABROAD)
    month = rng.choice((*range(20, 43), *range(50, 100))) if fictive else born.month
    return f"{sex}{born.year % 100:02d}{month:02d}{place}{rng.randrange(1, 700):03d}"


def _uuid(rng: random.Random) -> str:
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _day(rng: random.Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def _address(rng: random.Random) -> tuple[str, ...]:
    _, postal, town = rng.choice(names.HOMES)
    number = f"{rng.randrange(1, 180)}{rng.choice(('', '', '', '', ' bis'))}"
    return (f"{number} {rng.choice(names.STREETS)}", f"{postal} {town}")


def _practitioner(rng: random.Random, place: int) -> Practitioner:
    body = f"10{rng.randrange(10**8):08d}"
    sex = rng.random() < 0.5
    specialty, sector = ("01", "1") if place < 80 else (rng.choice(("03", "07", "12", "15", "32")), "1")
    if place % 11 == 7:
        sector = "2"
    return Practitioner(
        rpps=body + luhn_key(body),
        am_number=f"591{rng.randrange(10**6):06d}",
        last_name=rng.choice(names.LAST),
        first_name=rng.choice(names.WOMEN if sex else names.MEN),
        specialty=specialty,
        sector=sector,
        active=Period(date(rng.randrange(1990, 2020), 1, 1)),
        address=_address(rng),
        iban=iban(rng),
    )


class _Maker:
    def __init__(self, seed: int, today: date) -> None:
        self.rng = random.Random(f"population-{seed}")
        self.today = today
        self.used: set[str] = set()
        doctors: dict[str, Practitioner] = {}
        while len(doctors) < 100:
            doctor = _practitioner(self.rng, len(doctors))
            if doctor.am_number not in {d.am_number for d in doctors.values()}:
                doctors[doctor.rpps] = doctor
        self.practitioners = tuple(doctors.values())
        self.generalists = tuple(d for d in self.practitioners if d.specialty == "01")

    def nir(self, sex: int, born: date, fictive: bool = False) -> str:
        while True:
            number = _nir(self.rng, sex, born, fictive)
            if number not in self.used:
                self.used.add(number)
                Nir(number)
                return number

    def doctor_of(self, born: date) -> tuple[MedecinTraitant, ...]:
        rng = self.rng
        if (self.today.year - born.year < 16 and rng.random() < 0.7) or rng.random() < 0.1:
            return ()
        since = _day(rng, date(2008, 1, 1), date(2023, 12, 31))
        now = rng.choice(self.generalists).rpps
        if rng.random() < 0.15:  # changed once
            change = _day(rng, date(2024, 1, 1), self.today - timedelta(days=200))
            before = rng.choice(self.generalists).rpps
            return (
                MedecinTraitant(Period(since, change), before),
                MedecinTraitant(Period(change), now),
            )
        return (MedecinTraitant(Period(since), now),)

    def adult(self, home: tuple[str, ...], last: str, sex: int, age: int) -> Insured:
        rng, today = self.rng, self.today
        born = _day(rng, date(today.year - age, 1, 1), date(today.year - age, 11, 19))
        women = sex == 2
        pool = names.WOMEN if women else names.MEN
        first = rng.choice(pool)
        birth_name = last if not women or rng.random() < 0.45 else rng.choice(names.LAST)
        regime_local = rng.random() < 0.02
        organisme = ALSACE if regime_local else CAISSE + rng.choice(CENTRES)
        joined = (
            _day(rng, date(max(born.year + 17, 1995), 1, 1), date(2019, 12, 31))
            if age > 26
            else (date(2019, 9, 1))
        )
        person = Insured(
            id=_uuid(rng),
            nir=self.nir(sex, born),
            birth_name=birth_name,
            first_names=first if rng.random() < 0.8 else f"{first} {rng.choice(pool)}",
            birth_date=born,
            use_name=last if birth_name != last else None,
            address=home,
            iban=iban(rng),
            affiliations=(Affiliation(Period(joined), organisme),),
            medecins_traitants=self.doctor_of(born),
        )
        if regime_local:
            person = replace(person, situations=(Situation(Period(joined), "regime_local"),))
        return self._dated(person, age, women)

    def _dated(self, person: Insured, age: int, women: bool) -> Insured:
        rng, today = self.rng, self.today
        if rng.random() < 0.04 + age / 300:
            start = _day(rng, date(2018, 1, 1), date(2026, 6, 30))
            end = None if rng.random() < 0.8 else start + timedelta(days=3 * 365)
            person = replace(person, alds=(Ald(Period(start, end), rng.choice((3, 5, 8, 12, 13, 23, 30))),))
        if rng.random() < 0.09:
            start = _day(rng, date(2025, 12, 1), today - timedelta(days=40))
            kind = ComplementaireSante(Period(start, start + timedelta(days=365)), rng.random() < 0.3)
            person = replace(person, complementaires=(kind,))
        if women and 19 < age < 43 and rng.random() < 0.08:
            expected = _day(rng, today - timedelta(days=10), today + timedelta(days=150))
            span = Period(expected - timedelta(days=122), expected + timedelta(days=13))
            person = replace(person, grossesses=(Grossesse(span, expected),))
        if rng.random() < 0.015:
            day = _day(rng, date(2026, 1, 5), today - timedelta(days=20))
            number = f"{day:%y%m%d}{rng.randrange(1000):03d}"
            person = replace(person, accidents=(AccidentDuTravail(Period(day), number, day),))
        return person

    def first_name(self, sex: int, family: list[Insured]) -> str:
        taken = {person.first_names for person in family}
        return self.rng.choice([n for n in (names.WOMEN if sex == 2 else names.MEN) if n not in taken])

    def family(self) -> list[Insured]:
        rng, today = self.rng, self.today
        home, last = _address(rng), rng.choice(names.LAST)
        age = min(95, max(18, int(rng.gauss(48, 18))))
        sex = rng.choice((1, 2))
        head = self.adult(home, last, sex, age)
        people = [head]
        if rng.random() < 0.55:
            other = min(95, max(18, age + rng.randrange(-6, 7)))
            people.append(self.adult(home, last, 3 - sex, other))
        parents = list(people)
        children = rng.choice((0, 1, 1, 2, 2, 3)) if 22 < age < 56 else 0
        births: list[date] = []
        while len(births) < children:
            oldest = max(0, age - 40)
            years = rng.randrange(oldest, max(oldest + 1, min(18, age - 19)))
            day = _day(rng, date(today.year - years - 1, 11, 25), date(today.year - years, 11, 10))
            births += [day, day] if rng.random() < 0.06 else [day]
        for place, born in enumerate(births):
            child_sex, parent = rng.choice((1, 2)), rng.choice(parents)
            twin = births.index(born) != place
            people.append(
                Insured(
                    id=_uuid(rng),
                    nir=None if rng.random() < 0.35 else self.nir(child_sex, born),
                    birth_name=last,
                    first_names=self.first_name(child_sex, people),
                    birth_date=born,
                    birth_rank=2 if twin else 1,
                    quality="30",
                    assure_nir=parent.nir,
                    address=home,
                    affiliations=(Affiliation(Period(born), parent.affiliations[0].organisme),),
                    medecins_traitants=self.doctor_of(born),
                )
            )
        return people


def _closed(person: Insured, end: date) -> Insured:
    last = person.affiliations[-1]
    return replace(person, affiliations=(Affiliation(Period(last.period.start, end), last.organisme),))


def make_population(seed: int, insured: int = 2000, today: date = TODAY) -> Population:
    """`insured` persons in families and 100 practitioners, of whom 80 are généralistes."""
    maker = _Maker(seed, today)
    people: list[Insured] = []
    while len(people) < insured:
        people += maker.family()
    people = people[:insured]
    rng = maker.rng
    adults = [i for i, p in enumerate(people) if p.assure_nir is None and p.birth_date.year < 2000]
    alone = {p.assure_nir for p in people}
    picked = [i for i in rng.sample(adults, min(len(adults), 400)) if people[i].nir not in alone]
    for place in picked[:36]:  # rights closed: an affiliation that has ended
        people[place] = _closed(people[place], _day(rng, date(2025, 6, 1), date(2026, 8, 31)))
    for place in picked[36:46]:  # an état civil that was incomplete: a month that is none
        person = people[place]
        sex = int((person.nir or "1")[0])
        people[place] = replace(person, nir=maker.nir(sex, person.birth_date, fictive=True))
    for place in picked[46:52]:  # numbers of people not yet certified
        person = people[place]
        number = (person.nir or "").replace(" ", "")
        people[place] = replace(person, nir=("7" if number[0] == "1" else "8") + number[1:])
    for place in picked[52:58]:
        died = _day(rng, date(2025, 1, 1), date(2026, 9, 30))
        people[place] = replace(_closed(people[place], died + timedelta(days=1)), died_on=died)
    return Population(tuple(people), maker.practitioners)
