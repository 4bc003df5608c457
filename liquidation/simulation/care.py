"""«Que serai-je remboursé ?»: care at a practitioner's, a pharmacy, a laboratory, by a transport."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from domain.claim import Ground
from domain.errors import Refused
from domain.money import ZERO, Money, to_the_cent
from law import Law, NotCovered
from law.codes import ccam, medicaments
from law.groups import GENERALISTES
from liquidation.produits import TRANSPORTS
from liquidation.professions import MEDECIN, profession_of
from liquidation.simulation import fields, limits
from liquidation.simulation.fields import AMOUNT, COUNT, DAY, FLAG, NUMBER, OBJECTS, TEXT, Field, Kind, one_of
from liquidation.simulation.person import PERSON, profile_of

PRACTITIONERS = {
    "generaliste": "01", "specialiste": "13", "cardiologue": "03", "dermatologue": "05", "gynecologue": "07",
    "ophtalmologue": "15", "orl": "11", "pediatre": "12", "psychiatre": "33", "neurologue": "32",
    "radiologue": "06", "rhumatologue": "14", "anesthesiste": "02", "chirurgien": "04", "dentiste": "19",
    "orthodontiste": "36", "sage_femme": "21", "infirmier": "24", "kinesitherapeute": "26", "pedicure": "27",
    "orthophoniste": "28", "orthoptiste": "29", "laboratoire": "30", "pharmacie": "50", "transporteur": "55",
    "fournisseur": "60", "opticien": "64", "audioprothesiste": "65",
}  # fmt: skip
"""Word -> table IR_SPE_V or IR_ACT_V."""
BY_LETTER = {
    "AMI": "24", "AIS": "24", "AMX": "24", "BSA": "24", "BSB": "24", "BSC": "24", "DI": "24", "AMK": "26",
    "AMS": "26", "AMC": "26", "AMP": "27", "AMO": "28", "AMY": "29", "B": "30", "SF": "21", "SP": "21",
    "CEG": "12", "CEH": "12", "CEK": "12", "CNP": "33", "CDE": "05", "CS": "13",
    **dict.fromkeys(TRANSPORTS, "55"),
}  # fmt: skip
"""Who bills a letter where the question names nobody."""
PATHS: Mapping[str, tuple[str, str | None]] = {
    "medecin_traitant": ("consulte", "T"),
    "adresse": ("autre", "O"),
    "acces_direct": ("autre", "D"),
    "remplacant": ("autre", "R"),
    "urgence": ("autre", "U"),
    "hors_residence": ("autre", "H"),
    "hors_parcours": ("autre", "S"),
    "sans_medecin_traitant": ("aucun", None),
}
"""Word -> (the médecin traitant of the profile, the box of the sheet)."""
SECTORS = {"1": "1", "2": "2", "3": "3", "non_conventionne": "0"}


def _practitioner(data: Any) -> str:
    written = fields.text_of(data).lower().replace("-", "_").replace(" ", "_")
    code = PRACTITIONERS.get(written, written.zfill(2))
    if profession_of(code) is None:
        raise ValueError("no such practitioner")
    return code


PRACTITIONER = Kind(
    "l'un de " + ", ".join(PRACTITIONERS) + ", ou une spécialité à deux chiffres", _practitioner
)
ACT = (
    Field("acte", TEXT, "lettre (G, CS, AMI...), code CCAM, CIP13 ou mode de transport ; majorations : CS+MCS"),
    Field("montant", AMOUNT, "ce qui a été payé ; à défaut, le tarif"),
    Field("date", DAY, "jour des soins ; à défaut, celui de la question, ou aujourd'hui"),
    Field("quantite", COUNT, "nombre d'actes, de boîtes ou de trajets ; 1"),
    Field("coefficient", NUMBER, "de la lettre, 4 pour AMI 4 ; 1"),
    Field("tarif", AMOUNT, "tarif de responsabilité de l'unité, pour un transport ou un produit (LPP)"),
    Field("kilometres", COUNT, "d'un trajet en véhicule personnel (VP), ou d'une visite"),
    Field("activite", TEXT, "d'un acte CCAM ; 1"),
    Field("modificateurs", TEXT, "d'un acte CCAM, par exemple ZM"),
    Field("association", TEXT, "code d'association d'un acte CCAM, de 1 à 5"),
    Field("urgence", FLAG, "transport d'urgence ; non"),
    Field("motif", one_of({each: each for each in get_args(Ground)}), "motif qui supprime la participation"),
)
FIELDS = (
    *ACT,
    Field("actes", OBJECTS, "plusieurs lignes : chacune porte les champs d'un acte ci-dessus"),
    Field("praticien", PRACTITIONER, "qui soigne ; à défaut d'après la lettre, sinon un généraliste"),
    Field("secteur", one_of(SECTORS), "conventionnement du praticien ; 1"),
    Field("optam", FLAG, "adhésion à l'OPTAM, pour les secteurs 2 et 3"),
    Field("parcours", one_of(PATHS), "comment le médecin est consulté ; médecin traitant, ou adressé par lui"),
    Field("tiers_payant", FLAG, "le praticien est payé par la caisse ; non"),
    Field("hospitalise", FLAG, "soins pendant un séjour à l'hôpital ; non"),
    Field(
        "rembourse_le", DAY, "jour du remboursement, pour les plafonds de l'année ; le dernier jour de soins"
    ),
    Field("participations_deja_retenues", COUNT, "participations forfaitaires déjà retenues dans l'année ; 0"),
    Field("franchises_deja_retenues", AMOUNT, "franchises déjà retenues dans l'année ; 0"),
    *PERSON,
)


def case(question: Mapping[str, Any], today: date, law: Law) -> tuple[dict[str, Any], list[str]]:
    """(the case as `liasse liquidate` takes it, what is supposed, in French). Raises Refused."""
    given = fields.read(question, FIELDS)
    day = given.get("date", today)
    rows = given.get("actes")
    if rows is None:
        rows = [{each.name: question[each.name] for each in ACT if each.name in question}]
    lines = [fields.read(row, ACT, f"actes[{n}].") for n, row in enumerate(rows, start=1)]
    specialty, supposed = _who(given, lines)
    sector = given.get("secteur", "1")
    acts = [_act(line, day, specialty, sector, law) for line in lines]
    path, said = _path(given, specialty)
    supposed += said
    treating, box = path
    profile, told = profile_of(given, treating, min(act["day"] for act in acts), law)
    supposed += told
    claim: dict[str, Any] = {
        "acts": [{**act, "day": act["day"].isoformat()} for act in acts],
        "practitioner_specialty": specialty,
        "practitioner_sector": sector,
        "practitioner_optam": given.get("optam"),
        "nature": "atmp" if given.get("accident_travail") else "maladie",
        "ald": given.get("ald", False),
        "parcours": box if profession_of(specialty) is MEDECIN else None,
        "paid_by_insured": not given.get("tiers_payant", False),
        "hospitalised": given.get("hospitalise", False),
    }
    paid_on = given.get("rembourse_le", max(act["day"] for act in acts))
    return {
        "claim": claim,
        "decided_on": paid_on.isoformat(),
        "profile": profile,
        "history": {"withheld": _taken(given, paid_on, law)},
    }, supposed


def _who(given: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> tuple[str, list[str]]:
    if "praticien" in given:
        return given["praticien"], []
    code = str(lines[0].get("acte", "G")).split("+")[0].upper()
    if code in medicaments():
        return "50", []
    return (BY_LETTER[code], []) if code in BY_LETTER else ("01", ["Soins d'un médecin généraliste."])


def _path(given: Mapping[str, Any], specialty: str) -> tuple[tuple[str, str | None], list[str]]:
    if "parcours" in given:
        return given["parcours"], []
    if profession_of(specialty) is not MEDECIN:
        return PATHS["medecin_traitant"], []
    if specialty in GENERALISTES:
        return PATHS["medecin_traitant"], ["Consulté comme médecin traitant."]
    return PATHS["adresse"], ["Consulté sur l'adresse du médecin traitant."]


def _act(line: Mapping[str, Any], day: date, specialty: str, sector: str, law: Law) -> dict[str, Any]:
    code, *others = str(line.get("acte", "G")).upper().replace(" ", "").split("+")
    on = line.get("date", day)
    act: dict[str, Any] = {
        "day": on,
        "code": code,
        "others": others,
        "quantity": line.get("quantite", 1),
        "coefficient": str(line.get("coefficient", 1)),
        "modifiers": line.get("modificateurs", ""),
        "association": line.get("association"),
        "activity": line.get("activite", "1" if code in ccam().acts else None),
        "kilometres": line.get("kilometres"),
        "tariff": str(line["tarif"]) if "tarif" in line else None,
        "urgent": line.get("urgence", False),
        "ground": line.get("motif"),
    }
    fee = line.get("montant")
    if fee is None:
        fee = _tariff(act, specialty, sector, law)
    if fee is None:
        raise Refused(fields.CODE, f"montant manque : le tarif de {_known(code, law)} n'est pas connu d'ici.")
    return {**act, "fee": str(fee)}


def _known(code: str, law: Law) -> str:
    """A code is repeated only where it is one."""
    return code if law.act_label(code) else "cet acte"


def _tariff(act: Mapping[str, Any], specialty: str, sector: str, law: Law) -> Money | None:
    """What is paid where nothing is told: the tariff, of what is not free; None: it has to be told."""
    code, on = act["code"], act["day"]
    times = Decimal(act["coefficient"]) * act["quantity"]
    try:
        if act["tariff"] is not None:
            return to_the_cent(Decimal(act["tariff"]) * act["quantity"])
        if code == "VP":
            each = law.value("transport.kilometre_personnel", on)
            return to_the_cent(each.number * (act["kilometres"] or 0)) * int(act["quantity"])
        if code in medicaments():
            found = law.medicament(code, on)
            assert found is not None
            return sum((to_the_cent(each.number * act["quantity"]) for each in found[:2]), ZERO)
        if sector != "1":
            return None
        if code in ccam().acts:
            return None if act["modifiers"] else law.ccam_price(code, act["activity"], "0", on, sector)
        value = law.tariff_of("tarif", code, on, specialty)
        more = sum((law.value(f"majoration.{each}", on).number for each in act["others"]), ZERO)
    except (NotCovered, KeyError):
        return None
    return None if value is None else to_the_cent(value.number * times) + to_the_cent(more)


def _taken(given: Mapping[str, Any], paid_on: date, law: Law) -> list[dict[str, Any]]:
    """What was retained in the year before, on another day of care and by somebody else."""
    before = {"reimbursed_on": date(paid_on.year, 1, 1).isoformat(), "care_day": "2000-01-01"}
    found = []
    if count := given.get("participations_deja_retenues"):
        one = str(law.value("participation_forfaitaire.montant", paid_on).number)
        each = {**before, "kind": "participation_forfaitaire", "amount": one, "professional": "avant"}
        found += [each] * min(count, limits.WITHHELD)
    if amount := given.get("franchises_deja_retenues"):
        found.append({**before, "kind": "franchise_medicament", "amount": str(amount), "professional": "avant"})
    return found
