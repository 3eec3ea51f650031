"""Overlays that do not load: each fault with file, line and key."""

from __future__ import annotations

import datetime

import pytest

from dmcalc import formulary, table
from dmcalc.errors import ExitCode, FileError, TableError
from dmcalc.formulary import overlay
from tests.formulary.overlays import figures, head, load, product, rounding, write
from tests.table.editing import TEXT, edited
from tests.table.editing import refusal as table_refusal

CAP = ("prednisone.induction.max", "60 mg/day")
STRENGTHS = "    strengths: [25 mg]\n"
RULE = "    to: 5 g\n    direction: down\n"


def refusal(folder, *texts):
    with pytest.raises(TableError) as caught:
        load(folder, *texts)
    assert caught.value.exit_code is ExitCode.TABLE_OR_FILE
    return caught.value.message.replace(f"{folder}/", "")


@pytest.mark.parametrize(
    ("figure", "value", "says"),
    [
        ("prednisone.induction.max", "60 mg/kg/day", "cannot replace an amount in mg/day"),
        ("prednisone.induction.dose", "50 mg/day", "cannot replace an amount in mg/kg/day"),
        ("prednisone.induction.dose", "1-2 mg/kg/week", "cannot replace"),
        ("methotrexate.target.dose", "20 mg/day", "cannot replace an amount in mg/week"),
        ("methotrexate.target.max", "20 mg/day", "cannot replace an amount in mg/week"),
        ("rituximab.oddis-2013.dose", "750 mg/kg/dose", "cannot replace an amount in mg/m2/dose"),
        ("rituximab.maintenance.every", "24 weeks", "cannot replace 6 months: write months"),
        ("ivig.induction.every", "1 month", "cannot replace 4 weeks: write days or weeks"),
        ("ivig.infusion.start", "50 mg/h", "cannot replace 0.01 mL/kg/min"),
        ("prednisone.induction.max", "80-60 mg/day", "low (80) is not below high (60)"),
        ("prednisone.induction.max", "0 mg/day", "is not above 0"),
        ("prednisone.induction.max", "0-60 mg/day", "is not above 0"),
        ("methotrexate.titration.nhs-dg-methotrexate.increase", "0-5 mg/week", "is not above 0"),
        ("prednisone.induction.max", "60mg/day", "is not written like"),
        ("prednisone.induction.max", "060 mg/day", "is not written like"),
        ("prednisone.induction.max", "60", "a quantity is text with its unit"),
        ("prednisone.induction.max", "true", "a quantity is text with its unit"),
        ("prednisone.induction.max", "[60 mg/day]", "a quantity is text with its unit"),
        ("rituximab.induction.doses", "0", "is not a number from 1 on"),
        ("rituximab.induction.doses", "2 doses", "is not a number from 1 on"),
        ("rituximab.induction.doses", "true", "is not a number from 1 on"),
        ("limits.weight", "35-200 mg", "is not written like"),
        (
            "methotrexate.titration.nhs-dg-methotrexate.day_after.dose",
            "5 mg/day",
            "cannot replace an amount in mg/week",
        ),
    ],
)
def test_a_value_of_another_kind(tmp_path, figure, value, says):
    text = refusal(tmp_path, figures((figure, value)))
    assert text.startswith(
        "the overlay is not valid, 1 fault:\n  overlay1.yaml:5: figures.0.value: "
    )
    assert says in text


@pytest.mark.parametrize(
    ("figure", "value", "says"),
    [
        ("prednisone.induction.dose", "1 mg/kg/day", "there is no range to choose an end of"),
        ("mycophenolate.target.max", "1 g/day", "1 g/day is below the dose 2-3 g/day"),
        ("ivig.infusion.max", "0.03 mL/kg/min", "0.04 mL/kg/min is above the maximum"),
        ("ivig.infusion.then.2", "0.05 mL/kg/min", "is above the maximum"),
        ("ivig.induction.every", "3 weeks", "not at the interval or in the unit of the first"),
        ("prednisone.taper.hhe-2018.hold", "1-2 weeks", "4 weeks is outside the hold, 1-2 weeks"),
        ("prednisone.taper.hhe-2018.bands.1.until", "25 mg", "leaves a gap to the band above"),
        ("limits.weight", "20-600 kg", "narrower than the usual limits, 20-600 kg"),
    ],
)
def test_a_value_that_breaks_a_rule_of_the_table(tmp_path, figure, value, says):
    text = refusal(tmp_path, figures((figure, value)))
    assert "  overlay1.yaml:4: figures.0: with it " in text
    assert "breaks a rule of the table: " in text
    assert says in text


@pytest.mark.parametrize(("day", "future"), [(1, True), (2, False), (3, False)])
def test_what_was_decided_today_does_not_lie_in_the_future(tmp_path, day, future):
    (path,) = write(tmp_path, figures(CAP))  # of 2 November
    files, today = (overlay.read(path),), datetime.date(2026, 11, day)
    base = table.load()
    if future:
        with pytest.raises(TableError, match="2026-11-02 lies in the future"):
            overlay.applied(base, files, today)
    else:
        assert overlay.applied(base, files, today).local


@pytest.mark.parametrize(
    "below",
    [
        ("mycophenolate.target.max", "1 g/day"),
        ("ivig.induction.every", "3 weeks"),  # which its taper of courses breaks with
    ],
)
def test_a_broken_rule_is_reported_at_the_nearest_of_several_values(tmp_path, below):
    """The first of two values is the fault: a hospital must not search the other one."""
    text = refusal(tmp_path, figures(below, ("methotrexate.target.max", "20 mg/week")))
    assert "  overlay1.yaml:4: figures.0: with it " in text
    text = refusal(tmp_path, figures(("methotrexate.target.max", "20 mg/week"), below))
    assert "  overlay1.yaml:9: figures.1: with it " in text


@pytest.mark.parametrize("age", ["12", "21"])
def test_who_is_an_adult_is_not_set_locally(tmp_path, age):
    text = refusal(tmp_path, figures(("limits.adult_age", age)))
    assert "overlay1.yaml:4: figures.0.figure: the doses of the table are for adults" in text


def test_into_how_many_doses_a_day_is_divided_is_not_set_locally(tmp_path):
    text = refusal(tmp_path, figures(("ciclosporin.divided.times_daily", "3")))
    assert "into how many doses a day is divided is not set locally" in text


def test_a_broken_rule_names_the_entry_that_broke_it(tmp_path):
    good, bad = (CAP, ("tacrolimus.target.max", "9 mg/day")), ("ivig.induction.days", "1 week")
    text = refusal(tmp_path, figures(*good), figures(("mycophenolate.target.dose", "2 g/day"), bad))
    assert "overlay2.yaml:9: figures.1: with it ivig.induction.days breaks" in text
    assert "overlay1.yaml" not in text


@pytest.mark.parametrize(
    ("figure", "near"),
    [
        ("prednisone.induction.maximum", "prednisone.induction.max"),
        ("prednison.induction.max", "prednisone.induction.max"),
        ("cyclophosphamide.pulse.dose", "cyclophosphamide.pulse.every"),
        ("prednisone.product.tablet-us.strengths", ""),
        ("prednisone.induction", ""),
        ("version", ""),
    ],
)
def test_only_what_the_table_has_is_replaced(tmp_path, figure, near):
    text = refusal(tmp_path, figures((figure, "60 mg/day")))
    assert f"overlay1.yaml:4: figures.0.figure: no figure {figure!r} in the table" in text
    assert near in text


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (
            "date: 2026-11-02",
            "date: 2999-01-01",
            7,
            "date: 2999-01-01 lies in the future",
        ),
        ("date: 2026-11-02", "date: 2 November", 7, "figures.0.date: Input should be a valid date"),
        ("date: 2026-11-02", "date: 2026-02-30", 7, "figures.0.date: Input should be a valid date"),
        ("    date: 2026-11-02\n", "", 4, "figures.0.date: missing key"),
        ("    reason: Local practice\n", "", 4, "figures.0.reason: missing key"),
        ("    author: Medicines committee\n", "", 4, "figures.0.author: missing key"),
        ("reason: Local practice", "reason: ' '", 8, "figures.0.reason: nothing is entered"),
        ("author: Medicines committee", "author: ''", 6, "figures.0.author: nothing is entered"),
        ("author: Medicines committee", "by: me", 6, "figures.0.by: unknown key"),
        ("name: Example hospital", "name: ''", 2, "name: whose figures these are is not stated"),
        ("overlay: 1", "overlay: 2", 1, "overlay: this dmcalc reads version 1 of the form"),
        ("figures:", "figurs:", 3, "figurs: unknown key"),
        ("overlay: 1\n", "", 1, "overlay: missing key"),
    ],
)
def test_what_every_entry_says(tmp_path, old, new, line, says):
    text = figures(CAP)
    assert old in text
    told = refusal(tmp_path, text.replace(old, new, 1))
    assert f"  overlay1.yaml:{line}: " in told
    assert says in told


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "overlay1.yaml: the file is empty"),
        ("- a\n", "overlay1.yaml:1: an overlay is written as keys and values"),
        (head(), "overlay1.yaml:1: overlay: no entry"),
        (head() + "name: x\n", "overlay1.yaml:3: the key 'name' is there twice, first on line 2"),
        (head() + "figures: &a []\n", "overlay1.yaml:3: an anchor"),
        (head() + "figures:\n  - [a, b, c, 2026-11-02, d]\n", "figures.0"),
        (head() + "figures: no\n", "would be read as bool"),
        (TEXT, "the overlay is not valid"),
    ],
)
def test_a_file_that_is_no_overlay(tmp_path, text, says):
    assert says in refusal(tmp_path, text)


@pytest.mark.parametrize(
    ("lines", "drug", "line", "says"),
    [
        ("    strengths: []\n", "prednisone", 7, "products.0.strengths: name the strengths"),
        ("    strengths: [0 mg]\n", "prednisone", 7, "products.0.strengths: name the strengths"),
        ("    strengths: [25]\n", "prednisone", 7, "products.0.strengths.0: a quantity is text"),
        (STRENGTHS + "    scored: [5 mg]\n", "prednisone", 8, "scored: 5 mg is not one of"),
        (STRENGTHS + "    markets: []\n", "prednisone", 8, "products.0.markets: name the markets"),
        (STRENGTHS + "    markets: [XX]\n", "prednisone", 8, "products.0.markets.0: Input should"),
        (STRENGTHS, "prednison", 4, "products.0.drug: no drug 'prednison' (like it: prednisone"),
        (STRENGTHS + "    cite: x\n", "prednisone", 8, "products.0.cite: unknown key"),
    ],
)
def test_a_product_that_is_none(tmp_path, lines, drug, line, says):
    text = refusal(tmp_path, product(lines, drug))
    assert f"  overlay1.yaml:{line}: " in text
    assert says in text


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("tablet-us", "the table has a product 'tablet-us': choose another name"),
        ("Shelf 1", "write small letters, digits, dots and hyphens"),
    ],
)
def test_the_name_of_a_product(tmp_path, name, says):
    text = product(STRENGTHS).replace("id: shelf", f"id: {name}")
    assert f"overlay1.yaml:5: products.0.id: {says}" in refusal(tmp_path, text)


@pytest.mark.parametrize(
    ("lines", "drug", "says"),
    [
        ("    to: 0 g\n    direction: up\n", "ivig", "5: rounding.0.to: 0 g is not a step"),
        ("    to: 5\n    direction: up\n", "ivig", "5: rounding.0.to: a quantity is text"),
        ("    to: 5 g\n    direction: off\n", "ivig", "would be read as bool"),
        ("    to: 5 g\n    direction: away\n", "ivig", "6: rounding.0.direction: Input should be"),
        (RULE, "iviga", "4: rounding.0.drug: no drug 'iviga' (like it: ivig"),
    ],
)
def test_a_rounding_that_is_none(tmp_path, lines, drug, says):
    assert says in refusal(tmp_path, rounding(lines, drug))


def test_a_figure_twice_in_one_file(tmp_path):
    text = refusal(tmp_path, figures(CAP, CAP))
    assert "overlay1.yaml:9: figures.1.figure: 'prednisone.induction.max' is set twice" in text
    assert "first on line 4" in text


def test_a_product_and_a_rule_twice_in_one_file(tmp_path):
    one = product(STRENGTHS)
    entry = one.partition("products:\n")[2]
    assert "products.1.drug: 'prednisone.product.shelf' is set twice" in refusal(
        tmp_path, one + entry
    )
    one = rounding(RULE)
    entry = one.partition("rounding:\n")[2]
    assert "rounding.1.drug: 'ivig.rounding' is set twice" in refusal(tmp_path, one + entry)


def test_all_faults_of_a_file_are_told_together(tmp_path):
    text = refusal(tmp_path, figures(("a", "1 mg/day"), CAP, ("b", "1 mg/day")))
    assert text.startswith("the overlay is not valid, 2 faults:")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileError, match="cannot read the overlay") as caught:
        formulary.load(None, [str(tmp_path / "absent.yaml")])
    assert caught.value.hint == "Check the path given to --overlay or in DMCALC_OVERLAY."


def test_a_wrong_second_overlay_is_named(tmp_path):
    text = refusal(tmp_path, figures(CAP), figures(("a", "1 mg/day")))
    assert "overlay2.yaml:4" in text


def test_a_regimen_cannot_be_called_as_a_part_of_a_drug(tmp_path):
    text = edited(("      - id: etg\n", "      - id: taper\n"))
    assert "a regimen cannot be called 'taper'" in table_refusal(tmp_path, text)
