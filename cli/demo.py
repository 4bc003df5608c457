"""`liasse demo`: a new home, the station and an agent played through the public interface, then the truth.

The agent answers from the sheet's truth, never from the reading, but for the sheets left to the visitor.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from cli.client import Client
from cli.service import Service, remember
from cli.table import Table
from cli.voice import say
from domain.flow import OF_A_PERSON, State
from ocr.specimen import make_demo

SEED = 7
TODAY = "2026-11-20"
LOCK_MINUTES = 30
LIMIT_SECONDS = 600.0
REST_SECONDS = 15.0


class Misjudged(Exception):
    """La vérité d'une feuille n'est pas recevable par l'interface : le lot de démonstration est faux."""


@dataclass(slots=True)
class Sheet:
    """A file of the demo lot: its truth, and what became of it."""

    truth: dict[str, Any]
    path: Path
    id: str | None = None
    status: str = ""
    reason: str | None = None
    terminal: bool = False
    children: list["Sheet"] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.truth["file"])

    @property
    def for_the_visitor(self) -> bool:
        return bool(self.truth.get("visitor"))

    @property
    def is_a_rescan(self) -> bool:
        return "rescan_of" in self.truth

    @property
    def is_right(self) -> bool:
        return (
            self.status == self.truth["expected"]
            and self.truth.get("reason") in (None, self.reason)
            and (self.terminal or self.for_the_visitor)
            and all(child.is_right for child in self.children)
        )


def main() -> int:
    home = _new_home()
    return play(home, say)


def _new_home() -> Path:
    base = Path("var")
    base.mkdir(exist_ok=True)
    n = 1
    while True:
        home = base / f"demo-{n}"
        try:
            home.mkdir()
        except FileExistsError:
            n += 1
            continue
        return home


def play(home: Path, tell: Callable[[object], None]) -> int:
    """The whole play over an empty `home`; 0 only if each document ended as its truth says."""
    started = time.monotonic()
    sheets = prepare(home)
    os.environ["LIASSE_HOME"] = str(home)
    with Service(home, port=0) as service, Table(service.url) as table:
        tell(f"La page : {service.url}")
        client = Client(service.url)
        again = [sheet for sheet in sheets if sheet.is_a_rescan]
        feed(client, home, [sheet for sheet in sheets if not sheet.is_a_rescan])
        agent = Agent(client, sheets)
        deadline = time.monotonic() + LIMIT_SECONDS
        while True:
            _look(client, sheets)
            table.refresh()
            # the same paper comes back once it was paid: which of the two is the double is then sure
            for sheet in [each for each in again if _ended(sheets, each.truth["rescan_of"])]:
                again.remove(sheet)
                _post(client, sheet)
            if agent.is_done():
                break
            if agent.is_stuck():
                tell("Plus rien ne bouge, et l'agent n'a pas de réponse à ce qui attend.")
                break
            if time.monotonic() > deadline:
                tell("Le temps permis est dépassé.")
                break
            if fallen := service.fallen():
                tell(f"{fallen} s'est arrêté : voyez {home / 'logs'}")
                break
            agent.work()
            time.sleep(0.2)
        _ask_why(client, sheets)
    seconds = round(time.monotonic() - started, 1)
    return report(sheets, seconds, tell)


def prepare(home: Path) -> list[Sheet]:
    """Compose the demo lot and load its people; the sheets with their truth."""
    from cli.loading import load_people

    remember(home, today=TODAY, retention_minutes=LOCK_MINUTES, seal_seconds=5, sweep_seconds=1,
             hot_folder=str((home / "depot").absolute()))  # fmt: skip
    lot, fresh = home / "lot", home / "lot.new"
    if not lot.exists():
        make_demo(fresh, SEED)
        fresh.rename(lot)
    (home / "depot").mkdir(exist_ok=True)
    load_people(home, lot / "people.jsonl", lot / "practitioners.jsonl")
    lines = (lot / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    return [_sheet(json.loads(line), lot) for line in lines]


def _sheet(truth: dict[str, Any], lot: Path) -> Sheet:
    children = [Sheet(child, lot / truth["file"]) for child in truth.get("children", ())]
    return Sheet(truth, lot / truth["file"], children=children)


def feed(client: Client, home: Path, sheets: list[Sheet]) -> None:
    """Send each file as the station would: numbered sheets of a lot, single posts, the hot folder.

    Cut short and begun again, it doubles nothing: the lot that was opened is taken up."""
    by_way: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        by_way.setdefault("post" if sheet.is_a_rescan else sheet.truth.get("how", "post"), []).append(sheet)
    if numbered := by_way.get("lot"):
        opened = home / "demo-lot"
        if not opened.exists():
            opened.write_text(client.open_lot(len(numbered)))
        lot = opened.read_text()
        for n, sheet in enumerate(numbered, 1):
            client.put_sheet(lot, n, sheet.path.read_bytes())
        documents = client.close_lot(lot)["documents"]  # one a sheet, in their order
        for sheet, document_id in zip(numbered, documents, strict=True):
            sheet.id = document_id
    for sheet in by_way.get("post", ()):
        _post(client, sheet)
    for sheet in by_way.get("hot", ()):
        # as a station does: written beside, then moved in whole
        aside = home / "depot" / f".{sheet.path.name}.part"
        shutil.copyfile(sheet.path, aside)
        aside.rename(home / "depot" / sheet.path.name)


def _post(client: Client, sheet: Sheet) -> None:
    try:
        sheet.id = client.post_document(sheet.path)["id"]
    except httpx.HTTPStatusError as refusal:
        # refused at the door: an event, no document
        sheet.status = "rejete" if refusal.response.status_code < 500 else ""
        sheet.reason = refusal.response.json().get("code")
        sheet.terminal = True


def _ended(sheets: Iterable[Sheet], name: str) -> bool:
    return all(sheet.terminal for sheet in sheets if sheet.name == name)


def _look(client: Client, sheets: Iterable[Sheet]) -> None:
    """Ask where each sheet is, in one list. Those of the hot folder are known by their digest."""
    rows = {row["id"]: row for row in client.documents()}
    by_digest = {row["sha256"]: row["id"] for row in rows.values()}
    for sheet in sheets:
        if sheet.id is None and not sheet.terminal:
            sheet.id = by_digest.get(_digest(sheet.path))
        if sheet.id in rows:
            sheet.status = rows[sheet.id]["status"]
            sheet.terminal = rows[sheet.id]["ended"]
        if sheet.status == State.SCINDE and any(child.id is None for child in sheet.children):
            for child, child_id in zip(
                sheet.children, client.document(sheet.id or "")["children"], strict=True
            ):
                child.id = child_id
        for child in sheet.children:
            if child.id in rows:
                child.status, child.terminal = rows[child.id]["status"], rows[child.id]["ended"]


def _ask_why(client: Client, sheets: Iterable[Sheet]) -> None:
    for sheet in sheets:
        if sheet.id is not None:
            sheet.reason = client.document(sheet.id)["reason"]


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _leaves(sheets: Iterable[Sheet]) -> list[Sheet]:
    return [leaf for sheet in sheets for leaf in (sheet.children or [sheet])]


class Agent:
    """Answers the tasks of sheets from their truth; the visitor's are left alone."""

    def __init__(self, client: Client, sheets: list[Sheet]) -> None:
        self.client = client
        self.sheets = sheets
        self._seen: list[str] = []
        self._since = time.monotonic()

    def is_stuck(self) -> bool:
        """Whether nothing has moved for a while, and nothing will: every sheet is at rest."""
        states = [leaf.status for leaf in _leaves(self.sheets)]
        if states != self._seen:
            self._seen, self._since = states, time.monotonic()
        at_rest = all(leaf.terminal or leaf.status in OF_A_PERSON for leaf in _leaves(self.sheets))
        return at_rest and time.monotonic() - self._since > REST_SECONDS

    def is_done(self) -> bool:
        return all(
            leaf.terminal or (leaf.for_the_visitor and leaf.status == State.A_VALIDER)
            for leaf in _leaves(self.sheets)
        )

    def work(self) -> None:
        """Settle what waits for a person."""
        for leaf in _leaves(self.sheets):
            if leaf.id is None or leaf.for_the_visitor or leaf.status != State.A_VALIDER:
                continue
            task = self.client.next_task(leaf.id)
            if task is None:
                continue
            try:
                self.client.decide(task["id"], self._decision(task, leaf))
            except httpx.HTTPStatusError as refusal:
                self.client.give_back(task["id"])
                raise Misjudged(f"{leaf.name} : {refusal.response.text}") from None

    def _decision(self, task: dict[str, Any], sheet: Sheet) -> dict[str, Any]:
        agent = sheet.truth.get("agent") or {"action": "accept"}
        decision: dict[str, Any] = {"version": task["version"], "action": agent["action"]}
        if reason := agent.get("reason"):
            decision["reason"] = reason
        if kind := agent.get("type"):
            decision["type"] = kind
        if agent["action"] == "accept" and sheet.truth.get("fields"):
            decision["fields"] = sheet.truth["fields"]
            if insured := self._insured(sheet.truth["fields"]):
                decision["insured_id"] = insured
        return decision

    def _insured(self, fields: dict[str, Any]) -> str | None:
        """The dossier that the agent would choose: the number on the sheet, the birth date beside it."""
        nir = fields.get("beneficiaire_nir") or fields.get("assure_nir")
        if nir is None:
            return None
        found = self.client.find_insured(nir=nir, birth_date=fields.get("beneficiaire_date_naissance"))
        return str(found[0]["id"]) if found else None


def report(sheets: list[Sheet], seconds: float, tell: Callable[[object], None]) -> int:
    """Write var/demo-report.json and say what went otherwise; 0 where nothing did."""
    rows = [
        {
            "file": sheet.name,
            "expected": sheet.truth["expected"],
            "status": sheet.status,
            "reason": sheet.reason,
            "ok": sheet.is_right,
            "id": sheet.id,
            "note": sheet.truth.get("note"),
            "children": [
                {"expected": c.truth["expected"], "status": c.status, "id": c.id} for c in sheet.children
            ],
        }
        for sheet in sheets
    ]
    Path("var/demo-report.json").write_text(
        json.dumps({"documents": rows, "seconds": seconds}, ensure_ascii=False, indent=1)
    )
    wrong = [row for row in rows if not row["ok"]]
    for row in wrong:
        tell(f"✗ {row['file']} : attendu {row['expected']}, obtenu {row['status'] or 'rien'} ({row['note']})")
    tell(f"{len(rows) - len(wrong)} documents sur {len(rows)} ont fini comme prévu, en {seconds} s.")
    tell("Le détail : var/demo-report.json")
    return 1 if wrong else 0
