"""What the rows of ``dose`` say beside their amounts."""

from __future__ import annotations

import pytest

from dmcalc.documents import fields
from dmcalc.dosing.one_drug import dose_row
from dmcalc.errors import UnknownNameError

# drug: line, class, route and whether it is indicated in mild, moderate and severe weakness
PLACES = {
    "prednisone": ("first", "corticosteroid", "oral", "yes yes yes"),
    "methylprednisolone": ("first", "corticosteroid", "intravenous", "no no yes"),
    "azathioprine": ("second or third", "immunosuppressant", "oral", "no yes yes"),
    "methotrexate": ("second or third", "immunosuppressant", "oral", "no yes yes"),
    "ivig": ("second or third", "immunoglobulin", "intravenous", "no no no"),
    "cyclophosphamide": ("other", "immunosuppressant", "intravenous", "no no no"),
    "mycophenolate": ("other", "immunosuppressant", "oral", "no no no"),
    "ciclosporin": ("other", "calcineurin inhibitor", "oral", "no no no"),
    "tacrolimus": ("other", "calcineurin inhibitor", "oral", "no no no"),
    "rituximab": ("other", "anti-CD20 antibody", "intravenous", "no no no"),
}
SEVERITIES = ("mild", "moderate", "severe")


@pytest.mark.parametrize("drug", PLACES)
def test_a_schedule_has_the_dose_and_the_caps_that_dose_has(drug, loaded, person, doses):
    """An adult of 150 kg: what caps a child's dose in another posology caps none of an adult."""
    rows = [row for row in doses(drug, weight="150").rows if row.base]
    regimens = loaded.table.drugs[drug].leading
    ends = ("regimen", "low", "high", "unit", "per", "capped", "cap_low", "cap_high")
    for row, regimen in zip(rows, regimens, strict=True):
        scheduled = dose_row(loaded.table, person("150"), drug, regimen)
        assert [getattr(scheduled, end) for end in ends] == [getattr(row, end) for end in ends]


# What the reason must say, in the terms of the reference.
REASONS = {
    ("prednisone", "mild"): ["First-line", "degree of weakness guides the dose"],
    ("prednisone", "severe"): ["First-line", "intravenous corticosteroids are indicated"],
    ("methylprednisolone", "mild"): ["in severe muscle weakness", "this is mild"],
    ("methylprednisolone", "moderate"): ["in severe muscle weakness", "this is moderate"],
    ("methylprednisolone", "severe"): ["In severe muscle weakness"],
    ("azathioprine", "mild"): ["in parallel", "moderate or severe", "second or third line"],
    ("methotrexate", "moderate"): ["in parallel with corticosteroids"],
    ("ivig", "severe"): ["Second or third line", "not tolerated or contraindicated"],
    ("rituximab", "severe"): ["other therapies", "not indicated by severity alone"],
}

PHASES = {
    "prednisone": ["induction"],
    "methylprednisolone": ["pulse"],
    "azathioprine": ["start", "target"],
    "methotrexate": ["start", "target"],
    "ivig": ["induction", "maintenance"],
    "cyclophosphamide": ["pulse"],
    "mycophenolate": ["target"],
    "ciclosporin": ["target"],
    "tacrolimus": ["target"],
    "rituximab": ["induction", "maintenance"],
}


@pytest.mark.parametrize(
    ("drug", "severity", "expected"),
    [
        (drug, severity, said == "yes")
        for drug, (*_, places) in PLACES.items()
        for severity, said in zip(SEVERITIES, places.split(), strict=True)
    ],
)
def test_indicated_by_severity(doses, drug, severity, expected):
    for row in doses(drug, weight="70", severity=severity).rows:
        assert row.indicated is expected
        assert row.reason


@pytest.mark.parametrize(("case", "said"), REASONS.items())
def test_reason_is_in_the_terms_of_the_page(doses, case, said):
    drug, severity = case
    reason = doses(drug, weight="70", severity=severity).rows[0].reason
    assert [part for part in said if part not in reason] == []


def test_alternative_is_for_its_own_population(doses):
    rows = doses("tacrolimus", weight="70", severity="severe", alternatives=True).rows
    assert [row.base for row in rows] == [True, False, False]
    for row in rows[1:]:
        assert row.indicated is None
        assert row.population in row.reason


def test_all_drugs_come_in_order_of_line(doses):
    drugs = list(dict.fromkeys(row.drug for row in doses(weight="70").rows))
    assert drugs == list(PLACES)


@pytest.mark.parametrize(("drug", "place"), PLACES.items())
def test_line_class_and_route(doses, drug, place):
    for row in doses(drug, weight="70", alternatives=True, bsa="1.8").rows:
        assert (row.line, row.class_, row.route) == place[:3]


@pytest.mark.parametrize(("drug", "phases"), PHASES.items())
def test_phases_of_the_base_page(doses, drug, phases):
    rows = doses(drug, weight="70").rows
    assert [row.phase for row in rows] == phases
    assert [row.regimen for row in rows] == [f"{drug}.{phase}" for phase in phases]
    assert all(row.base for row in rows)


def test_every_base_row_cites_the_base_page(doses):
    for row in doses(weight="70").rows:
        assert row.sources[:2] == ("managedermatomyositis", "goyal-2019")


def test_no_alternative_cites_the_base_page(doses):
    rows = [row for row in doses(weight="70", bsa="1.8", alternatives=True).rows if not row.base]
    assert len(rows) >= 15
    assert [row.regimen for row in rows if "managedermatomyositis" in row.sources] == []


def test_named_drugs_come_in_the_order_asked(doses):
    rows = doses("rituximab", "methotrexate").rows
    assert [row.drug for row in rows] == ["rituximab"] * 2 + ["methotrexate"] * 2


def test_unknown_drug_among_known_ones_is_refused(doses):
    with pytest.raises(UnknownNameError, match="it is the name of prednisolone"):
        doses("prednisone", "prednisolon", weight="70")


def test_immunoglobulin_is_a_course_with_its_days(row):
    first = row("ivig.induction", weight="70")
    assert (first.unit, first.per) == ("g", "course")
    assert (first.days_low, first.days_high, first.every) == (2, 5, "4 weeks")
    assert first.from_week is None
    assert row("ivig.maintenance", weight="70").from_week == 16
    assert "total of a course" in first.reading


def test_methotrexate_is_weekly_in_every_row(doses):
    for row in doses("methotrexate", alternatives=True).rows:
        assert row.per == "week"
        assert "once a week" in row.text
        assert "daily" not in row.text


@pytest.mark.parametrize(
    ("regimen", "posology", "text"),
    [
        (
            "prednisone.induction",
            "0.75-1 mg/kg/day, max 60-80 mg/day",
            "52.5 to 70 mg by mouth daily",
        ),
        (
            "ivig.induction",
            "2 g/kg/course over 2-5 days, every 4 weeks",
            "140 g intravenously per course, divided over 2 to 5 days (28 to 70 g daily), "
            "every 4 weeks",
        ),
        ("methotrexate.target", "20-25 mg/week", "20 to 25 mg by mouth once a week"),
        (
            "methylprednisolone.pulse",
            "1 g/day for 3-5 days",
            "1 g intravenously daily for 3 to 5 days",
        ),
        ("rituximab.induction", "1 g/dose, 2 doses", "1 g intravenously, 2 doses"),
        ("mycophenolate.target", "2-3 g/day", "2 to 3 g by mouth daily in 2 doses"),
    ],
)
def test_row_in_words(row, regimen, posology, text):
    found = row(regimen, weight="70")
    assert (found.posology, found.text) == (posology, text)


def test_side_effects_belong_to_the_drug_or_its_class(doses):
    effects = {row.drug: " ".join(row.side_effects) for row in doses(weight="70").rows}
    assert "Malignancy" in effects["azathioprine"]
    assert "Malignancy" not in effects["methotrexate"]
    assert "Pulmonary toxicity" in effects["methotrexate"]
    assert "Pulmonary toxicity" not in effects["azathioprine"]
    assert all("Osteoporosis" in effects[d] for d in ("prednisone", "methylprednisolone"))
    assert all("CYP3A4" in effects[d] for d in ("ciclosporin", "tacrolimus"))
    assert "Haemolysis" in effects["ivig"]


@pytest.mark.parametrize(
    ("drug", "codes"),
    [
        ("tacrolimus", ["transplant-range"]),
        ("cyclophosphamide", ["no-dose"]),
        ("prednisone", []),
        ("ivig", []),
    ],
)
def test_warnings_of_a_drug(doses, drug, codes):
    assert [warning.code for warning in doses(drug, weight="70").warnings] == codes


@pytest.mark.parametrize(("weight", "warned"), [("29.5", True), ("30", False), ("310", True)])
def test_confirmed_unusual_weight_is_warned_of(doses, weight, warned):
    told = [w.message for w in doses("rituximab", weight=weight).warnings]
    assert told == (
        [f"A weight of {weight} kg is outside the usual limits and was confirmed."] * warned
    )


def test_cautions_carry_their_sources(doses):
    cautions = {caution.code: caution for caution in doses("ivig", weight="70").cautions}
    assert "fivefold overdose" in cautions["course-total"].message
    assert cautions["interval"].sources == ("octagam-10-us",)


def test_document_names_program_table_and_patient(doses, loaded):
    document = fields.document(doses("prednisone", weight="70", severity="severe"))
    assert document["schema"] == "dmcalc.dose/1"
    assert document["table"] == {
        "version": loaded.table.version,
        "sha256": loaded.sha256,
        "overlays": [],
    }
    assert document["patient"].weight_kg == 70
    assert document["rows"][0]["class"] == "corticosteroid"
    assert "class_" not in document["rows"][0]
    assert document["disclaimer"] == loaded.table.disclaimer
