"""A decision as an answer in French: the sum, its parts, why, what was supposed, what else it could be."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from domain.money import ZERO, in_french

Plain = Mapping[str, Any]


def answer_of(subject: str, decision: Plain, supposed: list[str]) -> dict[str, Any]:
    """The answer as plain JSON: `calcule` tells whether there is a sum, `motifs` why there is none."""
    answer: dict[str, Any] = {"sujet": subject, "calcule": not decision["not_computed"]}
    if decision["not_computed"]:
        kept = ("code", "message", "article")
        answer["motifs"] = [{name: each[name] for name in kept} for each in decision["not_computed"]]
    else:
        answer |= _sums(decision)
        answer["explication"] = list(dict.fromkeys(_steps(decision)))
    answer["suppose"] = supposed
    if others := decision.get("other_readings"):
        answer["autres_lectures"] = [dict(each) for each in others]
    answer["law_version"] = decision["law_version"]
    return answer


def _sums(decision: Plain) -> dict[str, Any]:
    if "shares" in decision:
        return _care(decision)
    if decision.get("benefit") in _NAMED:
        return _named(decision)
    if "rentes" in decision:
        return _rentes(decision)
    if "borne" in decision:
        return _stay(decision)
    if "monthly" in decision:
        return _pension(decision)
    return _days(decision)


def _care(decision: Plain) -> dict[str, Any]:
    lines = decision["lines"]
    spent = sum((Decimal(line["fee"]) for line in lines), ZERO)
    paid = Decimal(decision["total"])
    owing = sum((Decimal(each["outstanding"]) for each in decision["withheld"]), ZERO)
    told = {
        "depense": str(spent),
        "rembourse": str(paid),
        "reste_a_charge": str(spent - paid + owing),
        "lignes": [
            {
                "acte": line["code"],
                "date": line["day"],
                "depense": line["fee"],
                "base": line["base"],
                "taux": line["rate"],
                "part_obligatoire": line["gross"],
                "retenu": line["retained"],
                "part_complementaire": line["complementary"],
                "rembourse": line["paid"],
            }
            for line in lines
        ],
        "verse_a": {
            who: str(
                sum((Decimal(each["amount"]) for each in decision["shares"] if each["payee_kind"] == who), ZERO)
            )
            for who in dict.fromkeys(each["payee_kind"] for each in decision["shares"])
        },
    }
    return told | ({"recupere_plus_tard": str(owing)} if owing else {})


def _stay(decision: Plain) -> dict[str, Any]:
    borne, complementary = Decimal(decision["borne"]), Decimal(decision["complementary"])
    return {
        "depense": decision["tariff"],
        "rembourse": decision["paid"],
        "reste_a_charge": str(borne - complementary),
        "participation": decision["participation"],
        "forfait": decision["forfait"],
        "part_complementaire": decision["complementary"],
    }


_NAMED = {
    "c2s": {"free": "plafond", "paying": "plafond_avec_participation", "opens": "ouvre"},
    "penalite": {"least": "au_moins", "most": "au_plus"},
    "indu": {
        "asked": "reclame", "costs": "dont_frais_de_fraude", "prescribed": "prescrit", "dropped": "abandonne",
        "rectification_until": "rectification_jusqu_au", "retained_from": "retenue_a_partir_du",
        "schedule_until": "echeancier_jusqu_au", "appeal_until": "recours_jusqu_au",
    },
}  # fmt: skip
"""What each of the cases that are neither care nor a benefit tells, in French."""


def _named(decision: Plain) -> dict[str, Any]:
    names = _NAMED[decision["benefit"]]
    return {french: decision[name] for name, french in names.items() if decision[name] is not None}


def _rentes(decision: Plain) -> dict[str, Any]:
    names = {
        "id": "qui",
        "share": "part",
        "yearly": "par_an",
        "quarterly": "par_trimestre",
        "sentence": "pourquoi",
    }
    return {
        "par_an": decision["yearly"],
        "salaire": decision["salary"],
        "lignes": [{french: each[name] for name, french in names.items()} for each in decision["rentes"]],
    }


def _pension(decision: Plain) -> dict[str, Any]:
    names = {"yearly": "par_an", "monthly": "par_mois", "added": "dont_tierce_personne", "capital": "capital"}
    return {french: decision[name] for name, french in names.items() if Decimal(decision[name])}


def _days(decision: Plain) -> dict[str, Any]:
    return {
        "brut": decision["gross"],
        "net": decision["net"],
        "lignes": [
            {
                "du": line["start"],
                "au": line["end"],
                "nature": line["kind"],
                "par_jour": line["daily"],
                "brut": line["gross"],
                "csg": line["csg"],
                "crds": line["crds"],
                "net": line["net"],
                "pourquoi": f"{line['sentence']} ({line['article']})",
            }
            for line in decision["lines"]
        ],
        "verse_a": [{"qui": each["payee_kind"], "montant": each["amount"]} for each in decision["payments"]],
    }


def _steps(decision: Plain) -> Iterator[str]:
    """Every step of the traces, the lines' before the whole's."""
    for line in decision.get("lines", ()):
        for step in line.get("trace", ()):
            yield _said(step)
    for step in decision["trace"]:
        yield _said(step)


def _said(step: Plain) -> str:
    said = f"{step['sentence']} ({step['article']})"
    if step["amount"] is not None:
        said = f"{said} : {in_french(Decimal(step['amount']))}"
    doubt = [] if step["certainty"] in (None, "lu") else [f"source : {step['certainty']}"]
    doubt += ["lecture contestée"] if step["contested"] else []
    return f"{said} [{', '.join(doubt)}]" if doubt else said
