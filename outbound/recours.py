"""The ways to contest a decision of the caisse, which it must name (R142-1-A III)."""

from datetime import date

from domain.french import of, spelled
from law import Law
from law.values import UNITS

Way = dict[str, str]
"""`what`, `how`, `article`: as a letter prints them."""


def delay(name: str, day: date, law: Law) -> str:
    """`deux mois`."""
    value = law.value(name, day)
    return spelled(int(value.number), *UNITS[value.unit])


def ways(day: date, law: Law) -> list[Way]:
    """The commission de recours amiable, then the tribunal. The delays run from the reception of the letter,
    which nobody knows yet."""
    return [_amiable(day, law), _court(day, law)]


def medical_ways(day: date, law: Law) -> list[Way]:
    """Against a decision that rests on an opinion of the contrôle médical: the commission médicale for that
    opinion (R142-8), the commission de recours amiable for the rest, then the tribunal."""
    ask, silence = (delay(f"delais.{name}", day, law) for name in ("cra_saisine", "cmra_silence"))
    medical = {
        "what": "Sur l'avis médical : saisir la commission médicale de recours amiable",
        "how": "Si vous contestez l'appréciation du médecin-conseil, écrivez au secrétariat de la commission "
        f"médicale de recours amiable dans un délai {of(ask)} à compter de la réception de cette lettre, par "
        "tout moyen qui donne date certaine, en joignant une copie de cette lettre. Sans décision dans un "
        f"délai {of(silence)}, votre recours est rejeté.",
        "article": "CSS L142-4 ; R142-1-A III ; R142-8 ; R142-8-5",
    }
    other = _amiable(day, law)
    return [medical, {**other, "what": "Sur tout autre motif : saisir la commission de recours amiable"},
            _court(day, law)]  # fmt: skip


def _amiable(day: date, law: Law) -> Way:
    ask, silence = (delay(f"delais.{name}", day, law) for name in ("cra_saisine", "cra_silence"))
    return {
        "what": "Saisir la commission de recours amiable",
        "how": "Si vous contestez cette décision, écrivez à la commission de recours amiable de votre caisse "
        f"dans un délai {of(ask)} à compter de la réception de cette lettre. Sans réponse d'elle en {silence}, "
        "votre réclamation est rejetée.",
        "article": "CSS L142-4 ; R142-1 ; R142-6",
    }


def _court(day: date, law: Law) -> Way:
    judge = delay("delais.tribunal", day, law)
    return {
        "what": "Puis saisir le tribunal",
        "how": "Contre son rejet, exprès ou par silence, vous pouvez saisir le pôle social du tribunal "
        f"judiciaire dont dépend votre domicile, dans un délai {of(judge)}, par une requête remise ou "
        "adressée au greffe en recommandé avec avis de réception.",
        "article": "CSS R142-1-A III ; R142-10 ; R142-10-1",
    }
