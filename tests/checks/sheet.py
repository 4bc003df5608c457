"""A sheet with nothing to say about it, to be spoiled one thing at a time."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from checks import Case, interpret
from domain.claim import Rights
from domain.identifiers import luhn_key
from domain.nir import key_of
from domain.people import Affiliation, Insured, MedecinTraitant, Practitioner
from domain.period import Period
from domain.reading import FieldReading, Value
from dossiers import Identification, Match
from law import load

LAW = load()
RPPS = "1010012345" + luhn_key("1010012345")
CARE, FORM, RECEIVED, TODAY = date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 10), date(2026, 3, 12)
LONG_AGO = Period(date(2000, 1, 1))

INSURED = Insured(
    id="assuree",
    nir="2850175116001",
    birth_name="MARTIN",
    first_names="Claire Anne",
    birth_date=date(1985, 1, 12),
    use_name="DURAND",
    affiliations=(Affiliation(LONG_AGO, "017510000"),),
    medecins_traitants=(MedecinTraitant(LONG_AGO, RPPS),),
)
PRACTITIONER = Practitioner(
    rpps=RPPS,
    am_number="751012345",
    last_name="LEROY",
    first_name="Hélène",
    active=Period(date(2010, 1, 1)),
)
VALUES: dict[str, Value] = {
    "date_facture": FORM.isoformat(),
    "beneficiaire_nom_prenom": "MARTIN DURAND Claire",
    "beneficiaire_nir": INSURED.nir,
    "beneficiaire_nir_cle": key_of("2850175116001"),
    "organisme_rattachement": "017510000",
    "beneficiaire_date_naissance": "1985-01-12",
    "assure_nom_prenom": None,
    "assure_nir": None,
    "assure_nir_cle": None,
    "medecin_tampon": "Dr Hélène LEROY\nMédecine générale\n12 rue de la Paix\n75002 PARIS",
    "medecin_rpps": RPPS,
    "medecin_am": "751012345",
    "maladie": True,
    "ald": False,
    "maternite": False,
    "at_mp": False,
    "accident_tiers_oui": False,
    "accident_tiers_non": True,
    "urgence": False,
    "acte1_date": CARE.isoformat(),
    "acte1_c_v": "G",
    "acte1_honoraires": "30.00",
    "montant_total": "30.00",
    "non_paye_part_obligatoire": False,
    "signature_medecin": True,
    "signature_assure": True,
    "impossibilite_signer": False,
}


def reading(value: Value, status: str | None = None) -> FieldReading:
    """A field read for sure, unless `status` says otherwise."""
    said = status or ("empty" if value is None else "accepted")
    return FieldReading(value=value, status=said, probability=0.9995 if said != "review" else 0.7)


def fields_with(review: tuple[str, ...] = (), **changes: Value) -> dict[str, FieldReading]:
    values = {**VALUES, **changes}
    return {name: reading(value, "review" if name in review else None) for name, value in values.items()}


def rights_on(day: date, **changes: Any) -> Rights:
    usual = Rights(
        day=day,
        is_open=True,
        organisme="017510000",
        is_minor_for_participation=False,
        is_minor=False,
        age=41,
        medecin_traitant=RPPS,
    )
    return replace(usual, **changes)


def case_with(
    review: tuple[str, ...] = (),
    rights: Mapping[str, Any] | None = None,
    case: Mapping[str, Any] | None = None,
    **changes: Value,
) -> Case:
    """The good sheet, changed: `changes` are values of fields, `rights` of each day's rights, `case`
    of anything else of the Case."""
    others = dict(case or {})
    fields = fields_with(review, **changes)
    insured = others.get("insured", INSURED)
    practitioner = others.get("practitioner", PRACTITIONER)
    known = Identification((Match(insured, 0.9999, ()),), 0.0001) if insured else Identification()
    built = Case(
        fields=fields,
        law=LAW,
        received_on=others.pop("received_on", RECEIVED),
        today=others.pop("today", TODAY),
        identification=others.pop("identification", known),
        insured=insured,
        practitioner=practitioner,
    )
    days = {day for _, day in built.days_of_care()}
    claim = interpret(fields, insured, practitioner, "document", built.received_on)
    built = replace(
        built,
        claim=claim,
        rights_by_day={day: rights_on(day, **(rights or {})) for day in days},
    )
    return replace(built, **others)
