"""From the keyed fields of an avis d'arrêt, an attestation de salaire and an S 3180 to what liquidation
takes; or all that is missing, each with its rubrique."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from checks.case import amount_of, day_of, filled, text_of, ticked
from domain.claim import NotComputed
from domain.identifiers import siret_is_valid
from domain.people import Insured
from domain.period import on_day
from domain.reading import FieldReading
from liquidation.especes.atmp import Accident
from liquidation.especes.deces import Claimant, Link
from liquidation.especes.maternite import Birth
from liquidation.especes.types import Attestation, Pay, Stop, Waiver
from liquidation.reasons import because

Fields = Mapping[str, FieldReading]
Nature = Literal["maladie", "atmp", "maternite", "paternite", "adoption", "deuil"]
LEAVES: tuple[Nature, ...] = ("maternite", "paternite", "adoption", "deuil")
PAYS = range(1, 13)
CLAIMANTS = range(1, 5)
WAIVERS: tuple[Waiver, ...] = ("deces_enfant", "interruption_grossesse", "suites_maternite")
SITUATIONS = ("situation_activite", "situation_chomage", "situation_pension", "situation_rente")


@dataclass(frozen=True, slots=True)
class Adoption:
    """`came_on`: into the home. `in_the_home`: children à charge, the adopted ones included. `by_other`: days
    that the other parent took, where they share the leave."""

    came_on: date
    children: int = 1
    in_the_home: int = 1
    shared: bool = False
    by_other: int = 0


@dataclass(frozen=True, slots=True)
class Deuil:
    """Of a child, or of a person à charge. `working`: has an activity to stop."""

    died_on: date
    born_on: date
    working: bool = True


@dataclass(frozen=True, slots=True)
class Avis:
    """What is asked to be indemnified. `stop`: for maladie and AT/MP. `birth`: for a maternité, whose
    days are the whole leave where `start` and `end` are None. `born_on`, `babies`: for a paternité."""

    nature: Nature
    start: date | None
    end: date | None
    stop: Stop | None = None
    accident: Accident | None = None
    birth: Birth | None = None
    born_on: date | None = None
    babies: int = 1
    adoption: Adoption | None = None
    deuil: Deuil | None = None

    @property
    def event_on(self) -> date | None:
        """The day of that for which a leave is given, which its parts have in common."""
        if self.adoption is not None:
            return self.adoption.came_on
        return self.deuil.died_on if self.deuil is not None else self.born_on


@dataclass(frozen=True, slots=True)
class Attested:
    """An employer's attestation, and what is not of the calculation. `attestation.employer`: the SIRET."""

    attestation: Attestation
    last_day: date
    name: str
    iban: str | None = None
    subrogated_from: date | None = None
    subrogated_to: date | None = None


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid beside the insured: `id` as in the shares. `nir`: where he has one, his dossier may
    know the account that the paper does not tell."""

    kind: Literal["employeur", "ayant_droit"]
    id: str
    name: str
    iban: str | None = None
    nir: str | None = None


@dataclass(frozen=True, slots=True)
class Capital:
    """A demande de capital décès. The claimants bear their place on the form, as the payees do."""

    died_on: date
    entitled: bool
    claimants: tuple[Claimant, ...]
    payees: tuple[Payee, ...]


class _Reader:
    """Reads fields, and notes each rubrique that is missing."""

    def __init__(self, fields: Fields, code: str) -> None:
        self.fields, self.code = fields, code
        self.missing: list[NotComputed] = []

    def lacks(self, rubrique: str) -> None:
        self.missing.append(because(self.code, detail=rubrique))

    def day(self, name: str, rubrique: str) -> date:
        """The day, or any day once its absence is noted."""
        found = day_of(self.fields, name)
        if found is None:
            self.lacks(rubrique)
        return found or date.min

    def count(self, name: str, default: int) -> int:
        return int(text_of(self.fields, name) or default)


def avis_of(fields: Fields, insured: Insured, received_on: date) -> Avis | tuple[NotComputed, ...]:
    """The avis, or what it lacks. `received_on`: of the document, where the paper bears no other day."""
    natures = [name for name in ("at_mp", *LEAVES) if ticked(fields, name)]
    read = _Reader(fields, "rubrique_avis")
    if len(natures) > 1:
        read.lacks("une seule nature : accident du travail, maternité, paternité, adoption ou deuil")
        return tuple(read.missing)
    if not natures or natures == ["at_mp"]:
        return _stop(read, insured, received_on, "atmp" if natures else "maladie")
    found = _LEAVES[natures[0]](read)
    return tuple(read.missing) or found


def _maternite(read: _Reader) -> Avis:
    expected = read.day("naissance_prevue", "date présumée de l'accouchement")
    start, end = day_of(read.fields, "arret_debut"), day_of(read.fields, "arret_fin")
    if start and end and end < start:
        read.lacks("dernier jour de l'arrêt")
    birth = Birth(
        expected,
        max(1, read.count("naissance_enfants", 1)),
        read.count("enfants_avant", 0),
        day_of(read.fields, "naissance_date"),
    )
    return Avis("maternite", start, end, birth=birth)


def _paternite(read: _Reader) -> Avis:
    born = read.day("naissance_date", "date de la naissance")
    start, end = _span(read)
    return Avis("paternite", start, end, born_on=born, babies=max(1, read.count("naissance_enfants", 1)))


def _adoption(read: _Reader) -> Avis:
    came = read.day("adoption_date", "date d'arrivée de l'enfant au foyer")
    start, end = _span(read)
    children = max(1, read.count("adoption_enfants", 1))
    shared = ticked(read.fields, "adoption_partage")
    if shared and not filled(read.fields, "adoption_jours_autre"):
        read.lacks("jours pris par l'autre parent")
    given = Adoption(
        came, children, max(children, read.count("adoption_foyer", children)), shared,
        read.count("adoption_jours_autre", 0) if shared else 0,
    )  # fmt: skip
    return Avis("adoption", start, end, adoption=given)


def _deuil(read: _Reader) -> Avis:
    died = read.day("deces_enfant_date", "date du décès de l'enfant")
    born = read.day("deces_enfant_naissance", "date de naissance de l'enfant")
    if died < born and not read.missing:
        read.lacks("date de naissance de l'enfant")
    start, end = _span(read)
    if start < died and not read.missing:
        read.lacks("premier jour du congé, au plus tôt celui du décès")
    return Avis("deuil", start, end, deuil=Deuil(died, born, not ticked(read.fields, "deuil_sans_activite")))


_LEAVES: Mapping[str, Callable[[_Reader], Avis]] = {
    "maternite": _maternite, "paternite": _paternite, "adoption": _adoption, "deuil": _deuil,
}  # fmt: skip


def _span(read: _Reader) -> tuple[date, date]:
    start = read.day("arret_debut", "premier jour de l'arrêt")
    end = read.day("arret_fin", "dernier jour de l'arrêt")
    if end < start and not read.missing:
        read.lacks("dernier jour de l'arrêt")
    return start, end


def _stop(read: _Reader, insured: Insured, received_on: date, nature: Nature) -> Avis | tuple[NotComputed, ...]:
    fields = read.fields
    start, end = _span(read)
    prescribed = read.day("arret_prescrit_le", "date de la prescription")
    first = day_of(fields, "arret_premier_jour")
    if ticked(fields, "arret_prolongation") and first is None:
        read.lacks("premier jour de l'arrêt prolongé")
    if first and first > start and not read.missing:
        read.lacks("premier jour de l'arrêt prolongé")
    ald = _ald(read, insured, first or start) if ticked(fields, "ald") else None
    accident = _accident(read, insured, first or start) if nature == "atmp" else None
    lost = amount_of(fields, "temps_partiel_perte")
    if ticked(fields, "temps_partiel") and lost is None:
        read.lacks("perte de gain du temps partiel")
    if read.missing:
        return tuple(read.missing)
    stop = Stop(
        start, end, prescribed, first,
        sent_on=day_of(fields, "arret_envoye_le"),
        received_on=day_of(fields, "arret_recu_le") or received_on,
        ald=ald,
        waiver=next((name for name in WAIVERS if ticked(fields, name)), None),
        child_died_on=day_of(fields, "deces_enfant_date"),
        part_time_loss=lost if ticked(fields, "temps_partiel") else None,
    )  # fmt: skip
    return Avis(nature, start, end, stop=stop, accident=accident)


def _ald(read: _Reader, insured: Insured, day: date) -> int | None:
    """The affection that is on the dossier that day: the one named, or the only one."""
    held = {each.number for each in insured.alds if day in each.period}
    named = text_of(read.fields, "ald_numero")
    if not named and len(held) == 1:
        return held.pop()
    if not named and held:
        read.lacks("numéro de l'affection de longue durée")
    elif not named or int(named) not in held:
        read.missing.append(because("ald_non_reconnue", detail=named or "cochée"))
    return int(named) if named else None


def _accident(read: _Reader, insured: Insured, day: date) -> Accident | None:
    """The accident of the dossier by its number or its day; one that the dossier has not is not yet
    recognised."""
    number, occurred = text_of(read.fields, "at_mp_numero"), day_of(read.fields, "at_mp_date")
    known = on_day(
        (a for a in insured.accidents if number == a.number or (not number and occurred == a.occurred_on)),
        day,
    )
    if known is not None and occurred in (None, known.occurred_on):
        return Accident(known.number, known.occurred_on)
    if occurred is None:
        read.lacks("date de l'accident du travail")
        return None
    return Accident(number, occurred, recognised=False)


def attested_of(fields: Fields) -> Attested | tuple[NotComputed, ...]:
    """The attestation, or what it lacks. What only one benefit needs, its liquidation asks for."""
    read = _Reader(fields, "rubrique_attestation")
    siret = text_of(fields, "employeur_siret")
    if not siret_is_valid(siret):
        read.lacks("SIRET de l'employeur")
    name = text_of(fields, "employeur_nom")
    if not name:
        read.lacks("nom de l'employeur")
    last = read.day("dernier_jour_travaille", "dernier jour de travail")
    pays = tuple(pay for n in PAYS if (pay := _pay(read, n)) is not None)
    if not pays:
        read.lacks("salaires bruts")
    if read.missing:
        return tuple(read.missing)
    attestation = Attestation(
        pays, siret, ticked(fields, "activite_discontinue"),
        hours_3_months=_number(fields, "heures_3_mois"),
        earned_6_months=amount_of(fields, "remuneration_6_mois"),
        hours_12_months=_number(fields, "heures_12_mois"),
        earned_12_months=amount_of(fields, "remuneration_12_mois"),
        affiliated_since=day_of(fields, "affilie_depuis"),
        subrogated=ticked(fields, "subrogation"),
    )  # fmt: skip
    return Attested(
        attestation, last, name, text_of(fields, "employeur_iban") or None,
        day_of(fields, "subrogation_debut"), day_of(fields, "subrogation_fin"),
    )  # fmt: skip


def _pay(read: _Reader, n: int) -> Pay | None:
    month, gross = text_of(read.fields, f"salaire{n}_mois"), amount_of(read.fields, f"salaire{n}_brut")
    days = text_of(read.fields, f"salaire{n}_jours")
    if not month and gross is None:
        return None
    if not month or gross is None:
        read.lacks(f"salaire {n} : son mois et son montant")
        return None
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        read.lacks(f"salaire {n} : son mois et son montant")
        return None
    return Pay(first, gross, int(days) if days else None)


def _number(fields: Fields, name: str) -> Decimal | None:
    text = text_of(fields, name)
    return Decimal(text) if text else None


def capital_of(fields: Fields, received_on: date) -> Capital | tuple[NotComputed, ...]:
    """The request, or what it lacks. A claim without a day of its own was made when it was received."""
    read = _Reader(fields, "rubrique_capital")
    died = read.day("deces_date", "date du décès")
    claimants, payees = [], []
    for n in CLAIMANTS:
        parts = (f"demandeur{n}_nom", f"demandeur{n}_lien")
        if not any(filled(fields, name) for name in (*parts, f"demandeur{n}_nir", f"demandeur{n}_iban")):
            continue
        if not all(filled(fields, name) for name in parts):
            read.lacks(f"demandeur {n} : son nom et son lien avec l'assuré")
            continue
        claimed = day_of(fields, f"demandeur{n}_demande_le") or received_on
        claimants.append(Claimant(str(n), _link(fields, n), claimed, ticked(fields, f"demandeur{n}_a_charge")))
        payees.append(
            Payee("ayant_droit", str(n), text_of(fields, parts[0]),
                  text_of(fields, f"demandeur{n}_iban") or None, text_of(fields, f"demandeur{n}_nir") or None)
        )  # fmt: skip
    if not claimants and not read.missing:
        read.lacks("demandeurs")
    if read.missing:
        return tuple(read.missing)
    entitled = any(ticked(fields, name) for name in SITUATIONS)
    return Capital(died, entitled, tuple(claimants), tuple(payees))


def _link(fields: Fields, n: int) -> Link:
    links: dict[str, Link] = {"conjoint": "conjoint", "descendant": "descendant", "ascendant": "ascendant"}
    return links.get(text_of(fields, f"demandeur{n}_lien"), "autre")
