from __future__ import annotations

import re
from decimal import Decimal

from dmcalc.dispensing.stock import DispensedUnits
from dmcalc.formats.registry import render

from .conftest import HOSTILE, LONG, SCRIPT
from .reading import Page


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
    assert read.of("title") == ["Prednisone: how to take it"]
    assert read.of("h1") == ["Prednisone: how to take it"] * 2  # the head of each page
    assert read.of("h2") == ["For the pharmacist"]
    assert ("scope", "col") in read.attributes


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
    many = (DispensedUnits(Decimal(50), "mg", Decimal(30)),)
    large = tablets.steps[0]._replace(low=Decimal(1500), high=Decimal(1500), products=many)
    for result in (tablets, tablets._replace(steps=(large,))):
        text = page(result).text
        assert not re.search(r"\d(mg|g|mcg|kg|weeks?|days?)\b", text)
        figures = re.sub(r"doi:\S+|dmcalc [\d.]+|table [\d.]+", "", text)
        assert not re.search(r"\d\.\d*0\b", figures)  # 5 mg, never 5.0 mg
    assert "1,500 mg every day" in text


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
    made = {"SOURCE_DATE_EPOCH": "1796083200"}  # 1 December 2026
    first = run(*args, env=made)
    assert "Made on 1 December 2026" in first[1]
    assert first == run(*args, env=made | {"TZ": "Pacific/Auckland", "LC_ALL": "C"})
