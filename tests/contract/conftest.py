"""Receipts as commands write them, and the drug table with something changed."""

from __future__ import annotations

import pytest


@pytest.fixture
def kept(call, tmp_path):
    """Run a command with ``--receipt``, and return the file."""

    def keep(*args, code=0):
        file = tmp_path / "receipt.json"
        done = call(*args, "--receipt", str(file))
        assert done.code == code, done.stderr
        return file

    return keep


@pytest.fixture
def changed(bundled, tmp_path):
    """Write the table with texts replaced wherever they stand."""

    def write(*changes):
        text = bundled.read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        file = tmp_path / "changed.yaml"
        file.write_text(text, encoding="utf-8")
        return str(file)

    return write
