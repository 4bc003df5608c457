"""The décompte of a cash benefit: daily indemnities, or a share of a capital décès, as a tagged PDF.

`indemnites()` and `capital()` choose the words, templates/especes.typ lays them out. What is masked in
the décompte of care is masked here.
"""

from collections.abc import Sequence
from typing import Any

from checks.especes import Payee
from checks.prestations import Record
from domain.french import counted, in_words, is_plural
from domain.money import ZERO, Money, in_french
from domain.nir import Nir
from domain.people import Insured
from liquidation.especes.types import CashLine
from outbound import retained as held
from outbound.decompte import born, name_of, ordered, sent, step
from outbound.pdf import make
from store.payments import Retenue

CAISSE = "Votre caisse primaire d'assurance maladie"
TITLES = {
    "maladie": "Vos indemnités journalières",
    "atmp": "Vos indemnités journalières d'accident du travail",
    "maternite": "Vos indemnités journalières de maternité",
    "paternite": "Vos indemnités journalières de paternité",
    "adoption": "Vos indemnités journalières d'adoption",
    "deuil": "Vos indemnités journalières de deuil",
    "capital_deces": "Versement d'un capital décès",
}
KINDS = {
    "indemnise": "indemnisés",
    "carence": "délai de carence",
    "retard": "indemnité réduite (avis tardif)",
    "droits": "droit non ouvert au-delà de six mois",
    "epuise": "nombre maximal atteint",
    "fin_ald": "années de l'affection écoulées",
    "employeur": "à la charge de l'employeur",
    "debut": "indemnisés, premier taux",
    "suite": "indemnisés, second taux",
    "ij_maternite": "repos indemnisé",
    "ij_paternite": "congé indemnisé",
    "ij_adoption": "congé indemnisé",
    "ij_deuil": "congé indemnisé",
}


def render(
    record: Record,
    insured: Insured,
    *,
    order_amount: Money,
    payee: Payee | None = None,
    iban: str | None = None,
    addressee: Insured | None = None,
    retained: Sequence[Retenue] = (),
    reference: str = "",
    caisse: str = CAISSE,
    caisse_address: tuple[str, ...] = (),
) -> bytes:
    """The PDF. The same arguments give the same bytes.

    `payee`: who is paid where it is not the insured: the employer, or the ayant droit whose share of a
    capital the letter tells him, and him alone. `iban`: of who is paid."""
    if record.nature == "capital_deces":
        assert payee is not None
        told = capital(record, insured, payee, order_amount, iban)
    else:
        told = indemnites(record, insured, payee, iban, addressee, retained)
    decision = record.decision
    common = {
        "caisse": caisse,
        "caisse_address": list(caisse_address),
        "decided_on": in_words(decision.decided_on),
        "reference": reference,
        "title": TITLES[record.nature],
        "steps": [step(each) for each in decision.trace],
        "law_version": decision.law_version,
        "code_version": decision.code_version,
    }
    return make("especes.typ", common | told, decision.decided_on)


def indemnites(
    record: Record,
    insured: Insured,
    payee: Payee | None = None,
    iban: str | None = None,
    addressee: Insured | None = None,
    retained: Sequence[Retenue] = (),
) -> dict[str, Any]:
    """Every word that only daily indemnities have, as plain JSON for the template."""
    decision, reader = record.decision, addressee or insured
    lines = decision.lines
    days = sum(line.days for line in lines)
    paid = sum(line.days for line in lines if line.gross)
    which = f"dont {paid} indemnisé{'s' if is_plural(paid) else ''}"
    said = f"Du {in_words(record.start)} au {in_words(record.end)} : {counted(days, 'jour')}, {which}."
    taken = ", ".join(
        f"{in_french(amount)} de {name}"
        for name, amount in (("CSG", _sum(lines, "csg")), ("CRDS", _sum(lines, "crds")))
        if amount
    )
    if decision.gross:
        said += f" Montant brut : {in_french(decision.gross)}"
        said += f" ; retenues : {taken}. Net : {in_french(decision.net)}." if taken else "."
    return {
        "reader": name_of(reader),
        "address": list(reader.address or insured.address),
        "headline": _headline(decision.net - held.total(retained), payee),
        "summary": said,
        "facts": [
            ["Assuré", f"{name_of(insured)}, {born(insured)} {in_words(insured.birth_date)}"],
            *([["Numéro de sécurité sociale", f"{Nir(insured.nir).masked()} (masqué)"]] if insured.nir else []),
            ["Jours demandés", f"du {in_words(record.start)} au {in_words(record.end)}"],
            ["Décision du", in_words(decision.decided_on)],
        ],
        "lines": [_line(line) for line in lines],
        "total": [in_french(each) for each in (decision.gross, _sum(lines, "csg"), _sum(lines, "crds"))]
        + [in_french(decision.net)],
        "kinds": _kinds(lines),
        "payments": " ".join(
            (
                _payment(decision.net - held.total(retained), payee, iban, in_words(decision.decided_on)),
                *held.sentences(retained),
            )
        ),
    }


def capital(record: Record, deceased: Insured, payee: Payee, amount: Money, iban: str | None) -> dict[str, Any]:
    """Every word that only a share of a capital has: it says nothing of the other shares' payees."""
    decision = record.decision
    part = ", en entier" if amount == decision.net else f" sur un capital de {in_french(decision.net)}"
    return {
        "reader": payee.name,
        "address": [],
        "headline": f"Nous vous versons {in_french(amount)}{part}.",
        "summary": f"Capital dû au décès de {name_of(deceased)}, le {in_words(record.start)}. "
        "Aucune contribution n'en est retenue.",
        "facts": [
            ["Assuré décédé", name_of(deceased)],
            ["Date du décès", in_words(record.start)],
            ["Demandeur", payee.name],
            ["Décision du", in_words(decision.decided_on)],
        ],
        "lines": [],
        "total": [],
        "kinds": [],
        "payments": _payment(amount, None, iban, in_words(decision.decided_on)),
    }


def _headline(net: Money, payee: Payee | None) -> str:
    if not net:
        return "Rien n'est à verser pour ces jours."
    if payee is not None:
        return f"Nous versons {in_french(net)} à votre employeur, qui a maintenu votre salaire."
    return f"Nous vous versons {in_french(net)}."


def _payment(amount: Money, payee: Payee | None, iban: str | None, day: str) -> str:
    if not amount:
        return "Aucun paiement n'est fait."
    if payee is not None:
        return (
            f"{sent(amount)} à {payee.name}, {ordered(amount)} le {day} : l'employeur qui maintient "
            "le salaire reçoit les indemnités à votre place (CSS R323-11)."
        )
    account = f"par virement sur le compte finissant par {iban[-4:]}" if iban else "par virement"
    said = f"{sent(amount, 'vous')} {account}, {ordered(amount)} le {day}."
    return said if iban else f"{said} Nous n'avons pas vos coordonnées bancaires : envoyez-nous un RIB."


def _line(line: CashLine) -> list[str]:
    return [
        f"{line.start:%d/%m/%Y}", f"{line.end:%d/%m/%Y}", str(line.days), KINDS.get(line.kind, line.kind),
        *(in_french(each) if each else "–" for each in (line.daily, line.gross, line.csg, line.crds)),
        in_french(line.net),
    ]  # fmt: skip


def _kinds(lines: tuple[CashLine, ...]) -> list[dict[str, str]]:
    """Why the days are of their kind, each kind once: the carence first of all."""
    found: dict[str, dict[str, str]] = {}
    for line in lines:
        days = sum(each.days for each in lines if each.kind == line.kind)
        found[line.kind] = {
            "what": f"{counted(days, 'jour')} : {KINDS.get(line.kind, line.kind)}",
            "why": line.sentence,
            "source": line.article,
        }
    return list(found.values())


def _sum(lines: tuple[CashLine, ...], name: str) -> Money:
    return sum((getattr(line, name) for line in lines), ZERO)
