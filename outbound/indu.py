"""The letters about an indu: its notification (R133-9-1 I, R133-9-2 I) and the mise en demeure that follows
(R133-9-1 I al. 3, R133-9-2 V): nature and date of what was paid, sum, reason, delays, recourse."""

from datetime import date
from typing import Any

from domain.french import in_words, of, sum_is
from domain.money import ZERO, Money, in_french
from law import Law
from liquidation.recouvrement import increase
from outbound import recours
from outbound.pdf import make
from store.debts import Indu

CAISSE = "Votre caisse primaire d'assurance maladie"
LETTER = "lettre.typ"
ARTICLES = {
    "assure": "L133-4-1 du code de la sécurité sociale",
    "ayant_droit": "L133-4-1 du code de la sécurité sociale",
    "praticien": "L133-4 du code de la sécurité sociale",
    "employeur": "1302-1 du code civil, l'indemnité journalière vous ayant été versée par subrogation "
    "(R323-11 du code de la sécurité sociale)",
}
"""Debtor -> the text under which the sum is asked for."""


def render(indu: Indu, name: str, address: tuple[str, ...], *, notified_on: date, law: Law) -> bytes:
    """The PDF. The same arguments give the same bytes."""
    return make(LETTER, content(indu, name, address, notified_on=notified_on, law=law), notified_on)


def content(indu: Indu, name: str, address: tuple[str, ...], *, notified_on: date, law: Law) -> dict[str, Any]:
    """Every word of the notification. Its delays run from the day it is received, which nobody knows yet."""
    asked = sum_is(indu.asked, "vous est demandé", "vous sont demandés")
    costs = f" ; {asked}, frais de gestion compris" if indu.costs else ""
    notes = [f"Cette somme est demandée en application de l'article {ARTICLES[indu.debtor_kind]}."]
    if indu.fraud:
        notes.append("Le versement résulte d'une fraude : une indemnité de 10 % s'y ajoute (même article).")
    return _letter(
        indu, name, address, notified_on,
        title="Notification d'une somme versée à tort",
        heading="Une somme à rembourser",
        headline=f"Une somme de {in_french(indu.amount)} vous a été versée à tort{costs}.",
        sums=[["Somme versée à tort", in_french(indu.amount)], ["Somme demandée", in_french(indu.asked)]],
        notes=notes,
        ways=[*_ways(indu, notified_on, law), *recours.ways(notified_on, law)],
    )  # fmt: skip


def render_demand(
    indu: Indu, name: str, address: tuple[str, ...], left: Money, *, sent_on: date, law: Law
) -> bytes:
    """The mise en demeure as PDF."""
    return make(LETTER, demand(indu, name, address, left, sent_on=sent_on, law=law), sent_on)


def demand(
    indu: Indu, name: str, address: tuple[str, ...], left: Money, *, sent_on: date, law: Law
) -> dict[str, Any]:
    """Every word of the mise en demeure. `left`: what is still asked for, of what was notified."""
    month = recours.delay("recouvrement.mise_en_demeure", sent_on, law)
    notes = [
        f"Vous êtes mis en demeure de payer {in_french(left)} à la caisse dans un délai {of(month)} à compter "
        "de la réception de cette lettre.",
        f"Cette somme est demandée en application de l'article {ARTICLES[indu.debtor_kind]}.",
    ]
    if refused := indu.debt.last("rejet"):
        notes.append(f"Vos observations ont été rejetées le {in_words(refused.on)} : {indu.reason}")
    if indu.debtor_kind == "praticien":
        rate, more = law.value("recouvrement.majoration", sent_on).shown, increase(left, sent_on, law)
        notes.append(
            f"Sans paiement dans ce délai, une majoration de {rate}, soit {in_french(more)}, s'ajoute à la "
            "somme, et le directeur de la caisse peut délivrer une contrainte (articles L133-4 III et "
            "R133-9-1 I)."
        )
    return _letter(
        indu, name, address, sent_on,
        title="Mise en demeure de payer",
        heading="Mise en demeure",
        headline=f"{sum_is(left, 'reste', 'restent')} à payer.",
        sums=[
            ["Somme demandée", in_french(indu.asked)],
            *([["Déjà payé ou retenu", in_french(indu.asked - left)]] if indu.asked - left > ZERO else []),
            ["Reste à payer", in_french(left)],
        ],
        notes=notes,
        ways=[
            {
                "what": "Payer",
                "how": f"Payez {in_french(left)} dans un délai {of(month)}.",
                "article": "CSS R133-9-1 I al. 4" if indu.debtor_kind == "praticien" else "CSS R133-9-2 V",
            },
            *recours.ways(sent_on, law),
        ],
    )  # fmt: skip


def _letter(
    indu: Indu, name: str, address: tuple[str, ...], day: date, *,
    title: str, heading: str, headline: str, sums: list[list[str]], notes: list[str], ways: list[recours.Way],
) -> dict[str, Any]:  # fmt: skip
    return {
        "caisse": CAISSE,
        "name": name,
        "address": list(address),
        "day": in_words(day),
        "reference": indu.id[:8].upper(),
        "title": title,
        "heading": heading,
        "headline": headline,
        "facts": [
            ["Versement du", in_words(indu.paid_on)],
            ["Nature", "Prestation d'assurance maladie"],
            *sums,
            ["Motif", indu.reason],
        ],
        "notes": notes,
        "ways": ways,
    }


def _ways(indu: Indu, day: date, law: Law) -> list[recours.Way]:
    def shown(name: str) -> str:
        return recours.delay(name, day, law)

    if indu.debtor_kind == "praticien":
        return [
            {
                "what": "Payer, ou présenter des observations",
                "how": f"Vous avez {shown('recouvrement.delai_professionnel')} à compter de la réception de "
                "cette lettre pour payer, ou pour présenter des observations écrites.",
                "article": "CSS L133-4 III ; R133-9-1 I al. 2",
            },
            {
                "what": "Sinon, une retenue",
                "how": "Sans paiement ni observations dans ce délai, et si vous ne contestez pas que la somme "
                "est indue, elle est retenue sur nos versements à venir.",
                "article": "CSS L133-4 III al. 4",
            },
        ]
    if indu.debtor_kind == "employeur":
        repay = "La somme est à rembourser à la caisse ; elle n'est pas retenue sur d'autres versements."
        return [{"what": "Payer", "how": repay, "article": "Code civil, 1302-1"}]
    return [
        {
            "what": "Faire rectifier",
            "how": f"Dans un délai {of(shown('delais.indu_rectification'))} à compter de la réception de "
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
    ]
