"""The contrainte of the director, after a mise en demeure that had no effect for a month (L133-4, L161-1-5).

It names, or is void (R133-3): its reference and amount, the delay to oppose it, the address of the tribunal and
how that is seised; and, as any act of recovery, the cause, the nature and the date of what was paid."""

from datetime import date
from typing import Any

from domain.french import in_words, of
from domain.money import ZERO, Money, in_french
from law import Law
from liquidation.recouvrement import CONSTRAINT
from outbound import recours
from outbound.indu import CAISSE, LETTER
from outbound.pdf import make
from store.debts import Indu


def render(indu: Indu, name: str, address: tuple[str, ...], left: Money, *, issued_on: date, law: Law) -> bytes:
    """The PDF. The same arguments give the same bytes."""
    return make(LETTER, content(indu, name, address, left, issued_on=issued_on, law=law), issued_on)


def content(
    indu: Indu, name: str, address: tuple[str, ...], left: Money, *, issued_on: date, law: Law
) -> dict[str, Any]:
    """Every word. `left`: what is still owed, the majoration of the contrainte included. Raises ValueError
    where the debt has no contrainte, or no mise en demeure that was received."""
    forced, sent, received = indu.debt.constrained, indu.debt.last("mise_en_demeure"), indu.debt.demand_received
    if forced is None or sent is None or received is None:
        raise ValueError("a contrainte follows a mise en demeure that was received")
    more = forced.amount or ZERO
    delay = recours.delay("delais.opposition", issued_on, law)
    text = CONSTRAINT[indu.debtor_kind == "praticien"]
    court = ", ".join(forced.body["court"])
    reference = f"C-{indu.id[:8].upper()}"
    return {
        "caisse": CAISSE,
        "name": name,
        "address": list(address),
        "day": in_words(issued_on),
        "reference": reference,
        "title": f"Contrainte {reference}",
        "heading": f"Contrainte {reference}",
        "headline": f"Le directeur de la caisse vous contraint à payer {in_french(left)}.",
        "facts": [
            ["Versement du", in_words(indu.paid_on)],
            ["Nature", "Prestation d'assurance maladie"],
            ["Cause", indu.reason],
            ["Mise en demeure du", f"{in_words(sent.on)}, reçue le {in_words(received.on)}"],
            ["Somme due", in_french(left - more)],
            *([["Majoration", in_french(more)]] if more else []),
            ["Montant de la contrainte", in_french(left)],
        ],
        "notes": [
            "La mise en demeure est restée sans effet au terme du mois qui a suivi sa réception. Vu les "
            f"articles {text.split(' al. ')[0]} et R133-3 du code de la sécurité sociale, la présente "
            "contrainte est délivrée.",
            f"À défaut d'opposition dans un délai {of(delay)} à compter de sa notification ou de sa "
            "signification, elle comporte tous les effets d'un jugement et confère notamment le bénéfice de "
            "l'hypothèque judiciaire.",
        ],
        "ways": [
            {
                "what": "Payer",
                "how": f"Payez {in_french(left)} à la caisse, en rappelant la référence {reference}.",
                "article": f"CSS {text}",
            },
            {
                "what": "Former opposition",
                "how": f"Dans un délai {of(delay)} à compter de la notification ou de la signification de "
                f"cette contrainte, faites opposition au secrétariat du tribunal : {court}, en l'y "
                "inscrivant ou par lettre recommandée avec demande d'avis de réception. L'opposition doit être "
                "motivée, et une copie de la contrainte y être jointe. La décision du tribunal est exécutoire "
                "à titre provisoire.",
                "article": "CSS R133-3 al. 3 et 4",
            },
        ],
        "signature": ["Le directeur de la caisse", forced.body["director"]],
    }
