"""Whatever an overlay sets, it is refused or the table it makes can be used, and says so."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from dmcalc import table
from dmcalc.catalogue import monograph, provenance
from dmcalc.catalogue.table_diff import diff_tables
from dmcalc.dosing.dose import dose
from dmcalc.errors import DmcalcError
from dmcalc.formulary import overlay
from dmcalc.formulary.permissiveness import permits_more
from dmcalc.formulary.schema import FORM
from dmcalc.infusions.infusion import InfusionInput, infusion
from dmcalc.patient.patient import Patient
from dmcalc.quantities.base import format_plain
from dmcalc.schedules.taper import taper
from dmcalc.schedules.titration import titrate
from dmcalc.schedules.titration_doses import TitrationChoices
from dmcalc.table import strict_yaml, validate
from tests.chance import share
from tests.formulary.overlays import figures
from tests.properties.given import tried

BASE = table.load()
SLOTS = overlay.overridable_figures(BASE.table)
TODAY = datetime.date(2026, 11, 22)
WHO = Patient(Decimal(70), "severe", Decimal("1.8"))
NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def applied(*values: tuple[str, str]):
    document = strict_yaml.parse(figures(*values).encode(), "h.yaml")
    form = validate.shaped(FORM, document, "overlay")
    return overlay.applied(BASE, (overlay.LoadedOverlay(form, document, "0"),), TODAY)


@st.composite
def changed(draw):
    """Return a figure with its numbers multiplied, in the form that it has."""
    name = draw(st.sampled_from(sorted(SLOTS)))
    slot = SLOTS[name]
    factor = Decimal(draw(st.sampled_from(["0.5", "0.9", "1", "1.1", "2", "10"])))

    def scaled(found: re.Match[str]) -> str:
        return format_plain(Decimal(found[0]) * factor)

    head, space, unit = str(slot.value or slot.like).partition(" ")
    return name, NUMBER.sub(scaled, head) + space + unit


def use(loaded) -> None:
    """Compute all that the table gives: it answers, or says in its own words why not."""
    names = {local.figure for local in loaded.local}
    done, refused = tried(lambda: dose(loaded, WHO, alternatives=True), DmcalcError)
    assert refused or {row.drug for row in done.rows} == set(loaded.table.drugs)
    for row in done.rows if done else ():
        mine = {name for name in names if name.startswith(f"{row.regimen}.")}
        assert mine <= {local.figure for local in row.local}
    for key, one in loaded.table.tapers.items():
        result, refused = tried(
            lambda drug=one.drug, key=key: taper(loaded, WHO, drug, protocol=key), DmcalcError
        )
        assert refused or result.steps
    for key, way in loaded.table.titrations.items():
        tried(
            lambda drug=way.drug, key=key: titrate(loaded, WHO, drug, TitrationChoices(key)),
            DmcalcError,
        )
    for key, drug in loaded.table.drugs.items():
        if drug.infusion is not None:
            result, refused = tried(
                lambda key=key: infusion(loaded, WHO, key, InfusionInput()), DmcalcError
            )
            assert refused or result.steps
        assert monograph.show(loaded, key).rows
        assert provenance.why(loaded, key).rows


@settings(max_examples=share(120, 2))
@given(value=changed())
def test_one_figure(value):
    loaded, refused = tried(lambda: applied(value), DmcalcError)
    if refused:
        assert "h.yaml:" in refused.message
        return
    (local,) = loaded.local
    slot = SLOTS[value[0]]
    assert local.base == (None if slot.value is None else str(slot.value))
    assert str(overlay.ids.value_at(loaded.table, slot.path)) == local.value
    found = [row.name for row in diff_tables(BASE, loaded).rows]
    # a list of rates is one value of the table, and each of them a figure
    listed = re.sub(r"\.(then|levels)\.[0-9]+$", r".\1", value[0])
    assert found == ([] if local.value == local.base else [listed])
    use(loaded)


@settings(max_examples=share(40, 2))
@given(values=st.lists(changed(), min_size=2, max_size=4, unique_by=lambda value: value[0]))
def test_several_figures(values):
    loaded, refused = tried(lambda: applied(*values), DmcalcError)
    if not refused:
        assert {local.figure for local in loaded.local} == {name for name, _ in values}
        use(loaded)


@given(value=changed())
def test_a_value_and_the_table_s_own_cannot_both_be_tighter(value):
    slot = SLOTS[value[0]]
    if slot.value is None:
        return
    new, refused = tried(lambda: overlay.read_value(read(value[1]), slot), Exception)
    if not refused and str(new) != str(slot.value):
        one, other = (
            permits_more(slot.path, slot.value, new),
            permits_more(slot.path, new, slot.value),
        )
        same = permits_more(slot.path, slot.value, slot.value)
        assert one or other
        assert not same


def read(text: str):
    return int(text) if text.isdigit() else text
