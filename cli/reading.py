"""`liasse read`: the reader over files, no database; optionally with the dossiers, to confirm numbers.

Foreign bytes are opened in the cage here too: a file that breaks the reader costs its own line alone.
"""

import logging
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from api.logs import configure
from cage.limits import Limits
from cage.pool import Pool
from cli.usage import why
from domain.errors import LiasseError
from domain.nir import key_of
from domain.people import Insured
from domain.reading import field_from_json
from dossiers import Directory, identify, queries, read_lines
from store.settings import Settings, load_settings

KEPT = ("type", "form", "pages", "fields")


def read_files(paths: Iterable[Path], dossiers: Path | None) -> Iterator[dict[str, Any]]:
    """One mapping a file, in order, as the contract of `read` says; a file that fails stops no other."""
    configure(logging.ERROR)
    settings = load_settings()
    directory = load_directory(dossiers) if dossiers else None
    files = list(_files(paths))
    children = max(1, min(len(files), settings.cage_children or os.cpu_count() or 1))
    forms = operator_forms(settings)
    with Pool(children, limits=cage_limits(settings), readable=forms) as pool:
        pool.warm()  # so that `seconds` is the reading's alone
        threads = ThreadPoolExecutor(children)
        try:
            one = partial(_line, pool, str(forms[0]) if forms else None, directory)
            yield from threads.map(one, files)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


def load_directory(file: Path) -> Directory:
    """The insured persons of a file. Raises Refused("dossier_mal_forme") naming the line."""
    with file.open("rb") as lines:
        return Directory(read_lines(lines, Insured))


def cage_limits(settings: Settings) -> Limits:
    return Limits(seconds_a_page=settings.page_seconds)


def operator_forms(settings: Settings) -> list[Path]:
    """The folder of the operator's own blanks, where there is one."""
    folder = settings.home.absolute() / "forms"
    return [folder] if folder.is_dir() else []


def _line(pool: Pool, forms_dir: str | None, directory: Directory | None, path: Path) -> dict[str, Any]:
    if path.is_dir():
        message = "Le dossier ne contient aucun fichier."
        return {"file": str(path), "error": {"code": "fichier_vide", "message": message}}
    try:
        told, _ = pool.call("ocr.read", path, forms_dir=forms_dir)
    except LiasseError as error:
        return {"file": str(path), "error": {"code": error.code, "message": error.problem.sentence}}
    except OSError as error:
        message = f"Le fichier ne s'ouvre pas : {why(error)}."
        return {"file": str(path), "error": {"code": "fichier_illisible", "message": message}}
    documents = [_document(each, directory) for each in told["documents"]]
    return {"file": str(path), "pages": told["pages"], "seconds": told["seconds"], "documents": documents}


def _document(told: dict[str, Any], directory: Directory | None) -> dict[str, Any]:
    dossier = {} if directory is None else {"dossier": identified(told, directory)}
    for field in told["fields"].values():
        field.pop("cells", None)  # each cell's probabilities: for whoever compares with dossiers
    return {name: told[name] for name in KEPT} | dossier


def identified(told: dict[str, Any], directory: Directory) -> dict[str, Any]:
    """The persons that the sheet may speak of, most probable first; what a certain one confirms is
    accepted in `told`."""
    fields = {name: field_from_json(each) for name, each in told["fields"].items()}
    candidates = directory.candidates(queries(fields))
    found = identify(fields, candidates, population=max(1, len(directory)))
    if found.certain is not None and found.best is not None:
        person = found.certain
        holder = next((each for each in candidates if each.nir == person.assure_nir), None)
        _confirm(told["fields"], person, holder, found.best.probability)
    return {
        "certain": found.certain is not None,
        "absent": round(found.absent, 6),
        "ranked": [
            {"id": each.insured.id, "probability": round(each.probability, 6), "reasons": list(each.reasons)}
            for each in found.ranked[:3]
        ],
    }


def _confirm(fields: dict[str, Any], person: Insured, holder: Insured | None, probability: float) -> None:
    """What is in doubt is accepted where it was read to the letter as the dossier holds it; no value
    changes."""
    own, opens = person.nir or person.assure_nir, person.assure_nir or person.nir
    held = {
        "beneficiaire_date_naissance": {person.birth_date.isoformat()},
        "beneficiaire_nom_prenom": _names(person),
        "beneficiaire_nir": {own},
        "beneficiaire_nir_cle": {own and key_of(own)},
        "assure_nom_prenom": _names(holder) if holder else set(),
        "assure_nir": {opens},
        "assure_nir_cle": {opens and key_of(opens)},
    }
    for name, values in held.items():
        field = fields.get(name)
        if field is not None and field["status"] == "review" and field["value"] in values - {None}:
            field["status"] = "accepted"
            field["probability"] = max(field["probability"], round(probability, 5))


def _names(person: Insured) -> set[str | None]:
    """As a sheet may write them: either name or both, in capitals or not, one first name or all."""
    both = f"{person.birth_name} {person.use_name}" if person.use_name else None
    lasts = {name for name in (person.birth_name, person.use_name, both) if name}
    firsts = {person.first_names, *person.first_names.split()[:1]}
    return {f"{last} {first}" for name in lasts for last in (name, name.upper()) for first in firsts}


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            found = sorted(each for each in path.rglob("*") if each.is_file() and not each.name.startswith("."))
            yield from found or [path]
        else:
            yield path
