"""Letters that decide or demand: an indu, its mise en demeure, a refusal. Every word, and the tagged pages."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pypdfium2
import pytest

from domain.findings import Finding, Severity
from law import load
from liquidation.recouvrement import Event
from outbound import indu, refus
from outbound.refus import Refusal
from store.debts import Indu
from tests.liquidation.cases import euro

LAW = load()
DAY = date(2026, 11, 20)
OWED = Indu(
    id="0d9f8a52-7d1e-4f0a-9b1e-000000000001", decision_id="d", document_id="s", insured_id="i",
    debtor_kind="praticien", debtor_id="10001234565", amount=euro("100.00"), costs=euro("0.00"),
    asked=euro("100.00"), fraud=False, reason="acte facturé deux fois", paid_on=date(2026, 9, 1),
    found_on=DAY, outcome=None, trace=(), created_at=datetime(2026, 11, 20, tzinfo=UTC),
)  # fmt: skip
WHO = ("Claire MARTIN", ("12 rue des Lilas", "75011 PARIS"))
REFUSED = Refusal(
    "0d9f8a52-7d1e-4f0a-9b1e-000000000002", "feuille_soins_medecin", date(2026, 9, 4),
    "La feuille n'est pas signée par le médecin.",
    (
        Finding("signature", Severity.REFUS_PROPOSE, "La signature manque.", None, "CSS R161-43"),
        Finding("nom_proche", Severity.A_VERIFIER, "Le nom diffère d'une lettre.", None, "CSS R161-42 1°"),
    ),
    euro("30.00"), (date(2026, 9, 2), date(2026, 9, 1), date(2026, 9, 1)),
)  # fmt: skip


def words(pdf):
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())


def owed_by(kind):
    return replace(OWED, debtor_kind=kind)


def articles(content):
    return [way["article"] for way in content["ways"]]


RECOURSE = ["CSS L142-4 ; R142-1 ; R142-6", "CSS R142-1-A III ; R142-10 ; R142-10-1"]


@pytest.mark.parametrize(("kind", "text", "first"), [
    ("assure", "L133-4-1 du code de la sécurité sociale", "CSS L133-4-1 al. 4 ; R133-9-2 I 2° a et II"),
    ("praticien", "L133-4 du code de la sécurité sociale", "CSS L133-4 III ; R133-9-1 I al. 2"),
    ("employeur", "1302-1 du code civil", "Code civil, 1302-1"),
])  # fmt: skip
def test_a_notification_names_its_text_and_the_ways_of_recourse(kind, text, first):
    said = indu.content(owed_by(kind), *WHO, notified_on=DAY, law=LAW)
    assert text in said["notes"][0]
    assert (articles(said)[0], articles(said)[-2:]) == (first, RECOURSE)
    # what is held back of an employer, no text says
    assert ("retenue" in " ".join(way["what"] for way in said["ways"])) is (kind != "employeur")


def test_a_mise_en_demeure():
    some = replace(OWED, events=(Event("versement", DAY, euro("40.00")), Event("rejet", date(2026, 11, 2))))
    said = indu.demand(some, *WHO, euro("60.00"), sent_on=DAY, law=LAW)
    assert said["facts"] == [
        ["Versement du", "1er septembre 2026"],
        ["Nature", "Prestation d'assurance maladie"],
        ["Somme demandée", "100,00\xa0€"],
        ["Déjà payé ou retenu", "40,00\xa0€"],
        ["Reste à payer", "60,00\xa0€"],
        ["Motif", "acte facturé deux fois"],
    ]
    assert "dans un délai de 1 mois à compter de la réception" in said["notes"][0]
    assert said["notes"][2].startswith("Vos observations ont été rejetées le 2 novembre 2026")
    assert "une majoration de 10 %, soit 6,00\xa0€" in said["notes"][3]
    assert articles(said) == ["CSS R133-9-1 I al. 4", *RECOURSE]
    other = indu.demand(owed_by("assure"), *WHO, euro("100.00"), sent_on=DAY, law=LAW)
    assert articles(other)[0] == "CSS R133-9-2 V"
    assert "majoration" not in " ".join(other["notes"])
    assert "Déjà payé ou retenu" not in [name for name, _ in other["facts"]]


def test_a_refusal_names_its_texts_and_the_ways_of_recourse():
    said = refus.content(REFUSED, *WHO, refused_on=DAY, law=LAW)
    assert said["facts"] == [
        ["Document", "Feuille de soins"],
        ["Reçu le", "4 septembre 2026"],
        ["Soins du", "1er septembre 2026, 2 septembre 2026"],
        ["Somme demandée", "30,00\xa0€"],
        ["Motif", "La feuille n'est pas signée par le médecin."],
    ]
    assert said["notes"] == [  # what only asked for a look proves nothing
        "La signature manque. (CSS R161-43)",
        "Textes : CSS R161-40 ; R161-41 ; un remboursement demande une feuille de soins complète et signée.",
    ]
    assert articles(said) == RECOURSE
    assert "dans un délai de 2 mois" in said["ways"][0]["how"]
    assert "pôle social du tribunal judiciaire" in said["ways"][1]["how"]


@pytest.mark.parametrize(
    ("type", "told"), [("feuille_soins_medecin", True), ("demande_c2s", True), ("rib", False), (None, False)]
)
def test_what_is_notified(type, told):
    assert refus.is_told(type) is told


def test_the_pages_are_tagged_and_the_same_twice():
    for make in (
        lambda: indu.render_demand(OWED, *WHO, euro("100.00"), sent_on=DAY, law=LAW),
        lambda: refus.render(REFUSED, *WHO, refused_on=DAY, law=LAW),
    ):
        pdf = make()
        assert pdf == make()
        assert b"/StructTreeRoot" in pdf or b"ObjStm" in pdf
        assert "Claire MARTIN" in words(pdf)
        assert "Lettre recommandée avec avis de réception, le 20 novembre 2026" in words(pdf)
