"""A stay in hospital, or a passage through its urgences: what the caisse pays, what the patient bears.

The stay's tariff is given (it is the establishment's); the law gives the participation, the forfait
journalier and how the one is counted against the other (L174-4 al. 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from domain.claim import Act, Claim, Ground, Nature, NotComputed, Rights, TraceLine
from domain.french import counted
from domain.money import ZERO, Money, in_french, to_the_cent
from law import Law, NotCovered
from liquidation import scope
from liquidation.exonerations import AME, ATMP, FREE, MATERNITE, Exoneration, exoneration_of
from liquidation.reasons import because
from liquidation.traces import cite, note
from liquidation.version import CODE_VERSION

_HUNDRED = Decimal(100)
SERVED = ("donneur",)
"""Grounds for which the forfait journalier is not borne either (L174-4 al. 1)."""
NO_FORFAIT = ("nouveau_ne", "sevices", "donneur")
"""Grounds for which the forfait patient urgences is suppressed (L160-13 I al. 4)."""


@dataclass(frozen=True, slots=True)
class Stay:
    """`admitted_on` to `left_on`, that day included. `tariff`: of the whole stay. `act_tariff`: of the
    dearest act whose doing in hospital was needed (R160-16 I 2). `ald`: in relation with it. `late_tariff`:
    of `tariff`, that of the days from the thirty-first on. `outside_parcours`: nothing of L162-5-3 frees the
    stay of its majoration. `ground`: why the participation is suppressed."""

    admitted_on: date
    left_on: date
    tariff: Money
    service: Literal["mco", "psychiatrie"] = "mco"
    act_tariff: Money = ZERO
    nature: Nature = "maladie"
    at_number: str | None = None
    ald: bool = False
    late_tariff: Money | None = None
    outside_parcours: bool = False
    ground: Ground | None = None

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
    ground: Ground | None = None


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
    claim = _claim(given.admitted_on, given.tariff, given.nature, given.at_number, given.ald, given.ground)
    reasons = scope.of_the_rights(claim, {given.admitted_on: rights}, law)
    trace: list[TraceLine] = []
    try:
        exoneration = exoneration_of(claim, claim.acts[0], rights)
        participation, heavy = _participation(given, exoneration, law, trace)
        forfait, late = _forfaits(given, exoneration, law, trace)
        majoration = _majoration(given, rights, exoneration, law, trace)
    except NotCovered as refusal:
        reasons = (*reasons, because("droit_non_couvert", detail=f"{refusal}."))
    except _Asked as asked:
        reasons = (*reasons, because(asked.args[0]))
    if reasons:
        return _refused("hospitalisation", reasons, decided_on, law)
    borne = (participation + forfait if heavy else max(participation, forfait)) + late
    if not heavy and participation and forfait:
        kept = "la participation" if participation >= forfait else "le forfait journalier"
        said = f"Le forfait journalier s'impute sur la participation : {kept} est à votre charge."
        trace.append(note("CSS L174-4 al. 3", said, borne))
    if rights.regime_local and borne:
        rate = law.value("taux.regime_local_hospitalisation", given.admitted_on)
        said = "Régime local d'Alsace-Moselle : la participation et le forfait journalier sont pris en charge."
        trace.append(cite("CSS L325-1 I ; L174-4 al. 4 ; D325-6", said, rate, borne))
        borne = ZERO
    return _decided(
        "hospitalisation", given.tariff, participation, forfait + late, borne, majoration, rights, trace,
        decided_on, law,
    )  # fmt: skip


def urgences(given: Passage, rights: Rights, decided_on: date, law: Law) -> StayDecision:
    """The forfait patient urgences: one sum instead of the participation (L160-13 I al. 4)."""
    claim = _claim(given.day, given.tariff, given.nature, given.at_number, False, given.ground)
    reasons = scope.of_the_rights(claim, {given.day: rights}, law)
    if reasons:
        return _refused("urgences", reasons, decided_on, law)
    article = "CSS L160-13 I al. 4"
    trace: list[TraceLine] = []
    amount = ZERO
    if _no_forfait(given, rights):
        trace.append(note(article, "Forfait patient urgences supprimé.", ZERO))
    else:
        # whatever brought them there: ALD, and who receives anything for an accident du travail
        less = bool(rights.ald or rights.at_numbers)
        try:
            value = law.value(f"hopital.forfait_urgences{'_minore' if less else ''}", given.day)
        except NotCovered as refusal:
            reason = because("droit_non_couvert", detail=f"{refusal}.")
            return _refused("urgences", (reason,), decided_on, law)
        amount = min(to_the_cent(value.number), given.tariff)
        trace.append(cite(article, f"Forfait patient urgences {'minoré' if less else 'plein'}.", value, amount))
    return _decided("urgences", given.tariff, ZERO, amount, amount, ZERO, rights, trace, decided_on, law)


def _no_forfait(given: Passage, rights: Rights) -> bool:
    exempt = rights.exempt or {}
    held = rights.maternity or rights.ame or "invalidite" in exempt or "rente_at_66" in exempt
    return held or given.ground in NO_FORFAIT


class _Asked(Exception):
    """What only a person can tell: the code of a reason."""


def _claim(
    day: date, tariff: Money, nature: Nature, at_number: str | None, ald: bool, ground: Ground | None
) -> Claim:
    """The stay as the exonerations and the scope look at it."""
    act = Act(1, day, "", tariff, ground=ground)
    return Claim("", "", "", "", "", (act,), tariff, day, day, nature=nature, ald=ald, at_number=at_number)


def _participation(
    given: Stay, exoneration: Exoneration | None, law: Law, trace: list[TraceLine]
) -> tuple[Money, bool]:
    """(participation of L160-13 I, whether it is the one sum of the actes lourds)."""
    day = given.admitted_on
    if exoneration:
        trace.append(note(exoneration.article, exoneration.sentence, ZERO))
        return ZERO, False
    threshold = law.value("actes_lourds.seuil_tarif", day)
    if given.act_tariff >= threshold.number:
        value = law.value("actes_lourds.montant", day)
        amount = min(to_the_cent(value.number), given.tariff)
        trace.append(
            cite("CSS R160-16 I 2", "Acte au-dessus du seuil : participation forfaitaire.", value, amount)
        )
        return amount, True
    free_from = law.value("hopital.jours_avant_suppression", day)
    early = given.tariff
    if (given.left_on - day).days + 1 > free_from.number:
        if given.late_tariff is None:
            raise _Asked("sejour_long")
        early -= given.late_tariff
        said = "Plus de participation à compter du trente et unième jour."
        trace.append(cite("CSS R160-16 V 3", said, free_from, given.late_tariff))
    rate = law.value("taux.hospitalisation", day)
    paid = to_the_cent(early * rate.number / _HUNDRED)
    trace.append(cite("CSS L160-13 I ; R160-5 2°", "Part de l'assurance maladie.", rate, paid))
    return early - paid, False


def _forfaits(
    given: Stay, exoneration: Exoneration | None, law: Law, trace: list[TraceLine]
) -> tuple[Money, Money]:
    """The forfait journalier of each day, that of leaving included: of the days on which a participation
    may be left, which is counted against it, and of the later ones."""
    if exoneration is AME:
        trace.append(
            note("CASF L251-2", "Forfait journalier pris en charge par l'aide médicale de l'État.", ZERO)
        )
        return ZERO, ZERO
    if exoneration in (ATMP, MATERNITE, *FREE) or given.ground in SERVED:
        trace.append(note("CSS L174-4 al. 1", "Forfait journalier pris en charge par la caisse.", ZERO))
        return ZERO, ZERO
    name = "hopital.forfait_journalier" + ("_psychiatrie" if given.service == "psychiatrie" else "")
    days = [given.admitted_on + timedelta(days=n) for n in range((given.left_on - given.admitted_on).days + 1)]
    amounts = [to_the_cent(law.value(name, day).number) for day in days]
    limit = int(law.value("hopital.jours_avant_suppression", given.admitted_on).number)
    total = sum(amounts, ZERO)
    said = f"Forfait journalier : {counted(len(days), 'jour')}, sortie comprise."
    trace.append(cite("CSS L174-4 al. 1", said, law.value(name, given.left_on), total))
    return sum(amounts[:limit], ZERO), sum(amounts[limit:], ZERO)


def _majoration(
    given: Stay, rights: Rights, exoneration: Exoneration | None, law: Law, trace: list[TraceLine]
) -> Money:
    """The majoration hors parcours, once a stay (R160-6 al. 4)."""
    day = given.admitted_on
    age = law.value("parcours.age", day)
    free = exoneration in (AME, ATMP, MATERNITE, *FREE) or (given.ald and rights.ald)  # D162-1-6 3°
    if not given.outside_parcours or free or rights.age < age.number:
        return ZERO
    cap = law.value("parcours.majoration_plafond", day)
    amount = to_the_cent(cap.number)
    said = "Hors du parcours de soins : la participation du séjour est majorée, une fois."
    trace.append(cite("CSS L162-5-3 al. 6 ; R160-6 al. 3 et 4", said, cap, amount))
    return amount


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
    majoration: Money,
    rights: Rights,
    trace: list[TraceLine],
    decided_on: date,
    law: Law,
) -> StayDecision:
    borne = min(borne, tariff)
    complementary = borne if rights.c2s != "non" else ZERO
    borne = min(borne + majoration, tariff)
    if complementary:
        said = "Complémentaire santé solidaire : participation et forfait payés."
        trace.append(note("CSS L861-3 1° et 2°", said, complementary))
    paid = tariff - borne + complementary
    trace.append(note("CSS L160-8 1°", f"Versé à l'établissement sur {in_french(tariff)}.", paid))
    return StayDecision(
        benefit, decided_on, tariff, participation, forfait, borne, complementary, paid, tuple(trace), (),
        law.version, CODE_VERSION,
    )  # fmt: skip
