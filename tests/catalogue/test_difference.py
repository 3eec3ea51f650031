"""What differs between two tables: every changed value is listed, and nothing else."""

from __future__ import annotations

import pytest

from dmcalc import formulary, table
from dmcalc.catalogue.table_diff import _same_part, diff_tables, values_by_name
from dmcalc.documents import fields
from tests.formulary.overlays import figures, product, rounding, write
from tests.table.editing import edited

BASE = table.load()


def rows(folder, *changes, overlays=()):
    path = folder / "other.yaml"
    path.write_text(edited(*changes), encoding="utf-8")
    result = diff_tables(BASE, formulary.load(str(path), overlays))
    return {row.name: fields.record(row) for row in result.rows}


def test_a_table_and_itself_differ_in_nothing():
    result = diff_tables(BASE, BASE)
    assert result.rows == ()
    assert fields.document(result)["rows"] == []


def test_a_table_and_a_copy_with_comments_differ_in_nothing(tmp_path):
    assert rows(tmp_path, ("drugs:\n", "# a comment\ndrugs:\n")) == {}


def test_a_figure_is_listed_with_both_values_and_their_sources(tmp_path):
    changed = rows(
        tmp_path,
        ("max: 75 mg/day", "max: 70 mg/day"),
        ("1 mg/kg up to 75 mg orally, daily", "1 mg/kg up to 70 mg orally, daily"),
    )
    assert changed["prednisone.etg.max"] == {
        "name": "prednisone.etg.max",
        "kind": "figure",
        "change": "changed",
        "a": "75 mg/day",
        "b": "70 mg/day",
        "sources_a": ("etg",),
        "sources_b": ("etg",),
        "local": (),
        "sha256_a": BASE.sha256,
    }
    quote = changed["prednisone.etg.cite"]
    words = "etg: “prednisolone (or prednisone) 1 mg/kg up to 75 mg "
    assert (quote["kind"], quote["a"][: len(words)]) == ("citation", words)
    assert set(changed) == {"prednisone.etg.max", "prednisone.etg.cite"}


def test_a_figure_that_goes_and_one_that_comes(tmp_path):
    changed = rows(tmp_path, ("        days: 3-5 days\n", "        lasts: 3-5 days\n"))
    gone, come = changed["methylprednisolone.pulse.days"], changed["methylprednisolone.pulse.lasts"]
    assert (gone["change"], gone["a"], gone["b"]) == ("removed", "3-5 days", None)
    assert (come["change"], come["a"], come["b"]) == ("added", None, "3-5 days")
    assert gone["sources_a"] == come["sources_b"] == ("managedermatomyositis", "goyal-2019")
    assert gone["sources_b"] == come["sources_a"] == ()


@pytest.mark.parametrize(
    ("old", "new", "name", "kind"),
    [
        ("weight: 30-300 kg", "weight: 35-300 kg", "limits.weight", "limit"),
        ("scored: [5 mg]", "scored: []", "prednisone.product.directrx-us.scored", "product"),
        ("markets: [US]", "markets: [UK]", "prednisone.product.tablet-us.markets", "product"),
        ("review_by: 2027-11-22", "review_by: 2027-12-01", "review_by", "text"),
        ("name: Prednisone", "name: Prednisona", "prednisone.name", "text"),
        ("line: first", "line: other", "prednisone.line", "text"),
        ("mild: low", "mild: high", "prednisone.induction.by_severity.mild", "text"),
        ("[Weight gain, Os", "[Gain, Os", "groups.corticosteroids.side_effects", "text"),
        ("indicated: true", "indicated: false", "indications.first-line.mild.indicated", "text"),
        (
            "The suggested dose is dmcalc's",
            "The suggested dose is the table's",
            "prednisone.notes.severity-reading.text",
            "note",
        ),
        ("Call if you feel", "Ring if you feel", "prednisone.patient_notes.2.text", "note"),
        ("title: New insights", "title: Insights", "sources.glaubitz-2020.title", "source"),
        ("hold_default: 4 weeks", "hold_default: 3 weeks", None, "text"),
    ],
)
def test_whatever_is_changed_is_listed_alone(tmp_path, old, new, name, kind):
    changed = rows(tmp_path, (old, new))
    name = name or "prednisone.taper.hhe-2018.hold_default"
    assert [(row["name"], row["kind"]) for row in changed.values()] == [(name, kind)]


def test_a_record_that_only_moves_is_no_difference(tmp_path):
    first = "      - code: label-start-range\n"
    text = edited()
    start = text.index(first)
    end = text.index("      - code:", start + 10)
    record = text[start:end]
    moved = text.replace(record, "", 1).replace(
        "      - code: severity-reading", f"{record}      - code: severity-reading", 1
    )
    path = tmp_path / "moved.yaml"
    path.write_text(moved, encoding="utf-8")
    assert diff_tables(BASE, table.load(str(path))).rows == ()


def test_no_value_of_the_table_is_left_out():
    found = values_by_name(BASE)
    text = "\n".join(part.text for part in found.values())

    def walk(value):
        if isinstance(value, dict):
            value = tuple(value.values())
        if type(value) is tuple or (hasattr(value, "_fields") and not hasattr(value, "parse")):
            for item in value:
                yield from walk(item)
        elif value is not None and not isinstance(value, bool):
            yield str(value)

    values = list(walk(BASE.table))
    assert len(values) > 1500
    assert [value for value in values if value not in text] == []


def test_two_notes_with_one_code_are_both_there(tmp_path):
    changed = rows(tmp_path, ("code: label-start-range", "code: contraindications"))
    assert "prednisone.notes.contraindications.text+" in changed


def test_overlays_are_over_the_second_table(tmp_path):
    overlays = write(
        tmp_path,
        figures(("prednisone.induction.max", "90 mg/day"), ("ivig.infusion.within", "6 hours")),
        product("    strengths: [25 mg]\n"),
        rounding("    to: 5 g\n    direction: down\n"),
    )
    result = diff_tables(BASE, formulary.load(None, overlays))
    found = {row.name: [local.figure for local in row.local] for row in result.rows}
    assert found.pop("prednisone.induction.max") == ["prednisone.induction.max"]
    assert found.pop("ivig.infusion.within") == ["ivig.infusion.within"]
    assert found.pop("ivig.rounding") == ["ivig.rounding"]
    assert set(found) >= {"prednisone.product.shelf.strengths", "prednisone.product.shelf.form"}
    assert all(local == ["prednisone.product.shelf"] for local in found.values())
    assert [warning.code for warning in result.warnings] == ["local-looser"]


@pytest.mark.parametrize(
    ("figure", "name", "same"),
    [
        ("prednisone.induction", "prednisone.induction", True),
        ("prednisone.induction.max", "prednisone.induction", True),
        ("prednisone.induction", "prednisone.induction.max", True),
        ("prednisone.in", "prednisone.induction", False),
        ("prednisone.induction", "prednisone.in", False),
        ("prednisone.induction", "prednisone.etg", False),
    ],
)
def test_a_local_figure_is_of_a_part_by_whole_words_of_its_name(figure, name, same):
    assert _same_part(figure, name) is same
