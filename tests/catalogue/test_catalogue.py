from __future__ import annotations

import pytest
import yaml

from dmcalc import guideline
from dmcalc.catalogue import drugs, guideline_text, monograph, patient_rules, provenance
from dmcalc.catalogue.table_check import table_check
from dmcalc.documents import fields
from dmcalc.errors import UnknownNameError

POSOLOGY = {
    "prednisone": ["induction: 0.75-1 mg/kg/day, max 60-80 mg/day"],
    "methylprednisolone": ["pulse: 1 g/day for 3-5 days"],
    "azathioprine": ["start: 50 mg/day", "target: 2-2.5 mg/kg/day"],
    "methotrexate": ["start: 10 mg/week", "target: 20-25 mg/week"],
    "ivig": [
        "induction: 2 g/kg/course over 2-5 days, every 4 weeks",
        "maintenance: from week 16: 1-2 g/kg/course over 2-5 days, every 4 weeks",
    ],
    "prednisolone": ["induction: 0.5-1 mg/kg/day, max 60-80 mg/day"],  # not of the reference
    "cyclophosphamide": ["pulse: no dose given, every 4-6 weeks"],
    "mycophenolate": ["target: 2-3 g/day"],
    "ciclosporin": ["target: 2.5-5 mg/kg/day"],
    "tacrolimus": ["target: 0.1-0.2 mg/kg/day"],
    "rituximab": ["induction: 1 g/dose, 2 doses", "maintenance: 1 g/dose, every 6 months"],
}

FIGURE_KEYS = ("dose", "max", "days", "lasts", "every", "doses", "from_week")


@pytest.fixture(scope="module")
def written(bundled):
    """The table as any YAML reader sees it."""
    return yaml.load(bundled.read_text(encoding="utf-8"), yaml.CSafeLoader)


def quotes_in(value: object) -> list[str]:
    if isinstance(value, dict):
        mine = [value["quote"]] if "quote" in value else []
        return mine + [quote for item in value.values() for quote in quotes_in(item)]
    return [q for item in value for q in quotes_in(item)] if isinstance(value, list) else []


def test_drugs_with_the_posology_of_the_base_page(loaded):
    rows = fields.rows(drugs.list_drugs(loaded))
    assert {row["drug"]: list(row["posology"]) for row in rows} == POSOLOGY


def test_drugs_name_their_tapers(loaded):
    tapers = {row.drug: row.tapers for row in drugs.list_drugs(loaded).rows if row.tapers}
    assert tapers == {
        "prednisone": ("hhe-2018", "etg", "ese-es-2024"),
        "prednisolone": ("etg", "ese-es-2024"),
        "ivig": ("base-page",),
    }


def test_drugs_count_their_alternatives(loaded, written):
    counted = {row.drug: row.alternatives for row in drugs.list_drugs(loaded).rows}
    assert counted == {
        key: len(drug.get("alternatives", [])) for key, drug in written["drugs"].items()
    }


@pytest.mark.parametrize("drug", POSOLOGY)
def test_monograph_holds_every_regimen_and_note(loaded, written, drug):
    shown = monograph.show(loaded, drug)
    source = written["drugs"][drug]
    base = [row["posology"] for row in fields.rows(shown) if row["base"]]
    assert [f"{r['phase']}: {p}" for r, p in zip(source["regimens"], base, strict=True)] == (
        POSOLOGY[drug] if source["regimens"] else []
    )
    others = [row["regimen"] for row in fields.rows(shown) if not row["base"]]
    more = source.get("alternatives", []) + source.get("juvenile", [])
    assert others == [f"{drug}.{regimen['id']}" for regimen in more]
    children = [row["regimen"] for row in fields.rows(shown) if row["juvenile"]]
    assert children == [f"{drug}.{regimen['id']}" for regimen in source.get("juvenile", [])]
    told = {note.code for note in (*shown.warnings, *shown.cautions)}
    notes = source["notes"] + written["readings"]
    assert told == {note["code"] for note in notes}


def test_monograph_of_an_alias(loaded):
    document = fields.document(monograph.show(loaded, "Cyclosporine A"))
    assert document["schema"] == "dmcalc.show/1"
    assert document["drug"] == "ciclosporin"
    assert document["class"] == "calcineurin inhibitor"
    assert "cyclosporine" in document["aliases"]


def test_monograph_says_where_the_drug_is_indicated(loaded):
    place = fields.document(monograph.show(loaded, "methotrexate"))["indication"]
    assert [level.indicated for level in place] == [
        False,
        True,
        True,
    ]


def test_monograph_lists_its_sources_with_how_they_were_read(loaded):
    document = fields.document(monograph.show(loaded, "prednisone"))
    sources = {source.source: source for source in document["sources"]}
    assert sources["goyal-2019"].work.doi == "10.1212/con.0000000000000789"
    assert sources["goyal-2019"].work.read == "secondary"
    assert {"managedermatomyositis", "etg", "yang-2019", "ese-es-2024"} <= set(sources)


@pytest.mark.parametrize("ask", [monograph.show, provenance.why])
@pytest.mark.parametrize("name", ["prednisolon", "pred", ""])
def test_unknown_drug_is_refused(loaded, ask, name):
    with pytest.raises(UnknownNameError):
        ask(loaded, name)


@pytest.mark.parametrize("drug", POSOLOGY)
def test_each_figure_of_a_drug_has_its_quote(loaded, written, drug):
    rows = fields.rows(provenance.why(loaded, drug))
    source = written["drugs"][drug]
    regimens = source["regimens"] + source.get("alternatives", [])
    wanted = [str(r[key]) for r in regimens for key in FIGURE_KEYS if key in r]
    assert sorted(set(wanted) - {row["value"] for row in rows}) == []
    assert all(row["quote"] for row in rows)
    assert all(row["title"] for row in rows)


def test_why_names_the_work_that_the_page_cites(loaded):
    rows = fields.rows(provenance.why(loaded, "prednisone"))
    (dose,) = [row for row in rows if row["figure"] == "induction dose"]
    assert dose["value"] == "0.75-1 mg/kg/day"
    assert dose["quote"] == "0.75–1 mg/kg/day (Max. 60–80 mg/day)"
    assert (dose["source"], dose["primary"]) == ("managedermatomyositis", "goyal-2019")
    assert dose["primary_doi"] == "10.1212/con.0000000000000789"
    assert str(dose["reviewed"]) == "2026-11-22"


def test_why_takes_the_name_of_a_figure(loaded):
    rows = fields.rows(provenance.why(loaded, "prednisone.induction.max"))
    assert {row["id"] for row in rows} == {"prednisone.induction.max"}
    assert {row["value"] for row in rows} == {"60-80 mg/day"}
    group = fields.rows(provenance.why(loaded, "prednisone.induction"))
    assert {row["id"] for row in rows} < {row["id"] for row in group}
    assert all(row["id"].startswith("prednisone.induction.") for row in group)


@pytest.mark.parametrize("name", ["prednisone.induction.m", "prednisone.max", "prednisone."])
def test_why_refuses_what_is_no_figure(loaded, name):
    with pytest.raises(UnknownNameError, match="no figure is called"):
        provenance.why(loaded, name)


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("allopurinol", {"azathioprine"}),
        ("zyloric", {"azathioprine"}),
        ("trimethoprim", {"methotrexate"}),
    ],
)
def test_rules_of_a_medicine_that_is_taken_too(loaded, name, of):
    rows = fields.rows(patient_rules.rules(loaded, guideline.load(), [name]))
    assert of <= {row["drug"] for row in rows}
    assert len(rows) < len(fields.rows(patient_rules.rules(loaded, guideline.load())))
    assert all(name in row["when"] or "allopurinol" in row["when"] for row in rows)


def test_rules_of_a_condition(loaded):
    rows = fields.rows(patient_rules.rules(loaded, guideline.load(), ["pregnancy"]))
    assert {"methotrexate", "mycophenolate"} <= {row["drug"] for row in rows}
    assert all("pregnancy" in row["when"] for row in rows)


@pytest.mark.parametrize("name", ["allopurinl", "mtx", "nothing"])
def test_rules_of_what_nothing_knows(loaded, name):
    with pytest.raises(UnknownNameError):
        patient_rules.rules(loaded, guideline.load(), [name])


@pytest.mark.parametrize(
    ("drug", "figures"),
    [
        (
            "prednisone",
            {"taper hhe-2018 hold", "taper etg max", "taper ese-es-2024 band 1 decrease"},
        ),
        ("ivig", {"taper base-page courses", "maintenance from week"}),
    ],
)
def test_why_goes_through_the_tapers_of_a_drug(loaded, drug, figures):
    assert figures <= {row["figure"] for row in fields.rows(provenance.why(loaded, drug))}


def test_why_shows_only_quotes_that_hold_the_figure(loaded):
    rows = fields.rows(provenance.why(loaded, "ivig"))
    weeks = [row["source"] for row in rows if row["figure"] == "induction every"]
    assert weeks == ["octagam-10-us"]  # the reference gives no interval


def test_counts_of_a_checked_table(loaded, written):
    regimens = [r for drug in written["drugs"].values() for r in drug["regimens"]]
    others = [r for drug in written["drugs"].values() for r in drug.get("alternatives", [])]
    children = [r for drug in written["drugs"].values() for r in drug.get("juvenile", [])]
    steps = [note for drug in written["drugs"].values() for note in drug.get("step_notes", [])]
    daily = list(written["daily_tapers"].values())
    bands = [band for taper in daily for band in taper["bands"]]
    posologies = regimens + others + children
    figures = sum(key in r for r in posologies for key in FIGURE_KEYS)
    figures += sum(key in note for note in steps for key in ("at_or_below", "at_or_above"))
    by_marks = list(written["landmark_tapers"].values())
    marks = [mark for taper in by_marks for mark in taper["landmarks"]]
    figures += sum(key in taper for taper in by_marks for key in ("start", "max"))
    figures += sum(key in mark for mark in marks for key in ("at", "after", "percent", "dose"))
    figures -= sum(mark.get("percent") == "100%" for mark in marks)  # all of it needs no figure
    figures += sum(key in taper for taper in daily for key in ("max", "hold"))
    figures += sum(k in b for b in bands for k in ("starts_at", "until", "decrease", "every"))
    figures -= sum(band["until"] == "0 mg" for band in bands)  # nothing needs no source
    figures += len(written["course_tapers"])
    products = [p for drug in written["drugs"].values() for p in drug.get("products", [])]
    figures += sum(len(p["strengths"]) + len(p.get("scored", [])) for p in products)
    figures += sum("concentration" in product for product in products)
    ways = written["titrations"].values()
    keys = ("start", "times_daily", "hold", "increase", "every", "max")
    figures += sum(key in way for way in ways for key in keys)
    figures += sum(len(way.get("levels", [])) for way in ways)
    figures += sum("day_after" in way for way in ways)
    plans = [drug["infusion"] for drug in written["drugs"].values() if "infusion" in drug]
    ramps = [ramp for plan in plans for ramp in plan["ramps"]]
    figures += sum("within" in plan for plan in plans)
    rates = ("start", "every", "max", "by", "max_at_risk", "over", "at_least")
    figures += sum(key in ramp for ramp in ramps for key in rates)
    figures += sum(len(ramp.get("then", [])) for ramp in ramps)
    figures += sum(len(formula["constants"]) for formula in written["formulas"].values())
    equivalence = written["equivalence"]
    figures += sum("amount" in drug for drug in equivalence["drugs"].values())
    figures += len(equivalence["pulses"])
    held = [drug.get(key, {}) for drug in written["drugs"].values() for key in ("atc", "rxnorm")]
    figures += sum("code" in entry for entry in held)
    figures += sum("divided" in drug for drug in written["drugs"].values())
    figures += sum("rounded" in drug for drug in written["drugs"].values())
    (counts,) = fields.rows(table_check(loaded))
    assert (counts["drugs"], counts["regimens"]) == (11, 14)
    assert counts["alternatives"] == len(others)
    assert counts["figures"] == figures
    assert counts["quotes"] == len(quotes_in(written))
    assert counts["sources"] == len(written["sources"])
    assert counts["tapers"] == 4


def test_record_of_a_checked_table(loaded):
    (record,) = fields.rows(table_check(loaded))
    assert record["valid"] is True
    assert record["file"] == loaded.path
    assert str(record["review_by"]) == "2027-11-22"
    assert fields.document(table_check(loaded))["schema"] == "dmcalc.table-check/1"


@pytest.mark.parametrize("base", [None, "etg"])
def test_whom_the_reference_is_for_is_said_of_its_own_page_alone(loaded, base):
    table = loaded.table._replace(base=base or loaded.table.base)
    result = guideline_text.about(loaded._replace(table=table), guideline.load())
    (text,) = (row.text for row in result.rows if row.about == "audience")
    title = table.sources[table.base].title
    others = f"That of the works that the table cites, first {title}."
    assert (text == others) is (base is not None)
    assert ("professionals in the US only" in text) is (base is None)
