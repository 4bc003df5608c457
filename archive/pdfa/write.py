"""Writing and validating: only what the validator passes leaves this file."""

import io
import re

import pikepdf
from pikepdf import Pdf
from pikepdf.pdfa import prepare, resolve_save_kwargs, validate_written

FLAVOUR = "2b"
_UNDATED = "2000-01-01T00:00:00Z"
_METADATA_DATE = re.compile(rb"(?<=<xmp:MetadataDate>)[^<]*(?=</xmp:MetadataDate>)")


class Refusal(Exception):
    """The PDF is no PDF/A; `rules` says which ones it breaks."""

    def __init__(self, rules: list[str]) -> None:
        self.rules = rules
        super().__init__(", ".join(rules))


def finish(pdf: Pdf, title: str, created: str | None) -> bytes:
    """`pdf` repaired, written and validated again from its bytes; in memory, since the cage has
    no place to write. Raises Refusal."""
    try:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            if title:
                metadata["dc:title"] = title
            if created:
                metadata["xmp:CreateDate"] = created
        prepare(pdf, FLAVOUR)
        _date_metadata(pdf, created or _UNDATED)
        out = io.BytesIO()
        settings = resolve_save_kwargs(FLAVOUR, deterministic_id=True)
        pdf.save(out, **settings)
        out.seek(0)
        report = validate_written(out, FLAVOUR, save_kwargs=settings)
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise Refusal([f"liasse:{type(error).__name__}"]) from error
    if not report.passed:
        raise Refusal(sorted({finding.rule for finding in report.findings})[:20])
    return out.getvalue()


def _date_metadata(pdf: Pdf, instant: str) -> None:
    """The preparation writes the time of now; the same document must give the same bytes."""
    metadata = pdf.Root.Metadata
    fixed = _METADATA_DATE.sub(instant.encode("ascii"), metadata.read_bytes())
    metadata.write(fixed)
