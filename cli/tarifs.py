"""The operator's tariffs, `LIASSE_HOME/tarifs.csv`: put there whole, and added to the law of a process."""

import law
from cli.voice import fail
from law.tarifs import COLUMNS, NAME, BadTarifs, read
from store.settings import Settings, load_settings


def keep(content: bytes) -> int:
    """How many tariffs the file that now replaces the former one holds. Raises BadTarifs, OSError."""
    count = sum(map(len, read(content).values()))
    home = load_settings().home
    home.mkdir(parents=True, exist_ok=True)
    fresh = home / f"{NAME}.new"
    fresh.write_bytes(content)
    fresh.replace(home / NAME)  # who starts meanwhile reads the former, or this one
    return count


def add_to_law(settings: Settings) -> None:
    """Before the law is first asked for. Raises SystemExit where a file put there by hand is malformed."""
    file = settings.home / NAME
    try:
        law.add_tariffs(file.read_bytes() if file.is_file() else None)
    except BadTarifs as fault:
        raise fail(malformed(file, fault), 2) from None


def malformed(file: object, fault: BadTarifs) -> str:
    return f"{file} : {fault}. Les colonnes : {', '.join(COLUMNS)}."
