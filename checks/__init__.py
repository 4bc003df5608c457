"""Rules over a reading, a dossier and rights: what a caisse looks at before it pays."""

from checks.case import Case, days_of_care
from checks.claims import Obstacle, interpret, obstacles
from checks.rules import OF_THE_DOSSIERS, RULES, Rule, as_markdown
from checks.runner import answered_by_dossiers, run, verdict

__all__ = [
    "OF_THE_DOSSIERS",
    "RULES",
    "Case",
    "Obstacle",
    "Rule",
    "answered_by_dossiers",
    "as_markdown",
    "days_of_care",
    "interpret",
    "obstacles",
    "run",
    "verdict",
]
