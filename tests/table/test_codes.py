"""The codes of the drugs: each against a list by hand, and what does not load."""

from __future__ import annotations

import pytest

from dmcalc import formulary, table
from dmcalc.errors import TableError
from dmcalc.results.codes import statements
from dmcalc.sources import quotes
from dmcalc.table.figures import figures_of
from tests.table.editing import TEXT, Fault, assert_reported, edited, fault, load, refusal

TABLE = table.load().table

#: Each drug, its ATC code and the line of the index that has it.
ATC = {
    "prednisone": ("H02AB07", "H02AB07,prednisone,10,mg,O,NA"),
    "prednisolone": ("H02AB06", "H02AB06,prednisolone,10,mg,O,NA"),
    "methylprednisolone": ("H02AB04", "H02AB04,methylprednisolone,7.5,mg,O,NA"),
    "azathioprine": ("L04AX01", "L04AX01,azathioprine,0.15,g,O,NA"),
    "methotrexate": ("L04AX03", "L04AX03,methotrexate,2.5,mg,O,NA"),
    "ivig": (
        "J06BA02",
        'J06BA02,"immunoglobulins, normal human, for intravascular adm.",NA,NA,NA,NA',
    ),
    "cyclophosphamide": ("L01AA01", "L01AA01,cyclophosphamide,NA,NA,NA,NA"),
    "mycophenolate": ("L04AA06", "L04AA06,mycophenolic acid,2,g,O,as mycophenolate mofetil"),
    "ciclosporin": ("L04AD01", "L04AD01,ciclosporin,0.25,g,O,NA"),
    "tacrolimus": ("L04AD02", "L04AD02,tacrolimus,5,mg,O,NA"),
    "rituximab": ("L01FA01", "L01FA01,rituximab,NA,NA,NA,NA"),
}
#: Those with a code of RxNorm, and the words that have it.
RXNORM = {
    "prednisone": ("8640", "**8640** | Prednisone"),
    "prednisolone": ("8638", "**8638** | Prednisolone"),
    "azathioprine": ("1256", 'RxNorm:1256 azathioprine … {"L04AX01"}'),
    "methylprednisolone": ("6902", "**6902** | Methylprednisolone"),
    "methotrexate": ("6851", 'RxNorm:6851 methotrexate … {"L01BA01","L04AX03"}'),
    "cyclophosphamide": ("3002", 'RxNorm:3002 cyclophosphamide … {"L01AA01"}'),
    "ciclosporin": ("3008", 'RxNorm:3008 cyclosporine … {"L04AD01","S01XA18"}'),
    "tacrolimus": ("42316", 'RxNorm:42316 tacrolimus … {"D11AH01","L04AD02"}'),
    "rituximab": ("121191", 'RxNorm:121191 rituximab … {"L01XC02"}'),
}
#: Those without, and what the table says of it.
NO_RXNORM = {
    "ivig": "looked for and not found",
    "mycophenolate": "mycophenolic acid as 7145. Mycophenolate mofetil is another ingredient",
}


def test_the_lists_name_every_drug():
    assert set(ATC) == set(TABLE.drugs)
    assert set(RXNORM) | set(NO_RXNORM) == set(TABLE.drugs)
    assert set(RXNORM).isdisjoint(NO_RXNORM)


@pytest.mark.parametrize("drug", ATC)
def test_the_atc_code_of_a_drug(drug):
    code, line = ATC[drug]
    held = TABLE.drugs[drug].atc
    assert held.code == code
    assert (held.cite[0].source, held.cite[0].quote) == ("atc-index", line)


@pytest.mark.parametrize("drug", RXNORM)
def test_the_rxnorm_code_of_a_drug(drug):
    code, words = RXNORM[drug]
    held = TABLE.drugs[drug].rxnorm
    assert held.code == code
    assert [(cite.primary, cite.quote) for cite in held.cite] == [("rxnorm", words)]


@pytest.mark.parametrize("drug", NO_RXNORM)
def test_a_drug_without_a_code_says_why(drug):
    held = TABLE.drugs[drug].rxnorm
    assert held.code is None
    assert NO_RXNORM[drug] in held.no_code


def test_the_older_code_and_the_other_one_of_methotrexate_stand_in_quotes():
    for drug, other in (("rituximab", "L01XC02"), ("methotrexate", "L01BA01")):
        held = TABLE.drugs[drug].atc
        assert other in held.reading
        assert any(quotes.in_quote(other, cite.quote) for cite in held.cite)


def test_what_was_not_read_itself_is_said_to_be_so():
    for source in ("atc-index", "rxnorm"):
        assert TABLE.sources[source].read == "secondary"
    # its list was read whole, the work behind its codes was not
    assert TABLE.sources["brim-corticosteroids"].read == "primary"
    assert "RxNorm itself was not read" in TABLE.sources["brim-corticosteroids"].remark
    terms = "terms of 2013 and 2019 forbid its distribution for commercial purposes"
    assert terms in TABLE.sources["atc-index"].remark


@pytest.mark.parametrize(
    ("code", "quote", "there"),
    [
        ("3008", "RxNorm:3008 cyclosporine", True),
        ("L01BA01", "are classified in L01BA01.", True),
        ("300", "RxNorm:3008 cyclosporine", False),
        ("008", "RxNorm:3008 cyclosporine", False),
        ("15", "azathioprine,0.15,g", False),
        ("0", "azathioprine,0.15,g", False),
        ("L04AX0", "L04AX03,methotrexate", False),
        ("l04ax03", "L04AX03,methotrexate", False),
    ],
)
def test_a_code_stands_whole_in_its_quote(code, quote, there):
    assert quotes.in_quote(code, quote) is there


PREDNISONE = "atc: {code: H02AB07,"
AZATHIOPRINE = (
    f'atc: {{code: L04AX01, cite: {{source: atc-index, quote: "{ATC["azathioprine"][1]}"}}}}'
)
TACROLIMUS = 'rxnorm: {code: "42316",'
WHY = "rxnorm: {no_code: An ingredient of RxNorm for immunoglobulin was looked for and not found.}"
MYCOPHENOLATE = TEXT[TEXT.index("      no_code: >-\n        RxNorm has myco") :].partition(
    "      cite"
)[0]
NEITHER = "give either a code or, in no_code, why there is none"

FAULTS = {
    "a code that is not in its quote": fault(
        PREDNISONE,
        "atc: {code: H02AB04,",
        "drugs.prednisone.atc.code",
        "H02AB04 is not in the quote",
        alone=False,
    ),
    "a part of a code": fault(
        PREDNISONE,
        "atc: {code: H02AB,",
        "drugs.prednisone.atc.code",
        "is not an ATC code",
        alone=False,
    ),
    "a code of RxNorm for one of ATC": Fault(
        (("H02AB07,prednisone", "8640,prednisone"), (PREDNISONE, 'atc: {code: "8640",')),
        "drugs.prednisone.atc.code",
        "'8640' is not an ATC code: a letter, 2 digits, 2 letters and 2 digits",
        'atc: {code: "8640",',
    ),
    "small letters": Fault(
        (("H02AB07,prednisone", "h02ab07,prednisone"), (PREDNISONE, "atc: {code: h02ab07,")),
        "drugs.prednisone.atc.code",
        "is not an ATC code",
        "atc: {code: h02ab07,",
    ),
    "a code of RxNorm with letters": Fault(
        (("RxNorm:42316", "RxNorm:42316a"), (TACROLIMUS, 'rxnorm: {code: "42316a",')),
        "drugs.tacrolimus.rxnorm.code",
        "'42316a' is not an RxNorm code: digits alone",
        'rxnorm: {code: "42316a",',
    ),
    "a code that is a number": fault(
        TACROLIMUS,
        "rxnorm: {code: 42316,",
        "drugs.tacrolimus.rxnorm.code",
        "Input should be a valid string",
    ),
    "a code without a quote": fault(
        AZATHIOPRINE,
        "atc: {code: L04AX01, cite: {source: atc-index}}",
        "drugs.azathioprine.atc.code",
        "L04AX01 has no quote",
    ),
    "a code without a citation": fault(
        AZATHIOPRINE,
        "atc: {code: L04AX01}",
        "drugs.azathioprine.atc.code",
        "L04AX01 has no quote",
    ),
    "a code whose quote is of another drug": Fault(
        (("L04AD02,tacrolimus", "L04AD02,sirolimus"),),
        "drugs.tacrolimus.atc.code",
        "no quote with L04AD02 in it names tacrolimus",
        "atc: {code: L04AD02,",
    ),
    "the code of mycophenolic acid for mycophenolate mofetil": Fault(
        ((MYCOPHENOLATE, '      code: "7145"\n'),),
        "drugs.mycophenolate.rxnorm.code",
        "no quote with 7145 in it names mycophenolate",
        'code: "7145"',
    ),
    "one code for two drugs": Fault(
        (
            ("code: L04AD02,", "code: L04AD01,"),
            ("L04AD02,tacrolimus", "L04AD01,tacrolimus"),
        ),
        "drugs.tacrolimus.atc.code",
        "L04AD01 is also the code of ciclosporin",
        "atc: {code: L04AD01,",
        below="  tacrolimus:\n",
    ),
    "neither a code nor a reason": fault(WHY, "rxnorm: {}", "drugs.ivig.rxnorm", NEITHER),
    "both a code and a reason": fault(
        TACROLIMUS, TACROLIMUS + " no_code: None.,", "drugs.tacrolimus.rxnorm", NEITHER
    ),
    "another code in a sentence, without a quote": fault(
        "reading: Older files have L01XC02 instead.",
        "reading: Older files have L01XC03 in its place.",
        "drugs.rituximab.atc.reading",
        "L01XC03 is in none of its quotes",
    ),
    "a code in a reason, without a quote": fault(
        WHY,
        "rxnorm: {no_code: It has been 9876.}",
        "drugs.ivig.rxnorm.no_code",
        "9876 is in none of its quotes",
    ),
    "a source that is not listed": fault(
        "atc: {code: H02AB07, cite: {source: atc-index,",
        "atc: {code: H02AB07, cite: {source: atc-list,",
        "drugs.prednisone.atc.cite.0",
        "'atc-list' is not one of the sources",
    ),
    "an unknown key": fault(
        PREDNISONE, "atc: {codes: H02AB07,", "drugs.prednisone.atc.codes", "unknown key"
    ),
    "a regimen that is called like a code": fault(
        "      - phase: induction\n",
        "      - phase: induction\n        id: atc\n",
        "drugs.prednisone.regimens.0",
        "a regimen cannot be called 'atc'",
        at="      - phase: induction\n        id: atc\n",
        alone=False,
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_wrong_code_does_not_load(tmp_path, name):
    assert_reported(tmp_path, FAULTS[name])


def test_a_drug_without_a_code_does_not_hide_the_code_of_another(tmp_path):
    cite = f'{{source: atc-index, quote: "{ATC["prednisone"][1]}"}}'
    prednisone = f"    atc: {{code: H02AB07, cite: {cite}}}\n"
    text = edited((prednisone, ""), ("{code: L04AX01,", "{code: L04AX,"))
    assert "drugs.azathioprine.atc.code: 'L04AX' is not an ATC code" in refusal(tmp_path, text)


def test_a_table_without_codes_loads(tmp_path):
    start = TEXT.index("    atc: {code: H02AB07")
    found = load(tmp_path, edited((TEXT[start : TEXT.index("    regimens:", start)], "")))
    assert (found.drugs["prednisone"].atc, found.drugs["prednisone"].rxnorm) == (None, None)


def test_codes_are_figures_with_a_name_of_their_own(call):
    held = {
        f.path for f in figures_of(TABLE) if f.path[2:] in (("atc", "code"), ("rxnorm", "code"))
    }
    assert held == {("drugs", d, "atc", "code") for d in ATC} | {
        ("drugs", d, "rxnorm", "code") for d in RXNORM
    }
    rows = call("why", "rituximab", "-f", "json").json["rows"]
    named = {row["id"]: (row["figure"], row["value"], row["quote"]) for row in rows}
    assert named["rituximab.atc.code"] == ("ATC code", *ATC["rituximab"])
    assert named["rituximab.rxnorm.code"] == ("RxNorm ingredient", *RXNORM["rituximab"])


@pytest.mark.parametrize("figure", ["tacrolimus.atc.code", "tacrolimus.rxnorm.code", "ivig.rxnorm"])
def test_an_overlay_cannot_set_a_code(tmp_path, figure):
    file = tmp_path / "local.yaml"
    file.write_text(
        "overlay: 1\nname: Hospital\nfigures:\n"
        f"  - {{figure: {figure}, value: '1', author: A, date: 2026-01-01, reason: R}}\n"
    )
    with pytest.raises(TableError) as caught:
        formulary.load(None, [str(file)])
    assert "a code says which drug it is: not set locally" in caught.value.message


@pytest.mark.parametrize(
    ("drug", "names"),
    [("methotrexate", ["reading of the ATC code"]), ("ivig", ["no RxNorm ingredient"])],
)
def test_a_sentence_on_a_code_says_whether_there_is_one(drug, names):
    assert [name for name, _, _ in statements(table.load().table.drugs[drug])] == names
