"""Medicines, whose price and rate are published; transports and products, whose tariff is given, but for
those that the insured drives himself."""

from dataclasses import replace
from decimal import Decimal

from domain.claim import Act, Rights, TraceLine
from domain.french import counted
from domain.money import ZERO, Money, in_french, to_the_cent
from law import Law
from liquidation.priced import Priced, Unpriced, within
from liquidation.professions import TRANSPORTEUR, Profession
from liquidation.traces import cite, note

RATES = {
    "15": ("taux.medicament_smr_faible", "CSS L160-13 I ; R160-5 14°"),
    "30": ("taux.medicament_smr_modere", "CSS L160-13 I ; R160-5 6°"),
    "65": ("taux.medicament_smr_important", "CSS L160-13 I ; R160-5 11°"),
    "100": ("taux.medicament_irremplacable", "CSS R160-8"),
}
SANITARY = {"ABA": "Ambulance", "ABG": "Ambulance de garde", "VSL": "Véhicule sanitaire léger", "TXI": "Taxi"}
OWN, PUBLIC = "VP", "ATP"
TRANSPORTS = {**SANITARY, OWN: "Véhicule personnel", PUBLIC: "Transport en commun"}
"""Table IR_NAT_V; only sanitary vehicles and taxis bear the franchise (L160-13 III 3°)."""
TRANSPORT = "CSS L322-5 ; R322-10"


def medicament(act: Act, held: Rights, law: Law) -> Priced:
    """A presentation by its CIP13: price and honoraire de dispensation, each at the medicine's rate."""
    found = law.medicament(act.code, act.day)
    if found is None:
        raise Unpriced.by("acte_inconnu", act)
    _plain(act)
    price, fee, percent = found
    if str(percent) not in RATES:
        raise Unpriced.by("medicament_non_calcule", act)
    if held.ame and str(percent) == "15":
        raise Unpriced.by("medicament_exclu", act)
    boxes = to_the_cent(price.number * act.quantity)
    dispensed = to_the_cent(fee.number * act.quantity)
    trace: list[TraceLine] = [
        cite(
            "CSS L162-16 ; L162-17", f"Médicament {act.code} : {counted(act.quantity, 'boîte')}.", price, boxes
        ),
        cite("CSS L162-16-1 7°", "Honoraires de dispensation, au taux du médicament.", fee, dispensed),
    ]
    base = within(act, boxes + dispensed, trace, law)
    parts = (boxes, dispensed) if base == boxes + dispensed else ()
    rate, article = RATES[str(percent)]
    return Priced(base, act.fee, trace, rate=rate, article=article, parts=parts, units=act.quantity)


def listed(act: Act, profession: Profession, law: Law) -> Priced:
    """A transport or a product of the list L165-1: its tariff is in no table of the house, it is given."""
    if profession is TRANSPORTEUR:
        return _transport(act, law)
    _plain(act)
    price, trace = _tariff(act, act.code, "CSS L165-1 ; L165-2", law)
    return Priced(within(act, price, trace, law), act.fee, trace, units=act.quantity)


def _transport(act: Act, law: Law) -> Priced:
    if act.code not in TRANSPORTS:
        raise Unpriced.by("transport_non_calcule", act)
    if act.code == OWN:
        return _own(act, law)
    _plain(replace(act, kilometres=None) if act.code in SANITARY else act)
    name = TRANSPORTS[act.code]
    if act.code == PUBLIC and act.tariff is None:
        price = act.fee
        trace = [note("CSS R322-10-1 3°", f"{name} : la dépense justifiée, au trajet le moins onéreux.", price)]
    else:
        price, trace = _tariff(act, name, TRANSPORT, law)
    base = within(act, price, trace, law)
    return Priced(base, act.fee, trace, units=act.quantity, untouched=_untouched(act, trace))


def _own(act: Act, law: Law) -> Priced:
    """The insured's own car: the kilometres of the journey, there and back where both were prescribed."""
    if not act.kilometres or act.kilometres < 0 or act.travel_code or act.travel_fee:
        raise Unpriced.by("deplacement_non_calcule", act)
    each = law.value("transport.kilometre_personnel", act.day)
    price = to_the_cent(each.number * act.kilometres) * act.quantity
    said = f"Véhicule personnel : {act.quantity} × {counted(act.kilometres, 'kilomètre')}."
    trace: list[TraceLine] = [cite(f"{TRANSPORT} ; R322-10-1 3°", said, each, price)]
    base = within(act, price, trace, law)
    return Priced(base, act.fee, trace, units=act.quantity, untouched=_untouched(act, trace))


def _untouched(act: Act, trace: list[TraceLine]) -> bool:
    """Whether it bears no franchise; then its trace says so."""
    if act.code in SANITARY and not act.urgent and act.ground != "samu":
        return False
    why = "Transport d'urgence" if act.code in SANITARY else "Ni véhicule sanitaire, ni taxi"
    trace.append(note("CSS L160-13 III 3°", f"{why} : pas de franchise.", ZERO))
    return True


def _tariff(act: Act, name: str, article: str, law: Law) -> tuple[Money, list[TraceLine]]:
    """The price from the operator's table, or, where he loaded none, from the tariff that the act carries.
    Raises Unpriced: neither, an accord préalable to be seen, kilometres that are missing, a price above the
    highest at which the product may be sold."""
    found = law.listed(act.code, act.day)
    if found is None:
        if act.kilometres:
            raise Unpriced.by("deplacement_non_calcule", act)
        return _given(act, name, article)
    value, listed = found
    if listed.accord:
        raise Unpriced.by("accord_prealable", act)
    if listed.limit is not None and act.fee > listed.limit * act.quantity:
        raise Unpriced.by("prix_limite_depasse", act, in_french(to_the_cent(listed.limit)))
    one = to_the_cent(listed.tariff)
    trace = [cite(article, f"Tarif de « {listed.label or name} ».", value, one)]
    if (listed.per_km is None) != (act.kilometres is None):
        raise Unpriced.by("deplacement_non_calcule", act)
    if listed.per_km is not None and act.kilometres is not None:
        beyond = max(Decimal(0), act.kilometres - listed.included_km)
        travelled = to_the_cent(listed.per_km * beyond)
        one += travelled
        trace.append(
            note(
                article,
                f"{counted(beyond, 'kilomètre')}, à {in_french(to_the_cent(listed.per_km))} l'un.",
                travelled,
            )
        )
    return to_the_cent(one * act.quantity), trace


def _given(act: Act, name: str, article: str) -> tuple[Money, list[TraceLine]]:
    """The price from the tariff that the act carries. Raises Unpriced where it carries none."""
    if act.tariff is None:
        raise Unpriced.by("tarif_absent", act)
    price: Money = to_the_cent(act.tariff * act.quantity)
    said = f"Tarif donné pour « {name} » : {act.quantity} × {in_french(act.tariff)}."
    return price, [note(article, said, price)]


def _plain(act: Act) -> None:
    if act.quantity < 1 or act.coefficient != 1 or act.others or act.activity or act.modifiers:
        raise Unpriced.by("quantite_non_calculee", act)
    if act.travel_code or act.travel_fee or act.kilometres:
        raise Unpriced.by("deplacement_non_calcule", act)
