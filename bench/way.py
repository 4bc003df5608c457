"""The whole way of a sheet: `python -m bench.way [--sheets 20] [--profile printed_clean]`.

Over a real service on a new home (embedded servers, one worker, one api): seconds from the 201 to
archived (locked, read back) and liquidated, sheets posted one at a time; then documents a minute when
as many are posted at once. Sheets are composed, of persons whom the house knows. One that does not go
straight through is counted apart, with what stopped it; an agent who knows the truth then accepts it, so
that the machine's own time is told for it too.
"""

import argparse
import json
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
from checks.runner import OF_THE_PERSON, OF_THE_PRACTITIONER
from cli.client import Client
from cli.loading import load_people
from cli.service import Service, remember
from domain.flow import OF_A_PERSON, State
from ocr.specimen import make

TODAY = "2026-11-20"
LIMIT_SECONDS = 120.0
WAY = (State.RECU, State.EN_LECTURE, State.VALIDE, State.ARCHIVE, State.LIQUIDE)
STAGES = (
    ("trier", State.RECU, State.EN_LECTURE),
    ("lire", State.EN_LECTURE, State.VALIDE),
    ("lire", State.EN_LECTURE, State.A_VALIDER),
    ("archiver", State.VALIDE, State.ARCHIVE),
    ("liquider", State.ARCHIVE, State.LIQUIDE),
)


@dataclass
class Passage:
    """`moments`: state -> seconds since the 201. `stopped`: by which fields and findings, if by any."""

    status: str
    moments: dict[str, float] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)

    @property
    def straight(self) -> bool:
        return self.is_whole and State.A_VALIDER not in self.moments

    @property
    def is_whole(self) -> bool:
        return all(state in self.moments for state in WAY[1:])

    @property
    def seconds(self) -> float:
        """From the 201 to archived and liquidated, without the time that a person took."""
        read = self.moments.get(State.A_VALIDER, self.moments[State.VALIDE])
        return read + self.moments[State.LIQUIDE] - self.moments[State.VALIDE]


class House:
    """The service as a sender sees it, and an agent."""

    def __init__(self, url: str, truths: dict[str, dict[str, Any]]) -> None:
        self._http = httpx.Client(base_url=url + "/api/v1", timeout=60.0)
        self._agent = Client(url)
        self._truths = truths

    def post(self, file: Path) -> tuple[str, datetime]:
        """(id, when the 201 was there)."""
        answer = self._http.post("/documents", files={"file": (file.name, file.read_bytes())})
        told = datetime.now(UTC)
        answer.raise_for_status()
        assert answer.status_code == 201, f"{file.name} was there already"
        return str(answer.json()["id"]), told

    def passage(self, file: Path, id: str, since: datetime) -> Passage:
        """Once it has ended. When it moved is told by its journal, not by our asking."""
        found, stopped = self._settled(id), []
        if found["status"] == State.A_VALIDER:
            stopped = _reasons(found)
            self._accept(found, self._truths[file.name])
            found = self._settled(id)
        moments = {
            line["to_state"]: (datetime.fromisoformat(line["at"]) - since).total_seconds()
            for line in self._get(f"/documents/{id}/events")["events"]
            if line["to_state"]
        }
        return Passage(found["status"], moments, stopped or ([] if found["terminal"] else _reasons(found)))

    def is_at_work(self, id: str) -> bool:
        found = self._get(f"/documents/{id}")
        return not found["terminal"] and found["status"] not in OF_A_PERSON

    def _settled(self, id: str) -> dict[str, Any]:
        deadline = time.monotonic() + LIMIT_SECONDS
        while True:
            found = self._get(f"/documents/{id}")
            if found["terminal"] or found["status"] in OF_A_PERSON or time.monotonic() > deadline:
                return found
            time.sleep(0.25)

    def _accept(self, found: dict[str, Any], truth: dict[str, Any]) -> None:
        task = self._agent.next_task(found["id"])
        if task is None:
            return
        fields = truth["fields"]
        nir = fields.get("beneficiaire_nir") or fields.get("assure_nir")
        people = self._agent.find_insured(nir=nir, birth_date=fields.get("beneficiaire_date_naissance"))
        decision = {"version": task["version"], "action": "accept", "fields": fields}
        self._agent.decide(task["id"], decision | ({"insured_id": people[0]["id"]} if people else {}))

    def _get(self, path: str) -> dict[str, Any]:
        answer = self._http.get(path)
        answer.raise_for_status()
        content: dict[str, Any] = answer.json()
        return content


def _reasons(found: dict[str, Any]) -> list[str]:
    fields = (found["reading"] or {}).get("fields", {})
    answered = set(OF_THE_PERSON if found["dossier"] else ())
    if not any("praticien" in each["code"] for each in found["findings"]):
        answered.update(OF_THE_PRACTITIONER)
    doubtful = [f"field {n}" for n, each in fields.items() if each["status"] == "review" and n not in answered]
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
    return [house.passage(file, *house.post(file)) for file in files]


def at_once(house: House, files: Sequence[Path]) -> tuple[float, list[Passage]]:
    """Documents a minute from the first post until the machine had done all that it could do alone with
    the last, and their passages."""
    started = datetime.now(UTC)
    sent = [house.post(file)[0] for file in files]
    while any(house.is_at_work(id) for id in sent):
        time.sleep(0.2)
    passages = [house.passage(file, id, started) for file, id in zip(files, sent, strict=True)]
    last = max(p.moments.get(State.A_VALIDER) or max(p.moments.values()) for p in passages)
    return 60 * len(files) / last, passages


def _reads_to(passage: Passage) -> State:
    return State.VALIDE if passage.straight else State.A_VALIDER


def tell(passages: Sequence[Passage]) -> None:
    straight = [each for each in passages if each.straight]
    asked = [each for each in passages if each.is_whole and not each.straight]
    print(f"{len(straight)} of {len(passages)} sheets went straight through")
    for group, name in ((straight, "nothing asked"), (asked, "a person's time apart")):
        if group:
            seconds = [each.seconds for each in group]
            print(
                f"201 to archived and liquidated, {name}: p50 {percentile(seconds, 0.5):.2f} s, "
                f"p95 {percentile(seconds, 0.95):.2f} s, worst {max(seconds):.2f} s ({len(group)} sheets)"
            )
    for stage, start, end in STAGES:
        took = [
            each.moments[end] - max(0.0, each.moments[start])
            for each in straight + asked
            if start in each.moments and end in each.moments and (stage != "lire" or _reads_to(each) is end)
        ]
        if took:
            median = 1000 * statistics.median(took)
            print(f"  {stage:9} median {median:5.0f} ms, its wait included ({len(took)})")
    for reason, count in Counter(reason for each in passages for reason in each.stopped).most_common(12):
        print(f"  stopped {count} by {reason}")
    for status, count in Counter(each.status for each in passages if not each.is_whole).items():
        print(f"  {count} ended at {status}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
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
        lines = (home / "lot" / "truth.jsonl").read_text("utf-8").splitlines()
        truths = {truth["file"]: truth for truth in map(json.loads, lines)}
        with Service(home, port=0) as service:
            house = House(service.url, truths)
            at_once(house, files[:warm])
            load = os.getloadavg()[0]
            print(f"{asked.profile}, composed, one at a time; load of the machine before: {load:.1f}")
            tell(one_at_a_time(house, files[warm : warm + asked.sheets]))
            rate, passages = at_once(house, files[warm + asked.sheets :])
            print(f"{len(passages)} posted at once: {rate:.0f} documents a minute")
            tell(passages)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
