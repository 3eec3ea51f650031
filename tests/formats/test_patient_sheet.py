"""The sheet for patients and parents: what it says, what it refuses, and how it prints."""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
from decimal import Decimal

import pytest

import dmcalc
from dmcalc.dispensing.stock import DispensedUnits
from dmcalc.errors import ExitCode, RefusedError
from dmcalc.formats.registry import Style, render
from dmcalc.text import timing
from dmcalc.text.numbers import format_number

from .conftest import FIRST
from .reading import Page

PROGRAMS = ("chromium", "pdfinfo", "pdftotext")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PAPERS = {"A4": (595, 842), "letter": (612, 792)}


def page(result):
    return Page(render(result, "html"))


def patient_part(result):
    return " ".join(page(result).of("sheet"))


def test_a_step_says_dose_dates_and_what_to_take(tablets):
    read = page(tablets)
    assert read.of("number")[:2] == ["Step 1", "Step 2"]
    assert read.of("dose") == [f"{format_number(step.low)} mg every day" for step in tablets.steps]
    assert read.of("take")[:2] == [
        "Take 1 tablet of 50 mg and 1 of 20 mg, every day, in the morning.",
        "Take 1 tablet of 50 mg and 1 of 10 mg, every day, in the morning.",
    ]
    when = read.of("when")
    for number, step in enumerate(tablets.steps):
        first, last = timing.date(step.start), timing.date(step.end)
        assert when[2 * number : 2 * number + 2] == [f"{first} to", last]
    assert read.of("pill")[:4] == ["50", "20", "50", "10"]


def test_each_step_but_the_first_waits_for_the_prescriber(tablets):
    agree = [text for text in page(tablets).of("agree") if text.startswith("Start")]
    assert agree == ["Start this step only if your prescriber agrees:"] * (len(tablets.steps) - 1)


def test_boxes_that_are_weeks_say_so_and_name_their_days(tablets, dated):
    read = page(tablets)
    assert read.of("tick") == ["Tick each WEEK:"] * 11
    assert len(read.of("row")) == 44
    assert read.of("row")[:8] == [
        *("1 to 7 December", "8 to 14", "15 to 21", "22 to 28"),
        *("29 December to 4 January", "5 to 11", "12 to 18", "19 to 25"),
    ]
    leap = page(dated("2028-02-20")).of("row")
    assert leap[:4] == ["20 to 26 February", "27 February to 4 March", "5 to 11", "12 to 18"]


def test_boxes_that_are_days_say_so(sixty):
    read = page(sixty)
    assert read.of("tick") == ["Tick each DAY:"] * 60
    assert read.of("row")[:8] == ["1 December", "2", "3", "4", "5", "6", "7", "8 December"]
    assert len(read.of("row")) == 420


def test_days_run_over_a_leap_day_and_the_end_of_a_year(sixty):
    def boxes(start):
        first = datetime.date.fromisoformat(start)
        end = first + datetime.timedelta(days=6)
        step = sixty.steps[0]._replace(start=first, end=end)
        return page(sixty._replace(steps=(step,))).of("row")

    assert boxes("2028-02-26") == ["26 February", "27", "28", "29", "1 March", "2", "3"]
    assert boxes("2027-02-26") == ["26 February", "27", "28", "1 March", "2", "3", "4"]
    assert boxes("2026-12-30") == ["30 December", "31", "1 January", "2", "3", "4", "5"]
    assert boxes("2027-03-26") == [
        "26 March",
        "27",
        "28",
        "29",
        "30",
        "31",
        "1 April",
    ]  # summer time


def test_a_last_week_that_is_not_whole_ends_with_its_step():
    read = page(dmcalc.taper("prednisone", start_dose="60mg", steps="hold 17d", start=FIRST))
    assert read.of("row") == ["1 to 7 December", "8 to 14", "15 to 17"]


def test_without_dates_it_counts_days_and_weeks():
    read = page(dmcalc.taper("prednisone", start_dose="60mg"))
    assert read.of("when")[:2] == ["Days 1 to 28", "Days 29 to 56"]
    assert read.of("fill start") == ["Start date (day 1):"]
    assert read.of("row")[:5] == ["week 1", "2", "3", "4", "week 5"]
    short = page(dmcalc.taper("prednisone", start_dose="60mg", steps="hold 3d; 40mg 2d"))
    assert short.of("row") == ["day 1", "2", "3", "day 4", "5"]


def test_days_that_alternate_each_name_their_dose():
    steps = "40mg/20mg alternate days 4d"
    read = page(dmcalc.taper("prednisone", start_dose="60mg", steps=steps, start=FIRST))
    assert read.of("dose") == ["40 mg, next day 20 mg"]
    assert read.of("take") == [
        "Take 2 tablets of 20 mg in the morning on the first day, 1 tablet of 20 mg in the morning "
        "on the next, and so on in turn."
    ]
    assert read.of("tick") == ["Tick each DAY:"]
    assert read.of("row") == [
        *("1 December: 40 mg", "2 December: 20 mg"),
        *("3 December: 40 mg", "4 December: 20 mg"),
    ]


def test_an_open_step_goes_on_until_the_prescriber_says(dated):
    read = page(dated("2026-12-01", "etg"))
    assert read.of("when")[-1] == "from 6 April 2027"
    assert read.of("after") == [
        "Keep taking the last dose. Your prescriber will tell you when to change."
    ]


def test_the_end_of_a_plan_is_no_end_of_treatment(tablets):
    assert page(tablets).of("after") == [
        "After step 11: do not stop unless your prescriber tells you to.",
        "Call before 4 October 2027.",
    ]


def test_a_weekly_dose_has_its_day_in_full_and_is_never_daily():
    read = page(dmcalc.titrate("methotrexate", start=FIRST, day="tuesday"))
    assert read.of("dose") == ["10 mg ONCE A WEEK", "15 mg ONCE A WEEK", "20 mg ONCE A WEEK"]
    assert read.of("take") == [
        f"Take {count} tablets of 2.5 mg ONCE A WEEK, on Tuesday, never daily."
        for count in (4, 6, 8)
    ]
    assert read.of("tick") == ["Tick each TUESDAY:"] * 2
    assert read.of("row")[:5] == ["1 December", "8", "15", "22", "29 December"]
    assert read.of("companion") == [
        "Folic acid: take 5 mg once a week, on Wednesday, the day after methotrexate."
    ]
    part = " ".join(read.of("sheet"))
    assert "every day" not in part
    undated = page(dmcalc.titrate("methotrexate"))
    assert "ONCE A WEEK, on ____________ (day), never daily." in undated.of("take")[0]
    assert read.of("after")[0].startswith("Keep taking the last dose once a week, never daily.")


def test_each_part_for_the_pharmacist_has_its_own_heading(tablets):
    headings = page(tablets).of("h3")
    assert headings[:4] == ["Supply", "Steps", "Notes", "Warnings"]
    assert len(set(headings)) == len(headings)


def test_a_day_in_two_doses_is_in_the_unit_of_its_tablets():
    read = page(dmcalc.titrate("mycophenolate", start=FIRST))
    assert read.of("dose") == ["500 mg twice daily", "500 mg twice daily", "1,000 mg twice daily"]
    assert read.of("take")[2] == (
        "Take 2 tablets of 500 mg in the morning and 2 tablets of 500 mg in the evening, every day."
    )


def test_halves_are_words_and_drawn_as_halves(tablets):
    half = (DispensedUnits(Decimal(5), "mg", Decimal("1.5")),)
    read = page(tablets._replace(steps=(tablets.steps[8]._replace(products=half),)))
    assert read.of("take") == ["Take 1 and a half tablets of 5 mg, every day, in the morning."]
    assert read.of("dose") == ["7.5 mg every day"]
    assert (read.of("pill"), read.of("pill half")) == (["5"], ["5"])


def test_many_units_are_counted_and_not_drawn(tablets):
    many = (DispensedUnits(Decimal(1), "mg", Decimal(70)),)
    read = page(tablets._replace(steps=(tablets.steps[0]._replace(products=many),)))
    assert read.of("take") == ["Take 70 tablets of 1 mg, every day, in the morning."]
    assert read.of("pill") == []


def test_the_patient_reads_what_the_table_says(tablets):
    newest = "This plan can change at any visit: use only the newest sheet."
    notes = tablets.loaded.table.drugs["prednisone"].patient_notes
    assert page(tablets).of("warn") == [*(note.text for note in notes), newest]
    weekly = tablets.loaded.table.drugs["methotrexate"].patient_notes
    assert weekly[0].text.startswith("Take methotrexate once a week")


def test_nothing_on_it_asks_the_patient_to_change_a_dose(tablets):
    part = patient_part(tablets).lower()
    for words in ("can be raised", "raise the dose", "increase the dose", "extra tablet"):
        assert words not in part
    assert "only your prescriber decides whether the dose is changed" in " ".join(part.split())


def test_nothing_on_it_is_for_the_pharmacist_alone(tablets):
    part = patient_part(tablets)
    for words in ("author", "dmcalc", "SHA-256", "hhe-2018", " kg", "table 20"):
        assert words not in part
    assert "author unknown" in " ".join(page(tablets).of("pharmacist"))


def test_it_has_its_date_of_issue_and_counts_its_own_pages(tablets):
    made = datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC)
    read = Page(render(tablets, "html", Style(made=made)))
    assert read.of("count") == ["Patient page 1 of 2", "Patient page 2 of 2"]
    assert read.of("made") == ["Made on 1 December 2026"] * 2
    assert read.of("name") == ["Name:"] * 2


def test_what_patients_do_not_give_themselves_has_no_sheet(call):
    done = call("taper", "ivig", "--weight", "70", "-f", "html")
    assert (done.code, done.stdout) == (ExitCode.REFUSED, "")
    assert "patients do not give it themselves" in done.stderr


def test_steps_that_cannot_be_made_have_no_sheet(call, unmade):
    with pytest.raises(RefusedError, match="whole units do not make step 1, 70 mg daily"):
        render(unmade, "html")
    done = call("taper", "prednisone", "--from", "60mg", "--stock", "7mg", "-f", "html")
    assert (done.code, done.stdout) == (ExitCode.REFUSED, "")
    assert "step 1" in done.stderr


def test_a_range_is_no_step_of_a_sheet(tablets):
    step = tablets.steps[0]._replace(low=Decimal(60))
    with pytest.raises(RefusedError, match="read as a choice"):
        render(tablets._replace(steps=(step,)), "html")


def test_parents_read_the_planned_doses_of_a_child():
    read = page(dmcalc.taper("prednisone", age="9", weight="28", start=FIRST))
    assert read.of("h1") == ["Prednisone for your child"]
    assert read.of("count") == ["Patient page 1 of 1"]
    assert read.of("dose") == [
        *("56 mg every day", "56 mg every day", "28 mg every day", "14 mg every day"),
        *("7 mg every day", "stop, if the prescriber tells you to"),
    ]
    assert read.of("when")[:3] == [
        "Start on 1 December 2026:",
        "1 January 2027:",
        "1 February 2027:",
    ]
    asked = [text for text in read.of("agree") if text.startswith("Only")]
    assert asked == ["Only if the prescriber agrees:"] * 5
    part = " ".join(read.of("sheet"))
    for words in ("author", "dmcalc", " kg", "hinze"):
        assert words not in part
    assert "there are no approved therapies" in " ".join(read.of("pharmacist"))


def test_without_a_start_date_there_is_a_line_to_write_it_on():
    child = page(dmcalc.taper("prednisone", age="9", weight="28"))
    assert child.of("when")[:2] == ["Start on ____________ (date):", "Month 1:"]
    weekly = page(dmcalc.titrate("methotrexate", severity="severe"))
    assert weekly.of("fill start") == ["Start date (day 1):"]
    assert page(dmcalc.taper("prednisone", start_dose="60mg", start=FIRST)).of("fill start") == []


def test_a_range_of_a_child_is_no_dose_of_a_sheet(call):
    args = ("taper", "prednisone", "--age", "15", "--weight", "60", "-f", "html")
    done = call(*args, "--protocol", "hinze-2018")  # 60 to 80 mg, and shares of it
    assert (done.code, done.stdout) == (ExitCode.REFUSED, "")
    assert "--from" in done.stderr
    assert call(*args, "--protocol", "hinze-2018", "--from", "60mg").code == 0
    # this one goes on by weight: the start alone is a range, and the prescriber writes it
    later = Page(call(*args, "--protocol", "printo-2019").stdout)
    assert later.of("dose")[:2] == ["the dose that the prescriber writes", "60 mg every day"]


def printed(folder, text, paper):
    """Print a page to PDF on a paper; return the size of its paper and the text of each page."""
    source, pdf = folder / "page.html", folder / "page.pdf"
    source.write_text(text.replace("size: auto", f"size: {paper}"), encoding="utf-8")
    profile = f"--user-data-dir={folder / 'profile'}"
    print_to = ("--no-pdf-header-footer", f"--print-to-pdf={pdf}", source.as_uri())
    output(["chromium", *FLAGS, profile, *print_to])
    size = re.search(r"Page size: +([\d.]+) x ([\d.]+)", output(["pdfinfo", str(pdf)]))
    pages = output(["pdftotext", "-layout", str(pdf), "-"]).split("\f")[:-1]
    return (round(float(size[1])), round(float(size[2]))), pages, pdf


def output(command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


@pytest.mark.skipif(
    not all(map(shutil.which, PROGRAMS)), reason=f"not installed: one of {', '.join(PROGRAMS)}"
)
@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(
    ("name", "count"), [("twelve", 2), ("weekly", 1), ("in_turn", 2), ("sixty", 10), ("hostile", 2)]
)
def test_a_browser_prints_as_many_pages_as_the_sheet_says(request, tmp_path, name, count, paper):
    result = request.getfixturevalue(name)
    size, pages, pdf = printed(tmp_path, render(result, "html"), paper)
    assert size == PAPERS[paper]
    of_patient = [text for text in pages if "Patient page" in text]
    assert len(of_patient) == count
    for number, text in enumerate(of_patient, 1):
        assert f"Patient page {number} of {count}" in text
    assert "For the pharmacist" in pages[count]  # no step runs over to a page that is not counted
    words = output(["pdftotext", "-bbox", str(pdf), "-"])
    assert max(map(float, re.findall(r'xMax="([\d.]+)"', words))) <= size[0] - 36
    read = page(result)
    together = " ".join(" ".join(of_patient).split())
    for step in (*read.of("dose"), *read.of("take")):
        assert " ".join(step.split()) in together


@pytest.fixture
def twelve():
    """A taper of twelve steps, three strengths in the first."""
    return dmcalc.taper("prednisone", weight="82", severity="severe", start=FIRST)


@pytest.fixture
def weekly():
    """Methotrexate, with folic acid on the day after."""
    return dmcalc.titrate("methotrexate", start=FIRST, day="tuesday")


@pytest.fixture
def in_turn():
    """Days that alternate, four weeks of them, between steps of other lengths."""
    steps = "hold 12w; 40mg/20mg alternate days 4w; 20mg 10d; 17.5mg 26w"
    return dmcalc.taper("prednisone", start_dose="60mg", steps=steps, start=FIRST)
