"""The way of a document: each state, the stage that leaves it, and where that may lead.

This is the only place where order is written. The database's trigger is generated from it
(store/migrations) and refuses any other move. Stages are found by name in workers/stages.py.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    RECU = "recu"  # bytes stored and read back, receipt given
    EN_LECTURE = "en_lecture"  # pages known and drawn; to be read
    A_VALIDER = "a_valider"  # a person must look: doubt, finding, or nothing could be read
    VALIDE = "valide"  # accepted by measure or decided by a person (a refusal too); to be sealed
    ARCHIVE = "archive"  # locked in the store and read back; to be liquidated
    A_LIQUIDER = "a_liquider"  # a person's: holds something that is not yet computed
    LIQUIDE = "liquide"  # amounts decided, with their trace; to be ordered
    ORDONNANCE = "ordonnance"  # a share that is not zero was ordered
    APPLIQUE = "applique"  # a justificatif's change was approved and applied
    CLASSE = "classe"  # sealed, nothing to pay
    REFUSE = "refuse"  # sealed, with the reason of the person who refused
    REJETE = "rejete"  # could not be taken: bytes kept, with a reason
    QUARANTAINE = "quarantaine"  # three attempts failed, or set aside by a person
    SCINDE = "scinde"  # a file of several documents, which are its children
    ECARTE = "ecarte"  # separator, blank or duplicate image: bytes kept with the lot


@dataclass(frozen=True, slots=True)
class Step:
    """`stage`: the work that leaves the state, or None where a person or nobody does."""

    stage: str | None
    to: tuple[State, ...]


S = State
FLOW: dict[State, Step] = {
    S.RECU: Step("trier", (S.EN_LECTURE, S.SCINDE, S.ECARTE, S.REJETE, S.QUARANTAINE)),
    S.EN_LECTURE: Step("lire", (S.A_VALIDER, S.VALIDE, S.QUARANTAINE)),
    # accept and refuse lead to VALIDE (the seal comes first), rescan to REJETE
    S.A_VALIDER: Step(None, (S.VALIDE, S.REJETE, S.QUARANTAINE)),
    S.VALIDE: Step("archiver", (S.ARCHIVE, S.REFUSE, S.QUARANTAINE)),
    S.ARCHIVE: Step("liquider", (S.LIQUIDE, S.A_LIQUIDER, S.APPLIQUE, S.CLASSE, S.QUARANTAINE)),
    # a person computes it elsewhere and says so, or sends it back; what it waits for (an attestation, its end)
    # wakes it too
    S.A_LIQUIDER: Step(None, (S.ARCHIVE, S.CLASSE)),
    S.LIQUIDE: Step("ordonnancer", (S.ORDONNANCE, S.CLASSE, S.QUARANTAINE)),
    # a person sends it back to the state it came from, keys it whole, or gives it up
    S.QUARANTAINE: Step(None, (S.RECU, S.EN_LECTURE, S.A_VALIDER, S.VALIDE, S.ARCHIVE, S.LIQUIDE, S.REJETE)),
    S.ORDONNANCE: Step(None, ()),
    S.APPLIQUE: Step(None, ()),
    S.CLASSE: Step(None, ()),
    S.REFUSE: Step(None, ()),
    S.REJETE: Step(None, ()),
    S.SCINDE: Step(None, ()),
    S.ECARTE: Step(None, ()),
}

INITIAL = (S.RECU, S.EN_LECTURE, S.REJETE)
"""A deposit starts at RECU, a child at EN_LECTURE (its pages are known), what a lot or a hot
folder could not take at REJETE."""

ALLOWED = frozenset((start, to) for start, step in FLOW.items() for to in step.to)
WITH_STAGE = {start: step.stage for start, step in FLOW.items() if step.stage}
ENDED = frozenset(start for start, step in FLOW.items() if not step.to)
"""SCINDE counts as terminal only once all its children are."""
OF_A_PERSON = frozenset(start for start, step in FLOW.items() if step.to and not step.stage)

DECIDED = frozenset((S.LIQUIDE, S.ORDONNANCE, S.CLASSE))
"""What was asked is decided, by the house or, in CLASSE, by a person elsewhere. Besides these, a document is
decided as soon as it has a decision, wherever it stands (store.money.is_decided)."""

MAX_ATTEMPTS = 3
