"""Euros as Decimal, to the cent."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

Money = Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def euros(text: str | int | Decimal) -> Money:
    """An exact amount in euros with two decimals; floats are refused.

    Raises ValueError where `text` is no amount or has a fraction of a cent.
    """
    if isinstance(text, float):
        raise ValueError("an amount is never a float")
    try:
        amount = Decimal(text)
        exact = amount.quantize(CENT)
    except InvalidOperation as error:
        raise ValueError(f"not an amount: {text!r}") from error
    if exact != amount:
        raise ValueError(f"a fraction of a cent: {text!r}")
    return exact


def to_the_cent(amount: Decimal) -> Money:
    """Rounded to the nearest cent, halves away from zero (SESAM-Vitale SFG RG_VF640)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def in_french(amount: Money) -> str:
    """`1234.5` -> `1 234,50 €`, with the narrow no-break space of French typography."""
    return f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",") + "\u00a0€"
