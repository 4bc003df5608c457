"""The `liasse` command: each command a few lines over a room. `liasse --help` lists them."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.forms import form_app
from cli.offline import COMMANDS, Files
from cli.voice import fail, say

Document = Annotated[str, typer.Argument(metavar="DOCUMENT", help="identifiant d'un document")]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help, in a third of the time
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Liasse : du papier au paiement, avec la preuve.",
)
dossiers_app = typer.Typer(no_args_is_help=True, help="Les dossiers des assurés et les praticiens.")
archive_app = typer.Typer(no_args_is_help=True, help="L'archive et sa preuve.")
decisions_app = typer.Typer(no_args_is_help=True, help="Les décisions passées.")
token_app = typer.Typer(no_args_is_help=True, help="Les jetons des postes, des assurés et des agents.")
app.add_typer(dossiers_app, name="dossiers")
app.add_typer(archive_app, name="archive")
app.add_typer(decisions_app, name="decisions")
app.add_typer(token_app, name="token")
app.add_typer(form_app, name="form")
for _command in COMMANDS:
    app.command()(_command)


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
def health(what: Annotated[str, typer.Argument(metavar="QUOI", help="api ou worker")]) -> None:
    """Dire par le code de sortie si ce processus va bien (pour les sondes d'un conteneur)."""
    if what not in ("api", "worker"):
        raise fail("Dites api ou worker.", 2)
    from cli.processes import is_healthy

    if not is_healthy(what):
        raise fail(f"{what} ne va pas bien")


@app.command()
def secrets(
    directory: Annotated[Path, typer.Argument(metavar="DOSSIER", help="où les écrire")],
) -> None:
    """Fabriquer les secrets et certificats d'une installation par conteneurs."""
    from cli.deployment import make_secrets

    for name in make_secrets(directory):
        say(name)


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
def separators(
    out: Annotated[Path, typer.Argument(metavar="FICHIER", help="fichier PDF à écrire")],
    number: Annotated[int, typer.Option("--n", help="nombre de feuilles", min=1, max=500)] = 10,
    code: Annotated[str, typer.Option(help="qr ou code128")] = "qr",
) -> None:
    """Des feuilles de séparation à imprimer, pour couper un lot."""
    from outbound.separators import render
    from store.clock import today
    from store.settings import load_settings

    if code not in ("qr", "code128"):
        raise fail("Donnez --code qr ou --code code128.", 2)
    out.write_bytes(render(number, code, today(load_settings())))  # type: ignore[arg-type]
    say(f"{out} : {number} feuille{'s' if number > 1 else ''} de séparation.")


@app.command()
def status(
    document: Document, as_json: Annotated[bool, typer.Option("--json", help="tout, en JSON")] = False
) -> None:
    """Dire où en est un document."""
    from cli.depositing import status_of

    found = status_of(document)
    if found is None:
        raise fail("Aucun document de cet identifiant n'est ici, ou ne vous est ouvert.")
    say(json.dumps(found, ensure_ascii=False, indent=1) if as_json else f"{found['id']} {found['status']}")


@dossiers_app.command("load")
def dossiers_load(
    file: Annotated[
        Path | None, typer.Argument(metavar="FICHIER", help="assurés, une ligne JSON chacun")
    ] = None,
    practitioners: Annotated[Path | None, typer.Option(help="praticiens, une ligne JSON chacun")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="montrer le schéma")] = False,
) -> None:
    """Charger les dossiers ; recommencer ne double rien."""
    if schema:
        from domain.people import Insured, Practitioner
        from dossiers import schema as describe

        both = {**describe(Insured), "$defs": {"praticien": describe(Practitioner)}}
        say(json.dumps(both, ensure_ascii=False, indent=1))
        return
    if file is None and practitioners is None:
        raise fail("Donnez un fichier, ou --schema.", 2)
    for each in (file, practitioners):
        if each is not None:
            each.open("rb").close()  # before anything is started
    from cli.loading import load_people

    say(json.dumps(load_people(None, file, practitioners)))


@app.command()
def tarifs(
    file: Annotated[
        Path, typer.Argument(metavar="FICHIER", help="CSV : code, since, tariff, source et la suite")
    ],
) -> None:
    """Charger les tarifs des produits (LPP) et des transports ; ils remplacent les précédents."""
    from cli.tarifs import keep, malformed
    from law.tarifs import BadTarifs

    try:
        count = keep(file.read_bytes())
    except BadTarifs as fault:
        raise fail(malformed(file, fault), 2) from None
    say(f"{count} tarif{'s' if count > 1 else ''}. Relancez le service pour qu'il les lise.")


@dossiers_app.command("attestation")
def dossiers_attestation(
    person: Annotated[str, typer.Argument(metavar="DOSSIER", help="identifiant du dossier")],
    out: Annotated[Path, typer.Option(help="fichier PDF à écrire")] = Path("attestation.pdf"),
) -> None:
    """Écrire l'attestation de droits du jour : l'assuré et les personnes dont il ouvre les droits."""
    from cli.deciding import attest

    say(attest(person, out))


@decisions_app.command("recompute")
def decisions_recompute(
    document: Annotated[
        str | None, typer.Argument(metavar="DOCUMENT", help="identifiant d'un document")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="toutes les décisions")] = False,
) -> None:
    """Recalculer des décisions passées depuis ce qui en fut gardé : une ligne JSON chacune, égale ou non."""
    if (document is None) is not everything:
        raise fail("Donnez un identifiant, ou --all.", 2)
    from cli.deciding import recompute

    _verdicts(recompute(document))


@archive_app.command("verify")
def archive_verify(
    document: Annotated[
        str | None, typer.Argument(metavar="DOCUMENT", help="identifiant d'un document")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="toute l'archive ; de même sans rien")] = False,
    noted: Annotated[
        str | None, typer.Option("--sceau", help="un sceau que vous avez noté : son nom, NUMÉRO-EMPREINTE")
    ] = None,
) -> None:
    """Vérifier l'archive, sans base de données ni clé : une ligne JSON par objet."""
    if document is not None and everything:
        raise fail("Donnez un identifiant, ou --all.", 2)
    from cli.proof import verify_archive

    _verdicts(verify_archive(document or "all", _seal_named(noted) if noted else None))


def _seal_named(noted: str) -> tuple[int, str]:
    """`seals/0000000012-<sha256>.json`, or its end."""
    number, _, sha256 = noted.rpartition("/")[2].removesuffix(".json").partition("-")
    if not number.isdigit() or len(sha256) != 64:
        raise fail("--sceau : le nom d'un sceau, par exemple 0000000012-<64 chiffres hexadécimaux>.", 2)
    return int(number), sha256


@archive_app.command("compare")
def archive_compare() -> None:
    """Comparer la base, argent compris, à ce qui en fut scellé : une ligne JSON par sceau ou par écart."""
    from cli.proof import compare_rows

    _verdicts(compare_rows())


def _verdicts(told: Iterable[dict[str, Any]]) -> None:
    sound = True
    for verdict in told:
        sound &= bool(verdict["ok"])
        say(json.dumps(verdict, ensure_ascii=False, default=str))
    raise typer.Exit(0 if sound else 1)


@archive_app.command("export")
def archive_export(
    document: Document, out: Annotated[Path | None, typer.Option(help="fichier ZIP à écrire")] = None
) -> None:
    """Exporter un document archivé avec ses preuves, en un ZIP."""
    from cli.proof import export_document

    say(export_document(document, out or Path(f"{Path(document).name}.zip")))


@archive_app.command("erase")
def archive_erase(
    document: Document,
    yes: Annotated[bool, typer.Option("--oui", help="détruire sans demander")] = False,
) -> None:
    """Effacer un document terminé : ses clés sont détruites, ses octets ne s'ouvriront plus."""
    from cli.proof import erase_document

    if not yes:
        typer.confirm(f"Détruire pour toujours les clés de {document} ?", abort=True)
    for each in erase_document(document):
        say(each)


@archive_app.command("rebuild")
def archive_rebuild(
    without: Annotated[
        bool,
        typer.Option("--sans-les-derniers-sceaux", help="ils sont perdus, et ce qu'ils disaient aussi"),
    ] = False,
) -> None:
    """Rebâtir une base perdue, et vide, depuis l'archive et ses clés."""
    from cli.proof import rebuild_base

    report, lost = rebuild_base(without_last_seals=without)
    say(report)
    raise typer.Exit(1 if lost else 0)


@token_app.command("create")
def token_create(
    role: Annotated[str, typer.Option(help="station, assure, valideur ou exploitant")],
    name: Annotated[str, typer.Option(help="à qui il est donné")] = "",
    days: Annotated[int, typer.Option(help="durée, en jours", min=1, max=3650)] = 365,
    insured: Annotated[
        str | None, typer.Option(help="d'un assuré : l'identifiant de son dossier, dont il lira les décomptes")
    ] = None,
) -> None:
    """Créer un jeton ; il n'est montré qu'une fois."""
    from cli.loading import make_token

    say(make_token(role, name, days, insured))


@token_app.command("list")
def token_list() -> None:
    """Dire à qui des jetons ont été donnés : une ligne JSON chacun, les plus récents d'abord."""
    from cli.loading import tokens

    for each in tokens():
        say(json.dumps(each, ensure_ascii=False))


@token_app.command("revoke")
def token_revoke(
    sender: Annotated[str, typer.Argument(metavar="JETON", help="identifiant, donné par `token list`")],
) -> None:
    """Révoquer un jeton : il n'ouvre plus rien, et ce qu'il a déposé reste."""
    from cli.loading import revoke_token

    revoke_token(sender)
    say(f"{sender} : jeton révoqué.")
