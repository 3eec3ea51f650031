"""One fault each of the rules for one patient: names, shares, maxima, bands that do not meet."""

from __future__ import annotations

import pytest

from tests.guideline.editing import TEXT, assert_reported, edited, refusal

NUMBER = {
    line.removeprefix("    - id: "): number
    for number, line in enumerate(
        line
        for line in TEXT[TEXT.index("\n  rules:\n") : TEXT.index("\nweight_policies:")].splitlines()
        if line.startswith("    - id: ")
    )
}


def rule(name, *path):
    """Return the key of a part of a rule."""
    return ".".join(["rules", "rules", str(NUMBER[name]), *path])


FAULTS = {
    "a share that the quote has not": (
        "      share: 1/4\n",
        "      share: 1/3\n",
        rule("azathioprine-allopurinol-nhs", "share"),
        "1/3 is not in the quote",
    ),
    "a maximum that the quote has not": (
        "      max: 1.2 g/dose\n",
        "      max: 1.5 g/dose\n",
        rule("cyclophosphamide-pulse-most", "max"),
        "1.5 g/dose is not in the quote",
    ),
    "a rule that scales without a share": (
        "      then: scale\n      share: 1/4\n",
        "      then: warn\n      share: 1/4\n",
        rule("azathioprine-allopurinol-nhs"),
        "a share belongs to a rule that scales",
        "- id: azathioprine-allopurinol-nhs",
    ),
    "a rule that caps without a maximum": (
        "      then: cap\n      max: 1.2 g/dose\n",
        "      then: cap\n",
        rule("cyclophosphamide-pulse-most"),
        "a maximum belongs to a rule that caps",
        "- id: cyclophosphamide-pulse-most",
    ),
    "one name for two rules": (
        "id: azathioprine-allopurinol-nhs",
        "id: azathioprine-allopurinol-us",
        rule("azathioprine-allopurinol-nhs", "id"),
        "'azathioprine-allopurinol-us' is there twice",
        None,
    ),
    "an unlisted drug": (
        "    - id: azathioprine-febuxostat\n      drugs: [azathioprine]",
        "    - id: azathioprine-febuxostat\n      drugs: [azathioprin]",
        rule("azathioprine-febuxostat", "drugs"),
        "'azathioprin' is not a drug of the table",
        "drugs: [azathioprin]\n",
    ),
    "a drug taken that no quote names": (
        "taking: [cyp3a4-inducer, rifampicin, phenytoin, st-johns-wort, phenobarbital,",
        "taking: [colchicine, cyp3a4-inducer, rifampicin, phenytoin, st-johns-wort, phenobarbital,",
        rule("tacrolimus-inducer", "when", "taking"),
        "'colchicine' is in none of its quotes",
    ),
    "an unlisted drug taken": (
        "taking: [febuxostat]",
        "taking: [febuxostat, topiroxostat]",
        rule("azathioprine-febuxostat", "when", "taking"),
        "'topiroxostat' is not among the concurrent medicines",
    ),
    "an unlisted condition": (
        "conditions: [ild]",
        "conditions: [ild, fibrosis]",
        rule("methotrexate-lung", "when", "conditions"),
        "'fibrosis' is not one of the conditions",
    ),
    "a name that no rule asks about": (
        "    colchicine: {}\n",
        "    colchicine: {}\n    topiroxostat: {}\n",
        "rules.taken.topiroxostat",
        "no rule asks about it",
        "topiroxostat: {}",
    ),
    "a class of which a member is unknown": (
        "members: [amiodarone]",
        "members: [amiodarone, topiroxostat]",
        "rules.taken.cyp3a4-inhibitor.members",
        "'topiroxostat' is not known to rules",
    ),
    "a rule about nothing": (
        "        aged: true\n",
        "        aged: false\n",
        rule("cyclophosphamide-pulse-most", "when"),
        "it says nothing",
        "when:\n        aged: false",
    ),
    "a band that the quote has not": (
        'bands: ["egfr < 30"]\n      then: refuse',
        'bands: ["egfr < 31"]\n      then: refuse',
        rule("methotrexate-egfr-below-30", "when", "bands", "0"),
        "egfr < 31 is not in the quote",
    ),
}


@pytest.mark.parametrize("wrong", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_reported(tmp_path, wrong):
    old, new, key, says, *at = wrong
    alone = "egfr < 31" not in new  # which then overlaps the band above it too
    if at != [None] and alone:
        assert_reported(tmp_path, old, new, key, says, *at)
        return
    told = refusal(tmp_path, edited((old, new)))
    assert f"{key}: " in told
    assert says in told


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        # 30 to 59 and below 25 leave out 25 to 29
        ('bands: ["egfr < 30"]\n      then: refuse', 'bands: ["egfr < 29"]\n      then: refuse',
         "methotrexate, nhs-dg-methotrexate: egfr < 29 and egfr 30-59 do not meet"),
        # a clearance of 30 would be in both
        ('bands: ["age < 60", "crcl > 30"]', 'bands: ["age < 60", "crcl >= 30"]',
         "cyclophosphamide, edren-vasculitis: crcl <= 30 and crcl >= 30 do not meet"),
        # nobody would be told what holds below 10
        ('bands: ["egfr < 30"]\n      then: refuse', "bands: [egfr 10-29]\n      then: refuse",
         "methotrexate, nhs-dg-methotrexate: there is nothing below egfr 10-29"),
        # nobody would be told what holds above 70
        ('bands: ["age >= 71"]\n      then: cap', "bands: [age 60-70]\n      then: cap",
         "cyclophosphamide, ard-table-6: there is nothing above age 60-70"),
    ],
)  # fmt: skip
def test_bands_of_a_source_follow_each_other(tmp_path, old, new, says):
    assert says in refusal(tmp_path, edited((old, new)))
