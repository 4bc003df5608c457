"""What a person reads is French: over many traces, refusals and letters, a defect is found by its shape."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
import yaml

from checks.rules import RULES
from domain.french import counted, in_words, lowered, of, percent, spelled, sum_is
from domain.plain import from_plain, to_plain
from law import load
from law.values import Gap, NotCovered, Value
from liquidation import hopital, liquidate, reasons
from liquidation.especes.case import KINDS
from liquidation.simulation import SUBJECTS, simulate
from outbound import contrainte, decompte, indu, refus
from rights import open_rights, propositions
from tests.liquidation.cases import euro
from tests.oracle import care_cases, cash_cases, death_cases, goods_cases, pension_cases, stay_cases
from tests.oracle.tables import nearest
from tests.outbound.test_letters import OWED, REFUSED, WHO, constrained

LAW = load()
N = 120
TOLD = ("sentence", "message", "pourquoi", "explication", "why", "what", "how", "detail")

NOUNS = "jour|semaine|heure|an|année|boîte|acte|trajet|personne|enfant|orphelin|ascendant|kilomètre|euro|point"
DEFECTS = {
    "a plural after one": rf"(?<![\d,\u202f])[01](,\d+)?\s({NOUNS})s\b",
    "a singular after two": rf"(?<![\d,\u202f/-])([2-9]|\d\d+)\s({NOUNS})\b(?!-)",
    "a plural of less than two euros": r"(?<![\d,\u202f])[01],\d\d\s€ (vous )?(sont|seront|restent|n'ont)\b",
    "a singular of two euros": r"(?<![\d\u202f])(\d{2,}|[2-9]),\d\d\s€ (vous )?(est|sera|reste|n'a)\b",
    "a choice of endings": r"\((s|e|es|x)\)",
    "no elision": r"\b([Dd]e|[Ll]e|[Ll]a|[Qq]ue|[Nn]e|[Ss]e) [aeiouyéèêàâAEIOUYÉÈ](?!nz|rs[A-Z])",
    "à le": r"(?i)\b(à le|à les|de les)\b",
    "de un": r"\bde 1\s[a-z]",
    "a name of the code": r"\b[a-zé]+_[a-z_]+\b|\b[a-z]+\.(?!fr)[a-z]+\b",
    "a word of Python": r"\b(None|True|False|NaN|Decimal)\b|\{|\}",
    "a date of machines": r"\d{4}-\d\d-\d\d",
    "an English number": r"\d\.\d",
    "a sum that breaks": r"\d [€]",
    "two stops": r"\.\.|\s\.|,\.|: :|\(\)",
}


def defects(said: str) -> list[str]:
    found = [name for name, shape in DEFECTS.items() if re.search(shape, said)]
    return [*found, "no capital"] if re.match(r"[a-zéèà]", said) else found


@pytest.mark.parametrize(("said", "defect"), [
    ("Forfait journalier : 1 jours.", "a plural after one"),
    ("Rechute : 5\u00a0jour déjà indemnisés.", "a singular after two"),
    ("1,00\u00a0€ seront récupérés.", "a plural of less than two euros"),
    ("12,00\u00a0€ est versé.", "a singular of two euros"),
    ("2 orphelin(s).", "a choice of endings"),
    ("Le tarif de APC.", "no elision"),
    ("Versé à le praticien.", "à le"),
    ("Un délai de 1 mois.", "de un"),
    ("ij_maladie.prescription : absent.", "a name of the code"),
    ("Le 2026-01-01.", "a date of machines"),
    ("0.5 de plus.", "an English number"),
    ("Il reste 8,40 €.", "a sum that breaks"),
    ("Sans montant..", "two stops"),
    ("le droit", "no capital"),
])  # fmt: skip
def test_a_defect_is_seen(said: str, defect: str) -> None:
    assert defect in defects(said)


def told(plain: Any, name: str = "") -> Iterator[str]:
    """The sentences of an answer."""
    if isinstance(plain, str):
        if name in TOLD:
            yield plain
    elif isinstance(plain, dict):
        for key, each in plain.items():
            yield from told(each, key)
    elif isinstance(plain, list | tuple):
        for each in plain:
            yield from told(each, name)


def care() -> Iterator[str]:
    for n in range(N):
        case = care_cases.case(Random(n))
        rights = {act.day: open_rights(case.insured, act.day, LAW) for act in case.claim.acts}
        yield from told(to_plain(liquidate(case.claim, rights, case.history, case.decided_on, LAW)))
        yield from (step.sentence for held in rights.values() for step in held.trace)


def goods() -> Iterator[str]:
    for n in range(N):
        case = goods_cases.case(Random(n))
        rights = {act.day: open_rights(case.insured, act.day, LAW) for act in case.claim.acts}
        yield from told(to_plain(liquidate(case.claim, rights, case.history, case.decided_on, LAW)))


def stays() -> Iterator[str]:
    for n in range(N):
        case = stay_cases.case(Random(n))
        rights = open_rights(case.insured, case.day, LAW)
        given = case.given
        stay = isinstance(given, hopital.Stay)
        yield from told(to_plain((hopital.stay if stay else hopital.urgences)(given, rights, case.day, LAW)))


def benefits() -> Iterator[str]:
    makers = (
        cash_cases.sickness_case, cash_cases.accident_case, cash_cases.rest_case, cash_cases.father_case,
        death_cases.death_case,
    )  # fmt: skip
    for n in range(N // 4):
        cases = [make(Random(n), nearest).case for make in makers] + [pension_cases.case(Random(n)).case]
        for case in cases:
            asked: Any = from_plain(case, KINDS[case["benefit"]])
            yield from told(to_plain(asked.decide(LAW)))


def simulations() -> Iterator[str]:
    for name, subject in SUBJECTS.items():
        question = yaml.load(subject.example, Loader=yaml.BaseLoader)
        for other in ({}, {"date": "01/10/2019"}, {"nombre": "1"}):
            known = {each.name for each in subject.fields}
            asked = {"sujet": name, **question, **{key: each for key, each in other.items() if key in known}}
            yield from told(simulate(asked, date(2026, 11, 25)))


def declared() -> Iterator[str]:
    """Each declared refusal, as it is told; each value with its unit."""
    for name, parameter in LAW.parameters.items():
        for step in parameter.steps:
            if isinstance(step, Gap) and not step.without_object:
                with pytest.raises(NotCovered) as refusal:
                    LAW.value(name, step.since)
                yield f"{refusal.value}."
            elif isinstance(step, Value) and step.unit not in ("choix", "texte"):
                yield f"Il est de {step.shown}." if step.shown[:2] != "1\u00a0" else f"Il y a {step.shown}."
            if isinstance(step, Value) and step.contested:
                yield step.contested


def tables() -> Iterator[str]:
    """Every sentence of a table, filled."""
    for sentence, _ in (*reasons.REASONS.values(), *propositions.REASONS.values()):
        yield sentence.replace("{code}", "AMI").replace("{detail}", "12 mois")
    for rule in RULES.values():
        yield re.sub(r"\{\w+\}", "12", rule.sentence)


def letters() -> Iterator[str]:
    day = date(2026, 11, 20)
    for amount in ("1.00", "1.99", "2.00", "1240.50"):
        sum_ = euro(amount)
        for kind in ("assure", "praticien", "employeur"):
            owed = replace(OWED, debtor_kind=kind, amount=sum_, asked=sum_, costs=euro("0.10"))
            for said in (
                indu.content(owed, *WHO, notified_on=day, law=LAW),
                indu.demand(owed, *WHO, sum_, sent_on=day, law=LAW),
            ):
                yield from (*said["notes"], said["headline"], *told(said["ways"]))
            forced = constrained(kind, "0.10" if kind == "praticien" else None)
            said = contrainte.content(forced, *WHO, sum_, issued_on=day, law=LAW)
            yield from (*said["notes"], said["headline"], *told(said["ways"]))
        yield decompte.sent(sum_, "vous") + "."
    for type_ in refus.BASES:
        said = refus.content(replace(REFUSED, type=type_), *WHO, refused_on=day, law=LAW)
        yield from (*said["notes"], said["headline"], *told(said["ways"]))


@pytest.mark.parametrize(
    "source",
    [care, goods, stays, benefits, simulations, declared, tables, letters],
    ids=lambda each: each.__name__,
)
def test_no_sentence_makes_an_agent_wince(source: Any) -> None:
    sentences = set(source())
    assert len(sentences) > 15
    wrong = {said: found for said in sentences if (found := defects(said))}
    assert not wrong, wrong


@pytest.mark.parametrize(("got", "said"), [
    (counted(0, "jour"), "0\u00a0jour"),
    (counted(1, "jour"), "1\u00a0jour"),
    (counted(euro("1.5"), "kilomètre"), "1,5\u00a0kilomètre"),
    (counted(2, "jour"), "2\u00a0jours"),
    (counted(10, "mois", "mois"), "10\u00a0mois"),
    (sum_is(euro("1.99"), "est dû", "sont dus"), "1,99\u00a0€ est dû"),
    (sum_is(euro("2.00"), "est dû", "sont dus"), "2,00\u00a0€ sont dus"),
    (sum_is(euro("-2.00"), "est dû", "sont dus"), "-2,00\u00a0€ sont dus"),
    (percent(euro("0.00834")), "0,834\u00a0%"),
    (percent(euro("1.5")), "150\u00a0%"),
    (spelled(1, "mois", "mois"), "un\u00a0mois"),
    (spelled(20, "jour"), "vingt\u00a0jours"),
    (spelled(21, "jour"), "21\u00a0jours"),
    (of("un mois"), "d'un mois"),
    (of("onze jours"), "de onze jours"),
    (of("deux mois"), "de deux mois"),
    (in_words(date(2026, 3, 1)), "1er mars 2026"),
    (in_words(date(2026, 8, 31)), "31 août 2026"),
    (lowered("Majoration de nuit"), "majoration de nuit"),
    (lowered("SMIC horaire"), "SMIC horaire"),
    (lowered("D160-6 dit"), "D160-6 dit"),
])  # fmt: skip
def test_words(got: str, said: str) -> None:
    assert got == said
