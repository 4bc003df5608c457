"""The font of the invisible text: a subset of a system font, and what each code means.

Every distinct character gets a code of its own (1, 2, 3...). A character that the font lacks is
drawn with the font's question mark, but its /ToUnicode tells the true one: the text is never
seen, only searched and copied. A PDF/A may not use .notdef, even where nothing is drawn
(ISO 19005-2, 6.2.11.8).
"""

import io
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import pikepdf
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Pdf

CANDIDATES = (
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",  # Debian fonts-liberation
    "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",  # Debian fonts-dejavu-core
    "/usr/share/fonts/liberation-sans/LiberationSans-Regular.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
)
_USELESS = ("GSUB", "GPOS", "GDEF", "kern", "OS/2", "post", "name", "FFTM", "DSIG", "meta", "gasp", "MATH")
_FALLBACK = "?"
_MAX_CODES = 65_000


@lru_cache(maxsize=1)
def _font_bytes() -> bytes:
    for candidate in map(Path, CANDIDATES):
        if candidate.is_file():
            return candidate.read_bytes()
    raise FileNotFoundError("install fonts-liberation or fonts-dejavu-core")


def clean(text: str) -> str:
    """`text` composed (NFC), without what no ToUnicode may hold: controls, lone surrogates, marks
    of byte order and non-characters."""
    return "".join(
        char
        for char in unicodedata.normalize("NFC", text)
        if unicodedata.category(char) not in ("Cc", "Cs", "Cn") and char not in "\ufeff\ufffe"
    )


class TextFont:
    """A font object of `pdf`, with widths in thousandths of an em."""

    def __init__(self, pdf: Pdf, texts: Iterable[str]) -> None:
        characters = sorted(set("".join(texts)))[:_MAX_CODES]
        font = TTFont(io.BytesIO(_font_bytes()), lazy=True)
        known = font.getBestCmap()
        options = Options(hinting=False, layout_features=[], glyph_names=False, legacy_kern=False)
        options.drop_tables += list(_USELESS)
        subsetter = Subsetter(options)
        kept = [char for char in characters if ord(char) in known]
        subsetter.populate(text="".join(kept) + _FALLBACK)
        subsetter.subset(font)
        unit = 1000 / font["head"].unitsPerEm
        glyph_of = font.getBestCmap()
        fallback = glyph_of[ord(_FALLBACK)]
        self._codes: dict[str, int] = {}
        self._widths = [0]
        gids = [0]
        for code, char in enumerate(characters, 1):
            glyph = glyph_of.get(ord(char), fallback)
            self._codes[char] = code
            self._widths.append(round(font["hmtx"][glyph][0] * unit))
            gids.append(font.getGlyphID(glyph))
        self.object = self._embed(pdf, font, characters, gids, unit)

    def encode(self, text: str) -> bytes:
        """`text` as a PDF hexadecimal string."""
        return b"<" + b"".join(b"%04X" % self._codes[char] for char in text) + b">"

    def width(self, text: str) -> float:
        """The advance of `text`, in em."""
        return sum(self._widths[self._codes[char]] for char in text) / 1000

    def _embed(
        self, pdf: Pdf, font: TTFont, characters: list[str], gids: list[int], unit: float
    ) -> pikepdf.Object:
        program = io.BytesIO()
        font.recalcTimestamp = False
        font.save(program)
        head, hhea = font["head"], font["hhea"]
        # six letters before the name say that it is a subset; the same for all, for same bytes
        name = Name("/LIASSE+InvisibleText")
        file = pdf.make_stream(program.getvalue(), Length1=len(program.getvalue()))
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=4,
            FontBBox=[round(v * unit) for v in (head.xMin, head.yMin, head.xMax, head.yMax)],
            ItalicAngle=0,
            Ascent=round(hhea.ascent * unit),
            Descent=round(hhea.descent * unit),
            CapHeight=round(hhea.ascent * unit),
            StemV=80,
            FontFile2=pdf.make_indirect(file),
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(
                Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
            ),
            FontDescriptor=pdf.make_indirect(descriptor),
            CIDToGIDMap=pdf.make_indirect(pdf.make_stream(b"".join(gid.to_bytes(2, "big") for gid in gids))),
            DW=0,
            W=Array([1, Array(self._widths[1:])]) if len(self._widths) > 1 else Array([]),
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=name,
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(descendant)]),
                ToUnicode=pdf.make_indirect(pdf.make_stream(_to_unicode(characters))),
            )
        )


def _to_unicode(characters: list[str]) -> bytes:
    lines = [b"<%04X> <%s>" % (n, c.encode("utf-16-be").hex().encode()) for n, c in enumerate(characters, 1)]
    blocks = [
        b"%d beginbfchar\n%s\nendbfchar\n" % (len(part), b"\n".join(part))
        for part in (lines[at : at + 100] for at in range(0, len(lines), 100))
    ]
    return (
        b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        + b"".join(blocks)
        + b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    )
