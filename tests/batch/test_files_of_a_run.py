"""The files of a run, how far it came, and the bar of one that lasts."""

from __future__ import annotations

import hashlib
import stat
from types import SimpleNamespace

import pytest

from dmcalc.batch import progress
from dmcalc.batch.checkpoint import Checkpoint
from dmcalc.batch.reader import Record
from dmcalc.batch.repeat import find_source
from dmcalc.batch.request import BatchFiles, form_of, written_form
from dmcalc.batch.writer import BatchCounts, BatchWriter
from dmcalc.errors import FileError, UsageError


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (BatchFiles("in.csv"), None),
        (BatchFiles("-", "-"), None),
        (BatchFiles("in.csv", "out.csv", "rejects.csv"), None),
        (BatchFiles("in.csv", "-", "-"), "the rejects need a file"),
        (BatchFiles("in.csv", "out.csv", "-"), "the rejects need a file"),
        (BatchFiles("in.csv", "out.csv", "out.csv"), "the rejects need a file"),
        (BatchFiles("in.csv", "in.csv"), "the input would be overwritten"),
        (BatchFiles("in.csv", "out.csv", "in.csv"), "the input would be overwritten"),
        (BatchFiles("in.csv", "-", resume=True), "goes on with a file"),
        (BatchFiles("in.csv", "out.csv", resume=True), None),
    ],
)
def test_no_file_of_a_run_is_in_the_way_of_another(files, problem):
    if problem is None:
        files.check()
    else:
        with pytest.raises(UsageError, match=problem):
            files.check()


@pytest.mark.parametrize(
    ("name", "form"),
    [("-", "csv"), ("a.csv", "csv"), ("a.TSV", "tsv"), ("a.jsonl", "jsonl"), ("a.xlsx", None)],
)
def test_the_form_that_a_name_says(name, form):
    if form is None:
        with pytest.raises(UsageError, match="does not give its format"):
            form_of(name)
    else:
        assert form_of(name) == form


@pytest.mark.parametrize(
    ("name", "form"),
    [
        *(("-", "csv"), ("/dev/stdout", "csv"), ("out", "csv"), ("a.b/out", "csv")),
        *(("out.tsv", "tsv"), ("out.TAB", "tsv"), ("out.ndjson", "jsonl"), ("out.csv", "csv")),
        *(("out.txt", None), ("out.json", None), ("out.parquet", None)),
    ],
)
def test_the_form_that_the_name_of_an_output_says(name, form):
    if form is None:
        with pytest.raises(UsageError, match="no form of rows has the ending"):
            written_form("output", name, "csv")
    else:
        assert written_form("output", name, "csv") == form


@pytest.mark.parametrize(
    ("args", "marks"),
    [
        (("-o", "z.tsv", "--rejects", "no.jsonl"), ("\t", "{")),
        (("-o", "z.tsv", "-f", "csv", "--rejects", "no"), (",", ",")),
        (("-o", "z.jsonl", "--rejects", "no.tsv"), ("{", "\t")),
        (("-o", "z", "--rejects", "no.csv"), (",", ",")),
        (("-o", "z.txt", "-f", "jsonl", "--rejects", "no.ndjson"), ("{", "{")),
    ],
)
def test_names_give_the_forms_of_answers_and_rejects(call, tmp_path, args, marks):
    (tmp_path / "in.csv").write_text("id,weight,ward\n1,70,A\n2,700,B\n")
    words = (*args, "--allow-rejects", "--receipt", "kept.json")
    done = call("batch", "in.csv", "--drug", "prednisone", *words, cwd=tmp_path)
    assert done.code == 0, done.stderr
    names = (args[1], args[-1])
    firsts = [(tmp_path / name).read_text().splitlines()[0] for name in names]
    found = ["{" if text[0] == "{" else "\t" if "\t" in text else "," for text in firsts]
    assert tuple(found) == marks
    again = call("replay", "kept.json", "--field", "same", cwd=tmp_path)
    assert (again.code, again.stdout) == (0, "true\n"), again.stderr
    back = call("batch", names[1], *("--input-format", "csv") * (names[1] == "no"), cwd=tmp_path)
    assert (back.code, "a weight of 700 kg" in back.stderr) == (4, True), back.stderr


@pytest.mark.parametrize("args", [("-o", "z.txt"), ("-o", "z.parquet"), ("--rejects", "no.xlsx")])
def test_an_ending_of_no_form_ends_the_run(call, tmp_path, args):
    (tmp_path / "in.csv").write_text("id,weight\n1,70\n")
    done = call("batch", "in.csv", "--drug", "prednisone", *args, cwd=tmp_path)
    assert (done.code, done.stdout) == (2, "")
    assert f"{args[0].replace('-o', '--output')} {args[1]}: no form of rows" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_how_far_a_run_came_is_for_its_owner_alone_and_for_the_same_run(tmp_path):
    name = str(tmp_path / "out.csv")
    note = Checkpoint(name, {"drug": "ivig"})
    assert not note.noted
    with pytest.raises(FileError, match="no run to continue"):
        note.read()
    note.note(rows=3)
    assert note.noted
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = Checkpoint(name, {"drug": "ivig"})
    assert again.read()["rows"] == 3
    assert again.noted
    with pytest.raises(FileError, match="had other options"):
        Checkpoint(name, {"drug": "prednisone"}).read()
    file.write_text(file.read_text("utf-8").replace('"rows": 3', '"rows": 4'), "utf-8")
    with pytest.raises(FileError, match="cannot be read"):
        Checkpoint(name, {"drug": "ivig"}).read()
    note.remove()
    assert not any(tmp_path.iterdir())


def test_a_run_goes_on_in_whatever_order_its_conditions_are(tmp_path):
    name = str(tmp_path / "out.csv")
    Checkpoint(name, {"drug": "ivig", "check": True}).note(rows=3)
    assert Checkpoint(name, {"check": True, "drug": "ivig"}).read()["rows"] == 3


@pytest.mark.parametrize(("length", "readable"), [(1_000_000, True), (1_000_001, False)])
def test_a_note_is_no_longer_than_a_million_bytes(tmp_path, length, readable):
    name = str(tmp_path / "out.csv")
    Checkpoint(name, {}).note(rows=3)
    (file,) = tmp_path.iterdir()
    text = file.read_text("utf-8").removesuffix("}")
    file.write_text(text.ljust(length - 1) + "}", "utf-8")
    if readable:
        assert Checkpoint(name, {}).read()["rows"] == 3
    else:
        with pytest.raises(FileError, match="cannot be read"):
            Checkpoint(name, {}).read()


def test_counts_of_a_note_are_counts():
    whole = {"rows": 3, "answered": 2, "rejected": 1, "others": {"Patient": 1}}
    counts = BatchCounts.read(whole)
    assert (counts.rows, counts.blank, counts.written, counts.refused) == (3, 0, 0, 0)
    assert counts.sentence() == "3 rows in = 2 answered + 1 rejected; 0 rows out"
    counts.blank = 1
    assert counts.sentence() == "3 rows in = 2 answered + 1 rejected + 1 blank; 0 rows out"
    assert counts.sentences(fhir=True) == [
        "3 orders in = 2 answered + 1 rejected; 0 lines out",
        "1 lines are not orders: Patient",
    ]
    for name, value in (
        *(("rows", -1), ("rows", "3"), ("rows", 3.0), ("rows", True), ("rows", None)),
        *(("others", []), ("others", {"Patient": -1}), ("others", {"Patient": 1, "Group": "2"})),
    ):
        with pytest.raises(ValueError, match=f"{name} is not a count"):
            BatchCounts.read(whole | {name: value})
    assert BatchCounts.read({"rows": 0, "others": {}}).rows == 0
    with pytest.raises(TypeError):
        BatchCounts.read([])


class Bar:
    """Takes what a bar is to show."""

    def __init__(self, *columns, **options):
        self.calls, self.is_started, self.live, self.options = [], False, self, options

    def add_task(self, text, **fields):
        self.calls.append(fields)

    def update(self, task, **fields):
        self.calls.append(fields)

    def start(self):
        self.is_started = True

    def stop(self):
        self.calls.append("stopped")


@pytest.mark.parametrize(("size", "read"), [(100, 40), (None, None)])
def test_a_bar_tells_rows_and_rate_and_begins_after_a_second(monkeypatch, size, read):
    bars = []
    monkeypatch.setattr(progress, "Progress", lambda *a, **b: bars.append(Bar(*a, **b)) or bars[0])
    monkeypatch.setattr(progress, "STEP", 2)
    # at the start; of two rows for the rate and whether it is worth a bar; of four; of six
    times = iter([0.75, 1.25, 1.5, 1.75, 1.75, 2.75, 2.75])
    monkeypatch.setattr(progress, "monotonic", lambda: next(times))
    started = []
    for row in progress.barred(iter("abcdefg"), size, lambda: 40, done=10):
        started.append((row, bars[0].is_started))
    options = bars[0].options  # it goes to stderr, and leaves nothing behind
    assert (options["console"].stderr, options["transient"]) == (True, True)
    assert started == [*((row, False) for row in "abcde"), ("f", True), ("g", True)]
    assert bars[0].calls == [
        {"total": size, "rows": 10, "rate": 0},
        {"completed": read, "rows": 12, "rate": 4},
        {"completed": read, "rows": 14, "rate": 4},
        {"completed": read, "rows": 16, "rate": 3},
        "stopped",
    ]


@pytest.mark.parametrize("rejects", [None, "rejects.csv"])
def test_of_a_run_that_ended_well_there_is_nothing_to_continue(tmp_path, rejects):
    out = tmp_path / "out.csv"
    writer = BatchWriter(BatchFiles("in.csv", str(out), rejects and str(tmp_path / rejects)), {})
    writer.begin("drug\n", "drug\n", resume=False)
    assert not out.exists()
    writer.note(SimpleNamespace(read=hashlib.sha256()))
    writer.finish()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["out.csv", *filter(None, [rejects])]


def test_who_waits_hears_of_each_row_without_an_answer_and_others_read_the_file(tmp_path):
    rejects = tmp_path / "rejects.csv"
    writer = BatchWriter(BatchFiles("-", str(tmp_path / "out.csv"), str(rejects)), {})
    writer.begin("drug\n", "line\n", resume=False)
    writer.rejected(Record(2, ()), "too heavy", "2\n")
    assert writer.hand_over() == []
    writer.rejected(Record(3, ()), "too light", "3\n")
    assert (tmp_path / ".rejects.csv.dmcalc-draft").read_text("utf-8") == "line\n2\n3\n"
    assert writer.hand_over() == ["dmcalc: line 3: too light"]
    writer.drop()


def test_of_what_is_written_straight_through_there_is_nothing_to_continue():
    writer = BatchWriter(BatchFiles("in.csv", "/dev/null"), {})
    writer.begin("drug\n", "", resume=False)
    writer.note(SimpleNamespace(read=hashlib.sha256()))
    assert not writer._progress.noted
    writer.finish()


def test_an_input_that_is_not_there_is_named_by_the_first_of_its_figures(tmp_path):
    (tmp_path / "other.csv").write_text("weight\n70\n")
    digest = hashlib.sha256(b"weight\n80\n").hexdigest()
    with pytest.raises(FileError, match=rf"SHA-256 {digest[:12]}\.\.\. is in {tmp_path}$"):
        find_source(digest, [tmp_path])
    (tmp_path / "this.csv").write_text("weight\n80\n")
    assert find_source(digest, [tmp_path]).name == "this.csv"
