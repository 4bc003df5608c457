"""A stay in hospital, or a passage through its urgences: what the caisse pays, what the patient bears.

The stay's tariff is given (it is the establishment's); the law gives the participation, the forfait
journalier and how the one is counted against the other (L174-4 al. 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from domain.claim import Act, Claim, Nature, NotComputed, Rights, TraceLine
from domain.money import ZERO, Money, in_french, to_the_cent
from law import Law, NotCovered
from liquidation import scope
from liquidation.exonerations import ATMP, INVALIDITE, MATERNITE, Exoneration, exoneration_of
from liquidation.reasons import because
from liquidation.traces import cite, note
from liquidation.version import CODE_VERSION

_HUNDRED = Decimal(100)
BORNE = (ATMP, MATERNITE)
"""Who does not bear the forfait journalier: the caisse does (L174-4 al. 1)."""


@dataclass(frozen=True, slots=True)
class Stay:
    """`admitted_on` to `left_on`, that day included. `tariff`: of the whole stay. `act_tariff`: of the
    dearest act whose doing in hospital was needed (R160-16 I 2). `ald`: in relation with it."""

    admitted_on: date
    left_on: date
    tariff: Money
    service: Literal["mco", "psychiatrie"] = "mco"
    act_tariff: Money = ZERO
    nature: Nature = "maladie"
    at_number: str | None = None
    ald: bool = False

    def __post_init__(self) -> None:
        if self.left_on < self.admitted_on or self.tariff < ZERO:
            raise ValueError("a stay ends after it starts")


@dataclass(frozen=True, slots=True)
class Passage:
    """A visit to the urgences that was not followed by a stay there. `tariff`: of what was done."""

    day: date
    tariff: Money
    nature: Nature = "maladie"
    at_number: str | None = None


@dataclass(frozen=True, slots=True)
class StayDecision:
    """`borne`: by the patient, of which the complémentaire santé solidaire pays `complementary`.
    `paid`: to the establishment by the caisse, that part included."""

    benefit: str
    decided_on: date
    tariff: Money
    participation: Money
    forfait: Money
    borne: Money
    complementary: Money
    paid: Money
    trace: tuple[TraceLine, ...]
    not_computed: tuple[NotComputed, ...] = ()
    law_version: str = ""
    code_version: str = ""


def stay(given: Stay, rights: Rights, decided_on: date, law: Law) -> StayDecision:
    """`rights`: of the day of admission."""
    claim = _claim(given.admitted_on, given.tariff, given.nature, given.at_number, given.ald)
    reasons = scope.of_the_rights(claim, {given.admitted_on: rights}, law)
    try:
        exoneration = exoneration_of(claim, claim.acts[0], rights)
        trace: list[TraceLine] = []
        participation, heavy = _participation(given, rights, exoneration, law, trace)
        forfait = _forfait(given, exoneration, law, trace)
    except NotCovered as refusal:
        reasons = (*reasons, because("droit_non_couvert", detail=f"{refusal}."))
    except _Asked as asked:
        reasons = (*reasons, because(asked.args[0]))
    if reasons:
        return _refused("hospitalisation", reasons, decided_on, law)
    borne = participation + forfait if heavy else max(participation, forfait)
    if not heavy and participation and forfait:
        kept = "la participation" if participation >= forfait else "le forfait journalier"
        said = f"Le forfait journalier s'impute sur la participation : {kept} est à votre charge."
        trace.append(note("CSS L174-4 al. 3", said, borne))
    return _decided(
        "hospitalisation", given.tariff, participation, forfait, borne, rights, trace, decided_on, law
    )


def urgences(given: Passage, rights: Rights, decided_on: date, law: Law) -> StayDecision:
    """The forfait patient urgences: one sum instead of the participation (L160-13 I al. 4)."""
    claim = _claim(given.day, given.tariff, given.nature, given.at_number, False)
    reasons = scope.of_the_rights(claim, {given.day: rights}, law)
    if reasons:
        return _refused("urgences", reasons, decided_on, law)
    exoneration = exoneration_of(claim, claim.acts[0], rights)
    article = "CSS L160-13 I al. 4"
    trace: list[TraceLine] = []
    amount = ZERO
    if exoneration in (MATERNITE, INVALIDITE):
        trace.append(note(article, "Forfait patient urgences supprimé.", ZERO))
    else:
        less = exoneration is ATMP or bool(rights.ald)
        try:
            value = law.value(f"hopital.forfait_urgences{'_minore' if less else ''}", given.day)
        except NotCovered as refusal:
            reason = because("droit_non_couvert", detail=f"{refusal}.")
            return _refused("urgences", (reason,), decided_on, law)
        amount = min(to_the_cent(value.number), given.tariff)
        trace.append(cite(article, f"Forfait patient urgences {'minoré' if less else 'plein'}.", value, amount))
    return _decided("urgences", given.tariff, ZERO, amount, amount, rights, trace, decided_on, law)


class _Asked(Exception):
    """What only a person can tell: the code of a reason."""


def _claim(day: date, tariff: Money, nature: Nature, at_number: str | None, ald: bool) -> Claim:
    """The stay as the exonerations and the scope look at it."""
    act = Act(1, day, "", tariff)
    return Claim("", "", "", "", "", (act,), tariff, day, day, nature=nature, ald=ald, at_number=at_number)


def _participation(
    given: Stay, rights: Rights, exoneration: Exoneration | None, law: Law, trace: list[TraceLine]
) -> tuple[Money, bool]:
    """(participation of L160-13 I, whether it is the one sum of the actes lourds)."""
    day = given.admitted_on
    if exoneration:
        trace.append(note(exoneration.article, exoneration.sentence, ZERO))
        return ZERO, False
    if rights.regime_local:
        raise _Asked("hopital_regime_local")
    threshold = law.value("actes_lourds.seuil_tarif", day)
    if given.act_tariff >= threshold.number:
        value = law.value("actes_lourds.montant", day)
        amount = min(to_the_cent(value.number), given.tariff)
        trace.append(
            cite("CSS R160-16 I 2", "Acte au-dessus du seuil : participation forfaitaire.", value, amount)
        )
        return amount, True
    free_from = law.value("hopital.jours_avant_suppression", day)
    if (given.left_on - day).days + 1 > free_from.number:
        raise _Asked("sejour_long")
    rate = law.value("taux.hospitalisation", day)
    paid = to_the_cent(given.tariff * rate.number / _HUNDRED)
    trace.append(cite("CSS L160-13 I ; R160-5 2°", "Part de l'assurance maladie.", rate, paid))
    return given.tariff - paid, False


def _forfait(given: Stay, exoneration: Exoneration | None, law: Law, trace: list[TraceLine]) -> Money:
    """The forfait journalier of each day, that of leaving included."""
    if exoneration in BORNE:
        trace.append(note("CSS L174-4 al. 1", "Forfait journalier pris en charge par la caisse.", ZERO))
        return ZERO
    name = "hopital.forfait_journalier" + ("_psychiatrie" if given.service == "psychiatrie" else "")
    total, day, days = ZERO, given.admitted_on, 0
    while day <= given.left_on:
        value = law.value(name, day)
        total += to_the_cent(value.number)
        days += 1
        day += timedelta(days=1)
    trace.append(cite("CSS L174-4 al. 1", f"Forfait journalier, {days} jours, sortie comprise.", value, total))
    return total


def _refused(benefit: str, reasons: Sequence[NotComputed], decided_on: date, law: Law) -> StayDecision:
    return StayDecision(
        benefit, decided_on, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, (), tuple(reasons), law.version, CODE_VERSION
    )


def _decided(
    benefit: str,
    tariff: Money,
    participation: Money,
    forfait: Money,
    borne: Money,
    rights: Rights,
    trace: list[TraceLine],
    decided_on: date,
    law: Law,
) -> StayDecision:
    borne = min(borne, tariff)
    complementary = borne if rights.c2s != "non" else ZERO
    if complementary:
        said = "Complémentaire santé solidaire : participation et forfait payés."
        trace.append(note("CSS L861-3 1° et 2°", said, complementary))
    paid = tariff - borne + complementary
    trace.append(note("CSS L160-8 1°", f"Versé à l'établissement sur {in_french(tariff)}.", paid))
    return StayDecision(
        benefit, decided_on, tariff, participation, forfait, borne, complementary, paid, tuple(trace), (),
        law.version, CODE_VERSION,
    )  # fmt: skip
