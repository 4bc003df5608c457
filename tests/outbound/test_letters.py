"""Letters that decide or demand: an indu, its mise en demeure, a refusal. Every word, and the tagged pages."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pypdfium2
import pytest

from domain.findings import Finding, Severity
from law import load
from liquidation.recouvrement import Event
from outbound import contrainte, indu, refus
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


def words_of(pdf):
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
    assert "dans un délai d'un\u00a0mois à compter de la réception" in said["notes"][0]
    assert said["notes"][2].startswith("Vos observations ont été rejetées le 2 novembre 2026")
    assert "une majoration de 10\xa0%, soit 6,00\xa0€" in said["notes"][3]
    assert articles(said) == ["CSS R133-9-1 I al. 4", *RECOURSE]
    other = indu.demand(owed_by("assure"), *WHO, euro("100.00"), sent_on=DAY, law=LAW)
    assert articles(other)[0] == "CSS R133-9-2 V"
    assert "majoration" not in " ".join(other["notes"])
    assert "Déjà payé ou retenu" not in [name for name, _ in other["facts"]]


def constrained(kind, more):
    body = {"court": ["Tribunal judiciaire de Paris, pôle social", "Parvis du tribunal, 75017 Paris"],
            "director": "Anne MOREAU"}  # fmt: skip
    events = (
        Event("notification", date(2026, 1, 5)), Event("reception", date(2026, 1, 8)),
        Event("mise_en_demeure", date(2026, 7, 1)), Event("reception", date(2026, 7, 6)),
        Event("contrainte", DAY, more and euro(more), body),
    )  # fmt: skip
    return replace(owed_by(kind), events=events)


def test_a_contrainte_tells_what_it_is_void_without():
    said = contrainte.content(constrained("praticien", "10.00"), *WHO, euro("110.00"), issued_on=DAY, law=LAW)
    assert said["facts"] == [
        ["Versement du", "1er septembre 2026"],
        ["Nature", "Prestation d'assurance maladie"],
        ["Cause", "acte facturé deux fois"],
        ["Mise en demeure du", "1er juillet 2026, reçue le 6 juillet 2026"],
        ["Somme due", "100,00\xa0€"],
        ["Majoration", "10,00\xa0€"],
        ["Montant de la contrainte", "110,00\xa0€"],
    ]
    assert "articles L133-4 III et R133-3" in said["notes"][0]
    oppose = said["ways"][1]["how"]
    for words in ("délai de quinze\xa0jours", "Tribunal judiciaire de Paris", "75017 Paris", "secrétariat",
                  "lettre recommandée", "motivée", "copie de la contrainte"):  # fmt: skip
        assert words in oppose
    assert said["reference"] in said["heading"]
    assert said["signature"] == ["Le directeur de la caisse", "Anne MOREAU"]
    other = contrainte.content(constrained("assure", None), *WHO, euro("100.00"), issued_on=DAY, law=LAW)
    assert "articles L161-1-5 et R133-3" in other["notes"][0]
    assert "Majoration" not in [name for name, _ in other["facts"]]
    pdf = contrainte.render(constrained("praticien", "10.00"), *WHO, euro("110.00"), issued_on=DAY, law=LAW)
    assert "Anne MOREAU" in words_of(pdf)


def test_there_is_no_contrainte_without_a_mise_en_demeure_that_was_received():
    with pytest.raises(ValueError, match="mise en demeure"):
        contrainte.content(owed_by("praticien"), *WHO, euro("100.00"), issued_on=DAY, law=LAW)


def test_the_refusal_of_a_protocole_names_both_commissions():
    protocole = replace(REFUSED, type="protocole_soins", findings=(), asked=None, care_days=())
    said = refus.content(protocole, *WHO, refused_on=DAY, law=LAW)
    assert articles(said) == ["CSS L142-4 ; R142-1-A III ; R142-8 ; R142-8-5", *RECOURSE]
    medical, other, court = (way["how"] for way in said["ways"])
    assert "dans un délai de quatre\xa0mois, votre recours est rejeté" in medical
    assert "délai de deux\xa0mois" in medical
    assert "Sans réponse d'elle en deux\xa0mois" in other
    assert "pôle social" in court
    assert "R160-11" in said["notes"][-1]


def test_the_refusal_of_a_titre_says_how_long_rights_last():
    titre = replace(REFUSED, type="titre_sejour", findings=(), asked=None, care_days=())
    said = refus.content(titre, *WHO, refused_on=DAY, law=LAW)
    assert articles(said) == RECOURSE
    assert "R111-4" in said["notes"][-1]
    assert "sixième mois" in said["notes"][-1]


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
    assert "dans un délai de deux\u00a0mois" in said["ways"][0]["how"]
    assert "pôle social du tribunal judiciaire" in said["ways"][1]["how"]


@pytest.mark.parametrize(
    ("type", "told"),
    [
        ("feuille_soins_medecin", True),
        ("demande_c2s", True),
        ("protocole_soins", True),
        ("titre_sejour", True),
        ("rib", False),
        (None, False),
    ],
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
        assert "Claire MARTIN" in words_of(pdf)
        assert "Lettre recommandée avec avis de réception, le 20 novembre 2026" in words_of(pdf)
