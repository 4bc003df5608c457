"""A plain case to vary: an adult of the régime général at his médecin traitant, who paid 30,00 €."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from domain.claim import Act, Claim, Decision, History, Rights, Withheld
from domain.people import Affiliation, Insured, MedecinTraitant
from domain.period import Period
from law import Law, load
from liquidation import liquidate
from rights import open_rights

TODAY = date(2026, 11, 22)
CARE = date(2026, 11, 2)
DOCTOR = "10001234565"
OTHER_DOCTOR = "10009876543"


def euro(text: str) -> Decimal:
    return Decimal(text)


def an_insured(**changes: Any) -> Insured:
    return Insured(
        **{
            "id": "assure-1",
            "nir": "1800175116001",
            "birth_name": "Dupont",
            "first_names": "Jean",
            "birth_date": date(1980, 1, 15),
            "affiliations": (Affiliation(Period(date(2010, 1, 1)), "017510000"),),
            "medecins_traitants": (MedecinTraitant(Period(date(2020, 1, 1)), DOCTOR),),
            **changes,
        }
    )


def an_act(line: int = 1, **changes: Any) -> Act:
    return Act(**{"line": line, "day": CARE, "code": "G", "fee": euro("30.00"), **changes})


def a_claim(*acts: Act, **changes: Any) -> Claim:
    acts = acts or (an_act(),)
    return Claim(
        **{
            "id": "document-1",
            "insured_id": "assure-1",
            "practitioner_rpps": DOCTOR,
            "practitioner_specialty": "01",
            "practitioner_sector": "1",
            "acts": acts,
            "total": sum((act.fee for act in acts), Decimal("0.00")),
            "form_date": max(act.day for act in acts),
            "received_on": TODAY,
            **changes,
        }
    )


def rights_of(claim: Claim, insured: Insured) -> dict[date, Rights]:
    return {act.day: open_rights(insured, act.day, load()) for act in claim.acts}


def decide(
    claim: Claim | None = None,
    insured: Insured | None = None,
    history: History | None = None,
    decided_on: date = TODAY,
    law: Law | None = None,
) -> Decision:
    claim = claim or a_claim()
    rights = rights_of(claim, insured or an_insured())
    return liquidate(claim, rights, history or History(), decided_on, law or load())


def with_choice(name: str, text: str) -> Law:
    """The law, but for one `choix` that reads otherwise: both readings of a contested text."""
    law = load()
    parameter = law.parameters[name]
    assert text in parameter.choices
    other = replace(parameter, steps=tuple(replace(step, text=text) for step in parameter.steps))
    return replace(law, parameters={**law.parameters, name: other})


def withheld(count: int, **changes: Any) -> tuple[Withheld, ...]:
    """Participations already taken this year, each on another day with another professional."""
    return tuple(
        Withheld(
            **{
                "kind": "participation_forfaitaire",
                "amount": euro("2.00"),
                "reimbursed_on": date(2026, 2, 1),
                "care_day": date(2026, 1, 1) + timedelta(days=place),
                "professional": OTHER_DOCTOR,
                **changes,
            }
        )
        for place in range(count)
    )
