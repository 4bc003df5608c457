"""Every rule, in one published table: its code, severity, article and French sentence.

`as_markdown()` is the page of the documentation. A finding is made by `find` alone, so that no code
exists that is not in the table.
"""

from dataclasses import dataclass

from checks.table_acts import ACTS
from checks.table_declarations import DECLARATIONS
from checks.table_persons import PERSONS
from domain.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """`sentence` may hold places in braces, for lines, days and amounts; never names or numbers of
    persons. `theme`: the heading it stands under in the documentation."""

    code: str
    severity: Severity
    article: str | None
    sentence: str
    theme: str


def _table() -> dict[str, Rule]:
    rules: dict[str, Rule] = {}
    for theme, rows in (*PERSONS.items(), *ACTS.items(), *DECLARATIONS.items()):
        for code, severity, article, sentence in rows:
            if code in rules:
                raise ValueError(f"two rules are called {code}")
            rules[code] = Rule(code, severity, article, sentence, theme)
    return rules


RULES = _table()
OF_THE_DOSSIERS = frozenset(
    (
        "assure_inconnu", "identification_incertaine", "nir_different", "nir_de_l_assure", "assure_different",
        "parent_a_designer",
        "nom_different", "prenom_different", "nom_proche", "naissance_differente", "naissance_incomplete",
        "soins_apres_deces", "soins_avant_naissance", "droits_fermes", "droits_non_etablis",
        "organisme_different", "ald_non_reconnue", "maternite_non_reconnue", "accident_travail_inconnu",
        "doublon_paye", "doublon_en_cours", "meme_fichier", "mt_moins_de_seize", "mt_mineur",
    )
)  # fmt: skip
"""Findings that tell what a dossier holds, or what another one sent: anyone may write anyone's number on a
sheet, so whoever sent it does not see them."""


def find(code: str, field: str | None = None, doubt: bool = False, **places: object) -> Finding:
    """The finding of a rule. `doubt`: the reading it rests on waits for a person, so that it proves
    nothing yet: no refusal is proposed on it."""
    rule = RULES[code]
    severity = Severity.A_VERIFIER if doubt and rule.severity is Severity.REFUS_PROPOSE else rule.severity
    return Finding(code, severity, rule.sentence.format(**places), field, rule.article)


_SAID = {
    Severity.INFORMATION: "information",
    Severity.A_VERIFIER: "à vérifier",
    Severity.REFUS_PROPOSE: "refus proposé",
}


def as_markdown() -> str:
    """The page of the documentation: one table a theme."""
    lines = [
        "# Les contrôles",
        "",
        "Une règle propose, une personne décide. Toutes les règles s'appliquent toujours : l'une",
        "n'arrête pas les autres. Un refus n'est proposé que sur une lecture sûre ; sinon la règle",
        "demande de vérifier.",
    ]
    for theme in dict.fromkeys(rule.theme for rule in RULES.values()):
        lines += ["", f"## {theme}", "", "| code | gravité | texte | ce qui est dit |", "|---|---|---|---|"]
        lines += [
            f"| `{rule.code}` | {_SAID[rule.severity]} | {rule.article or ''} | {_bare(rule.sentence)} |"
            for rule in RULES.values()
            if rule.theme == theme
        ]
    return "\n".join(lines) + "\n"


def _bare(sentence: str) -> str:
    for place, shown in _PLACES.items():
        sentence = sentence.replace("{" + place + "}", shown)
    return sentence


_PLACES = {
    "line": "n",
    "day": "jj/mm/aaaa",
    "fee": "x €",
    "tariff": "y €",
    "total": "x €",
    "sum": "y €",
    "what": "...",
}
