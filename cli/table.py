"""The live table of the terminal: each document and where it is, as the page shows it."""

from types import TracebackType

import httpx
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table as Grid
from rich.text import Text

ROWS = 40
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
        self._http.close()

    def refresh(self) -> None:
        try:
            found = self._http.get("/api/v1/documents", params={"limit": ROWS}).json()
        except (httpx.HTTPError, ValueError):
            return
        self._live.update(_drawn(found), refresh=self._console.is_terminal)


def _drawn(found: dict[str, object]) -> Group:
    rows = found.get("documents")
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    for title in ("document", "reçu par", "type", "état", "où il en est"):
        grid.add_column(title, no_wrap=True)
    for row in rows if isinstance(rows, list) else ():
        grid.add_row(
            str(row["id"])[:8],
            str(row["source_label"]),
            str(row["type_label"]),
            Text(str(row["status_label"]), style=STYLE.get(str(row["status"]), "cyan")),
            str(row["where"]),
        )
    return Group(grid)
