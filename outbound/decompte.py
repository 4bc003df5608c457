"""The décompte: one decision, told to the insured in plain French, as a tagged PDF (PDF/UA-1).

`content()` chooses the words, templates/decompte.typ lays them out. The number of the insured is
masked but for its first digit and last two characters; the account but for its last four.
"""

from collections.abc import Sequence
from typing import Any

from domain.claim import Claim, Decision, DecisionLine, TraceLine
from domain.french import in_words, is_plural, percent, sum_is
from domain.money import ZERO, Money, in_french
from domain.nir import Nir
from domain.people import Insured, Practitioner
from law import load
from liquidation.corrections import overpaid as overpaid_of
from outbound import retained as held
from outbound.pdf import make
from outbound.professionals import Words, named, words_of
from store.payments import Retenue

HEAVY = "participation_acte_lourd"
RETAINED = {
    "participation_forfaitaire": "la participation forfaitaire",
    "majoration_hors_parcours": "la majoration hors du parcours de soins",
    HEAVY: "la participation forfaitaire aux actes lourds",
    "franchise_medicament": "la franchise sur les médicaments",
    "franchise_auxiliaire": "la franchise sur les actes d'auxiliaires médicaux",
    "franchise_transport": "la franchise sur les transports",
}
"""What may be kept of a line -> what it is. What is not here is still told, by its own name."""

CERTAINTY = {
    "secondaire": "valeur prise d'une source secondaire",
    "memoire": "valeur à confirmer",
    "calcule": "valeur calculée",
}


def render(
    decision: Decision,
    insured: Insured,
    practitioner: Practitioner,
    claim: Claim,
    *,
    reference: str | None = None,
    caisse: str = "Votre caisse primaire d'assurance maladie",
    caisse_address: tuple[str, ...] = (),
    payee_iban: str | None = None,
    addressee: Insured | None = None,
    retained: Sequence[Retenue] = (),
    corrects: Decision | None = None,
) -> bytes:
    """The PDF of a décompte. The same arguments give the same bytes.

    `reference`: number of the document, shown to be quoted. `payee_iban`: account of the insured who
    is paid, where it is not the person cared for. `addressee`: who reads the letter and is paid, the
    assuré of a child; by default the person cared for. `retained`: what is held back of what he is paid.
    `corrects`: what was decided before, where this corrects it: `decision` holds the differences. Raises
    ValueError where the decision was not computed: there is nothing to tell yet."""
    data = content(
        decision, insured, practitioner, claim,
        reference=reference, caisse=caisse, caisse_address=caisse_address, payee_iban=payee_iban,
        addressee=addressee, retained=retained, corrects=corrects,
    )  # fmt: skip
    return make("decompte.typ", data, decision.decided_on)


def content(
    decision: Decision,
    insured: Insured,
    practitioner: Practitioner,
    claim: Claim,
    *,
    reference: str | None = None,
    caisse: str = "Votre caisse primaire d'assurance maladie",
    caisse_address: tuple[str, ...] = (),
    payee_iban: str | None = None,
    addressee: Insured | None = None,
    retained: Sequence[Retenue] = (),
    corrects: Decision | None = None,
) -> dict[str, Any]:
    """Every word of the décompte, as plain JSON for the template."""
    reader = addressee or insured
    if decision.not_computed:
        raise ValueError("a claim that was not computed has no décompte")
    fees = sum((line.fee for line in decision.lines), ZERO)
    to_insured = sum((s.amount for s in decision.shares if s.payee_kind == "assure"), ZERO)
    to_practitioner = decision.total - to_insured
    paid = sum((line.paid for line in decision.lines), ZERO)  # of a correction, what stands in the end
    words = words_of(claim.practitioner_specialty)
    headline = (
        _headline(to_insured - held.total(retained), to_practitioner, words)
        if corrects is None
        else _corrected(paid, decision.total)
    )
    return {
        "title": "Votre décompte de remboursement" if corrects is None else "Votre décompte rectificatif",
        "corrected": _correction(corrects, decision) if corrects else "",
        "caisse": caisse,
        "caisse_address": list(caisse_address),
        "decided_on": in_words(decision.decided_on),
        "reference": reference or "",
        "name": name_of(insured),
        "reader": name_of(reader),
        "address": list(reader.address or insured.address),
        "nir": Nir(insured.nir).masked() if insured.nir else "",
        "born": born(insured),
        "birth_date": in_words(insured.birth_date),
        "profession": words.label,
        "practitioner": named(practitioner, claim.practitioner_specialty),
        "rpps": practitioner.rpps,
        "total": in_french(paid),
        "headline": headline,
        "fees": in_french(fees),
        "remains": in_french(fees - paid),
        "rest": _rest(decision),
        "lines": [_line(line) for line in decision.lines],
        "payments": [
            *_payments(decision, to_insured, to_practitioner, payee_iban or reader.iban, words, retained),
            *held.sentences(retained),
        ],
        "outstanding": _outstanding(decision),
        "whole": [step(each) for each in decision.trace[1:]],
        "law_version": decision.law_version,
        "code_version": decision.code_version,
    }


def name_of(person: Insured) -> str:
    return f"{person.first_names.split()[0]} {person.use_name or person.birth_name}"


def born(person: Insured) -> str:
    """`né le` or `née le`, by the number: 1 and 7 for men, 2 and 8 for women."""
    return {"1": "né", "7": "né", "2": "née", "8": "née"}.get((person.nir or "")[:1], "né(e)") + " le"


def _headline(to_insured: Money, to_practitioner: Money, words: Words) -> str:
    if to_insured > ZERO and to_practitioner:
        return (
            f"Nous vous versons {in_french(to_insured)} et nous payons "
            f"{in_french(to_practitioner)} directement {words.to}."
        )
    if to_insured > ZERO:
        return f"Nous vous versons {in_french(to_insured)}."
    if to_practitioner:
        return f"Nous payons {in_french(to_practitioner)} directement {words.to}."
    return "Rien n'est à verser pour ces soins."


def _corrected(paid: Money, difference: Money) -> str:
    if difference > ZERO:
        return f"Nous payons {in_french(paid)} en tout, soit {in_french(difference)} de plus que d'abord."
    if difference < ZERO:
        return f"Nous prenons en charge {in_french(paid)}, soit {in_french(-difference)} de moins que d'abord."
    return f"Nous prenons en charge {in_french(paid)} : le total ne change pas."


def _correction(before: Decision, decision: Decision) -> str:
    told = (
        f"Ce décompte remplace celui du {in_words(before.decided_on)}, qui portait {in_french(before.total)} "
        "(CSS L133-4-1)."
    )
    if overpaid_of(decision):
        told += " Ce qui a été versé de trop fait l'objet d'une lettre à part : délais, recours."
    return told


def _rest(decision: Decision) -> list[dict[str, str]]:
    """What is not paid, split: each part with what it is and who may still pay it."""
    parts: dict[str, Money] = {"ticket": ZERO, "depassement": ZERO}
    for line in decision.lines:
        parts["depassement"] += line.fee - line.base
        for name, amount in line.retained.items():
            parts[name] = parts.get(name, ZERO) + amount
        # the complémentaire santé solidaire pays the participation, be it a rate or one sum (R160-16 I)
        part = HEAVY if HEAVY in line.retained else "ticket"
        parts["ticket"] += line.base - line.gross
        parts[part] -= line.complementary
    words = {
        "ticket": "de ticket modérateur : une complémentaire santé peut le rembourser",
        "depassement": "de dépassement d'honoraires : une complémentaire santé peut en rembourser",
        "participation_forfaitaire": "de participation forfaitaire : personne ne la rembourse",
        "majoration_hors_parcours": "de majoration hors du parcours de soins : les contrats "
        "responsables ne la remboursent pas",
        HEAVY: "de participation forfaitaire aux actes lourds : une complémentaire santé peut la rembourser",
        "franchise_medicament": "de franchise sur les médicaments : personne ne la rembourse",
        "franchise_auxiliaire": "de franchise sur les actes d'auxiliaires médicaux : personne ne la rembourse",
        "franchise_transport": "de franchise sur les transports : personne ne la rembourse",
    }
    return [
        {"amount": in_french(parts[key]), "what": words.get(key, f"retenus ({key})")}
        for key in (*words, *sorted(set(parts) - set(words)))
        if parts.get(key)
    ]


def _line(line: DecisionLine) -> dict[str, Any]:
    label = load().act_label(line.code) or line.code
    return {
        "day": f"{line.day:%d/%m/%Y}",
        "code": line.code,
        "label": label,
        "fee": in_french(line.fee),
        "base": in_french(line.base),
        "rate": percent(line.rate / 100),
        "gross": in_french(line.gross),
        "complementary": in_french(line.complementary) if line.complementary else "",
        "retained": in_french(sum(line.retained.values(), ZERO)) if line.retained else "–",
        "paid": in_french(line.paid),
        "title": f"Acte {line.line} : {label.lower()} du {in_words(line.day)}",
        "sum": _sum(line),
        "steps": [step(each) for each in line.trace],
    }


def _sum(line: DecisionLine) -> str:
    """The whole calculation in one sentence."""
    text = f"{in_french(line.base)} × {percent(line.rate / 100)} = {in_french(line.gross)}"
    for name, amount in sorted(line.retained.items()):
        text += f" ; moins {in_french(amount)} pour {RETAINED.get(name, name)}"
    if line.complementary:
        text += f" ; plus {in_french(line.complementary)} de complémentaire santé solidaire"
    return f"{text} ; versé : {in_french(line.paid)}."


def _is_choice(parameter: str) -> bool:
    """Whether its value is the name of a reading, which no letter prints."""
    known = load().parameters.get(parameter)
    return known is not None and known.unit == "choix"


def step(step: TraceLine) -> dict[str, Any]:
    """One step of a calculation, in words, with its source and how sure it is."""
    source = step.article
    if step.parameter and step.value and step.since:
        shown = "lecture retenue" if _is_choice(step.parameter) else step.value
        source += f" ; {shown} depuis le {step.since:%d/%m/%Y}"
    if step.certainty in CERTAINTY:
        source += f" ; {CERTAINTY[step.certainty]}"
    return {
        "sentence": step.sentence,
        "amount": in_french(step.amount) if step.amount is not None else "",
        "source": source,
        "contested": step.contested,
    }


def _payments(
    decision: Decision,
    to_insured: Money,
    to_practitioner: Money,
    iban: str | None,
    words: Words,
    retained: Sequence[Retenue],
) -> list[str]:
    day = in_words(decision.decided_on)
    said = []
    net = to_insured - held.total(retained)
    if net > ZERO:
        account = f"par virement sur le compte finissant par {iban[-4:]}" if iban else "par virement"
        said.append(f"{sent(net, 'vous')} {account}, {ordered(net)} le {day}.")
    if retained:
        said.append(f"{sum_is(to_insured, 'vous revenait', 'vous revenaient')} pour ces soins.")
    if net > ZERO and not iban:
        said.append("Nous n'avons pas vos coordonnées bancaires : envoyez-nous un RIB.")
    if to_practitioner > ZERO:
        said.append(f"{sent(to_practitioner)} {words.to}, {ordered(to_practitioner)} le {day}.")
    return said or ["Aucun paiement n'est fait."]


def sent(amount: Money, whom: str = "") -> str:
    """`12,00 € vous sont versés`."""
    to = f"{whom} " if whom else ""
    return sum_is(amount, f"{to}est versé", f"{to}sont versés")


def ordered(amount: Money) -> str:
    return "ordonnés" if is_plural(amount) else "ordonné"


def _outstanding(decision: Decision) -> str:
    amount = sum((each.outstanding for each in decision.withheld), ZERO)
    if not amount:
        return ""
    franchise = any(each.kind.startswith("franchise_") for each in decision.withheld if each.outstanding)
    forfait = any(not each.kind.startswith("franchise_") for each in decision.withheld if each.outstanding)
    what = " et de ".join(["participation forfaitaire"] * forfait + ["franchise"] * franchise)
    article = " et ".join(["II"] * forfait + ["III"] * franchise)
    many = (
        "n'ont pas pu être retenus cette fois : ils le seront"
        if is_plural(amount)
        else "n'a pas pu être retenu cette fois : il le sera"
    )
    return f"{in_french(amount)} de {what} {many} sur un prochain remboursement (CSS L160-13 {article})."
