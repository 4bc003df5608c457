"""`liasse liquidate CASE.json`: a claim, its rights and its history in, a decision out. No database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from domain.claim import Act, Claim, Ground, History, Nature, Parcours, Rights
from domain.errors import Refused
from domain.money import ZERO, Money, euros
from domain.people import Insured
from domain.plain import Malformed, from_plain, schema_of, to_plain
from law import Law, load
from liquidation import hopital
from liquidation.especes import case as especes
from liquidation.liquidate import liquidate, refused
from liquidation.scope import already_paid

HOSPITAL = ("hospitalisation", "urgences")
OpenRights = Callable[[Insured, date, Law], Rights]


@dataclass(frozen=True, slots=True)
class CaseAct:
    """As domain.claim.Act; `line` is the place in the list where it is absent."""

    day: date
    code: str
    fee: Money
    line: int | None = None
    quantity: int = 1
    coefficient: Decimal = Decimal(1)
    activity: str | None = None
    others: tuple[str, ...] = ()
    depassement: str | None = None
    travel_code: str | None = None
    travel_fee: Money | None = None
    phase: str = "0"
    modifiers: str = ""
    association: str | None = None
    kilometres: int | None = None
    tariff: Money | None = None
    ground: Ground | None = None
    sampling: bool = False
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class CaseClaim:
    """As domain.claim.Claim, with what may be left out: the total is then the sum, the form's date
    the last act's, the reception the day of the decision."""

    practitioner_rpps: str
    acts: tuple[CaseAct, ...]
    id: str = "cas"
    insured_id: str | None = None
    practitioner_specialty: str = "01"
    practitioner_sector: str = "1"
    total: Money | None = None
    form_date: date | None = None
    received_on: date | None = None
    nature: Nature = "maladie"
    ald: bool = False
    other_exemption: bool = False
    accident_by_third_party: bool = False
    accident_date: date | None = None
    parcours: Parcours | None = None
    oriented_by: str | None = None
    paid_by_insured: bool = True
    complementary_paid_by_insured: bool = True
    at_number: str | None = None
    at_date: date | None = None
    maternity_date: date | None = None
    practitioner_optam: bool | None = None
    hospitalised: bool = False
    heavy_stay: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """`insured`: a line of the dossiers' file, whose rights are opened for each day of care; or
    `rights`: what `liasse rights` printed for each of those days."""

    claim: CaseClaim
    decided_on: date
    insured: Insured | None = None
    rights: tuple[Rights, ...] = ()
    history: History = field(default_factory=History)


@dataclass(frozen=True, slots=True)
class StayCase:
    """As `Case`: the rights are those of the day of admission, or of the passage."""

    benefit: Literal["hospitalisation", "urgences"]
    decided_on: date
    stay: hopital.Stay | None = None
    passage: hopital.Passage | None = None
    insured: Insured | None = None
    rights: Rights | None = None


def schema() -> dict[str, Any]:
    """JSON Schema of a case: a feuille de soins, or a cash benefit named by `benefit`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Cas de liquidation : une feuille de soins, ou une prestation en espèces (benefit)",
        "anyOf": [schema_of(Case), schema_of(StayCase), *especes.schemas()],
    }


def run(case: Mapping[str, Any], open_rights: OpenRights | None = None) -> dict[str, Any]:
    """The decision of the case as plain JSON. Raises Refused("cas_mal_forme").

    `open_rights` comes from the caller: the rooms rights and liquidation do not know each other."""
    if case.get("benefit") in HOSPITAL:
        return _hospital(case, open_rights)
    if "benefit" in case:
        return especes.run(case)
    try:
        given = _read(case)
        claim = _claim(given)
        law = load()
        rights = _rights(given, claim, open_rights, law)
    except Malformed as fault:
        raise Refused("cas_mal_forme", f"{fault}.") from None
    decision = liquidate(claim, rights, given.history, given.decided_on, law)
    if doubles := tuple(already_paid(claim, given.history)):
        decision = refused((*decision.not_computed, *doubles), given.decided_on, law)
    return {**to_plain(decision), "rights": [to_plain(each) for _, each in sorted(rights.items())]}


def _hospital(case: Mapping[str, Any], open_rights: OpenRights | None) -> dict[str, Any]:
    law = load()
    try:
        given: StayCase = from_plain({**case, "rights": _without_notes(case.get("rights"))}, StayCase)
        if given.benefit == "hospitalisation" and given.stay is not None:
            held = _held(given, given.stay.admitted_on, open_rights, law)
            decision = hopital.stay(given.stay, held, given.decided_on, law)
        elif given.benefit == "urgences" and given.passage is not None:
            held = _held(given, given.passage.day, open_rights, law)
            decision = hopital.urgences(given.passage, held, given.decided_on, law)
        else:
            raise Malformed("stay", "un séjour (stay) ou un passage (passage)")
    except Malformed as fault:
        raise Refused("cas_mal_forme", f"{fault}.") from None
    return {**to_plain(decision), "rights": [to_plain(held)]}


def _held(given: StayCase, day: date, open_rights: OpenRights | None, law: Law) -> Rights:
    if given.rights is not None:
        return _with_days(given.rights)
    if given.insured is None or open_rights is None:
        raise Malformed("insured", "un assuré, ou ses droits (rights) de ce jour")
    return open_rights(given.insured, day, law)


def _read(case: Mapping[str, Any]) -> Case:
    plain = dict(case)
    if isinstance(plain.get("rights"), list):
        plain["rights"] = [_without_notes(each) for each in plain["rights"]]
    given: Case = from_plain(plain, Case)
    return replace(given, rights=tuple(_with_days(each) for each in given.rights))


def _without_notes(rights: Any) -> Any:
    """What `liasse rights` prints, less what it says about itself."""
    if not isinstance(rights, dict):
        return rights
    return {name: each for name, each in rights.items() if name not in ("not_computed", "law_version")}


def _with_days(rights: Rights) -> Rights:
    """The dates among the details, which JSON turned into texts."""
    details = dict(rights.details or {})
    if "medecin_traitant_fini_le" in details:
        ended = details["medecin_traitant_fini_le"]
        details["medecin_traitant_fini_le"] = from_plain(ended, date, "rights.details")
    if "accidents" in details:
        details["accidents"] = from_plain(details["accidents"], Mapping[str, date], "rights.details")
    return replace(rights, details=details)


def _claim(given: Case) -> Claim:
    claim = given.claim
    if not claim.acts:
        raise Malformed("claim.acts", "au moins un acte")
    acts = tuple(_act(place, each) for place, each in enumerate(claim.acts, start=1))
    if len({act.line for act in acts}) < len(acts):
        raise Malformed("claim.acts", "des lignes de numéros différents")
    values = {each.name: getattr(claim, each.name) for each in fields(claim)}
    values["acts"] = acts
    values["insured_id"] = claim.insured_id or (given.insured.id if given.insured else "assure")
    if claim.total is None:
        values["total"] = sum((act.fee + (act.travel_fee or ZERO) for act in acts), ZERO)
    values["form_date"] = claim.form_date or max(act.day for act in acts)
    values["received_on"] = claim.received_on or given.decided_on
    return Claim(**values)


def _act(place: int, given: CaseAct) -> Act:
    values = {each.name: getattr(given, each.name) for each in fields(given)}
    values["line"] = place if given.line is None else given.line
    try:
        values["fee"] = euros(given.fee)
    except ValueError:
        raise Malformed(f"claim.acts[{place - 1}].fee", "un montant en euros et centimes") from None
    return Act(**values)


def _rights(given: Case, claim: Claim, open_rights: OpenRights | None, law: Law) -> dict[date, Rights]:
    if given.rights:
        return {each.day: each for each in given.rights}
    if given.insured is None or open_rights is None:
        raise Malformed("insured", "un assuré, ou ses droits (rights) de chaque jour de soins")
    return {act.day: open_rights(given.insured, act.day, law) for act in claim.acts}
