"""Commands that print each kind of document."""

from __future__ import annotations

import pytest

from ..conftest import ROOT

FHIR = ROOT / "tests" / "fhir"
HOSPITAL = str(ROOT / "examples" / "hospital.yaml")
SEVERE = ("--weight", "70", "--severity", "severe")
CHILD = ("--age", "9", "--weight", "28")
LARGE = ("--weight", "100", "--height", "175", "--sex", "male")
ONTARIO = (*LARGE, "--weight-policy", "ontario")
#: A command for each kind; some leave out what can be left out, some ask for all of it.
PRINTED = {
    "dose": [("dose", *SEVERE, "--overlay", HOSPITAL),
             ("dose", "--weight", "70", "--bsa", "1.85", "--alternatives"),
             ("dose", "azathioprine", "methotrexate", "-w", "70", "--age", "66", "--sex", "male",
              "--creatinine", "2mg/dL", "--taking", "febuxostat", "--tpmt", "intermediate"),
             ("dose", *CHILD, "--height", "132"),
             ("dose", "ivig", "prednisone", *ONTARIO),
             ("dose", "ivig", "--weight", "70", "--weight-basis", "actual")],
    "check": [
        ("check", "ivig", "160 g over 2 days", *LARGE, "--weight-basis", "ideal"),
        ("check", "methotrexate", "15 mg once a week", *CHILD, "--height", "132"),
        ("check", "prednisone", "62.3 mg daily", "--weight", "70", "--alternatives"),
        ("check", "methotrexate", "10 mg daily"),
        ("check", "methotrexate", "10 mg once a week", "--egfr", "45", "--condition", "ild"),
    ],
    "taper": [
        ("taper", "prednisone", *SEVERE, "--start", "2026-12-01", "--pack", "50mg:10"),
        ("taper", "prednisone", "--from", "20mg", "--left", "10mg:4", "--pack", "10mg:30"),
        ("taper", "ivig"),
        ("taper", "ivig", "--weight", "70"),
        ("taper", "ivig", *ONTARIO),
    ],
    "landmarks": [("taper", "prednisone", *CHILD, "--start", "2026-12-01"),
                  ("taper", "prednisone", "--age", "9", "--from", "50mg"),
                  ("taper", "prednisone", *CHILD, "--protocol", "printo-2019")],
    "titrate": [("titrate", "methotrexate", "--day", "monday"),
                ("titrate", "azathioprine", "--weight", "70")],
    "dispense": [("dispense", "prednisone", "62.5mg"),
                 ("dispense", "ivig", "137.2g", "--days", "2", "--round-to", "5g"),
                 ("dispense", "prednisone", "40mg", "--pack", "20mg:100")],
    "dispense-days": [("dispense", "ivig", "140g", "--days", "2..5")],
    "infusion": [("infusion", "ivig", "--weight", "70", "--at", "09:00", "--at-risk"),
                 ("infusion", "ivig", "--weight", "70", "--condition", "thrombosis-risk"),
                 ("infusion", "ivig", *ONTARIO),
                 ("infusion", "rituximab", "--later")],
    "body": [("body", "-w", "70", "--height", "150", "--sex", "female", "--overlay", HOSPITAL),
             ("body", "-w", "50", "--sex", "male", "--age", "60", "--creatinine", "80umol/L")],
    "convert": [("convert", "1mg", "dexamethasone", "prednisolone", "--route", "oral")],
    "plan": [("plan", *SEVERE, "--with", "methotrexate", "--start", "2026-12-01"),
             ("plan", "-w", "70", "-s", "mild", "--organ", "skin", "--not-tolerated", "ivig")],
    "monitor": [("monitor", "azathioprine", "--start", "2026-12-01"),
                ("monitor", "tacrolimus", "ivig")],
    "labs": [("labs", "azathioprine", "--alt", "40"),
             ("labs", "ivig", "ciclosporin", "--creatinine", "80umol/L",
              "--baseline-creatinine", "80umol/L")],
    "verify": [("verify", f"{FHIR}/faults/c01-gap-of-two-days.json"),
               ("verify", f"{FHIR}/faults/ok1-r4-taper.json", f"{FHIR}/faults/c21-text-only.json"),
               ("verify", "--sig", "20 mg daily for 7 days", "--drug", "prednisone")],
    "about": [("about",)],
    "care": [("care",)],
    "rules": [("rules",), ("rules", "azathioprine")],
    "severity": [("severity",), ("severity", "--age", "9")],
    "refs": [("refs",), ("refs", "--page"), ("refs", "goyal-2019")],
    "drugs": [("drugs",)],
    "protocols": [("taper",)],
    "show": [("show", "ivig"), ("show", "prednisone"), ("show", "cyclophosphamide")],
    "show-drugs": [("show", "prednisone", "ivig,methotrexate")],
    "why-drugs": [("why", "prednisone", "ivig.induction", "--overlay", HOSPITAL)],
    "why": [("why", "prednisone"), ("why", "prednisone", "--overlay", HOSPITAL)],
    "table-check": [("table", "check")],
    "table-diff": [("table", "diff", "bundled", "bundled", "--overlay", HOSPITAL)],
}  # fmt: skip
CASES = [(kind, args) for kind, commands in PRINTED.items() for args in commands]
# an id names no folder of this machine: in a copy of the checkout it is the same
each_case = pytest.mark.parametrize(
    ("kind", "args"), CASES, ids=lambda value: str(value).replace(f"{ROOT}/", "")
)
