"""In or out of the parcours de soins coordonnés, and the majoration that is retained outside it."""

from datetime import date
from decimal import Decimal

from domain.claim import Act, Claim, Rights, TraceLine
from domain.money import ZERO, Money, to_the_cent
from law import Law
from law.dates import add_months
from law.groups import ACCES_DIRECT
from liquidation.exonerations import AME, ATMP, EXAMENS, FREE, MATERNITE, Exoneration
from liquidation.traces import cite, note

_HUNDRED = Decimal(100)

MAJORATION = "majoration_hors_parcours"


def in_parcours(claim: Claim, rights: Rights) -> TraceLine | None:
    """Why the act is in the parcours or free of it, or None: outside (tables IR_QPE_V, IR_QPS_V).

    What is ticked is believed where only the practitioner knows it (urgence, éloignement, nouveau
    médecin traitant); orientation and replacement need a médecin traitant declared that day."""
    declared = rights.medecin_traitant
    if declared == claim.practitioner_rpps:
        return note("CSS L162-5-3 al. 1", "Médecin traitant de l'assuré : dans le parcours de soins.")
    match claim.parcours:
        case "N":
            return note("CSS L162-5-3 al. 1", "Nouveau médecin traitant : dans le parcours de soins.")
        case "U":
            return note("CSS L162-5-3 1° ; R160-6 2°", "Urgence : la majoration n'est pas due.")
        case "H":
            return note(
                "CSS L162-5-3 2° ; R160-6 1°",
                "Soins loin de la résidence habituelle : la majoration n'est pas due.",
            )
        case "O" if declared:
            return note("CSS L162-5-3 al. 6", "Adressé par le médecin traitant : dans le parcours.")
        case "R" if declared:
            return note("CSS D162-1-6 4°", "Médecin qui remplace le médecin traitant : dans le parcours.")
    if declared and claim.practitioner_specialty in ACCES_DIRECT:
        return note("CSS D162-1-7", "Spécialité en accès direct : la majoration n'est pas due.")
    return None


def recently_left(rights: Rights, act: Act, law: Law) -> bool:
    """Whether the majoration may be barred by the departure of the médecin traitant, which the
    dossier does not tell (L162-5-3 5°)."""
    ended: date | None = (rights.details or {}).get("medecin_traitant_fini_le")
    if ended is None or rights.medecin_traitant:
        return False
    years = law.value("parcours.depart_medecin_traitant", act.day)
    return act.day < add_months(ended, 12 * int(years.number))


def why_free(
    claim: Claim, act: Act, rights: Rights, exoneration: Exoneration | None, law: Law
) -> TraceLine | None:
    """The reason why no majoration is due, or None."""
    age = law.value("parcours.age", act.day)
    if rights.age < age.number:
        return cite("CSS L162-5-3 al. 6", f"Moins de {age.text} ans : pas de majoration.", age)
    if act.code in EXAMENS:
        return note("CSS D162-1-6 10°", "Examen obligatoire de l'enfant : pas de majoration.")
    if claim.ald and rights.ald:  # whatever else pays the act: the protocole names it
        return note("CSS D162-1-6 3°", "Acte du protocole de soins : pas de majoration.")
    if exoneration is AME:
        return note("CASF L251-2", "Aide médicale de l'État : le parcours de soins ne s'applique pas.")
    under = MATERNITE if exoneration in FREE else exoneration
    for rule, name in ((MATERNITE, "maternite"), (ATMP, "atmp")):
        if under is rule:
            choice = law.value(f"parcours.majoration_{name}", act.day)
            if choice.text == "exclue":
                return cite(rule.article, "Pas de participation, donc pas de majoration.", choice)
    return in_parcours(claim, rights)


def majoration(base: Money, day: date, law: Law, room: Money | None = None) -> tuple[Money, TraceLine, Money]:
    """What is retained outside the parcours, why, and what the cap leaves: 40 points of the base, capped
    as the reading says. `room`: for a supplement on a line of its own, what its act left of the cap."""
    points = law.value("parcours.majoration_taux", day)
    full = to_the_cent(base * points.number / _HUNDRED)
    reading = law.value("parcours.majoration_lecture", day)
    if reading.text == "sans_plafond":
        sentence = f"Hors du parcours de soins : {points.shown} du tarif restent à votre charge."
        article = "CSS L162-5-3 al. 6 ; R160-6 al. 1"
        return full, cite(article, sentence, points, full, reading.contested), ZERO
    cap = law.value("parcours.majoration_plafond", day)
    most = to_the_cent(cap.number) if room is None else room
    amount = min(full, most)
    sentence = (
        f"Hors du parcours de soins : {points.shown} du tarif restent à votre charge, "
        f"au plus {cap.shown} par acte."
    )
    article = "CSS L162-5-3 al. 6 ; R160-6 al. 1 et 3"
    return amount, cite(article, sentence, cap, amount, reading.contested), most - amount
