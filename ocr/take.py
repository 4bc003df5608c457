"""A document's own pages, taken out of a file without encoding them anew."""

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import tifftools

from domain.errors import Refused
from ocr.files import sniff
from ocr.pages import Buffer, Window


def take(data: Buffer, pages: Sequence[int]) -> tuple[str, bytes]:
    """Pages of a file (indices from 0) -> (media type, bytes of a file that holds them alone).

    Raises Refused (fichier_illisible, fichier_chiffre); IndexError for a page that is not there.
    """
    media_type = sniff(data)
    if media_type == "application/pdf":
        return media_type, _take_pdf(data, pages)
    if media_type == "image/tiff":
        return media_type, _take_tiff(data, pages)
    if list(pages) != [0]:
        raise IndexError("une image n'a qu'une page")
    return media_type, bytes(data)


def _take_pdf(data: Buffer, pages: Sequence[int]) -> bytes:
    try:
        with pikepdf.open(io.BufferedReader(Window(data))) as whole, pikepdf.new() as part:
            for index in pages:
                if not 0 <= index < len(whole.pages):
                    raise IndexError(index)
                part.pages.append(whole.pages[index])
            out = io.BytesIO()
            # a fixed identifier: the same pages give the same bytes
            part.save(out, deterministic_id=True)
            return out.getvalue()
    except pikepdf.PasswordError as error:
        raise Refused("fichier_chiffre") from error
    except pikepdf.PdfError as error:
        raise Refused("fichier_illisible") from error


def _take_tiff(data: Buffer, pages: Sequence[int]) -> bytes:
    try:
        info = tifftools.read_tiff(io.BufferedReader(Window(data)))
        for index in pages:
            if not 0 <= index < len(info["ifds"]):
                raise IndexError(index)
        info["ifds"] = [info["ifds"][index] for index in pages]
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "pages.tiff"
            tifftools.write_tiff(info, str(target), bigtiff=False)
            return target.read_bytes()
    except tifftools.TifftoolsError as error:
        raise Refused("fichier_illisible") from error
