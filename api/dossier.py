"""A dossier as an agent reads it: who, what rights on a day and why, what is dated, what came and was paid."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from pydantic import Field
from sqlalchemy import Connection

from api import board, labels
from api.routes.documents import older_than
from api.schema_base import Euros, Said
from api.schemas import DocumentLine, TraceOut
from api.views import person as named
from api.views import trace_out
from domain.claim import Rights
from domain.money import ZERO, Money, euros
from domain.people import Insured
from domain.period import Period
from law import Law, NotCovered
from liquidation.franchise import Franchises
from liquidation.participation import Counter
from outbound.attestation import EXEMPTIONS, organisme_shown
from rights import open_rights
from store import access, debts, money, people
from store.tables import documents as t

SHOWN = 50
QUALITIES = {"10": "assuré", "30": "enfant"}
SITUATIONS = {
    "ame": "Aide médicale de l'État",
    "regime_local": "Régime local d'Alsace-Moselle",
    "invalidite": "Pension d'invalidité",
    "rente_at_66": "Rente d'accident du travail, taux des deux tiers et plus",
    "aspa": "Allocation de solidarité aux personnes âgées",
}


class PersonOut(Said):
    id: str
    name: str
    birth_date: date
    nir: str | None


class RelativeOut(PersonOut):
    opens: bool = Field(description="C'est l'assuré qui ouvre les droits de la personne.")


class ExemptionOut(Said):
    label: str
    article: str


class RightsOut(Said):
    day: date
    is_open: bool
    organisme: str | None
    organisme_label: str | None
    age: int
    medecin_traitant: str | None
    exempt: list[ExemptionOut]
    regime_local: bool
    not_covered: str | None = Field(description="Le jour est hors de ce que la loi chargée couvre.")
    trace: list[TraceOut]


class CounterOut(Said):
    kind: str
    label: str
    year: int
    amount: Euros = Field(description="Compté dans l'année civile, au jour des remboursements.")
    times: int | None = Field(description="Combien de fois, où le plafond est un nombre de fois.")
    cap: str | None = Field(description="Le plafond de l'année, en mots.")
    outstanding: Euros = Field(description="Reste à récupérer sur des paiements à venir.")


class FactOut(Said):
    label: str
    said: str
    start: date
    end: date | None = Field(description="Le dernier jour ; nul tant que cela dure.")


class DossierLine(DocumentLine):
    decided: Euros | None = Field(description="La somme de ses décisions.")


class WholeDossierOut(PersonOut):
    quality: str
    birth_rank: int
    died_on: date | None
    address: list[str]
    account: str | None = Field(description="Ses quatre derniers caractères, jamais plus.")
    rights: RightsOut
    counters: list[CounterOut]
    periods: list[FactOut]
    family: list[RelativeOut]
    documents: list[DossierLine]
    next: str | None = Field(description="À redonner dans `after` pour la suite.")


def read(
    conn: Connection, actor: str, person_id: str, day: date, law: Law, after: str | None = None
) -> dict[str, Any]:
    """The dossier on `day`; `after` continues its list of documents. Each person it shows is read in the
    name of `actor`. Raises Refused("introuvable")."""
    person = people.insured(conn, person_id)
    holder = people.holder(conn, person)
    family = [each for each in (holder, *people.opened_by(conn, holder)) if each.id != person.id]
    for each in (person, *family):
        access.record(conn, actor, "dossier", each.id, "consultation")
    return {
        **named(person, {}),
        "quality": QUALITIES.get(person.quality, f"qualité {person.quality}"),
        "birth_rank": person.birth_rank,
        "died_on": person.died_on,
        "address": list(person.address),
        "account": _account(person.iban),
        "rights": _rights(conn, open_rights(person, day, law), law),
        "counters": counters(conn, person, day, law),
        "periods": sorted(periods(conn, person, law), key=lambda each: each["start"], reverse=True),
        "family": [named(each, {}) | {"opens": each.id == holder.id} for each in family],
        **_documents(conn, person.id, after),
    }


def periods(conn: Connection, person: Insured, law: Law) -> Iterator[dict[str, Any]]:
    """All that is dated about a person, in words."""
    for each in person.affiliations:
        yield _fact("Affiliation", _organisme(each.organisme, law), each.period)
    for rattachement in person.rattachements:
        number = labels.shown(rattachement.nir, "nir")
        yield _fact("Droits ouverts par", f"l'assuré {number}", rattachement.period)
    for doctor in person.medecins_traitants:
        yield _fact("Médecin traitant", _doctor(conn, doctor.rpps), doctor.period)
    for ald in person.alds:
        yield _fact(f"ALD n° {ald.number}", law.ald_label(ald.number) or "", ald.period)
    for pregnancy in person.grossesses:
        said = f"accouchement prévu le {labels.day(pregnancy.expected_birth)}"
        yield _fact("Maternité", said, pregnancy.period)
    for accident in person.accidents:
        said = f"n° {accident.number}, survenu le {labels.day(accident.occurred_on)}"
        yield _fact("Accident du travail", said, accident.period)
    for cover in person.complementaires:
        said = "avec participation" if cover.participation else "sans participation"
        yield _fact("Complémentaire santé solidaire", said, cover.period)
    for situation in person.situations:
        yield _fact(SITUATIONS[situation.kind], "", situation.period)
    for titre in person.titres:
        yield _fact("Titre de séjour", "éloignement définitif" if titre.removal else "", titre.period)
    for address in person.former_addresses:
        yield _fact("Ancienne adresse", ", ".join(address.lines), address.period)
    for account in person.former_accounts:
        yield _fact("Ancien compte", _account(account.iban) or "", account.period)


def counters(conn: Connection, person: Insured, day: date, law: Law) -> list[dict[str, Any]]:
    """What the person bore in the civil year of `day`, beside its caps; what is still to be taken back."""
    history = money.history(conn, person.id)
    taken, franchises = Counter.of(history, day), Franchises.of(history, day)
    owed: dict[str, Money] = {}
    for each in debts.owed(conn, person):
        if each.insured_id == person.id:
            kind = each.kind.partition("_")[0]
            owed[kind] = owed.get(kind, ZERO) + each.amount
    return [
        {
            "kind": kind,
            "label": label,
            "year": day.year,
            "amount": str(euros(amount)),
            "times": times,
            "cap": _cap(law, cap, day, counts=times is not None),
            "outstanding": str(euros(owed.get(kind, ZERO))),
        }
        for kind, label, amount, times, cap in (
            ("participation", "Participations forfaitaires", taken.amount_in_the_year, taken.in_the_year,
             "participation_forfaitaire.max_annee"),
            ("franchise", "Franchises", franchises.in_the_year, None, "franchise.max_annee"),
        )
    ]  # fmt: skip


def _cap(law: Law, name: str, day: date, counts: bool) -> str | None:
    """`counts`: a number of times, where another cap is an amount."""
    try:
        return law.value(name, day).shown + (" fois" if counts else "")
    except NotCovered:
        return None


def _rights(conn: Connection, rights: Rights, law: Law) -> dict[str, Any]:
    return {
        "day": rights.day,
        "is_open": rights.is_open,
        "organisme": rights.organisme,
        "organisme_label": _organisme(rights.organisme, law) if rights.organisme else None,
        "age": rights.age,
        "medecin_traitant": _doctor(conn, rights.medecin_traitant) if rights.medecin_traitant else None,
        "exempt": [
            {"label": EXEMPTIONS.get(name, name), "article": article}
            for name, article in (rights.exempt or {}).items()
        ],
        "regime_local": rights.regime_local,
        "not_covered": (rights.details or {}).get("non_couvert"),
        "trace": [trace_out(each) for each in rights.trace],
    }


def _documents(conn: Connection, person_id: str, after: str | None) -> dict[str, Any]:
    told = board.lines(conn, t.c.insured_id == person_id, *older_than(after), limit=SHOWN)
    paid = money.totals(conn, [each["id"] for each in told["documents"]])
    for each in told["documents"]:
        total = paid.get(each["id"])
        each["decided"] = None if total is None else str(euros(total))
    return told


def _fact(label: str, said: str, period: Period) -> dict[str, Any]:
    last = period.end and period.end - timedelta(days=1)
    return {"label": label, "said": said, "start": period.start, "end": last}


def _doctor(conn: Connection, rpps: str) -> str:
    doctor = people.practitioner(conn, rpps)
    name = f"Dr {doctor.first_name} {doctor.last_name}, " if doctor else ""
    return f"{name}RPPS {rpps}"


def _organisme(code: str, law: Law) -> str:
    label, shown = law.organisme(code), organisme_shown(code)
    return f"{label} ({shown})" if label else shown


def _account(iban: str | None) -> str | None:
    return f"compte finissant par {iban[-4:]}" if iban else None
