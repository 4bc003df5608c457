"""The base in memory: what a file of dossiers answers to queries, without a database."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from domain.people import Insured, Practitioner
from dossiers.names import PARTICLES, sound, words
from dossiers.queries import HEAD, PractitionerQueries, Queries

MOST = 300
"""Candidates beyond these tell too little apart to be worth comparing."""


class Directory:
    """Indexes over persons and practitioners; `candidates` is what the database would answer."""

    def __init__(self, people: Iterable[Insured] = (), practitioners: Iterable[Practitioner] = ()) -> None:
        self.people = list(people)
        self.practitioners = list(practitioners)
        self._nirs: dict[str, list[int]] = defaultdict(list)
        self._halves: dict[str, list[int]] = defaultdict(list)
        self._days: dict[date, list[int]] = defaultdict(list)
        self._names: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._professionals: dict[str, list[int]] = defaultdict(list)
        for place, person in enumerate(self.people):
            self._add(place, person)
        for place, professional in enumerate(self.practitioners):
            for key in (professional.rpps, professional.am_number, *words(professional.last_name)):
                self._professionals[key].append(place)

    def __len__(self) -> int:
        return len(self.people)

    def _add(self, place: int, person: Insured) -> None:
        for number in (person.nir, person.assure_nir):
            if number is not None:
                self._nirs[number].append(place)
                self._halves[number[:HEAD] + "*"].append(place)
                self._halves["*" + number[HEAD:]].append(place)
        self._days[person.birth_date].append(place)
        firsts = {sound(word) for word in words(person.first_names)[:2]}
        surnames = {
            sound(word)
            for name in (person.birth_name, person.use_name or "")
            for word in words(name)
            if word not in PARTICLES and len(word) > 2
        }
        for surname in surnames:
            for first in firsts:
                self._names[surname, first].append(place)

    def candidates(self, asked: Queries) -> list[Insured]:
        """Everyone worth comparing, at most MOST."""
        found: dict[int, None] = {}
        for number in asked.nirs:
            found.update(dict.fromkeys(self._nirs.get(number, ())))
        known = bool(found)
        for place in list(found):
            holder = self.people[place].assure_nir
            found.update(dict.fromkeys(self._nirs.get(holder, ()) if holder else ()))
        for day in asked.birth_dates:
            found.update(dict.fromkeys(self._days.get(day, ())))
        if not known:
            for half in (*(f"{head}*" for head in asked.nir_heads), *(f"*{tail}" for tail in asked.nir_tails)):
                found.update(dict.fromkeys(self._halves.get(half, ())[:MOST]))
        if not known or not asked.birth_dates:
            found.update(dict.fromkeys(self._named(asked)))
        return [self.people[place] for place in list(found)[:MOST]]

    def _named(self, asked: Queries) -> list[int]:
        years = {day.year for day in asked.birth_dates}
        places: list[int] = []
        for surname in asked.sounds:
            for first in asked.sounds:
                if surname != first:
                    places += self._names.get((surname, first), ())
        if len(places) > MOST and years:
            places.sort(key=lambda place: self.people[place].birth_date.year not in years)
        return places[:MOST]

    def practitioners_for(self, asked: PractitionerQueries) -> list[Practitioner]:
        """Practitioners with one of these numbers, or else one of these names."""
        found: dict[int, None] = {}
        for key in (*asked.rpps, *asked.am_numbers, *asked.names):
            found.update(dict.fromkeys(self._professionals.get(key, ())[:MOST]))
        return [self.practitioners[place] for place in list(found)[:MOST]]
