"""The page of a dated taper is a table of 80 columns, and ``--explain`` has each step in full."""

TAPER = ("taper", "prednisone", "-w", "82", "-s", "severe", "--start", "2026-12-01")


def test_a_dated_taper_is_a_table_at_80_columns(run):
    lines = run(*TAPER).stdout.splitlines()
    assert "Step  Dates                     Weeks  Daily dose  Tablets a day" in lines
    assert "   2  2026-12-29 to 2027-01-25      4  70 mg       1 of 50 mg, 1 of 20 mg" in lines
    assert "  12  2027-10-05 to 2027-11-01      4  2.5 mg      1 of 2.5 mg" in lines


def test_what_the_usual_page_leaves_out_is_explained(run):
    usual = " ".join(run(*TAPER).stdout.split())
    explained = " ".join(run(*TAPER, "--explain").stdout.split())
    for words in ("0.976 mg/kg", "2,240 mg", "Each step in full", "Change it with --hold."):
        assert words not in usual
        assert words in explained
