"""The demonstration lot: a morning's post, each piece with what must become of it.

A line of truth.jsonl tells, beside the values: `how` the piece arrives (`lot` with its `sheet` number,
`post`, `hot`), `expected` (the state it ends in), `reason` of an `ecarte`, and what the `agent` answers
if it is laid before him: {"action", "reason", "type"?}. `visitor`: left for who visits the demonstration.
"""

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from domain.people import Insured
from domain.period import on_day
from ocr.forms import Form, load_form
from ocr.specimen.cases import Case, goes_through, make_case
from ocr.specimen.codes import blank_page, separator_page
from ocr.specimen.files import EXTENSIONS, encode
from ocr.specimen.making import FORM, Made, compose, population_for, truth_line
from ocr.specimen.population import TODAY, Population, make_population
from ocr.specimen.profiles import PROFILES
from ocr.specimen.registry import Sources
from ocr.specimen.vector import filled_page, invoice_page, write_pdf

ACCEPT = {"action": "accept", "reason": ""}
KEEP_TOTAL = {
    "action": "accept",
    "reason": "Les honoraires de chaque acte sont portés et lisibles (R161-42 5° et 8°) : le total, faux,"
    " est gardé tel qu'il est écrit ; le remboursement se calcule acte par acte.",
}


def _refuse(reason: str) -> dict[str, str]:
    return {"action": "refuse", "reason": reason}


REFUSALS = {
    "unsigned": "La feuille n'est pas signée de l'assuré (R161-43 1°) : elle lui est retournée pour signature.",
    "unknown": "Aucun assuré ni ayant droit de ce nom et de ce numéro dans les dossiers de la caisse.",
    "closed": "Les droits n'étaient pas ouverts au jour des soins (L160-1, D160-2).",
    "rescan": "Seconde numérisation d'une feuille déjà reçue : les mêmes actes ne sont pas payés deux fois.",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One file to make. `scan`: what overrides the profile's draw."""

    note: str
    how: str = "lot"
    profile: str = "printed_clean"
    scan: dict[str, Any] = field(default_factory=dict)
    case: Callable[["Maker", random.Random], Case] | None = None
    expected: str = "ordonnance"
    agent: dict[str, str] = field(default_factory=lambda: dict(ACCEPT))
    more: dict[str, Any] = field(default_factory=dict)
    make: Callable[["Maker", "Piece", random.Random], tuple[bytes, str, dict[str, Any]]] | None = None


class Maker:
    """Keeps what was made before, for the pieces that repeat another."""

    def __init__(self, out: Path, seed: int, sources: Sources, today: date) -> None:
        self.out, self.seed, self.sources, self.today = out, seed, sources, today
        self.form: Form = load_form(FORM)
        self.pop: Population = population_for(seed, None, out, today)
        self.strangers = make_population(seed + 1_000_003, 200, today)
        self.used: set[str] = set()
        self.cases: dict[str, Case] = {}
        self.bytes: dict[str, tuple[bytes, str]] = {}

    def person(self, rng: random.Random, fits: Callable[[Insured], bool]) -> Insured:
        """Someone whom no other sheet of the lot is about."""
        fitting = [p for p in self.pop.insured if p.id not in self.used and fits(p)]
        chosen = rng.choice(fitting)
        self.used.add(chosen.id)
        return chosen

    def day(self, rng: random.Random) -> date:
        return self.today - timedelta(days=rng.randrange(4, 40))

    def case(
        self,
        rng: random.Random,
        codes: tuple[str, ...] = (),
        fits: Callable[[Insured], bool] = lambda person: person.assure_nir is None,
        *,
        plain: bool = True,
        by_doctor: bool | None = True,
    ) -> Case:
        """A sheet that goes through. `by_doctor`: seen by the médecin traitant (None: whoever)."""

        def fit(person: Insured) -> bool:
            if plain and not goes_through(person, self.today):
                return False
            own = on_day(person.medecins_traitants, self.today)
            known = own is not None and own.rpps in able
            return fits(person) and (
                by_doctor is None or not by_doctor or known or person.assure_nir is not None
            )

        able = {d.rpps for d in self.pop.practitioners if d.specialty == "01" and d.sector == "1"}
        person = self.person(rng, fit)
        own = on_day(person.medecins_traitants, self.today)
        doctors = [d for d in self.pop.practitioners if d.rpps in able]
        if by_doctor and own is not None:
            doctors = [d for d in doctors if d.rpps == own.rpps]
        elif by_doctor is False and own is not None:
            doctors = [d for d in doctors if d.rpps != own.rpps]
        day = self.day(rng)
        acts = [
            (code, day + timedelta(days=3 * i))
            for i, code in enumerate(codes or (rng.choice(("G", "G", "VG")),))
        ]
        acts = [
            (code, min(each, self.today - timedelta(days=1 + len(acts) - i)))
            for i, (code, each) in enumerate(acts)
        ]
        made = make_case(
            self.form,
            self.pop,
            rng,
            today=self.today,
            person=person,
            doctor=rng.choice(doctors),
            acts=acts,
            plain=True,
        )
        calm = {"urgence": False, "hors_residence": False, "non_paye_part_obligatoire": False}
        return made.with_fields(organisme_rattachement=None, **calm)


def _adult(person: Insured) -> bool:
    return person.assure_nir is None and not person.alds


def _plain(*codes: str) -> Callable[[Maker, random.Random], Case]:
    return lambda maker, rng: maker.case(rng, codes, _adult)


def _ald(maker: Maker, rng: random.Random) -> Case:
    def has(person: Insured) -> bool:
        return any(a.period.end is None and a.period.start < date(2026, 8, 1) for a in person.alds)

    return maker.case(rng, ("G",), has).with_fields(ald=True)


def _minor(maker: Maker, rng: random.Random) -> Case:
    def child(person: Insured) -> bool:
        return person.assure_nir is not None and person.nir is not None and person.birth_date.year > 2011

    return maker.case(rng, ("G",), child, by_doctor=None)


def _outside(maker: Maker, rng: random.Random) -> Case:
    made = maker.case(rng, ("G",), lambda p: _adult(p) and bool(p.medecins_traitants), by_doctor=False)
    return made.with_fields(
        hors_coordination=True, mt_remplace=False, envoye_par_medecin=None, nouveau_medecin_traitant=False
    )


def _oriented(maker: Maker, rng: random.Random) -> Case:
    return maker.case(rng, ("APC",), lambda p: _adult(p) and bool(p.medecins_traitants), by_doctor=False)


def _unpaid(maker: Maker, rng: random.Random) -> Case:
    made = maker.case(rng, ("G",), _adult)
    assert made.insured is not None
    code = made.insured.affiliations[-1].organisme
    return made.with_fields(non_paye_part_obligatoire=True, organisme_rattachement=code)


def _wrong_sum(maker: Maker, rng: random.Random) -> Case:
    made = maker.case(rng, ("G", "VG"), _adult)
    return made.with_fields(montant_total="50.00")


def _unsigned(maker: Maker, rng: random.Random) -> Case:
    return maker.case(rng, ("G",), _adult).with_fields(signature_assure=False)


def _unknown(maker: Maker, rng: random.Random) -> Case:
    made = maker.case(rng, ("G",), _adult)
    here = {p.nir for p in maker.pop.insured} | {p.birth_name for p in maker.pop.insured}
    stranger = next(
        p for p in maker.strangers.insured if _adult(p) and p.nir not in here and goes_through(p, maker.today)
    )
    stranger = replace(stranger, birth_name="Kerguelen-Ortega", use_name=None, medecins_traitants=())
    other = make_case(
        maker.form, maker.pop, rng, today=maker.today, person=stranger, doctor=made.practitioner,
        acts=[("G", maker.day(rng))], plain=True,
    )  # fmt: skip
    return replace(other, insured=None)


def _closed(maker: Maker, rng: random.Random) -> Case:
    limit = maker.today - timedelta(days=70)

    def ended(person: Insured) -> bool:
        end = person.affiliations[-1].period.end
        return _adult(person) and end is not None and end < limit and person.died_on is None

    return maker.case(rng, ("G",), ended, plain=False)


def _again(name: str) -> Callable[[Maker, random.Random], Case]:
    return lambda maker, rng: maker.cases[name]


def _page(made: Made) -> bytes:
    return encode([made.picture], made.scan.container, made.scan.dpi, made.scan.quality)


def _sheet(maker: Maker, piece: Piece, rng: random.Random) -> tuple[bytes, str, dict[str, Any]]:
    assert piece.case is not None
    case = piece.case(maker, rng)
    maker.cases[piece.more.get("name", "")] = case
    profile = PROFILES[piece.profile]
    scan = profile.scan(rng, **piece.scan)
    if piece.how == "lot" and scan.container == "pdf":  # the unit of a lot is the image
        scan = replace(scan, container="tiff-g4" if scan.mode == "bilevel" else "jpeg")
    made = compose(maker.form, case, profile.filling, scan, maker.sources, rng, hard=profile.hard)
    described = {"name": piece.profile, "written_with": made.written_with, **scan.to_json()}
    line = truth_line("", case, [made], profile=described)
    return _page(made), EXTENSIONS[scan.container], line


def _born_digital(maker: Maker, piece: Piece, rng: random.Random) -> tuple[bytes, str, dict[str, Any]]:
    case = maker.case(rng, ("G",), _adult)
    page = filled_page(maker.form, case, "LiberationMono-Regular.ttf", rng)
    return (
        write_pdf([page], "Feuille de soins"),
        ".pdf",
        truth_line("", case, [], profile={"name": "born_digital"}),
    )


def _several(maker: Maker, piece: Piece, rng: random.Random) -> tuple[bytes, str, dict[str, Any]]:
    """A scanned PDF: a sheet, the back of a page, another sheet."""
    pictures, children = [], []
    for place in (0, 2):
        case = maker.case(rng, ("G",), _adult)
        scan = PROFILES["printed_clean"].scan(rng, mode="grey", dpi=200, container="pdf", turn=0)
        made = compose(maker.form, case, "printed", scan, maker.sources, rng)
        pictures.append(made.picture)
        child = truth_line("", case, [made], profile={"name": "printed_clean", **scan.to_json()})
        del child["file"]
        children.append({**child, "page_numbers": [place], "agent": dict(ACCEPT)})
    pictures.insert(1, blank_page(200, rng))
    line = {"type": None, "form": None, "fields": {}, "pages": [], "children": children, "blanks": [1]}
    return encode(pictures, "pdf", 200, 80), ".pdf", line


def _invoice(maker: Maker, piece: Piece, rng: random.Random) -> tuple[bytes, str, dict[str, Any]]:
    person = maker.person(rng, _adult)
    head = [
        "OPTIQUE DU BEFFROI",
        "14 place du Général-de-Gaulle, 59000 LILLE",
        "SIRET 000 000 000 00000",
        "",
        f"FACTURE n° 2026-{rng.randrange(1000, 9999)} du {_day(maker, rng)}",
        f"Client : {person.first_names} {person.birth_name.upper()}",
    ]
    lines = [("Monture métal", "1", "30,00 €"), ("Verres unifocaux", "2", "65,00 €")]
    foot = ["TOTAL TTC                 95,00 €", "Facture acquittée le jour même par carte bancaire."]
    page = invoice_page(lines, head, foot)
    line = {"type": "facture", "form": None, "fields": {}, "pages": []}
    return write_pdf([page], "Facture"), ".pdf", line


def _day(maker: Maker, rng: random.Random) -> str:
    return f"{maker.day(rng):%d/%m/%Y}"


def _corrupt(maker: Maker, piece: Piece, rng: random.Random) -> tuple[bytes, str, dict[str, Any]]:
    """A PDF whose transfer broke: a head, then noise."""
    noise = bytes(rng.randrange(256) for _ in range(6000))
    line: dict[str, Any] = {"type": None, "form": None, "fields": {}, "pages": []}
    return b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + noise, ".pdf", line


def _bare(kind: str) -> Callable[[Maker, Piece, random.Random], tuple[bytes, str, dict[str, Any]]]:
    def made(maker: Maker, piece: Piece, rng: random.Random) -> tuple[bytes, str, dict[str, Any]]:
        dirty = kind == "dirty"
        picture = (
            separator_page(kind, 300) if kind in ("QRCode", "Code128") else blank_page(200, rng, dirty=dirty)
        )
        dpi = 300 if kind in ("QRCode", "Code128") else 200
        line: dict[str, Any] = {"type": None, "form": None, "fields": {}, "pages": []}
        return encode([picture], "jpeg", dpi, 85), ".jpg", line

    return made


def _same_bytes(name: str) -> Callable[[Maker, Piece, random.Random], tuple[bytes, str, dict[str, Any]]]:
    def made(maker: Maker, piece: Piece, rng: random.Random) -> tuple[bytes, str, dict[str, Any]]:
        data, extension = maker.bytes[name]
        line: dict[str, Any] = {"type": "feuille_soins_medecin", "form": FORM, "fields": {}, "pages": []}
        return data, extension, {**line, "fields": dict(maker.cases[name].fields)}

    return made


def _apart(note: str, reason: str, kind: str) -> Piece:
    return Piece(note, expected="ecarte", more={"reason": reason}, agent={}, make=_bare(kind))


def _refused(note: str, why: str, **more: Any) -> Piece:
    return Piece(note, expected="refuse", agent=_refuse(REFUSALS[why]), **more)


PIECES: tuple[Piece, ...] = (
    _apart("Séparateur (Code 128)", "separateur", "Code128"),
    Piece(
        "Imprimée, couleur, 300 ppp", scan={"mode": "colour", "dpi": 300, "container": "jpeg", "turn": 0},
        case=_plain("G"), more={"name": "first"},
    ),
    Piece(
        "Imprimée, gris, 300 ppp", scan={"mode": "grey", "dpi": 300, "container": "jpeg", "turn": 0},
        case=_plain("VG"), more={"name": "second"},
    ),
    Piece(
        "Imprimée, noir et blanc, TIFF G4",
        scan={"mode": "bilevel", "dpi": 300, "container": "tiff-g4"}, case=_plain("G"),
    ),
    Piece(
        "Imprimée, de travers de 2,8°", profile="printed_hard",
        scan={"mode": "grey", "dpi": 200, "skew": 2.8, "turn": 0}, case=_plain("G"),
    ),
    Piece(
        "À la main, couleur", profile="handwritten",
        scan={"mode": "colour", "dpi": 300, "turn": 0}, case=_plain("G"),
    ),
    _apart("Page blanche", "blanc", "clean"),
    Piece("Affection de longue durée", scan={"mode": "colour", "dpi": 200, "container": "png"}, case=_ald),
    Piece("Enfant, sur les droits d'un parent", scan={"mode": "grey"}, case=_minor),
    Piece("Tête en bas", scan={"mode": "colour", "dpi": 200, "turn": 2}, case=_plain("G")),
    Piece("Couchée, noir et blanc", scan={"mode": "bilevel", "dpi": 300, "turn": 1}, case=_plain("G")),
    Piece(
        "Image identique à une autre du lot", expected="ecarte", agent={},
        more={"reason": "doublon", "same_bytes_as": "second"}, make=_same_bytes("second"),
    ),
    Piece(
        "À la main, gris, 200 ppp", profile="handwritten",
        scan={"mode": "grey", "dpi": 200, "turn": 0}, case=_plain("G"),
    ),
    _apart("Séparateur (QR)", "separateur", "QRCode"),
    Piece("Hors du parcours de soins", scan={"turn": 0}, case=_outside),
    Piece("Part obligatoire non payée : le praticien est payé", case=_unpaid),
    _refused(
        "Seconde numérisation de la première feuille", "rescan", profile="printed_hard",
        scan={"mode": "grey", "dpi": 200, "skew": -1.4, "turn": 0}, case=_again("first"),
        more={"rescan_of": "first"},
    ),
    Piece("Deux actes", scan={"mode": "grey", "dpi": 300}, case=_plain("G", "VG")),
    Piece("Total faux", scan={"mode": "colour", "dpi": 300}, case=_wrong_sum, agent=KEEP_TOTAL),
    _refused("Non signée de l'assuré", "unsigned", scan={"mode": "colour", "dpi": 200}, case=_unsigned),
    Piece(
        "À la main, non signée : au visiteur de décider", profile="handwritten",
        scan={"mode": "colour", "dpi": 300, "turn": 0}, case=_unsigned, expected="a_valider",
        more={"visitor": True}, agent={},
    ),
    _refused("Personne inconnue", "unknown", scan={"mode": "grey", "dpi": 300}, case=_unknown),
    _refused("Droits fermés au jour des soins", "closed", scan={"mode": "colour", "dpi": 200}, case=_closed),
    Piece(
        "À la main, noir et blanc", profile="handwritten",
        scan={"mode": "bilevel", "dpi": 300, "turn": 0}, case=_plain("G"),
    ),
    Piece(
        "Mauvaise numérisation", profile="printed_hard",
        scan={"mode": "colour", "dpi": 200, "turn": 0}, case=_plain("G"),
    ),
    _apart("Page blanche tachée", "blanc", "dirty"),
    Piece(
        "À la main, total faux : au visiteur de décider", profile="handwritten",
        scan={"mode": "grey", "dpi": 300, "turn": 0}, case=_wrong_sum, expected="a_valider",
        more={"visitor": True}, agent={},
    ),
    Piece("Avis ponctuel de consultant, envoyé par le médecin traitant", case=_oriented),
    Piece(
        "Envoyée par l'assuré, JPEG", how="post", scan={"mode": "colour", "dpi": 200, "container": "jpeg"},
        case=_plain("G"),
    ),
    Piece(
        "Envoyée par l'assuré, PDF numérisé", how="post",
        scan={"mode": "colour", "dpi": 300, "container": "pdf"}, case=_plain("G"),
    ),
    Piece("PDF né numérique", how="post", make=_born_digital),
    Piece(
        "Facture, qui n'est pas une feuille de soins", how="post", expected="classe", make=_invoice,
        agent={
            "action": "accept", "type": "facture",
            "reason": "Facture d'optique : rien à payer sur cette pièce, elle est classée.",
        },
    ),
    Piece("PDF de deux feuilles et d'une page blanche", how="post", expected="scinde", make=_several, agent={}),
    Piece(
        "À la main, envoyée par l'assuré", how="post", profile="handwritten",
        scan={"mode": "colour", "dpi": 200, "container": "jpeg", "turn": 0}, case=_plain("VG"),
    ),
    Piece(
        "TIFF LZW", how="post", scan={"mode": "grey", "dpi": 200, "container": "tiff-lzw"}, case=_plain("GS"),
    ),
    Piece(
        "Dossier surveillé, PDF noir et blanc", how="hot",
        scan={"mode": "bilevel", "dpi": 300, "container": "pdf"}, case=_plain("G"),
    ),
    Piece(
        "Dossier surveillé, TIFF JPEG", how="hot",
        scan={"mode": "colour", "dpi": 300, "container": "tiff-jpeg"}, case=_plain("G"),
    ),
    Piece("Fichier abîmé", how="hot", expected="rejete", make=_corrupt, agent={}),
    Piece(
        "Dossier surveillé, deux actes", how="hot", scan={"mode": "grey", "dpi": 200, "container": "jpeg"},
        case=_plain("G", "G"),
    ),
)  # fmt: skip


def make_demo(
    out: Path | str,
    seed: int = 1,
    *,
    sources: Sources | None = None,
    today: date = TODAY,
    pieces: Iterable[Piece] = PIECES,
) -> None:
    """Writes the demonstration lot into `out`: the files, `truth.jsonl`, `people.jsonl`,
    `practitioners.jsonl`. Days of care lie a few days to weeks before `today`."""
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    maker = Maker(out, seed, sources or Sources(), today)
    counts = {"lot": 0, "post": 0, "hot": 0}
    named: dict[str, str] = {}
    with (out / "truth.jsonl").open("w", encoding="utf-8") as truth:
        for number, piece in enumerate(pieces):
            rng = random.Random(f"demo-{seed}-{number}")
            data, extension, line = (piece.make or _sheet)(maker, piece, rng)
            counts[piece.how] += 1
            file = f"{piece.how}-{counts[piece.how]:02d}{extension}"
            (out / file).write_bytes(data)
            more = {key: value for key, value in piece.more.items() if key != "name"}
            if name := piece.more.get("name"):
                maker.bytes[name], named[name] = (data, extension), file
            for key in ("rescan_of", "same_bytes_as"):
                if key in more:
                    more[key] = named[more[key]]
            line.update(file=file, expected=piece.expected, how=piece.how, note=piece.note, **more)
            if piece.how == "lot":
                line["sheet"] = counts["lot"]
            if piece.agent:
                line["agent"] = dict(piece.agent)
            truth.write(json.dumps(line, ensure_ascii=False) + "\n")
