"""Draws and fills forms: sheets whose truth is known to the letter, made by the project from nothing.

`make` writes n sheets and `truth.jsonl`; `make_demo` the demonstration lot. Names of fields and the
form of values are those of `liasse read`. What is made here is composed, and is called so wherever a
figure on it is shown.
"""

from ocr.specimen.demo import make_demo
from ocr.specimen.making import make
from ocr.specimen.profiles import PROFILES
from ocr.specimen.registry import Sources

__all__ = ["PROFILES", "Sources", "make", "make_demo"]
