"""The lists of brands, abbreviations and classes: none can be taken for another medicine."""

from __future__ import annotations

import csv
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dmcalc
from dmcalc import guideline
from dmcalc.errors import TableError, UnknownNameError
from dmcalc.medicines import lists
from dmcalc.medicines.names import NAME_WORDS, _words, advice_on_drug, read_medicine
from dmcalc.text.spelling import distance, one_letter_apart

NONE = frozenset()


@pytest.fixture(scope="module")
def medicines():
    return lists.load()


@pytest.mark.parametrize(
    ("one", "other", "steps"),
    [
        ("aloprim", "alprim", 1),
        ("allopurinol", "alopurinol", 1),
        ("alloprunol", "allopurinol", 2),
        ("ab", "ba", 1),
        ("medrol", "metrol", 1),
        ("", "abc", 3),
        ("same", "same", 0),
    ],
)
def test_letters_apart(one, other, steps):
    assert distance(one, other) == distance(other, one) == steps


@given(st.text("ab1", max_size=6), st.text("ab1", max_size=6))
def test_one_step_is_a_distance_of_1(one, other):
    assert one_letter_apart(one, other) == (distance(one, other) == 1)


def test_no_name_is_one_letter_from_another_medicine_without_both_being_named(medicines):
    """Each brand beside each name: the error of one that is near to another names both."""
    checked = 0
    for key, brand in medicines.brands.items():
        other = lists.look_alike(medicines, key)
        if other is None or len(key) < lists.SHORTEST:
            continue
        checked += 1
        with pytest.raises(UnknownNameError) as error:
            read_medicine(brand.name, NONE, NONE)
        assert other in str(error.value)
        assert all(name in str(error.value) for name in brand.medicines)
    # facts: aloprim and alprim, capimune and carimune, decortin and decortin h, medrol and metrol
    assert checked >= 20


def test_the_pairs_are_found_by_comparing_all_with_all(medicines):
    """What ``look_alike`` finds is what a plain comparison of every pair finds."""
    keys = [key for key in medicines.brands if len(key) >= lists.SHORTEST]
    for key in keys:
        plain = any(
            abs(len(key) - len(other)) <= 1
            and set(medicines.brands[key].medicines).isdisjoint(medicines.brands[other].medicines)
            and re.sub("[0-9]", "", key) != re.sub("[0-9]", "", other)
            and distance(key, other) == 1
            for other in keys
            if key[0] == other[0] or key[1:3] == other[1:3] or key[-2:] == other[-2:]
        )
        if plain:
            assert lists.look_alike(medicines, key), key


def test_every_row_has_its_source():
    for name in ("brands.csv", "classes.csv"):
        with (lists.folder() / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) > 250
        assert all(row["source"] for row in rows), name


HEAD = "name,medicine,region,form,source,grade\n"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            "Zyloric,allopurinol,UK,,someone,H\nzyloric,febuxostat,US,,nobody,M\n",
            "brands.csv:3: name: 'zyloric' means febuxostat, and on line 2 allopurinol",
        ),
        ("Zyloric,,UK,,someone,H\n", "brands.csv:2: a row has a medicine, a source and a grade"),
        ("Zyloric,allopurinol,UK,,,H\n", "brands.csv:2: a row has a medicine, a source and"),
        ("Zyloric,allopurinol,UK,,someone,Z\n", "brands.csv:2: a row has a medicine, a source"),
    ],
)
def test_a_brand_of_two_medicines_or_without_a_source_is_reported_with_its_line(
    tmp_path, monkeypatch, rows, message
):
    (tmp_path / "brands.csv").write_text(HEAD + rows, encoding="utf-8")
    monkeypatch.setattr(lists, "folder", lambda: tmp_path)
    with pytest.raises(TableError) as error:
        lists.load.__wrapped__()
    assert error.value.message.startswith(message)


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("Solu Medrol", ["methylprednisolone"]),
        ("apo-allopurinol", ["allopurinol"]),
        ("BACTRIM-DS", ["co-trimoxazole"]),
        ("ACE inhibitors", ["ace-inhibitor"]),
        ("st john's wort", ["st-johns-wort"]),
        ("prednisolon", ["prednisolone"]),
        ("metformin", []),
        ("zyloric 100mg tablets", ["allopurinol"]),
        # each word is looked for, whatever stands between: signs, digits, blanks
        ("his cellcept", ["mycophenolate"]),
        ("his zyloric", ["allopurinol"]),
        ("allopurinol(300mg)", ["allopurinol"]),
        ("allopurinol:300mg", ["allopurinol"]),
        ("allopurinol=300", ["allopurinol"]),
        ("allopurinol\u2013300", ["allopurinol"]),
        ("allopurinol_300", ["allopurinol"]),
        ("allopurinol300mg", ["allopurinol"]),
        ("Zyloric300", ["allopurinol"]),
        ("allo\u200bpurinol\u2192ramipril", ["allopurinol", "ramipril"]),
        ("ramipril/allopurinol", ["ramipril", "allopurinol"]),
        ("ramipril allopurinol", ["ramipril", "allopurinol"]),
        ("allopurinol&ramipril", ["allopurinol", "ramipril"]),
        ("allopurinol.ramipril", ["allopurinol", "ramipril"]),
        ("Zyloric/Ramipril", ["allopurinol", "ramipril"]),
        # and a name that is written with them stays whole
        ("co-trimoxazole/ramipril", ["co-trimoxazole", "ramipril"]),
        ("st john's wort+ramipril", ["st-johns-wort", "ramipril"]),
        ("vitamin D3", []),
        ("interferon beta-1a", []),
        # one that the lists have as the medicine of a brand alone is no slip of itself
        ("metoprolol", ["metoprolol"]),
        ("abcd", []),
    ],
)
def test_a_word_is_read_as(word, names):
    assert [medicine.name for medicine in read_medicine(word, NONE, NONE).medicines] == names


@pytest.mark.parametrize(
    ("word", "unknown"),
    [
        ("allopurinol/metformin", ("metformin",)),
        ("metformin and allopurinol 300 mg once daily", ("metformin",)),
        ("allopurinol+ASA", ("asa",)),
        ("methylprednisolone acetate", ()),
    ],
)
def test_what_stands_beside_a_medicine_and_is_not_known_is_named(word, unknown):
    assert read_medicine(word, NONE, NONE).unknown == unknown


@pytest.mark.parametrize(
    ("word", "like"),
    [
        # a name inside a longer word, and the beginning of one
        ("allopurinolramipril", "allopurinol"),
        ("ramiprilallopurinolx", "allopurinol"),
        ("allopurinolum", "allopurinol"),
        ("ximuran", "imuran"),
        ("ramiprilimuran", "imuran"),
        ("allo", "allopin"),
        ("allop", "allopurinol"),
        ("metho", "methotrexate"),
        # each word of several
        ("alopurinol/ramipril", "allopurinol"),
        ("allop+ramipril", "allopurinol"),
        ("metformin/xallopurinol", "allopurinol"),
    ],
)
def test_a_name_that_is_cut_or_glued_is_never_an_unknown_medicine(word, like):
    with pytest.raises(UnknownNameError, match=rf"like it: .*{like}"):
        read_medicine(word, NONE, NONE)


def test_of_names_that_a_word_begins_those_of_rules_are_listed_first():
    """Allopin and alloril are brands of it."""
    with pytest.raises(UnknownNameError, match="like it: allopurinol, "):
        read_medicine("allo", frozenset({"allopurinol"}), NONE)


def test_a_short_name_within_another_word_is_chance():
    """Mirtazapine has azapin in it, and letrozole ends like ozole; both are brands."""
    for word in ("mirtazapine", "letrozole", "influenza vaccine", "interferon gamma"):
        assert read_medicine(word, NONE, NONE).medicines == ()


@pytest.mark.parametrize(
    ("word", "name", "decisive", "near"),
    [
        # a letter too few, too many or another one
        ("qzxvwkj", "qzxvwkjy", False, True),
        ("qzxvwkjyb", "qzxvwkjy", False, True),
        ("qzxb", "qzxv", False, True),
        ("qzxvbbjy", "qzxvwkjy", False, False),
        # two letters, where a dose hangs on the name and the word has seven
        ("qzxvwkjybb", "qzxvwkjy", True, True),
        ("qzxvwbb", "qzxvwkj", True, True),
        ("qzxvbb", "qzxvwk", True, False),
        ("qzvwkj", "qzxvwkjy", True, False),
        ("qzxvwbbb", "qzxvwkjy", True, False),
    ],
)
def test_a_slip_of_a_name_is_never_an_unknown_medicine(word, name, decisive, near):
    named = frozenset({name})
    if near:
        with pytest.raises(UnknownNameError, match=rf"like it: {name}\)"):
            read_medicine(word, named, named if decisive else NONE)
    else:
        assert read_medicine(word, named, named if decisive else NONE).medicines == ()


def test_a_slip_of_a_brand_is_none_either():
    for word, decisive in (("zylorik", NONE), ("zyloryck", frozenset({"allopurinol"}))):
        with pytest.raises(UnknownNameError, match="like it: zyloric"):
            read_medicine(word, NONE, decisive)
    assert read_medicine("zyloryck", NONE, NONE).medicines == ()


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("imuran", "imuran is a brand of azathioprine: write azathioprine"),
        ("imuran 50mg", "imuran is a brand of azathioprine: write azathioprine"),
        ("algopyrin", "algopyrin may be a brand of metamizole, which is not in the table"),
        (
            "depo-medrol",
            "depo-medrol is a brand of methylprednisolone, a form that is not the usual one "
            "(depot): write methylprednisolone",
        ),
        (
            "capimune",
            "capimune is a brand of ciclosporin: write ciclosporin; carimune is another medicine",
        ),
        ("mmf", "mmf is an abbreviation: write mycophenolate"),
        ("metformin", None),
    ],
)
def test_a_brand_is_never_dosed_and_its_medicine_is_named(word, advice):
    assert advice_on_drug(word, dmcalc.load_table().table.drugs) == advice


def test_the_lists_are_read_only_where_a_word_is_unknown():
    code = (
        "import sys, dmcalc\n"
        "dmcalc.dose('azathioprine', weight='75', taking=['allopurinol'])\n"
        "assert 'dmcalc.medicines.lists' not in sys.modules\n"
        "dmcalc.dose('azathioprine', weight='75', taking=['ramipril'])\n"
        "assert 'dmcalc.medicines.lists' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_medicine_that_rules_name_is_of_the_classes_that_the_lists_give_it(medicines):
    """What is known by name is not looked up in the lists: the guideline names its kinds."""
    rules, classes = guideline.load().guideline.rules, medicines.classes
    named_in = {kind for rule in rules.rules for kind in rule.when.taking}
    for name in (*rules.taken, *dmcalc.load_table().table.drugs):
        # beside ciclosporin the one drug that this kind is held for is refused
        listed = {*classes.get(lists.fold(name), ())} & named_in - {name}
        if name == "ciclosporin":
            listed -= {"cyp3a4-inhibitor"}
        for kind in listed:
            asking = [r for r in rules.rules if kind in r.when.taking]
            assert all(name in r.when.taking for r in asking) or kind in rules.kinds_of(name), name


def test_at_most_three_names_are_offered_for_one_that_is_not_known():
    """Four names are one letter from "mabx", and the error would be a list to pick from."""
    named = frozenset({"maba", "mabb", "mabc", "mabd"})
    with pytest.raises(UnknownNameError) as error:
        read_medicine("mabx", named, NONE)
    assert sum(name in str(error.value) for name in named) == 3


def test_no_listed_name_has_more_words_than_are_looked_for():
    every = lists.load()
    written = {*every.written.values(), *(brand.name for brand in every.brands.values())}
    assert 3 < max(len(_words(name)) for name in written) <= NAME_WORDS


def test_an_entry_of_very_many_words_is_no_medicine():
    """Each unknown word is compared with all names: a text that is pasted would take minutes."""
    words = " ".join(f"abcd{'efgh'[n % 4]}" for n in range(19))
    assert read_medicine(f"{words} allopurinol", frozenset(), frozenset()).medicines
    with pytest.raises(UnknownNameError, match="has more than 20 words"):
        read_medicine(f"{words} more allopurinol", frozenset(), frozenset())
