"""The options on the weight that doses go by, for the commands that have them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.errors import UsageError
from dmcalc.patient import weight_request
from dmcalc.patient.weight_request import Wanted

__all__ = ["Wanted", "sized", "weighed"]

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dmcalc.patient.patient import Patient
    from dmcalc.table.model.table import LoadedTable


def weighed(
    loaded: LoadedTable,
    who: Patient,
    names: Iterable[str],
    wanted: Wanted,
    guide: str | None = None,
) -> Patient:
    """Return a patient with the weight that was asked for, for the drugs that are named.

    ``guide`` is the file of one's own guide. Raise UsageError for a height or sex that nothing
    asks for, and the errors of ``dosing.dosed``.
    """
    if not wanted:
        given = "--height" if wanted.height is not None else "--sex"
        raise UsageError(
            f"{given} serves the weight that a dose goes by, and none is asked for",
            "Name it with --weight-basis or --weight-policy, or leave this out.",
        )
    from dmcalc import guideline as guides

    return weight_request.dosed(loaded, who, names, wanted, guides.load(guide))


def sized(
    loaded: LoadedTable,
    who: Patient,
    names: Iterable[str],
    wanted: Wanted,
    guide: str | None = None,
) -> Patient:
    """Return a patient with the surface of a height too, for commands that dose by surface.

    Raise the errors of ``dosing.sized``.
    """
    from dmcalc import guideline as guides

    guideline = guides.load(guide) if wanted else None
    return weight_request.sized(loaded, who, names, wanted, guideline)
