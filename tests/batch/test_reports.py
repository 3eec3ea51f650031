"""Public reports of faults in tools of this kind: ``reports.yaml`` has each, and what is right."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from dateutil.rrule import rrulestr
from icalendar import Calendar

from tests.test_scenarios import Text, compare

REPORTS = yaml.load(Path(__file__).with_name("reports.yaml").read_text("utf-8"), Text)
KEYS = {"exit", "lines", "document", "warned", "says", "stderr", "calendar"}


def days(calendar: str, summary: str) -> list[Any]:
    """Return the days of the entries whose summary begins so, in order."""
    found = []
    for event in Calendar.from_ical(calendar).walk("VEVENT"):
        if event["SUMMARY"].startswith(summary):
            start = event.decoded("DTSTART")
            rule = event["RRULE"].to_ical().decode() if "RRULE" in event else "FREQ=DAILY;COUNT=1"
            found += [day.date() for day in rrulestr(f"DTSTART:{start:%Y%m%d}T000000\n{rule}")]
    return sorted(found)


def write(folder: Path, files: dict[str, Any]) -> None:
    """Write the files of a report, as UTF-8 where nothing else is said."""
    for name, content in files.items():
        ((encoding, text),) = ({"utf-8": content} if isinstance(content, str) else content).items()
        (folder / name).write_bytes(text.encode(encoding))


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: f"{report['id']}: {report['name']}")
def test_report(report, call, shell, tmp_path):
    expect = report["expect"]
    assert expect.keys() <= KEYS
    write(tmp_path, report.get("files", {}))
    if "shell" in report:
        done = shell(report["shell"], cwd=tmp_path)
    else:
        done = call(*shlex.split(report["command"]), cwd=tmp_path)
    assert done.code == int(expect.get("exit", 0)), done.stderr
    numbers: dict[str, Any] = {"parse_float": str, "parse_int": str}
    if "lines" in expect:
        lines = [json.loads(line, **numbers) for line in done.stdout.splitlines()]
        compare(expect["lines"], lines, "lines")
    if "document" in expect:
        document = json.loads(done.stdout, **numbers)
        compare(expect["document"], document, "document")
        codes = {warning["code"] for warning in document["warnings"]}
        assert codes >= set(expect.get("warned", ()))
    for words in expect.get("says", ()):
        assert words in " ".join(done.stdout.split())
    for words in expect.get("stderr", ()):
        assert words in " ".join(done.stderr.split())
    for summary, right in expect.get("calendar", {}).items():
        taken = days(done.stdout, summary)
        assert len(taken) == len(set(taken)) == int(right["times"])
        assert (str(taken[0]), str(taken[-1])) == (right["first"], right["last"])
        if "weekday" in right:
            assert {f"{day:%A}" for day in taken} == {right["weekday"]}


def test_every_report_is_tried():
    assert {report["id"] for report in REPORTS} == {
        *("R01", "R02", "R03", "R05", "R06", "R07", "R10", "R13", "R15", "R18", "R20", "R21"),
        *("R23", "R24", "R27", "R28", "R29", "R31", "R32", "R33", "R34", "R49", "R55", "R56"),
    }
