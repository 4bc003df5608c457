"""The files of the demonstration lot: sheets, separators, blanks, an invoice, a broken file."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from ocr.specimen.cases import Case
from ocr.specimen.codes import blank_page, separator_page
from ocr.specimen.demo_claims import Maker, adult
from ocr.specimen.files import EXTENSIONS, encode
from ocr.specimen.making import FORM, Made, compose, truth_line
from ocr.specimen.profiles import PROFILES
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
    case: Callable[[Maker, random.Random], Case] | None = None
    expected: str = "ordonnance"
    agent: dict[str, str] = field(default_factory=lambda: dict(ACCEPT))
    more: dict[str, Any] = field(default_factory=dict)
    make: Callable[[Maker, "Piece", random.Random], tuple[bytes, str, dict[str, Any]]] | None = None


def _page(made: Made) -> bytes:
    return encode([made.picture], made.scan.container, made.scan.dpi, made.scan.quality)


def sheet(maker: Maker, piece: Piece, rng: random.Random) -> tuple[bytes, str, dict[str, Any]]:
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


def born_digital(maker: Maker, piece: Piece, rng: random.Random) -> tuple[bytes, str, dict[str, Any]]:
    case = maker.case(rng, ("G",), adult)
    page = filled_page(maker.form, case, "LiberationMono-Regular.ttf", rng)
    return (
        write_pdf([page], "Feuille de soins"),
        ".pdf",
        truth_line("", case, [], profile={"name": "born_digital"}),
    )


def several(maker: Maker, piece: Piece, rng: random.Random) -> tuple[bytes, str, dict[str, Any]]:
    """A scanned PDF: a sheet, the back of a page, another sheet."""
    pictures, children = [], []
    for place in (0, 2):
        case = maker.case(rng, ("G",), adult)
        scan = PROFILES["printed_clean"].scan(rng, mode="grey", dpi=200, container="pdf", turn=0)
        made = compose(maker.form, case, "printed", scan, maker.sources, rng)
        pictures.append(made.picture)
        child = truth_line("", case, [made], profile={"name": "printed_clean", **scan.to_json()})
        del child["file"]
        children.append({**child, "page_numbers": [place], "agent": dict(ACCEPT)})
    pictures.insert(1, blank_page(200, rng))
    line = {"type": None, "form": None, "fields": {}, "pages": [], "children": children, "blanks": [1]}
    return encode(pictures, "pdf", 200, 80), ".pdf", line


def invoice(maker: Maker, piece: Piece, rng: random.Random) -> tuple[bytes, str, dict[str, Any]]:
    person = maker.person(rng, adult)
    head = [
        "OPTIQUE DU BEFFROI",
        "14 place du Général-de-Gaulle, 59000 LILLE",
        "SIRET 000 000 000 00000",
        "",
        f"FACTURE n° 2026-{rng.randrange(1000, 9999)} du {french_day(maker, rng)}",
        f"Client : {person.first_names} {person.birth_name.upper()}",
    ]
    lines = [("Monture métal", "1", "30,00 €"), ("Verres unifocaux", "2", "65,00 €")]
    foot = ["TOTAL TTC                 95,00 €", "Facture acquittée le jour même par carte bancaire."]
    page = invoice_page(lines, head, foot)
    line = {"type": "facture", "form": None, "fields": {}, "pages": []}
    return write_pdf([page], "Facture"), ".pdf", line


def french_day(maker: Maker, rng: random.Random) -> str:
    return f"{maker.day(rng):%d/%m/%Y}"


def corrupt(maker: Maker, piece: Piece, rng: random.Random) -> tuple[bytes, str, dict[str, Any]]:
    """A PDF whose transfer broke: a head, then noise."""
    noise = bytes(rng.randrange(256) for _ in range(6000))
    line: dict[str, Any] = {"type": None, "form": None, "fields": {}, "pages": []}
    return b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n" + noise, ".pdf", line


def bare(kind: str) -> Callable[[Maker, Piece, random.Random], tuple[bytes, str, dict[str, Any]]]:
    def made(maker: Maker, piece: Piece, rng: random.Random) -> tuple[bytes, str, dict[str, Any]]:
        dirty = kind == "dirty"
        picture = (
            separator_page(kind, 300) if kind in ("QRCode", "Code128") else blank_page(200, rng, dirty=dirty)
        )
        dpi = 300 if kind in ("QRCode", "Code128") else 200
        line: dict[str, Any] = {"type": None, "form": None, "fields": {}, "pages": []}
        return encode([picture], "jpeg", dpi, 85), ".jpg", line

    return made


def same_bytes(name: str) -> Callable[[Maker, Piece, random.Random], tuple[bytes, str, dict[str, Any]]]:
    def made(maker: Maker, piece: Piece, rng: random.Random) -> tuple[bytes, str, dict[str, Any]]:
        data, extension = maker.bytes[name]
        line: dict[str, Any] = {"type": "feuille_soins_medecin", "form": FORM, "fields": {}, "pages": []}
        return data, extension, {**line, "fields": dict(maker.cases[name].fields)}

    return made


def apart(note: str, reason: str, kind: str) -> Piece:
    return Piece(note, expected="ecarte", more={"reason": reason}, agent={}, make=bare(kind))


def refused(note: str, why: str, **more: Any) -> Piece:
    return Piece(note, expected="refuse", agent=_refuse(REFUSALS[why]), **more)
