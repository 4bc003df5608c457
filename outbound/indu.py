"""The notification of an indu (R133-9-2 I): nature and date of what was paid, sum, reason, delays, recourse."""

from datetime import date
from typing import Any

from domain.money import in_french
from law import Law
from outbound.decompte import in_words
from outbound.pdf import make
from store.debts import Indu

CAISSE = "Votre caisse primaire d'assurance maladie"


def render(indu: Indu, name: str, address: tuple[str, ...], *, notified_on: date, law: Law) -> bytes:
    """The PDF. The same arguments give the same bytes."""
    return make("indu.typ", content(indu, name, address, notified_on=notified_on, law=law), notified_on)


def content(indu: Indu, name: str, address: tuple[str, ...], *, notified_on: date, law: Law) -> dict[str, Any]:
    """Every word of the letter. Its delays run from the day it is received, which nobody knows yet."""
    costs = f" ; {in_french(indu.asked)} vous sont demandés, frais de gestion compris" if indu.costs else ""
    return {
        "caisse": CAISSE,
        "name": name,
        "address": list(address),
        "day": in_words(notified_on),
        "reference": indu.id[:8].upper(),
        "headline": f"Une somme de {in_french(indu.amount)} vous a été versée à tort{costs}.",
        "facts": [
            ["Versement du", in_words(indu.paid_on)],
            ["Nature", "Prestation d'assurance maladie"],
            ["Somme versée à tort", in_french(indu.amount)],
            ["Somme demandée", in_french(indu.asked)],
            ["Motif", indu.reason],
        ],
        "ways": [*_ways(indu, notified_on, law)],
        "fraud": indu.fraud,
    }


def _ways(indu: Indu, day: date, law: Law) -> list[dict[str, str]]:
    def shown(name: str) -> str:
        return law.value(name, day).shown.replace("\u00a0", " ")

    if indu.debtor_kind != "assure":
        repay = "La somme est à rembourser à la caisse."
        return [{"what": "Payer", "how": repay, "article": "CSS L133-4 ; code civil, 1302-1"}, appeal(day, law)]
    return [
        {
            "what": "Faire rectifier",
            "how": f"Dans un délai de {shown('delais.indu_rectification')} à compter de la réception de "
            "cette lettre, vous pouvez demander, par écrit ou oralement, la rectification des informations "
            "dont dépend la somme. Sans réponse de notre part en "
            f"{shown('recouvrement.rejet_implicite')}, votre demande est rejetée, et la somme peut être "
            f"retenue {shown('recouvrement.apres_rejet_implicite')} plus tard.",
            "article": "CSS L133-4-1 al. 4 ; R133-9-2 I 2° a et II",
        },
        {
            "what": "Rembourser, en une ou plusieurs fois",
            "how": "Dans le même délai, vous pouvez rembourser, ou accepter le principe d'un échéancier "
            f"d'au plus {shown('delais.indu_echeancier')}, à conclure en "
            f"{shown('recouvrement.conclusion_echeancier')}.",
            "article": "CSS R133-9-2 I 2° b ; D133-2-3",
        },
        {
            "what": "Sinon, une retenue",
            "how": "Sans demande, remboursement ni échéancier dans ce délai, la somme est retenue sur vos "
            "prestations à venir, dans une limite par mois qui dépend des ressources et des charges de "
            "votre ménage : dites-les-nous.",
            "article": "CSS L133-4-1 al. 1 ; D133-2-2",
        },
        appeal(day, law),
    ]


def appeal(day: date, law: Law) -> dict[str, str]:
    """The way of recourse that any decision of a caisse names."""
    first = law.value("delais.cra_saisine", day).shown.replace("\u00a0", " ")
    silence = law.value("delais.cra_silence", day).shown.replace("\u00a0", " ")
    return {
        "what": "La commission de recours amiable",
        "how": f"Vous pouvez la saisir par écrit dans un délai de {first} à compter de la réception de cette "
        f"lettre. Sans réponse d'elle en {silence}, votre demande est rejetée et vous pouvez saisir le "
        "tribunal judiciaire dans les deux mois.",
        "article": "CSS R142-1 ; R142-6 ; R142-10",
    }
