"""The claims of the demonstration lot: each about another person, each with one thing of its own."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from domain.people import Insured
from domain.period import on_day
from ocr.forms import Form, load_form
from ocr.specimen.cases import Case, goes_through, make_case
from ocr.specimen.making import FORM, population_for
from ocr.specimen.population import Population, make_population
from ocr.specimen.registry import Sources


class Maker:
    """Keeps what was made before, for the pieces that repeat another."""

    def __init__(self, out: Path, seed: int, sources: Sources, today: date) -> None:
        self.out, self.seed, self.sources, self.today = out, seed, sources, today
        self.form: Form = load_form(FORM)
        self.pop: Population = population_for(seed, None, out, today)
        self.strangers = make_population(seed + 1_000_003, 200, today)
        twins = {(p.assure_nir, p.birth_date) for p in self.pop.insured if p.birth_rank > 1}
        self.simple = {
            p.id
            for p in self.pop.insured
            if goes_through(p, today) and (p.assure_nir, p.birth_date) not in twins
        }
        self.used: set[str] = set()
        self.cases: dict[str, Case] = {}
        self.bytes: dict[str, tuple[bytes, str]] = {}

    def person(self, rng: random.Random, fits: Callable[[Insured], bool]) -> Insured:
        """Someone whom no other sheet of the lot is about."""
        fitting = [p for p in self.pop.insured if p.id not in self.used and fits(p)]
        chosen = rng.choice(fitting)
        self.used.add(chosen.id)
        return chosen

    def day(self, rng: random.Random) -> date:
        return self.today - timedelta(days=rng.randrange(4, 40))

    def case(
        self,
        rng: random.Random,
        codes: tuple[str, ...] = (),
        fits: Callable[[Insured], bool] = lambda person: person.assure_nir is None,
        *,
        plain: bool = True,
        by_doctor: bool | None = True,
    ) -> Case:
        """A sheet that goes through. `by_doctor`: seen by the médecin traitant (None: whoever)."""

        def fit(person: Insured) -> bool:
            if plain and person.id not in self.simple:
                return False
            own = on_day(person.medecins_traitants, self.today)
            known = own is not None and own.rpps in able
            return fits(person) and (
                by_doctor is None or not by_doctor or known or person.assure_nir is not None
            )

        able = {d.rpps for d in self.pop.practitioners if d.specialty == "01" and d.sector == "1"}
        person = self.person(rng, fit)
        own = on_day(person.medecins_traitants, self.today)
        doctors = [d for d in self.pop.practitioners if d.rpps in able]
        if by_doctor and own is not None:
            doctors = [d for d in doctors if d.rpps == own.rpps]
        elif by_doctor is False and own is not None:
            doctors = [d for d in doctors if d.rpps != own.rpps]
        day = self.day(rng)
        acts = [
            (code, day + timedelta(days=3 * i))
            for i, code in enumerate(codes or (rng.choice(("G", "G", "VG")),))
        ]
        acts = [
            (code, min(each, self.today - timedelta(days=1 + len(acts) - i)))
            for i, (code, each) in enumerate(acts)
        ]
        made = make_case(
            self.form,
            self.pop,
            rng,
            today=self.today,
            person=person,
            doctor=rng.choice(doctors),
            acts=acts,
            plain=True,
        )
        calm = {"urgence": False, "hors_residence": False, "non_paye_part_obligatoire": False}
        return made.with_fields(organisme_rattachement=None, **calm)


def adult(person: Insured) -> bool:
    return person.assure_nir is None and not person.alds


def plain(*codes: str) -> Callable[[Maker, random.Random], Case]:
    return lambda maker, rng: maker.case(rng, codes, adult)


def ald(maker: Maker, rng: random.Random) -> Case:
    def has(person: Insured) -> bool:
        return any(a.period.end is None and a.period.start < date(2026, 8, 1) for a in person.alds)

    return maker.case(rng, ("G",), has).with_fields(ald=True)


def minor(maker: Maker, rng: random.Random) -> Case:
    def child(person: Insured) -> bool:
        return person.assure_nir is not None and person.nir is not None and person.birth_date.year > 2011

    return maker.case(rng, ("G",), child, by_doctor=None)


def outside(maker: Maker, rng: random.Random) -> Case:
    made = maker.case(rng, ("G",), lambda p: adult(p) and bool(p.medecins_traitants), by_doctor=False)
    return made.with_fields(
        hors_coordination=True, mt_remplace=False, envoye_par_medecin=None, nouveau_medecin_traitant=False
    )


def oriented(maker: Maker, rng: random.Random) -> Case:
    return maker.case(rng, ("APC",), lambda p: adult(p) and bool(p.medecins_traitants), by_doctor=False)


def unpaid(maker: Maker, rng: random.Random) -> Case:
    made = maker.case(rng, ("G",), adult)
    assert made.insured is not None
    code = made.insured.affiliations[-1].organisme
    return made.with_fields(non_paye_part_obligatoire=True, organisme_rattachement=code)


def wrong_sum(maker: Maker, rng: random.Random) -> Case:
    made = maker.case(rng, ("G", "VG"), adult)
    return made.with_fields(montant_total="50.00")


def unsigned(maker: Maker, rng: random.Random) -> Case:
    return maker.case(rng, ("G",), adult).with_fields(signature_assure=False)


def unknown(maker: Maker, rng: random.Random) -> Case:
    made = maker.case(rng, ("G",), adult)
    here = {p.nir for p in maker.pop.insured} | {p.birth_name for p in maker.pop.insured}
    stranger = next(
        p for p in maker.strangers.insured if adult(p) and p.nir not in here and goes_through(p, maker.today)
    )
    stranger = replace(stranger, birth_name="Kerguelen-Ortega", use_name=None, medecins_traitants=())
    other = make_case(
        maker.form, maker.pop, rng, today=maker.today, person=stranger, doctor=made.practitioner,
        acts=[("G", maker.day(rng))], plain=True,
    )  # fmt: skip
    return replace(other, insured=None)


def closed(maker: Maker, rng: random.Random) -> Case:
    limit = maker.today - timedelta(days=70)

    def ended(person: Insured) -> bool:
        end = person.affiliations[-1].period.end
        return adult(person) and end is not None and end < limit and person.died_on is None

    return maker.case(rng, ("G",), ended, plain=False)


def again(name: str) -> Callable[[Maker, random.Random], Case]:
    return lambda maker, rng: maker.cases[name]
