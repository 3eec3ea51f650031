"""``table diff``, ``table check --sha256``, and what a table past its review does."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import re

import pytest

from tests.formulary.overlays import figures, head, write
from tests.table.editing import edited

CAP = ("prednisone.induction.max", "60 mg/day")


@pytest.fixture
def other(tmp_path):
    path = tmp_path / "other.yaml"
    path.write_text(edited(("weight: 30-300 kg", "weight: 35-300 kg")), encoding="utf-8")
    return str(path)


class TestDiff:
    def test_json_holds_both_tables(self, call, bundled, other):
        document = call("table", "diff", "bundled", other, "--format", "json").json
        own = hashlib.sha256(bundled.read_bytes()).hexdigest()
        assert document["schema"] == "dmcalc.table-diff/1"
        assert document["a"] == {
            "file": "the bundled table",
            "version": "2026.11",
            "sha256": own,
        }
        assert document["b"]["file"] == other
        assert document["table"]["sha256"] == document["b"]["sha256"] != own
        (row,) = document["rows"]
        assert {key: row[key] for key in ("name", "kind", "change", "a", "b")} == {
            "name": "limits.weight",
            "kind": "limit",
            "change": "changed",
            "a": "30-300 kg",
            "b": "35-300 kg",
        }

    @pytest.mark.parametrize("form", ["table", "markdown"])
    def test_pages(self, call, other, form):
        done = call("table", "diff", "bundled", other, "--format", form)
        text = " ".join(done.stdout.replace("*", "").split())
        assert done.code == 0
        assert ": 1 difference" in text
        assert "limits.weight: 30 to 300 kg; in the second: 35 to 300 kg" in text

    def test_the_other_way_round(self, call, other):
        row = call("table", "diff", other, "bundled", "--format", "json").json["rows"][0]
        assert (row["a"], row["b"]) == ("35-300 kg", "30-300 kg")

    @pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "tsv", "markdown"])
    def test_equal_tables_are_an_answer_in_every_format(self, call, form):
        done = call("table", "diff", "bundled", "bundled", "--format", form, "--strict")
        assert (done.code, done.stderr) == (0, "")
        if form == "json":
            assert done.json["rows"] == []
        if form == "csv":
            (names,) = csv.reader(io.StringIO(done.stdout))
            assert names[:5] == ["name", "kind", "change", "a", "b"]
            assert names[-1] == "table_sha256"
        if form == "table":
            assert "no difference" in done.stdout

    def test_a_row_format_has_the_same_columns_with_and_without_rows(self, call, other):
        some = call("table", "diff", "bundled", other, "--format", "csv").stdout.splitlines()
        none = call("table", "diff", "bundled", "bundled", "--format", "csv").stdout.splitlines()
        assert (len(some), len(none)) == (2, 1)
        assert some[0] == none[0]

    def test_a_script_asks_for_the_names(self, call, other):
        assert (
            call("table", "diff", "bundled", other, "--field", "name").stdout == "limits.weight\n"
        )
        done = call("table", "diff", "bundled", "bundled", "--field", "name")
        assert (done.code, done.stdout) == (0, "")

    def test_both_tables_are_checked(self, call, tmp_path):
        path = tmp_path / "wrong.yaml"
        path.write_text(edited(("dose: 10 mg/week", "dose: 10 mg/day")), encoding="utf-8")
        for args in (("bundled", str(path)), (str(path), "bundled")):
            done = call("table", "diff", *args)
            assert (done.code, done.stdout) == (7, "")
            assert "methotrexate" in done.stderr or "once a week" in done.stderr

    def test_a_local_value_has_no_source(self, call, tmp_path):
        (path,) = write(tmp_path, figures(CAP))
        text = call("table", "diff", "bundled", "bundled", "--overlay", path).stdout
        assert (
            "prednisone.induction.max: 60 to 80 mg/day (managedermatomyositis, goyal-2019); "
            "in the second: 60 mg/day (local)"
        ) in " ".join(text.split())


class TestSha256:
    @pytest.fixture
    def digest(self, bundled):
        return hashlib.sha256(bundled.read_bytes()).hexdigest()

    @pytest.mark.parametrize("written", [str.lower, str.upper, "  {}  ".format])
    def test_the_table_that_is_asked_for(self, call, digest, written):
        assert call("table", "check", "--sha256", written(digest)).code == 0

    def test_another_table_is_refused_with_both(self, call, digest, other):
        done = call("table", "check", other, "--sha256", digest)
        assert (done.code, done.stdout) == (7, "")
        assert f"not {digest}" in done.stderr
        assert call("table", "check", other, "--field", "file").stdout.strip() in done.stderr
        wrong = digest[:-1] + ("0" if digest[-1] != "0" else "1")
        assert digest in call("table", "check", "--sha256", wrong).stderr

    @pytest.mark.parametrize(
        "text", ["abc", 63 * "0", 65 * "0", 63 * "0" + "g", 63 * "0" + "٣", "0x" + 62 * "0"]
    )
    def test_what_is_no_sha256(self, call, text):
        done = call("table", "check", "--sha256", text)
        assert (done.code, done.stdout) == (2, "")
        assert "is not 64 hexadecimal digits" in done.stderr

    def test_an_empty_one_is_said_to_be_empty(self, call):
        done = call("table", "check", "--sha256", "")
        assert (done.code, done.stdout) == (2, "")
        assert "--sha256 is empty" in done.stderr


class TestReview:
    @pytest.fixture
    def stale(self, tmp_path, bundled):
        """A table that was to be reviewed long ago."""
        text = re.sub(r"reviewed: \S+", "reviewed: 2020-01-01", bundled.read_text(encoding="utf-8"))
        path = tmp_path / "stale.yaml"
        path.write_text(text.replace("2027-11-22", "2021-01-31"), encoding="utf-8")
        return str(path)

    ARGS = ("dose", "prednisone", "--weight", "70")

    def test_a_stale_table_is_a_warning(self, call, stale):
        done = call(*self.ARGS, "--table", stale, "--format", "json")
        assert done.code == 0
        assert done.json["warnings"] == [
            {
                "code": "table-overdue",
                "drug": None,
                "message": "The table was to be reviewed by 2021-01-31.",
                "source": None,
                "standing": False,
            }
        ]
        assert "to be reviewed by 2021-01-31" in call(*self.ARGS, "--table", stale).stdout
        told = call(*self.ARGS, "--table", stale, "--field", "high")
        assert (told.stdout, told.code) == ("70\n", 0)
        assert "warning: The table was to be reviewed by 2021-01-31." in told.stderr

    @pytest.mark.parametrize("form", ["table", "json", "csv"])
    def test_under_strict_it_is_no_answer(self, call, stale, form):
        done = call(*self.ARGS, "--table", stale, "--strict", "--format", form)
        assert (done.code, done.stdout) == (7, "")
        assert done.stderr.startswith("dmcalc: The table was to be reviewed by 2021-01-31.")

    @pytest.mark.parametrize(("today", "code"), [("2021-01-31", 0), ("2021-02-01", 7)])
    def test_the_day_itself_is_in_time(self, call, stale, monkeypatch, today, code):
        class Day(datetime.date):
            @classmethod
            def today(cls):
                return cls.fromisoformat(today)

        monkeypatch.setattr(datetime, "date", Day)
        assert call("table", "check", stale, "--strict").code == code

    def test_a_stale_overlay_is_told_too(self, call, tmp_path):
        text = head() + "review_by: 2021-01-31\n" + figures(CAP).removeprefix(head())
        (path,) = write(tmp_path, text.replace("2026-11-02", "2020-11-02"))
        done = call(*self.ARGS, "--overlay", path, "--format", "json")
        assert [warning["code"] for warning in done.json["warnings"]] == ["overlay-overdue"]
        assert "Example hospital was to be reviewed by 2021-01-31." in done.stdout
        strict = call(*self.ARGS, "--overlay", path, "--strict")
        assert (strict.code, strict.stdout) == (7, "")
        assert "Example hospital was to be reviewed by 2021-01-31." in strict.stderr
