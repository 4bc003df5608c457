"""Numbers of professionals and organismes, and their keys."""

import re


def luhn_is_valid(digits: str) -> bool:
    """The Luhn key over a string of digits (RPPS 11, FINESS 9, SIREN 9, SIRET 14)."""
    if not digits.isascii() or not digits.isdigit():
        return False
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def luhn_key(digits: str) -> str:
    """The digit that makes `digits` + key valid."""
    return next(key for key in "0123456789" if luhn_is_valid(digits + key))


def rpps_is_valid(number: str) -> bool:
    """Répertoire partagé des professionnels de santé: 11 digits with a Luhn key."""
    return len(number) == 11 and luhn_is_valid(number)


def am_number_is_well_formed(number: str) -> bool:
    """Numéro assurance maladie of a practitioner: 9 digits. Its key is not published: only the shape."""
    return len(number) == 9 and number.isascii() and number.isdigit()


_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)


def iban_is_valid(account: str) -> bool:
    """ISO 13616: the country, two digits of key, the account; read as a number, 1 modulo 97. In capitals,
    without spaces; a French one has 27 characters."""
    if not _IBAN.fullmatch(account) or (account[:2] == "FR" and len(account) != 27):
        return False
    return int("".join(str(int(char, 36)) for char in account[4:] + account[:4])) % 97 == 1


def siret_is_valid(number: str) -> bool:
    """An establishment: 14 digits with a Luhn key; those of La Poste add up to a multiple of five."""
    if len(number) != 14 or not (number.isascii() and number.isdigit()):
        return False
    return luhn_is_valid(number) or (number.startswith("356000000") and sum(map(int, number)) % 5 == 0)
