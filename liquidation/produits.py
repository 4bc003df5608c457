"""Medicines, whose price and rate are published; transports and products, whose tariff is given."""

from domain.claim import Act, TraceLine
from domain.money import Money, in_french, to_the_cent
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
TRANSPORTS = {"ABA": "Ambulance", "VSL": "Véhicule sanitaire léger", "TXI": "Taxi"}
"""Table IR_NAT_V; only sanitary vehicles and taxis bear the franchise (L160-13 III 3°)."""


def medicament(act: Act, law: Law) -> Priced:
    """A presentation by its CIP13: price and honoraire de dispensation, each at the medicine's rate."""
    found = law.medicament(act.code, act.day)
    if found is None:
        raise Unpriced.by("acte_inconnu", act)
    _plain(act)
    price, fee, percent = found
    if str(percent) not in RATES:
        raise Unpriced.by("medicament_non_calcule", act)
    boxes = to_the_cent(price.number * act.quantity)
    dispensed = to_the_cent(fee.number * act.quantity)
    trace: list[TraceLine] = [
        cite("CSS L162-16 ; L162-17", f"Médicament {act.code}, {act.quantity} boîte(s).", price, boxes),
        cite("CSS L162-16-1 7°", "Honoraires de dispensation, au taux du médicament.", fee, dispensed),
    ]
    base = within(act, boxes + dispensed, trace, law)
    parts = (boxes, dispensed) if base == boxes + dispensed else ()
    rate, article = RATES[str(percent)]
    return Priced(base, act.fee, trace, rate=rate, article=article, parts=parts, units=act.quantity)


def listed(act: Act, profession: Profession, law: Law) -> Priced:
    """A transport or a product of the list L165-1: its tariff is in no table of the house, it is given."""
    _plain(act)
    if profession is TRANSPORTEUR and act.code not in TRANSPORTS:
        raise Unpriced.by("transport_non_calcule", act)
    if act.tariff is None:
        raise Unpriced.by("tarif_absent", act)
    price: Money = to_the_cent(act.tariff * act.quantity)
    name = TRANSPORTS.get(act.code, act.code)
    article = "CSS L322-5 ; R322-10" if profession is TRANSPORTEUR else "CSS L165-1 ; L165-2"
    said = f"Tarif donné pour « {name} » : {act.quantity} x {in_french(act.tariff)}."
    trace = [note(article, said, price)]
    base = within(act, price, trace, law)
    return Priced(base, act.fee, trace, units=act.quantity)


def _plain(act: Act) -> None:
    if act.quantity < 1 or act.coefficient != 1 or act.others or act.activity or act.modifiers:
        raise Unpriced.by("quantite_non_calculee", act)
    if act.travel_code or act.travel_fee or act.kilometres:
        raise Unpriced.by("deplacement_non_calcule", act)
