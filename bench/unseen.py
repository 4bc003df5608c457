"""Fonts, writers and digits that the network was not trained on."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from ocr.specimen import Sources


@lru_cache(1)
def seen() -> dict[str, Any]:
    """As ocr/models/seen.yaml tells."""
    return dict(yaml.safe_load((files("ocr") / "models" / "seen.yaml").read_text("utf-8")))


def is_seen(file: str, written: bool) -> bool:
    """Whether glyphs of a font file were in training."""
    return Path(file).stem in seen()["written" if written else "printed"]


@dataclass(frozen=True)
class Unseen(Sources):
    """A split of the registry, without what the weights have seen: nothing more where they keep to it."""

    def printed_fonts(self) -> tuple[str, ...]:
        return tuple(file for file in super().printed_fonts() if not is_seen(file, written=False))

    def written_fonts(self) -> tuple[Path, ...]:
        return tuple(path for path in super().written_fonts() if not is_seen(path.name, written=True))
