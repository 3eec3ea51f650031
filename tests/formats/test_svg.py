from __future__ import annotations

import itertools
import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest

import dmcalc
from dmcalc.formats.registry import render
from dmcalc.text.numbers import format_number

from .conftest import FIRST, HOSTILE, LONG

NAMESPACE = "{http://www.w3.org/2000/svg}"


def read(result):
    return ElementTree.fromstring(render(result, "svg"))


def named(root, tag):
    return list(root.iter(NAMESPACE + tag))


def texts(root, kind):
    return ["".join(e.itertext()) for e in named(root, "text") if e.get("class") == kind]


def doses(root):
    """The lines that are drawn for doses: left, right and height."""
    return [
        (Decimal(e.get("x1")), Decimal(e.get("x2")), Decimal(e.get("y1")))
        for e in named(root, "line")
        if e.get("class").startswith("dose")
    ]


def test_a_line_a_step_to_scale(hhe):
    lines = doses(read(hhe))
    assert len(lines) == len(hhe.steps)
    left, right = lines[0][0], lines[-1][1]
    top = lines[0][2]
    bottom = top + (lines[1][2] - top) * 7  # 70 to 60 mg is a seventh of the height
    total = hhe.totals.days
    for (start, end, height), step in zip(lines, hhe.steps, strict=True):
        assert abs(start - (left + (right - left) * (step.day - 1) / total)) < 1
        assert abs(end - (left + (right - left) * (step.day + step.days - 1) / total)) < 1
        assert abs(height - (bottom - (bottom - top) * step.low / 70)) < 1
    assert all(one[1] == following[0] for one, following in itertools.pairwise(lines))


def test_axes_units_and_labels(hhe):
    root = read(hhe)
    assert texts(root, "") == ["Dose in mg daily"]
    assert texts(root, "end") == ["0", "10", "20", "30", "40", "50", "60", "70"]
    middle = texts(root, "middle")
    assert middle[:12] == [str(week) for week in range(0, 48, 4)]
    assert middle[12] == "Weeks from 1 December 2026"
    assert middle[13:] == [f"{format_number(step.low)} mg" for step in hhe.steps]
    assert texts(root, "heading") == ["Prednisone: Slow taper of a 2018 review"]


def test_without_dates():
    result = dmcalc.taper("prednisone", start_dose="60mg")
    assert "Weeks of the schedule" in texts(read(result), "middle")


def rects(root, kind):
    return [
        {name: Decimal(e.get(name)) for name in ("x", "y", "width", "height")}
        for e in named(root, "rect")
        if e.get("class") == kind
    ]


def test_a_course_is_a_bar_on_its_days_and_nothing_between():
    result = dmcalc.taper("ivig", weight="70", start=FIRST)
    root = read(result)
    assert doses(root) == []
    bars, ranges = rects(root, "bar"), rects(root, "range")
    assert (len(bars), len(ranges)) == (10, 6)
    # 140 g are the whole of the axis, 340 high; 70 of 140 g are half of it
    assert [bar["height"] for bar in bars] == [Decimal("340.0")] * 4 + [Decimal("170.0")] * 6
    assert {span["height"] for span in ranges} == {Decimal("170.0")}
    # five of 280 days, of 852 in all, and four weeks from a course to the next
    assert all(abs(bar["width"] - Decimal(852 * 5) / 280) < Decimal("0.1") for bar in bars)
    for one, following in itertools.pairwise(bars):
        assert abs(following["x"] - one["x"] - Decimal(852 * 28) / 280) < Decimal("0.2")
    assert texts(root, "") == ["Dose in g per course"]
    assert "70 to 140 g" in texts(root, "middle")


def test_an_open_step_is_dashed_and_named(dated):
    root = read(dated("2026-12-01", "etg"))
    kinds = [e.get("class") for e in named(root, "line") if e.get("class").startswith("dose")]
    assert kinds == ["dose"] * 7 + ["dose open"]
    assert texts(root, "middle")[-1] == "25 mg, open"


def test_it_can_be_heard(tablets):
    root = read(tablets)
    assert root.get("role") == "img"
    assert root.get("lang") == "en"
    ids = {e.get("id"): e.text for e in root.iter() if e.get("id")}
    assert root.get("aria-labelledby").split() == ["dmcalc-title", "dmcalc-desc"]
    assert ids["dmcalc-title"] == "Prednisone: Slow taper of a 2018 review"
    assert ids["dmcalc-desc"].startswith(
        "Step 1: 70 mg daily, 1 December 2026 to 28 December 2026, 1 × 50 mg, 1 × 20 mg. Step 2:"
    )
    said = [e.text for e in named(root, "title")[1:]]
    assert " ".join(said) == ids["dmcalc-desc"]


def test_it_needs_nothing_beside_itself(tablets, hostile):
    for result in (tablets, hostile):
        text, root = render(result, "svg"), read(result)
        tags = {e.tag.removeprefix(NAMESPACE) for e in root.iter()}
        assert tags <= {"svg", "title", "desc", "style", "rect", "line", "text", "g"}
        assert "href" not in text
        assert "url(" not in text


def test_texts_of_the_table_are_text(hostile):
    root = read(hostile)
    heading = named(root, "title")[0].text
    assert HOSTILE.strip() in heading
    assert LONG.strip() in heading
    assert " ".join(" ".join(texts(root, "heading")).split()) == " ".join(heading.split())


def test_no_label_lies_on_another(sixty, hhe):
    for result in (hhe, sixty):
        labels = [e for e in named(read(result), "text") if (e.text or "").endswith(" mg")]
        ends = [(Decimal(e.get("x")), len(e.text) * Decimal("4.5")) for e in labels]
        for (one, half), (other, other_half) in itertools.pairwise(ends):
            assert one + half <= other - other_half
        assert len(labels) >= 10


@pytest.mark.parametrize("dose", ["80mg", "7.5mg", "0.5mg", "30mg"])
def test_the_axis_is_round(dose):
    result = dmcalc.taper("prednisone", start_dose=dose, start=FIRST)
    ticks = [Decimal(text) for text in texts(read(result), "end")]
    assert ticks[0] == 0
    assert result.steps[0].high <= ticks[-1] < result.steps[0].high + ticks[1]
    assert 5 <= len(ticks) <= 12


def test_it_ends_with_the_disclaimer(hhe):
    small = " ".join(texts(read(hhe), "small"))
    assert hhe.loaded.table.disclaimer in small
    assert re.search(r"dmcalc \S+, table 2026\.11, .* SHA-256 [0-9a-f]{12}", small)
