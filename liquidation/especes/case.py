"""Cases of cash benefits as plain JSON: the same file format as `liasse liquidate` takes, told apart by
`benefit`. A simulation without a dossier is the same call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from domain.errors import Refused
from domain.plain import Malformed, from_plain, schema_of, to_plain
from law import Law
from liquidation.especes import atmp, ayants_droit, conges, deces, invalidite, maladie, maternite, rente
from liquidation.especes.types import Attestation, CashDecision, CashHistory, PensionDecision, Stop


@dataclass(frozen=True, slots=True)
class MaladieCase:
    """`paid_until`: of a stop that still runs, the last day to pay."""

    benefit: Literal["ij_maladie"]
    decided_on: date
    stop: Stop
    attestation: Attestation
    history: CashHistory = field(default_factory=CashHistory)
    insured_id: str = "assure"
    paid_until: date | None = None

    def decide(self, law: Law) -> CashDecision:
        return maladie.liquidate(
            self.stop, self.attestation, self.history, self.insured_id, self.decided_on, law, self.paid_until
        )


@dataclass(frozen=True, slots=True)
class AtmpCase:
    benefit: Literal["ij_atmp"]
    decided_on: date
    accident: atmp.Accident
    stop: Stop
    attestation: Attestation
    insured_id: str = "assure"
    relapse: atmp.Relapse | None = None
    paid_until: date | None = None

    def decide(self, law: Law) -> CashDecision:
        return atmp.liquidate(
            self.accident, self.stop, self.attestation, self.insured_id, self.decided_on, law, self.relapse,
            self.paid_until,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class MaterniteCase:
    """`start`, `end`: the days of rest; the whole leave where they are absent."""

    benefit: Literal["ij_maternite"]
    decided_on: date
    birth: maternite.Birth
    attestation: Attestation
    start: date | None = None
    end: date | None = None
    insured_id: str = "assure"

    def decide(self, law: Law) -> CashDecision:
        return maternite.maternite(
            self.birth, self.start, self.end, self.attestation, self.insured_id, self.decided_on, law
        )


@dataclass(frozen=True, slots=True)
class PaterniteCase:
    benefit: Literal["ij_paternite"]
    decided_on: date
    born_on: date
    start: date
    end: date
    attestation: Attestation
    babies: int = 1
    taken_before: int = 0
    insured_id: str = "assure"

    def decide(self, law: Law) -> CashDecision:
        return maternite.paternite(
            self.born_on, self.babies, self.start, self.end, self.taken_before, self.attestation,
            self.insured_id, self.decided_on, law,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AdoptionCase:
    """As conges.adoption."""

    benefit: Literal["ij_adoption"]
    decided_on: date
    start: date
    end: date
    attestation: Attestation
    children: int = 1
    in_the_home: int = 1
    shared: bool = False
    taken_before: int = 0
    insured_id: str = "assure"
    own_before: int = 0

    def decide(self, law: Law) -> CashDecision:
        return conges.adoption(
            self.children, self.in_the_home, self.shared, self.start, self.end, self.taken_before,
            self.attestation, self.insured_id, self.decided_on, law, self.own_before,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeuilCase:
    """As conges.deuil."""

    benefit: Literal["ij_deuil"]
    decided_on: date
    died_on: date
    start: date
    end: date
    attestation: Attestation
    working: bool = True
    taken_before: int = 0
    insured_id: str = "assure"
    born_on: date | None = None

    def decide(self, law: Law) -> CashDecision:
        return conges.deuil(
            self.died_on, self.working, self.start, self.end, self.taken_before, self.attestation,
            self.insured_id, self.decided_on, law, self.born_on,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class DecesCase:
    benefit: Literal["capital_deces"]
    decided_on: date
    died_on: date
    entitled: bool
    claimants: tuple[deces.Claimant, ...]

    def decide(self, law: Law) -> CashDecision:
        return deces.liquidate(self.died_on, self.entitled, self.claimants, self.decided_on, law)


@dataclass(frozen=True, slots=True)
class InvaliditeCase:
    """`category`: 1, 2 or 3. `since`: the day on which the pension takes effect."""

    benefit: Literal["pension_invalidite"]
    decided_on: date
    category: Literal[1, 2, 3]
    since: date
    career: invalidite.Career
    two_thirds_lost: bool = True

    def decide(self, law: Law) -> PensionDecision:
        return invalidite.liquidate(
            self.category, self.since, self.career, self.decided_on, law,
            two_thirds_lost=self.two_thirds_lost,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RenteCase:
    benefit: Literal["rente_at"]
    decided_on: date
    incapacity: rente.Incapacity

    def decide(self, law: Law) -> PensionDecision:
        return rente.liquidate(self.incapacity, self.decided_on, law)


@dataclass(frozen=True, slots=True)
class AyantsDroitCase:
    benefit: Literal["rente_ayants_droit"]
    decided_on: date
    death: ayants_droit.Death

    def decide(self, law: Law) -> ayants_droit.RentesDecision:
        return ayants_droit.liquidate(self.death, self.decided_on, law)


CashCase = MaladieCase | AtmpCase | MaterniteCase | PaterniteCase | AdoptionCase | DeuilCase | DecesCase
Decided = CashDecision | PensionDecision | ayants_droit.RentesDecision
KINDS: dict[str, Any] = {
    "ij_maladie": MaladieCase,
    "ij_atmp": AtmpCase,
    "ij_maternite": MaterniteCase,
    "ij_paternite": PaterniteCase,
    "ij_adoption": AdoptionCase,
    "ij_deuil": DeuilCase,
    "capital_deces": DecesCase,
    "pension_invalidite": InvaliditeCase,
    "rente_at": RenteCase,
    "rente_ayants_droit": AyantsDroitCase,
}


def read(case: Mapping[str, Any]) -> Any:
    """The case that names its `benefit`, as one of KINDS. Raises Malformed."""
    kind = KINDS.get(str(case.get("benefit")))
    if kind is None:
        raise Malformed("benefit", "l'un de " + ", ".join(KINDS))
    return from_plain(case, kind)


def schemas() -> list[dict[str, Any]]:
    """One JSON Schema a benefit."""
    return [schema_of(kind) for kind in KINDS.values()]


def run(case: Mapping[str, Any], law: Law) -> dict[str, Any]:
    """The decision of a case that names its `benefit`. Raises Refused("cas_mal_forme")."""
    try:
        decide: Callable[[Law], Decided] = read(case).decide
    except Malformed as fault:
        raise Refused("cas_mal_forme", f"{fault}.") from None
    plain: dict[str, Any] = to_plain(decide(law))
    return plain
