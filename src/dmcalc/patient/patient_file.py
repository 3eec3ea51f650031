"""A file with what is known of a patient: YAML or JSON, its keys named as the options."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.errors import UsageError
from dmcalc.table import strict_yaml
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from collections.abc import Collection

Fact = str | bool | tuple[str, ...]


def read_patient_file(
    name: str, facts: Collection[str], lists: Collection[str], flags: Collection[str]
) -> dict[str, Fact]:
    """Read the facts in a file, ``-`` being stdin, by their names; a null is not a fact.

    ``facts`` are the names that there are; those in ``lists`` hold one name or several, those in
    ``flags`` true or false. Raise FileError and TableError for a file that cannot be read, and
    UsageError for a key that is not a fact and for a value of another kind.
    """
    content = strict_yaml.read_bytes(name, "patient")
    data = strict_yaml.parse(content, name, numbers_as_text=True).data
    if not isinstance(data, dict):
        raise UsageError(f"{name} is not a list of facts", "Write one a line: weight: 70")
    values: dict[str, Fact] = {}
    for key, value in data.items():
        fact = key.replace("-", "_")
        if fact not in facts:
            raise UsageError(
                f"{name}: {key!r} is not a fact of a patient{near(fact, facts)}",
                f"The facts: {', '.join(facts)}",
            )
        if fact in values:
            raise UsageError(f"{name}: {fact} is there twice")
        if value is not None:
            values[fact] = _value(f"{name}: {key}", value, fact in lists, fact in flags)
    return values


def _value(where: str, value: object, is_list: bool, is_flag: bool) -> Fact:
    """Return a value as its fact takes it; raise UsageError for one of another kind."""
    if is_flag and isinstance(value, bool):
        return value
    if is_list and isinstance(value, tuple) and all(isinstance(item, str) for item in value):
        return value
    if not is_flag and isinstance(value, str):
        return (value,) if is_list else value
    kind = "true or false" if is_flag else "a name or a list of names" if is_list else "one value"
    raise UsageError(f"{where}: this fact is {kind}")
