"""An option that an answer would not heed is refused, never passed over."""

from __future__ import annotations

import re

import pytest

OF_ONE_DRUG = {
    "--weight": "70",
    "--severity": "mild",
    "--confirm-weight": None,
    "--age": "9",
    "--height": "175",
    "--sex": "male",
    "--weight-basis": "ideal",
    "--weight-policy": "ontario",
    "--bsa": "1.85",
    "--taking": "allopurinol",
    "--unchecked": "levothyroxine",
    "--condition": "ild",
    "--tpmt": "poor",
    "--nudt15": "poor",
    "--egfr": "45",
    "--crcl": "45",
    "--creatinine": "0.9mg/dL",
    "--dob": "1980-03-01",
    "--as-of": "2026-11-29",
    "--patient": "patient.yaml",
    "--protocol": "etg",
    "--from": "60mg",
    "--hold": "3w",
    "--interval": "8w",
    "--decrement": "10mg",
    "--weeks": "8",
    "--steps": "hold 4w",
    "--max-step": "5mg",
    "--on": "20mg",
    "--from-date": "2027-02-01",
    "--flare": None,
    "--left": "20mg:30",
    "--pack": "20mg:30",
    "--start": "2026-12-01",
    "--market": "UK",
    "--stock": "20mg",
    "--halves": None,
    "--product": "tablet-us",
    "--round": "down",
    "--receipt": "receipt.json",
    "--receipt-for": "case 17",
}
OF_A_DAILY_DOSE = {"--from", "--hold", "--interval", "--decrement", "--steps", "--max-step"}
OF_A_DAILY_DOSE |= {"--on", "--flare", "--left", "--pack", "--round"}


def written(option):
    value = OF_ONE_DRUG[option]
    return (option,) if value is None else (option, value)


@pytest.mark.parametrize("option", OF_ONE_DRUG)
def test_without_a_drug_an_option_of_one_is_refused(call, option):
    done = call("taper", *written(option))
    assert (done.code, done.stdout) == (2, "")
    assert f"{option} needs one" in done.stderr


def test_those_are_all_options_but_for_the_output(call):
    told = call("taper", "--help-all").stdout.partition("This order:")[2]
    output = {
        "--help",
        "--help-all",
        "--format",
        "--output",
        "--mode",
        "--table",
        "--field",
        "--no-color",
        "--quiet",
    }
    output |= {"--overlay", "--guide", "--strict", "--plot", "--revision"}
    output |= {"--explain", "--sources", "--width"}
    output |= {"--fhir-version", "--subject", "--per-product", "--bundle", "--days"}
    known = set(re.findall(r"--[a-z0-9-]+", told))
    assert known - output == set(OF_ONE_DRUG)


@pytest.mark.parametrize("option", sorted(OF_A_DAILY_DOSE))
def test_courses_refuse_the_options_of_a_daily_dose(call, option):
    done = call("taper", "ivig", "--weight", "70", *written(option))
    assert (done.code, done.stdout) == (2, "")
    assert f"{option} is for the taper of a daily dose" in done.stderr


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--max-step", "5mg"), "--max-step is for steps of your own"),
        (("--steps", "hold 4w", "--flare"), "--flare is for a published taper"),
        (("--steps", "hold 4w", "--protocol", "etg"), "--steps and --protocol"),
        (("--from-date", "2027-02-01"), "--from-date is the first day of the dose of --on"),
        (
            ("--on", "20mg", "--from-date", "2027-02-01", "--start", "2027-02-01"),
            "--from-date is the first day of the dose of --on",
        ),
    ],
)
def test_options_that_go_together_or_not(call, options, says):
    done = call("taper", "prednisone", "--from", "60mg", *options)
    assert (done.code, done.stdout) == (2, "")
    assert says in done.stderr
