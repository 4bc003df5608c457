"""Why a dossier was recognised, in French sentences without any name, number or date."""

from dataclasses import dataclass, replace

from domain.people import Insured
from dossiers.lines import LineMatch

NOTHING = LineMatch()


@dataclass(frozen=True, slots=True)
class Facts:
    """Log-ratios of one candidate, and what was seen. `beneficiary`, `line`: the two lines of NIR.
    `own`, `holder`...: the ratios behind them, of the person's own number and of the assuré's."""

    beneficiary: float = 0.0
    line: float = 0.0
    born: float = 0.0
    name: float = 0.0
    holder_name: float = 0.0
    own: float = 0.0
    holder: float = 0.0
    line_holder: float = 0.0
    line_own: float = 0.0
    nir_read: bool = False
    line_read: bool = False
    born_seen: str = "non_lue"
    wrong_places: int = 0
    names: LineMatch = NOTHING

    @property
    def without_names(self) -> float:
        return self.beneficiary + self.line + self.born

    @property
    def total(self) -> float:
        return self.without_names + self.name + self.holder_name

    def with_names(self, names: LineMatch, name: float, holder_name: float) -> "Facts":
        return replace(self, names=names, name=name, holder_name=holder_name)


_BORN = {
    "egale": "La date de naissance est celle du dossier.",
    "proche": "La date de naissance lue avec doute est compatible avec le dossier.",
    "annee": "La date de naissance est incomplète (date lunaire) ; l'année est celle du dossier.",
    "differente": "La date de naissance diffère de celle du dossier.",
    "non_lue": "La date de naissance n'a pas été lue.",
}


def reasons(facts: Facts, person: Insured) -> tuple[str, ...]:
    """One sentence for each piece of evidence, the number first."""
    return tuple(
        sentence
        for sentence in (
            _number(facts, person),
            _holder_line(facts, person),
            *_names(facts.names),
            _BORN[facts.born_seen],
        )
        if sentence
    )


def _number(facts: Facts, person: Insured) -> str:
    if not facts.nir_read:
        return "Le NIR du bénéficiaire n'a pas été lu."
    if facts.holder > 3.0 and facts.holder > facts.own:
        return "Le NIR lu pour le bénéficiaire est celui de l'assuré dont il est l'ayant droit."
    if person.nir is None:
        return "Le NIR lu n'est pas celui de l'assuré de ce dossier."
    if facts.wrong_places == 0:
        return "Le NIR lu est celui du dossier."
    if facts.wrong_places == 1:
        return "Le NIR lu diffère de celui du dossier par un caractère."
    if facts.wrong_places <= 3:
        return f"Le NIR lu diffère de celui du dossier par {facts.wrong_places} caractères."
    return "Le NIR lu n'est pas celui du dossier."


def _holder_line(facts: Facts, person: Insured) -> str:
    if not facts.line_read:
        return ""
    if facts.line_holder > 3.0:
        return "Le NIR de l'assuré est celui qui ouvre les droits de ce dossier."
    if facts.line_own > 3.0:
        return "Le NIR porté à la ligne de l'assuré est celui du bénéficiaire."
    return "Le NIR de l'assuré n'est pas celui de ce dossier."


def _names(names: LineMatch) -> tuple[str, ...]:
    if not names.read:
        return ("Le nom n'a pas été lu.",)
    said: list[str] = []
    both = {"naissance", "usage"} <= names.kinds
    if both:
        said.append("Le nom de naissance et le nom d'usage sont ceux du dossier.")
    elif "naissance" in names.kinds:
        said.append("Le nom de naissance est celui du dossier.")
    elif "usage" in names.kinds:
        said.append("Le nom d'usage est celui du dossier.")
    else:
        said.append("Le nom lu n'est pas celui du dossier.")
    if "prenom" in names.kinds:
        said.append("Le prénom est celui du dossier.")
    elif names.noise:
        said.append("Le prénom lu n'est pas celui du dossier.")
    else:
        said.append("Le prénom n'a pas été lu.")
    if not names.exact:
        said.append("Quelques lettres du nom ou du prénom diffèrent.")
    return tuple(said)
