"""From the fields of a form to what is asked to be paid."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from checks import parents
from checks.case import LINES, amount_of, day_of, filled, line_in_use, text_of, ticked
from domain.claim import Act, Claim, Nature, Parcours
from domain.money import ZERO, Money
from domain.people import Insured, Practitioner
from domain.period import on_day
from domain.reading import FieldReading

Fields = Mapping[str, FieldReading]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why the sheet cannot be a claim yet. `what`: a French clause; `field`: where."""

    what: str
    field: str | None = None


PARCOURS: tuple[tuple[str, Parcours], ...] = (
    ("nouveau_medecin_traitant", "N"),
    ("envoye_par_medecin", "O"),
    ("acces_direct_specifique", "D"),
    ("urgence", "U"),
    ("hors_residence", "H"),
    ("mt_remplace", "R"),
    ("hors_coordination", "S"),
)
"""Field -> code of table IR_QPE_V, in the form's order."""

TRAVEL = re.compile(r"[A-Z]{2,3}")
_LETTERS = re.compile(r"([A-Z]{1,5})\s*(\d+(?:[.,]\d+)?)?")


def interpret(
    fields: Fields,
    insured: Insured | None,
    practitioner: Practitioner | None,
    document_id: str,
    received_on: date,
) -> Claim | None:
    """The claim that the sheet makes, or None: `obstacles` then says why."""
    total, form_date = total_of(fields), day_of(fields, "date_facture")
    acts = tuple(act for line in LINES if (act := act_of(fields, line)) is not None)
    if obstacles(fields, insured, practitioner):
        return None
    if insured is None or practitioner is None or total is None or form_date is None:
        return None  # never: the obstacles tell; this is for the reader and the type checker
    return Claim(
        id=document_id,
        insured_id=insured.id,
        practitioner_rpps=practitioner.rpps,
        practitioner_specialty=practitioner.specialty,
        practitioner_sector=practitioner.sector,
        practitioner_optam=practitioner.optam,
        acts=acts,
        total=total,
        form_date=form_date,
        received_on=received_on,
        nature=nature_of(fields),
        ald=ticked(fields, "ald"),
        other_exemption=ticked(fields, "exo_autre"),
        accident_by_third_party=ticked(fields, "accident_tiers_oui"),
        accident_date=day_of(fields, "accident_tiers_date"),
        parcours=parcours_of(fields, insured, practitioner, acts[0].day),
        oriented_by=text_of(fields, "envoye_par_medecin") or None,
        paid_by_insured=not ticked(fields, "non_paye_part_obligatoire"),
        complementary_paid_by_insured=not ticked(fields, "non_paye_part_complementaire"),
        at_number=text_of(fields, "at_mp_numero") or None,
        at_date=day_of(fields, "at_mp_date"),
        maternity_date=day_of(fields, "maternite_date"),
        holder_nir=parents.asking(fields, insured),
    )


def obstacles(
    fields: Fields, insured: Insured | None, practitioner: Practitioner | None
) -> tuple[Obstacle, ...]:
    """All the reasons why the sheet is not a claim yet; none where it is."""
    found: list[Obstacle] = []
    if insured is None:
        found.append(Obstacle("le bénéficiaire n'est pas reconnu", "beneficiaire_nir"))
    if practitioner is None:
        found.append(Obstacle("le praticien n'est pas reconnu", "medecin_tampon"))
    used = [line for line in LINES if line_in_use(fields, line)]
    if not used:
        found.append(Obstacle("aucun acte n'est porté", "acte1_date"))
    for line in used:
        for part, said, known in (
            ("date", "la date de l'acte manque", day_of(fields, f"acte{line}_date") is not None),
            ("c_v", "le code de l'acte manque", bool(code_of(fields, line)[0])),
            (
                "honoraires",
                "le montant des honoraires manque",
                amount_of(fields, f"acte{line}_honoraires") is not None,
            ),
        ):
            if not known:
                found.append(Obstacle(f"{said} à la ligne {line}", f"acte{line}_{part}"))
    if insured is not None and parents.to_be_named(fields, insured):
        found.append(Obstacle("lequel des deux parents demande n'est pas dit", parents.FIELD))
    if total_of(fields) is None:
        found.append(Obstacle("le montant total manque", "montant_total"))
    if day_of(fields, "date_facture") is None:
        found.append(Obstacle("la date de la feuille manque", "date_facture"))
    return tuple(found)


def code_of(fields: Fields, line: int) -> tuple[str, Decimal, tuple[str, ...]]:
    """(code, coefficient, other letters) of a line: the C/V column, or the CCAM comb, or the first
    of the other acts."""
    others = [
        text_of(fields, f"acte{line}_autres_actes_{place}").upper()
        for place in (1, 2)
        if filled(fields, f"acte{line}_autres_actes_{place}")
    ]
    for part in ("c_v", "code"):
        if code := text_of(fields, f"acte{line}_{part}").upper().replace(" ", ""):
            return code, Decimal(1), tuple(others)
    if others and (found := _LETTERS.fullmatch(others[0])):
        coefficient = Decimal((found[2] or "1").replace(",", "."))
        return found[1], coefficient, tuple(others[1:])
    return "", Decimal(1), tuple(others)


def act_of(fields: Fields, line: int) -> Act | None:
    """The act of a line, or None where its day, code or fee is missing."""
    day, fee = day_of(fields, f"acte{line}_date"), amount_of(fields, f"acte{line}_honoraires")
    code, coefficient, others = code_of(fields, line)
    if day is None or fee is None or not code:
        return None
    travel_code, travel_fee = travel_of(fields, line)
    return Act(
        line=line,
        day=day,
        code=code,
        fee=fee,
        coefficient=coefficient,
        activity=text_of(fields, f"acte{line}_activite") or None,
        others=others,
        depassement=text_of(fields, f"acte{line}_depassement").upper() or None,
        travel_code=travel_code,
        travel_fee=travel_fee,
        kilometres=kilometres_of(fields, line),
    )


def kilometres_of(fields: Fields, line: int) -> int | None:
    """The number of kilometres that a line counts, or None where none is written or it is no number."""
    text = text_of(fields, f"acte{line}_ik_nombre")
    return int(text) if text.isdecimal() else None


def travel_of(fields: Fields, line: int) -> tuple[str | None, Money | None]:
    """(letters, amount) of the frais de déplacement of a line: the I.D./M.D. cell holds letters or
    an amount; the kilometric indemnity adds its own."""
    cell = text_of(fields, f"acte{line}_deplacement_id_md").upper()
    letters = found[0] if (found := TRAVEL.search(cell)) else None
    fixed = amount_of(fields, f"acte{line}_deplacement_id_md")
    kilometres = amount_of(fields, f"acte{line}_ik_montant")
    if letters is None and fixed is None and kilometres is None:
        return None, None
    amounts = [amount for amount in (fixed, kilometres) if amount is not None]
    return letters or ("IK" if kilometres is not None else "ID"), sum(amounts, ZERO) if amounts else None


def nature_of(fields: Fields) -> Nature:
    """Maladie, unless another box is ticked."""
    if ticked(fields, "at_mp"):
        return "atmp"
    if ticked(fields, "maternite"):
        return "maternite"
    if ticked(fields, "soins_L115"):
        return "l115"
    return "prevention" if ticked(fields, "prevention") else "maladie"


def parcours_boxes(fields: Fields) -> tuple[str, ...]:
    """The fields of the parcours de soins that are filled."""
    return tuple(name for name, _ in PARCOURS if filled(fields, name))


def parcours_of(fields: Fields, insured: Insured, practitioner: Practitioner, day: date) -> Parcours | None:
    """The code of the first box filled; T where none is and the practitioner is the médecin traitant."""
    for name, code in PARCOURS:
        if filled(fields, name):
            return code
    declared = on_day(insured.medecins_traitants, day)
    return "T" if declared is not None and declared.rpps == practitioner.rpps else None


def total_of(fields: Fields) -> Money | None:
    return amount_of(fields, "montant_total")
