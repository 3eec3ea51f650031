"""What a medicine is read as, whole: its classes, the word that was written, and its form."""

from __future__ import annotations

import pytest

import dmcalc
from dmcalc.errors import UnknownNameError
from dmcalc.medicines.names import NamedMedicine, advice_on_drug, read_medicine

NONE = frozenset()
ALLOPURINOL = NamedMedicine("allopurinol", ("xanthine-oxidase-inhibitor",))


@pytest.mark.parametrize(
    ("word", "medicine"),
    [
        ("allopurinol", ALLOPURINOL),
        ("Allo-purinol", ALLOPURINOL),
        ("allopurinol 300 mg", ALLOPURINOL._replace(word="allopurinol 300 mg")),
        ("Zyloric", ALLOPURINOL._replace(word="Zyloric")),
        ("ACE inhibitors", NamedMedicine("ace-inhibitor", ("ace-inhibitor",))),
        ("depo-medrol", NamedMedicine("methylprednisolone", (), "depo-medrol", "depot")),
        # a spelling is no form
        ("prednisolon", NamedMedicine("prednisolone", (), "prednisolon")),
    ],
)
def test_a_medicine_has_its_classes_and_the_word_that_was_another(word, medicine):
    assert read_medicine(word, NONE, NONE).medicines == (medicine,)


def test_a_name_of_the_rules_is_read_however_short_it_is():
    assert read_medicine("Qzx", frozenset({"qzx"}), NONE).medicines == (
        NamedMedicine("qzx", (), "Qzx"),
    )
    with pytest.raises(UnknownNameError, match="Qzx is an abbreviation: write the name"):
        read_medicine("Qzx", NONE, NONE)


@pytest.mark.parametrize(
    ("word", "parts"),
    [("t-e-l-m-i-s-a-rtan", ("telmisartan",)), ("t-e-l-m-i-s-a-r-tan", ())],
)
def test_a_name_may_be_written_in_eight_parts(word, parts):
    names = tuple(m.name for m in read_medicine(f"allopurinol/{word}", NONE, NONE).medicines)
    assert names == ("allopurinol", *parts)


@pytest.mark.parametrize(
    ("word", "unknown"),
    [
        ("allopurinol+qz", ()),  # two letters are no name
        ("allopurinol+qzx", ("qzx",)),
        ("allopurinol+3000", ()),
        ("allopurinol+tablets", ()),
        ("allopurinol+tabletz", ("tabletz",)),
    ],
)
def test_what_is_no_name_beside_a_medicine_is_not_said_to_be_unknown(word, unknown):
    assert read_medicine(word, NONE, NONE).unknown == unknown


@pytest.mark.parametrize(
    ("word", "name", "near"),
    [
        ("allopurinol qzxb", "qzxv", True),
        ("allopurinol qzb", "qzv", False),  # of three letters any is one from another
    ],
)
def test_a_slip_beside_a_medicine_is_found_from_four_letters_on(word, name, near):
    named = frozenset({name})
    if near:
        with pytest.raises(UnknownNameError, match=rf"like it: {name}\)"):
            read_medicine(word, named, NONE)
    else:
        assert read_medicine(word, named, NONE).medicines == (ALLOPURINOL._replace(word=word),)


@pytest.mark.parametrize(
    ("word", "like"),
    [
        # six letters at an end of a longer word, and seven within it
        ("imuranxyz", "imuran"),
        ("xyzimuran", "imuran"),
        ("ximuranx", None),
        ("xzyloricx", "zyloric"),
    ],
)
def test_a_name_within_a_word_is_chance_where_it_is_short(word, like):
    if like is None:
        assert read_medicine(word, NONE, NONE).medicines == ()
        return
    with pytest.raises(UnknownNameError, match=rf"like it: {like}\)"):
        read_medicine(word, NONE, NONE)


def test_two_letters_may_differ_where_a_dose_hangs_on_the_class():
    """Of enalapril nothing is said by name: rules speak of its class."""
    with pytest.raises(UnknownNameError, match="like it: enalapril"):
        read_medicine("enalaprrll", NONE, frozenset({"ace-inhibitor"}))
    for decisive in (NONE, frozenset({"proton-pump-inhibitor"})):
        assert read_medicine("enalaprrll", NONE, decisive).medicines == ()


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("None", "'None' is no medicine"),
        (" nil ", "' nil ' is no medicine"),
        ("no zyloric", "'no zyloric' may say that it is not taken"),
        ("zyloric (stopped 2020)", "'zyloric (stopped 2020)' may say that it is not taken"),
        ("Allergic to co-trimoxazole", "'Allergic to co-trimoxazole' may say that it is not taken"),
        ("M.M.F", "M.M.F is an abbreviation: write mycophenolate"),
        ("aza", "aza can mean azathioprine or azacitidine: write the name that is meant"),
        ("mmf", "mmf is an abbreviation: write mycophenolate"),
        ("cp", "cp is an abbreviation: write the name"),
        ("abc", "abc is an abbreviation: write the name"),
        ("ramipril/mmf", "mmf is an abbreviation: write mycophenolate"),
        ("algopyrin", "algopyrin may be a brand of metamizole; no source that was read says so"),
        (
            "aloprim",
            "aloprim is a brand of allopurinol, and one letter from alprim, another medicine",
        ),
    ],
)
def test_what_is_no_name_of_one_medicine_is_refused(word, says):
    with pytest.raises(UnknownNameError) as error:
        read_medicine(word, NONE, NONE)
    assert error.value.message == f"taking: {says}"


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("prednisolon", None),  # the names near to it are offered instead
        (
            "aloprim",
            "aloprim is a brand of allopurinol, which is not in the table; "
            "alprim is another medicine",
        ),
        (
            "evotaz",
            "evotaz is a brand of atazanavir and cobicistat, which is not in the table",
        ),
    ],
)
def test_a_brand_of_what_the_table_has_not_is_no_drug_of_it(word, advice):
    assert advice_on_drug(word, dmcalc.load_table().table.drugs) == advice


@pytest.mark.parametrize(
    ("word", "name", "near"),
    [
        ("qzxvbll", "qzxvbkw", True),
        ("qzxvlll", "qzxvbkw", False),  # three letters differ
        ("qzxvll", "qzxvbk", False),  # of six letters one may
        ("qzxvbl", "qzxvbk", True),
    ],
)
def test_two_letters_may_differ_of_seven_on_which_a_dose_hangs(word, name, near):
    named = frozenset({name})
    if near:
        with pytest.raises(UnknownNameError, match=rf"like it: {name}\)"):
            read_medicine(word, named, named)
    else:
        assert read_medicine(word, named, named).medicines == ()


def test_three_names_are_offered_those_of_the_rules_first():
    named = frozenset({"qzxva", "qzxvb", "qzxvc", "qzxvd"})
    with pytest.raises(UnknownNameError, match=r"like it: qzxva, qzxvb, qzxvc\)"):
        read_medicine("qzxvy", named, NONE)
    begun = frozenset({"qzxvlonger", "qzxvlong"})
    with pytest.raises(UnknownNameError, match=r"like it: qzxvlong, qzxvlonger\)"):
        read_medicine("qzxvl", begun, NONE)
    with pytest.raises(UnknownNameError, match=r"like it: imurabcdef, imuran, imurek\)"):
        read_medicine("imur", frozenset({"imurabcdef"}), NONE)


def test_the_whole_first_word_of_a_name_is_no_part_of_a_word():
    assert read_medicine("qzxv", frozenset({"qzxv plus"}), NONE).medicines == ()
