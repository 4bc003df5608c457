"""The generated pages of docs/. `python -m scripts.docs` writes them; `--check` fails where one is stale."""

import sys
from collections.abc import Callable
from pathlib import Path

from checks import as_markdown
from domain.errors import CATALOGUE
from domain.flow import FLOW
from law import coverage
from liquidation.reasons import REASONS
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


PAGES: dict[str, Callable[[], str]] = {
    "docs/errors.md": errors,
    "docs/flow.md": flow,
    "docs/law-coverage.md": lambda: coverage.markdown(refused=REASONS | propositions.REASONS),
    "docs/promises.md": ledger.as_markdown,
    "docs/rules.md": as_markdown,
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
