"""Rights that open, and the caisse that holds them: S 1106, the mutation of form 750, rights of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from domain.claim import NotComputed
from domain.people import Affiliation, Insured, TitreSejour
from domain.period import Period, on_day
from law import Law
from law.dates import add_months, birthday
from rights.propositions import ASSURE, Change, Proposal, because, common, cut, refusal

Motif = Literal["activite", "residence", "personnel"]
WORK, RESIDENCE = "CSS L160-1 ; D160-14 1°", "CSS L160-1 ; L160-5 ; D160-2"
OWN, MINOR_OWN, MUTATION = "CSS L160-1 ; D160-14 5°", "CSS L160-2 al. 3 ; D160-1", "CSS L160-18 ; D160-15"
MAJORITY = 18


@dataclass(frozen=True, slots=True)
class Demande:
    """`working_since`, `resident_since`: of the motif. `no_wait`: who need not wait three months (D160-2 II).
    `regular`: French, of a State of the EEE, or Swiss: no titre is asked for. `titre`: what was shown else."""

    motif: Motif | None
    received_on: date
    organisme: str
    working_since: date | None = None
    resident_since: date | None = None
    no_wait: bool = False
    regular: bool = True
    titre: Period | None = None


def opening(insured: Insured, asked: Demande, today: date, law: Law, *, new: bool = False) -> Proposal:
    """The rights that S 1106 opens: by work from its first day; by residence once it is justified and has
    lasted three months; in her own name, of an ayant droit of sixteen, or who came of age. `new`: she has no
    dossier yet."""
    if asked.motif == "personnel":
        return _in_her_own_name(insured, asked, today, law)
    reasons, effect = common(insured, asked.received_on, today), _first_day(asked, law)
    if isinstance(effect, NotComputed):
        return refusal(insured, *reasons, effect)
    if law.organisme(asked.organisme) is None:
        reasons.append(because("organisme_inconnu", asked.organisme or "non dit"))
    titre = asked.titre
    # who loses the titre after the request keeps it: it is judged on that day alone (R111-3 II)
    if not asked.regular and (titre is None or asked.received_on not in titre):
        reasons.append(because("sejour_irregulier", _day(asked.received_on)))
    held = on_day(insured.affiliations, effect)
    if held is not None and held.organisme != asked.organisme:
        reasons.append(because("deja_affilie", held.organisme))
    if reasons:
        return refusal(insured, *reasons)
    changes, after = [], insured
    article = WORK if asked.motif == "activite" else RESIDENCE
    if new:
        after = replace(after, affiliations=())
        name = f"{insured.first_names} {insured.birth_name}"
        changes.append(
            Change("dossier", "Nouveau dossier", None, name, effect, article, "Un dossier est ouvert.")
        )
    if held is None:
        opened = Affiliation(Period(effect), asked.organisme)
        later = [each for each in insured.affiliations if each.period.start > effect]
        if later:
            opened = replace(opened, period=Period(effect, min(each.period.start for each in later)))
        after = replace(
            after, affiliations=tuple(sorted((*insured.affiliations, opened), key=lambda a: a.period))
        )
        changes.append(
            Change("affiliation", "Affiliation", None, _named(asked.organisme, law), effect, article,
                   "Les soins donnés à partir de ce jour sont pris en charge.")
        )  # fmt: skip
    if titre is not None and not asked.regular and TitreSejour(titre) not in insured.titres:
        after = replace(after, titres=(*after.titres, TitreSejour(titre)))
        shown = f"jusqu'au {_day(titre.end - timedelta(days=1))}" if titre.end else "sans terme"
        changes.append(
            Change("titre", "Titre de séjour", None, shown, titre.start, "CSS R111-3 ; R111-4",
                   "Les droits sont maintenus jusqu'à la fin du sixième mois qui suit son expiration.")
        )  # fmt: skip
    return Proposal(after, tuple(changes))


def _first_day(asked: Demande, law: Law) -> date | NotComputed:
    if asked.motif == "activite":
        return asked.working_since or because("rubrique_justificatif", "début de l'activité")
    if asked.motif is None:
        return because("rubrique_justificatif", "motif de l'ouverture")
    if asked.no_wait:
        return asked.received_on
    if asked.resident_since is None:
        return because("rubrique_justificatif", "résidence en France depuis le")
    months = law.value("delais.residence", asked.received_on)
    # more than three months, from day to day: the morrow of the same day of the month
    ready = add_months(asked.resident_since, int(months.number)) + timedelta(days=1)
    if ready > asked.received_on:
        return because("residence_trop_courte", _day(ready))
    return asked.received_on


def _in_her_own_name(insured: Insured, asked: Demande, today: date, law: Law) -> Proposal:
    """An ayant droit of sixteen from her request; of eighteen from that birthday: her caisse stays hers."""
    if insured.quality == ASSURE:
        return Proposal(insured)
    adult_on = birthday(insured.birth_date, MAJORITY)
    reasons = common(insured, asked.received_on, today)
    if asked.received_on < birthday(
        insured.birth_date, int(law.value("droits.age_personnel", asked.received_on).number)
    ):
        reasons.append(because("trop_jeune"))
    effect, article = (adult_on, OWN) if asked.received_on >= adult_on else (asked.received_on, MINOR_OWN)
    if on_day(insured.affiliations, effect) is None:
        reasons.append(because("non_affilie", _day(effect)))
    if reasons:
        return refusal(insured, *reasons)
    after = replace(insured, quality=ASSURE, assure_nir=None if insured.nir else insured.assure_nir)
    if insured.nir is None:
        return refusal(insured, because("rubrique_justificatif", "numéro d'immatriculation de la personne"))
    change = Change(
        "qualite", "Qualité", "ayant droit", "assuré", effect, article,
        "Ses frais de santé sont pris en charge à titre personnel, et lui sont remboursés.",
    )  # fmt: skip
    return Proposal(replace(after, rattachements=cut(insured.rattachements, effect)), (change,))


def mutation(
    insured: Insured, children: Sequence[Insured], organisme: str, since: date, today: date, law: Law
) -> Proposal:
    """Another caisse from `since`, the day on which it takes over: until its eve the former one pays. Those
    whose rights the person alone opens (`children`) come along."""
    reasons = common(insured, since, today, ahead=True)
    if law.organisme(organisme) is None:
        reasons.append(because("organisme_inconnu", organisme))
    held = on_day(insured.affiliations, since)
    if held is None:
        reasons.append(because("non_affilie", _day(since)))
    later = [each.period.start for each in insured.affiliations if each.period.start > since]
    if later:
        reasons.append(because("changement_depasse", _day(max(later))))
    if reasons or held is None:
        return refusal(insured, *reasons)
    if held.organisme == organisme:
        return Proposal(insured)
    moving = [each for each in children if _with(each, held.organisme, since)]
    people = [insured, *moving]
    changes = [
        _moved(each, held.organisme, organisme, since, law, other=each is not insured) for each in people
    ]
    after = [
        replace(each, affiliations=(*cut(each.affiliations, since), Affiliation(Period(since), organisme)))
        for each in people
    ]
    return Proposal(after[0], tuple(changes), notes=tuple(_told(since, today, law)), others=tuple(after[1:]))


def _with(child: Insured, organisme: str, since: date) -> bool:
    held = on_day(child.affiliations, since)
    both = len({each.nir for each in child.rattachements if since in each.period}) > 1
    return held is not None and held.organisme == organisme and not both


def _moved(person: Insured, old: str, new: str, since: date, law: Law, *, other: bool) -> Change:
    return Change(
        "affiliation", "Caisse", _named(old, law), _named(new, law), since, MUTATION,
        f"L'ancienne caisse paie les soins donnés jusqu'au {_day(since - timedelta(days=1))}, la nouvelle les "
        "suivants.",
        f"{person.first_names} {person.birth_name}" if other else None,
    )  # fmt: skip


def _told(since: date, today: date, law: Law) -> list[str]:
    months = law.optional("delais.mutation_information", min(since, today))
    if months is None:
        return []
    last = add_months(since, int(months.number))
    return [f"L'assuré est à informer de son rattachement au plus tard le {_day(last)} (D160-15)."]


def _named(organisme: str, law: Law) -> str:
    name = law.organisme(organisme)
    return f"{organisme} ({name})" if name else organisme


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
