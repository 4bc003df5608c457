"""Whatever a reader says, every rule answers and no rule breaks."""

from hypothesis import given
from hypothesis import strategies as st

from checks import Case, interpret, run, verdict
from domain.reading import FieldReading
from dossiers import identify
from tests.checks.sheet import INSURED, LAW, PRACTITIONER, RECEIVED, TODAY, case_with, rights_on
from validation import S3110J, apply, fields_to_show

TEXTS = st.one_of(
    st.sampled_from(
        [
            "2026-03-02",
            "0000-00-00",
            "1985-00-00",
            "9999-12-31",
            "30.00",
            "-1.00",
            "1e400",
            "NaN",
            "G",
            "K 20,5",
            "K 1,2,3",
            "MD",
            "017510000",
            "2850175116001",
            "285012A116001",
            "٣٠.٠٠",
            "²",
        ]
    ),
    st.text(max_size=16),
)


@st.composite
def readings(draw: st.DrawFn) -> dict[str, FieldReading]:
    names = draw(st.lists(st.sampled_from([entry.name for entry in S3110J]), unique=True, max_size=25))
    fields = {}
    for name in names:
        value = draw(st.one_of(st.none(), st.booleans(), TEXTS))
        status = draw(st.sampled_from(("accepted", "review", "empty")))
        fields[name] = FieldReading(value, status, draw(st.floats(0, 1)))
    return fields


@given(readings(), st.booleans())
def test_no_rule_breaks_on_any_reading(fields: dict[str, FieldReading], known: bool) -> None:
    insured, practitioner = (INSURED, PRACTITIONER) if known else (None, None)
    claim = interpret(fields, insured, practitioner, "document", RECEIVED)
    case = Case(
        fields=fields,
        law=LAW,
        received_on=RECEIVED,
        today=TODAY,
        identification=identify(fields, [INSURED]),
        insured=insured,
        practitioner=practitioner,
        claim=claim,
        rights_by_day={act.day: rights_on(act.day) for act in claim.acts} if claim else {},
    )
    findings = run(case)
    assert "controle_en_panne" not in {finding.code for finding in findings}
    assert claim is not None or verdict(fields, findings) == "a_valider"
    assert run(case) == findings
    shown = fields_to_show(fields, findings)
    asked = {each.name for each in shown if each.asks}
    assert asked >= {finding.field for finding in findings if finding.severity != "information"} - {None}
    assert all(field.status != "review" for field in apply(fields, {}).values())


def test_a_day_at_the_end_of_the_calendar_breaks_nothing() -> None:
    case = case_with(acte1_date="9999-12-31", date_facture="9999-12-31")
    assert {"acte_futur", "feuille_apres_reception"} <= {finding.code for finding in run(case)}
    assert "controle_en_panne" not in {finding.code for finding in run(case)}


def test_a_paper_without_a_form_here_is_not_said_to_lack_the_rubriques_of_a_feuille() -> None:
    for kind in ("facture", "devis", "ordonnance", "inconnu"):
        case = Case({}, LAW, RECEIVED, TODAY, reading_type=kind, identification=identify({}, [INSURED]))
        assert [each.code for each in run(case)] == ["type_inattendu"]
        assert verdict(case.fields, run(case)) == "a_valider"
    feuille = Case({}, LAW, RECEIVED, TODAY, identification=identify({}, [INSURED]))
    assert {"rien_lu", "rubrique_10"} <= {each.code for each in run(feuille)}
