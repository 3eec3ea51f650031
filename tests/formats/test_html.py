from __future__ import annotations

import datetime
import re
import shutil
import subprocess
from decimal import Decimal
from html.parser import HTMLParser

import pytest

import dmcalc
from dmcalc.dispensing.stock import DispensedUnits
from dmcalc.formats.registry import render
from dmcalc.text import timing
from dmcalc.text.numbers import format_number

from .conftest import FIRST, HOSTILE, LONG, SCRIPT

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NO_END = {"br", "meta", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """The tags of a page, and its text by the class of the innermost element that has one."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.open, self.texts = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in NO_END:
            self.open.append((tag, dict(attrs).get("class", "")))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        inside = [name for pair in self.open for name in pair]
        self.texts.append((inside, data))

    @property
    def text(self):
        """What a person reads."""
        shown = (data for inside, data in self.texts if "style" not in inside)
        return " ".join(" ".join(shown).split())

    def of(self, name):
        """The texts inside elements of a class or tag, one a run of text."""
        return [data.strip() for inside, data in self.texts if name in inside and data.strip()]


def page(result):
    return Page(render(result, "html"))


def test_it_needs_nothing_beside_itself(tablets, hostile):
    for result in (tablets, hostile):
        text, read = render(result, "html"), page(result)
        allowed = {"html", "head", "meta", "title", "style", "body", "main", "section", "div"}
        allowed |= {"h1", "h2", "h3", "p", "span", "strong", "ul", "li", "br"}
        allowed |= {"table", "thead", "tbody", "tr", "th", "td"}
        assert set(read.tags) <= allowed
        names = {name for name, _ in read.attributes}
        assert not {name for name in names if name.startswith("on")}
        assert not names & {"src", "href", "style", "action", "data"}
        style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
        assert "url(" not in style
        assert "@import" not in style
        assert "default-src 'none'" in text


def test_it_has_a_language_a_title_and_headings(tablets):
    text, read = render(tablets, "html"), page(tablets)
    assert text.startswith('<!DOCTYPE html>\n<html lang="en">\n')
    assert read.of("title") == ["Prednisone: your schedule"]
    assert read.of("h1") == ["Prednisone: your schedule"]
    assert read.of("h2")[:2] == ["Important", "For the pharmacist"]
    assert ("scope", "col") in read.attributes
    assert ("scope", "row") in read.attributes


def test_a_row_a_step_with_dates_doses_and_units(tablets):
    read = page(tablets)
    assert read.of("dose") == [f"{format_number(step.low)} mg daily" for step in tablets.steps]
    when = read.of("when")
    for number, step in enumerate(tablets.steps):
        first, last = timing.date(step.start), timing.date(step.end)
        assert when[2 * number : 2 * number + 2] == [f"{first} to", last]
    assert when[:2] == ["1 December 2026 to", "28 December 2026"]
    assert read.of("units")[:4] == ["1 × 50 mg,", "1 × 20 mg", "1 × 50 mg,", "1 × 10 mg"]
    assert read.of("pill")[:4] == ["50", "20", "50", "10"]


def test_a_box_a_week_for_a_long_step_and_a_day_for_a_short_one(tablets, sixty, dated):
    assert page(tablets).of("boxes weeks")[:5] == [
        "1 December 2026",
        "8 December 2026",
        "15 December 2026",
        "22 December 2026",
        "29 December 2026",
    ]
    assert len(page(tablets).of("boxes weeks")) == 44
    assert page(sixty).of("boxes days")[:8] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert len(page(sixty).of("boxes days")) == 420
    leap = page(dated("2028-02-20")).of("boxes weeks")
    assert leap[:3] == ["20 February 2028", "27 February 2028", "5 March 2028"]


def test_days_run_over_a_leap_day_and_the_end_of_a_year(sixty):
    def boxes(start):
        first = datetime.date.fromisoformat(start)
        end = first + datetime.timedelta(days=6)
        step = sixty.steps[0]._replace(start=first, end=end)
        return page(sixty._replace(steps=(step,))).of("boxes days")

    assert boxes("2028-02-26") == ["26", "27", "28", "29", "1", "2", "3"]
    assert boxes("2027-02-26") == ["26", "27", "28", "1", "2", "3", "4"]
    assert boxes("2026-12-30") == ["30", "31", "1", "2", "3", "4", "5"]
    assert boxes("2027-03-26") == ["26", "27", "28", "29", "30", "31", "1"]  # summer time


def test_without_dates_it_counts_days_and_weeks():
    read = page(dmcalc.taper("prednisone", start_dose="60mg"))
    assert read.of("when")[:2] == ["Days 1 to 28", "Days 29 to 56"]
    assert read.of("boxes weeks")[:5] == ["week 1", "week 2", "week 3", "week 4", "week 5"]


def test_an_open_step_says_so(dated):
    read = page(dated("2026-12-01", "etg"))
    assert read.of("when")[-3:] == [
        "From 6 April 2027 on;",
        "no end is given:",
        "ask your prescriber",
    ]


def test_courses_have_a_box_each():
    read = page(dmcalc.taper("ivig", weight="70", start=FIRST))
    assert read.of("when")[0] == "Begins on 1 December 2026"
    assert read.of("boxes ") == ["given"] * 10
    assert read.of("dose")[4] == "70 to 140 g per course, over 2 to 5 days"
    assert "not made from whole units" not in read.text
    assert "Each box" not in read.text


def test_a_weekly_dose_has_its_weekday_in_full(hhe):
    step = hhe.steps[0]._replace(per="week", days=14, end=FIRST + datetime.timedelta(days=13))
    read = page(hhe._replace(steps=(step,)))
    assert read.of("dose") == ["70 mg once a week"]
    assert read.of("boxes weeks") == ["Tuesday, 1 December 2026", "Tuesday, 8 December 2026"]


def test_what_cannot_be_made_is_said(tablets):
    steps = (tablets.steps[0]._replace(products=None), *tablets.steps[1:])
    totals = tablets.totals._replace(products=None)
    read = page(tablets._replace(steps=steps, totals=totals))
    assert read.of("units")[:2] == ["not made from whole units", "1 × 50 mg,"]
    assert "not every step is made from whole units" in read.text


def test_halves_are_words_and_drawn_as_halves(tablets):
    half = (DispensedUnits(Decimal(5), "mg", Decimal("1.5")),)
    read = page(tablets._replace(steps=(tablets.steps[8]._replace(products=half),)))
    assert read.of("units") == ["1 × 5 mg,", "half a tablet of 5 mg"]
    assert (read.of("pill"), read.of("pill half")) == (["5"], ["5"])


def test_many_units_are_counted_and_not_drawn(tablets):
    many = (DispensedUnits(Decimal(1), "mg", Decimal(70)),)
    read = page(tablets._replace(steps=(tablets.steps[0]._replace(products=many),)))
    assert read.of("units") == ["70 × 1 mg"]
    assert read.of("pill") == []


def test_the_patient_is_told_what_the_table_says(tablets):
    notes = tablets.loaded.table.drugs["prednisone"].patient_notes
    assert page(tablets).of("warn") == ["Important", *(note.text for note in notes)]
    assert notes[0].text.startswith("Do not stop this medicine suddenly")
    weekly = tablets.loaded.table.drugs["methotrexate"].patient_notes
    assert weekly[0].text.startswith("Take methotrexate once a week")
    methotrexate = page(tablets._replace(drug="methotrexate"))
    assert methotrexate.of("warn") == ["Important", weekly[0].text]


def test_every_patient_note_has_a_quote(tablets):
    for drug in tablets.loaded.table.drugs.values():
        for note in drug.patient_notes:
            assert note.cite
            assert all(cite.quote for cite in note.cite)


def test_show_has_them_too(call, tablets):
    shown = call("show", "prednisone", "--explain", "--width", "500").stdout
    for note in tablets.loaded.table.drugs["prednisone"].patient_notes:
        assert note.text in shown


def test_a_figure_in_a_patient_note_stands_in_its_quote(bundled, tmp_path, call):
    text = bundled.read_text()
    changed = text.replace("took it in the last 12 months", "took it in the last 13 months")
    assert changed != text
    (tmp_path / "table.yaml").write_text(changed)
    done = call("table", "check", str(tmp_path / "table.yaml"))
    assert done.code == 7
    assert "patient_notes" in done.stderr


def test_the_part_for_the_pharmacist(tablets):
    read = page(tablets)
    text = " ".join(read.of("pharmacist"))
    loaded = tablets.loaded
    day = loaded.table.reviewed
    for expected in (
        "Prednisone: hhe-2018 (author unknown) for an adult of 70 kg with severe weakness",
        "Supply",
        "11 steps, 308 days, 8,680 mg in total",
        "hold: 4 weeks; hhe-2018 gives 3 to 4 weeks.",
        "“Duration of glucocorticoid therapy to pose risk for adrenal insufficiency: 3–4 weeks",
        "hhe-2018: A proposed prednisone taper, page 24",
        f"table {loaded.table.version}, reviewed on {day.day} {day:%B %Y}, SHA-256 {loaded.sha256}",
        loaded.table.disclaimer,
    ):
        assert expected in text
    assert read.of("small supply")[2:6] == ["50 mg", "84", "20 mg", "140"]
    # nothing of the patient's body in the part that hangs on a wall
    assert " kg" not in render(tablets, "html").partition("For the pharmacist")[0]


def test_figures_have_their_space_and_commas(tablets):
    large = tablets.steps[0]._replace(low=Decimal(1500), high=Decimal(1500))
    for result in (tablets, tablets._replace(steps=(large,))):
        text = page(result).text
        assert not re.search(r"\d(mg|g|mcg|kg|weeks?|days?)\b", text)
        figures = re.sub(r"doi:\S+|dmcalc [\d.]+|table [\d.]+", "", text)
        assert not re.search(r"\d\.\d*0\b", figures)  # 5 mg, never 5.0 mg
    assert "1,500 mg daily" in text


def test_texts_of_the_table_are_text(hostile):
    text, read = render(hostile, "html"), page(hostile)
    assert SCRIPT not in text
    assert "<!-- " not in text
    assert HOSTILE.strip() in " ".join(read.of("h1"))
    assert LONG.strip() in read.text
    assert "{{ 7 * 7 }}" in read.text


def test_control_characters_are_shown(tablets):
    table = tablets.loaded.table
    drug = table.drugs["prednisone"]._replace(name="Pred\x00nis\x1bone")
    table = table._replace(drugs={**table.drugs, "prednisone": drug})
    text = render(tablets._replace(loaded=tablets.loaded._replace(table=table)), "html")
    assert "Pred\\x00nis\\x1bone" in text


def test_the_same_request_gives_the_same_bytes(run):
    args = ("taper", "prednisone", "--from", "60mg", "--start", "2026-12-01", "-f", "html")
    assert run(*args) == run(*args, env={"TZ": "Pacific/Auckland", "LC_ALL": "C"})


def printed(folder, text, paper):
    """Print a page to PDF on a paper, and return the PDF."""
    source = folder / "page.html"
    source.write_text(text.replace("size: auto", f"size: {paper}"), encoding="utf-8")
    target = folder / "page.pdf"
    command = [
        CHROMIUM,
        *FLAGS,
        f"--user-data-dir={folder / 'profile'}",
        "--no-pdf-header-footer",
        f"--print-to-pdf={target}",
        source.as_uri(),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return target


@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("letter", (612, 792))])
@pytest.mark.parametrize("name", ["tablets", "unmade", "sixty", "hostile"])
def test_a_browser_prints_it(request, tmp_path, name, paper, size):
    result = request.getfixturevalue(name)
    pdf = printed(tmp_path, render(result, "html"), paper)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf.read_bytes())
    assert {(round(float(wide)), round(float(high))) for wide, high in boxes} == {size}
    assert len(boxes) >= (10 if name == "sixty" else 3)
    if shutil.which("pdftotext") is None:
        return
    command = ["pdftotext", "-bbox", str(pdf), "-"]
    words = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    ends = [float(end) for end in re.findall(r'xMax="([\d.]+)"', words)]
    assert max(ends) <= size[0] - 36  # nothing runs into the margin
    when = float(re.search(r'xMin="([\d.]+)"[^>]*>When<', words)[1])
    doses = r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)"[^>]*>(?:units|mg,?)<'
    inside = [float(last) for first, last in re.findall(doses, words) if float(first) < when]
    assert max(inside) < when  # and nothing of a dose into the next column
    text = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    ).stdout
    for step in result.steps:
        assert f"{format_number(step.low)} mg daily" in text
    assert result.loaded.sha256[:32] in text.replace("\n", "").replace(" ", "")
