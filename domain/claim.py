"""A feuille de soins understood: what is asked to be paid. And what was decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from domain.money import ZERO, Money

Nature = Literal["maladie", "maternite", "atmp", "l115", "prevention"]
Parcours = Literal["T", "N", "O", "D", "U", "H", "R", "S"]
"""Codes of table IR_QPE_V: médecin traitant, nouveau, orienté, accès direct spécifique, urgence,
hors résidence, remplacé, hors coordination. None: no box was ticked."""
PayeeKind = Literal["assure", "praticien", "employeur", "ayant_droit"]
Ground = Literal[
    "nouveau_ne", "infertilite", "donneur", "ivg", "contraception", "contraception_urgence", "depistage_sein",
    "prevention", "depistage_vih", "depistage_hepatite_c", "amp", "samu", "vaccin", "sevices", "suivi_post_ald",
    "transfert", "appareillage", "sang", "examen_maternite",
]  # fmt: skip
"""Why an act bears no participation: what its prescriber wrote (R161-42 9°), by the article's case."""


@dataclass(frozen=True, slots=True)
class Act:
    """One line. `code`: NGAP letters (G, GS, VG, APC...), a CCAM code, a CIP13, or what is transported.

    `fee`: without the déplacement, which is `travel_fee`. `others`: further letters (MCS, MEG...); on a
    CCAM line the paper's two cells, modifiers then association, where `modifiers` and `association` are
    not given. `kilometres`: those that are counted (IK). `tariff`: the tarif de responsabilité of one
    unit, where it is of no table of the house (LPP, transport). `ground`: why its participation is
    suppressed. `sampling`: it takes the sample of a biology examination. `urgent`: an emergency transport."""

    line: int
    day: date
    code: str
    fee: Money
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
class Claim:
    """`paid_by_insured`: false where the box «n'a pas payé la part obligatoire» is ticked: the
    practitioner is then the payee. `id`: the document's. `practitioner_specialty`: tables IR_SPE_V and
    IR_ACT_V. `practitioner_sector`: table IR_CNV_V (0 non conventionné, 1 secteur 1, 2 and 3 honoraires
    différents). `practitioner_optam`: None where it is not known. `hospitalised`: the care was given during
    a stay, whose participation is one sum, or none, where it holds an acte lourd or passes its thirtieth day
    (`heavy_stay`). `holder_nir`: of a child attached to both parents, the one who asks, and is paid (R161-8);
    None where the dossier alone says who that is."""

    id: str
    insured_id: str
    practitioner_rpps: str
    practitioner_specialty: str
    practitioner_sector: str
    acts: tuple[Act, ...]
    total: Money
    form_date: date
    received_on: date
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
class TraceLine:
    """One step of a result: which article, which parameter at which value and date, what it gave.

    `certainty`: lu, calcule, secondaire or memoire, as the parameter's file says."""

    article: str
    sentence: str
    parameter: str | None = None
    value: str | None = None
    since: date | None = None
    amount: Money | None = None
    certainty: str | None = None
    contested: bool = False


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """`base`: tarif de responsabilité. `rate`: percent. `gross`: part obligatoire before what is
    retained. `retained`: participation forfaitaire and majorations, by name. `complementary`: part
    complémentaire that the caisse pays too (C2S). `paid` = gross - retained + complementary."""

    line: int
    code: str
    day: date
    fee: Money
    base: Money
    rate: Decimal
    gross: Money
    retained: Mapping[str, Money]
    paid: Money
    trace: tuple[TraceLine, ...]
    complementary: Money = ZERO


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a line that goes to one payee. `payee_id`: the insured's id, the practitioner's RPPS,
    the SIRET of the employer who kept up the pay, or the place of an ayant droit on his request."""

    line: int
    payee_kind: PayeeKind
    payee_id: str
    amount: Money


@dataclass(frozen=True, slots=True)
class NotComputed:
    """Why a claim goes to a person instead: `code` (docs/errors.md) and a French sentence."""

    code: str
    message: str
    article: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
    """A participation forfaitaire or franchise already taken, for the caps.

    `reimbursed_on` counts for the yearly cap, `care_day` and `professional` for the daily one.
    `outstanding`: what of `amount` was not retained and is to be recovered later (tiers payant)."""

    kind: str
    amount: Money
    reimbursed_on: date
    care_day: date
    professional: str
    outstanding: Money = ZERO


@dataclass(frozen=True, slots=True)
class Decision:
    """The result of liquidate(): either lines and shares, or the reasons why it is not computed.

    `withheld`: what this decision adds to the insured's history."""

    decided_on: date
    lines: tuple[DecisionLine, ...]
    shares: tuple[Share, ...]
    total: Money
    trace: tuple[TraceLine, ...]
    not_computed: tuple[NotComputed, ...] = ()
    law_version: str = ""
    code_version: str = ""
    withheld: tuple[Withheld, ...] = ()


@dataclass(frozen=True, slots=True)
class PaidAct:
    """An act already decided or in flight, for duplicates."""

    document_id: str
    practitioner_rpps: str
    insured_id: str
    day: date
    code: str
    fee: Money
    state: str


@dataclass(frozen=True, slots=True)
class History:
    """What was decided before for one insured."""

    withheld: tuple[Withheld, ...] = ()
    acts: tuple[PaidAct, ...] = ()


@dataclass(frozen=True, slots=True)
class Rights:
    """What a person may claim on a day. `article_of` names the article of each exemption held."""

    day: date
    is_open: bool
    organisme: str | None
    is_minor_for_participation: bool
    is_minor: bool
    age: int
    medecin_traitant: str | None
    ald: tuple[int, ...] = ()
    c2s: Literal["non", "gratuite", "participation"] = "non"
    ame: bool = False
    maternity: bool = False
    regime_local: bool = False
    at_numbers: tuple[str, ...] = ()
    exempt: Mapping[str, str] | None = None
    trace: tuple[TraceLine, ...] = ()
    details: Mapping[str, Any] | None = None
