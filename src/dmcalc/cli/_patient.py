"""What is said of a patient beside size, and the rules that follow from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.cli import _options as options

if TYPE_CHECKING:
    from collections.abc import Sequence

    import typer

    from dmcalc.dosing.adjustments import Advice
    from dmcalc.patient.patient import Patient
    from dmcalc.table.model.table import LoadedTable

#: What an option has that was not given; one that is given and empty says something is amiss.
UNSAID: tuple[object, ...] = (None, False, ())
#: The options that say something rules ask about; an adult's age does too.
ASKED = ("taking", "condition", "tpmt", "nudt15", "egfr", "crcl", "creatinine", "planned")


def advice(
    context: typer.Context, loaded: LoadedTable, patient: Patient, named: Sequence[str]
) -> Advice | None:
    """Return the rules for a patient by the options of a command, None where none were given.

    ``named`` are the drugs of the command, which ``--planned`` gives together.
    """
    given = context.params
    if patient.adult_age is None and not any(given.get(name) not in UNSAID for name in ASKED):
        return None
    from dmcalc import guideline
    from dmcalc.dosing.adjustments import advise
    from dmcalc.patient.clinical_context import Said
    from dmcalc.results.names import find_drugs

    said = Said(
        taking=_named("--taking", given.get("taking")),
        conditions=_named("--condition", given.get("condition")),
        **{name: given.get(name) for name in Said._fields[2:]},
    )
    together = find_drugs(loaded.table, named) if given.get("planned") else ()
    return advise(loaded, guideline.load(given.get("guide")), patient, said, together)


def _named(option: str, given: list[str] | None) -> tuple[str, ...]:
    """Return the names of an option; raise UsageError where it was given and names nothing."""
    names = options.names(given)
    if given and not names:
        from dmcalc.errors import UsageError

        raise UsageError(f"{option} names nothing", "List the names with: dmcalc rules")
    return names
