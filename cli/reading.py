"""`liasse read`: the reader over files, no database; optionally with the dossiers to confirm names."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from domain.reading import field_from_json
from dossiers import Directory, read_lines
from ocr.read import read_file


def read_files(paths: Iterable[Path], dossiers: Path | None) -> Iterator[dict[str, Any]]:
    """One mapping a file, as the contract of `read` says; a file that fails stops no other."""
    directory = Directory(read_lines(dossiers)) if dossiers else None
    for path in _files(paths):
        line = read_file(path)
        for document in line.get("documents", ()):
            if directory is not None:
                document["dossier"] = _who(document, directory)
            for field in document["fields"].values():
                field.pop("cells", None)
        yield line


def _who(document: dict[str, Any], directory: Directory) -> dict[str, Any]:
    """The persons that the sheet may speak of, most probable first, with the reasons."""
    fields = {name: field_from_json(each) for name, each in document["fields"].items()}
    found = directory.identify(fields)
    return {
        "absent": round(found.absent, 6),
        "ranked": [
            {"id": each.insured.id, "probability": round(each.probability, 6), "reasons": list(each.reasons)}
            for each in found.ranked[:3]
        ],
    }


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file())
        else:
            yield path
