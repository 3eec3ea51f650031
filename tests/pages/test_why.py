"""The page of ``why``: figures are written for people, statements as the table has them."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("drug", "statement"),
    [
        ("prednisone", "EULAR 2022: prophylaxis of Pneumocystis pneumonia in adults"),
        ("prednisone", "A review of 2008 found no randomised study"),
        ("prednisone", "(ESE/ES 2024)."),
    ],
)
def test_a_year_in_a_statement_has_no_comma(call, drug, statement):
    assert statement in " ".join(call("why", drug).stdout.split())


def test_a_figure_has_its_comma(call):
    assert "dose: 1,000 mg/day" in " ".join(call("why", "methylprednisolone").stdout.split())
