"""What is written on a sheet: a claim that holds together, as values of the form's fields."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from domain.nir import Nir
from domain.people import Insured, Practitioner
from domain.period import on_day
from ocr.forms import Form
from ocr.specimen.names import PRACTICES
from ocr.specimen.population import TODAY, Population

Value = str | bool | None

TARIFFS = {  # NGAP, generalist of secteur 1: the day from which, the tarif
    "G": ((date(2023, 11, 1), "26.50"), (date(2024, 12, 22), "30.00")),
    "GS": ((date(2023, 11, 1), "26.50"), (date(2024, 12, 22), "30.00")),
    "VG": ((date(2023, 11, 1), "26.50"), (date(2024, 12, 22), "30.00")),
    "APC": ((date(2023, 11, 1), "56.50"), (date(2024, 12, 22), "60.00")),
}
STAMP = ("medecin_rpps", "medecin_am")


def tariff(code: str, day: date) -> Decimal:
    """The tarif de responsabilité that a specimen asks for; the reader's law is not used here."""
    return Decimal([amount for since, amount in TARIFFS[code] if since <= day][-1])


@dataclass(frozen=True, slots=True)
class Case:
    """One sheet. `fields`: every field of the form and of the stamp; null where the paper is blank."""

    insured: Insured | None
    practitioner: Practitioner
    fields: Mapping[str, Value]
    note: str = ""
    tags: tuple[str, ...] = field(default=())

    def with_fields(self, note: str = "", **changed: Value) -> "Case":
        return replace(self, fields={**self.fields, **changed}, note=note or self.note)


def blank_fields(form: Form) -> dict[str, Value]:
    """Nothing written: false for ticks and signatures, null for the rest."""
    values: dict[str, Value] = {
        name: False if each.kind in ("check", "signature") else None for name, each in form.fields.items()
    }
    return {**values, **dict.fromkeys(STAMP)}


def name_of(person: Insured, rng: random.Random) -> str:
    """As a practitioner writes it: nom de famille, then nom d'usage, then the first name."""
    last = person.birth_name.upper()
    if person.use_name and rng.random() < 0.7:
        last += f" {person.use_name.upper()}"
    return f"{last} {person.first_names.split()[0]}"


def stamp_of(doctor: Practitioner, rng: random.Random) -> tuple[str, ...]:
    """The lines of a practitioner's stamp, RPPS and number of assurance maladie among them."""
    first = rng.choice(("Docteur", "Dr", "Dr"))
    rpps = doctor.rpps
    if rng.random() < 0.35:
        rpps = f"{rpps[:2]} {rpps[2:5]} {rpps[5:8]} {rpps[8:]}"
    am = doctor.am_number
    if rng.random() < 0.4:
        am = f"{am[:2]} {am[2]} {am[3:8]} {am[8]}"
    return (
        f"{first} {doctor.first_name} {doctor.last_name.upper()}",
        "Médecine générale" if doctor.specialty == "01" else "Médecin spécialiste",
        *doctor.address,
        rng.choice((f"RPPS {rpps}", f"RPPS : {rpps}", f"N° RPPS {rpps}")),
        rng.choice((f"AM {am}", f"N° AM : {am}", f"Adeli {am}")),
    )


def _date_field(day: date) -> str:
    return day.isoformat()


def _identity(values: dict[str, Value], person: Insured, parent: Insured | None, rng: random.Random) -> None:
    values["beneficiaire_nom_prenom"] = name_of(person, rng)
    values["beneficiaire_date_naissance"] = _date_field(person.birth_date)
    if person.nir and (parent is None or rng.random() < 0.5):
        values["beneficiaire_nir"] = person.nir
        if rng.random() < 0.93:
            values["beneficiaire_nir_cle"] = Nir(person.nir).key
    if parent is not None and parent.nir:
        values["assure_nom_prenom"] = name_of(parent, rng)
        values["assure_nir"] = parent.nir
        values["assure_nir_cle"] = Nir(parent.nir).key
    if rng.random() < 0.85:
        values["assure_adresse"] = " ".join(person.address)


def _parcours(
    values: dict[str, Value],
    person: Insured,
    doctor: Practitioner,
    day: date,
    pop: Population,
    rng: random.Random,
) -> None:
    current = on_day(person.medecins_traitants, day)
    if current is not None and current.rpps == doctor.rpps:
        return
    kind = rng.random() if values["acte1_c_v"] != "APC" else 0.0  # an APC answers another's letter
    if current is not None and kind < 0.35:
        sender = next(d for d in pop.practitioners if d.rpps == current.rpps)
        values["envoye_par_medecin"] = f"Dr {sender.last_name.upper()} {sender.first_name}"
    elif current is not None and kind < 0.5:
        values["mt_remplace"] = True
    elif kind < 0.62:
        values["urgence"] = True
    elif kind < 0.74:
        values["hors_residence"] = True
    elif current is None and kind < 0.9:
        values["nouveau_medecin_traitant"] = True
    else:
        values["hors_coordination"] = True


def _acts(values: dict[str, Value], code_days: list[tuple[str, date]]) -> Decimal:
    total = Decimal("0.00")
    for line, (code, day) in enumerate(code_days, start=1):
        fee = tariff(code, day)
        total += fee
        values[f"acte{line}_date"] = _date_field(day)
        values[f"acte{line}_c_v"] = code
        values[f"acte{line}_honoraires"] = f"{fee:.2f}"
    values["montant_total"] = f"{total:.2f}"
    return total


def _choose_acts(person: Insured, rng: random.Random, last: date) -> list[tuple[str, date]]:
    draw = rng.random()
    day = last - timedelta(days=rng.randrange(3, 26))
    if draw < 0.62:
        return [(rng.choice(("G", "G", "GS")), day)]
    if draw < 0.80:
        return [("VG", day)]
    if draw < 0.86:
        return [("APC", day)]
    second = day + timedelta(days=rng.randrange(1, max(2, (last - day).days - 1)))
    return [(rng.choice(("G", "VG")), day), (rng.choice(("G", "VG")), second)]


def make_case(
    form: Form,
    pop: Population,
    rng: random.Random,
    *,
    today: date = TODAY,
    person: Insured | None = None,
    doctor: Practitioner | None = None,
    acts: list[tuple[str, date]] | None = None,
    plain: bool = False,
) -> Case:
    """A claim of a généraliste of secteur 1 for acts at the tarif of their day.

    `plain`: only what is computed today (maladie, ALD, minors, parcours), rights open, payment made:
    the sheets that must go through whole.
    """
    person = person or _choose_person(pop, rng, today, plain)
    parent = pop.by_nir(person.assure_nir) if person.assure_nir else None
    acts = acts or _choose_acts(person, rng, today)
    day = acts[0][1]
    doctor = doctor or _choose_doctor(pop, person, day, rng)
    current = on_day(person.medecins_traitants, day)
    if current is None or current.rpps == doctor.rpps:
        acts = [("G" if code == "APC" else code, each) for code, each in acts]
    values = blank_fields(form)
    _identity(values, person, parent, rng)
    _acts(values, acts)
    values["date_facture"] = _date_field(acts[-1][1])
    if not plain and rng.random() < 0.25:
        values["numero_facture"] = f"{rng.randrange(10**9):09d}"
    values["maladie"] = True
    if on_day(person.alds, day) is not None and rng.random() < 0.8:
        values["ald"] = True
    if rng.random() < 0.4:
        values["accident_tiers_non"] = True
    if not plain:
        _rare(values, person, day, rng)
    _parcours(values, person, doctor, day, pop, rng)
    if (not plain and rng.random() < 0.15) or (plain and rng.random() < 0.1):
        values["non_paye_part_obligatoire"] = True
        values["organisme_rattachement"] = person.affiliations[-1].organisme
    stamp = stamp_of(doctor, rng)
    values["medecin_tampon"] = "\n".join(stamp)
    values["medecin_rpps"], values["medecin_am"] = doctor.rpps, doctor.am_number
    if rng.random() < 0.3:
        values["structure_tampon"] = "\n".join((rng.choice(PRACTICES), *doctor.address))
    values["signature_medecin"] = True
    values["signature_assure"] = True
    return Case(person, doctor, values)


def _rare(values: dict[str, Value], person: Insured, day: date, rng: random.Random) -> None:
    """What few sheets carry: maternity, an accident, prevention, an old-style code."""
    draw = rng.random()
    maternity = on_day(person.grossesses, day)
    if maternity is not None:
        values["maladie"] = False
        values["maternite"] = True
        values["maternite_date"] = maternity.expected_birth.isoformat()
    elif person.accidents and draw < 0.8:
        values["maladie"] = False
        values["at_mp"] = True
        values["at_mp_numero"] = person.accidents[0].number
        if draw < 0.3:
            values["at_mp_date"] = person.accidents[0].occurred_on.isoformat()
    elif draw < 0.05:
        values["accident_tiers_non"] = False
        values["accident_tiers_oui"] = True
        values["accident_tiers_date"] = (day - timedelta(days=rng.randrange(1, 60))).isoformat()
    elif draw < 0.09:
        values["prevention"] = True
    elif draw < 0.12:
        values["exo_autre"] = True
    if rng.random() < 0.06:
        values["acte1_depassement"] = rng.choice(("D", "E", "F"))
    if values["acte1_c_v"] == "VG" and rng.random() < 0.5:
        values["acte1_deplacement_id_md"] = "MD"


def _choose_person(pop: Population, rng: random.Random, today: date, plain: bool) -> Insured:
    while True:
        person = rng.choice(pop.insured)
        if plain and not goes_through(person, today):
            continue
        if not plain and person.died_on is not None:
            continue
        return person


def goes_through(person: Insured, today: date) -> bool:
    """Nothing about the person needs a rule that is not computed today, or a second look."""
    current = on_day(person.affiliations, today - timedelta(days=60))
    number = person.nir or person.assure_nir
    return (
        current is not None
        and current.period.end is None
        and person.died_on is None
        and number is not None
        and number[0] in "12"
        and not Nir(number).month_is_fictive
        and person.birth_rank == 1
        and len(person.medecins_traitants) <= 1
        and not (person.complementaires or person.grossesses or person.accidents or person.situations)
        and (person.assure_nir is None or person.nir is not None)
    )


def _choose_doctor(pop: Population, person: Insured, day: date, rng: random.Random) -> Practitioner:
    able = [d for d in pop.practitioners if d.specialty == "01" and d.sector == "1"]
    current = on_day(person.medecins_traitants, day)
    if current is not None and rng.random() < 0.7:
        for doctor in able:
            if doctor.rpps == current.rpps:
                return doctor
    return rng.choice(able)
