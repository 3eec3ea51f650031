"""The limits of what is read as a receipt, on both of their sides."""

from __future__ import annotations

import pytest

from dmcalc.audit import receipt_file
from dmcalc.errors import FileError

#: What a receipt that can be read, and is none, is refused for.
NONE = "the key 'schema' is missing"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"{}".ljust(10_000_000), NONE),
        (b"{}".ljust(10_000_001), "it is larger than 10 MB"),
        (b'{"a": %s}' % b"1".ljust(60, b"0"), NONE),
        (b'{"a": %s}' % b"1".ljust(61, b"0"), f"1{'0' * 19} is not a number that a receipt holds"),
        (b'{"a": -1.5}', NONE),
        (b'{"a": -1234567890.5}', NONE),  # each sign that a number can have
        (b'{"a": 1e5}', "1e5 is not a number that a receipt holds"),
        (b'{"a": NaN}', "NaN is not a number that a receipt holds"),
        (b'{"a":' * 19 + b"1" + b"}" * 19, NONE),
        (b'{"a":' * 20 + b"1" + b"}" * 20, "it is nested too deeply"),
        (b'{"a":' + b"[" * 18 + b"1" + b"]" * 18 + b"}", NONE),
        (b'{"a":' + b"[" * 19 + b"1" + b"]" * 19 + b"}", "it is nested too deeply"),
        (b'{"a": "\xff"}', "it is not UTF-8 at byte 8"),
        (b'{\n"a" 1}', "line 2, column 5: "),
        (b'{"b": 1, "a": 1, "a": 1}', "the key 'a' is there twice"),
        (b"[]", "it is not a JSON object"),
    ],
)
def test_what_is_read_as_a_receipt(content, fault, tmp_path):
    path = tmp_path / "receipt.json"
    path.write_bytes(content)
    with pytest.raises(FileError) as refused:
        receipt_file.read(str(path))
    shown = refused.value.message.partition("is not a receipt as it was written: ")[2]
    assert shown.startswith(fault)
    assert refused.value.message.startswith(str(path))
