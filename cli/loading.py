"""People into a home: what `dossiers load` and the demonstration share."""

from pathlib import Path

from cli.embedded import running
from store.house import open_store
from store.people import load_file


def load_people(home: Path | None, people: Path | None, practitioners: Path | None) -> dict[str, int]:
    """Counts of what was loaded. Raises Refused("dossier_mal_forme") naming the line."""
    with running(home) as settings:
        store = open_store(settings)
        try:
            return dict(load_file(store, people, practitioners=practitioners))
        finally:
            store.close()
