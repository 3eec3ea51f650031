"""What is given: encodings, line ends, quotes, and rows that cannot be read."""

from __future__ import annotations

import pytest

ONE = ("--drug", "prednisone")


@pytest.mark.parametrize(
    "given",
    [
        b"id,weight\n1,70\n2,85\n",
        b"\xef\xbb\xbfid,weight\n1,70\n2,85\n",
        b"id,weight\r\n1,70\r\n2,85\r\n",
        b"id,weight\n1,70\n\n2,85",
        b'"id","weight"\n"1","70"\n2,"85"\n',
        b"\n\nid , weight\n1, 70 \n2,85kg\n",
    ],
)
def test_ways_to_write_the_same_rows(batch, given):
    found = batch(given, *ONE)
    assert [(row["id"], row["weight_kg"]) for row in found.rows] == [("1", "70"), ("2", "85")]


def test_text_of_other_languages_and_line_ends_in_quotes(batch):
    found = batch('id,weight,note\n1,70,"Grüße, ""two""\r\nlines"\n2,85,日本\n', *ONE)
    assert [row["note"] for row in found.rows] == ['Grüße, "two"\r\nlines', "日本"]


def test_the_line_of_a_reject_is_the_one_that_it_begins_on(batch):
    found = batch('id,weight,note\n1,70,"a\nb\nc"\n2,x,d\n', *ONE)
    assert [line for line, _, _ in found.reasons] == ["5"]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (b"2\0,85", "it holds a NUL byte"),
        (b"2," + b"9" * 1_000_001, "longer than 1,000,000 bytes"),
        (b"2," + b"9" * 5_000_001, "longer than 1,000,000 bytes"),
        (b"2", "it has 1 cells, and the header 2"),
        (b"2,85,x", "it has 3 cells, and the header 2"),
        (b"\xff\xfe,85", "not UTF-8 at byte 1"),
        (b'"2"x,85', "its quotes cannot be read"),
    ],
)
def test_a_row_that_cannot_be_read_fails_alone(batch, row, says):
    found = batch(b"id,weight\n1,70\n" + row + b"\n3,90\n", *ONE)
    assert [line["id"] for line in found.rows] == ["1", "3"]
    ((line, code, reason),) = found.reasons
    assert (line, code) == ("3", "7")
    assert says in reason


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("[1]", "not a JSON object"),
        ("{", "not a JSON object"),
        ('{"weight": [[[[[[[["70"]]]]]]]]}', "it is nested too deeply"),
        ('{"weight": 70, "": "85"}', "a value has a blank key"),
        ('{"weight": 70, "weight": 85}', "the key 'weight' twice"),
        ('{"weight": NaN}', "NaN is not a number"),
        ('{"weight": 1e99999999}', "is not a number that"),
        ('{"weight": ' + "7" * 5000 + "}", "is not a number that"),
        ('{"wait": 70}', "a key 'wait', which the first row does not have"),
        ("[" * 100_000, "not a JSON object"),
    ],
)
def test_an_object_that_cannot_be_read_fails_alone(batch, row, says):
    found = batch('{"id": 1, "weight": 70}\n' + row + '\n{"weight": 90}\n', *ONE, form="jsonl")
    assert [line["id"] for line in found.rows] == [1, None]
    ((line, code, reason),) = found.reasons
    assert (line, code) == ("2", "7")
    assert says in reason


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (b"", "in.csv: it is empty"),
        (b"\n\n", "there is no row in it"),
        (b"id,weight,id\n1,70,2\n", "line 1: two columns are called 'id'"),
        (b"i\0d,weight\n", "line 1: the first line cannot be read: it holds a NUL byte"),
        (b"\xff\xfei,d\n", "line 1: it is UTF-16"),
        (b'id,weight\n1,70\n2,"85\n3,90\n', "line 3: a quote that opens here is not closed"),
        (b'id,weight\n"1\n,70\n"x,85\n', "line 2: a quote that opens here is not closed"),
    ],
)
def test_what_makes_the_rest_unreadable_ends_the_run(call, tmp_path, given, says):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(given)
    done = call("batch", str(source), *ONE, "-o", str(out))
    assert (done.code, done.stdout) == (7, "")
    assert says in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("in.txt",), 2, "does not give its format"),
        (("",), 2, "INPUT is empty"),
        (("nowhere.csv",), 7, "nowhere.csv cannot be read: No such file"),
        ((".", "--input-format", "csv"), 2, "the engine duckdb reads and writes files"),
        ((".", "--input-format", "csv", "--engine", "rows"), 7, "cannot be read: Is a directory"),
        (("in.csv", "--resume"), 2, "--resume goes on with a file"),
        (("in.csv", "-o", "x", "--rejects", "x"), 2, "a file of its own"),
        (("in.csv", "--rejects", "-"), 2, "a file of its own"),
        (("in.csv", "-o", "in.csv"), 2, "overwritten"),
        (("in.csv", "-o", "no/where.csv"), 7, "cannot write no/where.csv"),
        (("in.csv", "-o", "o.csv", "--rejects", "no/where.csv"), 7, "cannot write no/where.csv"),
        (("in.csv", "--check", "--drug", "ivig", "--drug", "rituximab"), 2, "for one drug"),
    ],
)
def test_what_does_not_fit_is_refused(call, tmp_path, args, code, says):
    (tmp_path / "in.csv").write_text("weight\n70\n")
    done = call("batch", *args, cwd=tmp_path)
    assert (done.code, done.stdout) == (code, "")
    assert says in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv"]


def test_stdin_and_stdout(run):
    done = run("batch", "-", *ONE, "-f", "jsonl", stdin="id,weight\n1,70\n")
    assert done.stdout.startswith('{"id": "1", "weight_kg": 70, ')
    told = run("batch", "-", *ONE, "--input-format", "jsonl", stdin='{"weight": "70"}')
    assert told.stdout.startswith('{"weight_kg": 70, ')


def test_an_input_with_no_rows_gives_the_names_of_the_columns(call, tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("id,weight\n")
    done = call("batch", str(source), *ONE)
    one = call("dose", "prednisone", "--weight", "70", "--format", "csv").stdout
    assert done.stdout.rstrip() == "id," + one.splitlines()[0]
    assert done.stderr.endswith("\ndmcalc: 0 rows in = 0 answered + 0 rejected; 0 rows out\n")


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl"])
def test_a_locale_without_letters_changes_nothing(run, tmp_path, form):
    (tmp_path / "in.csv").write_text("id,weight,note\n1,70,Grüße 日本\n2,x,ä\n", encoding="utf-8")
    command = ("batch", "in.csv", *ONE, "-f", form)
    plain = run(*command, cwd=tmp_path, env={"LC_ALL": "C"})
    assert plain == run(*command, cwd=tmp_path, env={"LC_ALL": "C.UTF-8"})
    assert "Grüße 日本" in plain.stdout


def test_escapes_in_a_row_are_shown_as_text(run):
    done = run("batch", "-", "--drug", "prednisone", stdin="weight\n\x1b[31m70[bold]\n")
    assert "\x1b" not in done.stderr
    assert r"\x1b[31m70[bold]" in done.stderr


def test_a_named_file_is_read_where_stdin_is_closed(call, tmp_path, monkeypatch):
    (tmp_path / "in.csv").write_text("id,weight\n1,70\n")
    monkeypatch.setattr("sys.stdin", None)
    done = call("batch", "in.csv", *ONE, "-o", "out.csv", cwd=tmp_path)
    assert done.code == 0, done.stderr
    assert call("batch", "-", *ONE, cwd=tmp_path).code == 7
