"""Numbers of professionals and organismes, and their keys."""


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
