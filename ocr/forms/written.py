"""A form as it is written down: YAML -> Form. Each mistake is told with its place, in French."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from domain.errors import Refused
from ocr.forms.fonts import FILES
from ocr.forms.form import KINDS, Box, Form, FormField

KEYS = {
    "name": "nom court : celui du fichier, sans `.yaml` ; minuscules, chiffres et `_`",
    "type": "type du document : l'un des types connus, ou le vôtre (minuscules, chiffres et `_`)",
    "title": "titre, pour `form list`",
    "cerfa": 'numéro cerfa, ou `""`',
    "edition": 'édition imprimée en marge, ou `""`',
    "page_mm": "largeur et hauteur de la page",
    "follows": "facultatif : le formulaire dont celui-ci est la page suivante",
    "fields": "les zones à remplir, par nom, dans l'ordre du papier",
    "drawing": "de quoi dessiner le vierge : c'est par là que la page est reconnue",
}
ZONE_KEYS = {
    "kind": "le genre (ci-dessous)",
    "boxes": "une boîte `[x, y, largeur, hauteur]` par case ou par ligne",
    "groups": "facultatif : comment les cases d'un peigne sont groupées à l'impression",
    "letters": "facultatif : les lettres pâles imprimées dans les cases d'une date",
}
DRAWING_KEYS = {
    "colours": "nom d'une encre -> `[rouge, vert, bleu]`, de 0 à 255",
    "fills": "aplats et filets : `[encre, x, y, largeur, hauteur]`",
    "polygons": "contours pleins : `[encre, [[x, y], ...]]`",
    "captions": "lignes imprimées : `font`, `colour`, `em` (corps), `baseline` (ligne de base) et "
    "`words` : `[mot, x, largeur]` ; `turned: true` se lit de bas en haut",
}
"""Keys of the file, of a zone, of the drawing -> what each says, as the operator's guide prints them."""

_OPTIONAL = {"follows", "groups", "letters"}
_NAME, _ZONE_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}"), re.compile(r"[a-z][A-Za-z0-9_]{0,63}")
_CELLS = {"comb_date": 8, "check": 1, "cell": 1}
_NUMBERS = {"nir": 13, "nir_cle": 2}
_PAGE_MM = (50.0, 450.0)
MOST = 1000.0
"""No length and no colour is larger: a slip of the keyboard is not drawn."""


def read_form(text: str, name: str) -> Form:
    """The form in a YAML file called `<name>.yaml`.

    Raises domain.errors.Refused("formulaire_mal_forme"), whose detail names the place and what is wanted."""
    try:
        data = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = f"ligne {mark.line + 1}, colonne {mark.column + 1}" if mark else "le fichier"
        raise _wrong(at, "ce n'est pas du YAML") from None
    _keys(data, KEYS, "le fichier")
    if data["name"] != name or not _NAME.fullmatch(name):
        raise _wrong("name", f"il faut « {name} », le nom du fichier ; minuscules, chiffres et _ seulement")
    if not isinstance(data["type"], str) or not _NAME.fullmatch(data["type"]):
        raise _wrong("type", "il faut un mot en minuscules, chiffres et _")
    width, height = _numbers(data["page_mm"], 2, "page_mm")
    if not all(_PAGE_MM[0] <= side <= _PAGE_MM[1] for side in (width, height)):
        raise _wrong("page_mm", "il faut des millimètres : [210, 297] pour une page A4")
    fields = data["fields"]
    if not isinstance(fields, dict):
        raise _wrong("fields", "il faut des zones par nom, ou {}")
    page = (width, height)
    return Form(
        name,
        data["type"],
        str(data["title"]),
        str(data["cerfa"]),
        str(data["edition"]),
        page,
        {key: _zone(key, each, page) for key, each in fields.items()},
        _drawing(data["drawing"]),
        follows=str(data.get("follows", "")),
    )


def _zone(name: Any, data: Any, page: tuple[float, float]) -> FormField:
    where = f"fields.{name}"
    if not isinstance(name, str) or not _ZONE_NAME.fullmatch(name):
        raise _wrong(where, "un nom de zone est fait de lettres sans accent, de chiffres et de _")
    _keys(data, ZONE_KEYS, where)
    if data["kind"] not in KINDS:
        raise _wrong(f"{where}.kind", f"il y a : {', '.join(KINDS)}")
    boxes = tuple(_boxes(data["boxes"], f"{where}.boxes", page))
    wanted = _CELLS.get(data["kind"])
    if data["kind"] == "comb" and wanted is None:
        wanted = next((n for end, n in _NUMBERS.items() if name.endswith(f"_{end}")), None)
    if wanted is not None and len(boxes) != wanted:
        raise _wrong(f"{where}.boxes", f"il en faut {wanted}, il y en a {len(boxes)}")
    return FormField(name, data["kind"], boxes, tuple(data.get("groups", ())), str(data.get("letters", "")))


def _boxes(data: Any, where: str, page: tuple[float, float]) -> Iterator[Box]:
    if not isinstance(data, list) or not data:
        raise _wrong(where, "il faut au moins une boîte [x, y, largeur, hauteur]")
    for place, each in enumerate(data, start=1):
        x, y, w, h = _numbers(each, 4, f"{where}, boîte {place}")
        if w <= 0 or h <= 0 or x < 0 or y < 0 or x + w > page[0] + 0.5 or y + h > page[1] + 0.5:
            raise _wrong(f"{where}, boîte {place}", "elle sort de la page")
        yield x, y, w, h


def _drawing(data: Any) -> Mapping[str, Any]:
    _keys(data, DRAWING_KEYS, "drawing")
    inks = data["colours"]
    if not isinstance(inks, dict):
        raise _wrong("drawing.colours", "il faut des encres par nom")
    for ink, rgb in inks.items():
        _numbers(rgb, 3, f"drawing.colours.{ink}")
    for place, each in enumerate(_rows(data, "fills"), start=1):
        where = f"drawing.fills, ligne {place}"
        _ink(each, inks, where)
        _numbers(each[1:], 4, where)
    for place, each in enumerate(_rows(data, "polygons"), start=1):
        where = f"drawing.polygons, ligne {place}"
        _ink(each, inks, where)
        for point in each[1] if len(each) == 2 and isinstance(each[1], list) else [None]:
            _numbers(point, 2, where)
    for place, each in enumerate(_rows(data, "captions"), start=1):
        where = f"drawing.captions, ligne {place}"
        if not isinstance(each, dict) or not {"font", "colour", "em", "baseline", "words"} <= each.keys():
            raise _wrong(where, "il faut font, colour, em, baseline et words")
        if each["font"] not in FILES:
            raise _wrong(f"{where}, font", f"il y a : {', '.join(FILES)}")
        _ink([each["colour"]], inks, where)
        _numbers([each["em"], each["baseline"]], 2, where)
        for word in each["words"] or [None]:
            _numbers(word[1:] if isinstance(word, list) and word else None, 2, where)
    return data  # type: ignore[no-any-return]


def _rows(data: Mapping[str, Any], part: str) -> list[Any]:
    rows = data[part]
    if not isinstance(rows, list):
        raise _wrong(f"drawing.{part}", "il faut une liste, ou []")
    return rows


def _ink(row: Any, inks: Mapping[str, Any], where: str) -> None:
    if not isinstance(row, list) or not row or row[0] not in inks:
        raise _wrong(where, f"l'encre n'est pas dans drawing.colours ({', '.join(map(str, inks))})")


def _numbers(data: Any, count: int, where: str) -> Sequence[float]:
    if (
        not isinstance(data, list)
        or len(data) != count
        or not all(
            isinstance(each, int | float) and not isinstance(each, bool) and -MOST <= each <= MOST
            for each in data
        )
    ):
        raise _wrong(where, f"il faut {count} nombres entre crochets")
    return data


def _keys(data: Any, known: Mapping[str, str], where: str) -> None:
    if not isinstance(data, dict):
        raise _wrong(where, f"il faut les clés {', '.join(known)}")
    if strange := [str(key) for key in data if key not in known]:
        raise _wrong(where, f"clé inconnue « {strange[0]} » ; il y a : {', '.join(known)}")
    if missing := [key for key in known if key not in data and key not in _OPTIONAL]:
        raise _wrong(where, f"il manque « {missing[0]} »")


def _wrong(where: str, wanted: str) -> Refused:
    return Refused("formulaire_mal_forme", f"{where} : {wanted}.")
