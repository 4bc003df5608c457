"""Decisions, leases, the queue and the sample."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from domain.flow import ALLOWED, State
from validation import (
    Action,
    check_decision,
    check_holds,
    days_left,
    deadline,
    may_take,
    next_state,
    priority,
    sampled,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("action", ["refuse", "rescan", "quarantine"])
@pytest.mark.parametrize("reason", [None, "", "   "])
def test_all_but_acceptance_need_a_reason(action: str, reason: str | None) -> None:
    with pytest.raises(Refused, match="motif_absent"):
        check_decision(action, reason)
    assert check_decision(action, "illisible") == action


def test_acceptance_needs_no_reason_but_an_insured() -> None:
    assert check_decision("accept", None) is Action.ACCEPT
    with pytest.raises(Refused, match="assure_a_designer"):
        check_decision("accept", None, insured_known=False)
    assert check_decision("accept", None, insured_known=False, needs_insured=False) is Action.ACCEPT


def test_a_refusal_needs_no_insured() -> None:
    assert check_decision("refuse", "hors sujet", insured_known=False) is Action.REFUSE


@pytest.mark.parametrize(("action", "reason"), [("burn", "x"), ("refuse", "x" * 1001), ("", None)])
def test_other_actions_are_refused(action: str, reason: str | None) -> None:
    with pytest.raises(Refused, match="requete_invalide"):
        check_decision(action, reason)


@pytest.mark.parametrize("action", list(Action))
def test_each_action_is_a_move_of_the_flow(action: Action) -> None:
    assert (State.A_VALIDER, next_state(action)) in ALLOWED


def test_an_agent_holds_two_tasks_at_most() -> None:
    may_take(0)
    may_take(1)
    with pytest.raises(Refused, match="trop_de_taches"):
        may_take(2)


def holds(**changes: object) -> None:
    usual = {
        "holder": "anne",
        "lease_until": NOW + timedelta(seconds=1),
        "now": NOW,
        "shown_version": 3,
        "version": 3,
    }
    check_holds("anne", **{**usual, **changes})  # type: ignore[arg-type]


def test_who_holds_the_task_may_decide() -> None:
    holds()


@pytest.mark.parametrize(
    "changes", [{"holder": "marc"}, {"holder": None}, {"lease_until": NOW}, {"lease_until": None}]
)
def test_a_lease_that_is_over_or_another_s_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Refused, match="tache_non_tenue"):
        holds(**changes)


def test_a_document_that_changed_is_refused() -> None:
    with pytest.raises(Refused, match="tache_perimee"):
        holds(shown_version=2)


def test_fifteen_days_to_pay() -> None:
    assert deadline(date(2026, 3, 2)) == date(2026, 3, 17)
    assert days_left(date(2026, 3, 2), date(2026, 3, 17)) == 0
    assert days_left(date(2026, 3, 2), date(2026, 3, 20)) == -3


def test_the_oldest_receipt_comes_first() -> None:
    later = priority(date(2026, 3, 2), NOW, "a")
    earlier = priority(date(2026, 3, 1), NOW + timedelta(hours=9), "z")
    same = priority(date(2026, 3, 1), NOW + timedelta(hours=9), "b")
    assert sorted([later, earlier, same]) == [same, earlier, later]


@given(st.uuids(), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_sample_holds_the_smaller(identifier: object, one: float, other: float) -> None:
    small, large = sorted((one, other))
    assert sampled(str(identifier), small) <= sampled(str(identifier), large)


def test_a_sample_is_of_the_size_asked_and_stable() -> None:
    drawn = [number for number in range(10_000) if sampled(f"document-{number}", 0.05)]
    assert 430 <= len(drawn) <= 570  # 500, within 3.2 standard deviations
    assert drawn == [number for number in range(10_000) if sampled(f"document-{number}", 0.05)]
    elsewhere = {number for number in range(10_000) if sampled(f"document-{number}", 0.05, "fraude")}
    assert len(elsewhere & set(drawn)) < 60
    assert not any(sampled(f"d{number}", 0.0) for number in range(100))
    assert all(sampled(f"d{number}", 1.0) for number in range(100))


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_no_such_share(share: float) -> None:
    with pytest.raises(ValueError):
        sampled("x", share)
