"""Whatever is done to the table, it is read or refused as a table, and never ends otherwise.

``make test`` tries a quarter of the spoiled tables, with ``FUZZ_ALL=1`` all.
"""

from __future__ import annotations

import re
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from dmcalc.dosing.dose import dose
from dmcalc.errors import DmcalcError
from dmcalc.patient.patient import Patient
from dmcalc.schedules.taper import taper
from dmcalc.table import validate
from dmcalc.table.model.table import LoadedTable
from tests.chance import share
from tests.properties.given import tried
from tests.table.editing import TEXT

LINES = TEXT.splitlines(keepends=True)
#: Signs with a meaning in YAML, and some without one.
SIGNS = "\t\n #&*!|>%@`{}[],:?-'\"~0123456789.eEx_abkgm/–²é\x00\x1b\u2028\ufeff"

lines = st.integers(0, len(LINES) - 1)
places = st.integers(0, len(TEXT) - 1)


def mutated_lines(number: int, other: int, how: str) -> str:
    """Change whole lines."""
    rows = list(LINES)
    if how == "delete":
        del rows[number]
    elif how == "repeat":
        rows.insert(number, rows[number])
    elif how == "swap":
        rows[number], rows[other] = rows[other], rows[number]
    elif how == "copy":
        rows[number] = rows[other]
    elif how == "indent":
        rows[number] = f"  {rows[number]}"
    elif how == "cut":
        del rows[number:]
    else:
        del rows[min(number, other) : max(number, other)]
    return "".join(rows)


HOWS = st.sampled_from(["delete", "repeat", "swap", "copy", "indent", "cut", "cut out"])


def use(loaded: LoadedTable) -> None:
    """Compute all that a table holds, once: what loads can be used, or says why not."""
    who = Patient(Decimal(70), "severe", Decimal("1.8"))
    result, refused = tried(lambda: dose(loaded, who, alternatives=True), DmcalcError)
    assert refused or {row.drug for row in result.rows} == set(loaded.table.drugs)
    for key, protocol in loaded.table.tapers.items():
        result, refused = tried(
            lambda drug=protocol.drug, key=key: taper(loaded, who, drug, protocol=key), DmcalcError
        )
        assert refused or result.steps


def assert_read_or_refused(content: bytes) -> None:
    loaded, refused = tried(lambda: validate.loaded(content, "table.yaml"), DmcalcError)
    if refused:
        assert "table.yaml" in refused.message
        assert len(refused.message.splitlines()) <= validate.MAX_SHOWN + 2
    else:
        use(loaded)


@settings(max_examples=share(150, 4))
@given(number=lines, other=lines, how=HOWS)
@example(number=0, other=0, how="cut")
@example(number=1, other=0, how="cut")
def test_table_with_lines_changed(number, other, how):
    assert_read_or_refused(mutated_lines(number, other, how).encode())


@settings(max_examples=share(150, 4))
@given(place=places, sign=st.sampled_from(SIGNS), replace=st.booleans())
def test_table_with_a_character_changed(place, sign, replace):
    text = TEXT[:place] + sign + TEXT[place + replace :]
    assert_read_or_refused(text.encode())


@settings(max_examples=share(100, 4))
@given(place=places, size=st.integers(1, 60))
def test_table_with_characters_cut_out(place, size):
    assert_read_or_refused((TEXT[:place] + TEXT[place + size :]).encode())


@settings(max_examples=share(100, 4))
@given(place=places, byte=st.binary(min_size=1, max_size=2))
def test_table_with_bytes_put_in(place, byte):
    content = TEXT.encode()
    assert_read_or_refused(content[:place] + byte + content[place:])


values = st.recursive(
    st.integers(0, 99) | st.booleans() | st.sampled_from(["a", "1 mg/day", "2 weeks", "etg"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=8,
)
KEYED = [number for number, line in enumerate(LINES) if re.match(r" *(?:- )?[a-z_]+: \S", line)]


@settings(max_examples=share(100, 4))
@given(number=st.sampled_from(KEYED), value=values)
def test_table_with_another_value_at_a_key(number, value):
    rows = list(LINES)
    key = rows[number].partition(": ")[0]
    written = repr(value).replace("True", "true").replace("False", "false")
    rows[number] = f"{key}: {written}\n"
    assert_read_or_refused("".join(rows).encode())


@given(content=st.binary(max_size=200))
def test_any_bytes(content):
    assert_read_or_refused(content)


@given(text=st.text(SIGNS + "ab: \n", max_size=100))
@example(text="a: !<tag:yaml.org,2002:int> 5\n")
@example(text="%TAG ! tag:x,2000:\n---\na: !b c\n")
@example(text="%YAML 3.0\n---\na: b\n")
@example(text="? [a]\n: b\n")
@example(text="a: |9\n b\n")
@example(text="*a : b\n")
def test_any_text(text):
    assert_read_or_refused(text.encode())
