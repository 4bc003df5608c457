"""The whole way of a sheet: `python -m bench.way [--sheets 20] [--profile printed_clean]`.

Over a real service on a new home (embedded servers, one worker, one api): seconds from the 201 to
archived (locked, read back) and liquidated, sheets posted one at a time; then documents a minute when
as many are posted at once. Sheets are composed, of persons whom the house knows. One that does not go
straight through is counted apart, with what stopped it.
"""

import argparse
import logging
import os
import shutil
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from api.logs import configure
from cli.loading import load_people
from cli.service import Service, remember
from domain.flow import OF_A_PERSON
from ocr.specimen import make

TODAY = "2026-11-20"
LIMIT_SECONDS = 120.0
WAY = ("recu", "en_lecture", "valide", "archive", "liquide")
STAGES = {"en_lecture": "trier", "valide": "lire", "archive": "archiver", "liquide": "liquider"}


@dataclass
class Passage:
    """`moments`: state -> seconds since the 201. `stopped`: by which fields and findings."""

    status: str
    moments: dict[str, float] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)

    @property
    def straight(self) -> bool:
        return all(state in self.moments for state in WAY[1:])


class House:
    """The service as a sender sees it."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url + "/api/v1", timeout=60.0)

    def post(self, file: Path) -> tuple[str, datetime]:
        """(id, when the 201 was there)."""
        answer = self._http.post("/documents", files={"file": (file.name, file.read_bytes())})
        told = datetime.now(UTC)
        answer.raise_for_status()
        assert answer.status_code == 201, f"{file.name} was there already"
        return str(answer.json()["id"]), told

    def passage(self, id: str, since: datetime) -> Passage:
        """Once nobody or a person is next. When it moved is told by its journal, not by our asking."""
        deadline = time.monotonic() + LIMIT_SECONDS
        while True:
            found = self._get(f"/documents/{id}")
            if found["terminal"] or found["status"] in OF_A_PERSON or time.monotonic() > deadline:
                break
            time.sleep(0.25)
        moments = {
            line["to_state"]: (datetime.fromisoformat(line["at"]) - since).total_seconds()
            for line in self._get(f"/documents/{id}/events")["events"]
            if line["to_state"]
        }
        return Passage(found["status"], moments, [] if found["terminal"] else _reasons(found))

    def _get(self, path: str) -> dict[str, Any]:
        answer = self._http.get(path)
        answer.raise_for_status()
        content: dict[str, Any] = answer.json()
        return content


def _reasons(found: dict[str, Any]) -> list[str]:
    fields = (found["reading"] or {}).get("fields", {})
    doubtful = [f"field {name}" for name, each in fields.items() if each["status"] == "review"]
    findings = [
        f"finding {each['code']}" + (f" ({each['field']})" if each["field"] else "")
        for each in found["findings"]
        if each["severity"] != "information"
    ]
    return findings + doubtful + [f"not computed {each['code']}" for each in found["not_computed"]]


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def one_at_a_time(house: House, files: Sequence[Path]) -> list[Passage]:
    return [house.passage(*house.post(file)) for file in files]


def at_once(house: House, files: Sequence[Path]) -> tuple[float, list[Passage]]:
    """Documents a minute from the first post to the last document at its end, and their passages."""
    started = datetime.now(UTC)
    sent = [house.post(file)[0] for file in files]
    passages = [house.passage(id, started) for id in sent]
    return 60 * len(files) / max(max(each.moments.values()) for each in passages), passages


def tell(passages: Sequence[Passage]) -> None:
    straight = [each for each in passages if each.straight]
    print(f"{len(straight)} of {len(passages)} sheets went straight through")
    if straight:
        whole = [each.moments["liquide"] for each in straight]
        print(
            f"201 to archived and liquidated: p50 {percentile(whole, 0.5):.2f} s, "
            f"p95 {percentile(whole, 0.95):.2f} s, worst {max(whole):.2f} s ({len(whole)} sheets)"
        )
        before = dict(zip(WAY[1:], WAY, strict=False))
        for state, stage in STAGES.items():
            took = [each.moments[state] - max(0.0, each.moments[before[state]]) for each in straight]
            print(f"  {stage:8} median {1000 * statistics.median(took):5.0f} ms, its wait included")
    stopped = Counter(reason for each in passages if not each.straight for reason in each.stopped)
    for reason, count in stopped.most_common(12):
        print(f"  stopped {count} by {reason}")
    for status, count in Counter(each.status for each in passages if not each.straight).items():
        print(f"  {count} stand at {status}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheets", type=int, default=20)
    parser.add_argument("--profile", default="printed_clean")
    parser.add_argument("--seed", type=int, default=31)
    asked = parser.parse_args()
    configure(logging.ERROR)
    home = Path(tempfile.mkdtemp(prefix="lw-"))
    home.chmod(0o711)
    try:
        warm = 2 * (os.cpu_count() or 1)
        make(home / "lot", 2 * asked.sheets + warm, asked.seed, profiles=[asked.profile])
        remember(home, today=TODAY, retention_minutes=5)
        load_people(home, home / "lot" / "people.jsonl", home / "lot" / "practitioners.jsonl")
        files = sorted((home / "lot").glob("feuille-*"))
        with Service(home, port=0) as service:
            house = House(service.url)
            at_once(house, files[:warm])
            load = os.getloadavg()[0]
            print(f"{asked.profile}, composed, one at a time; load of the machine before: {load:.1f}")
            tell(one_at_a_time(house, files[warm : warm + asked.sheets]))
            rate, passages = at_once(house, files[warm + asked.sheets :])
            print(f"{len(passages)} posted at once: {rate:.0f} documents a minute to their end")
            tell(passages)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
