"""Numbers go round: what --field prints is read by the options that take such a value."""

from __future__ import annotations

import pytest

BODY = ("body", "-w", "70.3", "--height", "173", "--sex", "male", "--age", "50")
BODY += ("--creatinine", "1.37mg/dL")


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("egfr_ml_min_173m2", ("dose", "methotrexate", "--egfr", "{}")),
        ("crcl_ml_min", ("dose", "methotrexate", "--crcl", "{}")),
        ("bsa_m2", ("dose", "cyclophosphamide", "--alternatives", "-w", "70", "--bsa", "{}")),
    ],
)
def test_a_measure_is_read_back(call, field, words):
    value = call(*BODY, "--field", field).stdout.strip()
    assert len(value) > 6
    assert call(*(word.format(value) for word in words)).code == 0


def test_a_suggested_dose_is_read_back(call):
    asked = ("-w", "154lb", "--severity", "severe")
    dose = call("dose", "prednisone", *asked, "--field", "suggested").stdout.strip()
    assert dose == "69.85322498"
    done = call("check", "prednisone", f"{dose} mg daily", *asked, "-f", "json")
    assert done.json["verdict"] == "within"
    assert call("taper", "prednisone", "--from", f"{dose}mg").code == 0


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--egfr", "45 mL/min", 4),
        ("--crcl", "45 mL/min/1.73 m2", 4),
        ("--crcl", "45 mL/min/1.73 m²", 4),
        ("--egfr", "45 mL/min/1.73m2", 0),
        ("--egfr", "45 mL/min/1.73 m²", 0),
        ("--crcl", "45 mL/min", 0),
    ],
)
def test_a_kidney_function_in_the_unit_of_the_other_is_refused(call, option, value, code):
    done = call("dose", "methotrexate", option, value)
    assert done.code == code
    assert ("has the unit of the other measure" in done.stderr) == (code == 4)


@pytest.mark.parametrize(
    "words",
    [
        ("taper", "prednisone", "--from", "60mg", "--start", "1899-12-31"),
        ("dose", "prednisone", "-w", "70", "--dob", "1899-12-31"),
        ("monitor", "azathioprine", "--start", "0026-12-01"),
    ],
)
def test_a_year_before_1900_is_refused(call, words):
    done = call(*words)
    assert (done.code, done.stdout) == (2, "")
    assert "is before 1900" in done.stderr
