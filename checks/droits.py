"""From the keyed fields of a justificatif of rights to what it would change: S 1106, 750, S 3705, protocole de
soins, C2S, titre de séjour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, cast
from uuid import uuid4

from checks.case import amount_of, day_of, text_of, ticked
from domain.money import ZERO
from domain.people import Insured, Practitioner
from domain.period import Period
from domain.reading import FieldReading
from dossiers.names import words
from law import Law
from liquidation import ressources
from rights import affiliation, protocole, rattachement, sejour, solidaire
from rights.propositions import Proposal, because, refusal

Fields = Mapping[str, FieldReading]
PLACES = (1, 2, 3, 4)
"""Of the children of a S 3705, of the further members of a foyer."""
REGULAR = ("francaise", "europeenne")


@dataclass(frozen=True, slots=True)
class Around:
    """Whom the base holds beside the person: the doctor whom the paper's numbers name; those whose rights the
    person opens; those whose numbers the paper gives."""

    doctor: Practitioner | None = None
    family: tuple[Insured, ...] = ()
    named: tuple[Insured, ...] = ()

    def by_nir(self, nir: str | None) -> Insured | None:
        people = (*self.family, *self.named)
        return next((each for each in people if nir is not None and each.nir == nir), None)


def numbers(fields: Fields) -> tuple[str, ...]:
    """The NIR of further persons that the paper gives."""
    names = ["autre_parent_nir", *(f"enfant{n}_nir" for n in PLACES), *(f"foyer{n}_nir" for n in PLACES)]
    return tuple(dict.fromkeys(nir for name in names if (nir := text_of(fields, name))))


def newcomer(fields: Fields) -> Insured | None:
    """Who S 1106 says, without a dossier yet; None where the number, the names or the birth are missing."""
    nir, born = text_of(fields, "beneficiaire_nir"), day_of(fields, "beneficiaire_date_naissance")
    name, first = text_of(fields, "nouveau_nom"), text_of(fields, "nouveau_prenoms")
    if not (nir and name and first and born):
        return None
    return Insured(
        str(uuid4()), nir, name, first, born, use_name=text_of(fields, "nouveau_nom_usage") or None,
        address=_lines(fields, "adresse_nouvelle"), iban=text_of(fields, "rib_iban") or None,
    )  # fmt: skip


def opening(
    fields: Fields, insured: Insured, received_on: date, today: date, law: Law, *, new: bool = False
) -> Proposal:
    start, last = day_of(fields, "titre_debut"), day_of(fields, "titre_fin")
    titre = None
    if last is not None:
        start = start or received_on
        if last < start:
            return refusal(insured, because("dates_justificatif", "titre de séjour"))
        titre = Period(start, last + timedelta(days=1))
    if missing := _unsigned(fields, insured, "signature_assure", "signature de la personne"):
        return missing
    asked = affiliation.Demande(
        motif=_choice(fields, "ouverture_motif"),
        received_on=received_on,
        organisme=text_of(fields, "organisme_rattachement"),
        working_since=day_of(fields, "activite_debut"),
        resident_since=day_of(fields, "residence_depuis"),
        no_wait=ticked(fields, "residence_sans_delai"),
        regular=text_of(fields, "nationalite") in REGULAR,
        titre=titre,
    )
    return affiliation.opening(insured, asked, today, law, new=new)


def mutation(fields: Fields, insured: Insured, around: Around, today: date, law: Law) -> Proposal:
    since = day_of(fields, "substitution_date")
    if since is None:
        return refusal(insured, because("rubrique_justificatif", "premier jour à la nouvelle caisse"))
    organisme = text_of(fields, "organisme_nouveau")
    return affiliation.mutation(insured, around.family, organisme, since, today, law)


def children(
    fields: Fields, insured: Insured, around: Around, received_on: date, today: date, law: Law
) -> Proposal:
    found: list[rattachement.Enfant] = []
    for n in PLACES:
        name, first = text_of(fields, f"enfant{n}_nom"), text_of(fields, f"enfant{n}_prenoms")
        born, nir = day_of(fields, f"enfant{n}_naissance"), text_of(fields, f"enfant{n}_nir") or None
        if not (name or first or born or nir):
            continue
        if not (name and first and born):
            return refusal(insured, because("rubrique_justificatif", f"enfant {n} : nom, prénoms, naissance"))
        rank = int(text_of(fields, f"enfant{n}_rang") or 1)
        known = around.by_nir(nir) or _known(around, first, born, rank)
        found.append(rattachement.Enfant(name, first, born, rank, nir, known))
    asked = rattachement.Demande(
        mode=_choice(fields, "rattachement_mode") or "deux",
        children=tuple(found),
        received_on=received_on,
        since=day_of(fields, "rattachement_depuis"),
        other_nir=text_of(fields, "autre_parent_nir") or None,
        signed=ticked(fields, "signature_assure"),
        other_signed=ticked(fields, "signature_autre_parent"),
    )
    return rattachement.rattachement(insured, asked, today, law)


def _known(around: Around, first: str, born: date, rank: int) -> Insured | None:
    """A child of the family, known by birth date and rang (R161-42 1° b) and a first name."""
    asked = set(words(first))
    for each in (*around.family, *around.named):
        if (each.birth_date, each.birth_rank) == (born, rank) and asked & set(words(each.first_names)):
            return each
    return None


def care_protocol(fields: Fields, insured: Insured, received_on: date, today: date, law: Law) -> Proposal:
    if missing := _unsigned(fields, insured, "signature_medecin", "signature du médecin"):
        return missing
    number = text_of(fields, "ald_numero")
    asked = protocole.Protocole(
        number=int(number) if number else None,
        nature=_choice(fields, "protocole_nature") or "admission",
        start=day_of(fields, "protocole_debut"),
        last_day=day_of(fields, "protocole_fin"),
        favourable=ticked(fields, "avis_favorable"),
        received_on=received_on,
    )
    return protocole.protocole(insured, asked, today, law)


def complementary(
    fields: Fields, insured: Insured, around: Around, received_on: date, today: date, law: Law
) -> Proposal:
    given_up = day_of(fields, "c2s_renoncement_date")
    if given_up is not None:
        return solidaire.renouncement(insured, given_up, today)
    if missing := _unsigned(fields, insured, "signature_assure", "signature du demandeur"):
        return missing
    counted = _counted(fields, received_on, law)
    asked = solidaire.Demande(
        received_on=received_on,
        kind=_choice(fields, "c2s_nature"),
        decided_on=day_of(fields, "c2s_decision_date"),
        elements_on=day_of(fields, "c2s_elements_date"),
        urgent=ticked(fields, "c2s_immediat"),
        renewal=ticked(fields, "c2s_renouvellement"),
        unpaid=ticked(fields, "c2s_impayes"),
        opens=counted.opens if counted else None,
        free=counted.free if counted else ZERO,
    )
    missing_members = [
        n for n in PLACES if (nir := text_of(fields, f"foyer{n}_nir")) and not around.by_nir(nir)
    ]
    found = solidaire.complementaire(insured, _household(insured, around), asked, today, law)
    if missing_members:
        told = "Membres du foyer sans dossier ici : leur caisse est à informer (R861-17)."
        return replace(found, notes=(*found.notes, told))
    return found


def _counted(fields: Fields, asked_on: date, law: Law) -> ressources.Ceilings | None:
    """What the resources open. Not counted: of who is deemed to fulfil 1° (RSA, L861-2), and where a child in
    alternate residence halves its part of the ceiling (R861-3)."""
    members, resources = text_of(fields, "c2s_foyer"), amount_of(fields, "c2s_ressources")
    apart = ticked(fields, "c2s_rsa") or ticked(fields, "c2s_residence_alternee")
    if resources is None or not members or not int(members) or apart:
        return None
    return ressources.ceilings(int(members), resources, asked_on, law)


def _household(insured: Insured, around: Around) -> Sequence[Insured]:
    people = {each.id: each for each in (*around.family, *around.named)}
    return [each for each in people.values() if each.id != insured.id]


def titre(fields: Fields, insured: Insured, today: date, law: Law) -> Proposal:
    start, last = day_of(fields, "titre_debut"), day_of(fields, "titre_fin")
    if start is None or last is None:
        return refusal(insured, because("rubrique_justificatif", "dates du titre de séjour"))
    return sejour.titre(insured, start, last, today, law, removal=ticked(fields, "titre_eloignement"))


def _unsigned(fields: Fields, insured: Insured, name: str, said: str) -> Proposal | None:
    return None if ticked(fields, name) else refusal(insured, because("rubrique_justificatif", said))


def _choice(fields: Fields, name: str) -> Any:
    """The word of a choice, which was checked where it was typed; None where it is blank."""
    return cast(Any, text_of(fields, name) or None)


def _lines(fields: Fields, name: str) -> tuple[str, ...]:
    return tuple(line for line in text_of(fields, name).split("\n") if line)
