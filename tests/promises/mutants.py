"""Good files spoilt in a thousand ways, seeded: for the long form of H1."""

import random
from collections.abc import Iterator

from tests.promises.hostile import ITS_IMAGE, drawn, image, page_entries, picture, tiff


def mutants(number: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Good files cut, flipped, repeated: nothing is expected of them but a coded answer, or LU."""
    good = [
        drawn(b"0 0 m 100 100 l S BT ET"),
        drawn(b"595 0 0 842 0 0 cm /I Do", image(800, 800, bytes(80_000)), extra=ITS_IMAGE),
        picture("PNG"),
        picture("JPEG"),
        picture("JPEG", progressive=True),
        picture("TIFF", compression="tiff_lzw"),
        picture("TIFF", compression="tiff_adobe_deflate"),
        tiff((page_entries(), 0)),
    ]  # fmt: skip
    chance = random.Random(seed)
    for n in range(number):
        data = bytearray(chance.choice(good))
        way = chance.choice(("cut", "flip", "zero", "double", "numbers"))
        at = chance.randrange(len(data))
        if way == "cut":
            del data[at:]
        elif way == "flip":
            for _ in range(chance.randint(1, 30)):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        elif way == "zero":
            data[at : at + chance.randint(1, 2000)] = b""
        elif way == "double":
            data[at:at] = data[max(0, at - chance.randint(1, 5000)) : at]
        else:
            data[at : at + 4] = chance.choice(
                (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\x80\0\0\0")
            )
        yield f"mutant_{seed}_{n}_{way}", bytes(data)
