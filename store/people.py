"""Insured persons and practitioners: loaded from files, found again by what a sheet says.

The database answers the queries of dossiers.queries; dossiers.identify ranks what it gives.
"""

import json
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError

from domain.errors import Refused
from domain.people import Insured, Practitioner
from dossiers.names import PARTICLES, normalise, sound, words
from dossiers.queries import HEAD, PractitionerQueries, Queries
from dossiers.schema import practitioner_from_json, read_lines, to_json
from store import person_json
from store.documents import known
from store.house import Store
from store.tables import insured as t
from store.tables import practitioners as p

MOST = 300
"""Candidates beyond these tell too little apart to be worth comparing."""

_INSURED = ("id", "natural_key", "nir", "assure_nir", "name_key", "surname_sounds", "first_sounds",
            "birth_date", "body")  # fmt: skip
_PRACTITIONER = ("rpps", "am_number", "name_key", "last_words", "body")


def load_file(store: Store, people: Path | None = None, *, practitioners: Path | None = None) -> dict[str, int]:
    """Load files of JSON lines in one transaction; loading them again changes nothing.

    A person keeps the id he was first given; a later line replaces all that was dated about him.
    Gives how many lines were read and how many rows are new or changed. Raises
    Refused("dossier_mal_forme") with the line and the field, and then loads nothing.
    """
    counts: dict[str, int] = {}
    with _one_row_a_person(), store.begin() as conn:
        if practitioners is not None:
            with practitioners.open("rb") as lines:
                told = load_practitioners(conn, read_lines(lines, Practitioner))
            counts["practitioners"], counts["practitioners_changed"] = told
        if people is not None:
            with people.open("rb") as lines:
                counts["insured"], counts["insured_changed"] = load_insured(conn, person_json.read(lines))
    return counts


@contextmanager
def _one_row_a_person() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise Refused("dossier_mal_forme", "Deux personnes portent le même identifiant.") from None


def load_insured(conn: Connection, people: Iterable[Insured]) -> tuple[int, int]:
    """How many were given, how many rows are new or changed."""
    read = _copy(conn, "insured", _INSURED, map(_insured_row, people))
    # who was known by another key (a child who has his NIR now) keeps his row
    conn.execute(
        text(
            "UPDATE insured i SET natural_key = f.natural_key FROM fresh f "
            "WHERE i.id = f.id AND i.natural_key <> f.natural_key"
        )
    )
    changed = conn.execute(
        text(
            f"INSERT INTO insured ({', '.join(_INSURED)}) SELECT DISTINCT ON (natural_key) "  # noqa: S608
            f"{', '.join(_INSURED)} FROM fresh ORDER BY natural_key, line DESC "
            "ON CONFLICT (natural_key) DO UPDATE SET nir = excluded.nir, "
            "assure_nir = excluded.assure_nir, name_key = excluded.name_key, "
            "surname_sounds = excluded.surname_sounds, first_sounds = excluded.first_sounds, "
            "birth_date = excluded.birth_date, body = excluded.body WHERE insured.body <> excluded.body"
        )
    ).rowcount
    conn.execute(text("DROP TABLE fresh"))
    return read, changed


def load_practitioners(conn: Connection, people: Iterable[Practitioner]) -> tuple[int, int]:
    read = _copy(conn, "practitioners", _PRACTITIONER, map(_practitioner_row, people))
    changed = conn.execute(
        text(
            f"INSERT INTO practitioners SELECT DISTINCT ON (rpps) {', '.join(_PRACTITIONER)} "  # noqa: S608
            "FROM fresh ORDER BY rpps, line DESC ON CONFLICT (rpps) DO UPDATE SET "
            "am_number = excluded.am_number, name_key = excluded.name_key, "
            "last_words = excluded.last_words, body = excluded.body "
            "WHERE practitioners.body <> excluded.body"
        )
    ).rowcount
    conn.execute(text("DROP TABLE fresh"))
    return read, changed


def insured(conn: Connection, insured_id: str) -> Insured:
    """Raises Refused("introuvable")."""
    row = conn.execute(select(t.c.id, t.c.body).where(t.c.id == known(insured_id))).one_or_none()
    if row is None:
        raise Refused("introuvable")
    return _insured(row)


def holder(conn: Connection, person: Insured, asking: str | None = None) -> Insured:
    """Who is written to and paid for a person: the assuré whose rights open hers, else herself. `asking`: the
    number of the parent who asks, where she is attached to both; one without a dossier is nobody here."""
    nir = asking or person.assure_nir
    if nir is None or nir == person.nir:
        return person
    query = select(t.c.id, t.c.body).where(t.c.nir == nir).order_by(t.c.id).limit(1)
    row = conn.execute(query).one_or_none()
    return _insured(row) if row is not None else person


def opened_by(conn: Connection, holder: Insured) -> list[Insured]:
    """Those whose rights the holder opens, alone or beside another parent, by their birth."""
    if holder.nir is None:
        return []
    # as the index insured_attached says it
    beside = text(
        "(insured.body->'rattachements' <> '[]'::jsonb"
        " AND insured.body->'rattachements' @> CAST(:held AS jsonb))"
    ).bindparams(held=json.dumps([{"nir": holder.nir}]))
    query = select(t.c.id, t.c.body).where(or_(t.c.assure_nir == holder.nir, beside), t.c.id != holder.id)
    return [_insured(row) for row in conn.execute(query.order_by(t.c.birth_date, t.c.id).limit(MOST))]


def of_numbers(conn: Connection, nirs: Iterable[str]) -> list[Insured]:
    """Those who bear one of these numbers themselves."""
    query = select(t.c.id, t.c.body).where(t.c.nir.in_(list(nirs))).order_by(t.c.birth_date, t.c.id)
    return [_insured(row) for row in conn.execute(query)]


def make(conn: Connection, person: Insured) -> bool:
    """A dossier of a person who had none; false where one of the same key is there."""
    query = upsert(t).values(id=person.id, **columns(person)).on_conflict_do_nothing().returning(t.c.id)
    return conn.execute(query).scalar_one_or_none() is not None


def candidates(conn: Connection, asked: Queries) -> list[Insured]:
    """Everyone worth comparing with what was read, at most MOST: by whole numbers, then by birth
    date, by halves of a number where none is known, by surname and first name as they sound."""
    found: dict[str, Any] = {}

    def add(*where: Any, limit: int = MOST) -> None:
        if len(found) < MOST:
            rows = conn.execute(select(t.c.id, t.c.body).where(*where).limit(limit))
            found.update((row.id, row) for row in rows if row.id not in found)

    if asked.nirs:
        nirs = list(asked.nirs)
        add(or_(t.c.nir.in_(nirs), t.c.assure_nir.in_(nirs)))
    is_known = bool(found)
    holders = {row.body["assure_nir"] for row in found.values()} - {None}
    if holders:
        add(or_(t.c.nir.in_(holders), t.c.assure_nir.in_(holders)))
    if asked.birth_dates:
        add(t.c.birth_date.in_(asked.birth_dates))
    if not is_known:
        for head in asked.nir_heads:
            add(or_(t.c.nir.like(f"{head[:HEAD]}%"), t.c.assure_nir.like(f"{head[:HEAD]}%")))
        if asked.nir_tails:
            tails = list(asked.nir_tails)
            add(or_(func.right(t.c.nir, 6).in_(tails), func.right(t.c.assure_nir, 6).in_(tails)))
    if asked.sounds and not (is_known and asked.birth_dates):
        for row in _named(conn, asked):
            if len(found) < MOST:
                found.setdefault(row.id, row)
    return [_insured(row) for row in found.values()]


def search(conn: Connection, words_typed: str, limit: int = 20) -> list[Insured]:
    """What an agent looks for by hand: a number (its own person first), or names in any order, nearest
    first."""
    digits = "".join(words_typed.split()).upper()
    if len(digits) >= 13 and digits[:5].isdigit():
        number = digits[:13]
        query = select(t.c.id, t.c.body).where(or_(t.c.nir == number, t.c.assure_nir == number))
        # the person first, then those whose rights that person opens: the first is what Enter takes
        query = query.order_by(case((t.c.nir == number, 0), else_=1), t.c.birth_date, t.c.id)
    else:
        key = normalise(words_typed)
        near = func.word_similarity(key, t.c.name_key)
        first = t.c.name_key.startswith(key, autoescape=True).desc()
        query = select(t.c.id, t.c.body).where(t.c.name_key.op("%>")(key))
        query = query.order_by(near.desc(), first, t.c.name_key, t.c.id)
    return [_insured(row) for row in conn.execute(query.limit(limit))]


def practitioners_for(conn: Connection, asked: PractitionerQueries) -> list[Practitioner]:
    """Practitioners with one of these numbers, or one of these names; numbers first."""
    by_number = or_(p.c.rpps.in_(asked.rpps), p.c.am_number.in_(asked.am_numbers))
    by_name = p.c.last_words.overlap(list(asked.names))
    query = select(p.c.body).where(or_(by_number, by_name)).order_by(case((by_number, 0), else_=1), p.c.rpps)
    return [practitioner_from_json(body) for body in conn.execute(query.limit(MOST)).scalars()]


def practitioner(conn: Connection, rpps: str | None = None, am: str | None = None) -> Practitioner | None:
    where = p.c.rpps == rpps if rpps else p.c.am_number == am
    body = conn.execute(select(p.c.body).where(where).limit(1)).scalar_one_or_none()
    return practitioner_from_json(body) if body else None


def count(conn: Connection) -> tuple[int, int]:
    """How many insured persons and practitioners there are."""
    query = select(
        select(func.count()).select_from(t).scalar_subquery(),
        select(func.count()).select_from(p).scalar_subquery(),
    )
    people, professionals = conn.execute(query).one()
    return people, professionals


def _named(conn: Connection, asked: Queries) -> Iterable[Any]:
    """Those with a surname and a first name that sound like two of the words read."""
    sounds = list(asked.sounds)
    years = sorted({day.year for day in asked.birth_dates})
    born_then = func.extract("year", t.c.birth_date).in_(years) if years else text("false")
    query = (
        select(t.c.id, t.c.body)
        .where(and_(t.c.surname_sounds.overlap(sounds), t.c.first_sounds.overlap(sounds)))
        .order_by(case((born_then, 0), else_=1))
        .limit(MOST)
    )
    return conn.execute(query)


def _copy(conn: Connection, table: str, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> int:
    """COPY `rows` into the temporary table `fresh`, made like `table`; how many."""
    conn.execute(
        text(
            f"CREATE TEMPORARY TABLE fresh ON COMMIT DROP AS SELECT {', '.join(columns)}, 0 AS line "  # noqa: S608
            f"FROM {table} WITH NO DATA"
        )
    )
    number = 0
    cursor = conn.connection.cursor()
    with cursor.copy(f"COPY fresh ({', '.join(columns)}, line) FROM STDIN") as copy:
        for number, row in enumerate(rows, 1):
            copy.write_row((*row, number))
    cursor.close()
    return number


def _insured_row(person: Insured) -> tuple[Any, ...]:
    firsts, surnames = words(person.first_names), (*words(person.birth_name), *words(person.use_name or ""))
    return (
        _uuid(person.id),
        person.nir or f"{person.assure_nir}/{person.birth_date}/{person.birth_rank}/{firsts[:1]}",
        person.nir,
        person.assure_nir,
        " ".join(dict.fromkeys((*surnames, *firsts))),
        sorted({sound(word) for word in surnames if word not in PARTICLES and len(word) > 2}),
        sorted({sound(word) for word in firsts[:2]}),
        person.birth_date,
        person_json.dump(person),
    )


def columns(person: Insured) -> dict[str, Any]:
    """What the row of a person holds, but her id; those that follow from her names come with them."""
    told = dict(zip(_INSURED, _insured_row(person), strict=True))
    return {name: told[name] for name in _INSURED if name != "id"} | {"body": json.loads(told["body"])}


def _practitioner_row(person: Practitioner) -> tuple[Any, ...]:
    names = words(person.last_name)
    key = " ".join((*names, *words(person.first_name)))
    body = json.dumps(to_json(person), ensure_ascii=False)
    return person.rpps, person.am_number, key, list(names), body


def _insured(row: Any) -> Insured:
    return person_json.load(row.id, row.body)


def _uuid(id: str) -> str:
    """The id of the file where it is a UUID; else a random one."""
    try:
        return str(uuid.UUID(id))
    except ValueError:
        return str(uuid.uuid4())
