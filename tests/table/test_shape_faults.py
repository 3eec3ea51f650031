"""One fault of shape each: keys, words and quantities that no table may hold."""

from __future__ import annotations

import pytest

from tests.table.editing import TEXT, assert_reported, edited, fault, line_of, load, refusal

DOSE = "dose: 0.75-1 mg/kg/day"
PREDNISONE = "drugs.prednisone"
REGIMEN = f"{PREDNISONE}.regimens.0"
QUANTITY = "is not written like '0.75-1 mg/kg/day'"

KEYS = {
    "unknown key of the table": fault(
        "version:", "edition: a\nversion:", "edition", "unknown key", at="edition:"
    ),
    "unknown key of a drug": fault(
        "    name: Prednisone\n",
        "    name: Prednisone\n    colour: red\n",
        f"{PREDNISONE}.colour",
        "unknown key",
        at="colour:",
    ),
    "misspelt key of a regimen": fault(
        "        max: 60-80 mg/day",
        "        maximum: 60-80 mg/day",
        f"{REGIMEN}.maximum",
        "unknown key",
    ),
    "unknown key of a source": fault(
        "    read: primary\n    remark: The reference of the bundled table",
        "    read: primary\n    pmid: a\n    remark: The reference of the bundled table",
        "sources.managedermatomyositis.pmid",
        "unknown key",
        at="pmid:",
    ),
    "unknown key of a taper": fault(
        "    hold: 3-4 weeks\n",
        "    hold: 3-4 weeks\n    holds: 3 weeks\n",
        "daily_tapers.hhe-2018.holds",
        "unknown key",
        at="    holds:",
    ),
    "missing key of the table": fault(
        "base: managedermatomyositis\n", "", "base", "missing key", at="version:"
    ),
    "missing key of a drug": fault(
        "    route: oral\n", "", f"{PREDNISONE}.route", "missing key", at="  prednisone:\n"
    ),
    "missing key of a regimen": fault(
        "- phase: induction\n        dose", "- dose", f"{REGIMEN}.phase", "missing key", at="- dose"
    ),
    "missing key of a source": fault(
        "    read: primary\n    remark: The reference of the bundled table",
        "    remark: The reference of the bundled table",
        "sources.managedermatomyositis.read",
        "missing key",
        at="  managedermatomyositis:",
        below="sources:",
    ),
    "no citation": fault(
        "        cite:\n"
        "          source: managedermatomyositis\n"
        "          primary: goyal-2019\n"
        '          quote: "0.75–1 mg/kg/day (Max. 60–80 mg/day)"\n',
        "",
        f"{REGIMEN}.cite",
        "missing key",
        at="- phase: induction",
    ),
    "severity left out": fault(
        "{mild: low, moderate: high, severe: high}",
        "{mild: low, severe: high}",
        f"{REGIMEN}.by_severity.moderate",
        "missing key",
    ),
    "band without its lower end": fault(
        "      - until: 20 mg\n        decrease: 10 mg",
        "      - decrease: 10 mg",
        "daily_tapers.hhe-2018.bands.0.until",
        "missing key",
    ),
}

WORDS = {
    "unknown phase": fault(
        "phase: induction", "phase: beginning", f"{REGIMEN}.phase", "'induction'"
    ),
    "unknown route": fault("route: oral", "route: mouth", f"{PREDNISONE}.route", "'oral'"),
    "unknown line": fault("line: first", "line: 1st", f"{PREDNISONE}.line", "'first'"),
    "unknown end": fault(
        "mild: low,", "mild: lower,", f"{REGIMEN}.by_severity.mild", "'low' or 'high'"
    ),
    "unknown kind of note": fault(
        "kind: reading", "kind: remark", f"{PREDNISONE}.notes.0.kind", "'warning'"
    ),
    "unknown way of reading": fault(
        "    read: primary\n    remark: The reference of the bundled table",
        "    read: aloud\n    remark: The reference of the bundled table",
        "sources.managedermatomyositis.read",
        "'primary'",
        at="read: aloud",
    ),
    "text for true": fault(
        "once_weekly: true",
        'once_weekly: "yes"',
        "drugs.methotrexate.once_weekly",
        "valid boolean",
    ),
    "number for true": fault(
        "once_weekly: true", "once_weekly: 1", "drugs.methotrexate.once_weekly", "valid boolean"
    ),
    "number for text": fault(
        "name: Prednisone\n", "name: 5\n", f"{PREDNISONE}.name", "valid string"
    ),
    "text for a number": fault(
        "doses: 2\n", 'doses: "2"\n', "drugs.rituximab.regimens.0.doses", "valid integer"
    ),
    "true for a number": fault(
        "doses: 2\n", "doses: true\n", "drugs.rituximab.regimens.0.doses", "valid integer"
    ),
    "text for a list": fault(
        "aliases: [mycophenolate-mofetil]",
        "aliases: mycophenolate-mofetil",
        "drugs.mycophenolate.aliases",
        "valid tuple",
    ),
    "text for a mapping": fault(
        "by_severity: {mild: low, moderate: high, severe: high}",
        "by_severity: high",
        f"{REGIMEN}.by_severity",
        "",
    ),
    "a day that there is not": fault(
        "reviewed: 2026-11-26", "reviewed: 2026-02-30", "reviewed", "valid date"
    ),
    "a day in another order": fault(
        "reviewed: 2026-11-26", "reviewed: 22-11-2026", "reviewed", "valid date"
    ),
    "a day by its week": fault(
        "reviewed: 2026-11-26", "reviewed: 2026-W47-7", "reviewed", "valid date"
    ),
    "a day without hyphens": fault(
        "reviewed: 2026-11-26", 'reviewed: "20261122"', "reviewed", "valid date"
    ),
}

QUANTITIES = {
    "no unit": ("0.75-1", QUANTITY),
    "number alone": ("70", "a quantity is text with its unit"),
    "list": ("[1, 2]", "a quantity is text with its unit"),
    "no time": ("0.75-1 mg/kg", QUANTITY),
    "unknown unit": ("0.75-1 ug/kg/day", QUANTITY),
    "unknown basis": ("0.75-1 mg/lb/day", QUANTITY),
    "unknown time": ("0.75-1 mg/kg/month", QUANTITY),
    "low above high": ("1-0.75 mg/kg/day", "low (1) is not below high (0.75)"),
    "empty range": ("1-1 mg/kg/day", "low (1) is not below high (1)"),
    "nothing": ("0 mg/kg/day", "is not above 0"),
    "from nothing": ("0-1 mg/kg/day", "is not above 0"),
    "bare point": (".75-1 mg/kg/day", QUANTITY),
    "leading zero": ("00.75-1 mg/kg/day", QUANTITY),
    "exponent": ("1e0 mg/kg/day", QUANTITY),
    "comma": ("1,000 mg/kg/day", QUANTITY),
    "en dash": ("0.75–1 mg/kg/day", QUANTITY),
    "sign": ("-1 mg/kg/day", QUANTITY),
    "at most": ("≤1 mg/kg/day", QUANTITY),
    "fraction": ('"1/2 mg/kg/day"', QUANTITY),
    "words": ("as directed", QUANTITY),
}

OTHER_QUANTITIES = {
    "cap without a time": fault(
        "max: 60-80 mg/day", "max: 60-80 mg", f"{REGIMEN}.max", "is not written like"
    ),
    "days without a unit": fault(
        "days: 3-5 days", "days: 5", "drugs.methylprednisolone.regimens.0.days", "text with its"
    ),
    "hours": fault(
        "days: 3-5 days",
        "days: 3-5 hours",
        "drugs.methylprednisolone.regimens.0.days",
        "is not written like '4-12 weeks'",
    ),
    "interval that runs down": fault(
        "every: 4-6 weeks",
        "every: 6-4 weeks",
        "drugs.cyclophosphamide.regimens.0.every",
        "low (6) is not below high (4)",
    ),
    "end of a band as a range": fault(
        "until: 20 mg", "until: 10-20 mg", "daily_tapers.hhe-2018.bands.0.until", "like '20 mg'"
    ),
    "decrement of nothing": fault(
        "decrease: 10 mg",
        "decrease: 0 mg",
        "daily_tapers.hhe-2018.bands.0.decrease",
        "is not above 0",
    ),
    # steps of nothing would never reach the target
    "increase from nothing": fault(
        "increase: 5-10 mg/week",
        "increase: 0-10 mg/week",
        "titrations.nhs-dg-methotrexate.increase",
        "is not above 0",
    ),
    "concentration of nothing": fault(
        "concentration: 100 mg/mL",
        "concentration: 0 mg/mL",
        "drugs.ivig.products.0.concentration",
        "is not above 0",
    ),
    "strength of nothing": fault(
        "strengths: [1 mg, 2.5 mg,",
        "strengths: [0 mg, 2.5 mg,",
        f"{PREDNISONE}.products.0.strengths.0",
        "0 mg is not above 0",
    ),
    "cap of nothing": fault(
        "    max: 75 mg\n", "    max: 0 mg\n", "daily_tapers.etg.max", "0 mg is not above 0"
    ),
    "rounded to nothing": fault(
        "      to: 5 g\n", "      to: 0 g\n", "drugs.ivig.rounded.to", "0 g is not above 0"
    ),
    "no courses": fault(
        "    courses: 10\n",
        "    courses: 0\n",
        "course_tapers.base-page.courses",
        "0 is not above 0",
    ),
    "divided into no doses": fault(
        "      times_daily: 2\n",
        "      times_daily: 0\n",
        "drugs.mycophenolate.divided.times_daily",
        "0 is not above 0",
    ),
    "weights from nothing": fault(
        "weight: 30-300 kg", "weight: 0-300 kg", "limits.weight", "is not above 0"
    ),
    "adults from birth on": fault(
        "adult_age: 18", "adult_age: 0", "limits.adult_age", "a child would get an adult's dose"
    ),
    "weights in lb": fault(
        "weight: 30-300 kg", "weight: 66-661 lb", "limits.weight", "like '30-300 kg'"
    ),
    "one weight": fault(
        "weight: 30-300 kg", "weight: 300 kg-", "limits.weight", "like '30-300 kg'"
    ),
}


@pytest.mark.parametrize("wrong", KEYS.values(), ids=KEYS)
def test_key_is_reported(tmp_path, wrong):
    assert_reported(tmp_path, wrong)


@pytest.mark.parametrize("wrong", WORDS.values(), ids=WORDS)
def test_word_is_reported(tmp_path, wrong):
    assert_reported(tmp_path, wrong)


@pytest.mark.parametrize(("written", "says"), QUANTITIES.values(), ids=QUANTITIES)
def test_dose_is_reported(tmp_path, written, says):
    assert_reported(tmp_path, fault(DOSE, f"dose: {written}", f"{REGIMEN}.dose", says))


@pytest.mark.parametrize("wrong", OTHER_QUANTITIES.values(), ids=OTHER_QUANTITIES)
def test_quantity_is_reported(tmp_path, wrong):
    assert_reported(tmp_path, wrong)


@pytest.mark.parametrize("text", ["a", '"a table"', "70"])
def test_file_that_holds_something_else_is_no_table(tmp_path, text):
    assert refusal(tmp_path, text).startswith("table.yaml:1: a table is written as keys")


LISTS = {
    "limits": (
        "{weight: 30-300 kg, confirmed_weight: 1-500 kg, height: 100-250 cm, "
        "creatinine: 0.1-30 mg/dL, adult_age: 18, juvenile_weight: 2-150 kg, "
        "juvenile_height: 40-210 cm}",
        "[30-300 kg, 1-500 kg, 100-250 cm, 0.1-30 mg/dL, 18, 2-150 kg, 40-210 cm]",
    ),
    "severities": ("{mild: low, moderate: high, severe: high}", "[low, high, high]"),
    "a citation": ("cite: {source: ese-es-2024}", "cite: [[ese-es-2024]]"),
}


@pytest.mark.parametrize(("mapping", "values"), LISTS.values(), ids=LISTS)
def test_list_does_not_stand_for_a_mapping(tmp_path, mapping, values):
    block = TEXT[TEXT.index("limits:\n") :].partition("\n\n")[0]
    text = edited((block, f"limits: {LISTS['limits'][0]}"))
    load(tmp_path, text)
    assert mapping in text
    message = refusal(tmp_path, text.replace(mapping, values, 1))
    assert f"table.yaml:{line_of(text, mapping)}: " in message


def test_list_is_no_table(tmp_path):
    text = "- a\n- b\n"
    assert refusal(tmp_path, text).startswith("table.yaml:1: a table is written as keys")


def test_every_missing_key_of_an_empty_table_is_reported(tmp_path):
    message = refusal(tmp_path, "{}")
    assert "table.yaml:1: version: missing key" in message
    assert message.count("missing key") == 8
    assert message.splitlines()[-1].strip().startswith("and ")


def test_all_faults_are_reported_together(tmp_path):
    text = edited((DOSE, "dose: 1-0.75 mg/kg/day"), ("doses: 2\n", "doses: two\n"))
    message = refusal(tmp_path, text)
    assert message.startswith("the table is not valid, 2 faults:")
    for part in ("dose: 1-0.75", "doses: two"):
        assert f"table.yaml:{line_of(text, part)}: " in message


def test_at_most_eight_faults_are_shown(tmp_path):
    message = refusal(tmp_path, TEXT.replace("        phase: ", "        phases: "))
    first, *shown, last = message.splitlines()
    assert len(shown) == 8
    faults = int(first.removeprefix("the table is not valid, ").removesuffix(" faults:"))
    assert last.strip() == f"and {faults - 8} more"
