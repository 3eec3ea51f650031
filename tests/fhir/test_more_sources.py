"""Own JSON and CSV, `check --fhir`, OperationOutcome, and orders by the line."""

from __future__ import annotations

import gc
import json

import pytest

from dmcalc.fhir.findings import SEVERITIES

from .conftest import EXAMPLES, FAULTS, order

TAPER = ("taper", "prednisone", "-w", "70", "-s", "severe", "--start", "2026-12-01", "-f", "json")


def found(done):
    """Return the codes of the one order that was verified."""
    (verified,) = done.json["orders"]
    return {f["code"] for f in verified["findings"]}


def kept(tmp_path, text, name):
    (tmp_path / name).write_text(text if isinstance(text, str) else json.dumps(text))
    return str(tmp_path / name)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda d: d["steps"][1].update(start="2026-12-31"), "step-gap"),
        (lambda d: d["steps"][1].update(days=27), "timing-invalid"),
        (lambda d: d["steps"][2].update(low=90, high=90), "over-cap"),
        (lambda d: d["steps"][2].update(low=70, high=70), "quantity-short"),
        (lambda d: d["steps"][0].update(low="70"), "wrong-type"),
        (lambda d: d["totals"].update(days=300), "supply-days"),
        (lambda d: d["steps"][1].update(days=0), "wrong-type"),
        (lambda d: d["steps"][1].update(days=-1), "wrong-type"),
        (lambda d: d["steps"][1].update(days=True), "wrong-type"),
        (lambda d: d["steps"][1].update(end="2026-12-28"), "bounds-reversed"),
        (lambda d: d["steps"][1].update(low=-1), "wrong-type"),
    ],
    ids=range(11),
)
def test_our_own_taper_is_verified(call, tmp_path, spoil, code):
    document = json.loads(call(*TAPER).stdout)
    path = kept(tmp_path, document, "taper.json")
    done = call("verify", path, "-f", "json")
    assert (done.code, found(done)) == (0, set())
    assert done.json["source"]["kind"] == "taper"
    assert len(done.json["orders"][0]["steps"]) == len(document["steps"])
    spoil(document)
    done = call("verify", kept(tmp_path, document, "spoiled.json"), "-f", "json")
    assert done.code == 5
    assert code in found(done)


def test_a_taper_without_steps_is_not_judged(call, tmp_path):
    document = json.loads(call(*TAPER).stdout) | {"steps": []}
    done = call("verify", kept(tmp_path, document, "empty.json"), "-f", "json")
    assert (done.code, "not-structured" in found(done)) == (4, True)


def test_our_own_titration_and_courses_are_verified(call, tmp_path):
    for args in (("titrate", "methotrexate", "--day", "monday"), ("taper", "ivig", "-w", "70")):
        path = kept(tmp_path, call(*args, "-f", "json").stdout, "answer.json")
        assert call("verify", path).code == 0


def test_a_table_of_steps_is_verified(call, tmp_path):
    text = "step,days,dose,unit,start\n1,7,40,mg,2026-12-01\n2,7,30,mg,{}\n"
    path = kept(tmp_path, text.format("2026-12-08"), "steps.csv")
    done = call("verify", path, "--drug", "prednisone", "-f", "json")
    assert (done.code, found(done)) == (0, set())
    assert done.json["orders"][0]["totals"]["amount"] == 490
    path = kept(tmp_path, text.format("2026-12-10"), "steps.csv")
    done = call("verify", path, "--drug", "prednisone", "-f", "json")
    assert (done.code, found(done)) == (5, {"step-gap"})
    (gap,) = done.json["orders"][0]["findings"]
    assert (gap["path"], gap["pointer"]) == (None, "/1")


def test_check_adds_the_verdict_on_the_first_step(call):
    path = str(FAULTS / "ok1-r4-taper.json")
    # 40 mg is below 52.5 mg, 0.75 mg/kg of 70 kg
    start = ("-w", "70", "--phase", "induction")
    done = call("check", "--fhir", path, *start, "-f", "json")
    (verified,) = done.json["orders"]
    assert (done.code, verified["check"]["verdict"]) == (5, "below")
    assert verified["verdict"] == "consistent"
    assert verified["check"]["order"] == "40 mg daily"
    # it is a step of a published taper
    done = call("check", "--fhir", path, "-w", "70", "-s", "severe", "-f", "json")
    assert (done.code, done.json["orders"][0]["check"]["verdict"]) == (0, "within")
    # 50 kg: 37.5 to 50 mg
    done = call("check", "--fhir", path, "-w", "50", "-f", "json")
    assert (done.code, done.json["orders"][0]["check"]["verdict"]) == (0, "within")
    done = call("check", "--fhir", path, "-f", "json")
    assert (done.code, done.json["orders"][0]["check"]["verdict"]) == (4, None)
    done = call("check", "--fhir", str(FAULTS / "c22-drug-not-in-the-table.json"), "-w", "70")
    assert done.code == 3
    done = call("check", "--fhir", str(FAULTS / "ok6-ivig-two-days.json"), "-w", "70", "-f", "json")
    assert done.json["orders"][0]["check"]["order"] == "140 g over 2 days"
    assert done.code == 0


def test_a_rule_for_the_patient_refuses(call):
    path = str(FAULTS / "ok5-methotrexate-weekly.json")
    done = call("check", "--fhir", path, "--condition", "pregnancy", "-f", "json")
    (verified,) = done.json["orders"]
    refusals = [f for f in verified["findings"] if f["code"] == "rule-refuses"]
    assert (done.code, len(refusals)) == (5, 1)
    assert refusals[0]["rule"].startswith("methotrexate")


@pytest.mark.parametrize(
    "args",
    [
        ("prednisone", "60 mg daily", "--fhir", "order.json"),
        ("prednisone", "--fhir", "order.json"),
        ("prednisone",),
        (),
        ("prednisone", "60 mg daily", "--drug", "prednisone"),
        ("--fhir", "order.json", "--receipt", "r.json"),
    ],
    ids=str,
)
def test_check_takes_an_order_in_words_or_a_file(call, args):
    assert call("check", *args).code == 2


def test_an_operation_outcome_has_an_issue_for_each_finding(call):
    done = call("verify", str(FAULTS / "c21-text-only.json"), "-f", "operation-outcome")
    assert done.code == 4
    (issue,) = json.loads(done.stdout)["issue"]
    assert (issue["severity"], issue["code"]) == ("error", "not-supported")
    assert issue["expression"] == ["MedicationRequest.dosageInstruction[0].text"]
    done = call("verify", str(FAULTS / "ok1-r4-taper.json"), "-f", "operation-outcome")
    assert json.loads(done.stdout)["issue"][0]["severity"] == "information"
    r4 = pytest.importorskip("fhir.resources.R4B.operationoutcome", exc_type=ImportError)
    for path in FAULTS.glob("[cs]*.json"):
        if not path.name.endswith(".expect.json"):
            text = call("verify", str(path), "-f", "operation-outcome").stdout
            r4.OperationOutcome.model_validate_json(text)


def lines(tmp_path, *texts):
    return kept(tmp_path, "".join(f"{text}\n" for text in texts), "orders.ndjson")


def test_orders_by_the_line_are_each_answered_rejected_or_counted(call, tmp_path):
    wrong = order("c01-gap-of-two-days")
    path = lines(
        tmp_path, json.dumps(order()), "", '{"resourceType": "Patient", "name": "Zaphod"}',
        "{oops Zaphod", json.dumps(wrong), '{"a": 1}', '{"resourceType": "Bundle"}',
    )  # fmt: skip
    out, rejects = str(tmp_path / "out.ndjson"), str(tmp_path / "rejects.ndjson")
    done = call("batch", path, "--fhir", "-o", out, "--rejects", rejects)
    assert done.code == 5
    assert "5 orders in = 2 answered + 3 rejected; 2 lines out" in done.stderr
    assert "1 lines are not orders: Patient" in done.stderr
    answers = [json.loads(line) for line in (tmp_path / "out.ndjson").read_text().splitlines()]
    assert [(a["line"], a["exit"]) for a in answers] == [(1, 0), (5, 5)]
    alone = call("verify", str(FAULTS / "c01-gap-of-two-days.json"), "-f", "jsonl").stdout
    assert {k: v for k, v in answers[1].items() if k != "line"} == json.loads(alone)
    told = (tmp_path / "rejects.ndjson").read_text()
    assert [json.loads(line)["line"] for line in told.splitlines()] == [4, 6, 7]
    assert "Zaphod" not in told + done.stderr + (tmp_path / "out.ndjson").read_text()


def test_a_run_that_only_rejects_is_exit_4_unless_that_is_allowed(call, tmp_path):
    path = lines(tmp_path, json.dumps(order()), "oops")
    assert call("batch", path, "--fhir").code == 4
    assert call("batch", path, "--fhir", "--allow-rejects").code == 0
    assert call("batch", path, "--fhir", "--allow-rejects", "--drug", "prednisone").code == 0
    unclear = lines(tmp_path, json.dumps(order("c21-text-only")))
    assert call("batch", unclear, "--fhir").code == 4
    warned = lines(tmp_path, json.dumps(order("c07-quantity-over")))
    assert call("batch", warned, "--fhir").code == 0
    assert call("batch", warned, "--fhir", "--strict").code == 6


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_run_that_was_cut_off_goes_on(call, tmp_path, monkeypatch):
    texts = [json.dumps({**order(), "id": f"o{number}"}) for number in range(30)]
    path = lines(tmp_path, *texts)
    whole, resumed = (str(tmp_path / name) for name in ("whole.ndjson", "resumed.ndjson"))
    assert call("batch", path, "--fhir", "-o", whole).code == 0
    monkeypatch.setattr("dmcalc.batch.writer.NOTED_EVERY", 10)
    from dmcalc.fhir.verify import Verifier

    verify, seen = Verifier.resource, []

    def interrupted(self, resource, *args, **more):
        seen.append(resource["id"])
        if len(seen) == 25:
            raise KeyboardInterrupt
        return verify(self, resource, *args, **more)

    monkeypatch.setattr(Verifier, "resource", interrupted)
    assert call("batch", path, "--fhir", "-o", resumed).code == 130
    gc.collect()  # the draft that the run left open
    monkeypatch.setattr(Verifier, "resource", verify)
    done = call("batch", path, "--fhir", "-o", resumed, "--resume")
    assert (done.code, "30 orders in = 30 answered" in done.stderr) == (0, True)
    assert (tmp_path / "resumed.ndjson").read_bytes() == (tmp_path / "whole.ndjson").read_bytes()


def test_a_spreadsheet_of_lines_has_a_row_for_each_finding(call, tmp_path):
    path = lines(tmp_path, json.dumps(order()), json.dumps(order("c06-quantity-short")))
    text = call("batch", path, "--fhir", "-f", "csv").stdout
    head, first, second = text.splitlines()
    assert head.startswith("line,source,order,drug,verdict,exit,code,severity")
    assert first.startswith("1,,MedicationRequest/ok1-r4-taper,prednisone,consistent,0,,")
    assert ",quantity-short,error," in second


def test_every_code_that_is_accepted_is_information(call):
    path = str(FAULTS / "c18-duration-for-a-course.json")
    done = call("verify", path, "--accept", "duration-as-course", "-f", "json")
    assert (done.code, done.json["accepted"]) == (0, ["duration-as-course"])
    severities = {f["code"]: f["severity"] for f in done.json["orders"][0]["findings"]}
    assert severities == {"duration-as-course": "information", "accepted": "information"}
    assert SEVERITIES["duration-as-course"] == "error"


@pytest.mark.parametrize("version", ["R4", "R5"])
@pytest.mark.parametrize("bundled", [False, True])
def test_a_file_is_of_the_version_of_its_first_order(call, tmp_path, version, bundled):
    name = f"hl7-{version.lower()}-medrx0303-prednisone-taper.json"
    resource = json.loads((EXAMPLES / name).read_bytes())
    if bundled:
        entry = [{"resource": {"resourceType": "Patient"}}, {"resource": resource}]
        resource = {"resourceType": "Bundle", "type": "collection", "entry": entry}
    done = call("verify", kept(tmp_path, resource, "orders.json"), "-f", "json")
    assert done.json["source"]["fhir_version"] == version
