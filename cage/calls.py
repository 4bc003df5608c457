"""The closed list of what the cage may run, by name.

Each is `module:function`, resolved in the child alone, so that the parent never loads a decoder.
A function has the signature `f(data, **arguments) -> (result, blobs)`: `data` is the file as an mmap
(bytes-like, or b"" when empty), `result` a plain dict, `blobs` a list of bytes. Where it has a
parameter `progress`, it receives a function to call after each page, and the time limit counts from
the last one.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """`pages`: how many pages' worth of time it has where neither `pages` nor progress tells."""

    target: str
    pages: int = 1


CALLS: dict[str, Call] = {
    "ocr.split": Call("ocr.calls:split", pages=4),
    "ocr.read": Call("ocr.calls:read", pages=4),
    "ocr.zone": Call("ocr.calls:zone"),
    "ocr.render": Call("ocr.calls:render"),
    "ocr.take": Call("ocr.calls:take"),
    "archive.pdfa.build": Call("archive.pdfa.build:build", pages=4),
}
ROOMS = ("cage", "domain", "law", "ocr", "archive")
"""The packages that a child can see. Neither the store nor any secret is among them."""


def seconds_for(call: Call, arguments: dict[str, object], seconds_a_page: float, most: float) -> float:
    """The time limit of one call: a page's time for each page named, or for the call's own count."""
    pages = arguments.get("pages")
    count = len(pages) if isinstance(pages, list | tuple) and pages else call.pages
    return min(seconds_a_page * max(1, count), most)
