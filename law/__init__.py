"""The law as dated data: parameters and code tables, each with its reference.

`load()` reads the YAML and CSV files of this package once. A value that the law does not give, or
that was not found, is refused by name (`NotCovered`), never guessed.
"""

from law.book import KEPT, Law, add_tariffs, load
from law.values import NotCovered, Value

__all__ = ["KEPT", "Law", "NotCovered", "Value", "add_tariffs", "load"]
