"""Questions and their whole answers, word for word: nothing of a simulation changes unseen.

The sums themselves are tested where the law is; here, what a question leaves unsaid and what is told of it.
`python -m tests.liquidation.test_asked` writes the answers anew; CI only compares."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.errors import Refused
from liquidation.simulation import case_of, simulate

HERE = Path(__file__).parent / "asked"
TODAY = date(2026, 11, 25)
QUESTIONS: list[dict[str, Any]] = yaml.load(
    (HERE / "questions.yaml").read_text(encoding="utf-8"), yaml.BaseLoader
)


def answered(question: dict[str, Any]) -> dict[str, Any]:
    try:
        case = case_of(question, TODAY)[1]
        answer = {name: each for name, each in simulate(question, TODAY).items() if name != "law_version"}
    except Refused as refusal:
        return {"refus": refusal.detail}
    return {"cas": case, "reponse": answer}


def kept() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((HERE / "answers.json").read_text(encoding="utf-8"))
    return found


def plain(told: Any) -> Any:
    return json.loads(json.dumps(told, default=str))


@pytest.mark.parametrize("place", range(len(QUESTIONS)), ids=lambda n: f"{n}-{QUESTIONS[n]['sujet']}")
def test_the_answer_is_the_one_that_was_kept(place: int) -> None:
    assert plain(answered(QUESTIONS[place])) == kept()[place]


def test_every_question_has_its_answer() -> None:
    assert len(kept()) == len(QUESTIONS)


if __name__ == "__main__":
    told = [plain(answered(each)) for each in QUESTIONS]
    (HERE / "answers.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
