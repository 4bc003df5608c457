"""The `liasse` command: each command a few lines over a room. `liasse --help` lists them."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.errors import LiasseError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Liasse : du papier au paiement, avec la preuve.",
)
dossiers_app = typer.Typer(no_args_is_help=True, help="Les dossiers des assurés et les praticiens.")
archive_app = typer.Typer(no_args_is_help=True, help="L'archive et sa preuve.")
token_app = typer.Typer(no_args_is_help=True, help="Les jetons des postes, des assurés et des agents.")
form_app = typer.Typer(no_args_is_help=True, help="Les formulaires connus du lecteur.")
app.add_typer(dossiers_app, name="dossiers")
app.add_typer(archive_app, name="archive")
app.add_typer(token_app, name="token")
app.add_typer(form_app, name="form")

Files = Annotated[list[Path], typer.Argument(help="fichiers ou dossiers")]


def say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def fail(message: str, code: int = 1) -> typer.Exit:
    sys.stderr.write(f"{message}\n")
    return typer.Exit(code)


@app.command()
def run() -> None:
    """Tout démarrer, montrer l'avancement, servir les pages jusqu'à Ctrl-C."""
    from cli.show import run as show

    raise typer.Exit(show())


@app.command()
def demo() -> None:
    """Jouer le poste de numérisation et un agent sur des données neuves, puis comparer à la vérité."""
    from cli.demo import main

    raise typer.Exit(main())


@app.command()
def serve(
    attached: Annotated[bool, typer.Option(help="ne pas démarrer les serveurs")] = False,
    bind: Annotated[str, typer.Option(help="adresse d'écoute")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="port ; 0 : n'importe lequel")] = None,
) -> None:
    """Servir l'interface et les pages."""
    from cli.processes import serve as run_api

    raise typer.Exit(run_api(attached=attached, bind=bind, port=port))


@app.command()
def worker(attached: Annotated[bool, typer.Option(help="ne pas démarrer les serveurs")] = False) -> None:
    """Traiter les documents."""
    from cli.processes import worker as run_worker

    raise typer.Exit(run_worker(attached=attached))


@app.command()
def health(what: Annotated[str, typer.Argument(help="api ou worker")]) -> None:
    """Dire par le code de sortie si ce processus va bien (pour les sondes d'un conteneur)."""
    from cli.processes import is_healthy

    if not is_healthy(what):
        raise fail(f"{what} ne va pas bien")


@app.command()
def secrets(directory: Path) -> None:
    """Fabriquer les secrets et certificats d'une installation par conteneurs."""
    from cli.deployment import make_secrets

    for name in make_secrets(directory):
        say(name)


@app.command()
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


@app.command()
def specimen(
    out: Annotated[Path, typer.Option(help="dossier à remplir")],
    n: Annotated[int, typer.Option(help="nombre de feuilles")] = 20,
    seed: Annotated[int, typer.Option(help="graine")] = 1,
    population: Annotated[Path | None, typer.Option(help="population à prendre ou à écrire")] = None,
    profile: Annotated[list[str] | None, typer.Option(help="profils de feuilles")] = None,
) -> None:
    """Composer des feuilles d'essai, avec leur vérité et leur population."""
    from ocr.specimen import make

    make(out, n, seed, profiles=profile or None, population=population)


@app.command()
def liquidate(
    case: Annotated[Path | None, typer.Argument(help="le cas, en JSON")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="montrer le schéma")] = False,
) -> None:
    """Calculer un cas sans base de données : lignes, parts, montants, articles."""
    from liquidation import case as room

    _case(case, schema, room.run, room.schema)


@app.command()
def rights(
    case: Annotated[Path | None, typer.Argument(help="le cas, en JSON")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="montrer le schéma")] = False,
) -> None:
    """Dire les droits d'une personne un jour donné, sans base de données."""
    from rights import case as room

    _case(case, schema, room.run, room.schema)


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
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        say(json.dumps(compute(data), ensure_ascii=False, indent=1, default=str))
    except (OSError, ValueError) as error:
        raise fail(f"{file} : {error}", 2) from None
    except LiasseError as error:
        raise fail(f"{error.code} : {error.problem.sentence} {error.detail}", 2) from None


@app.command()
def ingest(
    paths: Files,
    wait: Annotated[bool, typer.Option("--wait", help="attendre la fin de chaque document")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="une ligne JSON par document")] = False,
) -> None:
    """Déposer des fichiers."""
    from cli.depositing import deposit_paths

    failed = False
    for line in deposit_paths(paths, wait):
        failed |= "error" in line
        if as_json:
            say(json.dumps(line, ensure_ascii=False))
        elif "error" in line:
            say(f"{line['file']} : {line['error']['message']}")
        else:
            say(f"{line['file']} : {line['id']} {line['status']}")
    raise typer.Exit(1 if failed else 0)


@app.command()
def status(
    document: str, as_json: Annotated[bool, typer.Option("--json", help="tout, en JSON")] = False
) -> None:
    """Dire où en est un document."""
    from cli.depositing import status_of

    found = status_of(document)
    if found is None:
        raise fail("introuvable")
    say(json.dumps(found, ensure_ascii=False, indent=1) if as_json else f"{found['id']} {found['status']}")


@dossiers_app.command("load")
def dossiers_load(
    file: Annotated[Path | None, typer.Argument(help="assurés, une ligne JSON chacun")] = None,
    practitioners: Annotated[Path | None, typer.Option(help="praticiens, une ligne JSON chacun")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="montrer le schéma")] = False,
) -> None:
    """Charger les dossiers ; recommencer ne double rien."""
    from dossiers.schema import schema as describe

    if schema:
        say(json.dumps(describe(), ensure_ascii=False, indent=1))
        return
    if file is None and practitioners is None:
        raise fail("Donnez un fichier, ou --schema.", 2)
    from cli.embedded import running
    from store.house import open_store
    from store.people import load_file

    with running() as settings:
        store = open_store(settings)
        try:
            counts = load_file(store, file, practitioners=practitioners)
        except LiasseError as error:
            raise fail(f"{error.code} : {error.problem.sentence} {error.detail}", 2) from None
        finally:
            store.close()
    say(json.dumps(counts))


@archive_app.command("verify")
def archive_verify(
    document: Annotated[str | None, typer.Argument(help="identifiant d'un document")] = None,
    everything: Annotated[bool, typer.Option("--all", help="toute l'archive")] = False,
) -> None:
    """Vérifier l'archive, sans base de données ni clé : une ligne JSON par objet."""
    if (document is None) is not everything:
        raise fail("Donnez un identifiant, ou --all.", 2)
    from cli.proof import verify_archive

    sound = True
    for verdict in verify_archive(document):
        sound &= bool(verdict["ok"])
        say(json.dumps(verdict, ensure_ascii=False, default=str))
    raise typer.Exit(0 if sound else 1)


@archive_app.command("export")
def archive_export(
    document: str, out: Annotated[Path | None, typer.Option(help="fichier ZIP à écrire")] = None
) -> None:
    """Exporter un document archivé avec ses preuves, en un ZIP."""
    from cli.proof import export_document

    say(export_document(document, out or Path(f"{document}.zip")))


@token_app.command("create")
def token_create(
    role: Annotated[str, typer.Option(help="station, assure, valideur ou exploitant")],
    name: Annotated[str, typer.Option(help="à qui il est donné")] = "",
    days: Annotated[int, typer.Option(help="durée, en jours")] = 365,
) -> None:
    """Créer un jeton ; il n'est montré qu'une fois."""
    from cli.embedded import running
    from store.house import open_store
    from store.senders import create_sender

    with running() as settings:
        store = open_store(settings)
        try:
            with store.begin() as conn:
                created = create_sender(conn, role, name=name, days=days)
        except LiasseError as error:
            raise fail(f"{error.code} : {error.problem.sentence} {error.detail}", 2) from None
        finally:
            store.close()
    say(created.token)


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

    from ocr.forms import draw, load_form

    if not cv2.imwrite(str(out), draw(load_form(name), dpi)):
        raise fail(f"{out} : format inconnu", 2)
