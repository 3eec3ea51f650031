from __future__ import annotations

import datetime
import itertools
import re
import shutil
import subprocess
import uuid
import zoneinfo

import icalendar
import pytest

import dmcalc
from dmcalc.errors import UsageError
from dmcalc.formats.ics import NAMESPACE
from dmcalc.formats.registry import FORMATS, Style, formats, render

from .conftest import counted

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


def uids(result):
    return [str(event["UID"]) for event in events(render(result, "ics"))]


def test_uids_are_of_drug_first_day_and_step(hhe, dated):
    names = uids(hhe)
    assert len(set(names)) == len(names) == 11
    # a corrected dose or another protocol updates the same events
    other = dmcalc.taper("prednisone", weight="60", severity="mild", start=FIRST)
    etg = dated("2026-12-01", "etg")
    for corrected in (other, etg):
        again = uids(corrected)
        assert len(again) < len(names)
        assert again == names[: len(again)]
    assert not set(uids(dated("2026-12-02"))) & set(names)
    assert names[0] == str(uuid.uuid5(NAMESPACE, "prednisone/2026-12-01/1"))


def test_a_revision_is_a_sequence(call):
    def sequences(*args):
        return {event["SEQUENCE"] for event in events(call(*ARGS, "-f", "ics", *args).stdout)}

    assert sequences() == {0}
    assert sequences("--revision", "3") == {3}
    # a shorter schedule cannot take away what is in the calendar of whoever has the longer one
    says = "events of steps that this schedule no longer has"
    assert says in call(*ARGS, "-f", "ics", "--revision", "3").stderr
    assert says not in call(*ARGS, "-f", "ics").stderr
    assert says not in call(*ARGS, "-f", "ics", "--revision", "3", "--quiet").stderr
    done = call(*ARGS, "-f", "json", "--revision", "3")
    assert (done.code, done.stdout) == (2, "")
    assert "--revision is for --format ics" in done.stderr


def test_the_same_request_gives_the_same_bytes(run):
    made = {"SOURCE_DATE_EPOCH": "1796083200"}
    first = run(*ARGS, "-f", "ics", env=made)
    assert "DTSTAMP:20261201T000000Z" in first.stdout
    assert first == run(*ARGS, "-f", "ics", env=made | {"TZ": "Pacific/Auckland"})


def test_the_stamp_is_the_time_at_which_it_was_made(hhe):
    made = datetime.datetime(2026, 12, 1, 13, 0, 5, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin"))
    found = events(render(hhe, "ics", Style(made=made)))
    utc = datetime.datetime(2026, 12, 1, 12, 0, 5, tzinfo=datetime.UTC)
    assert {event.decoded("DTSTAMP") for event in found} == {utc}
    before = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    stamp = events(render(hhe, "ics"))[0].decoded("DTSTAMP")
    assert before <= stamp <= datetime.datetime.now(datetime.UTC)


def rule(event):
    return {name: value[0] for name, value in event["RRULE"].items()}


def test_a_weekly_dose_without_an_end_recurs_to_the_horizon():
    result = dmcalc.titrate("methotrexate", start=FIRST, day="tuesday")
    found = events(render(result, "ics"))
    # from 26 January 2027, the 57th day, 44 weeks are left of 52
    assert [rule(event) for event in found] == [
        {"FREQ": "WEEKLY", "COUNT": 4},
        {"FREQ": "WEEKLY", "COUNT": 4},
        {"FREQ": "WEEKLY", "COUNT": 44},
    ]
    assert all(day(event, "DTEND") - day(event, "DTSTART") == ONE_DAY for event in found)
    assert "This calendar holds it for a year" in found[-1]["DESCRIPTION"]


def test_doses_on_alternate_days_are_each_on_their_days():
    steps = "40mg/20mg alternate days 13d"
    result = dmcalc.taper("prednisone", start_dose="60mg", steps=steps, start=FIRST)
    found = events(render(result, "ics"))
    assert [(day(event, "DTSTART"), event["SUMMARY"], rule(event)) for event in found] == [
        (
            FIRST,
            "Prednisone 40 mg, every second day",
            {"FREQ": "DAILY", "COUNT": 7, "INTERVAL": 2},
        ),
        (
            FIRST + ONE_DAY,
            "Prednisone 20 mg, every second day",
            {"FREQ": "DAILY", "COUNT": 6, "INTERVAL": 2},
        ),
    ]
    assert len({str(event["UID"]) for event in found}) == 2


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
    assert all("cannot be made up with whole units" in event["DESCRIPTION"] for event in found)


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


@pytest.fixture
def khal(tmp_path):
    """Run khal with a calendar of its own."""
    (tmp_path / "config").write_text(
        "[calendars]\n[[taper]]\n"
        f"path = {tmp_path}/events\n"
        "[locale]\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ntimeformat = %H:%M\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        "local_timezone = Europe/Berlin\ndefault_timezone = Europe/Berlin\n"
        f"[sqlite]\npath = {tmp_path}/khal.db\n"
    )
    (tmp_path / "events").mkdir()

    def khal(*args):
        command = ["khal", "--config", str(tmp_path / "config"), *args]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)

    return khal


@pytest.mark.skipif(shutil.which("khal") is None, reason="khal is not installed")
def test_khal_takes_a_corrected_schedule_in_place_of_the_one_before_it(tablets, tmp_path, khal):
    file = tmp_path / "taper.ics"
    corrected = counted(dmcalc.taper("prednisone", start_dose="55mg", start=FIRST))
    for result, revision in ((tablets, 0), (tablets, 0), (corrected, 1)):
        file.write_bytes(render(result, "ics", Style(revision=revision)).encode())
        khal("import", "--batch", "-a", "taper", str(file))
        assert len(list((tmp_path / "events").iterdir())) == len(tablets.steps)
    for step in corrected.steps:
        for date in (step.start, step.end):
            shown = khal("list", "--format", "{title}", date.isoformat(), "1d").stdout
            assert f"Prednisone {step.low.normalize():f} mg daily" in shown
            assert shown.count("Prednisone") == 1


WEEKLY = {FIRST + 7 * week * ONE_DAY: 10 if week < 4 else 15 for week in range(8)}


@pytest.mark.skipif(shutil.which("khal") is None, reason="khal is not installed")
def test_khal_has_a_weekly_dose_on_its_days_alone(tmp_path, khal):
    file = tmp_path / "weekly.ics"
    result = dmcalc.titrate("methotrexate", start=FIRST, day="tuesday")
    file.write_bytes(render(result, "ics").encode())
    khal("import", "--batch", "-a", "taper", str(file))
    shown = khal("list", "--format", "{start-date} {title}", FIRST.isoformat(), "56d").stdout
    expected = [f"{date} Methotrexate {dose} mg once a week" for date, dose in WEEKLY.items()]
    assert [line for line in shown.splitlines() if "Methotrexate" in line] == expected
    late = khal("list", "--format", "{start-date} {title}", "2027-11-23", "1d").stdout
    assert "2027-11-23 Methotrexate 20 mg once a week" in late


def calcurse(folder, text, first, days):
    """Import a calendar into calcurse, and return what it shows of some days."""
    (folder / "in.ics").write_bytes(text.encode())
    (folder / "data").mkdir()
    base = ["calcurse", "-D", str(folder / "data"), "-C", str(folder / "data")]
    span = ["--from", f"{first:%m/%d/%Y}", "--days", str(days)]
    for args in (["-i", str(folder / "in.ics")], ["-Q", "--format-event", "%m\n", *span]):
        done = subprocess.run(
            [*base, *args], capture_output=True, text=True, check=True, timeout=60
        )
    return re.findall(r"^(\d\d/\d\d/\d\d):\n \* (.*)$", done.stdout, re.MULTILINE)


@pytest.mark.skipif(shutil.which("calcurse") is None, reason="calcurse is not installed")
def test_calcurse_has_a_weekly_dose_on_its_days_alone(tmp_path):
    result = dmcalc.titrate("methotrexate", start=FIRST, day="tuesday")
    assert calcurse(tmp_path, render(result, "ics"), FIRST, 56) == [
        (f"{date:%m/%d/%y}", f"Methotrexate {dose} mg once a week") for date, dose in WEEKLY.items()
    ]


@pytest.mark.skipif(shutil.which("calcurse") is None, reason="calcurse is not installed")
def test_calcurse_has_alternate_days_on_their_days(tmp_path):
    steps = "40mg/20mg alternate days 6d; 10mg 2d"
    result = dmcalc.taper("prednisone", start_dose="60mg", steps=steps, start=FIRST)
    shown = calcurse(tmp_path, render(result, "ics"), FIRST, 10)
    assert [text for _, text in shown] == [
        *["Prednisone 40 mg, every second day", "Prednisone 20 mg, every second day"] * 3,
        *["Prednisone 10 mg daily"] * 2,
    ]
    assert [date for date, _ in shown] == [
        f"{FIRST + number * ONE_DAY:%m/%d/%y}" for number in range(8)
    ]
