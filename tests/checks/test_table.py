"""The published table of rules."""

import json
import re

from checks import RULES, as_markdown
from checks.rubriques import RUBRIQUES
from validation import S3110J


def test_each_rule_stands_once_in_the_page() -> None:
    page = as_markdown()
    for code in RULES:
        assert page.count(f"| `{code}` |") == 1
    assert "{" not in page


def test_each_refusal_rests_on_an_article() -> None:
    for rule in RULES.values():
        if rule.severity == "refus_propose":
            assert rule.article, rule.code


def test_articles_exist_in_the_code(shared) -> None:  # type: ignore[no-untyped-def]
    law = json.loads((shared / "reference/law/css.json").read_text())
    for rule in RULES.values():
        for article in re.findall(r"[LRD]\d+-[\d-]*\d", rule.article or ""):
            assert article in law, (rule.code, article)


def test_sentences_are_french_sentences() -> None:
    for rule in RULES.values():
        assert rule.sentence[0].isupper(), rule.code
        assert rule.sentence.endswith("."), rule.code


def test_the_ten_rubriques_answer_to_fields_of_the_form() -> None:
    names = {entry.name for entry in S3110J}
    assert [each.number for each in RUBRIQUES] == [f"{n}°" for n in range(1, 11)]
    for rubrique in RUBRIQUES:
        for field in rubrique.fields:
            assert field.replace("acteN", "acte1") in names, field
