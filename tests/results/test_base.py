"""What every answer says of its table: whose review is overdue, and what a note rests on."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest

from dmcalc.documents.json import visible
from dmcalc.results.base import review_warnings, split_notes

DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("days", "codes"), [(-1, []), (0, []), (1, ["table-overdue", "overlay-overdue"])]
)
def test_a_review_is_overdue_from_the_day_after_it_was_due(loaded, days, codes):
    due = loaded.table.review_by
    overlays = (
        SimpleNamespace(name="ward.yaml", review_by=due),
        SimpleNamespace(name="no date.yaml", review_by=None),
    )
    found = review_warnings(loaded._replace(overlays=overlays), due + days * DAY)
    assert [warning.code for warning in found] == codes


@pytest.mark.parametrize("drug", ["prednisone", None])
def test_a_warning_names_its_first_source_and_stands_where_it_is_on_a_drug(loaded, drug):
    drugs = loaded.table.drugs.values()
    note = next(n for d in drugs for n in d.notes if n.kind == "warning")
    cites = (note.cite[0]._replace(source="first"), note.cite[0]._replace(source="second"))
    ((warning,), cautions) = split_notes([note._replace(cite=cites)], drug)
    assert (warning.source, warning.standing, cautions) == ("first", drug is not None, ())


def test_a_letter_that_cannot_be_seen_is_written_by_its_number():
    assert visible('"a\u202eb\x85é"\n') == '"a\\u202eb\\u0085é"\n'
