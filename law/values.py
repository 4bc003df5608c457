"""What a dated parameter is, and the value that it has on a day."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from domain.french import is_plural, lowered, percent

UNITS = {
    "EUR": ("€", "€"),
    "pourcent": ("%", "%"),
    "points": ("point", "points"),
    "jours": ("jour", "jours"),
    "heures": ("heure", "heures"),
    "semaines": ("semaine", "semaines"),
    "mois": ("mois", "mois"),
    "annees": ("an", "ans"),
    "nombre": ("", ""),
    "fraction": ("", ""),
    "coefficient": ("", ""),
    "smic_horaire": ("SMIC horaire", "SMIC horaires"),
    "smic_mensuel": ("SMIC mensuel", "SMIC mensuels"),
    "pass_annuel": ("PASS", "PASS"),
    "pmss": ("PMSS", "PMSS"),
    "choix": ("", ""),
    "texte": ("", ""),
}
"""Unit in the files -> what is written behind one, and behind several. `choix` and `texte` hold no number; a
`fraction` is written as a percentage."""

WORDS = ("choix", "texte")

CERTAINTIES = ("lu", "calcule", "secondaire", "memoire")
"""Read in the text itself; computed from values that were; read in a second-hand source; remembered."""


class NotCovered(LookupError):
    """A declared refusal: no value holds that day. `missing`: a French sentence without its stop, what is
    missing. `label`: of the parameter, where the sentence does not say what it is about. As a text: the
    sentence, what it is about, and the day."""

    def __init__(self, parameter: str, day: date, missing: str, label: str = "") -> None:
        self.parameter = parameter
        self.day = day
        self.missing = missing
        about = lowered(label) if label else "jour demandé"
        super().__init__(f"{missing} : {about}, au {day:%d/%m/%Y}")


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a parameter, from the day `since` to the eve of the next one.

    `number`: exact; Decimal("NaN") where the unit is `choix` or `texte`: read `text` there.
    `contested`: the other reading, or None. `checked`: the day the source was last read.
    """

    parameter: str
    text: str
    number: Decimal
    unit: str
    reference: str
    since: date
    certainty: str
    checked: date
    contested: str | None = None
    note: str | None = None
    shown: str = field(init=False, compare=False)
    """The value with its unit, in French typography: written once, for it stands in every trace."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "shown", self._shown())

    def _shown(self) -> str:
        if self.unit in WORDS:
            return self.text
        if self.unit == "fraction":
            return percent(self.number)
        sign = UNITS[self.unit][is_plural(self.number)]
        text = self.text.replace(".", ",")
        return f"{text}\u00a0{sign}" if sign else text

    @property
    def is_contested(self) -> bool:
        return self.contested is not None


@dataclass(frozen=True, slots=True)
class Gap:
    """Days on which the parameter has no value: refused (`missing`) or without object."""

    since: date
    missing: str
    without_object: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter and all its values in the order of time.

    `keyed_on`: which day is looked up (`jour des soins`, `date de remboursement`...).
    """

    name: str
    label: str
    unit: str
    keyed_on: str
    theme: str
    articles: str
    steps: tuple[Value | Gap, ...]
    choices: tuple[str, ...] = ()
    starts: tuple[date, ...] = field(default=(), compare=False)

    def on(self, day: date) -> Value | Gap | None:
        """The step that holds that day; None before the first."""
        place = bisect_right(self.starts, day)
        return self.steps[place - 1] if place else None
