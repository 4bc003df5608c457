"""A file of any allowed type, opened from its bytes: how many pages, how large, one decoded at a time.

The type is told by content alone. Pages and pixels are counted before anything is decoded, so a
small file that promises a huge image is refused while it is still small.
"""

from domain.errors import Refused
from ocr.pages import MAX_PAGES, MAX_PIXELS, Buffer, Source
from ocr.pictures import PhotoSource, TiffSource


def sniff(data: Buffer) -> str:
    """The media type by content. Raises Refused (fichier_vide, type_inconnu)."""
    head = bytes(memoryview(data)[:1024])
    if not head:
        raise Refused("fichier_vide")
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "image/tiff"
    if b"%PDF-" in head:
        return "application/pdf"
    raise Refused("type_inconnu")


def open_file(data: Buffer, *, max_pages: int = MAX_PAGES, max_pixels: int = MAX_PIXELS) -> Source:
    """Open a PDF, TIFF, JPEG or PNG.

    Raises Refused: fichier_vide, type_inconnu, fichier_illisible, fichier_chiffre, trop_de_pages,
    page_trop_grande.
    """
    media_type = sniff(data)
    if media_type == "application/pdf":
        from ocr.pdf import PdfSource

        return PdfSource(data, max_pages, max_pixels)
    if media_type == "image/tiff":
        return TiffSource(data, max_pages, max_pixels)
    return PhotoSource(data, media_type, max_pixels)
