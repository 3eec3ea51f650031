"""Overlays: what they put in the place of what, and that nothing else changes."""

from __future__ import annotations

import datetime
import hashlib
import sys
from decimal import Decimal
from importlib.util import find_spec

import pytest

from dmcalc import formulary, table
from dmcalc.formulary import overlay
from dmcalc.quantities.amount import Rate
from dmcalc.table import validate
from tests.formulary.overlays import figures, head, load, product, rounding, write
from tests.table.editing import YAML

CAP = ("prednisone.induction.max", "60 mg/day")
BASE = table.load()


def test_a_figure_is_replaced_and_nothing_else(tmp_path):
    loaded = load(tmp_path, figures(CAP))
    regimen = loaded.table.drugs["prednisone"].regimens[0]
    assert regimen.max == Rate(Decimal(60), Decimal(60), "mg", None, "day")
    drug = BASE.table.drugs["prednisone"]
    back = loaded.table.drugs["prednisone"]._replace(regimens=drug.regimens)
    assert loaded.table._replace(drugs={**loaded.table.drugs, "prednisone": back}) == BASE.table
    assert (loaded.sha256, loaded.path) == (BASE.sha256, BASE.path)
    assert loaded.base is BASE.table


def test_what_is_said_of_it_is_kept(tmp_path):
    text = figures(CAP)
    loaded = load(tmp_path, text)
    (local,) = loaded.local
    assert local._asdict() == {
        "figure": "prednisone.induction.max",
        "base": "60-80 mg/day",
        "value": "60 mg/day",
        "looser": False,
        "overlay": "Example hospital",
        "author": "Medicines committee",
        "date": datetime.date(2026, 11, 2),
        "reason": "Local practice",
        "wins_over": (),
    }
    (file,) = loaded.overlays
    assert file == ("Example hospital", hashlib.sha256(text.encode()).hexdigest(), None)


def test_the_bundled_table_is_not_changed(tmp_path):
    load(tmp_path, figures(CAP), product("    strengths: [25 mg]\n"))
    assert table.load().table == BASE.table
    assert table.load().local == ()


def test_an_overlay_goes_over_a_table_of_ones_own(tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_bytes(YAML.read_bytes() + b"# mine\n")
    loaded = formulary.load(str(mine), write(tmp_path, figures(CAP)))
    assert loaded.path == str(mine)
    assert loaded.sha256 == hashlib.sha256(mine.read_bytes()).hexdigest()
    assert [local.figure for local in loaded.local] == [CAP[0]]


def test_another_unit_of_mass_is_the_same_kind_of_figure(tmp_path):
    loaded = load(tmp_path, figures(("methylprednisolone.pulse.dose", "500 mg/day")))
    (local,) = loaded.local
    assert (local.base, local.value, local.looser) == ("1 g/day", "500 mg/day", True)


def test_figures_that_depend_on_each_other_are_replaced_together(tmp_path):
    loaded = load(
        tmp_path,
        figures(
            ("ivig.infusion.then.2", "0.03 mL/kg/min"),
            ("ivig.infusion.max", "0.03 mL/kg/min"),
            ("prednisone.taper.hhe-2018.hold", "1-2 weeks"),
            ("prednisone.taper.hhe-2018.hold_default", "2 weeks"),
        ),
    )
    infusion = loaded.table.drugs["ivig"].infusion
    assert [str(rate) for rate in infusion.ramps[0].then] == ["0.02 mL/kg/min", "0.03 mL/kg/min"]
    assert str(loaded.table.daily_tapers["hhe-2018"].hold_default) == "2 weeks"


def test_a_whole_number_is_written_as_one(tmp_path):
    loaded = load(tmp_path, figures(("rituximab.induction.doses", "1")))
    assert loaded.table.drugs["rituximab"].regimens[0].doses == 1


def test_a_product_stands_before_those_of_the_table(tmp_path):
    text = product("    strengths: [5 mg, 20 mg]\n    scored: [5 mg]\n    markets: [US]\n")
    products = load(tmp_path, text).table.drugs["prednisone"].products
    assert [item.id for item in products] == ["shelf", "tablet-us", "directrx-us", "decortin-de"]
    assert [str(strength) for strength in products[0].strengths] == ["5 mg", "20 mg"]
    assert products[0].markets == ("US",)
    value = load(tmp_path, text).local[0].value
    assert value == "tablets of 5 mg, 20 mg; may be halved: 5 mg"
    whole = load(tmp_path, product("    strengths: [25 mg]\n"))
    assert whole.local[0].value == "tablets of 25 mg"


def test_a_product_without_markets_is_for_all(tmp_path):
    text = product("    strengths: [25 mg]\n")
    assert load(tmp_path, text).table.drugs["prednisone"].products[0].markets == ("US", "UK", "EU")


def test_a_rounding_rule_is_kept_beside_the_table(tmp_path):
    loaded = load(tmp_path, rounding("    to: 5 g\n    direction: down\n"))
    assert str(loaded.rounding["ivig"]) == "down to a multiple of 5 g"
    assert loaded.table == BASE.table
    assert [(local.figure, local.looser) for local in loaded.local] == [("ivig.rounding", False)]


@pytest.mark.parametrize(
    ("direction", "looser"), [("down", False), ("up", True), ("nearest", True)]
)
def test_rounding_is_looser_where_it_can_give_more(tmp_path, direction, looser):
    loaded = load(tmp_path, rounding(f"    to: 5 g\n    direction: {direction}\n"))
    assert loaded.local[0].looser is looser


def test_halves_are_looser_where_a_source_keeps_tablets_whole(tmp_path):
    scored = "    strengths: [2.5 mg]\n    scored: [2.5 mg]\n"
    assert load(tmp_path, product(scored, "methotrexate")).local[0].looser
    assert not load(tmp_path, product(scored, "prednisone")).local[0].looser
    whole = "    strengths: [2.5 mg]\n"
    assert not load(tmp_path, product(whole, "methotrexate")).local[0].looser


def test_of_two_overlays_the_later_one_counts_and_names_the_other(tmp_path):
    first = figures(CAP, ("prednisone.etg.max", "70 mg/day"), name="North")
    second = figures(("prednisone.induction.max", "50-55 mg/day"), name="South")
    loaded = load(tmp_path, first, second)
    assert str(loaded.table.drugs["prednisone"].regimens[0].max) == "50-55 mg/day"
    found = {local.figure: local for local in loaded.local}
    assert found["prednisone.induction.max"].wins_over == ("North",)
    assert found["prednisone.induction.max"].base == "60-80 mg/day"
    assert found["prednisone.etg.max"].wins_over == ()
    assert [item.name for item in loaded.overlays] == ["North", "South"]


def test_a_later_product_of_the_same_name_replaces_the_first(tmp_path):
    texts = [product(f"    strengths: [{mg} mg]\n") for mg in (25, 30)]
    loaded = load(tmp_path, *texts)
    products = loaded.table.drugs["prednisone"].products
    assert [item.id for item in products] == ["shelf", "tablet-us", "directrx-us", "decortin-de"]
    assert [str(strength) for strength in products[0].strengths] == ["30 mg"]
    assert loaded.local[0].wins_over == ("Example hospital",)


def test_the_same_file_twice_counts_once(tmp_path):
    (path,) = write(tmp_path, figures(CAP))
    loaded = formulary.load(None, [path, path])
    assert len(loaded.overlays) == 1
    assert loaded.local[0].wins_over == ()


def test_the_base_table_is_not_checked_again(tmp_path, monkeypatch):
    paths = write(tmp_path, figures(CAP))
    monkeypatch.setattr(validate, "loaded", lambda *_: pytest.fail("the table was checked"))
    assert formulary.load(None, paths).local


def test_without_an_overlay_nothing_of_them_is_imported(run):
    code = "import sys, dmcalc; dmcalc.dose('rituximab'); print(*sys.modules)"
    modules = set(run("-c", code, program=(sys.executable,)).stdout.split())
    unwanted = (
        *("formulary.overlay", "formulary.overridable", "formulary.permissiveness"),
        *("formulary.schema", "table.model.local_values"),
    )
    assert all(find_spec(f"dmcalc.{name}") for name in unwanted)
    assert modules.isdisjoint({f"dmcalc.{name}" for name in unwanted})


def test_every_figure_of_the_table_has_a_name_of_its_own():
    slots = overlay.overridable_figures(BASE.table)
    paths = [slot.path for slot in slots.values()]
    assert len(set(paths)) == len(paths) > 150
    for name in (
        *("prednisone.induction.max", "prednisone.etg.dose", "prednisone.taper.etg.max"),
        *("ivig.infusion.max_at_risk", "rituximab.infusion.later.start", "limits.weight"),
        *("azathioprine.titration.nhs-dg-azathioprine.hold", "ivig.taper.base-page.courses"),
    ):
        assert name in slots


def test_every_figure_can_be_set_to_what_it_is(tmp_path):
    same = [
        (name, str(slot.value))
        for name, slot in overlay.overridable_figures(BASE.table).items()
        if slot.value is not None
    ]
    loaded = load(tmp_path, figures(*same))
    assert loaded.table == BASE.table
    assert len(loaded.local) == len(same)
    assert not any(local.looser for local in loaded.local)


def test_an_overlay_may_have_a_review(tmp_path):
    text = head() + "review_by: 2027-01-31\n" + figures(CAP).removeprefix(head())
    assert load(tmp_path, text).overlays[0].review_by == datetime.date(2027, 1, 31)
