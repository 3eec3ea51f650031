"""The commands whose answers are exported: those of the scenarios, and shapes beside them."""

from __future__ import annotations

import shlex

from tests.test_scenarios import FOLDER, load

#: What FHIR cannot say without more than the scenario asks; added to every command of the drug.
ADDED = {"ivig": ("--days", "2"), "methotrexate": ("--day", "monday")}
FURTHER = [
    f"taper prednisone --weight {weight} --severity {severity} --protocol {protocol} {start}"
    for weight in ("40", "63.3", "85", "120")
    for severity in ("mild", "severe")
    for protocol in ("hhe-2018", "etg")
    for start in ("", "--start 2028-02-20")
] + [
    'taper prednisone --from 60mg --steps "hold 4w; -10mg/4w to 20mg; -2.5mg/4w to 0mg"',
    'taper prednisone --from 20mg --steps "20mg/10mg alternate days 4w" --start 2026-12-01',
    'taper prednisone --from 20mg --steps "20mg/10mg alternate days 9d; 5mg 1d" --start 2027-02-01',
    "taper prednisone --on 35mg --from-date 2027-02-01",
    "titrate methotrexate --start 2026-12-01",
    "titrate azathioprine --weight 70 --start 2026-12-01",
    "titrate ciclosporin --weight 70 --interval 2w",
    "taper ivig --weight 70 --start 2026-12-01",
]


def commands():
    """Return the commands of tapers and titrations that the scenarios answer, each once."""
    found = {}
    for scenario in load(FOLDER):
        if scenario["expect"].get("exit", "0") != "0" or scenario.keys() & {"table", "overlay"}:
            continue
        words = shlex.split(scenario["command"])
        schedule = words[:1] in (["taper"], ["titrate"]) and "steps" in scenario["expect"]
        if schedule and not {"-f", "--format", "--field", "--plot"} & set(words):
            found[tuple(words)] = None
    found |= {tuple(shlex.split(command)): None for command in FURTHER}
    return list(found)


def exported(command):
    """Return a command with what FHIR needs to be said."""
    added = ADDED.get(command[1], ())
    return (*command, *(() if added[:1] and added[0] in command else added))
