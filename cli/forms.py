"""`liasse form`: the forms that the reader knows, and how an operator adds his own."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.voice import fail, say
from domain.errors import LiasseError, Refused

if TYPE_CHECKING:
    from ocr.forms import Form
    from ocr.forms.tools.blank import Blank
    from ocr.forms.tools.check import Score

form_app = typer.Typer(no_args_is_help=True, help="Les formulaires connus du lecteur.")

KINDS = {
    "comb": "peignes",
    "comb_date": "dates",
    "comb_amount": "montants",
    "check": "cases à cocher",
    "signature": "signatures",
}
"""The kinds of field that `form check` counts."""
FORM_OR_FILE = "nom d'un formulaire connu, ou fichier YAML"
BLANK = "le vierge numérisé : PDF, TIFF, JPEG ou PNG"


@form_app.command("list")
def form_list() -> None:
    """Nommer les formulaires connus, les vôtres compris ; 1 si l'un des vôtres est mal formé."""
    from ocr.forms import forms, load_form, own_forms

    folder, wrong = _home_forms(), False
    for name in forms():
        say(_told(load_form(name)))
    for name in own_forms(folder):
        try:
            say(f"{_told(load_form(name, folder) if name not in forms() else _twice(name))}\tle vôtre")
        except LiasseError as error:
            wrong = True
            say(f"{name}\tn'est pas lu : {error.code} : {error.problem.sentence} {error.detail}")
    raise typer.Exit(1 if wrong else 0)


def _told(form: "Form") -> str:
    return f"{form.name}\t{form.title}\tcerfa {form.cerfa or '—'}\t{form.type}\t{len(form.fields)} champs"


def _twice(name: str) -> "Form":
    raise Refused("formulaire_livre", f"{name}.")


@form_app.command("draw")
def form_draw(
    form: Annotated[str, typer.Argument(metavar="FORMULAIRE", help=FORM_OR_FILE)],
    out: Annotated[Path, typer.Argument(metavar="IMAGE", help="fichier PNG, JPEG ou TIFF à écrire")],
    dpi: Annotated[int, typer.Option(help="points par pouce", min=50, max=600)] = 150,
) -> None:
    """Dessiner le formulaire vierge que le lecteur connaît."""
    import cv2

    from ocr.forms import draw

    if out.suffix.lower() not in (".png", ".jpg", ".jpeg", ".tif", ".tiff"):
        raise fail(f"{out} : il faut un nom en .png, .jpg ou .tif.", 2)
    with _known(form) as (found, _):
        if not cv2.imwrite(str(out), draw(found, dpi)):
            raise fail(f"{out} : ne s'écrit pas.", 2)


@form_app.command("new")
def form_new(
    scan: Annotated[Path, typer.Argument(metavar="SCAN", help=BLANK)],
    out: Annotated[Path, typer.Option(help="fichier YAML à écrire")],
    page: Annotated[int, typer.Option(help="page du fichier", min=1)] = 1,
) -> None:
    """Proposer les zones et le dessin d'un formulaire vierge ; une personne les corrige."""
    from ocr.forms.tools.propose import measured, write

    if out.suffix != ".yaml":
        raise fail(f"{out} : il faut un nom en .yaml.", 2)
    if out.exists():
        raise fail(f"{out} existe déjà : rien n'est écrasé.", 2)
    form = measured(_blank(scan, page), out.stem)
    write(form, out)
    say(f"{len(form['fields'])} zones proposées dans {out} : corrigez leurs noms, leurs genres et le type.")
    say(f"Ensuite : liasse form check {out} --out zones.png --blank {scan}" + _page(page))


@form_app.command("check")
def form_check(
    form: Annotated[str, typer.Argument(metavar="FORMULAIRE", help=FORM_OR_FILE)],
    out: Annotated[Path | None, typer.Option(help="où dessiner les zones : .png ou .pdf")] = None,
    n: Annotated[int, typer.Option(help="feuilles composées et relues", min=1)] = 4,
    blank: Annotated[Path | None, typer.Option(help=f"comparer au vierge et dessiner dessus ; {BLANK}")] = None,
    page: Annotated[int, typer.Option(help="page du vierge", min=1)] = 1,
) -> None:
    """Dessiner les zones d'un formulaire, et relire des feuilles composées ; 1 s'il n'est pas prêt."""
    from ocr.forms.tools.check import score
    from ocr.forms.tools.overlay import overlay
    from ocr.specimen.files import encode

    if out is not None and out.suffix not in (".png", ".pdf"):
        raise fail(f"{out} : il faut un nom en .png ou .pdf.", 2)
    with _known(form) as (found, folder):
        paper = _blank(blank, page) if blank is not None else None
        if out is not None:
            out.write_bytes(encode([overlay(found, paper)], out.suffix[1:], 150))
            say(f"zones dessinées dans {out}")
        if paper is not None:
            _near(found, paper)
        _type(found)
        told = score(found, n, forms_dir=folder)
    _tell(told)
    if told.fit:
        say(_ready(form))
    raise typer.Exit(0 if told.fit else 1)


def _tell(told: "Score") -> None:
    near = "" if told.residual is None else f", à {_mm(told.residual)} près"
    say(f"reconnu {told.known} fois sur {told.sheets}{near}")
    for kind, (right, fields) in told.kinds.items():
        say(f"{KINDS[kind]} : {right} justes sur {fields}")
    if told.texts[1]:
        say(f"textes : {told.texts[0]} à la lettre sur {told.texts[1]} (ne comptent pas)")
    if told.known < told.sheets:
        for other in told.taken_for:
            say(f"à revoir : pris pour {other} ; donnez à celui-ci ce qui l'en distingue (fills, captions)")
        say("à revoir : le dessin a trop peu de repères ; complétez fills et captions, comparez au --blank")
        return
    for name, miss in told.missed.items():
        say(f"à revoir : {name} ({miss.kind}) : écrit {_value(miss.written)}, lu {_value(miss.read)}")
    if told.missed:
        say("Regardez ces zones sur l'image (--out) : une boîte tient sa case, sans le cadre ni la légende.")


def _value(value: str | bool | None) -> str:
    return {None: "rien", True: "coché", False: "vide"}[value] if not isinstance(value, str) else f"« {value} »"


def _near(form: "Form", paper: "Blank") -> None:
    """How far the drawing lies from the paper."""
    import statistics

    from ocr.forms.tools.compare import compare

    sides = zip(form.page_mm, paper.page_mm, strict=True)
    if any(abs(ours - theirs) > 2 for ours, theirs in sides):
        width, height = (f"{side:.1f}" for side in paper.page_mm)
        say(f"à revoir : page_mm, le vierge mesure [{width}, {height}]")
    near = compare(form, paper.picture)
    if near:
        worst = max(near, key=lambda each: each.distance)
        median = statistics.median(each.distance for each in near)
        say(f"dessin à {_mm(median)} du vierge (au pire {_mm(worst.distance)}, à {worst.field})")


def _type(form: "Form") -> None:
    from api.labels import TYPES

    if form.type == "inconnu":
        say(f"à revoir : type, l'un de {', '.join(TYPES)}, ou le vôtre")
    elif form.type not in TYPES:
        say(f"type « {form.type} » : le vôtre ; reconnu, lu et montré, sans saisie guidée ni contrôle")


def _ready(form: str) -> str:
    from ocr.forms import forms

    if form in forms():
        return "prêt"
    folder = _home_forms(made=False)
    if Path(form).parent.absolute() == folder or not form.endswith(".yaml"):
        return f"prêt : il est lu (dossier {folder})"
    return f"prêt : copiez {form} dans {folder} (dossier neuf : redémarrez une fois) ; il sera lu aussitôt"


def _mm(length: float) -> str:
    return f"{length:.2f} mm".replace(".", ",")


def _page(page: int) -> str:
    return f" --page {page}" if page > 1 else ""


def _home_forms(made: bool = True) -> Path | None:
    """The folder of the operator's own forms; None where it is not `made` yet."""
    from store.settings import load_settings

    folder = load_settings().home.absolute() / "forms"
    return folder if folder.is_dir() or not made else None


def _blank(scan: Path, page: int) -> "Blank":
    from ocr.forms.tools.blank import NoSuchPage, lay

    try:
        return lay(scan, page - 1)
    except NoSuchPage as short:
        raise fail(f"{scan} n'a que {short} page(s).", 2) from None
    except Refused as refused:
        raise fail(f"{scan} : {refused.code} : {refused.problem.sentence}", 2) from None
    except OSError:
        raise fail(f"{scan} : ne se lit pas.", 2) from None


@contextmanager
def _known(name: str) -> Iterator[tuple["Form", str | None]]:
    """The form, and the folder to read it with: the operator's forms, and beside them the file that is
    looked at. Raises Refused where the file is malformed."""
    from ocr.forms import forms, load_file, load_form, own_forms

    home = _home_forms()
    if not name.endswith(".yaml"):
        if name not in (*forms(), *own_forms(home)):
            there = ", ".join((*forms(), *own_forms(home)))
            raise fail(f"Formulaire inconnu. Il y a : {there} ; ou donnez un fichier .yaml.", 2)
        yield load_form(name, home), str(home) if home else None
        return
    file = Path(name)
    if not file.is_file():
        raise fail(f"{file} : ce fichier n'existe pas.", 2)
    load_file(file)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for each in home.iterdir() if home else ():
            if each.name != file.name:
                os.symlink(each, folder / each.name)
        os.symlink(file.absolute(), folder / file.name)
        yield load_form(file.stem, folder), str(folder)
