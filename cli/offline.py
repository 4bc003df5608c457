"""The commands that start nothing and keep nothing."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.voice import fail, say
from domain.errors import Refused

Files = Annotated[list[Path], typer.Argument(metavar="FICHIER", help="fichiers ou dossiers")]


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
    case: Annotated[Path | None, typer.Argument(help="le cas, en JSON ; - : l'entrée standard")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="montrer le schéma")] = False,
) -> None:
    """Calculer un cas sans base de données : lignes, parts, montants, articles."""
    from cli.tarifs import add_to_law
    from liquidation import case as room
    from rights import open_rights
    from store.settings import load_settings

    add_to_law(load_settings())
    _case(case, schema, lambda given: room.run(given, open_rights), room.schema)


def rights(
    case: Annotated[Path | None, typer.Argument(help="le cas, en JSON ; - : l'entrée standard")] = None,
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
        list[str] | None, typer.Argument(help="un fichier YAML ou JSON, ou - ; ou un sujet, puis champ=valeur")
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
        raise fail("Donnez un fichier, - pour l'entrée standard, ou --schema.", 2)
    say(json.dumps(compute(_object_of(file)), ensure_ascii=False, indent=1, default=str))


def _object_of(file: Path) -> dict[str, Any]:
    """The one JSON object of a file, or of the standard input (`-`); what is wrong with it is told by its
    place, never by its values. Raises Refused("cas_mal_forme"), OSError."""
    given = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    try:
        data = json.loads(given)
    except json.JSONDecodeError as error:
        where = f"ligne {error.lineno}, colonne {error.colno}"
        raise Refused("cas_mal_forme", f"{file} : ce n'est pas du JSON ({where}).") from None
    except (UnicodeDecodeError, RecursionError):
        raise Refused("cas_mal_forme", f"{file} : ce n'est pas du JSON.") from None
    if not isinstance(data, dict):
        raise Refused("cas_mal_forme", f"{file} : il faut un objet JSON.")
    return data
