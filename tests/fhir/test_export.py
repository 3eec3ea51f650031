"""Answers as FHIR: accepted by others, read back to the same steps, with nothing found in them."""

from __future__ import annotations

import json
import shlex
from decimal import Decimal
from itertools import pairwise

import pytest

import dmcalc
from dmcalc.fhir.resource.json_text import parse
from dmcalc.formats.registry import render

from .conftest import FAULTS, codes, judged
from .exports import commands, exported

COMMANDS = commands()
VERSIONS = ("R4", "R5")


def test_there_are_many():
    assert len(COMMANDS) >= 60


@pytest.fixture(scope="module", params=COMMANDS, ids=shlex.join)
def command(request):
    return request.param


def written(call, command, version="R4", *more):
    done = call(*exported(command), "-f", "fhir", "--fhir-version", version, "--quiet", *more)
    if done.code == 2 and ("--start" in done.stderr or "weeks between" in done.stderr):
        pytest.skip(done.stderr.splitlines()[0])
    assert done.code == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("version", VERSIONS)
def test_it_is_read_back_to_equal_steps_and_nothing_is_found(call, verify, command, version):
    resource = parse(written(call, command, version))
    verified = verify(resource)
    assert judged(verified) == set()
    assert codes(verified, "warning") <= {"dose-rises", "open-end"}
    weekly = ("--day", "monday") if "methotrexate" in command and "--day" not in command else ()
    steps = call(*command, *weekly, "-f", "json").json["steps"]
    read = [step for step in verified.steps if step.pointers]
    if any(step["alternate"] is not None for step in steps):
        assert {s.step for s in read} == {step["step"] for step in steps}
        return
    assert len(read) == len(steps)
    rises = any(after["high"] > before["high"] for before, after in pairwise(steps))
    assert ("dose-rises" in codes(verified)) <= rises
    assert ("open-end" in codes(verified)) == (
        steps[-1]["days"] is None and steps[-1]["per"] != "course"
    )
    for mine, step in zip(read, steps, strict=True):
        days = 2 if step["per"] == "course" else step["days"]
        times = 2 if step["per"] == "course" else step["times_daily"] or 1
        assert (mine.low * times, mine.high * times) == (step["low"], step["high"])
        assert (mine.unit, mine.days) == (step["unit"], days)
        assert mine.every_days == {"day": 1, "week": 7, "course": 1}[step["per"]]
        assert str(mine.start) == str(step["start"])
        if step["per"] != "course":
            assert str(mine.end) == str(step["end"])


@pytest.mark.parametrize("version", VERSIONS)
def test_fhir_resources_accepts_it_and_returns_it_unchanged(call, command, version):
    if version == "R4":
        models = pytest.importorskip("fhir.resources.R4B.medicationrequest", exc_type=ImportError)
    else:
        models = pytest.importorskip("fhir.resources.medicationrequest", exc_type=ImportError)
    text = written(call, command, version)
    request = models.MedicationRequest.model_validate_json(text)
    again = json.loads(request.model_dump_json(), parse_float=Decimal)
    assert again == json.loads(text, parse_float=Decimal)


def test_fhirkit_accepts_every_r4(call, command):
    fhirkit = pytest.importorskip("fhirkit", reason="fhirkit-rs is not installed")
    assert [str(issue) for issue in fhirkit.validate(written(call, command))] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_the_format_makes_no_difference_to_the_bytes_of_a_second_run(call, version):
    args = ("taper", "prednisone", "-w", "70", "-s", "severe")
    assert written(call, args, version) == written(call, args, version)


def test_what_fhir_cannot_say_is_refused_with_what_to_add(call):
    for args, add in {
        (
            "taper",
            "prednisone",
            "--from",
            "20mg",
            "--steps",
            "20mg/10mg alternate days 4w",
        ): "--start",
        ("taper", "ivig", "-w", "70", "--start", "2026-12-01"): "--days",
        ("taper", "ivig", "-w", "70", "--start", "2026-12-01", "--days", "6"): "2 to 5",
        ("taper", "ivig", "-w", "70", "--days", "2"): "--start",
        ("titrate", "methotrexate"): "--day",
        ("dose", "methotrexate"): "--day",
        ("dose", "ivig", "-w", "70"): "--days",
        ("dose", "methylprednisolone"): "--days 3",  # the source: 3 to 5
        ("dose", "methylprednisolone", "--age", "9", "-w", "30"): "--days",  # it gives no number
        ("dose", "-w", "70"): "Name it",
        ("dose", "prednisone", "-w", "70", "--phase", "target"): "induction",
        ("dose", "cyclophosphamide"): "phase",
        ("taper", "prednisone", "--from", "60mg", "--per-product"): "--start",
        ("taper", "prednisone", "--from", "60mg", "--subject", "Jane Doe"): "Patient/123",
    }.items():
        done = call(*args, "-f", "fhir")
        assert (done.code, done.stdout) == (2, ""), args
        assert add in done.stderr, args
    done = call("taper", "ivig", "--start", "2026-12-01", "--days", "2", "-f", "fhir")
    assert (done.code, done.stdout) == (4, "")
    assert (
        call("taper", "prednisone", "--from", "60mg", "--intent", "order", "-f", "fhir").code == 2
    )
    assert call("drugs", "-f", "fhir").code == 2


@pytest.mark.parametrize("option", ["--subject=Patient/1", "--bundle", "--per-product"])
def test_an_option_of_fhir_is_for_fhir(call, option):
    done = call("taper", "prednisone", "--from", "60mg", option)
    assert (done.code, done.stdout) == (2, "")
    assert option.split("=")[0] in done.stderr


def test_a_request_is_a_draft_and_a_proposal_and_names_the_drug_by_code(call):
    args = ("taper", "prednisone", "-w", "70", "-s", "severe", "--start", "2026-12-01")
    resource = json.loads(written(call, args, "R4", "--subject", "Patient/123"))
    assert (resource["status"], resource["intent"]) == ("draft", "proposal")
    assert resource["subject"] == {"reference": "Patient/123"}
    assert resource["medicationCodeableConcept"]["coding"][0]["code"] == "H02AB07"
    assert "70 kg" not in json.dumps(resource)
    first = resource["dosageInstruction"][0]
    assert first["text"] == "70 mg by mouth daily for 28 days"
    assert first["timing"]["repeat"]["boundsPeriod"] == {"start": "2026-12-01", "end": "2026-12-28"}
    assert first["doseAndRate"][0]["doseQuantity"]["value"] == 70
    assert resource["dispenseRequest"] == {
        "expectedSupplyDuration": {
            "value": 308, "unit": "days", "system": "http://unitsofmeasure.org", "code": "d",
        }
    }  # fmt: skip
    absent = json.loads(written(call, args))["subject"]
    assert absent["extension"][0]["valueCode"] == "unknown"


def test_methotrexate_is_once_a_week_with_its_day_and_a_maximum(call):
    r4, r5 = (json.loads(written(call, ("titrate", "methotrexate"), v)) for v in VERSIONS)
    dosage = r4["dosageInstruction"][0]
    assert dosage["timing"]["repeat"] == {
        "boundsDuration": {
            "value": 28, "unit": "days", "system": "http://unitsofmeasure.org", "code": "d",
        },
        "frequency": 1, "period": 1, "periodUnit": "wk", "dayOfWeek": ["mon"],
    }  # fmt: skip
    assert dosage["text"] == "10 mg by mouth once a week on Monday for 28 days"
    most = dosage["maxDosePerPeriod"]
    assert (most["numerator"]["value"], most["denominator"]["code"]) == (10, "wk")
    assert r5["dosageInstruction"][0]["maxDosePerPeriod"] == [most]
    assert r5["renderedDosageInstruction"].count(", then ") == len(r5["dosageInstruction"]) - 1
    assert "concept" in r5["medication"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_request_for_each_product_has_its_tablets_and_they_make_the_doses(
    call, verifier, version, tmp_path
):
    args = ("taper", "prednisone", "-w", "70", "-s", "severe", "--start", "2026-12-01")
    text = written(call, args, version, "--per-product", "--bundle")
    (tmp_path / "bundle.json").write_text(text)
    done = call("verify", str(tmp_path / "bundle.json"), "-f", "json")
    assert done.code == 0, done.json
    orders = done.json["orders"]
    answer = call(*args, "-f", "json").json
    assert sum(order["totals"]["amount"] for order in orders) == answer["totals"]["amount"]
    handed = {p["strength"]: p["count"] for p in answer["totals"]["products"]}
    assert {order["strength"]: order["totals"]["needed"] for order in orders} == handed
    bundle = json.loads(text)
    *requests, provenance = (entry["resource"] for entry in bundle["entry"])
    assert len({request["groupIdentifier"]["value"] for request in requests}) == 1
    assert provenance["resourceType"] == "Provenance"
    assert [target["reference"] for target in provenance["target"]] == [
        entry["fullUrl"] for entry in bundle["entry"][:-1]
    ]
    accepted(text, version)


def accepted(text, version):
    """Let others read a bundle; where they are not installed nothing is said."""
    name = "fhir.resources.R4B.bundle" if version == "R4" else "fhir.resources.bundle"
    bundles = pytest.importorskip(name, exc_type=ImportError)
    bundles.Bundle.model_validate_json(text)
    if version == "R4":
        fhirkit = pytest.importorskip("fhirkit")
        assert [str(issue) for issue in fhirkit.validate(text)] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_plan_is_a_bundle_of_what_begins_now(call, version, tmp_path):
    args = ("plan", "-w", "70", "-s", "severe", "--with", "methotrexate", "--days", "3")
    text = written(call, (*args, "--day", "monday"), version, "--bundle")
    accepted(text, version)
    names = [
        entry["resource"].get("medicationCodeableConcept", entry["resource"].get("medication"))
        for entry in json.loads(text)["entry"][:-1]
    ]
    drugs = [(name.get("concept") or name)["text"] for name in names]
    assert drugs == ["Methylprednisolone", "Prednisone", "Methotrexate"]
    (tmp_path / "plan.json").write_text(text)
    done = call("verify", str(tmp_path / "plan.json"), "-f", "json")
    assert done.code == 0, [f for order in done.json["orders"] for f in order["findings"]]


@pytest.mark.parametrize("drug", ["prednisone", "azathioprine", "mycophenolate", "tacrolimus"])
def test_a_dose_is_a_request_of_one_phase(call, verify, drug):
    resource = parse(written(call, ("dose", drug, "-w", "70")))
    verified = verify(resource)
    assert judged(verified) == set()
    rows = call("dose", drug, "-w", "70", "-f", "json").json["rows"]
    assert (verified.steps[0].low, verified.steps[0].high) in [(r["low"], r["high"]) for r in rows]


def test_a_pulse_whose_source_gives_no_days_has_those_that_are_chosen(call):
    child = ("--age", "9", "-w", "30")
    done = call("dose", "methylprednisolone", *child, "--days", "3", "-f", "fhir")
    (dosage,) = done.json["dosageInstruction"]
    assert dosage["text"] == "900 mg intravenously daily for 3 days"  # 30 mg/kg of 30 kg
    assert dosage["timing"]["repeat"]["boundsDuration"]["value"] == 3


def test_warnings_go_to_stderr_and_into_the_notes(call):
    done = call("titrate", "methotrexate", "--day", "monday", "-f", "fhir")
    assert "once a week and never daily" in done.stderr
    notes = [note["text"] for note in json.loads(done.stdout)["note"]]
    assert any("once a week and never daily" in note for note in notes)
    assert any("A proposal, not an order." in note for note in notes)


def test_every_path_leads_to_its_element(verify):
    """FHIRPath with the model of the version, as others evaluate it."""
    fhirpathpy = pytest.importorskip("fhirpathpy", reason="fhirpathpy is not installed")
    from fhirpathpy.models import models

    looked = 0
    for path in sorted(FAULTS.glob("*.json")):
        if path.name.endswith(".expect.json"):
            continue
        resource = json.loads(path.read_bytes())
        model = models["r5" if isinstance(resource.get("medication"), dict) else "r4"]
        for finding in verify(parse(path.read_bytes())).findings:
            assert fhirpathpy.evaluate(resource, finding.path, {}, model) != [], finding
            looked += 1
    assert looked > 50


def test_a_day_in_two_doses_is_no_single_one(call):
    """3 g of mycophenolate a day are 1.5 g twice daily: 3 tablets of 500 mg each time."""
    args = ("titrate", "mycophenolate", "--to", "3g", "--start", "2026-12-01")
    last = json.loads(written(call, args))["dosageInstruction"][-1]
    assert last["text"] == "1.5 g by mouth twice daily"
    assert last["timing"]["repeat"]["frequency"] == 2
    assert last["doseAndRate"][0]["doseQuantity"]["value"] == 1.5
    bundle = json.loads(written(call, args, "R4", "--per-product"))
    tablets = bundle["entry"][0]["resource"]["dosageInstruction"][-1]
    assert tablets["text"] == "3 tablets by mouth twice daily"


def test_without_options_an_answer_is_a_request_alone():
    result = dmcalc.taper("prednisone", weight="70", severity="severe", start="2026-12-01")
    assert json.loads(render(result, "fhir"))["resourceType"] == "MedicationRequest"
