"""The live table of the terminal: each document and where it is, as the page shows it."""

from types import TracebackType

import httpx
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table as Grid
from rich.text import Text

ROWS = 40
WIDE = 110  # columns under which where a document came from is left out
LONGEST_STATE = len("Quarantaine")
STYLE = {
    "a_valider": "yellow", "quarantaine": "red", "a_liquider": "yellow", "ordonnance": "green",
    "classe": "green", "applique": "green", "refuse": "magenta", "rejete": "magenta",
    "ecarte": "dim", "scinde": "dim",
}  # fmt: skip


class Table:
    """Redraws at each `refresh`; where the output is no terminal, says nothing until the end."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=5.0)
        self._console = Console()
        self._live = Live(console=self._console, auto_refresh=False, transient=False)

    def __enter__(self) -> "Table":
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.refresh()
        self._live.stop()
        if not self._console.is_terminal:
            self._console.print()  # where nothing is redrawn, the last line is left open
        self._http.close()

    def refresh(self) -> None:
        try:
            found = self._http.get("/api/v1/documents", params={"limit": ROWS}).json()
        except (httpx.HTTPError, ValueError):
            return
        # a live table that is taller than its terminal cannot be redrawn in place
        room = self._console.height - 2 if self._console.is_terminal else ROWS
        drawn = _drawn(found, self._console.width, max(room, 1))
        self._live.update(drawn, refresh=self._console.is_terminal)


def _drawn(found: dict[str, object], width: int, height: int) -> Group:
    """At most `height` lines, the newest documents first. Its number and its state are always whole; a
    narrow terminal does without what says least, and cuts the sentences."""
    rows = found.get("documents")
    listed = rows if isinstance(rows, list) else []
    told = listed if len(listed) < height else listed[: height - 2]
    wide = width >= WIDE
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    grid.add_column("document", no_wrap=True, min_width=8)
    if wide:
        grid.add_column("reçu par", no_wrap=True)
    grid.add_column("type", no_wrap=True)
    grid.add_column("état", no_wrap=True, min_width=LONGEST_STATE)
    grid.add_column("où il en est", no_wrap=True, overflow="ellipsis")
    for row in told:
        grid.add_row(
            str(row["id"])[:8],
            *([str(row["source_label"])] if wide else []),
            str(row["type_label"]),
            Text(str(row["status_label"]), style=STYLE.get(str(row["status"]), "cyan")),
            str(row["where"]),
        )
    if len(told) < len(listed):
        return Group(grid, Text(f"... et {len(listed) - len(told)} autres, sur la page", style="dim"))
    return Group(grid)
