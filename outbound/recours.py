"""The ways to contest a decision of the caisse, which it must name (R142-1-A III)."""

from datetime import date

from law import Law

Way = dict[str, str]
"""`what`, `how`, `article`: as a letter prints them."""


def delay(name: str, day: date, law: Law) -> str:
    """`2 mois`."""
    return law.value(name, day).shown.replace("\u00a0", " ")


def ways(day: date, law: Law) -> list[Way]:
    """The commission de recours amiable, then the tribunal. The delays run from the reception of the letter,
    which nobody knows yet."""
    ask, silence, judge = (
        delay(f"delais.{name}", day, law) for name in ("cra_saisine", "cra_silence", "tribunal")
    )
    return [
        {
            "what": "Saisir la commission de recours amiable",
            "how": "Si vous contestez cette décision, écrivez à la commission de recours amiable de votre "
            f"caisse dans un délai de {ask} à compter de la réception de cette lettre. Sans réponse d'elle en "
            f"{silence}, votre réclamation est rejetée.",
            "article": "CSS L142-4 ; R142-1 ; R142-6",
        },
        {
            "what": "Puis saisir le tribunal",
            "how": "Contre son rejet, exprès ou par silence, vous pouvez saisir le pôle social du tribunal "
            f"judiciaire dont dépend votre domicile, dans un délai de {judge}, par une requête remise ou "
            "adressée au greffe en recommandé avec avis de réception.",
            "article": "CSS R142-1-A III ; R142-10 ; R142-10-1",
        },
    ]
