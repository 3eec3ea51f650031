"""What some formats say besides the answer, in groups as those of ``_options``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dmcalc.errors import UsageError, as_option
from dmcalc.formats.registry import FORMATS, Style
from dmcalc.quantities.time import Weekday
from dmcalc.records import Record
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from dmcalc.fhir.writing.request import ExportOptions

#: Options whose parameter has another name: other commands have that for something else.
_NAMES = {"course_days": "--days", "weekday": "--day", "export_phase": "--phase"}


#: Other names of formats.
ALIASES = {"md": "markdown", "text": "table", "txt": "table", "ndjson": "jsonl"}
#: What replaces a format that is not written.
INSTEAD = {
    "pdf": "Print the page as PDF: --format html.",
    "xlsx": "A spreadsheet opens csv: --format csv.",
    "xls": "A spreadsheet opens csv: --format csv.",
    "yaml": "JSON is YAML too: --format json.",
}
#: Formats by the ending of a file's name.
ENDINGS = {
    **{"json": "json", "jsonl": "jsonl", "ndjson": "jsonl", "csv": "csv", "tsv": "tsv"},
    **{"md": "markdown", "markdown": "markdown", "html": "html", "htm": "html", "ics": "ics"},
    **{"svg": "svg", "bib": "bibtex", "txt": "table"},
}


def format_named(text: str | None) -> str | None:
    """Return the format of a name, in any case; raise UsageError for none."""
    if text is None:
        return None
    name = text.strip().lower()
    form = ALIASES.get(name, name)
    if form not in FORMATS:
        hint = INSTEAD.get(name, f"The formats: {', '.join(FORMATS)}.")
        raise UsageError(f"there is no format {text!r}{near(name, FORMATS)}", hint)
    return form


def format_of_file(name: str) -> str:
    """Return the format that the ending of a file name means; the page where it has none.

    Raise UsageError for an ending that is of no format.
    """
    ending = Path(name).suffix.lower().removeprefix(".")
    if name == "-" or not ending:
        return "table"
    if ending not in ENDINGS:
        raise UsageError(
            f"--output {name}: no format has the ending .{ending}",
            INSTEAD.get(ending, f"Name the format: --format json. Endings: {', '.join(ENDINGS)}."),
        )
    return ENDINGS[ending]


class FormatOptions(Record):
    """What the formats plot, ics and fhir say besides the answer."""

    plot: Annotated[bool, typer.Option("--plot", help="Draw the doses as bars: --format plot.")] = (
        False
    )
    revision: Annotated[
        int | None,
        typer.Option(
            "--revision", metavar="N", min=0, help="In ICS: corrects those of a lower number."
        ),
    ] = None
    fhir_version: Annotated[
        Literal["R4", "R5"] | None,
        typer.Option("--fhir-version", help="Version of --format fhir; R4 if not given."),
    ] = None
    subject: Annotated[
        str | None,
        typer.Option("--subject", metavar="REF", help="Whom it is for in FHIR: Patient/123."),
    ] = None
    per_product: Annotated[
        bool, typer.Option("--per-product", help="In FHIR a request for each strength.")
    ] = False
    bundle: Annotated[
        bool, typer.Option("--bundle", help="In FHIR a bundle with its provenance.")
    ] = False
    course_days: Annotated[
        int | None,
        typer.Option("--days", metavar="N", min=1, help="In FHIR the days of a course or pulse."),
    ] = None
    weekday: Annotated[
        Weekday | None,
        typer.Option("--day", case_sensitive=False, help="Weekday of a dose once a week."),
    ] = None
    export_phase: Annotated[
        str | None,
        typer.Option("--phase", metavar="NAME", help="The phase of a drug in FHIR: target."),
    ] = None

    def style(self, form: str, style: Style) -> Style:
        """Return a style with them; raise UsageError for one that the format does not take."""
        if self.revision is not None and form != "ics":
            raise UsageError("--revision is for --format ics", "Add that, or leave it out.")
        return style._replace(revision=self.revision or 0, fhir=self._fhir(form))

    def _fhir(self, form: str) -> "ExportOptions | None":
        """Return them as the format takes them; raise UsageError with another format."""
        if form != "fhir":
            values = self._asdict()
            del values["plot"], values["revision"]
            named = [name for name, value in values.items() if value not in (None, False)]
            if named:
                raise UsageError(
                    f"{_NAMES.get(named[0], as_option(named[0]))} is for --format fhir",
                    "Add that, or leave it out.",
                )
            return None
        from dmcalc.fhir.writing.request import ExportOptions

        return ExportOptions(self.fhir_version or "R4", *self[3:])


class TaperFormatOptions(FormatOptions):
    """Those of a taper."""

    weekday: None
    export_phase: None


class TitrationFormatOptions(FormatOptions):
    """Those of a titration, which has its own weekday and no courses."""

    plot: None  # type: ignore[assignment]
    course_days: None
    weekday: None
    export_phase: None


class DoseFormatOptions(FormatOptions):
    """Those of a dose."""

    plot: None  # type: ignore[assignment]
    revision: None
    per_product: None  # type: ignore[assignment]


class PlanFormatOptions(FormatOptions):
    """Those of a plan."""

    plot: None  # type: ignore[assignment]
    per_product: None  # type: ignore[assignment]
    export_phase: None
