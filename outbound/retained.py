"""What a payment holds back, said in words: each sum, what it is, its article."""

from collections.abc import Sequence

from domain.french import sum_is
from domain.money import ZERO, Money
from store.payments import Retenue

WORDS = {
    "participation_forfaitaire": ("la participation forfaitaire", "CSS L160-13 II ; D160-7"),
    "franchise_medicament": ("la franchise sur les médicaments", "CSS L160-13 III ; D160-7"),
    "franchise_auxiliaire": ("la franchise sur les actes d'auxiliaires médicaux", "CSS L160-13 III ; D160-7"),
    "franchise_transport": ("la franchise sur les transports", "CSS L160-13 III ; D160-7"),
}


def total(retained: Sequence[Retenue]) -> Money:
    return sum((each.amount for each in retained), ZERO)


def sentences(retained: Sequence[Retenue]) -> list[str]:
    """One a sum; what had been held back and is owed no more is given back."""
    found = []
    for each in retained:
        held = sum_is(each.amount, "est retenu", "sont retenus")
        back = sum_is(abs(each.amount), "vous est rendu", "vous sont rendus")
        if each.indu_id is not None:
            found.append(
                f"{held} au titre de la somme versée à tort qui vous a été notifiée, référence "
                f"{each.indu_id[:8].upper()} (CSS L133-4-1 ; R133-9-2)."
            )
            continue
        what, article = WORDS.get(each.kind, (each.kind, "CSS L160-13"))
        day = f"{each.care_day:%d/%m/%Y}"
        if each.amount > ZERO:
            found.append(
                f"{held} : {what} de vos soins du {day}, que vous n'aviez pas avancés, n'avait "
                f"pas pu être retenue alors ({article})."
            )
        else:
            found.append(f"{back} : {what} de vos soins du {day} n'était pas due ({article}).")
    return found
