"""What is written on a form that is no feuille de soins: values that fit each field's kind, those that name
a person or a practitioner of one invented person and one invented doctor."""

import random
from datetime import date, timedelta

from domain.identifiers import luhn_key
from domain.nir import Nir
from domain.people import Insured, Practitioner
from ocr.forms import Form, FormField
from ocr.specimen.cases import Case, Value, name_of
from ocr.specimen.names import LAST, MEN, PRACTICES, STREETS
from ocr.specimen.population import TODAY, Population

FILLED = 0.8
"""Of the fields of a form, how many are filled."""

SAID = (
    "chute de plain-pied",
    "port de charge",
    "main droite",
    "contusion du genou",
    "dans l'atelier",
    "employé",
)


def make_declaration(form: Form, pop: Population, rng: random.Random, today: date = TODAY) -> Case:
    """A sheet of any known form, filled."""
    able = [person for person in pop.insured if person.nir and person.died_on is None]
    person, doctor = rng.choice(able), rng.choice(pop.practitioners)
    values: dict[str, Value] = {}
    for name, field in form.fields.items():
        known = _of_whom(name, person, doctor, rng)
        if known is not None:
            values[name] = known
        elif field.kind in ("check", "signature"):
            values[name] = rng.random() < (0.3 if field.kind == "check" else 0.9)
        else:
            values[name] = _anything(name, field, rng, today) if rng.random() < FILLED else None
    return Case(person, doctor, values)


def _of_whom(name: str, person: Insured, doctor: Practitioner, rng: random.Random) -> str | None:
    who, _, what = name.partition("_")
    if who in ("assure", "beneficiaire"):
        return {
            "nir": person.nir,
            "nir_cle": Nir(person.nir).key if person.nir else None,
            "nom_prenom": name_of(person, rng),
            "date_naissance": person.birth_date.isoformat(),
            "adresse": " ".join(person.address) if who == "assure" else person.address[0],
        }.get(what)
    if who == "medecin":
        said = f"{doctor.last_name.upper()} {doctor.first_name.split()[0]}"
        return {"rpps": doctor.rpps, "nom_prenom": said}.get(what)
    return None


def _anything(name: str, field: FormField, rng: random.Random, today: date) -> str:
    count = len(field.boxes)
    if field.kind == "comb_date":
        return (today - timedelta(days=rng.randrange(3, 60))).isoformat()
    if field.kind == "comb_amount":
        return f"{rng.randrange(10, min(999, 10 ** (count - 2)))}.{rng.randrange(100):02d}"
    if name.endswith(("heure", "_debut", "_fin")) and count == 4:
        return f"{rng.randrange(6, 20):02d}{rng.randrange(60):02d}"
    if field.kind == "comb":
        body = "".join(rng.choice("0123456789") for _ in range(count - 1))
        return body + (luhn_key(body) if name.endswith("siret") else rng.choice("0123456789"))
    if field.kind == "cell":
        return rng.choice(("G", "VG", "GS"))
    if name.endswith("tampon"):
        return "\n".join(
            (rng.choice(PRACTICES), f"{rng.randrange(1, 90)} {rng.choice(STREETS)}", "59000 LILLE")
        )
    if field.kind == "text_block" or (field.box[2] > 80 and "nom" not in name and "adresse" not in name):
        return rng.choice(SAID)
    if "adresse" in name:
        return f"{rng.randrange(1, 90)} {rng.choice(STREETS)}"
    if "nom" in name or "temoin" in name:
        return f"{rng.choice(LAST).upper()} {rng.choice(MEN)}"
    return rng.choice(("LILLE", "DOUAI", "HEM", "LOOS"))
