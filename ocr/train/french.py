r"""What French shapes of 1, 4, 7 and 9 are worth: the network of cells, taught with them and without.

    python -m ocr.train.french --mnist DIR --fonts DIR... --hands DIR... --out DIR

Both are taught as ocr.train.train does, by the same seeds and budget. Without them no pen sets an upstroke to
its 1 or a bar across its 7, leaves its 4 open or curls the tail of its 9; printed and handwriting faces stay as
they are. Prints how many digits of writers that neither has seen each reads, and writes `with.onnx` and
`without.onnx`: no weights of the reader's, but `python -m bench.ablations --cells DIR` reads sheets by them.
"""

import argparse
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

import numpy as np
import torch

from ocr.specimen import glyphs
from ocr.train import data, strokes
from ocr.train.train import Net, train, write

PLAIN: Mapping[str, tuple[int, ...]] = {"1": (3,), "4": (2,), "7": (2,), "9": (1,)}
FRENCH: Mapping[str, tuple[int, ...]] = {"1": (0, 1, 2), "4": (0, 1), "7": (0, 1), "9": (0,)}
"""Digit -> which of its ways, as `strokes.SHAPES` and the specimen maker's pens list them alike."""


@contextmanager
def kept_to(ways: Mapping[str, tuple[int, ...]], mnist: float) -> Iterator[None]:
    """Pens keep to these ways of drawing, in the processes started meanwhile too; `mnist`: as `data.FRENCH`."""
    with ExitStack() as stack:
        for drawn in (strokes.SHAPES, glyphs._RAW):
            some = {digit: type(drawn[digit])(drawn[digit][way] for way in of) for digit, of in ways.items()}
            stack.enter_context(mock.patch.dict(drawn, some))  # type: ignore[arg-type]
        stack.enter_context(mock.patch.object(data, "FRENCH", mnist))
        glyphs.variants.cache_clear()
        yield
    glyphs.variants.cache_clear()


def digits_right(net: Net, cells: Path) -> str:
    """Of the cells of a file, the digits that the network takes for what they are, among digits."""
    told = np.load(cells)
    labels = told["labels"].astype(np.int64)
    pictures = torch.from_numpy(told["pictures"][labels < 10])
    labels = labels[labels < 10]
    net.eval()
    with torch.no_grad():
        parts = [net(pictures[at : at + 2048])[:, :10].argmax(1) for at in range(0, len(pictures), 2048)]
    right = torch.cat(parts).numpy() == labels
    each = ", ".join(f"{digit}: {right[labels == int(digit)].mean():.2%}" for digit in PLAIN)
    return f"{right.mean():.2%} of {len(labels)} ({each})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mnist", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, nargs="+", required=True)
    parser.add_argument("--hands", type=Path, nargs="*", default=[])
    parser.add_argument("--cells", type=int, default=100_000)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)

    def cells(name: str, split: data.Split, count: int, seed: int) -> Path:
        path = args.out / f"{name}.npz"
        if not path.exists():
            of = (args.mnist, args.fonts, args.hands, split, count, seed, args.jobs)
            pictures, labels = data.make(*of)
            np.savez(path, pictures=pictures, labels=labels)
        return path

    by_pen = {"mnist": 0.36, "print": 0.0, "font": 0.0, "strokes": 0.12, "pen": 0.12}
    with mock.patch.object(data, "SHARES", by_pen), mock.patch.object(data, "RUNS", 0.0):
        with kept_to(FRENCH, 1.0):
            french = cells("test_french", "test", 8000, 6)
        with kept_to(PLAIN, 0.0):
            plain = cells("test_plain", "test", 8000, 6)
    taught = {"with": cells("with", "train", args.cells, 11)}
    with kept_to(PLAIN, 0.0):
        taught["without"] = cells("without", "train", args.cells, 11)
    for name, path in taught.items():
        out = args.out / f"{name}.onnx"
        given = {"start": None, "limit": None, "batch": 64, "rate": 4e-3, "seed": 1, "threads": args.jobs}
        net = train(argparse.Namespace(train=[path], fit=plain, epochs=args.epochs, out=out, **given))
        write(net, out)
        print(
            f"{name} French shapes: by French pens {digits_right(net, french)}; "
            f"by others {digits_right(net, plain)}",
            flush=True,
        )


if __name__ == "__main__":
    main()
