"""What is not to be written in an order, and what to write instead.

Most are of the ISMP list of error-prone abbreviations (2021) and the Joint Commission "Do Not Use"
list: they have been misread, with harm.
"""

from __future__ import annotations

import re

_PLAIN_WORDING = {
    "write daily": "qd od die /d",
    "write every 2 days": "qod eod",
    "write twice daily": "bd bid",
    "write twice daily, or twice with the interval": "twice",
    "write so many times daily": "times",
    "write 3 times daily": "tds tid",
    "write 4 times daily": "qds qid",
    "write once a week": "qw ow qwk /wk /w wkly",
    "write every 2 weeks or twice a week": "biw bw biweekly fortnightly",
    "write every 2 months or twice a month": "bimonthly",
    "write 3 times a week": "tiw",
    "write every month": "qm qmo",
    "write by mouth": "po os",
    "write IV": "iv ivi",
    "write subcutaneously": "sc sq subq subcut s/c",
    "write how often: daily, twice daily": "hs nocte mane am pm ac pc",
    "an order as needed cannot be compared": "prn sos",
    "write as a single dose": "stat",
    "write mcg": "µg μg ug mcgs microgram micrograms",
    "write mg": "mgs milligram milligrams mgm",
    "write g": "gm gms gr gram grams",
    "write the amount in mcg, mg or g": "u iu unit units",
    "write the amount of the drug, not the volume": "ml mls cc",
    "write the amount of the drug, not a count": (
        "tablet tablets tab tabs capsule capsules cap caps vial vials"
    ),
    "write m2": "m² /m²",
    "write days": "d ds",
    "write weeks": "w wk wks",
    "write hours": "h hr hrs",
    "write every and the time in full": "q",
    "write for and the days in full": "x ×",
    "leave the drug out: it comes before the order": (
        "mtx aza mmf mpa cyc cyclo csa cya tac rtx pred ivmp mp hcq gc"
    ),
    "a range is not an order: check each end by itself": "- – — to",
}
_BY_WORD = {word: instead for instead, words in _PLAIN_WORDING.items() for word in words.split()}
_UNITS = {"h": "hours", "d": "days", "w": "weeks", "wk": "weeks", "m": "months", "mo": "months"}
_PARTS = {"7": "days", "52": "weeks", "12": "months"}


def plain_wording(word: str) -> str | None:
    """Say what to write instead of a word that can be misread; None for any other word."""
    plain = word.lower().replace(".", "").rstrip(";:")
    if instead := _BY_WORD.get(plain):
        return instead
    if part := re.fullmatch(r"q([1-9][0-9]?)(h|d|w|wk|m|mo)", plain, re.ASCII):
        return f"write every {part[1]} {_UNITS[part[2]]}"
    if part := re.fullmatch(r"[x×]([1-9][0-9]?)(h|d|w|wk|m|mo)?", plain, re.ASCII):
        return f"write for {part[1]} {_UNITS[part[2] or 'd']}"
    if part := re.fullmatch(r"([1-9][0-9]?)/(7|52|12)", plain, re.ASCII):
        return f"write for {part[1]} {_PARTS[part[2]]}"
    if part := re.fullmatch(r"([1-9][0-9]?)(h|d|w|wk|m|mo)", plain, re.ASCII):
        return f"write {part[1]} {_UNITS[part[2]]}"
    return None
