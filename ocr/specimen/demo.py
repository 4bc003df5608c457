"""The demonstration lot: a morning's post, each piece with what must become of it.

A line of truth.jsonl tells, beside the values: `how` the piece arrives (`lot` with its `sheet` number,
`post`, `hot`), `expected` (the state it ends in), `reason` of an `ecarte`, and what the `agent` answers
if it is laid before him: {"action", "reason", "type"?}. `visitor`: left for who visits the demonstration.
"""

import json
import random
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from ocr.specimen.demo_claims import (
    Maker,
    again,
    ald,
    closed,
    minor,
    oriented,
    outside,
    plain,
    unknown,
    unpaid,
    unsigned,
    wrong_sum,
)
from ocr.specimen.demo_pieces import (
    KEEP_TOTAL,
    Piece,
    apart,
    born_digital,
    corrupt,
    invoice,
    refused,
    same_bytes,
    several,
    sheet,
)
from ocr.specimen.population import TODAY
from ocr.specimen.registry import Sources

PIECES: tuple[Piece, ...] = (
    apart("Séparateur (Code 128)", "separateur", "Code128"),
    Piece(
        "Imprimée, couleur, 300 ppp", scan={"mode": "colour", "dpi": 300, "container": "jpeg", "turn": 0},
        case=plain("G"), more={"name": "first"},
    ),
    Piece(
        "Imprimée, gris, 300 ppp", scan={"mode": "grey", "dpi": 300, "container": "jpeg", "turn": 0},
        case=plain("VG"), more={"name": "second"},
    ),
    Piece(
        "Imprimée, noir et blanc, TIFF G4",
        scan={"mode": "bilevel", "dpi": 300, "container": "tiff-g4"}, case=plain("G"),
    ),
    Piece(
        "Imprimée, de travers de 2,8°", profile="printed_hard",
        scan={"mode": "grey", "dpi": 200, "skew": 2.8, "turn": 0}, case=plain("G"),
    ),
    Piece(
        "À la main, couleur", profile="handwritten",
        scan={"mode": "colour", "dpi": 300, "turn": 0}, case=plain("G"),
    ),
    apart("Page blanche", "blanc", "clean"),
    Piece("Affection de longue durée", scan={"mode": "colour", "dpi": 200, "container": "png"}, case=ald),
    Piece("Enfant, sur les droits d'un parent", scan={"mode": "grey"}, case=minor),
    Piece("Tête en bas", scan={"mode": "colour", "dpi": 200, "turn": 2}, case=plain("G")),
    Piece("Couchée, noir et blanc", scan={"mode": "bilevel", "dpi": 300, "turn": 1}, case=plain("G")),
    Piece(
        "Image identique à une autre du lot", expected="ecarte", agent={},
        more={"reason": "doublon", "same_bytes_as": "second"}, make=same_bytes("second"),
    ),
    Piece(
        "À la main, gris, 200 ppp", profile="handwritten",
        scan={"mode": "grey", "dpi": 200, "turn": 0}, case=plain("G"),
    ),
    apart("Séparateur (QR)", "separateur", "QRCode"),
    Piece("Hors du parcours de soins", scan={"turn": 0}, case=outside),
    Piece("Part obligatoire non payée : le praticien est payé", case=unpaid),
    refused(
        "Seconde numérisation de la première feuille", "rescan", profile="printed_hard",
        scan={"mode": "grey", "dpi": 200, "skew": -1.4, "turn": 0}, case=again("first"),
        more={"rescan_of": "first"},
    ),
    Piece("Deux actes", scan={"mode": "grey", "dpi": 300}, case=plain("G", "VG")),
    Piece("Total faux", scan={"mode": "colour", "dpi": 300}, case=wrong_sum, agent=KEEP_TOTAL),
    refused("Non signée de l'assuré", "unsigned", scan={"mode": "colour", "dpi": 200}, case=unsigned),
    Piece(
        "À la main, non signée : au visiteur de décider", profile="handwritten",
        scan={"mode": "colour", "dpi": 300, "turn": 0}, case=unsigned, expected="a_valider",
        more={"visitor": True}, agent={},
    ),
    refused("Personne inconnue", "unknown", scan={"mode": "grey", "dpi": 300}, case=unknown),
    refused("Droits fermés au jour des soins", "closed", scan={"mode": "colour", "dpi": 200}, case=closed),
    Piece(
        "À la main, noir et blanc", profile="handwritten",
        scan={"mode": "bilevel", "dpi": 300, "turn": 0}, case=plain("G"),
    ),
    Piece(
        "Mauvaise numérisation", profile="printed_hard",
        scan={"mode": "colour", "dpi": 200, "turn": 0}, case=plain("G"),
    ),
    apart("Page blanche tachée", "blanc", "dirty"),
    Piece(
        "À la main, total faux : au visiteur de décider", profile="handwritten",
        scan={"mode": "grey", "dpi": 300, "turn": 0}, case=wrong_sum, expected="a_valider",
        more={"visitor": True}, agent={},
    ),
    Piece("Avis ponctuel de consultant, envoyé par le médecin traitant", case=oriented),
    Piece(
        "Envoyée par l'assuré, JPEG", how="post", scan={"mode": "colour", "dpi": 200, "container": "jpeg"},
        case=plain("G"),
    ),
    Piece(
        "Envoyée par l'assuré, PDF numérisé", how="post",
        scan={"mode": "colour", "dpi": 300, "container": "pdf"}, case=plain("G"),
    ),
    Piece("PDF né numérique", how="post", make=born_digital),
    Piece(
        "Facture, qui n'est pas une feuille de soins", how="post", expected="classe", make=invoice,
        agent={
            "action": "accept", "type": "facture",
            "reason": "Facture d'optique : rien à payer sur cette pièce, elle est classée.",
        },
    ),
    Piece("PDF de deux feuilles et d'une page blanche", how="post", expected="scinde", make=several, agent={}),
    Piece(
        "À la main, envoyée par l'assuré", how="post", profile="handwritten",
        scan={"mode": "colour", "dpi": 200, "container": "jpeg", "turn": 0}, case=plain("VG"),
    ),
    Piece(
        "TIFF LZW", how="post", scan={"mode": "grey", "dpi": 200, "container": "tiff-lzw"}, case=plain("GS"),
    ),
    Piece(
        "Dossier surveillé, PDF noir et blanc", how="hot",
        scan={"mode": "bilevel", "dpi": 300, "container": "pdf"}, case=plain("G"),
    ),
    Piece(
        "Dossier surveillé, TIFF JPEG", how="hot",
        scan={"mode": "colour", "dpi": 300, "container": "tiff-jpeg"}, case=plain("G"),
    ),
    Piece("Fichier abîmé", how="hot", expected="rejete", make=corrupt, agent={}),
    Piece(
        "Dossier surveillé, deux actes", how="hot", scan={"mode": "grey", "dpi": 200, "container": "jpeg"},
        case=plain("G", "G"),
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
            data, extension, line = (piece.make or sheet)(maker, piece, rng)
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
