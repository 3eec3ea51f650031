"""What a taper says of the pulses that come before it."""

from __future__ import annotations

import pytest

from dmcalc import guideline
from dmcalc.quantities.amount import read_amount
from dmcalc.schedules.exposure import with_taper_notes
from dmcalc.schedules.taper import taper

PULSE = "Indicated before this taper: Methylprednisolone, 1 g/day for 3 to 5 days."


def pulses(loaded, patient, drug="prednisone"):
    """Return in short which pulses a taper of 60 mg says are indicated before it."""
    result = taper(loaded, patient, drug, start_dose=read_amount("60mg"))
    noted = with_taper_notes(result, guideline.load()).cautions
    return [note.brief for note in noted if note.code == "pulse-indicated"]


@pytest.mark.parametrize("drug", ["prednisone", "prednisolone"])
@pytest.mark.parametrize(
    ("severity", "named"), [("severe", [PULSE]), ("moderate", []), ("mild", []), (None, [])]
)
def test_the_pulse_of_the_group_is_named_where_the_severity_indicates_it(
    loaded, person, drug, severity, named
):
    assert pulses(loaded, person("70", severity), drug) == named


def changed(loaded, drug, **regimen):
    """Return the table with the first posology of a drug changed."""
    known = loaded.table.drugs[drug]
    regimens = (known.regimens[0]._replace(**regimen), *known.regimens[1:])
    return with_drug(loaded, drug, regimens=regimens)


def with_drug(loaded, drug, **changes):
    drugs = {**loaded.table.drugs, drug: loaded.table.drugs[drug]._replace(**changes)}
    return loaded._replace(table=loaded.table._replace(drugs=drugs))


def test_what_is_no_pulse_of_the_group_with_a_dose_is_not_named_as_one(loaded, person):
    severe = person("70", "severe")
    for other in (
        with_drug(loaded, "methylprednisolone", group="immunosuppressants"),
        changed(loaded, "methylprednisolone", phase="start"),
        changed(loaded, "methylprednisolone", dose=None),
    ):
        assert pulses(other, severe) == []
    # the pulse of the drug itself is no other drug's
    assert pulses(changed(loaded, "prednisone", phase="pulse"), severe) == [PULSE]


def test_a_pulse_whose_source_gives_no_days_is_named_without_them(loaded, person):
    other = changed(loaded, "methylprednisolone", days=None)
    said = pulses(other, person("70", "severe"))
    assert said == ["Indicated before this taper: Methylprednisolone, 1 g/day."]
