"""Readings kept by content: what the same code and weights have read of the same bytes is not read again.

They lie in `bench/results/cache`, which git ignores; a change to the reader, its weights, tables or thresholds
makes all of them anew. Only sheets of specimens come here.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ocr.read import read_file

ROOT = Path(__file__).parent.parent
CACHE = ROOT / "bench" / "results" / "cache"

READER = ("domain", "law", "ocr")
ASIDE = ("ocr/specimen", "ocr/train", "ocr/forms/tools")
"""Within these, but no part of a reading."""

LIBRARIES = "requirements.txt"


@lru_cache(4)
def hash_of(folders: tuple[str, ...] = READER, aside: tuple[str, ...] = ASIDE) -> str:
    """Of all files in these folders of the repository, and of the libraries that a reading rests on."""
    told = hashlib.sha256((ROOT / LIBRARIES).read_bytes())
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")) or [ROOT / folder]:
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and "__pycache__" not in name and not name.startswith(aside):
                told.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}".encode())
    return told.hexdigest()


def kept(key: str, make: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """What lies in the cache under `key`, made and put there where nothing does."""
    name = hashlib.sha256(key.encode()).hexdigest()
    path = CACHE / name[:2] / f"{name}.json"
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError):
        pass  # not there yet, or cut short
    told = json.dumps(make(), ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.with_suffix(".part")
    whole.write_text(told, "utf-8")
    whole.replace(path)
    return dict(json.loads(told))


def reading(path: Path, forms_dir: str | None = None, variant: str = "") -> dict[str, Any]:
    """As `read_file`. `variant` names a reader that was changed while it runs."""
    if forms_dir is not None:  # an operator's own blank is no part of the key
        return read_file(path, forms_dir)
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    return kept(f"{content} {hash_of()} {variant}", lambda: read_file(path))
