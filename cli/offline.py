"""The commands that need no home: nothing is started, nothing is kept."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.voice import fail, say

form_app = typer.Typer(no_args_is_help=True, help="Les formulaires connus du lecteur.")
Files = Annotated[list[Path], typer.Argument(help="fichiers ou dossiers")]


KINDS = {
    "comb": "peignes",
    "comb_date": "dates",
    "comb_amount": "montants",
    "check": "cases à cocher",
    "signature": "signatures",
}
"""The kinds of field that `form check` counts."""


def read(
    files: Files,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="une ligne JSON par fichier")] = False,
    dossiers: Annotated[Path | None, typer.Option(help="dossiers connus, une ligne JSON chacun")] = None,
) -> None:
    """Lire des fichiers sans rien enregistrer : une ligne JSON par fichier."""
    from cli.reading import read_files

    failed = False
    for line in read_files(files, dossiers):
        failed |= "error" in line
        say(json.dumps(line, ensure_ascii=False, default=str, indent=None if jsonl else 1))
    raise typer.Exit(1 if failed else 0)


def specimen(
    out: Annotated[Path, typer.Option(help="dossier à remplir")],
    n: Annotated[int, typer.Option(help="nombre de feuilles", min=0)] = 20,
    seed: Annotated[int, typer.Option(help="graine")] = 1,
    population: Annotated[Path | None, typer.Option(help="population à prendre ou à écrire")] = None,
    profile: Annotated[list[str] | None, typer.Option(help="profils de feuilles")] = None,
) -> None:
    """Composer des feuilles d'essai, avec leur vérité et leur population."""
    from ocr.specimen import PROFILES, make

    if unknown := set(profile or ()) - set(PROFILES):
        raise fail(f"Profil inconnu : {', '.join(sorted(unknown))}. Il y a : {', '.join(PROFILES)}.", 2)
    make(out, n, seed, profiles=profile or None, population=population)


def liquidate(
    case: Annotated[Path | None, typer.Argument(help="le cas, en JSON")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="montrer le schéma")] = False,
) -> None:
    """Calculer un cas sans base de données : lignes, parts, montants, articles."""
    from liquidation import case as room
    from rights import open_rights

    _case(case, schema, lambda given: room.run(given, open_rights), room.schema)


def rights(
    case: Annotated[Path | None, typer.Argument(help="le cas, en JSON")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="montrer le schéma")] = False,
    attestation: Annotated[Path | None, typer.Option(help="écrire l'attestation de ces droits, en PDF")] = None,
) -> None:
    """Dire les droits d'une personne un jour donné, sans base de données."""
    from rights import case as room

    if attestation is not None and case is not None:
        from outbound.attestation import of_case

        attestation.write_bytes(of_case(room.read(_object_of(case))))
        say(attestation)
        return
    _case(case, schema, room.run, room.schema)


def simulate(
    question: Annotated[
        list[str] | None, typer.Argument(help="un fichier YAML ou JSON ; ou un sujet, puis champ=valeur")
    ] = None,
    fields: Annotated[str | None, typer.Option("--fields", help="décrire les champs d'un sujet")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="la réponse en JSON")] = False,
) -> None:
    """Que serai-je remboursé, que toucherai-je ? Sans dossier ; sans argument, les sujets."""
    from cli import simulating

    if fields is not None or not question:
        say(simulating.described(fields))
        return
    answer = simulating.answered(question)
    say(json.dumps(answer, ensure_ascii=False, indent=1) if as_json else simulating.told(answer))
    raise typer.Exit(0 if answer["calcule"] else 1)


COMMANDS = (read, specimen, liquidate, rights, simulate)


def _case(
    file: Path | None,
    schema: bool,
    compute: Callable[[dict[str, Any]], dict[str, Any]],
    describe: Callable[[], dict[str, Any]],
) -> None:
    if schema:
        say(json.dumps(describe(), ensure_ascii=False, indent=1))
        return
    if file is None:
        raise fail("Donnez un fichier, ou --schema.", 2)
    say(json.dumps(compute(_object_of(file)), ensure_ascii=False, indent=1, default=str))


def _object_of(file: Path) -> dict[str, Any]:
    """The one JSON object of a file; what is wrong with it is told by its place, never by its values."""
    try:
        data = json.loads(file.read_bytes())
    except json.JSONDecodeError as error:
        where = f"ligne {error.lineno}, colonne {error.colno}"
        raise fail(f"{file} : ce n'est pas du JSON ({where}).", 2) from None
    except (UnicodeDecodeError, RecursionError):
        raise fail(f"{file} : ce n'est pas du JSON.", 2) from None
    if not isinstance(data, dict):
        raise fail(f"{file} : il faut un objet JSON. Comparez-le au schéma : --schema.", 2)
    return data


@form_app.command("list")
def form_list() -> None:
    """Nommer les formulaires connus."""
    from ocr.forms import forms, load_form

    for name in forms():
        form = load_form(name)
        say(f"{name}\t{form.title}\tcerfa {form.cerfa}\t{len(form.fields)} champs")


@form_app.command("draw")
def form_draw(name: str, out: Path, dpi: int = 150) -> None:
    """Dessiner le formulaire vierge que le lecteur connaît."""
    import cv2

    from ocr.forms import draw, forms, load_form

    if name not in forms():
        raise fail(f"Formulaire inconnu. Il y a : {', '.join(forms())}.", 2)
    if out.suffix.lower() not in (".png", ".jpg", ".jpeg", ".tif", ".tiff"):
        raise fail(f"{out} : il faut un nom en .png, .jpg ou .tif.", 2)
    if not cv2.imwrite(str(out), draw(load_form(name), dpi)):
        raise fail(f"{out} : ne s'écrit pas.", 2)


@form_app.command("new")
def form_new(
    scan: Annotated[Path, typer.Argument(help="le vierge numérisé : PDF, TIFF, JPEG ou PNG")],
    out: Annotated[Path, typer.Option(help="fichier YAML à écrire")],
    page: Annotated[int, typer.Option(help="page du fichier", min=1)] = 1,
) -> None:
    """Proposer les zones et le dessin d'un formulaire vierge ; une personne les corrige."""
    from domain.errors import Refused
    from ocr.forms.tools.blank import NoSuchPage, lay
    from ocr.forms.tools.propose import measured, write

    if out.suffix != ".yaml":
        raise fail(f"{out} : il faut un nom en .yaml.", 2)
    if out.exists():
        raise fail(f"{out} existe déjà : rien n'est écrasé.", 2)
    try:
        blank = lay(scan, page - 1)
    except NoSuchPage as short:
        raise fail(f"{scan} n'a que {short} page(s).", 2) from None
    except Refused as refused:
        raise fail(f"{scan} : {refused.problem.sentence}", 2) from None
    except OSError:
        raise fail(f"{scan} : ne se lit pas.", 2) from None
    form = measured(blank, out.stem)
    write(form, out)
    say(f"{len(form['fields'])} zones proposées dans {out} : corrigez leurs noms, leurs genres et le type.")


@form_app.command("check")
def form_check(
    name: str,
    out: Annotated[Path | None, typer.Option(help="où dessiner les zones : .png ou .pdf")] = None,
    n: Annotated[int, typer.Option(help="feuilles composées et relues", min=1)] = 4,
) -> None:
    """Dessiner les zones d'un formulaire connu, et relire des feuilles composées ; 1 s'il n'est pas prêt."""
    from ocr.forms import forms, load_form
    from ocr.forms.tools.check import overlay, score
    from ocr.specimen.files import encode

    if name not in forms():
        raise fail(f"Formulaire inconnu. Il y a : {', '.join(forms())}.", 2)
    form = load_form(name)
    if out is not None:
        if out.suffix not in (".png", ".pdf"):
            raise fail(f"{out} : il faut un nom en .png ou .pdf.", 2)
        out.write_bytes(encode([overlay(form)], out.suffix[1:], 150))
    found = score(form, n)
    near = "" if found.residual is None else f", à {found.residual:.2f} mm près".replace(".", ",")
    say(f"reconnu {found.known} fois sur {found.sheets}{near}")
    for kind, (right, fields) in found.kinds.items():
        say(f"{KINDS[kind]} : {right} justes sur {fields}")
    if found.wrong:
        say(f"à revoir : {', '.join(found.wrong)}")
    raise typer.Exit(0 if found.fit else 1)
