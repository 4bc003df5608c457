"""What archiving costs: seconds a PDF/A, beside ocrmypdf where it is; milliseconds a sealed sheet.

Run: python -m bench.archive [--sheets N] [--home DIR]  (servers of the home are started if need be)
"""

import argparse
import io
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy
from PIL import Image, ImageDraw

from archive.journal_seal import seal_pending
from archive.manifest import Facts, Part
from archive.package import seal_document
from archive.pdfa.build import build
from archive.verify import verify
from cli.embedded import running
from domain.flow import State
from store import clock, contents, deposits, documents, senders
from store.house import Store, open_store

WORDS = [
    {"text": f"mot{n} valeur {n * 37}", "page": 0, "box": [0.08 + 0.3 * (n % 3), 0.04 + 0.011 * n, 0.2, 0.009]}
    for n in range(80)
]


def sheet(seed: int) -> Image.Image:
    """A page of A4 at 300 dpi in colour, with the noise of a scanner."""
    chance = numpy.random.default_rng(seed)
    noise = chance.normal(235, 6, (3508, 2480, 3)).clip(0, 255).astype("uint8")
    image = Image.fromarray(noise)
    pen = ImageDraw.Draw(image)
    for word in WORDS:
        x, y = word["box"][0] * 2480, word["box"][1] * 3508
        pen.text((x, y), str(word["text"]), fill=(20, 20, 60), font_size=34)
    return image


def saved(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "g4":
        image.convert("L").point(lambda v: 255 * (v > 160)).convert("1").save(
            out, "TIFF", compression="group4", dpi=(300, 300)
        )
    elif kind == "grey":
        image.convert("L").save(out, "PNG", dpi=(300, 300))
    else:
        image.save(out, "JPEG", quality=80, dpi=(300, 300))
    return out.getvalue()


def pdfa(sheets: int) -> None:
    print("PDF/A-2b of one sheet (A4, 300 dpi, 80 words)")
    for kind in ("jpeg", "g4", "grey"):
        files = [saved(sheet(n), kind) for n in range(sheets)]
        build(files[0], words=WORDS)  # imports and font, once a child
        times, sizes = [], []
        for data in files:
            start = time.process_time()
            _, (pdf,) = build(data, words=WORDS)
            times.append(time.process_time() - start)
            sizes.append(len(pdf))
        print(f"  {kind:5} {statistics.median(times):6.3f} CPU s   {statistics.median(sizes) / 1024:7.0f} KiB")
    _ocrmypdf(saved(sheet(0), "jpeg"))


def _ocrmypdf(data: bytes) -> None:
    tool = shutil.which("ocrmypdf")
    if tool is None:
        print("  ocrmypdf is not here: not compared")
        return
    with tempfile.TemporaryDirectory() as directory:
        source = Path(directory, "a.jpg")
        source.write_bytes(data)
        start = time.perf_counter()
        options = ["--image-dpi", "300", "--tesseract-timeout", "0", "--output-type", "pdfa", "--jobs", "1"]
        done = subprocess.run(
            [tool, *options, source, Path(directory, "a.pdf")], capture_output=True, text=True, check=False
        )
        if done.returncode:  # mostly Ghostscript, which its PDF/A needs and a machine may lack
            said = done.stderr.strip().splitlines() or [f"code {done.returncode}"]
            print(f"  ocrmypdf is here but makes no PDF/A: not compared ({said[0].strip()})")
            return
        print(f"  ocrmypdf, OCR off: {time.perf_counter() - start:.3f} s")


def sealing(store: Store, sheets: int) -> None:
    data = saved(sheet(0), "jpeg")
    _, (pdf,) = build(data, words=WORDS)
    parts = {
        "original": Part(data, "image/jpeg"),
        "pdfa": Part(pdf, "application/pdf"),
        "reading": Part({"words": WORDS}),
    }
    times = []
    for _ in range(sheets):
        facts = _document(store, len(data))
        start = time.perf_counter()
        seal_document(store, facts, parts)
        times.append(1000 * (time.perf_counter() - start))
    size = (len(data) + len(pdf)) / 2**20
    print(f"sealed sheet ({size:.1f} MiB, 6 locked objects, read back): "
          f"median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms")  # fmt: skip
    start = time.perf_counter()
    done = seal_pending(store)
    print(f"seal of {sum(each.lines for each in done)} lines: {1000 * (time.perf_counter() - start):.0f} ms")
    start = time.perf_counter()
    told = list(verify(store.objects))
    wrong = sum(not each["ok"] for each in told)
    print(f"verify: {len(told)} objects, {wrong} wrong, {time.perf_counter() - start:.2f} s")


def _document(store: Store, size: int) -> Facts:
    with store.begin() as conn:
        sender = senders.house_sender(conn)
        digest, at = clock.now().strftime("%Y%m%d%H%M%S%f").ljust(64, "0"), clock.now()
        contents.save(
            conn, sha256=digest, key_id=contents.new_key_id(), object_key=digest, size=size,
            media_type="image/jpeg", cipher_sha256=digest,
        )  # fmt: skip
        id = contents.new_key_id()
        deposits.save(
            conn, id=id, sender_id=sender.id, sha256=digest, source="bench", receipt="",
            received_at=at, received_on=at.date(),
        )  # fmt: skip
        documents.create(
            conn, id=id, deposit_id=id, sender_id=sender.id, content_sha256=digest, received_at=at,
            received_on=at.date(), actor="bench",
        )  # fmt: skip
        for start, to in ((State.RECU, State.EN_LECTURE), (State.EN_LECTURE, State.VALIDE)):
            documents.advance(conn, id, start, to, actor="bench")
    return Facts(id, "feuille_soins_medecin", "s3110j", id, at, at.date())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--sheets", type=int, default=10)
    options.add_argument("--home", type=Path)
    given = options.parse_args()
    pdfa(given.sheets)
    with tempfile.TemporaryDirectory(prefix="lb-") as directory:
        Path(directory).chmod(0o711)
        with running(given.home or Path(directory), retention_minutes=1) as settings:
            store = open_store(settings)
            sealing(store, given.sheets)
            store.close()


if __name__ == "__main__":
    main()
