"""What a person may decide on a document, and what must come with it."""

from enum import StrEnum

from domain.errors import Refused
from domain.flow import State
from validation.sheets import ORDERS


class Action(StrEnum):
    ACCEPT = "accept"  # the values are right: seal, then liquidate
    REFUSE = "refuse"  # sealed too, with its reason, which the insured is told
    RESCAN = "rescan"  # the paper must be scanned again
    QUARANTINE = "quarantine"  # set aside for somebody else


_LEADS_TO = {
    Action.ACCEPT: State.VALIDE,
    Action.REFUSE: State.VALIDE,
    Action.RESCAN: State.REJETE,
    Action.QUARANTINE: State.QUARANTAINE,
}
LONGEST_REASON = 1000
MAKES_A_DOSSIER = "demande_ouverture_droits"
OF_A_DOSSIER = frozenset(ORDERS) - {MAKES_A_DOSSIER}
"""Types that are paid to a person or change her dossier: those that are keyed. None is accepted without
her, but the one that may make her dossier."""


def next_state(action: Action) -> State:
    """Where a decision sends a document that was `a_valider`."""
    return _LEADS_TO[action]


def check_decision(
    action: str,
    reason: str | None,
    *,
    insured_known: bool = True,
    needs_insured: bool = True,
) -> Action:
    """The action, once all that it needs is there.

    `needs_insured`: the type is of OF_A_DOSSIER. Raises
    Refused("requete_invalide"), Refused("motif_absent"), Refused("assure_a_designer")."""
    try:
        asked = Action(action)
    except ValueError:
        raise Refused("requete_invalide", "Action inconnue.") from None
    if reason is not None and len(reason) > LONGEST_REASON:
        raise Refused("requete_invalide", f"Un motif compte au plus {LONGEST_REASON} caractères.")
    if asked is not Action.ACCEPT and not (reason or "").strip():
        raise Refused("motif_absent")
    if asked is Action.ACCEPT and needs_insured and not insured_known:
        raise Refused("assure_a_designer")
    return asked
