"""The command ``taper``."""

from typing import Annotated

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._format_options import TaperFormatOptions
from dmcalc.cli._output import emit
from dmcalc.errors import UsageError
from dmcalc.schedules.taper import TaperInput, compute_taper

app = options.application()

#: What the milestones of a child take of a schedule.
OF_CHILDREN = frozenset({"protocol", "start_dose", "start"})


class TaperOptions(TaperInput):
    """What the user chooses of a taper."""

    protocol: Annotated[
        str | None,
        typer.Option(
            "--protocol",
            "-p",
            metavar="ID",
            help="Which taper; dmcalc taper lists them.",
        ),
    ]
    start_dose: Annotated[
        str | None,
        typer.Option("--from", metavar="DOSE", help="Daily start dose with its unit: 60mg."),
    ]
    hold: Annotated[
        str | None,
        typer.Option("--hold", metavar="LENGTH", help="How long to stay on the start dose: 3w."),
    ]
    interval: Annotated[
        str | None,
        typer.Option(
            "--interval",
            metavar="LENGTH",
            help="Length of a step, if the source leaves it open: 8w.",
        ),
    ]
    decrement: Annotated[
        str | None,
        typer.Option(
            "--decrement",
            metavar="DOSE",
            help="Size of a step, if the source leaves it open: 10mg.",
        ),
    ]
    weeks: Annotated[
        str | None,
        typer.Option("--weeks", metavar="LENGTH", help="Length of a schedule of courses: 24, 24w."),
    ]
    steps: Annotated[
        str | None,
        typer.Option(
            "--steps", metavar="STEPS", help='Your own taper: "hold 4w; -10mg/4w to 20mg".'
        ),
    ]
    max_step: Annotated[
        str | None,
        typer.Option(
            "--max-step", metavar="DOSE", help="Largest reduction of your own taper: 5mg."
        ),
    ]
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DOSE", help="Present dose: continue from there."),
    ]
    from_date: Annotated[
        str | None,
        typer.Option(
            "--from-date",
            metavar="DATE",
            callback=options.iso_date,
            help="First day of the present dose.",
        ),
    ]
    flare: Annotated[
        bool, typer.Option("--flare", help="Flare at the --on dose: go back one step.")
    ]
    left: Annotated[
        str | None,
        typer.Option(
            "--left", metavar="LIST", help="Tablets the patient still has: 20mg:30,5mg:12."
        ),
    ]
    packs: options.Packs
    start: options.Start
    direction: options.Direction


@app.command(cls=options.Command)
@options.grouped
def taper(
    context: typer.Context,
    *,
    drug: Annotated[
        str | None, typer.Argument(metavar="DRUG", help="A drug that has a taper.")
    ] = None,
    patient: options.PatientOptions,
    schedule: TaperOptions,
    products: options.ProductOptions,
    output: options.OutputOptions,
    formats: TaperFormatOptions,
    receipt: options.ReceiptOptions,
) -> None:
    """Compute a taper or courses, dated; list the tapers.

    The start dose is the table's for weight and severity, or the one given with --from. A schedule
    ends where its source ends, and says so. Choices stay inside what the source leaves open. With
    an age under 18 the answer is the milestones of a child's taper, and nothing between them.

    \b
    dmcalc taper
    dmcalc taper prednisone --weight 70 --severity severe
    dmcalc taper prednisone --from 60mg --protocol etg --start 2026-12-01
    dmcalc taper prednisone --from 60mg --steps "hold 4w; -10mg/4w to 20mg; -2.5mg/4w to 0mg"
    dmcalc taper prednisone --age 9 --weight 28 --protocol hinze-2018
    dmcalc taper prednisone --on 35mg --from-date 2027-02-01
    dmcalc taper ivig --weight 70 --weeks 24 --plot
    dmcalc taper prednisone --from 60mg --start 2026-12-01 --format ics
    dmcalc taper prednisone --from 60mg --start 2026-12-01 -f fhir --subject Patient/123
    """
    from dmcalc.catalogue.drugs import list_protocols

    if formats.plot:
        if output.format not in ("table", "plot"):
            raise UsageError(
                f"--plot and --format {output.format} are two formats", "Leave one of them out."
            )
        output = output._replace(form="plot")
    if drug is None:
        others = options.named_options(context)
        if others:
            raise UsageError(
                f"no drug is named, and {others[0]} needs one",
                "Name it, or leave the other options out.",
            )
        emit(list_protocols(output.load()), output, receipt, context, formats)
        return
    request = output.request(patient)
    result = compute_taper(request, drug, schedule, products.stocked())
    if result.patient.child:
        _of_children_only(context)
    emit(result, output, receipt, context, formats)


def _of_children_only(context: typer.Context) -> None:
    """Refuse what is for the steps of a taper, where the answer is milestones; raise UsageError."""
    allowed = {
        *OF_CHILDREN,
        "drug",
        *options.PatientOptions._fields,
        *options.ReceiptOptions._fields,
    }
    others = options.named_options(context, allowed)
    if others:
        names = ("--age", "--confirm-weight", "--from", "--protocol", "--start", "--weight")
        raise UsageError(
            f"{others[0]} is for the steps of a taper, and those of children are milestones",
            f"Besides the drug they take {', '.join(names)}.",
        )
