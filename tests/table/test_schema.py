from __future__ import annotations

import json

import pytest
import yaml

from dmcalc.sources import cite
from dmcalc.table import validate
from dmcalc.table.model import drug, schedules, table
from tests.table.editing import TEXT, YAML, edited
from tests.table.schema import faults, plain

SCHEMA = YAML.with_name("drugs.schema.json")
REGIMEN = ".drugs.prednisone.regimens.0"

# A change that an editor shows as wrong, and where.
WRONG = {
    "unknown key": (("    route: oral\n", "    route: oral\n    colour: red\n"), ".colour"),
    "missing key": (("    route: oral\n", ""), ".drugs.prednisone.route"),
    "unknown word": (("phase: induction", "phase: beginning"), f"{REGIMEN}.phase"),
    "no unit": (("dose: 0.75-1 mg/kg/day", "dose: 0.75-1"), f"{REGIMEN}.dose"),
    "no time": (("dose: 0.75-1 mg/kg/day", "dose: 0.75-1 mg/kg"), f"{REGIMEN}.dose"),
    "text before": (("max: 60-80 mg/day", "max: about 60-80 mg/day"), f"{REGIMEN}.max"),
    "text after": (("max: 60-80 mg/day", "max: 60-80 mg/day or so"), f"{REGIMEN}.max"),
    "list": (("{mild: low, moderate: high, severe: high}", "[low]"), f"{REGIMEN}.by_severity"),
    "text for a number": (("doses: 2\n", 'doses: "2"\n'), ".drugs.rituximab.regimens.0.doses"),
    "text for true": (("once_weekly: true", "once_weekly: x"), ".drugs.methotrexate.once_weekly"),
}


@pytest.fixture(scope="module")
def schema():
    return validate.json_schema()


def found(text: str, schema: object) -> list[str]:
    return list(faults(plain(yaml.load(text, yaml.CSafeLoader)), schema, schema))


def test_file_is_what_the_program_prints(schema):
    written = SCHEMA.read_text(encoding="utf-8")
    assert json.loads(written) == schema
    assert written == json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def test_yaml_points_to_its_schema():
    first = TEXT.partition("\n")[0]
    assert first == f"# yaml-language-server: $schema={SCHEMA.name}"
    assert SCHEMA.is_file()


def test_table_fits_its_schema(schema):
    assert found(TEXT, schema) == []


@pytest.mark.parametrize(("change", "path"), WRONG.values(), ids=WRONG)
def test_fault_does_not_fit_the_schema(schema, change, path):
    (told,) = found(edited(change), schema)
    assert path in told


@pytest.mark.parametrize(
    "shape", [table.Table, drug.Drug, drug.Regimen, cite.Cite, schedules.TaperBand, cite.Source]
)
def test_schema_describes_each_key(schema, shape):
    described = schema if shape is table.Table else schema["$defs"][shape.__name__]
    assert set(described["properties"]) == set(shape._fields)
    assert all(part["description"].endswith(".") for part in described["properties"].values())
