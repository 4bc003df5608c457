"""Rights of a person on a day: affiliation, exemptions, médecin traitant, each with its article."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from domain.claim import Rights, TraceLine
from domain.people import Affiliation, Grossesse, Insured
from domain.period import on_day
from law import Law, NotCovered, Value
from law.dates import add_months, age_on, birthday
from rights import sejour

ASSURE = "10"
"""Table IR_QBA_V: the person holds rights in their own name."""


@dataclass
class _Notes:
    """What is found on the way: the trace, the articles of the exemptions, facts for liquidation."""

    trace: list[TraceLine] = field(default_factory=list)
    exempt: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)

    def say(self, article: str, sentence: str, value: Value | None = None) -> None:
        self.trace.append(
            TraceLine(
                article,
                sentence,
                parameter=value.parameter if value else None,
                value=value.shown if value else None,
                since=value.since if value else None,
                certainty=value.certainty if value else None,
                contested=value.is_contested if value else False,
            )
        )


def open_rights(insured: Insured, day: date, law: Law) -> Rights:
    """The rights of `insured` on the day of care `day`. Never raises.

    Closed rights come back with `is_open` false and the reason in the trace; so does a day that the
    law's files do not cover, which `details["non_couvert"]` then says."""
    try:
        return _rights(insured, day, law)
    except NotCovered as refusal:
        return Rights(
            day=day,
            is_open=False,
            organisme=None,
            is_minor_for_participation=False,
            is_minor=day < birthday(insured.birth_date, 18),
            age=age_on(insured.birth_date, day),
            medecin_traitant=None,
            exempt={},
            trace=(TraceLine("CSS L160-1", f"Les droits de ce jour n'ont pas été établis. {refusal}."),),
            details={"non_couvert": f"{refusal}."},
        )


def _rights(insured: Insured, day: date, law: Law) -> Rights:
    notes = _Notes()
    affiliation = on_day(insured.affiliations, day)
    is_open = _open(insured, affiliation, day, law, notes)
    own_age = age_on(insured.birth_date, day)
    if own_age == 0:
        notes.details["ne_le"] = insured.birth_date  # what is counted in days: R160-17 I 1°
    minor_here = _minor_for_participation(insured, day, law, notes)
    return Rights(
        day=day,
        is_open=is_open,
        organisme=affiliation.organisme if affiliation else None,
        is_minor_for_participation=minor_here,
        is_minor=day < birthday(insured.birth_date, 18),
        age=own_age,
        medecin_traitant=_medecin_traitant(insured, day, law, notes),
        ald=_alds(insured, day, law, notes),
        c2s=_c2s(insured, day, notes),
        ame=_situations(insured, day, notes),
        maternity=_maternity(insured, day, law, notes),
        regime_local="regime_local" in notes.details.get("situations", ()),
        at_numbers=_accidents(insured, day, notes),
        exempt=dict(notes.exempt),
        trace=tuple(notes.trace),
        details=dict(notes.details),
    )


def _open(insured: Insured, affiliation: Affiliation | None, day: date, law: Law, notes: _Notes) -> bool:
    if day < insured.birth_date:
        notes.say("CSS L160-2", "Le jour des soins précède la naissance.")
        return False
    if insured.died_on and day > insured.died_on:
        notes.say("CSS L160-1", f"La personne est décédée le {insured.died_on:%d/%m/%Y}.")
        return False
    if affiliation is None:
        notes.say("CSS L160-1 ; L160-17", "Aucune affiliation à une caisse ce jour-là.")
        return False
    if insured.quality != ASSURE:
        age = law.value("droits.age_ayant_droit", day)
        end = birthday(insured.birth_date, int(age.number))
        if day >= end:
            notes.say(
                "CSS L160-2 al. 2 ; D160-1",
                f"La qualité d'ayant droit a pris fin le {end:%d/%m/%Y}, jour des {age.text} ans ; "
                "des droits propres sont à ouvrir (L160-1).",
                age,
            )
            return False
        notes.say("CSS L160-2", f"Ayant droit mineur, jusqu'au {end:%d/%m/%Y} exclu.", age)
        if not _attached(insured, day, notes):
            return False
    if not _may_stay(insured, day, law, notes):
        return False
    name = law.organisme(affiliation.organisme)
    notes.say(
        "CSS L160-1 ; L160-17",
        f"Affiliation à l'organisme {affiliation.organisme}"
        + (f" ({name})" if name else " (inconnu de la table des organismes)")
        + f" depuis le {affiliation.period.start:%d/%m/%Y}.",
    )
    return True


def _attached(insured: Insured, day: date, notes: _Notes) -> bool:
    """To one parent or to both. Where attachments are kept by period, one must hold that day."""
    if not insured.rattachements:
        return True
    held = sorted(insured.attached_to(day))
    if not held:
        notes.say("CSS L160-2 ; L161-15-3", "Rattaché à aucun assuré ce jour-là.")
        return False
    both = "ses deux parents" if len(held) > 1 else "un assuré"
    notes.say("CSS L161-15-3" if len(held) > 1 else "CSS L160-2", f"Rattaché à {both} ce jour-là.")
    notes.details["rattachements"] = tuple(held)
    return True


def _may_stay(insured: Insured, day: date, law: Law, notes: _Notes) -> bool:
    """Rights outlive the titre by six months (R111-4). Who shows none needs none: French, of the EEE, Swiss."""
    if titre := on_day(insured.titres, day):
        end = titre.period.end
        shown = f" jusqu'au {end - timedelta(days=1):%d/%m/%Y}" if end else ""
        notes.say("CSS R111-3", f"Titre de séjour valable{shown}.")
        return True
    until, told = sejour.last_day(insured, day, law)
    if until is None or told is None:
        return True
    notes.trace.append(told)
    if day <= until:
        return True
    notes.say(
        "CSS R111-4", f"Aucun titre de séjour n'est venu depuis : droits fermés le {until:%d/%m/%Y} au soir."
    )
    return False


def _minor_for_participation(insured: Insured, day: date, law: Law, notes: _Notes) -> bool:
    age = law.value("participation_forfaitaire.age_exemption", day)
    new_year = date(day.year, 1, 1)
    minor = new_year < birthday(insured.birth_date, int(age.number))
    if minor:
        notes.exempt["mineur"] = "CSS L160-15 ; R160-20"
        notes.say(
            "CSS L160-15 ; R160-20",
            f"Moins de {age.text} ans au {new_year:%d/%m/%Y} : pas de participation forfaitaire.",
            age,
        )
    return minor


def _medecin_traitant(insured: Insured, day: date, law: Law, notes: _Notes) -> str | None:
    current = on_day(insured.medecins_traitants, day)
    if current:
        notes.say(
            "CSS L162-5-3 al. 1",
            f"Médecin traitant déclaré : RPPS {current.rpps}, depuis le {current.period.start:%d/%m/%Y}.",
        )
        return current.rpps
    notes.say("CSS L162-5-3 al. 1", "Aucun médecin traitant déclaré ce jour-là.")
    ended = max((each.period.end for each in insured.medecins_traitants if each.period.end), default=None)
    if ended and ended <= day:
        notes.details["medecin_traitant_fini_le"] = ended
    return None


def _alds(insured: Insured, day: date, law: Law, notes: _Notes) -> tuple[int, ...]:
    held = sorted({each.number for each in insured.alds if day in each.period})
    for number in held:
        notes.exempt["ald"] = "CSS L160-14 3° et 4° ; R160-11"
        notes.say(
            "CSS R160-11 ; D160-4",
            f"Protocole de soins ouvert : ALD {number}"
            + (f", {label}." if (label := law.ald_label(number)) else "."),
        )
    return tuple(held)


def _c2s(insured: Insured, day: date, notes: _Notes) -> Literal["non", "gratuite", "participation"]:
    held = on_day(insured.complementaires, day)
    if held is None:
        return "non"
    notes.exempt["c2s"] = "CSS L861-3 ; L160-15"
    kind = "avec participation" if held.participation else "sans participation"
    notes.say("CSS L861-1 ; L861-3", f"Complémentaire santé solidaire {kind} ouverte ce jour-là.")
    return "participation" if held.participation else "gratuite"


_SITUATIONS = {
    "invalidite": ("CSS L160-14 13° ; R160-10 al. 1", "Pension d'invalidité : participation supprimée."),
    "rente_at_66": (
        "CSS L371-1 ; R160-10 al. 2",
        "Rente d'accident du travail au taux minimal : participation supprimée.",
    ),
    "aspa": (
        "CSS L160-14 5° ; R160-9",
        "Allocation de solidarité aux personnes âgées : sans effet sur les honoraires de médecin.",
    ),
    "regime_local": ("CSS L325-1 II", "Bénéficiaire du régime local d'Alsace-Moselle."),
    "ame": ("CASF L251-1", "Bénéficiaire de l'aide médicale de l'État."),
}
_EXEMPTING = ("invalidite", "rente_at_66")


def _situations(insured: Insured, day: date, notes: _Notes) -> bool:
    """Notes every situation of the day; true where one of them is the AME."""
    held = sorted({each.kind for each in insured.situations if day in each.period})
    for kind in held:
        article, sentence = _SITUATIONS[kind]
        notes.say(article, sentence)
        if kind in _EXEMPTING:
            notes.exempt[kind] = article
    if held:
        notes.details["situations"] = tuple(held)
    return "ame" in held


def _maternity(insured: Insured, day: date, law: Law, notes: _Notes) -> bool:
    return any(_in_maternity(each, day, law, notes) for each in insured.grossesses)


def _in_maternity(grossesse: Grossesse, day: date, law: Law, notes: _Notes) -> bool:
    """The dossier's period, cut to what D160-3 grants before the expected birth; where the birth was not told,
    and the period has no end, to what it grants after that day."""
    if day not in grossesse.period:
        return False
    months = law.value("droits.maternite_mois_avant", day)
    start = add_months(grossesse.expected_birth, -int(months.number))
    if day < start:
        notes.say("CSS D160-3", f"L'assurance maternité ne commence que le {start:%d/%m/%Y}.", months)
        return False
    after = law.value("droits.maternite_jours_apres", day)
    last = grossesse.expected_birth + timedelta(days=int(after.number))
    if grossesse.period.end is None and day > last:
        notes.say(
            "CSS D160-3",
            f"L'accouchement, prévu le {grossesse.expected_birth:%d/%m/%Y}, n'est pas au dossier : l'assurance "
            f"maternité est comptée jusqu'au {last:%d/%m/%Y}.",
            after,
        )
        return False
    notes.exempt["maternite"] = "CSS L160-9 ; D160-3"
    notes.say(
        "CSS L160-9 ; D160-3",
        f"Assurance maternité : accouchement prévu le {grossesse.expected_birth:%d/%m/%Y}, "
        "tous les soins de la période sont pris en charge à 100 %.",
        months,
    )
    return True


def _accidents(insured: Insured, day: date, notes: _Notes) -> tuple[str, ...]:
    held = [each for each in insured.accidents if day in each.period and each.occurred_on <= day]
    for each in held:
        notes.say(
            "CSS L431-1 1°",
            f"Accident du travail n° {each.number}, du {each.occurred_on:%d/%m/%Y}, pris en charge.",
        )
    if held:
        notes.details["accidents"] = {each.number: each.occurred_on for each in held}
        notes.exempt["atmp"] = "CSS L431-1 1°"
    return tuple(each.number for each in held)
