"""The generated pages of docs/. `python -m scripts.docs` writes them; `--check` fails where one is stale."""

import sys
from collections.abc import Callable
from pathlib import Path

from checks import as_markdown
from domain.errors import CATALOGUE
from domain.flow import FLOW
from law import coverage
from liquidation.reasons import REASONS
from liquidation.simulation import SUBJECTS
from ocr.forms.fonts import FILES
from ocr.forms.form import KINDS
from ocr.forms.written import DRAWING_KEYS, KEYS, ZONE_KEYS
from rights import propositions
from tests.promises import ledger

ROOT = Path(__file__).parent.parent


def errors() -> str:
    """Every code that a caller may receive (domain/errors.py)."""
    lines = [
        "# Les codes d'erreur",
        "",
        "Toute réponse d'erreur de l'interface est un document RFC 9457 (`application/problem+json`) qui porte",
        "l'un de ces codes. *À réessayer* : la même demande peut réussir plus tard, sans rien changer.",
        "",
        "| code | HTTP | ce qui s'est passé | que faire | à réessayer |",
        "|---|---|---|---|---|",
    ]
    for code, problem in sorted(CATALOGUE.items()):
        again = "oui" if problem.retryable else "non"
        lines.append(f"| `{code}` | {problem.status} | {problem.sentence} | {problem.next_step} | {again} |")
    return "\n".join(lines) + "\n"


def flow() -> str:
    """The states of a document and their moves (domain/flow.py)."""
    lines = [
        "# Les états d'un document",
        "",
        "| état | étape qui l'en fait sortir | vers |",
        "|---|---|---|",
    ]
    for state, step in FLOW.items():
        who = f"`{step.stage}`" if step.stage else ("une personne" if step.to else "aucune : c'est la fin")
        lines.append(f"| `{state}` | {who} | {', '.join(f'`{to}`' for to in step.to) or '—'} |")
    return "\n".join(lines) + "\n"


_QUESTION = """\
# Que serai-je remboursé, que toucherai-je ?

Une question en quelques mots, sans dossier ni base de données ; la même règle qui décide d'un document
y répond, article par article. Ce qui n'est pas dit est supposé, et la réponse le dit.

    ./liasse simulate                                 # les sujets
    ./liasse simulate soins acte=G montant=30 age=40  # une question d'une ligne
    ./liasse simulate question.yaml --json            # un fichier YAML ou JSON, la réponse en JSON

Par l'interface : `POST /api/v1/simulations`, les mêmes champs en JSON, avec le jeton d'un assuré ou
d'un agent. Une question incomplète reçoit `simulation_mal_posee`, qui nomme tous les champs à corriger.
Une réponse sans montant (`calcule: false`) dit pourquoi dans `motifs`. `lectures` demande une autre
lecture d'un texte contesté : `lectures: {ij_maladie.arrondi: tronque}`.

Un montant s'écrit `30`, `30,50` ou `1 234,50 €` ; une date `02/11/2026` ou `2026-11-02` ; un oui `oui`.
Les champs nécessaires sont en gras."""


def simulation() -> str:
    """What may be asked without a dossier, field by field (liquidation/simulation)."""
    lines = [_QUESTION]
    for name, subject in SUBJECTS.items():
        lines += ["", f"## `{name}` : {subject.title[0].lower()}{subject.title[1:]}", "", "```yaml"]
        lines += [
            f"sujet: {name}",
            *subject.example.splitlines(),
            "```",
            "",
            "| champ | s'écrit | sens |",
            "|---|---|---|",
        ]
        for each in subject.fields:
            shown = f"**`{each.name}`**" if each.required else f"`{each.name}`"
            lines.append(f"| {shown} | {each.kind.what} | {each.help} |")
    return "\n".join(lines) + "\n"


GENERATED = "<!-- généré par `make docs` -->\n"


def form_keys() -> str:
    """docs/forms.md: what a person wrote, then each key and kind of a form's file (ocr/forms)."""
    tables = (
        ("Le fichier, clé par clé", "Longueurs en millimètres, depuis le coin haut gauche de la page.", KEYS),
        ("Une zone (`fields`)", "Une ligne par zone : `nom: {kind: ..., boxes: [...]}`.", ZONE_KEYS),
        (
            "Les genres (`kind`)",
            "Un peigne ne porte que des chiffres ; des lettres y sont laissées au doute.",
            KINDS,
        ),
        (
            "Le dessin (`drawing`)",
            "Proposé par `form new` ; dans cet ordre, du fond vers le dessus.",
            DRAWING_KEYS,
        ),
    )
    lines = []
    for title, sentence, rows in tables:
        lines += ["", f"## {title}", sentence, "", "| clé | ce qu'elle dit |", "|---|---|"]
        lines += [f"| `{key}` | {said} |" for key, said in rows.items()]
    lines += ["", f"Polices de `captions` : {', '.join(f'`{name}`' for name in FILES)}."]
    written, _, _ = (ROOT / "docs/forms.md").read_text("utf-8").partition(GENERATED)
    return written + GENERATED + "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "docs/errors.md": errors,
    "docs/flow.md": flow,
    "docs/forms.md": form_keys,
    "docs/law-coverage.md": lambda: coverage.markdown(refused=REASONS | propositions.REASONS),
    "docs/promises.md": ledger.as_markdown,
    "docs/rules.md": as_markdown,
    "docs/simulation.md": simulation,
}


def main() -> int:
    check = "--check" in sys.argv[1:]
    stale = [name for name, make in PAGES.items() if not _same(ROOT / name, make())]
    if check:
        for name in stale:
            sys.stderr.write(f"{name} is stale: run `make docs`\n")
        return 1 if stale else 0
    for name in stale:
        (ROOT / name).write_text(PAGES[name](), encoding="utf-8")
        sys.stdout.write(f"{name}\n")
    return 0


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
