"""What an agent types, as the form's values are written. What stands on the paper may be wrong: only
its shape is asked for, the checks judge the rest."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from domain.errors import Refused
from domain.identifiers import iban_is_valid
from domain.nir import key_of
from validation.sheets import Kind, entry_of

LONGEST_LINE, LONGEST_BLOCK = 200, 2000

_YES = frozenset(("x", "oui", "o", "1", "true", "vrai", "coche", "coché"))
_NO = frozenset(("", "non", "n", "0", "false", "faux"))
_SPACES = frozenset(" .-_/\u00a0\u202f")


def normalise(name: str, kind: Kind, text: str | bool | None) -> str | bool | None:
    """The value of a field as typed: None where it was left blank (False for ticks and signatures).

    Raises Refused("valeur_invalide") with the field's name and what is expected of it."""
    if kind in ("tick", "signature"):
        return _tick(name, text)
    if text is None:
        return None
    if not isinstance(text, str):
        raise _invalid(name, "un texte est attendu")
    bare = _bare(text, block=kind == "block")
    if not bare:
        return None
    return _READERS[kind](name, bare)


def _invalid(name: str, what: str) -> Refused:
    return Refused("valeur_invalide", f"Champ {name} : {what}.", field=name)


def _bare(text: str, block: bool) -> str:
    """Without control and direction marks, which could show one text and store another."""
    lines = text.replace("\r\n", "\n").split("\n") if block else [text]
    clean = (
        " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in line).split())
        for line in lines
    )
    return "\n".join(line for line in clean if line)


def _tick(name: str, text: str | bool | None) -> bool:
    if text is None or isinstance(text, bool):
        return bool(text)
    said = text.strip().lower() if isinstance(text, str) else "?"
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise _invalid(name, "oui ou non")


def _text(name: str, text: str) -> str:
    if len(text) > LONGEST_LINE:
        raise _invalid(name, "le texte est trop long")
    return text


def _block(name: str, text: str) -> str:
    if len(text) > LONGEST_BLOCK:
        raise _invalid(name, "le texte est trop long")
    return text


def _closed(text: str) -> str:
    return "".join(char for char in text if char not in _SPACES)


def _digits(name: str, text: str) -> str:
    digits = _closed(text)
    length = _length(name)
    if not (digits.isascii() and digits.isdigit()) or (length and len(digits) > length):
        raise _invalid(name, f"{length} chiffres au plus sont attendus" if length else "des chiffres")
    return digits


def _length(name: str) -> int | None:
    entry = entry_of(name)
    return entry.length if entry is not None else None


_NIR = re.compile(r"\d{5}(?:\d{2}|2[AB])\d{6}", re.ASCII)


def _nir(name: str, text: str) -> str:
    """Thirteen characters; a key typed behind them is taken off where it agrees."""
    number = _closed(text).upper()
    if len(number) == 15 and _NIR.fullmatch(number[:13]) and _key_agrees(number):
        number = number[:13]
    if not _NIR.fullmatch(number):
        raise _invalid(name, "treize chiffres sont attendus (2A ou 2B pour la Corse), sans la clé")
    return number


def _key_agrees(number: str) -> bool:
    try:
        return key_of(number[:13]) == number[13:]
    except ValueError:
        return False


_DAY = re.compile(r"(\d{1,2})[ /.\-](\d{1,2})[ /.\-](\d{4}|\d{2})", re.ASCII)
_RUN = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


def _parts(name: str, text: str) -> tuple[str, int, int]:
    """(year as typed, month, day)."""
    if found := _ISO.fullmatch(text):
        return found[1], int(found[2]), int(found[3])
    if found := _DAY.fullmatch(text) or _RUN.fullmatch(text):
        return found[3], int(found[2]), int(found[1])
    raise _invalid(name, "une date est attendue, comme 03/11/2026")


def _date(name: str, text: str) -> str:
    """A day of the calendar; two digits of year are of this century (no care is older)."""
    typed, month, day = _parts(name, text)
    year = int(typed) + (2000 if len(typed) == 2 else 0)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise _invalid(name, "ce jour n'existe pas") from None


def _birth(name: str, text: str) -> str:
    """A birth date: four digits of year, for a century cannot be guessed; day and month may lie
    outside the calendar (dates lunaires, état civil incomplet)."""
    typed, month, day = _parts(name, text)
    if len(typed) != 4:
        raise _invalid(name, "écrivez l'année sur quatre chiffres")
    return f"{typed}-{month:02d}-{day:02d}"


_AMOUNT = re.compile(r"(\d{1,6})(?:[.,€](\d{1,2}))?€?", re.ASCII)
_THOUSANDS = re.compile(r"(\d{1,3})[.](\d{3}),(\d{2})€?", re.ASCII)


def _amount(name: str, text: str) -> str:
    """`30`, `30,5`, `1 234,50 €` -> `30.00`, `30.50`, `1234.50`."""
    closed = re.sub(r"\s|(?i:euros?|eur)", "", text)
    if found := _THOUSANDS.fullmatch(closed):
        return f"{int(found[1] + found[2])}.{found[3]}"
    if found := _AMOUNT.fullmatch(closed):
        return f"{int(found[1])}.{(found[2] or '0').ljust(2, '0')}"
    raise _invalid(name, "un montant en euros est attendu, comme 30,50")


_CODE = re.compile(r"[A-Z0-9][A-Z0-9 .,/+*-]*", re.ASCII)


def _code(name: str, text: str) -> str:
    code, length = text.upper(), _length(name)
    if not _CODE.fullmatch(code) or (length and len(code) > length):
        raise _invalid(name, "un code est attendu (lettres et chiffres)")
    return code


_MONTH = re.compile(r"(?:\d{1,2}[ /.\-])?(\d{1,2})[ /.\-]?(\d{4})|(\d{4})-(\d{2})(?:-\d{2})?", re.ASCII)


def _month(name: str, text: str) -> str:
    """`8/2026`, `082026`, `31/08/2026` -> `2026-08`."""
    if found := _MONTH.fullmatch(text):
        year, month = int(found[2] or found[3]), int(found[1] or found[4])
        if 1 <= month <= 12 and year:
            return f"{year:04d}-{month:02d}"
    raise _invalid(name, "un mois est attendu, comme 08/2026")


_NUMBER = re.compile(r"(\d{1,5})(?:[.,](\d{1,2}))?", re.ASCII)


def _number(name: str, text: str) -> str:
    """`455`, `455,50` -> `455`, `455.5`."""
    if found := _NUMBER.fullmatch(_spaceless(text)):
        return f"{int(found[1])}.{found[2] or ''}".rstrip("0").rstrip(".") if found[2] else str(int(found[1]))
    raise _invalid(name, "un nombre est attendu, comme 455,5")


def _spaceless(text: str) -> str:
    return re.sub(r"\s", "", text)


def _iban(name: str, text: str) -> str:
    """A false key is a slip of the fingers or no account: nothing is ever paid to it."""
    account = _closed(text).upper()
    if not iban_is_valid(account):
        raise _invalid(name, "la clé de cet IBAN ne tombe pas juste")
    return account


def _choice(name: str, text: str) -> str:
    """One of the words of the field; their first letters do."""
    entry = entry_of(name)
    words = entry.choices if entry is not None else ()
    found = [word for word in words if word.startswith(text.lower())]
    if len(found) != 1:
        raise _invalid(name, "l'un de : " + ", ".join(words))
    return found[0]


_READERS: dict[str, Callable[[str, str], str]] = {
    "text": _text,
    "block": _block,
    "digits": _digits,
    "nir": _nir,
    "date": _date,
    "birth": _birth,
    "amount": _amount,
    "code": _code,
    "month": _month,
    "number": _number,
    "iban": _iban,
    "choice": _choice,
}
