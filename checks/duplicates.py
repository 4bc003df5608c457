"""The same thing asked twice."""

from collections.abc import Iterator

from checks.case import Case
from checks.rules import find
from domain.claim import Act, PaidAct
from domain.findings import Finding
from domain.flow import DECIDED, State

GONE = frozenset((State.REFUSE, State.REJETE, State.ECARTE, State.SCINDE))
"""Nothing was or will be paid on these."""


def already_asked(case: Case) -> Iterator[Finding]:
    """Same practitioner, insured, day and act, on another document. The fee may differ: a sheet sent
    again with another amount is no new act."""
    if case.claim is None:
        return
    for act in case.claim.acts:
        same = [other for other in case.same_acts if _is_the_same(case, act, other)]
        if any(other.state in DECIDED for other in same):
            yield find("doublon_paye", f"acte{act.line}_date", line=act.line)
        elif same:
            yield find("doublon_en_cours", f"acte{act.line}_date", line=act.line)


def _is_the_same(case: Case, act: Act, other: PaidAct) -> bool:
    claim = case.claim
    return (
        claim is not None
        and other.document_id != claim.id
        and other.state not in GONE
        and other.practitioner_rpps == claim.practitioner_rpps
        and other.insured_id == claim.insured_id
        and (other.day, other.code) == (act.day, act.code)
    )


def twice_here(case: Case) -> Iterator[Finding]:
    """The same act of the same day on two lines of this sheet."""
    if case.claim is None:
        return
    seen = set()
    for act in case.claim.acts:
        key = (act.day, act.code, act.activity, act.coefficient)
        if key in seen:
            yield find("doublon_interne", f"acte{act.line}_date", line=act.line)
        seen.add(key)


def same_bytes(case: Case) -> Iterator[Finding]:
    """Another sender's file, to the byte."""
    if case.same_bytes_elsewhere:
        yield find("meme_fichier")
