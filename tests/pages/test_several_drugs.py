"""Several drugs in ``show`` and ``why``: each of them, under one head and foot."""

from __future__ import annotations

import pytest

NAMES = ("prednisone", "Methotrexate,ivig")
KEYS = ("prednisone", "methotrexate", "ivig")
#: What a document of several drugs says once for all of them.
COMMON = ("schema", "dmcalc", "table", "warnings", "cautions", "disclaimer")


@pytest.mark.parametrize("command", ["show", "why"])
def test_each_drug_has_the_document_of_itself_alone(call, command):
    several = call(command, *NAMES, "-f", "json").json
    singles = [call(command, key, "-f", "json").json for key in KEYS]
    assert several["schema"] == f"dmcalc.{command}-drugs/1"
    for name in ("warnings", "cautions"):
        notes = [note for single in singles for note in single[name]]
        assert several[name] == [note for n, note in enumerate(notes) if note not in notes[:n]]
    for single in singles:
        assert single["rows"]
        for key in COMMON:
            del single[key]
    assert several["drugs"] == singles


@pytest.mark.parametrize("detail", [(), ("--explain",)])
def test_the_page_has_each_drug_and_one_foot(call, detail):
    page = call("show", *NAMES, *detail, "--width", "500").stdout
    lines = page.splitlines()
    assert lines[0] == "Prednisone, Methotrexate and Immunoglobulin (IVIg)"
    heads = [
        "Prednisone: corticosteroid, by",
        "Methotrexate: immunosuppressant",
        "Immunoglobulin (IVIg): immunoglobulin",
    ]
    places = [next(n for n, line in enumerate(lines) if line.startswith(h)) for h in heads]
    assert places == sorted(places)
    assert page.count("Opinion of the cited authors") == 1
    assert page.count("Taken once a week, never daily: daily use can be fatal.") == 1
    once = [line for line in lines if line.startswith("  - interpretation:")]
    assert len(once) == len(set(once))


def test_the_rows_are_those_of_each_drug(call):
    several = call("show", *NAMES, "--field", "regimen").stdout
    assert several == "".join(call("show", key, "--field", "regimen").stdout for key in KEYS)


def test_figures_of_one_drug_stand_together(call):
    named = ("why", "prednisone.induction.max", "ivig.induction.days", "prednisone.induction.dose")
    drugs = call(*named, "-f", "json").json["drugs"]
    assert [drug["drug"] for drug in drugs] == ["prednisone", "ivig"]
    ids = list(dict.fromkeys(row["id"] for row in drugs[0]["rows"]))
    assert ids == ["prednisone.induction.max", "prednisone.induction.dose"]
