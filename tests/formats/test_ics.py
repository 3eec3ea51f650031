from __future__ import annotations

import datetime
import itertools
import shutil
import subprocess

import icalendar
import pytest

import dmcalc
from dmcalc.errors import UsageError
from dmcalc.formats.registry import FORMATS, formats, render

FIRST = datetime.date(2026, 12, 1)
ONE_DAY = datetime.timedelta(days=1)
# a leap day; the end of a year; a change to summer time in Europe and in the US, and back
DATES = ["2028-02-20", "2026-12-31", "2027-03-01", "2027-10-15", "2028-02-29", "9998-06-01"]

ARGS = ("taper", "prednisone", "--weight", "70", "--severity", "severe", "--start", "2026-12-01")


def events(text):
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def day(event, name):
    return event.decoded(name)


def test_an_event_a_step_with_the_dates_of_the_json(call):
    steps = call(*ARGS, "--format", "json").json["steps"]
    found = events(call(*ARGS, "--format", "ics").stdout)
    assert len(found) == len(steps) == 11
    for event, step in zip(found, steps, strict=True):
        assert day(event, "DTSTART").isoformat() == step["start"]
        assert (day(event, "DTEND") - ONE_DAY).isoformat() == step["end"]
        assert event["DTSTART"].params["VALUE"] == event["DTEND"].params["VALUE"] == "DATE"
        assert event["SUMMARY"] == f"Prednisone {step['low']} mg daily"


@pytest.mark.parametrize("start", DATES)
def test_the_end_is_exclusive_and_the_events_follow_each_other(dated, start):
    result = dated(start)
    found = events(render(result, "ics"))
    assert [(day(e, "DTSTART"), day(e, "DTEND") - ONE_DAY) for e in found] == [
        (step.start, step.end) for step in result.steps
    ]
    for one, following in itertools.pairwise(found):
        assert day(one, "DTEND") == day(following, "DTSTART")


def test_a_step_over_a_leap_day(dated):
    first = events(render(dated("2028-02-20"), "ics"))[0]
    assert day(first, "DTSTART") == datetime.date(2028, 2, 20)
    assert day(first, "DTEND") == datetime.date(2028, 3, 19)  # 28 days, 29 February among them


def test_an_open_step_takes_one_day_and_says_so(dated):
    last = events(render(dated("2026-12-01", "etg"), "ics"))[-1]
    assert last["SUMMARY"] == "Prednisone 25 mg daily"
    assert day(last, "DTEND") - day(last, "DTSTART") == ONE_DAY
    assert "the source gives no end" in last["DESCRIPTION"]


def test_the_last_date_there_is_has_no_day_after(dated):
    result = dated("9998-01-01")
    step = result.steps[0]._replace(end=datetime.date.max)
    with pytest.raises(UsageError):
        render(result._replace(steps=(step,)), "ics")


def test_a_course_is_one_day_at_its_first_day():
    result = dmcalc.taper("ivig", weight="70", start=FIRST)
    found = events(render(result, "ics"))
    assert [day(event, "DTSTART") for event in found] == [step.start for step in result.steps]
    assert {day(event, "DTEND") - day(event, "DTSTART") for event in found} == {ONE_DAY}
    name = "Immunoglobulin (IVIg)"
    assert found[0]["SUMMARY"] == f"{name} 140 g per course, over 2 to 5 days"
    assert found[4]["SUMMARY"] == f"{name} 70 to 140 g per course, over 2 to 5 days"


def test_uids_are_unique_and_stay(hhe, dated):
    uids = [str(event["UID"]) for event in events(render(hhe, "ics"))]
    assert len(set(uids)) == len(uids) == 11
    # another weight, with the same drug, protocol and first day, updates the same events
    other = dmcalc.taper("prednisone", weight="60", severity="mild", start=FIRST)
    again = [str(event["UID"]) for event in events(render(other, "ics"))]
    assert again == uids[: len(again)]
    moved = [event["UID"] for event in events(render(dated("2026-12-02"), "ics"))]
    assert not set(moved) & set(uids)
    etg = [event["UID"] for event in events(render(dated("2026-12-01", "etg"), "ics"))]
    assert not set(etg) & set(uids)
    assert uids[0] == "69417dd7-22b4-5338-a9ac-c52d6440cbcb"  # a change loses old imports


def test_the_same_request_gives_the_same_bytes(run):
    assert run(*ARGS, "-f", "ics") == run(*ARGS, "-f", "ics", env={"TZ": "Pacific/Auckland"})


def test_the_stamp_is_the_review_of_the_table(hhe):
    stamps = {event.decoded("DTSTAMP") for event in events(render(hhe, "ics"))}
    day = hhe.loaded.table.reviewed
    assert stamps == {datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC)}


def test_nothing_of_the_patient():
    result = dmcalc.taper("prednisone", weight="71.3", severity="moderate", start=FIRST)
    text = render(result, "ics").replace("\r\n ", "")
    for word in (" kg", "/kg", "moderate", "weight", "patient of"):
        assert word not in text


def test_lines_end_and_fold_as_the_standard_says(hostile):
    text = render(hostile, "ics")
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_texts_of_the_table_come_back_as_they_are(hostile):
    table = hostile.loaded.table
    for event in events(render(hostile, "ics")):
        assert str(event["SUMMARY"]).startswith(table.drugs["prednisone"].name)
        assert table.sources["hhe-2018"].title in event["DESCRIPTION"]


def test_the_description(tablets):
    found = events(render(tablets, "ics"))
    lines = str(found[1]["DESCRIPTION"]).split("\n")
    assert lines[:3] == [
        "Step 2 of 11, days 29 to 56.",
        "From 29 December 2026 to 25 January 2027 inclusive.",
        "Units per day: 1 × 50 mg, 1 × 10 mg.",
    ]
    assert lines[3].startswith("Source: hhe-2018: ")
    assert lines[-1] == tablets.loaded.table.disclaimer
    assert "Adrenal insufficiency: at 4 to 6 mg" in found[9]["DESCRIPTION"]


def test_what_cannot_be_made_is_said(hhe):
    steps = tuple(step._replace(products=None) for step in hhe.steps)
    found = events(render(hhe._replace(steps=steps), "ics"))
    assert all("not made from whole units" in event["DESCRIPTION"] for event in found)


def test_without_dates_it_asks_for_the_first_day(call):
    done = call("taper", "prednisone", "--from", "60mg", "--format", "ics")
    assert (done.code, done.stdout) == (2, "")
    assert "--start" in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        ("dose", "--weight", "70"),
        ("drugs",),
        ("show", "ivig"),
        ("why", "ivig"),
        ("table", "check"),
        ("taper",),
    ],
)
def test_what_is_no_schedule_names_the_formats_that_work(call, args):
    for form in set(FORMATS) - set(formats("dose")):
        done = call(*args, "--format", form)
        assert (done.code, done.stdout) == (2, "")
        assert "Its formats: table, json, jsonl, csv, tsv, markdown" in done.stderr


def test_help_says_which_formats_are_for_schedules(call):
    for command in ("dose", "taper"):
        assert "html, ics and others" in call(command, "--help").stdout


def test_every_renderer_has_its_name(root):
    files = {path.stem for path in (root / "src/dmcalc/formats").glob("*.py")}
    assert {form.replace("-", "_") for form in FORMATS} <= files


def test_an_undated_step_is_refused_by_the_renderer_too(hhe):
    steps = tuple(step._replace(start=None, end=None) for step in hhe.steps)
    with pytest.raises(UsageError):
        render(hhe._replace(steps=steps), "ics")


@pytest.mark.skipif(shutil.which("khal") is None, reason="khal is not installed")
def test_khal_reads_it_and_imports_it_twice_as_once(tablets, tmp_path):
    (tmp_path / "config").write_text(
        "[calendars]\n[[taper]]\n"
        f"path = {tmp_path}/events\n"
        "[locale]\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ntimeformat = %H:%M\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        "local_timezone = Europe/Berlin\ndefault_timezone = Europe/Berlin\n"
        f"[sqlite]\npath = {tmp_path}/khal.db\n"
    )
    (tmp_path / "events").mkdir()
    file = tmp_path / "taper.ics"
    file.write_bytes(render(tablets, "ics").encode())

    def khal(*args):
        command = ["khal", "--config", str(tmp_path / "config"), *args]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)

    for _ in range(2):
        khal("import", "--batch", "-a", "taper", str(file))
        assert len(list((tmp_path / "events").iterdir())) == len(tablets.steps)
    for step in tablets.steps:
        for date in (step.start, step.end):
            shown = khal("list", "--format", "{title}", date.isoformat(), "1d").stdout
            assert f"Prednisone {step.low.normalize():f} mg daily" in shown
            assert shown.count("Prednisone") == 1
