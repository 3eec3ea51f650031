"""The shapes of the guide: what is known of the treatment besides the posology of its drugs.

Named tuples, for the reasons that stand in ``table/model.py``: they are read by pydantic from the
YAML, and the bundled guide is built as the calls that make them. Each part of the guide has its own
file here.
"""

from __future__ import annotations

import datetime
from typing import Annotated

from dmcalc.errors import TableError
from dmcalc.guideline.care import Care, Severities
from dmcalc.guideline.monitoring import Lab, LabTest, Monitoring, ResultThreshold
from dmcalc.guideline.patient_rules import Rules
from dmcalc.guideline.steps import Plan
from dmcalc.guideline.weight_policies import WeightPolicy
from dmcalc.records import Record
from dmcalc.sources.cite import Note, Source
from dmcalc.table.model.table import Table


class Guideline(Record):
    """The guide to the treatment."""

    version: Annotated[str, "Version of the guide, year and month of its release."]
    reviewed: Annotated[datetime.date, "Day of the last review of the whole guide."]
    review_by: Annotated[datetime.date, "Day after which it needs a new review."]
    plan: Annotated[Plan, "The treatment in steps, and the dates to act on of its calendar."]
    care: Annotated[Care, "Non-pharmacological care, and the rest of the reference."]
    severity: Annotated[Severities, "How weakness is graded."]
    monitoring: Annotated[dict[str, Monitoring], "What is monitored, by drug."]
    monitoring_notes: Annotated[tuple[Note, ...], "What holds for all monitoring."]
    lab_tests: Annotated[dict[Lab, LabTest], "Tests whose results are compared with limits."]
    thresholds: Annotated[tuple[ResultThreshold, ...], "Limits for results."]
    rules: Annotated[Rules, "Rules for one patient."]
    weight_policies: Annotated[dict[str, WeightPolicy], "Whose rule it is by which weight."]
    sources: Annotated[dict[str, Source], "Works that only the guide cites, by key."]


class LoadedGuideline(Record):
    """A guide together with the bytes that it was read from."""

    guideline: Guideline
    sha256: str
    path: str
    #: The works that it cites, by key: its own, and those that the drug table lists.
    sources: dict[str, Source]

    def works(self, table: Table) -> dict[str, Source]:
        """Return the works of a table, which need not be its own one, and of this guide, by key.

        Raise TableError where a key is one work here and another one there.
        """
        for key, work in table.sources.items():
            if key in self.sources and work.title != self.sources[key].title:
                raise TableError(
                    f"the source {key!r} of the table is another work than that of the guide",
                    "Give it another key there, or name the guide that is meant with ‹guide›.",
                )
        return {**self.sources, **table.sources}
