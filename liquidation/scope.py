"""What this house does not compute: every reason is given, and then nothing of the claim is paid."""

from collections.abc import Iterator, Mapping
from datetime import date

from domain.claim import Act, Claim, History, NotComputed, Rights
from law import Law
from liquidation.exonerations import accident_of
from liquidation.professions import AT_THE_BEDSIDE, MEDECIN, profession_of
from liquidation.reasons import because

OVERSEAS = frozenset({"971", "972", "973", "974", "975", "976", "977", "978"})
GENERAL = "01"
SECTORS = ("0", "1", "2", "3")
"""Table IR_CNV_V: non conventionné, secteur 1, droit permanent, honoraires libres. 9 is salaried."""
DECIDED = frozenset({"liquide", "ordonnance"})
"""States in which another document's act counts as paid; checks look at those in flight too."""


def refusals(claim: Claim, rights: Mapping[date, Rights], law: Law) -> tuple[NotComputed, ...]:
    """Every reason of the claim or of the rights, in a fixed order; those of the acts are pricing's."""
    return (*_of_the_claim(claim), *of_the_rights(claim, rights, law))


def _line(act: Act) -> int:
    return act.line


def _of_the_claim(claim: Claim) -> Iterator[NotComputed]:
    if not claim.acts:
        yield because("sans_acte")
    profession = profession_of(claim.practitioner_specialty)
    if profession is None:
        yield because("specialite_non_calculee", detail=claim.practitioner_specialty)
    elif claim.practitioner_sector not in (SECTORS if profession is MEDECIN else ("1",)):
        yield because("secteur_non_calcule", detail=claim.practitioner_sector)
    if claim.hospitalised and profession and profession not in AT_THE_BEDSIDE:
        yield from (because("hospitalise_non_calcule", act.line, act=act.code) for act in claim.acts)
    if claim.nature == "l115":
        yield because("nature_non_calculee", detail="soins aux pensionnés de guerre")
    if claim.other_exemption and not any(act.ground for act in claim.acts):
        yield because("exoneration_non_calculee")


def of_the_rights(claim: Claim, rights: Mapping[date, Rights], law: Law) -> tuple[NotComputed, ...]:
    """Reasons of the days of care: rights, organisme, the assurance that is claimed."""
    return tuple(_of_the_rights(claim, rights, law))


def _of_the_rights(claim: Claim, rights: Mapping[date, Rights], law: Law) -> Iterator[NotComputed]:
    for day in sorted({act.day for act in claim.acts}):
        if not law.horizon.first <= day <= law.horizon.last:
            text = (
                f"Le droit du {day:%d/%m/%Y} n'est pas couvert : il l'est du "
                f"{law.horizon.first:%d/%m/%Y} au {law.horizon.last:%d/%m/%Y}."
            )
            yield because("droit_non_couvert", detail=text)
            continue
        held = rights.get(day)
        if held is None:
            yield because("droits_absents", detail=f"{day:%d/%m/%Y}")
            continue
        if not held.is_open:
            yield because("droits_fermes", detail=f"{day:%d/%m/%Y}")
        organisme = held.organisme or ""
        if organisme and organisme[:2] != GENERAL:
            yield because("regime_non_gere", detail=organisme)
        elif organisme[2:5] in OVERSEAS:
            yield because("territoire_non_calcule", detail=organisme)
        if claim.nature == "atmp" and not accident_of(claim, held):
            yield because("at_non_reconnu")
        if claim.nature == "maternite" and not held.maternity:
            listed = [act.ground == "examen_maternite" for act in claim.acts if act.day == day]
            if not all(listed):
                yield because("maternite_hors_periode")


def already_paid(claim: Claim, history: History) -> Iterator[NotComputed]:
    """The acts that another document was paid for: same practitioner, person, day and code.

    liquidate() does not ask: a person may have seen the double and accepted it. Who decides asks."""
    paid = {
        (each.practitioner_rpps, each.day, each.code)
        for each in history.acts
        if each.document_id != claim.id and each.insured_id == claim.insured_id and each.state in DECIDED
    }
    for act in sorted(claim.acts, key=_line):
        if (claim.practitioner_rpps, act.day, act.code) in paid:
            yield because("doublon", act.line, act=act.code, detail=f"{act.day:%d/%m/%Y}")
