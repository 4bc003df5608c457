"""Which deposits a rebuilt house holds: of several sidecars for one place, one.

A sidecar is written before its COMMIT, so one may tell of a deposit that never was; and what was
erased may have been sent again. The database holds one deposit a sender and bytes, and one a place
of a lot: so must what is rebuilt.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from archive import names
from archive.inventory import Verdict
from archive.restore import Package, Sealed, hashes_of
from store.clock import now
from store.house import Store
from store.sidecars import Sidecar
from store.tables import contents, deposits, senders

HOUSE = ("local", "dossier_surveille")
"""Senders without a token: the one that comes first takes the empty name by which the house finds it."""
OUT_OF_PLACE = ("lot_clos", "image_differente")
"""Codes of bytes that were set aside because their place in a lot was taken or gone."""


@dataclass(slots=True)
class Deposits:
    """`kept`: by deposit. `erased`: of those, what they brought was destroyed. `loose`: of those, in no
    lot, though they were sent to one. `aside`: whose place another holds; no seal knows them."""

    kept: dict[str, Sidecar] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    loose: set[str] = field(default_factory=set)
    aside: list[str] = field(default_factory=list)

    def in_lot(self, deposit: str) -> bool:
        return self.kept[deposit].lot is not None and deposit not in self.loose


def lacking(store: Store) -> Iterator[Verdict]:
    """Deposits of the base whose receipt the store has no more: a rebuild would lose them. A receipt is written
    before its deposit is committed, so that there is never one to come."""
    with store.begin() as conn:
        ids = conn.execute(select(deposits.c.id).order_by(deposits.c.received_at)).scalars().all()
    here = {names.parse(stat.key).deposit for stat in store.objects.list(names.BUCKET, "receipts/")}
    for id in ids:
        if id not in here:
            told = "la base a ce dépôt, le magasin n'a plus son récépissé"
            yield Verdict(names.receipts(id), None, "receipt", "absent", told, id)


def choose(found: Iterable[Sidecar], known: Sealed, packages: Mapping[str, Package]) -> Deposits:
    """Of those that stand for one place: the one that a seal or a package knows; else the last written,
    which is the one that its sender was given a receipt for: another takes a place only where the one
    before it failed."""
    sealed = {package.manifest.deposit for package in packages.values()}
    places: dict[tuple[object, ...], list[Sidecar]] = defaultdict(list)
    chosen = Deposits()
    for each in found:
        if _erased(each.deposit, known, packages):
            chosen.erased.add(each.deposit)
        if each.lot is None and each.deposit in chosen.erased:
            chosen.kept[each.deposit] = each  # it stands in nobody's way
        else:
            places[each.lot or (each.sender, each.sha256)].append(each)
    for rivals in places.values():
        first, *others = sorted(rivals, key=lambda each: _rank(each, known, sealed), reverse=True)
        chosen.kept[first.deposit] = first
        for other in others:
            if other.deposit not in known.lines and other.deposit not in sealed:
                chosen.aside.append(other.deposit)
                continue
            chosen.kept[other.deposit] = other
            (chosen.loose if other.lot else chosen.erased).add(other.deposit)
    _part_the_loose(chosen)
    return chosen


def _erased(deposit: str, known: Sealed, packages: Mapping[str, Package]) -> bool:
    package = packages.get(deposit)
    if package is not None and package.facts is None:
        return True  # no seal says so yet, but its key is gone
    return any(line["event"] == "effacement" for line in known.with_those_of(deposit, package))


def _rank(each: Sidecar, known: Sealed, sealed: set[str]) -> tuple[bool, bool, object, str]:
    told = known.lines.get(each.deposit, [])
    out = any(hashes_of(line).get("code") in OUT_OF_PLACE for line in told[:1])
    return bool(told) or each.deposit in sealed, not out, each.received_at, each.deposit


def _part_the_loose(chosen: Deposits) -> None:
    """Out of their lot, they may be bytes that their sender sent alone too."""
    taken = {
        (each.sender, each.sha256)
        for each in chosen.kept.values()
        if each.lot is None and each.deposit not in chosen.erased
    }
    for deposit in sorted(chosen.loose):
        place = chosen.kept[deposit].sender, chosen.kept[deposit].sha256
        if place in taken:
            chosen.erased.add(deposit)
        taken.add(place)


def write_senders(conn: Connection, found: Iterable[Sidecar]) -> None:
    """Without their tokens: they are asked for again."""
    named: set[str] = set()
    for each in found:
        role, name = each.sender_role, f"reconstruit {each.sender}"
        if role in HOUSE and role not in named:
            named.add(role)
            name = ""
            # one that answered before it was rebuilt has made itself another
            other = (senders.c.role == role, senders.c.name == "", senders.c.id != each.sender)
            conn.execute(update(senders).where(*other).values(name="avant la reconstruction"))
        sender = {"id": each.sender, "role": role, "name": name}
        conn.execute(upsert(senders).values(sender).on_conflict_do_nothing())


def write_contents(conn: Connection, store: Store, found: Iterable[Sidecar]) -> None:
    """The bytes that the inbox still holds are those that count."""
    here = {stat.key for stat in store.objects.list("inbox")}
    for each in found:
        gone = None if each.object_key in here else now()
        made = upsert(contents).values(**each.content(), stored_at=each.received_at, removed_at=gone)
        conn.execute(
            made.on_conflict_do_nothing()
            if gone
            else made.on_conflict_do_update(index_elements=["sha256"], set_=dict(made.excluded.items()))
        )


def write_deposits(conn: Connection, chosen: Deposits) -> None:
    """Their lots are there already."""
    for id, each in chosen.kept.items():
        place = each.lot if each.lot and id not in chosen.loose else (None, None, None)
        conn.execute(
            insert(deposits).values(
                id=id, sender_id=each.sender, sha256=each.sha256, source=each.source, receipt="reconstruit",
                received_at=each.received_at, received_on=each.received_on, erased=id in chosen.erased,
                **dict(zip(("lot_id", "lot_n", "lot_side"), place, strict=True)),
            )
        )  # fmt: skip
