"""A stop that runs is paid at term: every fourteen days what has elapsed, then the rest; each day once."""

import json
import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from archive import ledger
from checks import echeances
from checks.prestations import Record, history_of
from domain.flow import State
from law import load
from liquidation.especes.case import MaladieCase
from liquidation.especes.types import Attestation, CashHistory, PaidDays, Pay, Stop, days_of
from outbound import letters
from store import bodies, cash, corrections, journal, money, outbox, past, payments, people
from store import documents as rows
from store.corrections import Asked
from store.house import Store
from store.tables import decisions, documents, shares
from tests.promises import feuilles
from tests.workers import keyed
from tests.workers.driving import drive
from workers import delivery
from workers import echeances as paying
from workers.echeances import pay_elapsed
from workers.house import House
from workers.waiting import wake_due

LONG = keyed.STOP | {"arret_fin": "30/09/2026"}
"""Thirty days: terms on 14 and 28 September, the rest on the 30th."""
WHOLE = Decimal("828.28")
"""Three days of carence, 27 x 32,88 = 887,76; CSG 55,04, CRDS 4,44."""


def on(store: Store, day: int, month: int = 9) -> House:
    return keyed.a_house(store, date(2026, month, day))


def begun(store: Store, fields: dict[str, Any] = LONG, pays: dict[str, Any] = keyed.PAYS) -> tuple[House, str]:
    """A house on 15 September, and the avis paid for its first period."""
    house = on(store, 15)
    drive(house, keyed.key(house, keyed.ATTESTATION, pays))
    avis = keyed.key(house, keyed.AVIS, fields, copy=1)
    assert drive(house, avis) is State.ORDONNANCE
    return house, avis


def amounts(house: House, id: str) -> list[Decimal]:
    with house.store.begin() as conn:
        return [order.amount for order in payments.of_document(conn, id)]


def recomputes(house: House) -> None:
    found = list(past.verdicts(house.store, house.law))
    assert found
    assert all(each.equal for each in found), [each.parts for each in found]


def test_the_elapsed_days_are_paid_every_fourteen_days_then_the_rest(store: Store) -> None:
    """11 x 32,88 = 361,68 less 22,42 and 1,81 = 337,45; then 25 x 32,88 = 822,00 less 50,96 and 4,11 = 766,93,
    of which 429,48 are new; then the whole, 828,28, of which 61,35 are."""
    house, avis = begun(store)
    assert amounts(house, avis) == [Decimal("337.45")]
    assert pay_elapsed(on(store, 28)) == 0
    assert pay_elapsed(on(store, 29)) == 1
    assert pay_elapsed(on(store, 29)) == 0
    assert amounts(house, avis) == [Decimal("337.45"), Decimal("429.48")]
    assert pay_elapsed(on(store, 30)) == 0
    assert pay_elapsed(on(store, 1, 10)) == 1
    assert pay_elapsed(on(store, 20, 11)) == 0
    assert amounts(house, avis) == [Decimal("337.45"), Decimal("429.48"), Decimal("61.35")]
    assert sum(amounts(house, avis)) == WHOLE
    with house.store.begin() as conn:
        assert [each.nature for each in money.decisions_of(conn, avis)] == ["premiere", "suite", "suite"]
        assert bodies.data(conn, avis, cash.UNTIL) is None
        journal.verify(list(journal.lines(conn, avis)))
    assert list(ledger.compare(store)) == []  # each row of it is told by the journal
    recomputes(house)


def test_in_several_times_or_at_once_it_is_the_same_to_the_cent(store: Store) -> None:
    house = on(store, 1, 10)
    drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS))
    avis = keyed.key(house, keyed.AVIS, LONG, copy=1)
    assert drive(house, avis) is State.ORDONNANCE
    assert amounts(house, avis) == [WHOLE]


def test_each_instalment_has_its_order_and_its_decompte(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    house, avis = begun(store)
    told: list[Record] = []
    real = letters.decompte_especes.render
    monkeypatch.setattr(
        letters.decompte_especes,
        "render",
        lambda record, *a, **k: (told.append(record), real(record, *a, **k))[1],
    )
    assert delivery.deliver(house) == 1
    later = on(store, 29)
    assert pay_elapsed(later) == 1
    assert delivery.deliver(later) == 1
    assert [(each.start, each.end, each.decision.net) for each in told] == [
        (date(2026, 9, 1), date(2026, 9, 14), Decimal("337.45")),
        (date(2026, 9, 15), date(2026, 9, 28), Decimal("429.48")),
    ]
    out = house.store.settings.home / "sortie"
    with house.store.begin() as conn:
        orders = payments.of_document(conn, avis)
        chain = money.decisions_of(conn, avis)
        record = cash.record(conn, avis)
    assert record is not None
    for order in orders:
        sent = json.loads((out / "ordres" / f"{order.id}.json").read_bytes())
        assert Decimal(sent["amount"]) == order.amount
        assert (out / "decomptes" / f"{order.decision_id}.pdf").read_bytes().startswith(b"%PDF-")
    first = echeances.instalment(record, [], chain[0].decision)
    second = echeances.instalment(record, [chain[0].decision], chain[1].decision)
    assert (first.start, first.end) == (date(2026, 9, 1), date(2026, 9, 14))
    assert (second.start, second.end) == (date(2026, 9, 15), date(2026, 9, 28))
    assert [(line.kind, line.days) for line in first.decision.lines] == [("carence", 3), ("indemnise", 11)]
    (line,) = second.decision.lines
    assert (line.days, line.gross, line.net) == (14, Decimal("460.32"), Decimal("429.48"))
    assert [each.decision.net for each in (first, second)] == [order.amount for order in orders]


def test_a_worker_that_slept_pays_all_that_has_elapsed_at_once(store: Store) -> None:
    house, avis = begun(store)
    assert pay_elapsed(on(store, 20, 11)) == 1
    assert sum(amounts(house, avis)) == WHOLE
    assert len(amounts(house, avis)) == 2


def test_without_the_attestation_nothing_is_paid(store: Store) -> None:
    house = on(store, 15)
    avis = keyed.key(house, keyed.AVIS, LONG)
    assert drive(house, avis) is State.A_LIQUIDER
    assert pay_elapsed(on(store, 29)) == 0
    drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS, copy=1))
    assert drive(house, avis) is State.ORDONNANCE
    assert amounts(house, avis) == [Decimal("337.45")]


def test_the_first_term_is_waited_for(store: Store) -> None:
    early = on(store, 14)
    drive(early, keyed.key(early, keyed.ATTESTATION, keyed.PAYS))
    avis = keyed.key(early, keyed.AVIS, LONG, copy=1)
    assert drive(early, avis) is State.A_LIQUIDER
    assert wake_due(early) == 0
    assert wake_due(on(store, 15)) == 1
    assert drive(on(store, 15), avis) is State.ORDONNANCE
    assert amounts(early, avis) == [Decimal("337.45")]


def test_killed_anywhere_it_is_paid_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    house, avis = begun(store)
    killed = KeyboardInterrupt  # no handler takes it: it leaves what a kill leaves, the transaction undone
    for module, name in ((cash, "save_record"), (money, "save_decision"), (outbox, "add"), (journal, "write")):
        with monkeypatch.context() as patch:
            real = getattr(module, name)

            def dies(*args: Any, real: Any = real, **known: Any) -> None:
                real(*args, **known)
                raise killed

            patch.setattr(module, name, dies)
            with pytest.raises(killed):
                pay_elapsed(on(store, 29))
        assert amounts(house, avis) == [Decimal("337.45")]
    assert pay_elapsed(on(store, 29)) == 1
    assert amounts(house, avis) == [Decimal("337.45"), Decimal("429.48")]


def test_two_workers_at_once_pay_it_once(store: Store) -> None:
    begun_for = {}
    feuilles.load_people(store, 6)
    house = on(store, 15)
    for who in range(6):
        drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS, who=who))
        id = begun_for[who] = keyed.key(house, keyed.AVIS, LONG, who=who, copy=1)
        assert drive(house, id) is State.ORDONNANCE
    later, gate, done = on(store, 29), threading.Barrier(2), []

    def go() -> None:
        gate.wait()
        done.append(pay_elapsed(later))

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 6
    for id in begun_for.values():
        assert amounts(house, id) == [Decimal("337.45"), Decimal("429.48")]
    with house.store.begin() as conn:
        assert len(conn.execute(select(decisions)).all()) == 12
        assert all(row.order_id for row in conn.execute(select(shares)) if row.amount)


def test_a_prolongation_goes_on_without_a_new_carence(store: Store) -> None:
    house, avis = begun(store)
    more = {"arret_prolongation": True, "arret_premier_jour": "01/09/2026", "arret_debut": "01/10/2026",
            "arret_fin": "21/10/2026", "arret_prescrit_le": "28/09/2026", "arret_envoye_le": "28/09/2026",
            "arret_recu_le": "29/09/2026"}  # fmt: skip
    # while the first one still runs, with days of it to pay
    prolonged = keyed.key(on(store, 29), keyed.AVIS, LONG | more, copy=2)
    assert drive(on(store, 29), prolonged) is State.A_LIQUIDER
    assert pay_elapsed(on(store, 15, 10)) == 1
    assert wake_due(on(store, 15, 10)) == 1
    assert drive(on(store, 15, 10), prolonged) is State.ORDONNANCE
    assert sum(amounts(house, avis)) == WHOLE
    # fourteen days, none of carence: 460,32 less 28,54 and 2,30
    assert amounts(house, prolonged) == [Decimal("429.48")]
    assert pay_elapsed(on(store, 22, 10)) == 1
    recomputes(house)


def test_the_days_to_come_are_decided_for_any_other_avis(store: Store) -> None:
    """Paid to 14 September, asked again from the 20th: those days are this stop's."""
    house, _ = begun(store)
    again = keyed.key(house, keyed.AVIS, LONG | {"arret_debut": "20/09/2026"}, copy=2)
    assert drive(house, again) is State.A_LIQUIDER
    with house.store.begin() as conn:
        assert [each["code"] for each in bodies.data(conn, again, "not_computed")] == ["arret_deja_liquide"]
        record = cash.records(conn, feuilles.person(1).id)[0]
    assert sum(line.days for line in record.whole) == 30


def cancel(house: House, id: str) -> None:
    while delivery.deliver(house):
        pass
    key = house.store.vault.key(id)
    with house.store.begin() as conn:
        last = money.decision_of(conn, id)
        assert last is not None
        corrections.apply(
            conn, id, Asked("annulation", "reprise du travail le 20 septembre"), last.id, actor="local",
            key=key, today=house.today, law=house.law,
        )  # fmt: skip


def test_who_went_back_to_work_is_paid_no_more_and_owes_what_is_too_much(store: Store) -> None:
    """Paid to the 28th, back on the 20th: cancelled, then asked again up to the 19th, 16 x 32,88 = 526,08 less
    32,62 and 2,63 = 490,83; what was paid, 766,93, is owed, and held back of it within the limit."""
    house, avis = begun(store)
    later = on(store, 29)
    assert pay_elapsed(later) == 1
    cancel(later, avis)
    assert pay_elapsed(on(store, 20, 11)) == 0
    with house.store.begin() as conn:
        chain = money.decisions_of(conn, avis)
        assert bodies.data(conn, avis, "not_computed") is None  # it is not taken for one that broke off
        assert sum(each.decision.total for each in chain) == 0
        (owed,) = conn.exec_driver_sql("SELECT amount FROM indus").scalars()
    assert owed == Decimal("766.93")
    assert list(ledger.compare(store)) == []
    shorter = keyed.key(later, keyed.AVIS, LONG | {"arret_fin": "19/09/2026"}, copy=2)
    assert drive(later, shorter) is State.ORDONNANCE
    with house.store.begin() as conn:
        (order,) = payments.of_document(conn, shorter)
    assert order.amount == Decimal("490.83")
    recomputes(house)


def test_after_a_death_a_person_is_told_and_nothing_is_paid(store: Store) -> None:
    house, avis = begun(store)
    later, last = on(store, 29), on(store, 20, 11)  # they load the persons anew, alive
    with house.store.begin() as conn:
        person = people.insured(conn, feuilles.person(1).id)
        people.load_insured(conn, [replace(person, died_on=date(2026, 9, 20))])
    assert pay_elapsed(later) == 0
    with house.store.begin() as conn:
        assert [each["code"] for each in bodies.data(conn, avis, "not_computed")] == ["arret_apres_deces"]
        assert bodies.data(conn, avis, cash.UNTIL) is None  # nor is it asked again each minute
        (told,) = conn.execute(select(documents.c.id).where(cash.stopped())).scalars()
    assert told == avis
    assert amounts(house, avis) == [Decimal("337.45")]
    assert pay_elapsed(last) == 0


def test_what_a_person_closed_is_not_taken_for_a_stop_that_broke_off(store: Store) -> None:
    house = on(store, 15)
    avis = keyed.key(house, keyed.AVIS, LONG)
    assert drive(house, avis) is State.A_LIQUIDER
    with house.store.begin() as conn:
        rows.advance(conn, avis, State.A_LIQUIDER, State.CLASSE, actor="local")
        assert bodies.data(conn, avis, "not_computed") is not None
        assert conn.execute(select(documents.c.id).where(cash.stopped())).all() == []


def test_what_would_take_back_is_a_person_s(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules changed since: an instalment adds, and never claims."""
    house, avis = begun(store)
    real = paying.prestations.to_decision

    def less(*given: Any) -> Any:
        found = real(*given)
        return replace(found, shares=tuple(replace(each, amount=each.amount / 4) for each in found.shares))

    monkeypatch.setattr(paying.prestations, "to_decision", less)
    assert pay_elapsed(on(store, 29)) == 0
    assert amounts(house, avis) == [Decimal("337.45")]
    with house.store.begin() as conn:
        assert [each["code"] for each in bodies.data(conn, avis, "not_computed")] == ["suite_moindre"]
        record = cash.record(conn, avis)
        assert record is not None
        assert len(record.paid_until) == 1
        assert len(money.decisions_of(conn, avis)) == 1


def test_one_that_fails_stops_no_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    house, avis = begun(store)
    drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS, who=2))
    other = keyed.key(house, keyed.AVIS, LONG, who=2, copy=1)
    assert drive(house, other) is State.ORDONNANCE
    real = paying.extend_at_payment

    def ill(store: Store, document: Any, at: Any) -> Any:
        if document.id == avis:
            raise ValueError
        return real(store, document, at)

    monkeypatch.setattr(paying, "extend_at_payment", ill)
    assert pay_elapsed(on(store, 29)) == 1
    assert (len(amounts(house, avis)), len(amounts(house, other))) == (1, 2)


def test_the_employer_who_keeps_up_the_pay_is_paid_at_each_term(store: Store) -> None:
    house, avis = begun(store, pays=keyed.PAYS | {"subrogation": True})
    assert pay_elapsed(on(store, 29)) == 1
    with house.store.begin() as conn:
        orders = payments.of_document(conn, avis)
    assert [(each.payee_kind, each.payee_id, each.amount) for each in orders] == [
        ("employeur", keyed.SIRET, Decimal("337.45")), ("employeur", keyed.SIRET, Decimal("429.48")),
    ]  # fmt: skip


def test_a_part_time_is_told_at_its_end(store: Store) -> None:
    """What it loses is the pay of all its days."""
    house = on(store, 15)
    drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS))
    part = LONG | {"temps_partiel": True, "temps_partiel_perte": "600,00"}
    avis = keyed.key(house, keyed.AVIS, part, copy=1)
    assert drive(house, avis) is State.A_LIQUIDER
    assert wake_due(on(store, 30)) == 0
    assert wake_due(on(store, 1, 10)) == 1
    assert drive(on(store, 1, 10), avis) is State.ORDONNANCE


def test_the_last_of_the_360_days_are_paid_once_whatever_the_instalments() -> None:
    """350 days were paid in the three years; three of carence, then ten are left: to 13 September. None is
    paid at the second term, and another stop finds the 360 spent."""
    law, day = load(), date
    before = PaidDays(day(2025, 1, 1), day(2025, 12, 16))
    assert before.end - before.start == 349 * echeances.ONE
    pays = tuple(Pay(day(2026, month, 1), Decimal(2000)) for month in (6, 7, 8))
    stop = Stop(day(2026, 9, 1), day(2026, 9, 30), day(2026, 9, 1))
    case = MaladieCase("ij_maladie", day(2026, 10, 1), stop, Attestation(pays, hours_3_months=Decimal(455)),
                       CashHistory(paid=(before,), stops=(before,)))  # fmt: skip
    decided = [
        echeances.until(case, day(2026, 9, n), day(2026, 9, n) + echeances.ONE).decide(law)
        for n in (14, 28, 30)
    ]
    # 10 x 32,88 = 328,80 less 20,39 and 1,64
    assert [each.net for each in decided] == [Decimal("306.77")] * 3
    assert [(line.kind, line.days) for line in decided[0].lines] == [
        ("carence", 3),
        ("indemnise", 10),
        ("epuise", 1),
    ]
    first = Record(decided[0], stop.start, stop.end, "maladie", stop, paid_until=(day(2026, 9, 14),),
                   whole=echeances.whole(case, law))  # fmt: skip
    told = history_of([first])
    assert sum(len(days_of(each.start, each.end)) for each in told.paid) == 10


def test_the_days_to_come_count_in_what_another_stop_reads() -> None:
    """Eleven days are paid, twenty-seven are decided: the 360 of another stop count them all."""
    law, stop = load(), Stop(date(2026, 9, 1), date(2026, 9, 30), date(2026, 9, 1))
    pays = tuple(Pay(date(2026, month, 1), Decimal(2000)) for month in (6, 7, 8))
    case = MaladieCase("ij_maladie", date(2026, 9, 15), stop, Attestation(pays, hours_3_months=Decimal(455)))
    part = echeances.until(case, date(2026, 9, 14), date(2026, 9, 15)).decide(law)
    record = Record(part, stop.start, stop.end, "maladie", stop, paid_until=(date(2026, 9, 14),),
                    whole=echeances.whole(case, law))  # fmt: skip
    assert sum(line.days for line in part.lines if line.gross) == 11
    assert sum(len(days_of(each.start, each.end)) for each in history_of([record]).paid) == 27


def test_terms() -> None:
    law, start = load(), date(2026, 9, 1)
    stop = Stop(start, date(2026, 10, 10), start)
    found = {n: echeances.term(stop, start + n * echeances.ONE, law) for n in range(45)}
    first, second, end = date(2026, 9, 14), date(2026, 9, 28), stop.end
    # the day itself is not over: the first fourteen are on the fifteenth
    assert [found[n] for n in (0, 13, 14, 27, 28, 39, 40, 44)] == [
        None, None, first, first, second, second, end, end,
    ]  # fmt: skip
    assert echeances.next_term(stop, None, law) == first
    assert echeances.next_term(stop, second, law) == end
