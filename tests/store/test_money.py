"""Decisions and orders: a share is in one order at most, and history tells what was decided."""

import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from domain.claim import Act, Claim, Decision, DecisionLine, PaidAct, Share, TraceLine, Withheld
from domain.errors import Refused
from domain.flow import State
from domain.people import Insured
from store import documents, money, outbox, payments, people
from store.house import Store
from tests.store.making import document, walk

DAY = date(2026, 11, 2)
WITHHELD = Withheld("participation_forfaitaire", Decimal("2.00"), DAY, DAY, "10000000001")
TRACE = (TraceLine("CSS R160-5", "Part obligatoire.", "taux", "70", DAY, Decimal("21.00"), "lu"),)
ANNE = Insured("8a1d7a5e-6a11-4c3e-9d38-111111111111", "2550175108001", "MARTIN", "ANNE", date(1955, 1, 2))


def decision(*parts: tuple[int, str, str, str]) -> Decision:
    lines = tuple(
        DecisionLine(
            n, "G", DAY, Decimal("30.00"), Decimal("30.00"), Decimal(70), Decimal("21.00"),
            {"participation_forfaitaire": Decimal("2.00")}, Decimal("19.00"), TRACE,
        )
        for n in sorted({part[0] for part in parts})
    )  # fmt: skip
    shares = tuple(Share(n, kind, payee, Decimal(amount)) for n, kind, payee, amount in parts)  # type: ignore[arg-type]
    total = sum((share.amount for share in shares), Decimal("0.00"))
    return Decision(DAY, lines, shares, total, TRACE, (), "loi", "code", (WITHHELD,))


@pytest.fixture
def insured_id(store: Store) -> str:
    with store.begin() as conn:
        people.load_insured(conn, [ANNE])
    return ANNE.id


def decided(store: Store, insured_id: str, what: Decision) -> tuple[str, str]:
    """A document in `liquide` with that decision; ids of both."""
    with store.begin() as conn:
        document_id = document(conn, State.EN_LECTURE)
        walk(conn, document_id, State.VALIDE, State.ARCHIVE, State.LIQUIDE)
        money.lock_insured(conn, insured_id)
        return document_id, money.save_decision(conn, document_id, insured_id, "10000000001", what)


def test_a_decision_comes_back_as_it_was(store: Store, insured_id: str) -> None:
    what = decision((1, "assure", insured_id, "19.00"), (2, "assure", insured_id, "19.00"))
    document_id, decision_id = decided(store, insured_id, what)
    with store.begin() as conn:
        found = money.decision_of(conn, document_id)
        assert money.decision_of(conn, decision_id) is None
    assert found is not None
    assert found.id == decision_id
    assert found.decision == what


def test_one_order_a_payee_and_never_twice(store: Store, insured_id: str) -> None:
    what = decision(
        (1, "assure", insured_id, "19.00"), (2, "assure", insured_id, "5.50"),
        (1, "praticien", "10000000001", "9.00"), (2, "praticien", "10000000001", "0.00"),
    )  # fmt: skip
    document_id, decision_id = decided(store, insured_id, what)
    for _ in range(2):
        with store.begin() as conn:
            orders = payments.order_shares(conn, decision_id)
        assert [(o.payee_kind, o.amount) for o in orders] == [
            ("assure", Decimal("24.50")), ("praticien", Decimal("9.00"))
        ]  # fmt: skip
    with store.begin() as conn:
        assert payments.load(conn, orders[0].id)[1] == [(1, Decimal("19.00")), (2, Decimal("5.50"))]
        assert payments.load(conn, orders[1].id)[1] == [(1, Decimal("9.00"))]
        assert [m.kind for m in outbox.pending(conn)] == ["ordre", "ordre"]
        assert payments.of_document(conn, document_id) == orders


def test_ordered_ten_times_at_once_is_ordered_once(store: Store, insured_id: str) -> None:
    _, decision_id = decided(store, insured_id, decision((1, "assure", insured_id, "19.00")))

    def go() -> None:
        with store.begin() as conn:
            payments.order_shares(conn, decision_id)

    threads = [threading.Thread(target=go) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.begin() as conn:
        assert conn.execute(text("SELECT count(*) FROM orders")).scalar_one() == 1
        assert conn.execute(text("SELECT count(*) FROM outbox")).scalar_one() == 1


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE shares SET order_id = NULL", "UPDATE shares SET amount = 99", "DELETE FROM shares",
        "UPDATE decisions SET total = 99", "DELETE FROM decision_lines", "UPDATE withheld SET amount = 0",
        "UPDATE shares SET order_id = (SELECT o.id FROM orders o WHERE o.id <> shares.order_id LIMIT 1)",
    ],
)  # fmt: skip
def test_what_was_decided_and_ordered_does_not_change(store: Store, insured_id: str, attack: str) -> None:
    for amount in ("19.00", "7.00"):
        _, decision_id = decided(store, insured_id, decision((1, "assure", insured_id, amount)))
        with store.begin() as conn:
            payments.order_shares(conn, decision_id)
    with store.engine.connect() as conn, pytest.raises(DBAPIError, match=r"append only|one order at most"):
        conn.execute(text(attack))


def test_a_share_goes_to_no_other_payee_s_order(store: Store, insured_id: str) -> None:
    what = decision((1, "assure", insured_id, "19.00"), (1, "praticien", "10000000001", "5.00"))
    _, decision_id = decided(store, insured_id, what)
    with store.engine.connect() as conn:
        make = "INSERT INTO orders (decision_id, payee_kind, payee_id, amount) VALUES (:d, 'assure', :p, 24)"
        conn.execute(text(make), {"d": decision_id, "p": insured_id})
        with pytest.raises(DBAPIError, match="one order at most"):
            conn.execute(text("UPDATE shares SET order_id = (SELECT id FROM orders)"))
        conn.rollback()


def test_a_document_is_decided_once_unless_corrected(store: Store, insured_id: str) -> None:
    what = decision((1, "assure", insured_id, "19.00"))
    document_id, first = decided(store, insured_id, what)
    with pytest.raises(IntegrityError), store.begin() as conn:
        money.save_decision(conn, document_id, insured_id, "10000000001", what)
    back = decision((1, "assure", insured_id, "-19.00"))
    with store.begin() as conn:
        second = money.save_decision(
            conn, document_id, insured_id, "10000000001", back, corrects=first, nature="correction"
        )
        assert payments.order_shares(conn, second) == []  # owed to the fund: not paid by a transfer
        found = money.decision_of(conn, document_id)
        assert found is not None
        assert found.corrects == first


def claim(document_id: str, insured_id: str) -> Claim:
    act = Act(1, DAY, "G", Decimal("30.00"))
    return Claim(
        document_id, insured_id, "10000000001", "01", "1", (act, replace(act, line=2)),
        Decimal("60.00"), DAY, DAY,
    )  # fmt: skip


def test_history_tells_what_was_withheld_and_the_acts_in_flight(store: Store, insured_id: str) -> None:
    document_id, _ = decided(store, insured_id, decision((1, "assure", insured_id, "19.00")))
    with store.begin() as conn:
        other, refused = document(conn, State.EN_LECTURE), document(conn, State.EN_LECTURE)
        for id in (document_id, other, refused):
            money.save_claim(conn, claim(id, insured_id))
            money.save_claim(conn, claim(id, insured_id))
        walk(conn, refused, State.VALIDE, State.REFUSE)
        assert money.claim(conn, other) == claim(other, insured_id)
        found = money.history(conn, insured_id, without=other)
    assert found.withheld == (WITHHELD,)
    assert (
        found.acts
        == (PaidAct(document_id, "10000000001", insured_id, DAY, "G", Decimal("30.00"), "liquide"),) * 2
    )


def test_two_decisions_about_one_person_wait_for_each_other(store: Store, insured_id: str) -> None:
    with store.begin() as conn:
        money.lock_insured(conn, insured_id)
        with store.engine.connect() as other:
            other.execute(text("SET lock_timeout = '100ms'"))
            with pytest.raises(DBAPIError, match="lock timeout"):
                money.lock_insured(other, insured_id)
        with pytest.raises(Refused, match="introuvable"):
            money.lock_insured(conn, documents.known("8a1d7a5e-6a11-4c3e-9d38-222222222222"))


def test_a_message_is_sent_once_and_tried_again_later(store: Store) -> None:
    with store.begin() as conn:
        outbox.add(conn, "courrier", body={"montant": Decimal("1.00")})
    with store.begin() as conn:
        (message,) = outbox.pending(conn)
        with store.engine.connect() as other:
            assert outbox.pending(other) == []  # held by the first
        outbox.mark_failed(conn, message, "magasin_indisponible")
    with store.begin() as conn:
        assert outbox.pending(conn) == []
        outbox.mark_sent(conn, message.id)
        (sent,) = conn.execute(text("SELECT sent_at IS NOT NULL FROM outbox")).scalars()
    assert sent
    assert message.body == {"montant": "1.00"}
