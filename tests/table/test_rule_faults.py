"""One fault each of the rules that no shape can say: names, dates, limits and sources."""

from __future__ import annotations

import pytest

from tests.table.editing import TEXT, assert_reported, edited, fault, line_of, load, refusal

PREDNISONE = "drugs.prednisone"
A_SOURCE = "  malik-2016:\n"
LONG = " ".join(["word"] * 25)

NAMES = {
    "alias twice in the table": fault(
        "aliases: [mycophenolate-mofetil]",
        "aliases: [mycophenolate-mofetil, cyclosporine]",
        "drugs.ciclosporin",
        "the name 'cyclosporine' is also that of mycophenolate",
        at="  ciclosporin:\n",
    ),
    "alias twice in one drug": fault(
        "aliases: [mycophenolate-mofetil]",
        "aliases: [mycophenolate-mofetil, mycophenolate-mofetil]",
        "drugs.mycophenolate.aliases",
        "'mycophenolate-mofetil'",
        at="aliases: [mycophenolate-mofetil, mycophenolate-mofetil]",
    ),
    "alias that is another drug": fault(
        "aliases: [mycophenolate-mofetil]",
        "aliases: [prednisone]",
        "drugs.mycophenolate",
        "the name 'prednisone' is also that of prednisone",
        at="  mycophenolate:\n",
    ),
    "alias that is another drug's name": fault(
        "aliases: [mycophenolate-mofetil]",
        'aliases: ["ciclosporin (cyclosporine a)"]',
        "drugs.ciclosporin",
        "is also that of mycophenolate",
        at="  ciclosporin:\n",
    ),
    "alias in capitals": fault(
        "aliases: [mycophenolate-mofetil]",
        "aliases: [CellCept]",
        "drugs.mycophenolate.aliases",
        "write aliases in small letters",
    ),
    "drug that is said to be absent": fault(
        "\n# The works that are cited.",
        "\nabsent:\n  rituximab: Not here.\n\n# The works that are cited.",
        "drugs.rituximab",
        "the name 'rituximab' is also that of",
        at="  rituximab:\n",
        below="drugs:",
    ),
    "key in capitals": fault(
        A_SOURCE, "  Malik-2016:\n", "sources.Malik-2016", "small letters, digits"
    ),
    "key with a blank": fault(
        A_SOURCE, "  malik 2016:\n", "sources.malik 2016", "small letters, digits"
    ),
    "unknown group": fault(
        "group: corticosteroids",
        "group: steroids",
        f"{PREDNISONE}.group",
        "'steroids' is not one of the groups",
    ),
    "unknown indication": fault(
        "indication: first-line",
        "indication: second-line",
        f"{PREDNISONE}.indication",
        "'second-line' is not one of the indications",
    ),
    "regimen twice": fault(
        "      - id: yang-2019\n",
        "      - id: etg\n",
        f"{PREDNISONE}.alternatives.1",
        "a second regimen called 'etg'",
        at="- id: etg",
        below="75 mg/day",
    ),
    "regimen with the phase of another": fault(
        "      - id: yang-2019\n",
        "      - id: induction\n",
        f"{PREDNISONE}.alternatives.1",
        "a second regimen called 'induction'",
    ),
}

HEADER = {
    "unlisted base": fault(
        "base: managedermatomyositis",
        "base: nobody",
        "base",
        "'nobody' is not one of the sources",
        alone=False,
    ),
    "review before the review": fault(
        "review_by: 2027-11-22", "review_by: 2026-11-25", "review_by", "not after the day of review"
    ),
    "review on the day of review": fault(
        "review_by: 2027-11-22", "review_by: 2026-11-26", "review_by", "not after the day of review"
    ),
    "drug reviewed after the table": fault(
        "    reviewed: 2026-11-22\n",
        "    reviewed: 2026-11-27\n",
        f"{PREDNISONE}.reviewed",
        "later than the review of the whole table",
    ),
    "confirmed limits that start higher": fault(
        "confirmed_weight: 1-500 kg",
        "confirmed_weight: 31-500 kg",
        "limits.confirmed_weight",
        "narrower than the usual limits, 30-300 kg",
    ),
    "confirmed limits that end lower": fault(
        "confirmed_weight: 1-500 kg",
        "confirmed_weight: 1-299 kg",
        "limits.confirmed_weight",
        "narrower than the usual limits",
    ),
}

SOURCES = {
    "unlisted source": fault(
        "cite: {source: etg,",
        "cite: {source: egt,",
        f"{PREDNISONE}.alternatives.0.cite.0",
        "'egt' is not one of the sources",
        at="source: egt",
    ),
    "unlisted primary source": fault(
        "primary: glaubitz-2020",
        "primary: glaubitz",
        "groups.corticosteroids.cite.0",
        "'glaubitz' is not one of the sources",
    ),
    "quote of 26 words": fault(
        '"Check TPMT level (await result before prescribing)"',
        f'"{LONG} more"',
        "drugs.azathioprine.notes.1.cite.0",
        "the quote has 26 words, at most 25 are allowed",
        at="more",
        below=LONG,
    ),
    "base regimen from another source": fault(
        "        cite: {source: managedermatomyositis, primary: goyal-2019, quote: "
        '"2.5–5 mg/kg/day"}',
        '        cite: {source: etg, quote: "2.5–5 mg/kg/day"}',
        "drugs.ciclosporin.regimens.0.cite",
        "base regimens cite the base source",
    ),
    "alternative from the base source": fault(
        '{source: pmc10185598, quote: "4 mg/kg/day PO"}',
        '{source: managedermatomyositis, quote: "4 mg/kg/day PO"}',
        "drugs.ciclosporin.alternatives.0.cite",
        "base regimens cite the base source",
    ),
    "alternative without a population": fault(
        "        population: Polymyositis and dermatomyositis\n",
        "",
        f"{PREDNISONE}.alternatives.1",
        "says in population whom its source gives it for",
        at="- id: yang-2019",
    ),
}


@pytest.mark.parametrize("wrong", NAMES.values(), ids=NAMES)
def test_name_is_reported(tmp_path, wrong):
    assert_reported(tmp_path, wrong)


@pytest.mark.parametrize("wrong", HEADER.values(), ids=HEADER)
def test_header_is_reported(tmp_path, wrong):
    assert_reported(tmp_path, wrong)


@pytest.mark.parametrize("wrong", SOURCES.values(), ids=SOURCES)
def test_source_is_reported(tmp_path, wrong):
    assert_reported(tmp_path, wrong)


def test_table_without_drugs_is_reported(tmp_path):
    drugs = TEXT[TEXT.index("drugs:\n  prednisone:") : TEXT.index("\n# Tapers of a daily dose.")]
    tapers = TEXT[TEXT.index("daily_tapers:") : TEXT.index("\n# How the table as a whole")]
    text = TEXT.replace(drugs, "drugs: {}\n")
    text = text.replace(tapers, "daily_tapers: {}\ncourse_tapers: {}\ntitrations: {}\n")
    line = line_of(text, "drugs: {}")
    assert refusal(tmp_path, text) == (
        f"the table is not valid, 1 fault:\n"
        f"  table.yaml:{line}: drugs: no drugs: an empty table answers nothing"
    )


def test_quote_of_25_words_is_not_too_long(tmp_path):
    old = '"Check TPMT level (await result before prescribing)"'
    assert load(tmp_path, edited((old, f'"{LONG}"'))).drugs["azathioprine"].notes[1].cite
