"""`python -m ocr.specimen --out DIR --n N --seed S`: the command behind `./liasse specimen`."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from ocr.specimen import PROFILES, Sources, make, make_demo
from ocr.specimen.registry import SPLITS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="specimen", description="Compose des feuilles de soins dont la vérité est connue."
    )
    parser.add_argument("--out", type=Path, required=True, help="dossier où écrire")
    parser.add_argument("--n", type=int, default=20, help="nombre de feuilles")
    parser.add_argument("--seed", type=int, default=1, help="graine : les mêmes octets pour la même")
    parser.add_argument("--population", type=Path, help="fichier des assurés : lu s'il existe, sinon écrit")
    parser.add_argument("--profile", action="append", choices=sorted(PROFILES), help="peut être répété")
    parser.add_argument("--demo", action="store_true", help="le lot de démonstration ; --n est ignoré")
    parser.add_argument("--split", choices=SPLITS, default="test", help="polices et mains à employer")
    parser.add_argument("--fonts", type=Path, help="dossier de polices d'imprimerie de plus")
    parser.add_argument("--hands", type=Path, help="dossier de polices d'écriture")
    parser.add_argument("--mnist", type=Path, help="dossier des quatre fichiers MNIST")
    parser.add_argument("--blank", type=Path, help="image d'un formulaire vierge, au lieu de notre dessin")
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    sources = Sources(options.split, options.fonts, options.hands, options.mnist)
    if options.demo:
        make_demo(options.out, options.seed, sources=sources)
        return
    blank = None
    if options.blank is not None:
        picture = cv2.imread(str(options.blank))
        if picture is None:
            raise SystemExit(f"image illisible : {options.blank}")
        blank = np.asarray(picture, np.uint8)
    make(
        options.out,
        options.n,
        options.seed,
        profiles=options.profile,
        population=options.population,
        sources=sources,
        blank=blank,
    )


if __name__ == "__main__":
    main()
