"""The output rules of safe medication orders, as patterns that find what breaks them.

(ISMP list of error-prone abbreviations 2021; Joint Commission "Do Not Use" list; ISMP and MHRA on
weekly methotrexate.) Each rule carries examples of its own, and a test proves it on them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

UNIT = r"(?:mcg|mg|g|kg|ng|mL|ml|lb|m2|units?)"
TIME = r"(?:minutes?|hours?|days?|weeks?|months?|years?|doses?|courses?)"
MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    "|Sep(?:tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)


class Rule(NamedTuple):
    """A pattern that stands nowhere in what people read, and texts with and without it."""

    name: str
    pattern: str
    breaks: tuple[str, ...]
    keeps: tuple[str, ...]
    #: Whether a posology, written as its source writes it, is free of the rule.
    sentences_only: bool = False

    def offences(self, text: str) -> list[str]:
        """Return what breaks the rule, each with the words around it."""
        return [
            text[max(0, found.start() - 25) : found.end() + 25].strip()
            for found in re.finditer(self.pattern, text)
        ]


RULES = (
    Rule(
        "no trailing zero",
        rf"(?<![\d.])\d[\d,]*\.\d*0(?!\d)\s?(?:to\b|{UNIT}\b)",
        ("5.0 mg", "7.50 mg", "1.0 to 2 g", "1,000.0 mg", "5.000 mg/kg"),
        ("5 mg", "0.05 mg", "10 mg", "dmcalc 0.1.0, table", "1.05 mg"),
    ),
    Rule(
        "a leading zero",
        rf"(?<![\w.,])\.\d+\s?{UNIT}\b",
        (".5 mg", "of .75 mg/kg"),
        ("0.5 mg", "the end. 5 mg"),
    ),
    Rule(
        "a comma from 1,000",
        rf"(?<![\d.,])\d{{4,}}(?:\.\d+)?\s?(?:to\b|{UNIT}\b)",
        ("1000 mg", "1680 mg", "2000.5 to 3,000 mg", "1387.5 mg"),
        ("1,000 mg", "999 mg", "0.12345 mg", "2026-12-01 to", "300.27814 kg"),
    ),
    Rule(
        "commas in the right places",
        r"\b\d{4,},\d|,\d{1,2}(?:\.\d+)?\s?(?:mg|g)\b|\b\d+,\d{1,2}\b\s(?:mg|g)\b",
        ("1680,5 mg", "10,50 mg"),
        ("1,680 mg", "12,345.5 mg"),
    ),
    Rule(
        "a space between number and unit",
        rf"(?<![\w.:-])\d[\d,.]*(?:{UNIT}|%)(?<!%)(?![\w:-])",
        ("60mg", "2.5g/kg", "1,000mg", "70kg"),
        ("60 mg", "CYP3A4", "IL-2", "10% solution", "pmc11646336-m2"),
    ),
    Rule(
        "mcg, and units in full",
        r"[µμ]g|\bug\b|\d\s?(?:IU|U|iu)\b|\bcc\b|\bmgs\b|\bml\b|\bML\b",
        ("5 µg", "5 μg", "5 ug", "10 IU", "10 U", "10 ml"),
        ("5 mcg", "10 units", "10 mL", "US label", "IVIg"),
    ),
    Rule(
        "no abbreviated frequency",
        r"(?i)\b(?:q\.?d|q\.?o\.?d|b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|o\.?d|h\.?s|prn|p\.?o)\b\.?"
        r"|\bq\d|\b[1-9]/(?:7|12|52)\b|\bqw\b|\bqm\b",
        ("5 mg QD", "b.i.d.", "5 mg BID", "q4w", "q 5 mg PO", "3/7"),
        ("daily", "every 4 weeks", "once a week", "quarter"),
    ),
    Rule(
        "for 3 days, never x3d",
        # x10^9/L is the unit of a blood count
        rf"(?i)\bx ?\d+ ?(?:d|w|/)|\d\s?[x×](?!10\^9/L\b)\s?\d|\bx \d+ {TIME}|\b\d+[dw]\b",
        ("x3d", "x 3 days", "2x1 g", "2 × 1 g", "for 3d", "4w", "2 x10 mg", "2 x10^9 mg"),
        ("for 3 days", "2 doses", "matrix 3", "below 3.5 x10^9/L"),
    ),
    Rule(
        "to in ranges",
        rf"\d\s?[-–—]\s?\d[\d.,]*\s(?:{UNIT}|{TIME})\b",
        ("3-5 days", "60–80 mg", "4 - 12 weeks", "1-2 g/kg", "5-10 ng/mL"),
        ("3 to 5 days", "2026-12-01", "60 to 80 mg", "hhe-2018 for"),
        sentences_only=True,
    ),
    Rule(
        "no fraction as a sign",
        r"\b1/2\b|\b1/4\b|[½¼¾⅓]",
        ("1/2 tablet", "½ tablet", "1/4"),
        ("half a tablet", "a quarter", "11/22"),
    ),
    Rule(
        "drug names in full",
        r"\b(?:MTX|AZA|MMF|MPA|CYC|CYCLO|CsA|CYA|TAC|RTX|PRED|IVMP|MP|HCQ|GC|GCs)\b",
        ("MTX 10 mg", "IVMP", "CsA"),
        ("methotrexate", "IVIg", "MHRA", "TPMT"),
    ),
    Rule(
        "no result is called safe",
        r"(?i)\bsafe(?:ly)?\b",
        ("This dose is safe.", "SAFE", "can be given safely"),
        ("safety", "the safest known"),
    ),
    Rule(
        "dates in ISO",
        r"\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{4}[./]\d{1,2}[./]\d{1,2}\b"
        rf"|\b\d{{4}}-\d{{1,2}}-\d\b(?!-)|(?i:\b\d{{1,2}}[ -]{MONTH}\b)",
        ("01/12/2026", "1.12.2026", "2026/12/01", "2026-12-1", "1 Dec 2026"),
        ("2026-12-01", "version 2026.11", "0.1.0", "band 1 decrease", "11-22 decrement"),
    ),
    Rule(
        "no number of a computer",
        r"\bnan\b|\bNaN\b|\binf\b|\bInfinity\b|\bNone\b|\bNULL\b|\bnull\b|\bDecimal\b|\d[eE][+-]?\d"
        r"|\bTrue\b|\bFalse\b",
        ("None mg", "NaN", "7E+1 mg", "1e3"),
        ("none", "infection", "no amount", "CYP3A4"),
    ),
)
