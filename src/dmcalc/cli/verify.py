"""The command ``verify``."""

from typing import Annotated, Literal, NamedTuple

import typer

from dmcalc.cli import _options as options
from dmcalc.cli._output import emit
from dmcalc.errors import UsageError

app = options.application()


class SigOptions(NamedTuple):
    """An order in plain words, and what goes with it."""

    sig: Annotated[
        str | None,
        typer.Option("--sig", metavar="SIG", help="A sig in plain words in place of files."),
    ] = None
    drug: Annotated[
        str | None,
        typer.Option("--drug", metavar="DRUG", help="The drug, where the order does not name it."),
    ] = None
    product: Annotated[
        str | None,
        typer.Option("--product", metavar="STRENGTH", help="Strength of one tablet: 10mg."),
    ] = None
    quantity: Annotated[
        str | None,
        typer.Option("--quantity", metavar="COUNT", help="Quantity dispensed: 70."),
    ] = None
    supply: Annotated[
        str | None,
        typer.Option("--supply", metavar="TIME", help="Days that the supply is to last: 28d."),
    ] = None


@app.command(cls=options.Command)
@options.grouped
def verify(
    *,
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILE", help="Orders as FHIR has them, or NDJSON; - is stdin."),
    ] = None,
    accept: Annotated[
        list[str] | None,
        typer.Option("--accept", metavar="CODE", help="Take a finding as information."),
    ] = None,
    fhir_version: Annotated[
        Literal["R4", "R5"] | None,
        typer.Option("--fhir-version", help="Version of FHIR; read from the order if not given."),
    ] = None,
    sig: SigOptions,
    output: options.TableOutputOptions,
) -> None:
    """Verify orders against themselves and the table.

    A file holds a MedicationRequest, -Statement or -Dispense of FHIR R4 or R5, a bundle of them, or
    one a line; the kind is read from its content. Steps, text, quantity and days' supply are
    compared with each other, whatever the drug is; the table adds caps, drugs for once a week and
    strengths. Exit 5: an order contradicts itself or the table; 4: something that bears on the dose
    was not understood; 7: there is no order in a file. No verdict says that an order is right for
    its patient.

    \b
    dmcalc verify order.json
    dmcalc verify order.json --format json --accept duration-as-course
    dmcalc verify --sig "Take 4 tablets daily for 7 days" --drug prednisone --product 10mg
    """
    from dmcalc.fhir.sig_order import verify_sig
    from dmcalc.fhir.sources import verify_files
    from dmcalc.fhir.verify import Verifier
    from dmcalc.results.names import find_drug

    loaded = output.load()
    drug = None if sig.drug is None else find_drug(loaded.table, sig.drug)
    verifier = Verifier(
        loaded,
        accepted=options.listed_names(accept),
        version=fhir_version,
        drug=drug,
        strict=output.strict,
    )
    if (sig.sig is None) == (not files):
        raise UsageError(
            "nothing is named to be verified"
            if sig.sig is None
            else "--sig and files are both named",
            "Name files, or give --sig TEXT.",
        )
    if sig.sig is not None:
        emit(verify_sig(sig.sig, verifier, sig.product, sig.quantity, sig.supply), output)
        return
    if sig.product or sig.quantity or sig.supply:
        raise UsageError("--product, --quantity and --supply go with --sig", "Leave them out.")
    emit(verify_files(files or (), verifier), output)
