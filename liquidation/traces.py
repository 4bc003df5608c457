"""Lines of trace, written the same way everywhere."""

from functools import lru_cache

from domain.claim import TraceLine
from domain.money import Money
from law import Value


def note(article: str, sentence: str, amount: Money | None = None) -> TraceLine:
    """A step that rests on a text alone."""
    if amount is None:
        return _said(article, sentence)
    return TraceLine(article, sentence, None, None, None, amount, None, False)


@lru_cache
def _said(article: str, sentence: str) -> TraceLine:
    """Steps without an amount: the same few, written once."""
    return TraceLine(article, sentence, None, None, None, None, None, False)


def cite(
    article: str, sentence: str, value: Value, amount: Money | None = None, doubt: str | None = None
) -> TraceLine:
    """A step that used a dated parameter: its value, its date, how sure it is, whether contested.

    `doubt`: the other reading, where it is another parameter that chose this one."""
    doubt = doubt or value.contested
    return TraceLine(
        article,
        f"{sentence} Contesté : {doubt}" if doubt else sentence,
        value.parameter,
        value.shown,
        value.since,
        amount,
        value.certainty,
        doubt is not None,
    )
