from __future__ import annotations

import pytest

from dmcalc import table
from dmcalc.errors import FileError, TableError
from dmcalc.table import strict_yaml
from tests.table.editing import TEXT, edited, line_of, load, refusal

UTF_16 = TEXT.encode("utf-16")

# What is wrong with a whole file: its bytes, the line, what the error says.
FILES = {
    "empty": (b"", None, "the file is empty"),
    "only blanks": (b" \n\n", None, "the file is empty"),
    "only comments": (b"# a table\n# of drugs\n", None, "holds no value"),
    "only a document mark": (b"---\n", None, "without a value"),
    "binary": (bytes(range(256)), 2, "not text in UTF-8"),
    "an image": (b"\x89PNG\r\n\x1a\n" + bytes(64), 1, "not text in UTF-8"),
    "UTF-16": (UTF_16, 1, "not text in UTF-8"),
    "Latin-1": ("a: b\nc: é\n".encode("latin-1"), 2, "not text in UTF-8 (byte 8)"),
    "half a character": ("a: b\nc: é".encode()[:-1], 2, "not text in UTF-8"),
    "a NUL byte": (b"a: b\nc: d\0\n", 2, "a NUL byte"),
    "a tab": (b"a:\n  b: c\n\td: e\n", 3, "a tab: indent with spaces"),
    "a tab in a comment": (b"a: b #\tc\n", 1, "a tab"),
    "an escape character": (b"a: b\nc: \x1b[31m\n", None, "not readable as YAML"),
    "brackets left open": (b"a: [1, 2\nb: 3\n", 2, "(what was open began on line 1)"),
    "a quote left open": (b'a: "b\nc: d\n', None, "not readable as YAML"),
    "wrong indentation": (b"a: b\n  c: d\n", 2, "not readable as YAML"),
    "an alias": (b"a: b\nc: *x\n", 2, "an alias (*x)"),
    "an anchor": (b"a: b\nc: &x d\n", 2, "an anchor (&x)"),
    "an anchor on a mapping": (b"a: &x\n  b: c\n", 1, "an anchor (&x)"),
    "a merge key": (b"a: b\n<<: c\n", 2, "read as merge"),
    "a tag": (b"a: b\nc: !x d\n", 2, "a tag (!x)"),
    "a tag of YAML": (b"a: !!str 1\n", 1, "a tag (tag:yaml.org,2002:str)"),
    "a Python object": (
        b"a: b\nc: !!python/object/apply:os.system [true]\n",
        2,
        "a tag (tag:yaml.org,2002:python/object/apply:os.system)",
    ),
    "a Python name": (b"a: !!python/name:os.system\n", 1, "a tag"),
    "two documents": (b"a: b\n---\nc: d\n", 2, "a second document"),
    "a duplicate key": (b"a: b\nc: d\na: e\n", 3, "the key 'a' is there twice, first on line 1"),
    "a duplicate key deep down": (
        b"a:\n  b:\n    - c: 1\n      d: 2\n      c: 3\n",
        5,
        "the key 'c' is there twice, first on line 3",
    ),
    "a number as a key": (b"a: b\n1: c\n", 2, "a key that is not text"),
    "a list as a key": (b"[a]: b\n", 1, "a key that is not text"),
    "true as a key": (b"true: b\n", 1, "a key that is not text"),
}

# Plain words that YAML reads as something other than what stands there.
PLAIN = {
    "no": "bool",
    "No": "bool",
    "yes": "bool",
    "on": "bool",
    "Off": "bool",
    "True": "bool",
    "FALSE": "bool",
    "1:30": "int",
    "190:20:30": "int",
    "012": "int",
    "0x1F": "int",
    "0b101": "int",
    "1_000": "int",
    "+1": "int",
    "-1": "int",
    "1234567890": "int",
    "1.5": "float",
    "1.": "float",
    ".inf": "float",
    ".NaN": "float",
    "1:30.5": "float",
    "~": "null",
    "null": "null",
    "Null": "null",
    "2026-11-22T10:00:00Z": "timestamp",
    "=": "value",
}

KEPT = {
    "70": 70,
    "0": 0,
    "true": True,
    "false": False,
    '"no"': "no",
    "'1.5'": "1.5",
    '"012"': "012",
    '"~"': "~",
    "2026-11-22": "2026-11-22",
    "0.75-1 mg/kg/day": "0.75-1 mg/kg/day",
    "1-2-3": "1-2-3",
    "none": "none",
    "n": "n",
    "[1, a]": (1, "a"),
    "{a: 1}": {"a": 1},
    ">-\n  two\n  lines": "two lines",
}


def parse(text: str) -> object:
    return strict_yaml.parse(text.encode(), "x.yaml").data


@pytest.mark.parametrize(("content", "line", "says"), FILES.values(), ids=FILES)
def test_file_is_refused_with_its_line(tmp_path, content, line, says):
    message = refusal(tmp_path, content)
    assert message.startswith("table.yaml:" if line is None else f"table.yaml:{line}: ")
    assert says in message
    assert len(message.splitlines()) == 1


@pytest.mark.parametrize(("word", "kind"), PLAIN.items())
def test_plain_word_with_another_meaning_is_refused(tmp_path, word, kind):
    message = refusal(tmp_path, edited(("name: Prednisone\n", f"name: {word}\n")))
    line = line_of(TEXT, "name: Prednisone")
    assert message.startswith(f"table.yaml:{line}: {word!r} would be read as {kind}: ")
    hint = "write true or false" if kind == "bool" else "put it in quotes if it is text"
    assert message.endswith(hint)


def test_key_without_a_value_is_refused(tmp_path):
    message = refusal(tmp_path, edited(("name: Prednisone\n", "name:\n")))
    assert message == f"table.yaml:{line_of(TEXT, 'name: Prednisone')}: a key without a value"


@pytest.mark.parametrize(("written", "value"), KEPT.items())
def test_what_is_what_it_looks_like_is_kept(written, value):
    assert parse(f"a: {written}\n") == {"a": value}
    assert type(parse(f"a: {written}\n")["a"]) is type(value)


def test_quoted_word_is_text(tmp_path):
    assert load(tmp_path, edited(("name: Prednisone\n", 'name: "no"\n'))).drugs["prednisone"].name


@pytest.mark.parametrize(
    "content",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "a: " + "[" * 100_000 + "]" * 100_000,
        "- " * 100_000 + "x",
        "".join(f"{' ' * level}a:\n" for level in range(1_000)),
        "? " * 100_000 + "x",
    ],
    ids=["open lists", "open mappings", "closed lists", "list marks", "indented", "keys"],
)
def test_deep_nesting_is_refused(tmp_path, content):
    assert "nested more than 20 levels deep" in refusal(tmp_path, content)


def test_twenty_levels_and_a_text_of_20_000_letters_are_read_and_no_more(tmp_path):
    assert parse("[" * 20 + "a" + "]" * 20)
    assert "more than 20 levels" in refusal(tmp_path, "[" * 21 + "a" + "]" * 21)
    assert parse(f"a: {'x' * 20_000}") == {"a": "x" * 20_000}
    assert "more than 20,000 letters" in refusal(tmp_path, f"a: {'x' * 20_001}")


def test_of_a_text_with_a_sign_that_cannot_be_printed_forty_letters_are_shown(tmp_path):
    said = refusal(tmp_path, f"a: {'x' * 39}\u200byz")
    assert said.rpartition(" in ")[2].rstrip() == f"'{'x' * 39}\\u200b'"


def test_a_file_has_no_more_values_than_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(strict_yaml, "MAX_VALUES", 6)  # the whole, a key, its list, and three
    assert parse("a: [1, 2, 3]") == {"a": (1, 2, 3)}
    assert "more than 6 values" in refusal(tmp_path, "a: [1, 2, 3, 4]")


def test_depth_of_a_table_is_far_from_the_limit():
    def depth(value: object) -> int:
        items = value.values() if isinstance(value, dict) else value
        return 1 + max(map(depth, items), default=0) if isinstance(value, (dict, tuple)) else 0

    assert depth(parse(TEXT)) <= strict_yaml.MAX_DEPTH - 10


def test_billion_laughs_are_refused_at_the_first_anchor(tmp_path):
    lines = ["a: &a [x, x]", *(f"{b}: &{b} [*{a}, *{a}]" for a, b in zip("abcd", "bcde", strict=1))]
    assert refusal(tmp_path, "\n".join(lines)) == (
        "table.yaml:1: an anchor (&a): write each value out"
    )


@pytest.mark.parametrize("size", [5_000_001, 200_000_000])
def test_file_over_5_mb_is_refused_unread(tmp_path, size):
    path = tmp_path / "table.yaml"
    with path.open("wb") as file:
        file.truncate(size)  # a hole: no space is used
    with pytest.raises(TableError, match="larger than 5 MB, which no table file is"):
        table.read_checked(str(path))


def test_file_of_5_mb_is_read():
    padding = b"\n#" + b"x" * (5_000_000 - len(TEXT.encode()) - 3) + b"\n"
    content = TEXT.encode() + padding
    assert len(content) == strict_yaml.MAX_BYTES
    assert strict_yaml.parse(content, "x.yaml").data["version"]


def test_missing_file_is_named(tmp_path):
    missing = str(tmp_path / "missing.yaml")
    with pytest.raises(FileError, match="No such file or directory") as caught:
        table.read_checked(missing)
    assert missing in caught.value.message
    assert "--table" in caught.value.hint


@pytest.mark.parametrize("name", ["", "."])
def test_directory_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileError, match="directory"):
        table.read_checked(name)


def test_impossible_file_name_is_refused():
    with pytest.raises((FileError, TableError)):
        table.read_checked("a\0b")


def test_lines_are_those_of_the_keys():
    document = strict_yaml.parse(b"a:\n  b:\n  - c\n  - d: e\nf: g\n", "x.yaml")
    assert document.line(("a", "b")) == 2
    assert document.line(("a", "b", 0)) == 3
    assert document.line(("a", "b", 1, "d")) == 4
    assert document.line(("f",)) == 5


def test_line_of_what_is_absent_is_that_of_what_holds_it():
    document = strict_yaml.parse(b"a:\n  b:\n    c: d\n", "x.yaml")
    assert document.line(("a", "b", "z", 3)) == 2
    assert document.line(("z",)) == 1


@pytest.mark.parametrize("prefix", ["\ufeff", "---\n", "%YAML 1.1\n---\n"])
def test_table_may_begin_as_yaml_files_do(tmp_path, prefix):
    assert load(tmp_path, prefix + TEXT).version


def test_windows_line_ends_change_nothing(tmp_path):
    assert load(tmp_path, TEXT.replace("\n", "\r\n")) == load(tmp_path, TEXT)
