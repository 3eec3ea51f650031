"""Overlays on the command line: where they are named, and how every output marks what is local."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
from pathlib import Path

import pytest

import dmcalc
from tests.formulary.overlays import figures, product, rounding, write

from ..conftest import ROOT

CAP = ("prednisone.induction.max", "60 mg/day")
LOOSE = ("prednisone.induction.max", "90 mg/day")
HOSPITAL = str(ROOT / "examples" / "hospital.yaml")
PREDNISONE = ("dose", "prednisone", "--weight", "90")
TAPER = ("taper", "prednisone", "--weight", "90", "--severity", "severe", "--start", "2026-12-01")
TOLD = (
    "prednisone.induction.max: 60 mg/day in place of 60 to 80 mg/day. "
    "Example hospital: Medicines committee, 2026-11-02: Local practice."
)
#: Commands that bear on a figure of the base regimens, with their local figures by hand.
BEARING = [
    (PREDNISONE, [CAP[0]]),
    (TAPER, [CAP[0]]),
    (("drugs",), [CAP[0]]),
    (("show", "prednisone"), [CAP[0]]),
    (("why", "prednisone"), [CAP[0]]),
    (("titrate", "azathioprine", "--weight", "70"), ["azathioprine.target.max"]),
    (("infusion", "ivig", "--weight", "70"), ["ivig.infusion.within", "ivig.rounding"]),
    (("dispense", "ivig", "28g"), ["ivig.rounding"]),
    (("dispense", "ivig", "140g", "--days", "2..5"), ["ivig.rounding"]),
    (("check", "prednisone", "60 mg daily", "--weight", "90"), [CAP[0]]),
    (("taper",), ["prednisone.taper.etg.max"]),
    (("table", "check"), [CAP[0], "ivig.rounding"]),
]
ALL = (CAP, ("azathioprine.target.max", "200 mg/day"), ("ivig.infusion.within", "6 hours"))


@pytest.fixture
def paths(tmp_path):
    """Two overlays: figures of several drugs, and a rule of rounding."""
    more = ("prednisone.taper.etg.max", "70 mg")
    rule = rounding("    to: 5 g\n    direction: down\n")
    return write(tmp_path, figures(*ALL, more), rule.replace("Example", "Other"))


def named(paths):
    return [word for path in paths for word in ("--overlay", path)]


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def locals_of(document):
    rows = document.get("rows") or document.get("steps") or [document]
    return {local["figure"]: local for row in rows for local in row["local"]}


@pytest.mark.parametrize(("args", "found"), BEARING, ids=lambda value: " ".join(value))
def test_json_marks_what_bears_on_a_row(call, paths, args, found):
    document = call(*args, *named(paths), "--format", "json").json
    assert set(found) <= set(locals_of(document))
    for local in locals_of(document).values():
        assert list(local) == [
            *("figure", "base", "value", "looser", "overlay", "author", "date", "reason"),
            "wins_over",
        ]
    assert document["table"]["overlays"] == [
        {"name": name, "sha256": digest(path)}
        for name, path in zip(("Example hospital", "Other hospital"), paths, strict=True)
    ]


@pytest.mark.parametrize(("args", "found"), BEARING, ids=lambda value: " ".join(value))
@pytest.mark.parametrize("form", ["table", "markdown"])
def test_pages_mark_what_bears_on_a_row(call, paths, args, found, form):
    text = " ".join(call(*args, *named(paths), "--format", form).stdout.replace("\\", "").split())
    for figure in found:
        assert re.search(rf"local:(?:\*\*)? .*{re.escape(figure)}|{re.escape(figure)}:", text)
    assert "with Example hospital, SHA-256 " in text
    if CAP[0] in found:
        assert TOLD.partition(": ")[2] in text


@pytest.mark.parametrize(("args", "found"), BEARING, ids=lambda value: " ".join(value))
def test_rows_name_local_figures_and_overlays(call, paths, args, found):
    out = call(*args, *named(paths), "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    seen = {figure for row in rows for figure in row["local"].split("; ")}
    assert set(found) <= seen
    overlays = f"Example hospital {digest(paths[0])}; Other hospital {digest(paths[1])}"
    assert {row["overlays"] for row in rows} == {overlays}
    lines = call(*args, *named(paths), "--format", "jsonl").stdout.splitlines()
    assert {local["figure"] for line in lines for local in json.loads(line)["local"]} == seen - {""}


@pytest.mark.parametrize("form", ["ics", "svg", "html", "plot"])
def test_formats_of_a_schedule_mark_it(call, paths, form):
    text = call(*TAPER, *named(paths), "--format", form).stdout
    unfolded = " ".join(
        re.sub(r"<[^>]*>", " ", text.replace("\r\n ", "")).replace("\\", "").split()
    )
    assert "60 mg/day in place of 60 to 80 mg/day" in unfolded
    assert "Medicines committee, 2026-11-02" in unfolded
    assert "Example hospital, SHA-256 " in unfolded
    plain = call(*TAPER, "--format", form).stdout
    assert "local" not in plain.lower().replace("locale", "")


def test_the_part_for_the_patient_says_it_too(call, paths):
    text = call(*TAPER, *named(paths), "--format", "html").stdout
    patient = text.partition('<section class="pharmacist">')[0]
    assert "Some figures of this schedule are the hospital's own: Example hospital." in patient


def test_what_is_not_local_is_not_marked(call, paths):
    document = call("dose", "--weight", "70", *named(paths), "--format", "json").json
    marked = {row["regimen"]: [f["figure"] for f in row["local"]] for row in document["rows"]}
    assert marked.pop("prednisone.induction") == [CAP[0]]
    assert marked.pop("azathioprine.target") == ["azathioprine.target.max"]
    assert set(map(tuple, marked.values())) == {()}


def test_why_gives_the_local_figure_and_then_the_table_s_with_its_quote(call, paths):
    rows = call("why", "prednisone", *named(paths), "--format", "json").json["rows"]
    local, table = (row for row in rows if row["id"] == CAP[0])
    assert (local["figure"], local["value"]) == ("induction max", "60 mg/day")
    assert (local["quote"], local["source"]) == (None, None)
    assert (table["figure"], table["value"]) == ("induction max, in the table", "60-80 mg/day")
    assert table["quote"] == "0.75–1 mg/kg/day (Max. 60–80 mg/day)"
    assert local["local"] == table["local"] != []


def test_why_names_what_the_table_does_not_have(call, tmp_path):
    paths = write(tmp_path, figures(("azathioprine.target.max", "150 mg/day")))
    rows = call("why", "azathioprine", *named(paths), "--format", "json").json["rows"]
    assert [(row["value"], row["quote"]) for row in rows if row["local"]] == [("150 mg/day", None)]


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "tsv", "markdown"])
def test_a_looser_figure_is_a_warning(call, tmp_path, form):
    args = (*PREDNISONE, *named(write(tmp_path, figures(LOOSE))), "--format", form)
    done, strict = call(*args), call(*args, "--strict")
    assert (done.code, strict.code) == (0, 6)
    assert strict.stdout == done.stdout
    said = " ".join((done.stdout + done.stderr).split())
    if form != "json":
        assert "90 mg/day, is looser than the table's, 60 to 80 mg/day" in said
    else:
        (warning,) = done.json["warnings"]
        assert (warning["code"], warning["drug"]) == ("local-looser", "prednisone")


@pytest.mark.parametrize(
    "args",
    [
        *((*PREDNISONE,), TAPER, ("drugs",), ("show", "prednisone"), ("why", "prednisone")),
        ("check", "prednisone", "85 mg daily", "--weight", "90"),
        ("table", "check"),
    ],
    ids=" ".join,
)
def test_a_looser_figure_is_a_warning_wherever_it_bears(call, tmp_path, args):
    overlay = named(write(tmp_path, figures(LOOSE)))
    codes = [w["code"] for w in call(*args, *overlay, "--format", "json").json["warnings"]]
    assert codes.count("local-looser") == 1
    assert call("dose", "rituximab", *overlay, "--strict").code == 0


def test_two_overlays_of_one_figure_are_a_warning_that_names_both(call, tmp_path):
    paths = write(
        tmp_path, figures(CAP, name="North"), figures((CAP[0], "50 mg/day"), name="South")
    )
    done = call(*PREDNISONE, *named(paths), "--format", "json", "--strict")
    assert done.code == 6
    (warning,) = done.json["warnings"]
    assert warning["code"] == "local-twice"
    assert "set by North and again by South, whose value counts: 50 mg/day" in warning["message"]
    assert done.json["rows"][0]["high"] == 50
    turned = call(*PREDNISONE, *named(reversed(paths)), "--field", "high")
    assert turned.stdout == "60\n"


class TestEnvironment:
    def test_it_holds_paths_as_path_does(self, call, paths):
        done = call(
            *(*PREDNISONE, "--format", "json"), env={"DMCALC_OVERLAY": os.pathsep.join(paths)}
        )
        names = [overlay["name"] for overlay in done.json["table"]["overlays"]]
        assert names == ["Example hospital", "Other hospital"]
        assert done.json["rows"][0]["high"] == 60

    def test_an_option_comes_after_it(self, call, tmp_path):
        paths = write(tmp_path, figures(CAP), figures((CAP[0], "50 mg/day"), name="South"))
        args = (*PREDNISONE, "--overlay", paths[1], "--field", "high")
        assert call(*args, env={"DMCALC_OVERLAY": paths[0]}).stdout == "50\n"
        args = (*PREDNISONE, "--overlay", paths[0], "--field", "high")
        assert call(*args, env={"DMCALC_OVERLAY": paths[1]}).stdout == "60\n"

    @pytest.mark.parametrize("value", ["", os.pathsep, os.pathsep * 2])
    def test_an_empty_one_is_none(self, call, value):
        plain = call(*PREDNISONE, "--format", "json")
        assert call(*PREDNISONE, "--format", "json", env={"DMCALC_OVERLAY": value}) == plain

    def test_a_table_that_is_named_is_compared_as_it_is(self, call, paths):
        env = {"DMCALC_OVERLAY": paths[0]}
        assert call("table", "check", "--format", "json", env=env).json["rows"][0]["local"] == []
        done = call("table", "diff", "bundled", "bundled", "--field", "name", env=env)
        assert (done.code, done.stdout) == (0, "")

    def test_a_wrong_one_is_told(self, run):
        done = run(*PREDNISONE, env={"DMCALC_OVERLAY": "absent.yaml"})
        assert (done.code, done.stdout) == (7, "")
        assert done.stderr.startswith("dmcalc: cannot read the overlay absent.yaml: No such file")


def test_an_overlay_may_come_from_stdin(run, tmp_path):
    done = run(*PREDNISONE, "--overlay", "-", "--field", "high", stdin=figures(CAP))
    assert (done.code, done.stdout) == (0, "60\n")


def test_a_refusal_says_that_local_figures_were_in_use(call, tmp_path):
    paths = write(tmp_path, figures(("limits.weight", "50-100 kg")))
    done = call("dose", "prednisone", "--weight", "120", *named(paths))
    assert (done.code, done.stdout) == (4, "")
    assert done.stderr.endswith("  Local figures were in use: Example hospital.\n")
    assert "Local figures" not in call("dose", "prednisone", "--weight", "700").stderr


def test_a_product_is_marked_where_it_is_handed_out(call, tmp_path):
    paths = write(tmp_path, product("    strengths: [20 mg]\n    scored: [20 mg]\n"))
    name = "prednisone.product.shelf"
    row = call(*PREDNISONE, *named(paths), "--format", "json").json["rows"][0]
    assert [local["figure"] for local in row["local"]] == [name]
    assert row["products_low"] == [{"strength": 20, "unit": "mg", "count": 3}]
    stock = call(*PREDNISONE, *named(paths), "--stock", "5mg", "--format", "json").json["rows"][0]
    assert stock["local"] == []
    # the hospital's score line is what lets a named strength be halved
    args = ("dispense", "prednisone", "30mg", "--stock", "20mg", "--halves", *named(paths))
    assert [local["figure"] for local in call(*args, "--format", "json").json["local"]] == [name]


class TestCheck:
    """90 kg: 0.75 to 1 mg/kg/day is 67.5 to 90 mg, with the table's cap 67.5 to 80 mg."""

    @pytest.mark.parametrize(
        ("cap", "order", "verdict", "code"),
        [
            ("60 mg/day", "60 mg daily", "within", 0),
            ("60 mg/day", "70 mg daily", "over-cap", 5),
            ("90 mg/day", "85 mg daily", "within", 0),
            ("90 mg/day", "95 mg daily", "over-cap", 5),
        ],
    )
    def test_the_local_cap_counts(self, call, tmp_path, cap, order, verdict, code):
        overlay = named(write(tmp_path, figures((CAP[0], cap))))
        done = call("check", "prednisone", order, "--weight", "90", *overlay, "-f", "json")
        (row,) = done.json["rows"]
        assert (done.code, row["verdict"]) == (code, verdict)
        assert row["message"].endswith(" With local figures: prednisone.induction.max.")
        page = call("check", "prednisone", order, "--weight", "90", *overlay).stdout
        assert "with the induction dose with local figures; " in " ".join(page.split())

    def test_limits_of_weight_bear_on_an_order_per_kg(self, call, tmp_path):
        overlay = named(write(tmp_path, figures(("limits.weight", "35-200 kg"))))
        args = ("methotrexate", "0.2 mg/kg once a week", "--weight", "90", *overlay, "-f", "json")
        assert {f["figure"] for f in call("check", *args).json["rows"][0]["local"]} == {
            "limits.weight"
        }
        args = ("methotrexate", "15 mg once a week", "--weight", "90", *overlay, "-f", "json")
        assert call("check", *args).json["rows"][0]["local"] == []

    def test_the_hospital_s_shelf_makes_the_dose(self, call, tmp_path):
        args = ("check", "prednisone", "63.75 mg daily", "--weight", "80", "--format", "json")
        paths = write(tmp_path, product("    strengths: [21.25 mg]\n"))
        assert [row["dispensable"] for row in call(*args).json["rows"]] == [False]
        (row,) = call(*args, *named(paths)).json["rows"]
        assert row["dispensable"] is True
        assert [local["figure"] for local in row["local"]] == ["prednisone.product.shelf"]


def test_a_local_rule_counts_over_each_number_of_days(call, tmp_path):
    """140 g over 2, 3, 4 and 5 days: 70, 46.67, 35 and 28 g a day; down to 5 g: 70, 45, 35, 25."""
    paths = write(tmp_path, rounding("    to: 5 g\n    direction: down\n"))
    args = ("dispense", "ivig", "140g", "--days", "2..5", *named(paths))
    done = call(*args, "--format", "json")
    assert [row["daily"] for row in done.json["rows"]] == [70, 45, 35, 25]
    assert [row["dispensed"] for row in done.json["rows"]] == [140, 135, 140, 125]
    assert call(*args, "--field", "daily").stdout.split() == ["70", "45", "35", "25"]
    # what the user says comes first
    said = call(*args, "--round-to", "10g", "--format", "json").json["rows"]
    assert [row["daily"] for row in said] == [70, 50, 40, 30]
    assert [row["local"] for row in said] == [[], [], [], []]
    codes = [w["code"] for w in done.json["warnings"]]
    assert codes == ["not-checked-weight"]
    up = write(tmp_path, rounding("    to: 5 g\n    direction: up\n"))
    warned = call("dispense", "ivig", "140g", "--days", "2..5", *named(up), "--strict")
    assert (warned.code, warned.stdout.count("is looser than")) == (6, 1)


def test_a_local_dose_of_the_day_after_is_marked(call, tmp_path):
    figure = "methotrexate.titration.nhs-dg-methotrexate.day_after.dose"
    paths = write(tmp_path, figures((figure, "10 mg/week")))
    args = ("titrate", "methotrexate", "--protocol", "nhs-dg-methotrexate", "--day", "monday")
    document = call(*args, *named(paths), "--format", "json").json
    assert (document["day_after"]["low"], document["day_after"]["high"]) == (10, 10)
    assert locals_of(document)[figure]["base"] == "5 mg/week"
    assert [w["code"] for w in document["warnings"]].count("local-looser") == 1
    assert f"local: {figure}" in " ".join(call(*args, *named(paths)).stdout.split())


def test_a_cell_of_several_values_is_no_local_figure(call):
    args = ("dispense", "prednisone", "63mg", "--round", "down", "--stock", "20mg", "-f", "csv")
    (row,) = csv.DictReader(io.StringIO(call(*args).stdout, newline=""))
    assert (row["daily"], row["nearest"], row["local"]) == ("60", '{"below": 60, "above": 60}', "")


def test_the_example_is_a_valid_overlay(call):
    done = call("table", "check", "--overlay", HOSPITAL, "--strict", "--format", "json")
    assert done.code == 0
    assert len(done.json["rows"][0]["local"]) == 4


def test_the_python_api_takes_overlays(call):
    table = dmcalc.load_table(overlays=[HOSPITAL])
    row = dmcalc.dose("prednisone", weight=90, table=table).rows[0]
    assert [local.figure for local in row.local] == [
        *("prednisone.induction.max", "limits.weight", "prednisone.product.shelf"),
    ]
    done = call(*PREDNISONE, "--overlay", HOSPITAL, "--field", "high")
    assert done.stdout == f"{row.high}\n"
