"""Money comes back with the house: what was decided, what it withheld, what was ordered, never to be
ordered again."""

import io
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from archive.erase import erase
from archive.journal_seal import seal_pending
from archive.rebuild import rebuild
from archive.rows import compare
from domain.errors import Refused
from domain.flow import State
from ingest import lots
from liquidation.recouvrement import Event
from store import (
    bodies,
    cases,
    cash,
    corrections,
    debts,
    documents,
    money,
    payments,
    people,
    propositions,
    rejections,
    senders,
    tables,
    tasks,
)
from tests.promises import feuilles, invariants
from tests.promises.test_r8_rebuild import lose_the_database
from tests.workers import keyed
from tests.workers import test_recovery as recovery
from tests.workers.driving import drive
from workers import delivery
from workers.echeances import pay_elapsed
from workers.house import House
from workers.runner import run
from workers.stages import STAGES
from workers.waiting import wake_due


@pytest.fixture
def house(own_buckets):
    feuilles.load_people(own_buckets, 3)
    return House(own_buckets, feuilles.Recorded())


def loaded_again(store, superuser):
    """The same persons, under other ids."""
    feuilles.load_people(store, 3)
    superuser.execute("UPDATE insured SET id = gen_random_uuid()")


def insured_id(store, who):
    person = feuilles.person(who)
    with store.begin() as conn:
        return conn.execute(select(tables.insured.c.id).where(tables.insured.c.nir == person.nir)).scalar_one()


def accounts(store, id):
    """Decision and orders of a document, but for what names the insured."""
    with store.begin() as conn:
        stored = money.decision_of(conn, id)
        assert stored is not None
        shares = [(each.line, each.payee_kind, each.amount) for each in stored.decision.shares]
        orders = [(each.id, each.payee_kind, each.amount) for each in payments.of_document(conn, id)]
        decision = stored.decision
    return stored.id, decision.lines, shares, decision.withheld, decision.total, decision.trace, orders


def test_what_was_paid_is_known_and_never_paid_again(house, superuser):
    store = house.store
    first, second = (feuilles.put(store, feuilles.sheet(1, day)).id for day in (1, 2))
    other = feuilles.put(store, feuilles.sheet(2, 1)).id
    assert {drive(house, id) for id in (first, second, other)} == {State.ORDONNANCE}
    assert delivery.deliver(house) == 3
    seal_pending(store)
    before = {id: accounts(store, id) for id in (first, second, other)}
    with store.begin() as conn:
        known = money.history(conn, feuilles.person(1).id)
        paid = invariants.paid(store)
    assert len(known.withheld) == 2

    lose_the_database(superuser)
    loaded_again(store, superuser)
    report = rebuild(store)
    assert report.lost == {}
    assert sorted(report.decided) == sorted(before)
    assert report.unconfirmed_orders == []  # each is among those that left
    assert not set(report.ordered) & set(report.unknown_orders)
    assert {id: accounts(store, id) for id in before} == before
    one = insured_id(store, 1)
    with store.begin() as conn:
        history = money.history(conn, one)
        assert history.withheld == known.withheld
        assert [(act.document_id, act.insured_id, act.state) for act in history.acts] == [
            (first, one, State.ORDONNANCE), (second, one, State.ORDONNANCE),
        ]  # fmt: skip
        stored = money.decision_of(conn, first)
        assert {share.payee_id for share in stored.decision.shares} == {one}
        assert all(order.sent_at for order in payments.of_document(conn, first))
    assert sorted(invariants.paid(store).values()) == sorted(paid.values())
    invariants.no_share_twice(store)
    assert delivery.deliver(house) == 0
    seal_pending(store)
    assert [verdict for verdict in compare(store) if not verdict["ok"]] == []
    invariants.archive_is_green(store)

    again = feuilles.put(store, feuilles.sheet(1, 1, copy=1)).id
    assert drive(house, again) is State.A_VALIDER
    with store.begin() as conn:
        assert "doublon_paye" in [each["code"] for each in bodies.data(conn, again, "findings")]
        assert payments.of_document(conn, again) == []
    third = feuilles.put(store, feuilles.sheet(1, 3)).id
    assert drive(house, third) is State.ORDONNANCE
    with store.begin() as conn:
        assert len(money.history(conn, one).withheld) == 3


def test_the_participations_of_the_year_go_on_from_where_they_were(house, superuser):
    """49 € of 50 are taken: the next sheet gives one more, and no more than that."""
    store = house.store
    id = feuilles.put(store, feuilles.sheet(1, 1)).id
    assert drive(house, id) is State.ORDONNANCE
    with store.begin() as conn:
        (taken,) = money.history(conn, feuilles.person(1).id).withheld
    for day in range(2, 30):
        more = feuilles.put(store, feuilles.sheet(1, day)).id
        assert drive(house, more) is State.ORDONNANCE
    with store.begin() as conn:
        full = sum(each.amount for each in money.history(conn, feuilles.person(1).id).withheld)
    assert full < 29 * taken.amount  # the cap was reached
    seal_pending(store)
    lose_the_database(superuser)
    loaded_again(store, superuser)
    rebuild(store)
    last = feuilles.put(store, feuilles.sheet(1, 40)).id
    assert drive(house, last) is State.ORDONNANCE
    with store.begin() as conn:
        assert sum(each.amount for each in money.history(conn, insured_id(store, 1)).withheld) == full


def test_what_was_decided_and_not_ordered_waits_for_a_person(house, superuser):
    store = house.store
    id = feuilles.put(store, feuilles.sheet(1, 1)).id
    for stage in ("trier", "lire", "archiver", "liquider"):
        assert run(house, STAGES, id, stage)
    seal_pending(store)
    lose_the_database(superuser)
    loaded_again(store, superuser)
    report = rebuild(store)
    assert (report.for_a_person, report.decided) == ([id], [id])
    with store.begin() as conn:
        assert documents.load(conn, id).status is State.QUARANTAINE
        assert payments.of_document(conn, id) == []
        # a person looked: nothing had left
        tasks.close_without(conn, id)
        documents.advance(conn, id, State.QUARANTAINE, State.LIQUIDE, actor="local")
    assert drive(house, id) is State.ORDONNANCE
    with store.begin() as conn:
        assert sum(order.amount for order in payments.of_document(conn, id)) > 0


def test_days_indemnified_before_are_not_indemnified_again(own_buckets, superuser):
    house = keyed.a_house(own_buckets)
    store = house.store
    drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS))
    avis = keyed.key(house, keyed.AVIS, keyed.STOP, copy=1)
    assert drive(house, avis) is State.ORDONNANCE
    seal_pending(store)
    before = accounts(store, avis)
    lose_the_database(superuser)
    feuilles.load_people(store, 3)
    report = rebuild(store)
    assert report.lost == {}
    assert accounts(store, avis) == before
    (order,) = report.unconfirmed_orders  # ordered, and no file of it had left
    assert delivery.deliver(house) == 0
    superuser.execute("UPDATE outbox SET sent_at = NULL WHERE order_id = %s", (order,))  # a person's word
    assert delivery.deliver(house) == 1
    assert (store.settings.home / "sortie" / "ordres" / f"{order}.json").exists()
    again = keyed.key(house, keyed.AVIS, keyed.STOP | {"arret_debut": "05/09/2026"}, copy=2)
    assert drive(house, again) is State.A_LIQUIDER
    with store.begin() as conn:
        assert [each["code"] for each in bodies.data(conn, again, "not_computed")] == ["arret_deja_liquide"]


def test_what_waited_for_a_day_waits_for_it_still(own_buckets, superuser):
    early = keyed.a_house(own_buckets, date(2026, 9, 10))
    store = early.store
    drive(early, keyed.key(early, keyed.ATTESTATION, keyed.PAYS))
    avis = keyed.key(early, keyed.AVIS, keyed.STOP, copy=1)
    assert drive(early, avis) is State.A_LIQUIDER
    seal_pending(store)
    with store.begin() as conn:
        kept = {kind: bodies.data(conn, avis, kind) for kind in ("not_computed", "attend")}
    lose_the_database(superuser)
    loaded_again(store, superuser)
    rebuild(store)
    with store.begin() as conn:
        assert {kind: bodies.data(conn, avis, kind) for kind in kept} == kept
    later = keyed.a_house(own_buckets, date(2026, 11, 20))
    assert wake_due(later) == 1
    assert drive(later, avis) is State.ORDONNANCE


def test_a_stop_that_runs_is_paid_on_from_where_it_stood(own_buckets, superuser):
    """Two instalments before the loss, under the ids of then; the rest after it, to the same person."""
    house = keyed.a_house(own_buckets, date(2026, 9, 15))
    store = house.store
    drive(house, keyed.key(house, keyed.ATTESTATION, keyed.PAYS))
    avis = keyed.key(house, keyed.AVIS, keyed.STOP | {"arret_fin": "30/09/2026"}, copy=1)
    assert drive(house, avis) is State.ORDONNANCE
    assert pay_elapsed(keyed.a_house(own_buckets, date(2026, 9, 29))) == 1
    seal_pending(store)
    before = accounts(store, avis)
    with store.begin() as conn:
        wakes, record = bodies.data(conn, avis, "attend"), cash.record(conn, avis)
    lose_the_database(superuser)
    loaded_again(store, superuser)
    assert rebuild(store).lost == {}
    assert accounts(store, avis) == before
    with store.begin() as conn:
        assert bodies.data(conn, avis, "attend") == wakes
        again = cash.record(conn, avis)
        # but for the id that the person bears now
        assert (again.paid_until, again.whole, again.decision.lines) == (
            record.paid_until, record.whole, record.decision.lines,
        )  # fmt: skip
        assert [each.nature for each in money.decisions_of(conn, avis)] == ["premiere", "suite"]
    later = keyed.a_house(own_buckets, date(2026, 10, 1))
    assert pay_elapsed(later) == 1
    assert pay_elapsed(later) == 0
    with store.begin() as conn:
        paid = payments.of_document(conn, avis)
    assert sum(order.amount for order in paid) == Decimal("828.28")
    assert {order.payee_id for order in paid} == {insured_id(store, 1)}


def test_nothing_is_rebuilt_before_the_persons_that_were_paid_are_loaded(house, superuser):
    store = house.store
    id = feuilles.put(store, feuilles.sheet(1, 1)).id
    assert drive(house, id) is State.ORDONNANCE
    seal_pending(store)
    lose_the_database(superuser)
    with pytest.raises(Refused, match="etat_change") as refused:
        rebuild(store)
    assert refused.value.extra["documents"] == [id]
    with store.begin() as conn:
        assert documents.find(conn) == []
    loaded_again(store, superuser)
    assert rebuild(store).decided == [id]


def test_what_was_erased_takes_its_amounts_along(house, superuser):
    store = house.store
    id = feuilles.put(store, feuilles.sheet(1, 1)).id
    assert drive(house, id) is State.ORDONNANCE
    assert delivery.deliver(house) == 1
    with store.begin() as conn:
        order = payments.of_document(conn, id)[0].id
    erase(store, id, "local")
    seal_pending(store)
    lose_the_database(superuser)
    loaded_again(store, superuser)
    report = rebuild(store)
    assert (report.erased, report.decided, report.lost) == ([id], [], {})
    assert order not in report.unknown_orders  # it left, and a seal knows it
    with store.begin() as conn:
        assert money.decision_of(conn, id) is None
        assert documents.load(conn, id).status is State.ORDONNANCE


def test_an_order_that_left_after_the_last_seal_is_told(house, superuser):
    store = house.store
    id = feuilles.put(store, feuilles.sheet(1, 1)).id
    for stage in ("trier", "lire", "archiver"):
        assert run(house, STAGES, id, stage)
    seal_pending(store)
    assert drive(house, id) is State.ORDONNANCE
    with store.begin() as conn:
        (order,) = payments.of_document(conn, id)
    assert delivery.deliver(house) == 1
    lose_the_database(superuser)
    loaded_again(store, superuser)
    report = rebuild(store)
    assert (report.for_a_person, report.decided) == ([id], [])
    assert order.id in report.unknown_orders
    with store.begin() as conn:
        assert documents.load(conn, id).status is State.QUARANTAINE
    # the same sheet again is a double all the same
    again = feuilles.put(store, feuilles.sheet(1, 1, copy=1)).id
    assert drive(house, again) is State.A_VALIDER


def test_a_change_of_a_dossier_that_was_not_loaded_again_is_told(own_buckets, superuser):
    house = keyed.a_house(own_buckets)
    store = house.store
    id = keyed.key(house, "rib", {"rib_iban": keyed.OTHER_IBAN, "rib_titulaire": "BERNARD PAUL"})
    assert drive(house, id) is State.APPLIQUE
    with store.begin() as conn:
        after = people.insured(conn, feuilles.person(1).id)
        kept = propositions.kept(conn, id)
    assert kept is not None
    assert kept.changes
    seal_pending(store)
    lose_the_database(superuser)
    loaded_again(store, superuser)
    assert rebuild(store).not_in_dossiers == [id]
    with store.begin() as conn:  # what it changed, by the ids that its dossiers bear now
        again = propositions.kept(conn, id)
    assert again == propositions.Kept(kept.changes, (insured_id(store, 1),))
    assert again.dossiers != kept.dossiers
    lose_the_database(superuser)
    feuilles.load_people(store, 3)
    with store.begin() as conn:
        people.load_insured(conn, [after])
    assert rebuild(store).not_in_dossiers == []


def test_corrections_and_sums_to_recover_come_back(own_buckets, superuser):
    """19,00 paid, cancelled for a fraud (20,90 asked for, notified, received), held back of the next."""
    house = keyed.a_house(own_buckets)
    store = house.store
    first = feuilles.put(store, feuilles.sheet(1, 20)).id
    assert drive(house, first) is State.ORDONNANCE
    delivery.deliver(house)
    recovery.correct(house, first, corrections.Asked("annulation", "feuille inventée", fraud=True))
    delivery.deliver(house)
    (indu,) = recovery.indus_of(house, first)
    recovery.note(house, indu, Event("reception", date(2026, 11, 20)))
    after = recovery.on(house, date(2026, 12, 11))
    second = feuilles.put(store, feuilles.sheet(1, 23)).id
    assert drive(after, second) is State.ORDONNANCE
    delivery.deliver(after)
    seal_pending(store)

    def told():
        with store.begin() as conn:
            chain = [each.decision for each in money.decisions_of(conn, first)]
            orders = [(o.id, o.net, [r.amount for r in o.retained]) for o in payments.of_document(conn, second)]
            (found,) = debts.of_document(conn, first)
        events = [(each.what, each.on) for each in found.events]
        sums = [(each.total, [s.amount for s in each.shares], each.withheld) for each in chain]
        return sums, orders, found.id, found.asked, found.held, events

    before = told()
    assert before[4] == Decimal("19.00")
    lose_the_database(superuser)
    loaded_again(store, superuser)
    report = rebuild(store)
    assert report.lost == {}
    assert told() == before
    assert delivery.deliver(house) == 0  # no letter leaves twice
    with store.begin() as conn:
        assert [act.document_id for act in money.history(conn, insured_id(store, 1)).acts] == [second]
    invariants.no_share_twice(store)


def test_what_was_typed_for_a_correction_comes_back(own_buckets, superuser):
    """Else the next correction would begin from what was read amiss."""
    house = keyed.a_house(own_buckets)
    store = house.store
    id = feuilles.put(store, feuilles.sheet(1, 20)).id
    assert drive(house, id) is State.ORDONNANCE
    delivery.deliver(house)
    typed = {"non_paye_part_obligatoire": True}
    recovery.correct(house, id, corrections.Asked("saisie", "la case était cochée", typed))
    seal_pending(store)
    with store.begin() as conn:
        before = {name: each.value for name, each in cases.fields_of(conn, id).items()}
    lose_the_database(superuser)
    loaded_again(store, superuser)
    assert rebuild(store).lost == {}
    with store.begin() as conn:
        after = {name: each.value for name, each in cases.fields_of(conn, id).items()}
    assert after["non_paye_part_obligatoire"] is True
    assert after == before


def test_a_reject_that_a_person_settled_stays_settled(own_buckets, superuser):
    store = own_buckets
    with store.begin() as conn:
        sender = senders.house_sender(conn)
    lot = lots.open_lot(store, sender, 1, False)
    lots.put_sheet(store, sender, lot, 1, "r", io.BytesIO(b"ni une image, ni un PDF"))
    with store.begin() as conn:
        (id,) = conn.execute(select(tables.documents.c.id)).scalars()
        rejections.settle(conn, id, store.vault.new_key(id), "valideur:a", "redemandé")
        told = bodies.data(conn, id, "reglement")
    seal_pending(store)
    lose_the_database(superuser)
    rebuild(store)
    with store.begin() as conn:
        assert rejections.count(conn, rejections.waiting()) == 0
        again = bodies.data(conn, id, "reglement")
    assert {name: again[name] for name in ("reason", "by")} == {name: told[name] for name in ("reason", "by")}
