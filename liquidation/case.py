"""`liasse liquidate CASE.json`: a claim, its rights and its history in, a decision out. No database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from domain.claim import Act, Claim, Decision, Ground, History, Nature, Parcours, Rights
from domain.errors import Refused
from domain.money import ZERO, Money, euros
from domain.people import Insured
from domain.plain import Malformed, from_plain, schema_of, to_plain
from law import Law, NotCovered, load
from liquidation import hopital, hors_soins, readings
from liquidation.especes import case as especes
from liquidation.liquidate import liquidate, refused
from liquidation.profile import Profile, rights_of
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

    acts: tuple[CaseAct, ...]
    practitioner_rpps: str = "praticien"
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
    holder_nir: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """`insured`: a line of the dossiers' file, whose rights are opened for each day of care; or
    `rights`: what `liasse rights` printed for each of those days; or `profile`: a simulation, which is what
    a case without any of them is. `decided_on`: the day of reimbursement, that of the last act if absent."""

    claim: CaseClaim
    decided_on: date | None = None
    insured: Insured | None = None
    rights: tuple[Rights, ...] = ()
    profile: Profile | None = None
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
    profile: Profile | None = None


def schema() -> dict[str, Any]:
    """JSON Schema of a case: a feuille de soins, or what `benefit` names."""
    kinds = [schema_of(Case), schema_of(StayCase), *especes.schemas(), *hors_soins.schemas()]
    for each in kinds:
        each["properties"]["readings"] = readings.SCHEMA
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Cas de liquidation : une feuille de soins, ou ce que nomme benefit",
        "anyOf": kinds,
    }


def run(case: Mapping[str, Any], open_rights: OpenRights | None = None) -> dict[str, Any]:
    """The decision of the case as plain JSON, with what the other readings of the law would give. Raises
    Refused("cas_mal_forme").

    `open_rights` comes from the caller: the rooms rights and liquidation do not know each other."""
    given = {name: each for name, each in case.items() if name != "readings"}
    law = readings.asked(case.get("readings", {}), load())
    return readings.with_the_others(lambda each: _run(given, open_rights, each), law)


def of(claim: Claim, rights: Mapping[date, Rights], history: History, decided_on: date) -> dict[str, Any]:
    """The case of a claim as plain JSON, to be kept with its decision: `run` and `again` take it. Without
    the acts of the history, by which nothing is computed: doubles are judged before."""
    return {
        "claim": to_plain(claim),
        "decided_on": decided_on.isoformat(),
        "rights": [to_plain(each) for _, each in sorted(rights.items())],
        "history": {"withheld": to_plain(history.withheld)},
    }


def again(case: Mapping[str, Any], law: Law) -> Decision:
    """What `of` kept, decided anew. Raises Malformed."""
    given = _read(case)
    claim = _claim(given)
    rights = {each.day: each for each in given.rights}
    return liquidate(claim, rights, given.history, given.decided_on or claim.received_on, law)


def _run(case: Mapping[str, Any], open_rights: OpenRights | None, law: Law) -> dict[str, Any]:
    if case.get("benefit") in HOSPITAL:
        return _hospital(case, open_rights, law)
    if str(case.get("benefit")) in hors_soins.KINDS:
        return hors_soins.run(case, law)
    if "benefit" in case:
        return especes.run(case, law)
    try:
        given = _read(case)
        claim = _claim(given)
        rights = _rights(given, claim, open_rights, law)
    except Malformed as fault:
        raise Refused("cas_mal_forme", f"{fault}.") from None
    decided_on = given.decided_on or max(act.day for act in claim.acts)
    decision = liquidate(claim, rights, given.history, decided_on, law)
    if doubles := tuple(already_paid(claim, given.history)):
        decision = refused((*decision.not_computed, *doubles), decided_on, law)
    return {**to_plain(decision), "rights": [to_plain(each) for _, each in sorted(rights.items())]}


def _hospital(case: Mapping[str, Any], open_rights: OpenRights | None, law: Law) -> dict[str, Any]:
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
    if given.insured is not None:
        return _opened(given.insured, day, open_rights, law)
    return _supposed(given.profile or Profile(), day, "", law)


def _opened(insured: Insured, day: date, open_rights: OpenRights | None, law: Law) -> Rights:
    if open_rights is None:
        raise Malformed("insured", "un assuré dont les droits (rights) soient donnés, ou un profil")
    return open_rights(insured, day, law)


def _supposed(profile: Profile, day: date, consulted: str, law: Law) -> Rights:
    try:
        return rights_of(profile, day, consulted, law)
    except NotCovered:
        raise Malformed("day", f"un jour du {law.horizon.first} au {law.horizon.last}") from None


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
    for name in ("medecin_traitant_fini_le", "ne_le"):
        if name in details:
            details[name] = from_plain(details[name], date, "rights.details")
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
    values["received_on"] = claim.received_on or given.decided_on or values["form_date"]
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
    days = sorted({act.day for act in claim.acts})
    if given.insured is not None:
        return {day: _opened(given.insured, day, open_rights, law) for day in days}
    profile = given.profile or Profile()
    return {day: _supposed(profile, day, claim.practitioner_rpps, law) for day in days}
