"""What of a document is told to whom.

Whoever sends a sheet may have written anyone's number on it. So what was read of it, what the dossiers
answered and what was decided are told to agents, and to the assuré whose token names the dossier that the
document was attached to. Another sender, every station among them, follows his deposit: its state, his own
bytes, its proof.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from api.permissions import Actor
from checks import OF_THE_DOSSIERS
from store import payees, rejections, senders
from store.documents import DocumentRow
from store.journal import Line

WITHHELD = (
    "Ce qui a été lu, vérifié et décidé n'est montré qu'aux agents, et à l'assuré dont le jeton nomme le "
    "dossier auquel ce document est rattaché."
)
_OF_THE_DEPOSIT = frozenset(
    ("content_sha256", "manifest_sha256", "code", "reason", "double_of", "parent", "children", "type", "pages")
)
"""Facts of a line of the journal that come from the bytes sent. Others name a dossier, an order, a cause."""
_LINES_OF_A_SENDER = frozenset((rejections.EVENT, "effacement"))
"""Told to a sender besides the moves of the state: a correction or an indu belongs to the decision."""


def tells_content(conn: Connection, actor: Actor, row: DocumentRow) -> bool:
    """Whether the actor is told what was read, found and decided: an agent; or an assuré, of his own dossier
    and of those whose rights he opens, to whom their décompte is written."""
    if actor.sees_everything:
        return True
    own = dossier_of(conn, actor)
    if own is None or row.insured_id is None:
        return False
    return own in (row.insured_id, payees.holder(conn, row.id, row.insured_id).id)


def dossier_of(conn: Connection, actor: Actor) -> str | None:
    """The dossier that the actor's token names."""
    return senders.insured_of(conn, actor.id) if actor.id else None


def findings(actor: Actor, told: bool, found: Sequence[Mapping[str, Any]] | None) -> list[Mapping[str, Any]]:
    """Those he may see; `told`: as `tells_content` says. What compares a sheet with dossiers, or with what
    others sent, is an agent's: even of his own sheet, it may be about someone else."""
    if not told:
        return []
    return [each for each in found or () if actor.sees_everything or each["code"] not in OF_THE_DOSSIERS]


def journal(actor: Actor, lines: Sequence[Line]) -> list[Line]:
    """The lines he may see: to a sender the way of his deposit, whoever he is."""
    if actor.sees_everything:
        return list(lines)
    return [line for line in lines if line.to_state or line.event in _LINES_OF_A_SENDER]


def facts(actor: Actor, line: Line) -> dict[str, Any]:
    """`hashes` and `hash` of a line. `hash` is None where facts are left out: they are so few that it would
    let them be guessed."""
    held: dict[str, Any] = json.loads(line.hashes)
    shown = {name: held[name] for name in held if actor.sees_everything or name in _OF_THE_DEPOSIT}
    return {"hashes": shown, "hash": line.hash.hex() if shown == held else None}
