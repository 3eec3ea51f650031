"""The files that an answer is computed from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from dmcalc.formulary import load as load_table
from dmcalc.patient.inputs import PatientInput
from dmcalc.patient.reader import PatientRequest

if TYPE_CHECKING:
    from dmcalc.guideline.model import LoadedGuideline
    from dmcalc.table.model.table import LoadedTable


def overlays(files: list[str] | None) -> tuple[str, ...]:
    """List the overlays of DMCALC_OVERLAY, which holds paths as PATH does, then those named."""
    before = filter(None, os.environ.get("DMCALC_OVERLAY", "").split(os.pathsep))
    return (*before, *(files or ()))


class TableFiles:
    """Which table an answer is computed from, and a guide of one's own."""

    table: str | None
    guide: str | None
    overlay: list[str] | None
    #: The table, once it was loaded.
    loaded: LoadedTable | None = None
    #: The guide of one's own, once it was loaded.
    own_guide: LoadedGuideline | None = None
    #: What is known of the patient, once it was read.
    facts: PatientInput | None = None

    def load(self) -> LoadedTable:
        """Load the table with its overlays, and a guide where one is named.

        Raise FileError or TableError.
        """
        self.loaded = load_table(self.table, overlays(self.overlay))
        if self.guide is not None:
            from dmcalc import guideline  # start-up: no run needs it without a rule

            self.own_guide = guideline.load(self.guide)
        return self.loaded

    def guideline(self) -> LoadedGuideline:
        """Return the guide of one's own, once the table was loaded, or the bundled one."""
        from dmcalc import guideline  # start-up: as above

        return self.own_guide or guideline.load()

    def request(self, facts: PatientInput) -> PatientRequest:
        """Load the table, and a guide where one is named; raise FileError or TableError."""
        self.facts = facts.completed()
        loaded = self.load()
        return PatientRequest(loaded, self.facts, self.own_guide)
