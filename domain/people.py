"""Who is who: insured persons with all that is dated about them, and practitioners."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from domain.period import Period


@dataclass(frozen=True, slots=True)
class Affiliation:
    """Rattachement to an organisme, nine digits: régime 2, caisse 3, centre 4."""

    period: Period
    organisme: str


@dataclass(frozen=True, slots=True)
class Ald:
    """Affection de longue durée, `number` 1 to 32 of D160-4, and its protocole de soins."""

    period: Period
    number: int


@dataclass(frozen=True, slots=True)
class MedecinTraitant:
    period: Period
    rpps: str


@dataclass(frozen=True, slots=True)
class ComplementaireSante:
    """Complémentaire santé solidaire; `participation` tells the paying kind."""

    period: Period
    participation: bool = False


@dataclass(frozen=True, slots=True)
class Grossesse:
    """Assurance maternité: 4 months before the expected birth to 12 days after (D160-3)."""

    period: Period
    expected_birth: date


@dataclass(frozen=True, slots=True)
class AccidentDuTravail:
    period: Period
    number: str
    occurred_on: date


@dataclass(frozen=True, slots=True)
class Situation:
    """Any other dated fact: `ame`, `regime_local`, `invalidite`, `rente_at_66`, `aspa`."""

    period: Period
    kind: Literal["ame", "regime_local", "invalidite", "rente_at_66", "aspa"]


@dataclass(frozen=True, slots=True)
class FormerAccount:
    """An account that was the person's, until a RIB replaced it."""

    period: Period
    iban: str


@dataclass(frozen=True, slots=True)
class FormerAddress:
    period: Period
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rattachement:
    """The child of an assuré (`nir`), whose rights open hers; of two parents, two (L161-15-3)."""

    period: Period
    nir: str


@dataclass(frozen=True, slots=True)
class TitreSejour:
    """A titre or document of stay (R111-3): its period ends on the morrow of its last day. `removal`: a
    measure of removal is final (R111-4 4°)."""

    period: Period
    removal: bool = False


@dataclass(frozen=True, slots=True)
class Insured:
    """A person of the base des organismes (assuré or ayant droit).

    `id`: a random UUID. `nir`: 13 characters, or None for a child known by birth date and rang
    alone (R161-42 1°b). `assure_nir`: of the person whose rights open theirs.
    `birth_rank`: order among twins. `quality`: table IR_QBA_V (10 assuré, 30 enfant...).
    `rattachements`: where they are kept by period; `assure_nir` alone has no day. `titres`: of a person
    who needs one; nobody else has any.
    """

    id: str
    nir: str | None
    birth_name: str
    first_names: str
    birth_date: date
    use_name: str | None = None
    birth_rank: int = 1
    quality: str = "10"
    assure_nir: str | None = None
    address: tuple[str, ...] = ()
    iban: str | None = None
    affiliations: tuple[Affiliation, ...] = ()
    alds: tuple[Ald, ...] = ()
    medecins_traitants: tuple[MedecinTraitant, ...] = ()
    complementaires: tuple[ComplementaireSante, ...] = ()
    grossesses: tuple[Grossesse, ...] = ()
    accidents: tuple[AccidentDuTravail, ...] = ()
    situations: tuple[Situation, ...] = ()
    died_on: date | None = None
    former_accounts: tuple[FormerAccount, ...] = ()
    former_addresses: tuple[FormerAddress, ...] = ()
    rattachements: tuple[Rattachement, ...] = ()
    titres: tuple[TitreSejour, ...] = ()

    def attached_to(self, day: date) -> frozenset[str]:
        """The numbers of those to whom a child is attached that day; none where no period tells."""
        return frozenset(each.nir for each in self.rattachements if day in each.period)


@dataclass(frozen=True, slots=True)
class Practitioner:
    """`specialty`: table IR_SPE_V (01 = médecine générale). `sector`: table IR_CNV_V (1, 2...).

    `optam`: whether he keeps to the option pratique tarifaire maîtrisée; None where it is not known."""

    rpps: str
    am_number: str
    last_name: str
    first_name: str
    specialty: str = "01"
    sector: str = "1"
    active: Period | None = None
    address: tuple[str, ...] = ()
    iban: str | None = None
    optam: bool | None = None
