"""What the API says and takes. Field names are the contract of docs and OpenAPI; keep them stable."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from api.cash import CashOut
from api.proposing import ProposalOut
from api.schema_base import Asked, Euros, Said, Sha256
from api.schemas_lots import LotLine
from domain.flow import State

Status = Literal[tuple(state.value for state in State)]  # type: ignore[valid-type]
Text = Annotated[str, StringConstraints(max_length=500)]
Value = str | bool | None


class Receipt(Said):
    id: str = Field(description="Numéro du document, au hasard.")
    sha256: Sha256
    status: Status
    received_at: datetime
    receipt: str = Field(description="Le reçu : les octets sont gardés et relus.")


class AlternativeOut(Said):
    value: str
    probability: float


class FieldOut(Said):
    value: Value
    status: Literal["accepted", "review", "empty"]
    probability: float | None
    alternatives: list[AlternativeOut] = Field([])
    page: int = Field(0, description="Page du document, depuis 0.")
    box: list[float] = Field([], description="x, y, largeur, hauteur, en fractions de la page redressée.")
    form_box_mm: list[float] | None = None


class TaskField(FieldOut):
    """With the words and the way to type it."""

    label: str
    section: str
    kind: str
    length: int | None = None
    mark: Literal["a_verifier", "doute", "sur", "vide"]


class FindingOut(Said):
    code: str
    severity: Literal["information", "a_verifier", "refus_propose"]
    field: str | None = None
    article: str | None = None
    message: str


class ReadingOut(Said):
    type: str | None
    form: str | None
    fields: dict[str, FieldOut]


class TaskRef(Said):
    id: str
    kind: str


class DossierOut(Said):
    id: str = Field(description="Numéro du dossier : `insured_id` d'une décision.")
    name: str
    birth_date: date
    nir: str | None
    probability: float | None = None
    reasons: list[str] = Field([])


class ArchiveOut(Said):
    objects: list[str]
    manifest_sha256: Sha256
    retain_until: datetime | None


class TraceOut(Said):
    article: str
    sentence: str
    parameter: str | None = None
    value: str | None = None
    since: date | None = None
    amount: Euros | None = None
    certainty: str | None = None
    contested: bool = False


class DecisionLineOut(Said):
    line: int
    code: str
    day: date
    fee: Euros
    base: Euros
    rate: str
    gross: Euros
    retained: dict[str, Euros]
    paid: Euros
    trace: list[TraceOut]


class DecisionOut(Said):
    id: str
    decided_on: date
    lines: list[DecisionLineOut]
    total: Euros
    trace: list[TraceOut]
    cash: CashOut | None = Field(None, description="Les jours d'une prestation en espèces.")


class RetainedOut(Said):
    order: str
    kind: str = Field(description="`indu`, `participation_forfaitaire`, `franchise_medicament`...")
    indu: str | None
    amount: Euros = Field(description="Négatif : rendu.")
    care_day: date | None


class CorrectionRef(Said):
    id: str
    nature: Literal["correction", "suite"]
    decided_on: date
    difference: Euros


class InduRef(Said):
    id: str
    amount: Euros
    asked: Euros


class PaymentOut(Said):
    id: str
    amount: Euros = Field(description="Ce qui est payé, une fois ôté ce qui est retenu.")
    payee: str = Field(
        description="`assure`, ou le genre et le numéro : `praticien` RPPS, `employeur` SIRET, `ayant_droit` n."
    )


class NotComputedOut(Said):
    code: str
    message: str
    article: str | None = None
    line: int | None = None


class DocumentOut(Said):
    id: str
    parent: str | None
    children: list[str]
    lot: str | None
    type: str | None
    status: Status
    terminal: bool
    where: str = Field(description="Où il en est, en une phrase.")
    withheld: str | None = Field(
        description="À qui la lecture, les constats et la décision sont réservés ; null s'ils sont dits."
    )
    reason: str | None = Field(description="Un code ; d'un refus, le motif, pour qui la décision est dite.")
    error: str | None
    sha256: Sha256
    received_at: datetime
    pages: int | None = Field(description="Nombre de pages, une fois connu.")
    reading: ReadingOut | None
    findings: list[FindingOut]
    dossier: DossierOut | None
    task: TaskRef | None
    archive: ArchiveOut | None
    decision: DecisionOut | None
    not_computed: list[NotComputedOut]
    payments: list[PaymentOut]
    retained: list[RetainedOut] = Field([], description="Retenu sur ces paiements ; pour un agent.")
    corrections: list[CorrectionRef] = Field([], description="Ce qui a suivi la première décision.")
    indus: list[InduRef] = Field([], description="Versé de trop par ces décisions ; pour un agent.")


class EventOut(Said):
    n: int
    at: datetime
    actor: str
    event: str
    from_state: str | None
    to_state: str | None
    hashes: dict[str, Any] = Field(description="Pour un expéditeur, ce qui vient de ses octets.")
    hash: str | None = Field(description="Null là où des faits sont tus.")


class EventsOut(Said):
    events: list[EventOut]


class DocumentLine(Said):
    """A line of a list: nothing of what the sheet says."""

    id: str
    type: str | None
    type_label: str
    source_label: str
    status: Status
    status_label: str
    tone: str
    ended: bool = Field(description="Rien ne suit, sinon la fin de ses enfants.")
    sha256: Sha256
    received_at: datetime
    received: str
    where: str


class DocumentsOut(Said):
    documents: list[DocumentLine]
    next: str | None = Field(description="À redonner dans `after` pour la suite.")


class Queue(Said):
    kind: str
    label: str
    href: str
    count: int


class BoardOut(Said):
    total: int
    counts: dict[str, int]
    queues: list[Queue]
    lots: list[LotLine]
    documents: list[DocumentLine]
    next: str | None
    today: date


class NextTask(Asked):
    document: str | None = Field(None, max_length=36, description="Ce document plutôt que le premier.")


class Identification(Said):
    certain: bool
    absent: float | None
    candidates: list[DossierOut]


class TaskOut(Said):
    id: str
    version: int
    document: str
    type: str
    received_at: datetime
    received_shown: str
    page_count: int
    image_faults: list[str] = Field(description="Ce qui gêne la lecture de l'image : une phrase par page.")
    keyed_whole: bool = Field(description="Rien n'a été lu : la feuille se saisit en entier.")
    fields: dict[str, TaskField] = Field(description="Dans l'ordre du formulaire.")
    findings: list[FindingOut]
    identification: Identification
    proposal: ProposalOut | None = Field(None, description="Ce que ce justificatif changerait au dossier.")
    lease_until: datetime


class Lease(Said):
    lease_until: datetime


class DecisionIn(Asked):
    version: int = Field(ge=0, le=2**31 - 1)
    action: Literal["accept", "refuse", "rescan", "quarantine"]
    type: str | None = Field(None, max_length=40)
    fields: dict[Annotated[str, StringConstraints(max_length=60)], Text | bool | None] = Field(
        {}, max_length=200, description="null : vide sur le papier. Un champ tu est confirmé."
    )
    insured_id: str | None = Field(None, max_length=36)
    reason: Text | None = Field(None, description="Obligatoire, sauf pour accept.")


class ProposalIn(Asked):
    """Ce qui est saisi à cet instant, sans rien décider."""

    type: str | None = Field(None, max_length=40)
    fields: dict[Annotated[str, StringConstraints(max_length=60)], Text | bool | None] = Field(
        {}, max_length=200
    )
    insured_id: str | None = Field(None, max_length=36)


class Proposed(Said):
    proposal: ProposalOut | None


class Decided(Said):
    document: str
    status: Status


class MoveIn(Asked):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    from_: Status = Field(alias="from")
    to: Status
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


class SearchIn(Asked):
    """In the body: a NIR is never in an address."""

    nir: str | None = Field(None, max_length=15)
    names: str | None = Field(None, max_length=120)
    birth_date: date | None = None


class Found(Said):
    dossiers: list[DossierOut]


class Verification(Said):
    ok: bool
    objects: int = Field(description="Relus, sceaux compris.")
    seals: int = Field(description="Ceux qui tiennent le journal du document.")
    waiting: bool = Field(description="Son journal n'est pas encore tout entier sous un sceau.")
    faults: list[str]


class Health(Said):
    status: Literal["ok"]


class Component(Said):
    name: str
    ok: bool
    detail: str


class Ready(Said):
    ready: bool
    components: list[Component]
