"""Who may hold a task: one agent a task, two tasks an agent (the one on the screen, and the next)."""

from datetime import datetime

from domain.errors import Refused

MOST_LEASES = 2


def may_take(held: int) -> None:
    """Raises Refused("trop_de_taches") where an agent who holds `held` tasks asks for one more."""
    if held >= MOST_LEASES:
        raise Refused("trop_de_taches")


def is_held(agent: str | None, lease_until: datetime | None, now: datetime) -> bool:
    """Whether somebody holds the task at `now` (the machine's clock)."""
    return agent is not None and lease_until is not None and now < lease_until


def check_holds(
    agent: str,
    *,
    holder: str | None,
    lease_until: datetime | None,
    now: datetime,
    shown_version: int,
    version: int,
) -> None:
    """Raises Refused("tache_non_tenue") where the lease is another's or over, Refused("tache_perimee")
    where the document has changed since it was shown."""
    if holder != agent or not is_held(holder, lease_until, now):
        raise Refused("tache_non_tenue")
    if shown_version != version:
        raise Refused("tache_perimee")
