"""``--field``: bare values for ``$(...)``, a line a row."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("args", "lines"),
    [
        (("dose", "prednisone", "-w", "70", "--field", "high"), ["70"]),
        (("dose", "prednisone", "-w", "70", "--field", "low"), ["52.5"]),
        (("dose", "prednisone", "-w", "70", "--field", "unit"), ["mg"]),
        (("dose", "prednisone", "-w", "85", "--field", "capped"), ["true"]),
        (("dose", "prednisone", "-w", "70", "--field", "capped"), ["false"]),
        (("dose", "ivig", "-w", "70", "--field", "high"), ["140", "140"]),
        (("dose", "ivig", "-w", "70", "--field", "from_week"), ["", "16"]),
        (("dose", "methotrexate", "--field", "phase"), ["start", "target"]),
        (("dose", "methotrexate", "--field", "regimen"),
         ["methotrexate.start", "methotrexate.target"]),
        (("dose", "rituximab", "--field", "sources"), ["managedermatomyositis; goyal-2019"] * 2),
        (("dose", "cyclophosphamide", "--field", "every"), ["4-6 weeks"]),
        (("taper", "ivig", "-w", "70", "--weeks", "8", "--field", "total_high"), ["140", "280"]),
        (("taper", "ivig", "-w", "120", "--weeks", "24", "--field", "total_high"),
         ["240", "480", "720", "960", "1200", "1440"]),
        (("taper", "prednisone", "--from", "5mg", "--start", "2026-12-01", "--field", "end"),
         ["2026-12-28", "2027-01-25"]),
        (("taper", "--field", "protocol"), ["hhe-2018", "etg", "etg", "ese-es-2024",
                                           "ese-es-2024", "base-page", "hinze-2018",
                                           "hinze-2018", "printo-2019"]),
        (("show", "methotrexate", "--field", "posology"),
         ["10 mg/week", "20-25 mg/week", "15-25 mg/week", "15-20 mg/m2/week, max 40 mg/week"]),
        (("table", "check", "--field", "drugs"), ["11"]),
        (("table", "check", "--field", "valid"), ["true"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_bare_values(call, args, lines):
    done = call(*args)
    assert done.code == 0
    assert done.stdout.split("\n") == [*lines, ""]


def test_drugs_as_a_list(call):
    assert call("drugs", "--field", "drug").stdout.split() == [
        *("prednisone", "prednisolone", "methylprednisolone", "azathioprine", "methotrexate"),
        *("ivig", "cyclophosphamide", "mycophenolate", "ciclosporin", "tacrolimus", "rituximab"),
    ]


def test_a_field_has_a_line_for_every_row_even_where_it_is_empty(call):
    every = call("dose", "--weight", "70", "--field", "every").stdout.split("\n")
    regimens = call("dose", "--weight", "70", "--field", "regimen").stdout.split("\n")
    assert len(every) == len(regimens) == 15
    found = dict(zip(regimens, every, strict=True))
    assert found["cyclophosphamide.pulse"] == "4-6 weeks"
    assert found["prednisone.induction"] == ""


# A bare 1 beside a bare 70 would be 1 g beside 70 mg.
@pytest.mark.parametrize("field", ["low", "high", "suggested", "cap_high"])
def test_amounts_in_different_units_are_not_mixed(call, field):
    drugs = ("prednisone", "methylprednisolone", "methotrexate")
    done = call("dose", *drugs, "--weight", "70", "--severity", "severe", "--field", field)
    alone = {"suggested": 1, "cap_high": 1}.get(field, 3)
    assert (done.code == 2) == (alone > 1)
    assert (done.stdout == "") == (alone > 1)


@pytest.mark.parametrize("form", ["json", "csv", "markdown"])
def test_a_bare_value_has_no_other_format(call, form):
    done = call("dose", "rituximab", "--field", "low", "--format", form)
    assert (done.code, done.stdout) == (2, "")


def test_every_field_of_the_rows_can_be_asked_for(call):
    args = ("dose", "ivig", "--weight", "85", "--severity", "severe")
    row = call(*args, "--format", "json").json["rows"][1]
    known = [key for key, value in row.items() if value is not None]
    assert len(known) > 20
    for field in known:
        assert call(*args, "--field", field).code == 0, field


@pytest.mark.parametrize("field", ["doze", "low,high", "rows", "LOW", "__class__"])
def test_an_unknown_field_is_refused_and_the_known_ones_are_named(call, field):
    done = call("dose", "rituximab", "--field", field)
    assert (done.code, done.stdout) == (2, "")
    assert "low, high, suggested" in done.stderr


def test_an_empty_field_is_refused_as_a_variable_that_is_not_set(call):
    done = call("dose", "rituximab", "--field", "")
    assert (done.code, done.stdout) == (2, "")
    assert "--field is empty" in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("dose", "cyclophosphamide", "--field", "low"),
        ("dose", "cyclophosphamide", "--field", "unit"),
        ("dose", "prednisone", "--weight", "70", "--field", "suggested"),
        ("dose", "prednisone", "--weight", "70", "--field", "indicated"),
        ("taper", "prednisone", "--from", "60mg", "--field", "start"),
    ],
    ids=" ".join,
)
def test_a_value_that_nobody_knows_is_refused(call, args):
    done = call(*args)
    assert (done.code, done.stdout) == (4, "")
    assert args[-1] in done.stderr


def test_a_value_fits_into_a_shell_variable(shell):
    line = 'dose=$(dmcalc dose prednisone -w 70 -s severe --field suggested) && echo "<$dose>"'
    assert shell(line).stdout == "<70>\n"


def test_a_field_goes_to_a_file_too(call, tmp_path):
    target = tmp_path / "high.txt"
    done = call("dose", "ivig", "--weight", "70", "--field", "high", "--output", str(target))
    assert (done.code, done.stdout, target.read_text()) == (0, "", "140\n140\n")
