"""The loader refuses what is missing, doubtful or out of order, and says where."""

from datetime import date
from decimal import Decimal

import pytest

from law.book import assemble
from law.reader import BadLaw, read_parameters
from law.values import NotCovered

GOOD = """
theme: Essai
parameters:
  essai.montant:
    label: Un montant
    unit: EUR
    keyed_on: jour des soins
    articles: CSS L160-13
    values:
      - from: 2024-01-01
        value: "1.50"
        reference: D160-9
        checked: 2026-11-22
        certainty: lu
      - from: 2025-01-01
        value: "2.50"
        reference: D160-9
        checked: 2026-11-22
        certainty: secondaire
        contested: une autre page dit 3
      - from: 2026-01-01
        missing: Le décret n'a pas été trouvé.
      - from: 2026-06-01
        missing: Il n'y a plus de plafond.
        without_object: true
"""
HORIZON = b"first: 2024-01-01\nlast: 2026-12-31\nreason: essai\n"


def law_of(text):
    return assemble({"horizon.yaml": HORIZON, "parameters/essai.yaml": text.encode()})


def test_a_value_knows_its_day_its_source_and_its_doubts():
    law = law_of(GOOD)
    value = law.value("essai.montant", date(2025, 7, 1))
    assert (value.number, value.since, value.certainty) == (Decimal("2.50"), date(2025, 1, 1), "secondaire")
    assert (value.shown, value.is_contested) == ("2,50\u00a0€", True)


@pytest.mark.parametrize(("day", "said"), [
    (date(2023, 12, 31), "avant le 01/01/2024"),
    (date(2026, 1, 1), "décret"),
    (date(2026, 6, 1), "plus de plafond"),
    (date(2027, 1, 1), "31/12/2026"),
])  # fmt: skip
def test_a_day_without_value_is_refused_by_name(day, said):
    with pytest.raises(NotCovered, match=said) as refusal:
        law_of(GOOD).value("essai.montant", day)
    assert refusal.value.parameter == "essai.montant"


def test_without_object_is_not_missing():
    law = law_of(GOOD)
    assert law.optional("essai.montant", date(2026, 7, 1)) is None
    assert law.optional("essai.montant", date(2025, 7, 1)) is not None
    with pytest.raises(NotCovered):
        law.optional("essai.montant", date(2026, 1, 1))


@pytest.mark.parametrize(("old", "new", "said"), [
    ("reference: D160-9", "note: D160-9", "reference"),
    ("reference: D160-9", 'reference: " "', "reference"),
    ('value: "1.50"', "value: 1.50", "guillemets"),
    ('value: "1.50"', "value: 1", "guillemets"),
    ('value: "1.50"', 'value: "1,50"', "nombre"),
    ("from: 2025-01-01", "from: 2023-01-01", "désordre"),
    ("from: 2025-01-01", "from: 2024-01-01", "superposées"),
    ("from: 2024-01-01", 'from: "2024"', "date"),
    ("checked: 2026-11-22\n        certainty: lu", "certainty: lu", "checked"),
    ("certainty: lu", "certainty: sûr", "certitude"),
    ("certainty: lu", "certainty: lu\n        sure: oui", "inconnues"),
    ("unit: EUR", "unit: francs", "unité"),
    ("unit: EUR", "unit: choix", "choix"),
    ("keyed_on: jour des soins", 'keyed_on: ""', "keyed_on"),
    ("articles: CSS L160-13", "articles: 12", "articles"),
    ("label: Un montant", "label: Un montant\n    label: Deux", "deux fois"),
    ("missing: Le décret n'a pas été trouvé.", 'missing: ""', "missing"),
    ("theme: Essai", "sujet: Essai", "theme"),
])  # fmt: skip
def test_what_is_refused(old, new, said):
    assert old in GOOD
    with pytest.raises(BadLaw, match=said):
        read_parameters("essai.yaml", GOOD.replace(old, new, 1))


def test_a_parameter_declared_twice():
    sources = {name: GOOD.encode() for name in ("parameters/a.yaml", "parameters/b.yaml")}
    with pytest.raises(BadLaw, match="déjà"):
        assemble({"horizon.yaml": HORIZON, **sources})


def test_a_choice_is_one_of_its_choices():
    text = GOOD.replace("unit: EUR", "unit: choix\n    choices: [a, b]")
    with pytest.raises(BadLaw, match="choix"):
        read_parameters("essai.yaml", text)


def test_the_version_changes_with_any_byte():
    assert law_of(GOOD).version == law_of(GOOD).version
    assert law_of(GOOD).version != law_of(GOOD + "# \n").version
