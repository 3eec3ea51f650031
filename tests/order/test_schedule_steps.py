"""Each step that ``taper`` and ``titrate`` print passes ``check`` as a step of its kind."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dmcalc.errors import ExitCode, UsageError
from dmcalc.order import check as check_module
from dmcalc.order.check import check, check_prepared, prepare_check
from dmcalc.order.parse import read_order
from dmcalc.order.schedule_steps import PublishedStep
from dmcalc.quantities.amount import DoseRange
from dmcalc.quantities.base import format_plain
from dmcalc.schedules.taper import taper
from dmcalc.schedules.titration import titrate
from dmcalc.schedules.titration_doses import TitrationChoices

#: How a dose is ordered, by the time that it is for.
OFTEN = {"day": "daily", "week": "once a week"}


def passes(loaded, patient, result, phase):
    """Check each step, and return the steps that it was found to be."""
    found = []
    for step in result.steps:
        order = read_order(f"{format_plain(step.high)} {step.unit} {OFTEN[step.per]}")
        checked = check(loaded, patient, result.drug, order, phase=phase)
        assert (checked.verdict, checked.matched) == ("within", phase), order.text
        assert checked.exit_code is ExitCode.OK, order.text
        found.append(checked.step if checked.protocol == result.protocol else None)
    return found


@pytest.mark.parametrize(
    ("weight", "severity"), [("85", "severe"), ("70", "severe"), ("64", "mild")]
)
@pytest.mark.parametrize("protocol", ["hhe-2018", "etg", "ese-es-2024"])
def test_each_step_of_a_taper_passes_as_that(loaded, person, protocol, weight, severity):
    patient = person(weight, severity)
    result = taper(loaded, patient, "prednisone", protocol=protocol)
    found = passes(loaded, patient, result, "taper")
    if protocol == "hhe-2018":
        assert found == list(range(1, len(result.steps) + 1))


def test_the_default_taper_has_twelve_steps(loaded, person):
    assert len(taper(loaded, person("85", "severe"), "prednisone").steps) == 12


@pytest.mark.parametrize("weight", ["70", "90", "48"])
def test_each_step_of_a_titration_passes_as_that(loaded, person, weight):
    patient, steps = person(weight), 0
    for key, titration in loaded.table.titrations.items():
        try:
            result = titrate(loaded, patient, titration.drug, TitrationChoices(protocol=key))
        except UsageError:  # its source leaves out the size or the interval of its steps
            continue
        steps += len(passes(loaded, patient, result, "titration"))
    assert steps >= 12


def test_a_step_is_held_against_the_start_dose(loaded, person):
    # 52.389918735 to 69.85322498 mg: no end is written off for what lies past it
    found = check(loaded, person("154lb"), "prednisone", read_order("20 mg daily"))
    assert " below the start dose of 52.39 to 69.853 mg daily." in found.decisive.message
    assert [warning.code for warning in found.warnings][:1] == ["not-start-dose"]


@pytest.mark.parametrize("order", ["52.5", "60", "70"])
def test_a_step_that_is_a_start_dose_too(loaded, person, order):
    order = read_order(f"{order} mg daily")
    found = check(loaded, person("70"), "prednisone", order, phase="taper")
    assert "the start dose is 52.5 to 70 mg daily" in found.decisive.message


def test_a_dose_without_severities_is_tapered_too(loaded, person):
    found = check(loaded, person("70"), "prednisolone", read_order("20 mg daily"))
    assert (found.matched, found.verdict) == ("taper", "within")


@pytest.mark.parametrize(
    ("order", "verdict"),
    [
        ("52.5", "within"),  # a start dose
        ("70", "within"),
        ("69", "not-a-step"),
        ("71", "not-a-step"),  # above the doses and up to the cap
        ("80", "not-a-step"),
        ("80.5", "over-cap"),
    ],
)
def test_what_is_no_step_of_a_taper(loaded, person, order, verdict):
    order = read_order(f"{order} mg daily")
    found = check(loaded, person("70"), "prednisone", order, phase="taper")
    assert (found.verdict, found.exit_code == 0) == (verdict, verdict == "within")


def test_what_is_kept_of_many_patients_is_bounded(loaded, person, monkeypatch):
    monkeypatch.setattr(check_module, "MOST_TAPERS", 7)
    monkeypatch.setattr(check_module, "MOST_PATIENTS", 3)
    drug, order = prepare_check(loaded, "prednisone"), read_order("20 mg daily")
    for tenths in range(600, 620):
        patient = person(f"{tenths / 10:.1f}", None)
        again = [check_prepared(drug, patient, order) for _ in range(2)]
        assert again[0] == again[1] == check(loaded, patient, "prednisone", order)
        assert again[0].matched == "taper"
    assert 0 < len(drug.tapers) <= 7
    assert 0 < len(drug.doses) <= 3


@pytest.mark.parametrize(
    ("ordered", "unit", "per", "is_dose"),
    [
        ("10", "mg", "day", True),
        ("20", "mg", "day", True),
        ("9.999", "mg", "day", False),
        ("20.001", "mg", "day", False),
        ("0.015", "g", "day", True),
        ("15", "g", "day", False),
        ("15", "mg", "week", False),
        ("15", "mg", "dose", False),
    ],
)
def test_a_step_of_a_child_is_a_range_in_any_unit_and_for_its_time_alone(
    ordered, unit, per, is_dose
):
    dose = DoseRange(Decimal(10), Decimal(20), "mg")
    step = PublishedStep("taper", "landmark_tapers", "hinze-2018", 1, dose, "day", dose)
    assert step.is_dose(Decimal(ordered), unit, per) is is_dose
