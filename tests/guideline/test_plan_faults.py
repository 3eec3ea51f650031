"""One fault each of the plan: its drugs, its steps, its thresholds, and figures without a quote."""

from __future__ import annotations

import pytest

from dmcalc.quantities.thresholds import DoseThreshold
from tests.guideline.editing import assert_reported

PULSE = "      drugs: [methylprednisolone]\n      before: corticosteroid\n"
FAULTS = {
    "unlisted drug": (
        PULSE,
        PULSE.replace("lone]", "lon]"),
        "plan.steps.0.drugs",
        "'methylprednisolon' is not a drug of the table",
    ),
    "a step before none": (
        "before: corticosteroid",
        "before: corticosteroids",
        "plan.steps.0.before",
        "is not a step for the same population",
    ),
    "a drug that stands in for none of the table": (
        "    - drug: prednisolone\n      instead_of: prednisone\n",
        "    - drug: prednisolone\n      instead_of: prednison\n",
        "plan.stand_ins.0",
        "'prednison' is not a drug of the table",
    ),
    "a step twice": (
        "    - id: reduce\n",
        "    - id: other  # twice\n",
        "plan.steps.7.id",
        "'other' is there twice",
    ),
    "nothing to choose between": (
        "      drugs: [ivig]\n",
        "      drugs: [ivig]\n      choice: one\n",
        "plan.steps.3.choice",
        "nothing to choose between",
        "choice: one\n      cite: {source: managedermatomyositis, primary: goyal-2019, "
        'quote: "commonly',
    ),
    "a threshold that the quote has not": (
        'dose: "> 15-30 mg"',
        'dose: "> 10-30 mg"',
        "plan.marks.0.dose",
        "> 10-30 mg is not in the quote",
    ),
    "more than where the quote has at least": (
        'dose: ">= 2.5 mg"',
        'dose: "> 2.5 mg"',
        "plan.marks.2.dose",
        "> 2.5 mg is not in the quote",
    ),
    "a dose in weeks": (
        'dose: "> 4-6 mg"\n      time: ">= 3-4 weeks"',
        'dose: ">= 3-4 weeks"\n      time: ">= 3-4 weeks"',
        "plan.marks.3",
        "the dose is in mg",
        "    - id: adrenal\n",
    ),
    "a figure that the quote has not": (
        "after 3 to 4 weeks of the high dose",
        "after 3 to 5 weeks of the high dose",
        "plan.steps.7.triggers.0.text",
        "the figure 3-5 week is in none of its quotes",
    ),
    "a time that is after and within": (
        "          within: 12 weeks\n",
        "          within: 12 weeks\n          after: 12 weeks\n",
        "plan.steps.12.triggers.0.after",
        "either after or within",
        "          after: 12 weeks",
    ),
    "an age that is none": (
        "ages: [age < 1]",
        "ages: [egfr < 1]",
        "plan.steps.9.triggers.0.ages",
        "ages are written like 'age < 1'",
    ),
    "an age that the quote has not": (
        "ages: [age < 1]",
        "ages: [age < 3]",
        "plan.steps.9.triggers.0.ages.0",
        "age < 3 is not in the quote",
    ),
    "a step that acts on no drug": (
        "      needs: prednisone\n",
        "      needs: prednison\n",
        "plan.steps.7.needs",
        "'prednison' is not a drug of the table",
    ),
    "pulses of no posology": (
        "regimen: methylprednisolone.hinze-2018",
        "regimen: methylprednisolone.hinze-2019",
        "plan.repeats.0.regimen",
        "'methylprednisolone.hinze-2019' is not a posology of the table",
    ),
    "pulses beside no drug": (
        "single_beside: prednisone",
        "single_beside: prednison",
        "plan.repeats.0.single_beside",
        "'prednison' is not a drug of the table",
    ),
    "pulses at a time that the quote has not": (
        "at: [2 weeks, 4 weeks]",
        "at: [3 weeks, 4 weeks]",
        "plan.repeats.0.at.0",
        "3 weeks is not in the quote",
    ),
    "an unlisted source": (
        "cite: {source: bsr-2022, quote",
        "cite: {source: bsr-2021, quote",
        "plan.steps.7.triggers.1.cite",
        "'bsr-2021' is not one of the sources",
    ),
    "a source that nothing cites": (
        "  bmj-iim:\n",
        "  spare:\n    title: Spare\n    read: primary\n  bmj-iim:\n",
        "sources.spare",
        "nothing in the guide cites it",
    ),
}


@pytest.mark.parametrize("change", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_reported_with_its_place(tmp_path, change):
    assert_reported(tmp_path, *change)


@pytest.mark.parametrize("text", ["15 mg", ">15 mg", "> 30-15 mg", ">= 0 mg", "> 2 years", ""])
def test_a_threshold_is_written_in_one_way(text):
    with pytest.raises(ValueError, match="not"):
        DoseThreshold.parse(text)


@pytest.mark.parametrize("text", ["> 15-30 mg", ">= 2.5 mg", "> 3 months", ">= 1 month"])
def test_a_threshold_is_written_as_it_is_read(text):
    assert str(DoseThreshold.parse(text)) == text
