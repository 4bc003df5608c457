"""The acts: codes of the nomenclatures, tariffs of the day, sums."""

from collections.abc import Iterator
from decimal import Decimal

from checks.case import LINES, Case, amount_of, filled, line_in_use, text_of
from checks.claims import act_of, code_of, total_of, travel_of
from checks.rules import find
from domain.claim import Act
from domain.findings import Finding
from domain.money import ZERO, Money, in_french, to_the_cent
from law import NotCovered

DEPASSEMENTS = frozenset(("D", "ED", "E", "DE", "F", "DD", "DP", "G", "N", "DA", "DM", "DN", "TM", "AT"))
"""Table IR_DEP_V, both spellings."""
CCAM_LENGTH = 7


def codes(case: Case) -> Iterator[Finding]:
    """Each code is of a nomenclature that day."""
    for line in LINES:
        if not line_in_use(case.fields, line):
            continue
        code, _, _ = code_of(case.fields, line)
        day = next((day for at, day in case.days_of_care() if at == line), case.received_on)
        if code and not case.law.act_known(code, day):
            part = "c_v" if filled(case.fields, f"acte{line}_c_v") else "code"
            yield find("acte_inconnu", f"acte{line}_{part}", line=line)
        depassement = text_of(case.fields, f"acte{line}_depassement").upper()
        if depassement and depassement not in DEPASSEMENTS:
            yield find("depassement_inconnu", f"acte{line}_depassement", line=line)


def tariffs(case: Case) -> Iterator[Finding]:
    """In sector 1 and without a code of dépassement, the fee is the tariff."""
    known = case.practitioner
    if known is None:
        return
    for line in LINES:
        act = act_of(case.fields, line)
        if act is None or not case.law.act_known(act.code, act.day):
            continue
        tariff = _tariff(case, act)
        name = f"acte{line}_honoraires"
        if tariff is None:
            yield find("tarif_non_compare", name, line=line)
            continue
        fee, due = in_french(act.fee), in_french(tariff)
        if act.fee > tariff and known.sector == "1" and act.depassement is None:
            yield find("montant_superieur_tarif", name, line=line, fee=fee, tariff=due)
        elif ZERO < act.fee < tariff:
            yield find("montant_inferieur_tarif", name, line=line, fee=fee, tariff=due)


def _tariff(case: Case, act: Act) -> Money | None:
    """The tariff of the act for this practitioner and day; None where none can be compared: other
    letters add to it, or the tables are silent."""
    known = case.practitioner
    if known is None or act.others:
        return None
    try:
        if len(act.code) == CCAM_LENGTH:
            price = case.law.ccam_price(act.code, act.activity or "1", "0", act.day, known.sector)
            return None if price is None else to_the_cent(price * act.quantity)
        value = case.law.tariff(act.code, act.day, known.specialty, known.sector)
    except NotCovered:
        return None
    if value is None:
        return None
    return to_the_cent(value.number * act.quantity * max(act.coefficient, Decimal(0)))


def amounts(case: Case) -> Iterator[Finding]:
    """Each amount is an amount, and the total is their sum."""
    unreadable = False
    total = ZERO
    for line in LINES:
        if not line_in_use(case.fields, line):
            continue
        name = f"acte{line}_honoraires"
        fee = amount_of(case.fields, name)
        if filled(case.fields, name):
            if fee is None:
                yield find("montant_illisible", name, line=line)
            elif fee <= ZERO and text_of(case.fields, f"acte{line}_depassement").upper() != "G":
                yield find("montant_nul", name, line=line)
        unreadable = unreadable or fee is None
        letters, travel = travel_of(case.fields, line)
        if letters is not None and travel is None:
            unreadable = True
            yield find("deplacement_sans_montant", f"acte{line}_deplacement_id_md", line=line)
        total += (fee or ZERO) + (travel or ZERO)
    written = total_of(case.fields)
    if written is None and filled(case.fields, "montant_total"):
        yield find("total_illisible", "montant_total")
    if written is None or unreadable or total == written:
        return
    yield find("total_different", "montant_total", total=in_french(written), sum=in_french(total))
