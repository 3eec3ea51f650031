"""What the rules of a drug refuse, on both sides of each: one part of one drug is changed."""

from __future__ import annotations

import pytest

from dmcalc.quantities.amount import Rate
from dmcalc.quantities.bounds import WeightRange
from dmcalc.quantities.time import Interval
from dmcalc.table import load
from dmcalc.table.rules import codes, indications, products, shared
from dmcalc.table.validate import citation_faults, is_key, rules

TABLE = load().table


def found(problems):
    """Write problems as a person reads them: the path in the table, and what is wrong."""
    return [f"{'.'.join(map(str, path))}: {text}" for path, text in problems]


def changed(name, /, **changes):
    """Return the table with a drug changed."""
    return TABLE._replace(drugs={**TABLE.drugs, name: TABLE.drugs[name]._replace(**changes)})


def drug(name, /, regimen=None, part="regimens", **changes):
    """Find what is wrong after a change in a drug, or in its last regimen of a part."""
    if regimen is not None:
        *others, last = getattr(TABLE.drugs[name], part)
        changes[part] = (*others, last._replace(**regimen))
    return [
        said.removeprefix(f"drugs.{name}").removeprefix(f".{part}")
        for said in found(rules(changed(name, **changes)))
        if said.startswith(f"drugs.{name}")
    ]


MTX = TABLE.drugs["methotrexate"]
WEEKLY = ": methotrexate is given once a week: once_weekly must be true"
ONLY_WEEKLY = "this drug is given once a week, so only .../week loads"
NO_REASON = "give either a dose or, in no_dose, why there is none"
NO_RANGE = ".0.by_severity: there is no range to choose an end of"
BASE = "base regimens cite the base source, and no other posology"
OLD = ("amethopterin",)
#: Of mycophenolate 2-3 g/day.
DRUGS = [
    ("methotrexate", {}, []),
    ("methotrexate", {"once_weekly": False}, [WEEKLY]),
    # by another of its names
    ("mycophenolate", {"aliases": OLD}, [WEEKLY]),
    ("mycophenolate", {"name": "MTX"}, [WEEKLY]),
    ("methotrexate", {"regimen": {"dose": Rate.parse("20 mg/dose")}},
     [f".1.dose: 20 mg/dose: {ONLY_WEEKLY}"]),
    ("methotrexate", {"regimen": {"every": Interval(1, 1, "week")}},
     [".1.every: this drug is given once a week: no other interval loads"]),
    # "2 to 3 g daily, every week": on all days or on one of them?
    ("mycophenolate", {"regimen": {"every": Interval(1, 1, "week")}},
     [".0: 2-3 g/day every 1 week: say in days how many days that is given"]),
    ("mycophenolate", {"regimen": {"every": Interval(1, 1, "week"), "days": Interval(3, 3, "day")}},
     []),
    # "20 mg once a week, every 2 weeks" says two things
    ("rituximab", {"regimen": {"dose": Rate.parse("20 mg/week")}},
     [".1.every: this drug is given once a week: no other interval loads"]),
    ("mycophenolate", {"regimen": {"dose": None, "no_dose": "Unknown."}}, []),
    ("mycophenolate", {"regimen": {"dose": None}}, [f".0: {NO_REASON}"]),
    ("mycophenolate", {"regimen": {"no_dose": "Unknown."}}, [f".0: {NO_REASON}"]),
    ("mycophenolate", {"regimen": {"dose": None, "no_dose": "No.", "max": Rate.parse("3 g/day")}},
     [".0.max: a cap without a dose"]),
    ("mycophenolate", {"regimen": {"max": Rate.parse("3 g/week")}},
     [".0.max: 3 g/week cannot cap 2-3 g/day: it must be g/day"]),
    ("mycophenolate", {"regimen": {"max": Rate.parse("3 g/kg/day")}},
     [".0.max: 3 g/kg/day cannot cap 2-3 g/day: it must be g/day"]),
    # a cap of what is for one kg is no less than nothing
    ("ciclosporin", {"regimen": {"max": Rate.parse("1 mg/day")}}, []),
    ("prednisone", {"regimen": {"dose": Rate.parse("1 mg/kg/day")}}, [NO_RANGE]),
    ("prednisone", {"regimen": {"dose": None, "no_dose": "Unknown.", "max": None}}, [NO_RANGE]),
    ("mycophenolate", {"regimen": {"days": Interval(3, 3, "day")}}, []),
    ("mycophenolate", {"regimen": {"days": Interval(3, 3, "week")}},
     [".0.days: 3 weeks: a course or pulse is divided over days"]),
    ("mycophenolate", {"regimen": {"dose": Rate.parse("2 g/course")}},
     [".0: an amount for a course needs the days that it is divided over"]),
    ("mycophenolate",
     {"regimen": {"dose": Rate.parse("2 g/course"), "days": Interval(3, 3, "day")}}, []),
    ("mycophenolate", {"regimen": {"cite": TABLE.drugs["prednisone"].alternatives[0].cite}},
     [f".0.cite: {BASE}"]),
    ("prednisone", {"part": "alternatives", "regimen": {"cite": MTX.regimens[0].cite}},
     [f".1.cite: {BASE}"]),
    ("prednisone", {"part": "juvenile", "regimen": {"population": None}},
     [f".{len(TABLE.drugs['prednisone'].juvenile) - 1}: one of the juvenile says in population "
      "whom its source gives it for"]),
    ("mycophenolate", {"regimen": {"population": None}}, []),
    ("mycophenolate", {"group": "none"}, [".group: 'none' is not one of the groups"]),
    ("mycophenolate", {"indication": "none"},
     [".indication: 'none' is not one of the indications"]),
    ("mycophenolate", {"regimens": (), "alternatives": (), "juvenile": ()},
     [": no base regimen: say in no_dose why there is no amount"]),
    ("mycophenolate", {"regimen": {"id": "atc"}},
     [".0: a regimen cannot be called 'atc': a part of a drug is called so"]),
    ("methotrexate", {"regimen": {"id": "start"}},
     [".1: a second regimen called 'start': give it an id"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "says"), DRUGS, ids=lambda value: str(value)[:80])
def test_a_drug_has_doses_that_can_be_given(name, change, says):
    assert drug(name, **change) == says


def coded(name="azathioprine", system="atc", **changes):
    """Find what is wrong with the codes after a change in one."""
    entry = getattr(TABLE.drugs[name], system)._replace(**changes)
    said = found(codes.problems(changed(name, **{system: entry})))
    return [fault.removeprefix(f"drugs.{name}.") for fault in said]


NO_CODE = "give either a code or, in no_code, why there is none"
ATC = "is not an ATC code: a letter, 2 digits, 2 letters and 2 digits, like L04AX01"
RXNORM = "is not an RxNorm code: digits alone, like 3008"
CODES = [
    ({}, []),
    ({"code": None}, [f"atc: {NO_CODE}"]),
    ({"no_code": "None."}, [f"atc: {NO_CODE}"]),
    ({"code": None, "no_code": "None."}, []),
    # that of no quote names no drug: that it is in one is asked of every figure
    ({"code": "L04AX1"}, [f"atc.code: 'L04AX1' {ATC}"]),
    ({"code": "L04AX011"}, [f"atc.code: 'L04AX011' {ATC}"]),
    ({"system": "rxnorm", "code": "0125"}, [f"rxnorm.code: '0125' {RXNORM}"]),
    ({"system": "rxnorm", "code": "12345678"}, []),
    ({"system": "rxnorm", "code": "123456789"}, [f"rxnorm.code: '123456789' {RXNORM}"]),
    ({"system": "rxnorm", "code": "1"}, []),
    # a sentence may count, and names no code of its own
    ({"reading": "It has 12 letters."}, []),
    ({"reading": "Not 123."}, ["atc.reading: 123 is in none of its quotes"]),
    ({"reading": "Not 12345678."}, ["atc.reading: 12345678 is in none of its quotes"]),
    ({"reading": "Not L04AX02."}, ["atc.reading: L04AX02 is in none of its quotes"]),
    ({"reading": "L04AX01."}, []),
]


@pytest.mark.parametrize(("change", "says"), CODES, ids=lambda value: str(value)[:80])
def test_a_code_is_whole_and_of_its_drug(change, says):
    assert coded(**change) == says


def test_a_code_is_of_one_drug():
    entry = TABLE.drugs["azathioprine"].atc
    said = found(codes.problems(changed("tacrolimus", atc=entry)))
    assert said == [
        "drugs.tacrolimus.atc.code: no quote with L04AX01 in it names tacrolimus",
        "drugs.tacrolimus.atc.code: L04AX01 is also the code of azathioprine",
    ]


@pytest.mark.parametrize(
    ("quote", "names"),
    [
        ("L04AX01 Azathioprine", True),
        ("L04AX01 azathioprines", True),  # a class is written so
        ("L04AX01 xazathioprine", False),
        ("L04AX01 azathioprinex", False),
        ("L04AX01 another", False),
        ("another", True),  # without the code: that is asked of every figure
    ],
)
def test_a_quote_names_the_drug_of_a_code(quote, names):
    cite = (TABLE.drugs["azathioprine"].atc.cites[0]._replace(quote=quote),)
    entry = TABLE.drugs["azathioprine"].atc._replace(cite=cite, reading=None)
    said = [t for t in found(codes.problems(changed("azathioprine", atc=entry))) if "atc" in t]
    says = "drugs.azathioprine.atc.code: no quote with L04AX01 in it names azathioprine"
    assert said == ([] if names else [says])


def test_a_product_has_strengths_markets_and_a_name_of_its_own():
    first, second, *rest = TABLE.drugs["azathioprine"].products
    here = "drugs.azathioprine.products"
    for change, says in (
        ({}, []),
        ({"strengths": ()}, ["strengths: no strengths: there is nothing that can be dispensed"]),
        ({"markets": ()}, ["markets: no market: say where it is sold"]),
        ({"id": first.id}, [f"id: {first.id!r} is there twice"]),
    ):
        every = (first, second._replace(**change), *rest)
        said = found(products.problems(changed("azathioprine", products=every)))
        assert said == [f"{here}.1.{fault}" for fault in says]


@pytest.mark.parametrize(
    ("group", "indicated", "refused"),
    [("a", True, False), ("a", False, True), (None, True, False), (None, False, False)],
)
def test_a_choice_is_among_what_is_indicated(group, indicated, refused):
    places = TABLE.indications["first-line"]
    mild = places.mild._replace(choice_group=group, indicated=indicated)
    table = TABLE._replace(indications={"first-line": places._replace(mild=mild)})
    says = [
        "indications.first-line.mild.choice_group: "
        "a choice is among drugs that are indicated at this severity"
    ]
    assert found(indications.problems(table)) == (says if refused else [])


@pytest.mark.parametrize(
    ("aliases", "absent", "says"),
    [
        (("one",), (), []),
        (("One",), (), ["azathioprine.aliases: 'One': write aliases in small letters"]),
        (("tacrolimus",), (),
         ["tacrolimus: the name 'tacrolimus' is also that of azathioprine"]),
        (("azathioprine",), (), []),  # its own
        (("one",), ("one",),
         ["azathioprine: the name 'one' is also that of a drug that is listed as absent"]),
        (("one",), ("tacrolimus",),
         ["tacrolimus: the name 'tacrolimus' is also that of a drug that is listed as absent"]),
    ],
)  # fmt: skip
def test_a_name_is_of_one_drug(aliases, absent, says):
    own = TABLE.drugs["azathioprine"]._replace(aliases=aliases)
    drugs = {"azathioprine": own, "tacrolimus": TABLE.drugs["tacrolimus"]}
    assert found(shared.names_are_one_drugs(drugs, absent, ())) == says


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("a", True), ("1", True), ("a.b-1", True), ("-a", False), (".a", False), ("A", False),
     ("a b", False), ("a\n", False), ("é", False), ("", False)],
)  # fmt: skip
def test_a_key_is_written_in_small_letters(text, is_one):
    assert is_key(text) is is_one


@pytest.mark.parametrize(
    ("usual", "refused"),
    [("1-500 kg", False), ("0.9-500 kg", True), ("1-501 kg", True)],
)
def test_usual_weights_are_among_those_that_may_be_confirmed(usual, refused):
    limits = TABLE.limits._replace(weight=WeightRange.parse(usual))
    says = [f"limits.confirmed_weight: narrower than the usual limits, {usual}"]
    assert found(rules(TABLE._replace(limits=limits))) == (says if refused else [])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, []),
        ({"source": "nobody"}, ["'nobody' is not one of the sources"]),
        ({"primary": "nobody"}, ["'nobody' is not one of the sources"]),
        ({"primary": None}, []),
        ({"quote": None}, []),
        ({"quote": "word " * 25}, []),
        ({"quote": "word " * 26}, ["the quote has 26 words, at most 25 are allowed"]),
    ],
)
def test_a_citation_is_of_listed_works_and_short(change, says):
    cite = MTX.regimens[0].cite[0]._replace(**change)
    assert list(citation_faults(cite, TABLE.sources)) == says
