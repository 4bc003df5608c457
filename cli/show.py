"""`liasse run`: everything started, the demo lot fed to an empty home, the pages served until Ctrl-C."""

import os
import time
from pathlib import Path

from cli.client import Client
from cli.demo import feed, prepare
from cli.service import Service, refuse_a_taken_port, settings_line, url_of
from cli.table import Table
from cli.voice import say
from domain.flow import OF_A_PERSON
from store.settings import load_settings

LABELS = {
    "a_valider": ("attend un agent (page « Valider »)", "attendent un agent (page « Valider »)"),
    "a_liquider": ("attend une pièce ou une personne pour être payé",
                   "attendent une pièce ou une personne pour être payés"),
    "quarantaine": ("est en quarantaine", "sont en quarantaine"),
    "ordonnance": ("est ordonnancé", "sont ordonnancés"),
    "classe": ("est classé, sans rien à payer", "sont classés, sans rien à payer"),
    "refuse": ("est refusé", "sont refusés"),
    "rejete": ("n'a pas pu être pris", "n'ont pas pu être pris"),
    "ecarte": ("est écarté (séparateur, page blanche ou doublon)",
               "sont écartés (séparateur, page blanche ou doublon)"),
    "scinde": ("est un fichier partagé en plusieurs documents",
               "sont des fichiers partagés en plusieurs documents"),
}  # fmt: skip
"""State -> what is said of one document there, and of several."""


def run() -> int:
    settings = load_settings()
    home = settings.home
    if url := url_of(home):
        say(f"Liasse tourne déjà : {url}")
        return 0
    refuse_a_taken_port(settings.port)
    os.environ["LIASSE_HOME"] = str(home)
    unfed = home / "demo-unfed"
    try:
        sheets = []
        if unfed.exists() or is_empty(home):
            say("Première fois : composition du lot de démonstration...")
            home.mkdir(parents=True, exist_ok=True)
            unfed.touch()  # until all is sent: what cuts this short is made good at the next start
            sheets = prepare(home)
        for line in settings_line(home):
            say(line)
        with Service(home, port=settings.port) as service:
            client = Client(service.url)
            say(f"La page : {service.url}")
            if sheets:
                feed(client, home, sheets)
                unfed.unlink()
            with Table(service.url) as table:
                _until_quiet(client, table, service)
            _say_what_became(client)
            say(f"Liasse sert {service.url} — Ctrl-C pour arrêter.")
            while not (fallen := service.fallen()):
                time.sleep(0.5)
            say(f"« {fallen} » s'est arrêté : voyez {home / 'logs'}")
            return 1
    except KeyboardInterrupt:
        say("\nArrêté. Les données restent : relancez `make run`.")
        return 0


def is_empty(home: Path) -> bool:
    """Whether nothing was ever kept there. A home in use is nobody's demonstration."""
    return not any((home / kept).exists() for kept in ("postgres/data", "lot"))


def _until_quiet(client: Client, table: Table, service: Service) -> None:
    """Until nothing moves by itself any more."""
    while not service.fallen():
        table.refresh()
        rows = list(client.documents())
        if all(row["ended"] or row["status"] in OF_A_PERSON for row in rows):
            return
        time.sleep(0.5)


def _say_what_became(client: Client) -> None:
    counts: dict[str, int] = {}
    for row in client.documents():
        counts[row["status"]] = counts.get(row["status"], 0) + 1
    for status, (one, many) in LABELS.items():
        if number := counts.get(status):
            say(f"  {number:4d}  {one if number == 1 else many}")
