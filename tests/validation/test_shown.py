"""What a person sees, in which order, and what the answer makes of it."""

import json

import pytest

from checks.rules import find
from domain.errors import Refused
from domain.reading import Alternative, FieldReading
from validation import S3110J, apply, differences, fields_to_show, keyed_whole, order_of


def field(value: str | bool | None, status: str = "accepted") -> FieldReading:
    return FieldReading(
        value=value,
        status=status,  # type: ignore[arg-type]
        probability=0.8,
        alternatives=(Alternative("x", 0.1),),
        page=1,
        box=(0.1, 0.2, 0.3, 0.4),
        cells=({"1": -0.1},),
    )


FIELDS = {
    "montant_total": field("30.00"),
    "beneficiaire_nir": field("2850175116001", "review"),
    "date_facture": field("2026-03-02"),
    "assure_nir": field(None, "empty"),
    "urgence": field(False),
    "signature_assure": field(True),
}


def test_fields_come_in_the_form_s_order_with_their_marks() -> None:
    shown = fields_to_show(FIELDS, (find("rubrique_8_total", "montant_total"),))
    assert [(each.name, each.mark) for each in shown] == [
        ("date_facture", "sur"),
        ("beneficiaire_nir", "doute"),
        ("montant_total", "a_verifier"),
        ("signature_assure", "sur"),
    ]
    assert [each.asks for each in shown] == [False, True, True, False]


def test_doubtful_fields_may_come_first() -> None:
    shown = fields_to_show(FIELDS, (find("rubrique_8_total", "montant_total"),), doubtful_first=True)
    assert [each.name for each in shown][:2] == ["montant_total", "beneficiaire_nir"]


def test_a_blank_field_is_shown_where_a_rule_asks_about_it() -> None:
    shown = fields_to_show(FIELDS, (find("rubrique_10", "date_facture"), find("rubrique_1_nir", "assure_nir")))
    assert "assure_nir" in {each.name for each in shown if each.asks}


def test_an_information_does_not_ask() -> None:
    (shown,) = (
        each
        for each in fields_to_show(FIELDS, (find("nir_cle_absente", "date_facture"),))
        if each.name == "date_facture"
    )
    assert (shown.mark, len(shown.findings)) == ("sur", 1)


def test_a_sheet_of_which_nothing_was_read_is_keyed_whole() -> None:
    fields = {"maladie": field(False), "montant_total": field(None, "empty")}
    assert keyed_whole(fields)
    shown = fields_to_show(fields, doubtful_first=True)
    assert [each.name for each in shown] == [entry.name for entry in S3110J]
    assert all(each.asks for each in shown)


def test_a_field_of_another_form_is_shown_last() -> None:
    shown = fields_to_show({**FIELDS, "iban": field("FR76")})
    assert shown[-1].name == "iban"


def test_the_order_of_the_sheet_is_that_of_the_measured_form(shared) -> None:  # type: ignore[no-untyped-def]
    zones = json.loads((shared / "data/forms/s3110j/s3110j_zones.json").read_text())["fields"]
    ours = [entry.name for entry in S3110J if entry.name not in ("medecin_rpps", "medecin_am")]
    assert ours == list(zones)
    kinds = {"comb_date": {"date", "birth"}, "comb_amount": {"amount"}, "check": {"tick"}}
    for entry in S3110J:
        measured = zones.get(entry.name)
        if measured and measured["kind"] in kinds:
            assert entry.kind in kinds[measured["kind"]], entry.name


def test_types_that_are_not_keyed_have_no_order() -> None:
    assert order_of("facture") == ()
    assert order_of("feuille_soins_medecin") is S3110J


def test_what_a_person_typed_is_sure_and_the_rest_is_confirmed() -> None:
    after = apply(FIELDS, {"montant_total": "31", "beneficiaire_nir": None, "maladie": True})
    assert (after["montant_total"].value, after["montant_total"].status) == ("31.00", "accepted")
    assert (after["beneficiaire_nir"].value, after["beneficiaire_nir"].status) == (None, "empty")
    assert after["date_facture"].value == "2026-03-02"
    assert (after["assure_nir"].value, after["assure_nir"].status) == (None, "empty")
    assert (after["maladie"].value, after["maladie"].status) == (True, "accepted")
    assert {each.probability for each in after.values()} == {1.0}
    assert all(each.cells == () and each.alternatives == () for each in after.values())
    assert after["montant_total"].box == FIELDS["montant_total"].box


def test_a_confirmed_tick_is_never_empty() -> None:
    after = apply({"maladie": field(None, "review")}, {})
    assert (after["maladie"].value, after["maladie"].status) == (False, "accepted")


def test_a_sheet_keyed_whole_has_all_its_fields() -> None:
    after = apply({}, {"date_facture": "02/03/2026"}, S3110J)
    assert list(after) == [entry.name for entry in S3110J]
    assert after["signature_assure"].value is False
    assert after["montant_total"].status == "empty"


def test_the_reading_itself_is_left_alone() -> None:
    before = dict(FIELDS)
    apply(FIELDS, {"montant_total": "31"})
    assert before == FIELDS


@pytest.mark.parametrize("name", ["acte9_date", "'; drop", "<script>"])
def test_an_unknown_field_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="champ_inconnu"):
        apply(FIELDS, {name: "1"})


def test_a_bad_value_refuses_the_whole_answer() -> None:
    with pytest.raises(Refused, match="valeur_invalide"):
        apply(FIELDS, {"montant_total": "31", "date_facture": "hier"})


def test_two_keyings_are_compared_field_by_field() -> None:
    first = apply(FIELDS, {"envoye_par_medecin": "Dr Petit"})
    second = apply(FIELDS, {"envoye_par_medecin": "dr  PETIT", "montant_total": "31", "urgence": None})
    assert differences(first, second) == ("montant_total",)


def test_a_doubt_that_the_dossiers_answer_asks_nobody() -> None:
    fields = {**FIELDS, "beneficiaire_nom_prenom": field("MARTIN", "review")}
    marks = {each.name: each.mark for each in fields_to_show(fields, answered={"beneficiaire_nom_prenom"})}
    assert marks["beneficiaire_nom_prenom"] == "sur"
    assert marks["beneficiaire_nir"] == "doute"
    asked = fields_to_show(fields, (find("nom_different", "beneficiaire_nom_prenom"),), answered=set(fields))
    assert {each.name: each.mark for each in asked}["beneficiaire_nom_prenom"] == "a_verifier"
