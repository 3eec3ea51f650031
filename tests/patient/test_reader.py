"""Each command that computes for a patient takes the same facts, and says which it does not use."""

from __future__ import annotations

import json

import pytest

import dmcalc

COMMANDS = {
    "dose": ("dose", "ivig", "--weight", "100"),
    "check": ("check", "ivig", "200 g over 2 days", "--weight", "100"),
    "taper": ("taper", "ivig", "--weight", "100"),
    "titrate": ("titrate", "azathioprine", "--weight", "100"),
    "infusion": ("infusion", "ivig", "--weight", "100"),
    "dispense": ("dispense", "ivig", "100g"),
    "plan": ("plan", "--weight", "100", "--severity", "severe"),
    "monitor": ("monitor", "azathioprine"),
    "labs": ("labs", "azathioprine", "--wcc", "4.2"),
    "body": ("body", "--weight", "100", "--height", "175"),
}
FACTS = {
    "severity": "mild",
    "bsa": "1.85",
    "age": "45",
    "height": "175",
    "sex": "male",
    "weight-basis": "actual",
    "weight-policy": "ontario",
    "taking": "allopurinol",
    "condition": "ild",
    "tpmt": "normal",
    "nudt15": "normal",
    "egfr": "90",
    "crcl": "90",
    "creatinine": "0.9mg/dL",
}
RULES = {"taking", "condition", "tpmt", "nudt15", "egfr", "crcl", "creatinine"}
WEIGHTS = {"weight-basis", "weight-policy"}
#: The facts that a command has no use for when they come alone. Rules bear on every dose.
UNUSED = {
    "dose": {"sex"},
    "check": {"sex"},
    "taper": {"sex", "height", "bsa"},
    "titrate": set(FACTS) - {"age"} - RULES,
    "infusion": {"sex", "height", "severity", "bsa"},
    "dispense": {"sex", "severity"},
    "plan": {"sex"} | WEIGHTS,
    "monitor": {"sex", "height", "severity", "bsa"} | WEIGHTS,
    "labs": {"sex", "height", "severity", "bsa"} | WEIGHTS,
    "body": {"severity", "bsa", "taking", "condition", "tpmt", "nudt15", "egfr", "crcl"} | WEIGHTS,
}

#: Where a fact alone ends in a refusal: a quarter of 50 mg, as allopurinol asks, has no tablet.
REFUSED = {("titrate", "taking"): "no whole tablets make 12.5 mg of azathioprine"}


def warned(done):
    """Return the facts that an answer says it did not use."""
    messages = [w["message"] for w in done.json["warnings"] if w["code"] == "not-used"]
    assert len(messages) <= 1
    return messages[0].removeprefix("Entered, not used here: ").rstrip(".") if messages else None


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_fact_alone_is_used_or_said_not_to_be(call, command, fact):
    entered = f"--{fact}" in COMMANDS[command]  # and an option is written once
    done = call(
        *COMMANDS[command], *(() if entered else (f"--{fact}", FACTS[fact])), "--format", "json"
    )
    assert "has no option" not in done.stderr
    if fact in UNUSED[command]:
        assert done.code == 0, done.stderr
        assert warned(done) == fact.replace("-", " ")
    elif (command, fact) in REFUSED:
        assert (done.code, done.stdout) == (5, "")
        assert REFUSED[command, fact] in done.stderr
    elif done.code in (0, 5):
        assert warned(done) is None
    else:  # it needs another one: a policy a height, a creatinine an age
        assert done.code in (2, 4)
        assert "needs" in done.stderr or "missing" in done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_what_was_not_used_counts_as_a_warning(call, command):
    facts = ("--sex", "male") if command != "body" else ("--tpmt", "normal")
    plain = call(*COMMANDS[command], "--format", "json")
    assert plain.code == 0
    assert warned(plain) is None
    assert call(*COMMANDS[command], *facts, "--strict").code == 6
    page = call(*COMMANDS[command], *facts).stdout
    assert f"Entered, not used here: {facts[0].removeprefix('--')}." in page


def test_a_weight_bounds_what_is_handed_out(call):
    # 2 g/kg: 100 g for 50 kg, 98 g for 49 kg
    done = call("dispense", "ivig", "100g", "--weight", "50", "-f", "json")
    assert done.code == 0
    assert warned(done) is None
    done = call("dispense", "ivig", "100g", "--weight", "49", "-f", "json")
    assert (done.code, done.stdout) == (5, "")
    assert "98 g per course" in done.stderr


def test_a_child_has_no_titration(call):
    done = call("titrate", "azathioprine", "--age", "9", "--weight", "28")
    assert (done.code, done.stdout) == (4, "")
    assert "are for adults, and this is a child aged 9 years" in done.stderr


def test_severity_chooses_nothing_in_the_taper_of_a_child(call):
    command = ("taper", "prednisone", "--age", "9", "--weight", "28", "-s", "severe", "-f", "json")
    assert warned(call(*command)) == "severity"


def test_a_row_of_a_batch_says_it_too(call, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("weight,sex\n70,male\n70,\n", encoding="utf-8")
    done = call("batch", str(file), "--drug", "prednisone", "--format", "jsonl")
    first, second = map(json.loads, done.stdout.splitlines())
    assert "not-used" in first["warnings"]
    assert "not-used" not in second["warnings"]


def test_python_says_it_too():
    result = dmcalc.dispense("ivig", "100g", weight=70, sex="male", severity="mild")
    assert [w.message for w in result.warnings if w.code == "not-used"] == [
        "Entered, not used here: severity, sex."
    ]
    with pytest.raises(TypeError, match="'wieght'"):
        dmcalc.titrate("azathioprine", wieght=70)


NO_PATIENT = {
    "about": ("about",),
    "care": ("care",),
    "refs": ("refs",),
    "rules": ("rules",),
    "severity": ("severity",),
}


@pytest.mark.parametrize("command", [*COMMANDS, *NO_PATIENT])
def test_a_guide_that_is_named_is_opened(call, command):
    done = call(*(COMMANDS | NO_PATIENT)[command], "--guide", "/nonexistent.yaml")
    assert (done.code, done.stdout) == (7, "")
    assert "/nonexistent.yaml" in done.stderr


def test_the_guide_of_a_batch_and_of_a_replay_is_opened(call, tmp_path):
    file, receipt = tmp_path / "rows.csv", str(tmp_path / "r.json")
    file.write_text("weight\n70\n", encoding="utf-8")
    assert call("dose", "prednisone", "--weight", "70", "--receipt", receipt).code == 0
    assert call("batch", str(file), "--guide", "/nonexistent.yaml").code == 7
    assert call("replay", receipt, "--guide", "/nonexistent.yaml").code == 7


def test_python_replays_without_the_overlays_of_the_environment(run, root, tmp_path, monkeypatch):
    receipt, overlay = str(tmp_path / "r.json"), str(root / "examples" / "hospital.yaml")
    command = ("dose", "prednisone", "--weight", "70", "--severity", "severe")
    assert run(*command, "--receipt", receipt).code == 0
    done = run("replay", receipt, "--field", "same", env={"DMCALC_OVERLAY": overlay})
    assert done.code == 5  # the local figure counts there: 60 mg, not 70 mg
    monkeypatch.setenv("DMCALC_OVERLAY", overlay)
    assert dmcalc.replay(receipt).same
